//! What has changed in a span of time: the records of a page.
//!
//! A record's changes have instants, and what it says after each follows from that instant alone. So a span brings the
//! record as its last change inside left it, and any cutting of time into spans leaves the same records behind.

use crate::domain::{Gone, Merged, Object, Record, Stamped, Timestamp};

use super::time::utc_day;

/// Collects what has changed after one instant and up to another.
#[derive(Debug)]
pub(super) struct News {
    after: i64,
    until: i64,
    activities_since: i64,
    pub(super) records: Vec<Stamped>,
    pub(super) gone: Vec<Gone>,
    pub(super) merged: Vec<Merged>,
}

impl News {
    /// Of the span from `after`, which is not in it, to `until`, which is; of activities, those since `activities_since`.
    pub(super) fn new(after: i64, until: i64, activities_since: i64) -> News {
        News { after, until, activities_since, records: Vec::new(), gone: Vec::new(), merged: Vec::new() }
    }

    /// Activities from this instant on are wanted.
    pub(super) fn activities_since(&self) -> i64 {
        self.activities_since
    }

    /// Whether an instant lies in the span.
    pub(super) fn tells(&self, at: i64) -> bool {
        self.after < at && at <= self.until
    }

    /// The UTC days of the span, so many more in front and behind.
    pub(super) fn days(&self, before: i64, behind: i64) -> (i64, i64) {
        (utc_day(self.after) - before, utc_day(self.until) + behind)
    }

    /// Whether something that happens between two instants can be told here.
    pub(super) fn overlaps(&self, first: i64, last: i64) -> bool {
        first <= self.until && self.after < last
    }

    /// Tells a record that changes at `stamps`, if it does so in the span. `record` makes it as a change left it.
    pub(super) fn tell(
        &mut self,
        id: String,
        stamps: impl IntoIterator<Item = i64>,
        record: impl FnOnce(i64) -> Record<String>,
    ) {
        let last = stamps.into_iter().filter(|at| self.tells(*at)).max();
        if let Some(stamp) = last {
            self.records.push(Stamped { id, version: Timestamp(stamp), record: record(stamp) });
        }
    }

    /// Tells that a record was deleted.
    pub(super) fn gone(&mut self, object: Object, id: &str, at: i64) {
        if self.tells(at) {
            self.gone.push(Gone { object, id: id.to_owned(), at: Timestamp(at) });
        }
    }

    /// Tells that a record was merged into another.
    pub(super) fn merged(&mut self, object: Object, id: &str, into: &str, at: i64) {
        if self.tells(at) {
            self.merged.push(Merged { object, id: id.to_owned(), into: into.to_owned(), at: Timestamp(at) });
        }
    }
}
