//! What is wrong with a web file.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::setting::Problem;

/// A web file that cannot be used: every problem that could be found, a line each.
///
/// Keys, hashes and passwords are never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebFileError {
    file: PathBuf,
    problems: Vec<Problem>,
}

impl WebFileError {
    pub(super) fn new(file: &Path, problems: Vec<Problem>) -> WebFileError {
        WebFileError { file: file.to_owned(), problems }
    }
}

impl fmt::Display for WebFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        let lines: Vec<String> = self.problems.iter().map(|problem| format!("{file}: {problem}")).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for WebFileError {}
