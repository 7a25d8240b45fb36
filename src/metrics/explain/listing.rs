//! Lists of records that stay short, however many records there are.

use crate::domain::{Object, Timestamp};

/// A record that adds to a figure, or does not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordLine {
    /// Its kind.
    pub object: Object,
    /// The store's number of it.
    pub record: u32,
    /// When it counts; for what stands now, since when, if known.
    pub at: Option<Timestamp>,
    /// For whom: a slot of the view's people.
    pub slot: u32,
    /// What it adds, in base units.
    pub amount: f64,
}

impl RecordLine {
    /// Newest first, those without an instant last; then by record.
    fn order(&self) -> (std::cmp::Reverse<Option<Timestamp>>, u32) {
        (std::cmp::Reverse(self.at), self.record)
    }
}

/// The newest of some records, and how many there are.
#[derive(Debug, Clone)]
pub struct Listing {
    lines: Vec<RecordLine>,
    limit: usize,
    count: usize,
    oldest: Option<Timestamp>,
}

impl Listing {
    /// No records yet; of those to come, so many of the newest are kept.
    pub fn new(limit: usize) -> Listing {
        Listing { lines: Vec::new(), limit, count: 0, oldest: None }
    }

    /// Takes a record.
    pub fn push(&mut self, line: RecordLine) {
        self.count += 1;
        self.oldest = earlier(self.oldest, line.at);
        self.lines.push(line);
        // Now and then, so that each record costs but a constant time.
        if self.lines.len() > 2 * self.limit.max(64) {
            self.shorten();
        }
    }

    /// Takes all that another list has counted.
    pub(super) fn append(&mut self, other: Listing) {
        self.count += other.count;
        self.oldest = earlier(self.oldest, other.oldest);
        self.lines.extend(other.lines);
        self.shorten();
    }

    /// How many records there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// When the oldest of all records counts, listed or not; none where that is known of no record.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.oldest
    }

    /// The newest records, newest first.
    pub fn lines(&self) -> &[RecordLine] {
        &self.lines
    }

    /// Puts what is listed in order. To be called once all records are taken.
    pub(super) fn finish(mut self) -> Listing {
        self.shorten();
        self
    }

    fn shorten(&mut self) {
        self.lines.sort_unstable_by_key(RecordLine::order);
        self.lines.truncate(self.limit);
    }
}

/// The earlier of two instants, as far as they are known.
fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_all_are_counted() {
        let mut listing = Listing::new(3);
        for at in (0..1000).map(|n| n * 7 % 1000) {
            let at = (at > 0).then_some(Timestamp(at));
            listing.push(RecordLine { object: Object::Deal, record: 1, at, slot: 0, amount: 1.0 });
        }
        let listing = listing.finish();
        assert_eq!(listing.count(), 1000);
        let newest: Vec<_> = listing.lines().iter().map(|line| line.at.map(|at| at.0)).collect();
        assert_eq!(newest, [Some(999), Some(998), Some(997)]);
    }

    #[test]
    fn what_has_no_instant_comes_last() {
        let mut listing = Listing::new(3);
        for (record, at) in [(1, None), (3, Some(5)), (2, Some(5))] {
            let at = at.map(Timestamp);
            listing.push(RecordLine { object: Object::Deal, record, at, slot: 0, amount: 1.0 });
        }
        let records: Vec<u32> = listing.finish().lines().iter().map(|line| line.record).collect();
        assert_eq!(records, [2, 3, 1]);
    }
}
