//! Where the stream stands: the day that its stories are told from, and the instant up to which it has been told.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{Cursor, Timestamp};
use crate::source::SourceError;

/// The form in which cursors are written; part of the fingerprint.
pub(super) const FORM: u32 = 1;

/// What a cursor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The anchor, kept so that a running floor does not shift from day to day.
    pub(super) anchor: NaiveDate,
    /// Milliseconds since 1970.
    pub(super) told_until: i64,
}

impl State {
    pub(super) fn read(cursor: &Cursor) -> Result<State, SourceError> {
        serde_json::from_str(&cursor.0).map_err(|error| SourceError::Misconfigured {
            what: format!("the cursor of the demo cannot be read ({error}): begin with a new store"),
        })
    }

    pub(super) fn write(self) -> Cursor {
        // Two numbers and a date, which need no escaping.
        Cursor(format!(r#"{{"anchor":"{}","told_until":{}}}"#, self.anchor, self.told_until))
    }

    pub(super) fn at(anchor: NaiveDate, told_until: Timestamp) -> State {
        State { anchor, told_until: told_until.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let state = State::at("2025-11-18".parse().unwrap(), Timestamp(1_763_478_000_123));
        assert_eq!(State::read(&state.write()).unwrap(), state);
        assert!(State::read(&Cursor("17".to_owned())).is_err());
    }
}
