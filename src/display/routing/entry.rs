//! Entries of Alertmanager's lists with the reason for each above it, since whoever merges them into a file has to judge them.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::display::yaml;

/// An entry of a list: of routes, receivers, time intervals.
pub(super) struct Entry {
    /// The comment above it; none if empty. Lines as they are to stand.
    pub(super) why: String,
    /// Its own keys.
    pub(super) keys: Map<String, Value>,
    /// Entries of its key `routes`; a key only where there are some.
    pub(super) routes: Vec<Entry>,
}

impl Entry {
    /// An entry without routes below. Anything but an object has no keys.
    pub(super) fn new(why: impl Into<String>, value: Value) -> Entry {
        let keys = match value {
            Value::Object(keys) => keys,
            _ => Map::new(),
        };
        Entry { why: why.into(), keys, routes: Vec::new() }
    }
}

/// The lines of a list that stands below a key which is indented by `depth` blanks.
pub(super) fn list(entries: &[Entry], depth: usize) -> String {
    let mut text = String::new();
    for entry in entries {
        text += &indented(&comment(&entry.why), depth + 2);
        text += &indented(&yaml(&Value::from(vec![Value::Object(entry.keys.clone())])), depth + 2);
        if !entry.routes.is_empty() {
            let _ = writeln!(text, "{:1$}routes:", "", depth + 4);
            text += &list(&entry.routes, depth + 4);
        }
    }
    text
}

/// Text as comment lines; nothing of no text.
pub(super) fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect()
}

fn indented(text: &str, depth: usize) -> String {
    let indent = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("{:depth$}{line}\n", "") };
    text.lines().map(indent).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reasons_stand_above_their_entries() {
        let mut outer = Entry::new("Ours.", json!({"receiver": "leaders"}));
        outer.routes = vec![
            Entry::new("Good news:\nat once.", json!({"receiver": "floor", "matchers": ["a=\"b\""]})),
            Entry::new("", json!({"receiver": "ops"})),
        ];
        let expected = "  # Ours.
  - receiver: leaders
    routes:
      # Good news:
      # at once.
      - receiver: floor
        matchers:
          - 'a=\"b\"'
      - receiver: ops
";
        assert_eq!(list(&[outer], 0), expected);
    }
}
