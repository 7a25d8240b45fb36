//! Stage history: the changes as they arrive, and in order per deal.

use super::column::{Column, NONE, link};
use crate::calendar::Calendar;
use crate::domain::{Key, StageChange, Timestamp};

/// A deal came into a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    /// When.
    pub at: Timestamp,
    /// Key of the stage.
    pub stage: u32,
    /// Key of the stage it left, or [`NONE`].
    pub from: u32,
}

/// Stage changes by key.
#[derive(Debug, Clone)]
pub(crate) struct History {
    deal: Column<u32>,
    stage: Column<u32>,
    from: Column<u32>,
    at: Column<i64>,
}

impl Default for History {
    fn default() -> Self {
        History { deal: Column::new(NONE), stage: Column::new(NONE), from: Column::new(NONE), at: Column::new(0) }
    }
}

impl History {
    /// Makes room for `count` keys.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.deal.reserve(count);
        self.stage.reserve(count);
        self.from.reserve(count);
        self.at.reserve(count);
    }

    /// Takes a change out.
    pub(crate) fn remove(&mut self, key: Key) {
        if key.index() < self.deal.len() {
            self.deal.set(key.index(), NONE);
        }
    }

    /// Puts a change in, in place of what was there. One without deal, stage or time says nothing.
    pub(crate) fn put(&mut self, key: Key, change: &StageChange<Key>, calendar: &Calendar) {
        let (Some(_), Some(_), Some(at)) = (change.deal, change.stage, change.at) else {
            return self.remove(key);
        };
        self.deal.set(key.index(), link(change.deal));
        self.stage.set(key.index(), link(change.stage));
        self.from.set(key.index(), link(change.from_stage));
        self.at.set(key.index(), calendar.instant(at).0);
    }

    /// The changes per deal, oldest first. A merged deal takes its history with it.
    pub(crate) fn by_deal(&self, deals: usize) -> ByDeal {
        let owners = self.deal.as_slice();
        let mut starts = vec![0_u32; deals + 1];
        for &deal in owners.iter().filter(|deal| (**deal as usize) < deals) {
            starts[deal as usize + 1] += 1;
        }
        for deal in 0..deals {
            starts[deal + 1] += starts[deal];
        }
        let mut next = starts.clone();
        let mut changes = vec![Change { at: Timestamp(0), stage: NONE, from: NONE }; starts[deals] as usize];
        for (key, &deal) in owners.iter().enumerate().filter(|(_, deal)| (**deal as usize) < deals) {
            let place = &mut next[deal as usize];
            changes[*place as usize] =
                Change { at: Timestamp(self.at.get(key)), stage: self.stage.get(key), from: self.from.get(key) };
            *place += 1;
        }
        for deal in 0..deals {
            // Stable: changes of one instant stay in the order of their keys, which is that of their arrival.
            changes[starts[deal] as usize..starts[deal + 1] as usize].sort_by_key(|change| change.at);
        }
        ByDeal { starts, changes }
    }
}

/// Stage changes per deal, oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByDeal {
    starts: Vec<u32>,
    changes: Vec<Change>,
}

impl ByDeal {
    /// The changes of a deal.
    pub(crate) fn of(&self, deal: usize) -> &[Change] {
        match (self.starts.get(deal), self.starts.get(deal + 1)) {
            (Some(start), Some(end)) => &self.changes[*start as usize..*end as usize],
            _ => &[],
        }
    }
}
