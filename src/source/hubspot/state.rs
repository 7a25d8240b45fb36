//! What a stream has to remember between two pages: its cursor.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::recent::Recent;
use crate::domain::{Cursor, Timestamp};
use crate::source::SourceError;

/// The form in which cursors are written; part of every fingerprint.
pub(super) const FORM: u32 = 1;

/// Where a stream of records stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// Everything that was changed before is held; in milliseconds since 1970, as are all instants here.
    pub(super) watermark: Option<i64>,
    /// The listing of all records that is under way.
    pub(super) listing: Option<Listing>,
    /// The window of changes that is being read.
    pub(super) window: Option<Window>,
    /// Changes that the next window will show again.
    #[serde(default)]
    pub(super) known: Recent,
    /// What was asked for besides the records.
    pub(super) besides: Option<Besides>,
}

/// A listing of all records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listing {
    /// When it began.
    pub(super) began: i64,
    /// Where it goes on.
    pub(super) after: String,
}

/// A window of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Window {
    /// First instant inside.
    pub(super) from: i64,
    /// Last instant inside.
    pub(super) to: i64,
    /// Records up to this id have been read.
    pub(super) behind: u64,
}

/// What has to be known besides the records of a stream. It is asked for once a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Besides {
    /// When it was asked for.
    pub(super) at: i64,
    /// The currency that HubSpot converts amounts to.
    pub(super) home_currency: Option<String>,
    /// Names of the account's own call results, by their ids.
    #[serde(default)]
    pub(super) dispositions: BTreeMap<String, String>,
    /// Kinds of link that we may not read.
    #[serde(default)]
    pub(super) untold: BTreeSet<String>,
}

impl State {
    /// The window of changes to read now; none if there is nothing to read yet.
    pub(super) fn window(&self, now: Timestamp, settle: i64, overlap: i64) -> Option<Window> {
        if self.window.is_some() {
            return self.window.clone();
        }
        let watermark = self.watermark?;
        let to = now.plus_millis(settle.saturating_neg()).0;
        (to > watermark).then(|| Window { from: watermark.saturating_sub(overlap), to, behind: 0 })
    }

    /// Notes that all changes up to `to` are held. The next window begins `overlap` earlier.
    pub(super) fn close(&mut self, to: i64, overlap: i64) {
        self.window = None;
        self.watermark = Some(to);
        self.known.forget_before(to.saturating_sub(overlap));
    }
}

/// The state that a cursor holds. One that cannot be read stands for the beginning: all is listed once more.
pub(super) fn read<S: DeserializeOwned + Default>(cursor: Option<&Cursor>) -> S {
    cursor.and_then(|cursor| serde_json::from_str(&cursor.0).ok()).unwrap_or_default()
}

/// A state as a cursor.
pub(super) fn write(state: &impl Serialize) -> Result<Cursor, SourceError> {
    serde_json::to_string(state)
        .map(Cursor)
        .map_err(|error| SourceError::Malformed { what: "the place in a stream".to_owned(), cause: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn states_come_back_from_cursors() {
        let state = State {
            watermark: Some(-5),
            listing: Some(Listing { began: 5, after: "9001".into() }),
            window: Some(Window { from: 1, to: 2, behind: u64::MAX }),
            known: serde_json::from_str(r#""7:3""#).unwrap(),
            besides: Some(Besides { at: 4, home_currency: Some("EUR".into()), ..Besides::default() }),
        };
        assert_eq!(read::<State>(Some(&write(&state).unwrap())), state);
        assert_eq!(read::<State>(Some(&Cursor("of another kind".into()))), State::default());
        assert_eq!(read::<State>(None), State::default());
    }

    #[test]
    fn a_window_reaches_back_and_leaves_out_what_is_too_young() {
        let mut state = State { watermark: Some(100 * MINUTE), ..State::default() };
        assert_eq!(state.window(Timestamp(101 * MINUTE), MINUTE, 10 * MINUTE), None);
        let window = state.window(Timestamp(103 * MINUTE), MINUTE, 10 * MINUTE).unwrap();
        assert_eq!(window, Window { from: 90 * MINUTE, to: 102 * MINUTE, behind: 0 });
        // Once begun, its end is fixed.
        state.window = Some(Window { behind: 7, ..window.clone() });
        assert_eq!(state.window(Timestamp(200 * MINUTE), MINUTE, 0), Some(Window { behind: 7, ..window }));
        assert_eq!(State::default().window(Timestamp(200 * MINUTE), MINUTE, 0), None);
    }

    #[test]
    fn windows_that_follow_each_other_leave_no_gap_with_clocks_ten_minutes_apart() {
        // Our clock is ten minutes ahead of the CRM's; a change is found a minute after it was made.
        let (ahead, lag, settle, overlap) = (10 * MINUTE, MINUTE, MINUTE, 10 * MINUTE);
        for changed in (0..120).map(|half| half * MINUTE / 2) {
            let mut state = State { watermark: Some(-20 * MINUTE), ..State::default() };
            let found = (0..100).map(|poll| poll * MINUTE).any(|at| {
                let window = state.window(Timestamp(at + ahead), settle, overlap).unwrap();
                state.close(window.to, overlap);
                at >= changed + lag && (window.from..=window.to).contains(&changed)
            });
            assert!(found, "a change at {changed}");
        }
    }

    #[test]
    fn what_the_next_window_shows_again_stays_known() {
        let mut state = State::default();
        assert!(!state.known.is_known("1", Timestamp(6)) && !state.known.is_known("2", Timestamp(5)));
        state.close(10, 4);
        assert_eq!(state.watermark, Some(10));
        assert!(state.known.is_known("1", Timestamp(6)) && !state.known.is_known("2", Timestamp(5)));
    }
}
