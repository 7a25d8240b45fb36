//! What is told when the settings cannot be used.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use crate::setting::Problem;

/// All that is wrong with the settings, a line each: where it was written, the key, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Failure {
    lines: Vec<String>,
}

impl Failure {
    /// A failure that has nothing to do with a single key.
    pub(super) fn whole(place: impl fmt::Display, problem: impl fmt::Display) -> Failure {
        Failure { lines: vec![format!("{place}: {problem}")] }
    }

    /// `problems` with the place of each: that of the override that set the key, else `file`.
    pub(super) fn located(file: &Path, places: &HashMap<String, String>, problems: Vec<Problem>) -> Failure {
        let file = file.display().to_string();
        let line = |problem: Problem| {
            let place = places.get(&problem.key).unwrap_or(&file);
            format!("{place}: {problem}")
        };
        Failure { lines: problems.into_iter().map(line).collect() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines.join("\n"))
    }
}
