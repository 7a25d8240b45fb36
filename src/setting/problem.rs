//! What is wrong with the settings.

use std::fmt;

/// A value that the settings must not have: where it stands and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path of keys, such as `calendar.teams.EMEA.time_zone`; empty for the whole.
    pub key: String,
    /// What is wrong, and what to do: lower case, no full stop.
    pub text: String,
}

impl Problem {
    /// A problem at `key`.
    pub fn new(key: impl Into<String>, text: impl Into<String>) -> Problem {
        Problem { key: key.into(), text: text.into() }
    }

    /// The same problem, seen from the settings that hold this part under `parent` (a key, or `[i]` in a list).
    #[must_use]
    pub fn under(self, parent: &str) -> Problem {
        let key = match (parent.is_empty(), self.key.is_empty()) {
            (true, _) => self.key,
            (_, true) => parent.to_owned(),
            _ if self.key.starts_with('[') => format!("{parent}{}", self.key),
            _ => format!("{parent}.{}", self.key),
        };
        Problem { key, text: self.text }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => f.write_str(&self.text),
            key => write!(f, "{key}: {}", self.text),
        }
    }
}

impl std::error::Error for Problem {}
