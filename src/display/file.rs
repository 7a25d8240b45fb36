//! A file that is rendered.

use serde_json::Value;

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it goes, below the directory that is rendered into: `grafana/dashboards/wall/crm-today.json`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl File {
    /// A file of JSON.
    pub fn json(path: impl Into<String>, value: &Value) -> File {
        File { path: path.into(), text: format!("{value:#}\n") }
    }

    /// A file of YAML that begins with `comment`, of which every line gets its `#`.
    pub fn yaml(path: impl Into<String>, comment: &str, value: &Value) -> File {
        let comment: String = comment.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect();
        File { path: path.into(), text: format!("{comment}\n{}", super::yaml(value)) }
    }
}
