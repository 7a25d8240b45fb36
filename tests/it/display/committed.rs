//! The files of the repository are those that the program writes: `UPDATE_EXPECTED=1 cargo test --test it display` writes
//! them anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::files;
use crate::program;

/// Directories in which every file is rendered.
const RENDERED: [&str; 2] = ["grafana", "deploy/prometheus"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The paths of the files below a directory, from the root of the repository.
fn below(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => below(&path, found),
            false => {
                found.insert(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
}

#[test]
fn the_files_of_the_repository_are_those_that_are_rendered() {
    let files = files();
    for file in &files {
        let path = root().join(&file.path);
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &file.text).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(there == file.text, "{} is not what the program renders; see the top of this test", file.path);
    }
    let mut found = BTreeSet::new();
    RENDERED.iter().for_each(|directory| below(&root().join(directory), &mut found));
    let rendered: BTreeSet<String> = files.iter().map(|file| file.path.clone()).collect();
    let left: Vec<&String> = found.difference(&rendered).collect();
    assert!(left.is_empty(), "nothing renders {left:?} any more");
}

#[test]
fn the_command_writes_the_same_files() {
    let directory = tempfile::tempdir().unwrap();
    let render = || {
        let mut command = program();
        let arguments = ["grafana", "render", "--defaults", "--output", "."];
        let output = command.args(arguments).current_dir(directory.path()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{stderr}");
        stderr
    };
    let count = files().len();
    assert_eq!(render(), format!("{count} files in ., {count} of them written\n"));
    assert_eq!(render(), format!("{count} files in ., 0 of them written\n"), "what is the same stays untouched");
    for file in files() {
        assert_eq!(fs::read_to_string(directory.path().join(&file.path)).unwrap(), file.text, "{}", file.path);
    }
}

#[test]
fn what_the_settings_let_boards_miss_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let settings = "metrics: {disable: [crm_win_ratio], windows: {leads: [week, month, quarter]}}\n";
    fs::write(directory.path().join("crm_exporter.yaml"), settings).unwrap();
    let mut command = program();
    let output = command.args(["grafana", "render", "--output", "."]).current_dir(directory.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    let warnings: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("warning: ")).collect();
    assert!(
        warnings.contains(
            &"crm_win_ratio is left out by metrics.disable: missed by crm-benchmarks, crm-executive, crm-manager"
        ),
        "{said}"
    );
    let of_leads = "metrics.windows.leads has no 28d, which crm_leads_by_source is asked for: missed by crm-leads";
    assert!(warnings.contains(&of_leads), "{said}");
    assert!(
        warnings.contains(&"no goal is `primary: true`: boards for the wall show pace and leaders of none"),
        "{said}"
    );
}
