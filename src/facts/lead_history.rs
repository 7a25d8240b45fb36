//! Status history of leads: the changes as they arrive, and in order per lead.

use super::column::{Column, NONE, link};
use super::leads::Levels;
use super::rules::Rules;
use crate::calendar::Calendar;
use crate::domain::{Key, StatusChange, Timestamp};

/// A lead came into a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LeadChange {
    /// When.
    pub at: Timestamp,
    /// What the status stands for.
    pub levels: Levels,
}

/// Status changes by key.
#[derive(Debug, Clone)]
pub(crate) struct LeadHistory {
    lead: Column<u32>,
    levels: Column<Levels>,
    at: Column<i64>,
}

impl Default for LeadHistory {
    fn default() -> Self {
        LeadHistory { lead: Column::new(NONE), levels: Column::new(0), at: Column::new(0) }
    }
}

impl LeadHistory {
    /// Makes room for `count` keys.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.lead.reserve(count);
        self.levels.reserve(count);
        self.at.reserve(count);
    }

    /// Takes a change out.
    pub(crate) fn remove(&mut self, key: Key) {
        if key.index() < self.lead.len() {
            self.lead.set(key.index(), NONE);
        }
    }

    /// Puts a change in, in place of what was there. One without lead, status or time says nothing.
    pub(crate) fn put(
        &mut self,
        key: Key,
        source: u32,
        change: &StatusChange<Key>,
        rules: &Rules,
        calendar: &Calendar,
    ) {
        let (Some(_), Some(status), Some(at)) = (change.lead, change.status.as_deref(), change.at) else {
            return self.remove(key);
        };
        self.lead.set(key.index(), link(change.lead));
        self.levels.set(key.index(), rules.lead_levels(source, Some(status)));
        self.at.set(key.index(), calendar.instant(at).0);
    }

    /// The changes per lead, oldest first; of one instant, those that stand for less first. The order of arrival decides
    /// nothing. `survivor` is where a merged lead's history goes.
    pub(crate) fn by_lead(&self, leads: usize, survivor: impl Fn(u32) -> u32) -> ByLead {
        let mut changes: Vec<(u32, LeadChange)> = Vec::new();
        for (key, &lead) in self.lead.as_slice().iter().enumerate().filter(|(_, lead)| **lead != NONE) {
            let change = LeadChange { at: Timestamp(self.at.get(key)), levels: self.levels.get(key) };
            changes.push((survivor(lead), change));
        }
        changes.sort_unstable();
        let mut starts = vec![0; leads + 1];
        let mut next = 0;
        for (lead, start) in starts.iter_mut().enumerate() {
            while changes.get(next).is_some_and(|(owner, _)| (*owner as usize) < lead) {
                next += 1;
            }
            *start = next as u32;
        }
        ByLead { starts, changes: changes.into_iter().map(|(_, change)| change).collect() }
    }
}

/// Status changes per lead, oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByLead {
    starts: Vec<u32>,
    changes: Vec<LeadChange>,
}

impl ByLead {
    /// The changes of a lead.
    pub(crate) fn of(&self, lead: usize) -> &[LeadChange] {
        match (self.starts.get(lead), self.starts.get(lead + 1)) {
            (Some(start), Some(end)) => &self.changes[*start as usize..*end as usize],
            _ => &[],
        }
    }
}
