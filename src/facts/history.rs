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
    ///
    /// Changes of one instant (dates without a time have many) follow each other where they tell the stage they left, and
    /// else go by `rank`: that of the stage they lead to. The order of arrival decides nothing.
    pub(crate) fn by_deal<R: Ord>(&self, deals: usize, rank: impl Fn(u32) -> R) -> ByDeal {
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
            order(&mut changes[starts[deal] as usize..starts[deal + 1] as usize], &rank);
        }
        ByDeal { starts, changes }
    }
}

fn order<R: Ord>(changes: &mut [Change], rank: impl Fn(u32) -> R) {
    changes.sort_by(|left, right| left.at.cmp(&right.at).then_with(|| rank(left.stage).cmp(&rank(right.stage))));
    for place in 0..changes.len() {
        let present = place.checked_sub(1).map_or(NONE, |before| changes[before].stage);
        let ties = changes[place..].iter().take_while(|change| change.at == changes[place].at).count();
        let ties = &mut changes[place..place + ties];
        let follows = ties.iter().position(|change| change.from != NONE && change.from == present);
        // Without one that follows, the first that waits for no other.
        let waits = |change: &Change| change.from != NONE && ties.iter().any(|other| other.stage == change.from);
        let next = follows.or_else(|| ties.iter().position(|change| !waits(change))).unwrap_or(0);
        ties[..=next].rotate_right(1);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The stages of changes at (instant, stage, stage left), in order; stages rank by their number.
    fn ordered(changes: &[(i64, u32, u32)]) -> Vec<u32> {
        let change = |(at, stage, from): &(i64, u32, u32)| Change { at: Timestamp(*at), stage: *stage, from: *from };
        let mut changes: Vec<Change> = changes.iter().map(change).collect();
        order(&mut changes, |stage| stage);
        changes.iter().map(|change| change.stage).collect()
    }

    #[test]
    fn changes_of_one_instant_go_forward() {
        assert_eq!(ordered(&[(7, 3, NONE), (7, 1, NONE), (7, 2, NONE), (5, 4, NONE)]), [4, 1, 2, 3]);
    }

    #[test]
    fn changes_of_one_instant_follow_the_stages_they_left() {
        // There and back on one day, in whatever order it arrived.
        assert_eq!(ordered(&[(7, 1, 3), (7, 3, 2), (7, 2, NONE)]), [2, 3, 1]);
        assert_eq!(ordered(&[(5, 2, NONE), (7, 1, 3), (7, 3, 2)]), [2, 3, 1]);
        // The first of all leaves the initial stage, which nothing leads to.
        assert_eq!(ordered(&[(7, 1, 3), (7, 3, 9)]), [3, 1]);
    }
}
