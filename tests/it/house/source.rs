//! The program's own files, as far as the rules are about them.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub(super) struct Source {
    /// Path below `src/`, such as `calendar/window.rs`.
    pub(super) path: String,
    /// The code, without comments and without what is compiled for tests only.
    pub(super) code: String,
}

impl Source {
    /// The module of the crate that the file belongs to; `main` and `lib` belong to none.
    pub(super) fn module(&self) -> Option<&str> {
        let first = self.path.split('/').next()?;
        let name = first.strip_suffix(".rs").unwrap_or(first);
        (name != "lib" && name != "main").then_some(name)
    }
}

/// All files below `src/`, in order.
pub(super) fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let read = |path: &PathBuf| Source {
        path: path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(),
        code: without_tests(&fs::read_to_string(path).unwrap()),
    };
    paths.iter().map(read).collect()
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            collect(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            paths.push(path);
        }
    }
}

/// `text` without comment lines and without the items under `#[cfg(test)]`. Relies on rustfmt: an item ends with a line
/// that ends in `;` or begins with `}`, indented as it began.
pub(super) fn without_tests(text: &str) -> String {
    let mut code = String::new();
    let mut test_item: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        match test_item {
            Some(at) if indent == at && (content.ends_with(';') || content.starts_with('}')) => test_item = None,
            Some(_) => {}
            None if content == "#[cfg(test)]" => test_item = Some(indent),
            None if content.starts_with("//") => {}
            None => {
                code.push_str(line);
                code.push('\n');
            }
        }
    }
    code
}

#[test]
fn tests_and_comments_are_left_out() {
    let text = "use a;\n// use b;\n#[cfg(test)]\nmod contract;\nuse c;\nimpl X {\n    #[cfg(test)]\n    fn t() {\n        d();\n    }\n\n    fn e() {}\n}\n#[cfg(test)]\nmod tests {\n    use f;\n}\n";
    assert_eq!(without_tests(text), "use a;\nuse c;\nimpl X {\n\n    fn e() {}\n}\n");
}
