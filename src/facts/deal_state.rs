//! Deals as they stood at an instant: open, won or lost, in which stage, and how they came there.

use super::NONE;
use super::view::View;
use crate::domain::{DealStatus, Timestamp};

/// How a deal stands at the instant of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DealState {
    /// Open, won or lost.
    pub status: DealStatus,
    /// When it was closed; none for open deals and for those that lack every date.
    pub closed_at: Option<Timestamp>,
    /// Key of the stage that it is in, or [`NONE`] where that is not known.
    pub stage: u32,
}

/// A deal came into a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Key of the stage.
    pub stage: u32,
    /// When, if known.
    pub at: Option<Timestamp>,
}

/// A deal was in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Key of the stage.
    pub stage: u32,
    /// Since when, if known.
    pub from: Option<Timestamp>,
    /// Until when; none while it is still there.
    pub to: Option<Timestamp>,
}

impl View<'_> {
    /// The deals that exist at the view's instant, with how they stand.
    pub fn deals(&self) -> impl Iterator<Item = (usize, DealState)> + '_ {
        self.deal_states().iter().enumerate().filter_map(|(deal, state)| Some((deal, (*state)?)))
    }

    /// How a deal stands; none for one that does not exist at the view's instant.
    pub fn deal_state(&self, deal: usize) -> Option<DealState> {
        self.deal_states().get(deal).copied().flatten()
    }

    /// How every deal stands, by key.
    pub(super) fn find_deal_states(&self) -> Vec<Option<DealState>> {
        let mut states = vec![None; self.facts.deals.len()];
        for deal in self.facts.deals.keys() {
            states[deal] = self.find_deal_state(deal);
        }
        states
    }

    /// How a deal stands; none if it was created later. (Live, a deal that the CRM has exists, whatever its dates.)
    fn find_deal_state(&self, deal: usize) -> Option<DealState> {
        let deals = &self.facts.deals;
        if !self.live && deals.created(deal).is_some_and(|created| created > self.now) {
            return None;
        }
        let (stage, status) = (deals.stage.get(deal), self.present_status(deal));
        let open = |stage| DealState { status: DealStatus::Open, closed_at: None, stage };
        if status == DealStatus::Open {
            return Some(open(if self.live { stage } else { self.open_stage(deal) }));
        }
        let changed = self.closing_change(deal, status);
        let close_date = deals.closed(deal);
        if !self.live && changed.or(close_date).is_some_and(|closed| closed > self.now) {
            return Some(open(self.open_stage(deal)));
        }
        let changed = changed.map(|changed| self.seen(changed).unwrap_or(self.now));
        let closed_at = match close_date.map(|date| self.seen(date)) {
            Some(Some(date)) => Some(date),
            // A close date that is still to come cannot be when it was closed.
            Some(None) => Some(changed.unwrap_or(self.now)),
            None => changed,
        };
        Some(DealState { status, closed_at, stage })
    }

    /// The status of a deal in the CRM now: its own, else what its stage says.
    pub fn present_status(&self, deal: usize) -> DealStatus {
        let deals = &self.facts.deals;
        deals.status(deal).unwrap_or_else(|| self.outcome(deals.stage.get(deal)))
    }

    /// When the status last changed to the closed one that the deal has: as the CRM says, else by its stage history.
    pub fn closing_change(&self, deal: usize, status: DealStatus) -> Option<Timestamp> {
        let by_history = || {
            let changes = self.history().of(deal);
            let tail = changes.iter().rev().take_while(|change| self.outcome(change.stage) == status);
            tail.last().map(|change| change.at)
        };
        self.facts.deals.status_changed(deal).or_else(by_history)
    }

    /// When a closed deal changed to its status, else its close time; none for an open deal and where no time is known.
    pub fn closing_time(&self, deal: usize, state: &DealState) -> Option<Timestamp> {
        if state.status == DealStatus::Open {
            return None;
        }
        let changed = self.closing_change(deal, state.status).map(|changed| self.seen(changed).unwrap_or(self.now));
        changed.or(state.closed_at)
    }

    /// When it was seen that a deal, which is won or lost, had become so; none for one that was so when its source was first
    /// loaded, and as of the past for what was seen later.
    pub fn noticed(&self, deal: usize, state: &DealState) -> Option<Timestamp> {
        let outcome = |stage| self.outcome(stage);
        let at = self.facts.sightings.since(deal as u32, state.status, outcome)?;
        (self.live || at <= self.now).then_some(at)
    }

    /// The open stage that a deal was in last, as far as its history tells; [`NONE`] where it does not.
    fn open_stage(&self, deal: usize) -> u32 {
        let mut entries = Vec::new();
        self.entries(deal, &mut entries);
        let open = entries.iter().rev().find(|entry| self.outcome(entry.stage) == DealStatus::Open);
        open.map_or(NONE, |entry| entry.stage)
    }

    /// The stages that a deal came into up to the view's instant, oldest first, put into `entries` (emptied first).
    ///
    /// The initial stage is entered at creation. Without history a deal has entered only its present stage, at creation.
    pub fn entries(&self, deal: usize, entries: &mut Vec<Entry>) {
        entries.clear();
        let created = self.facts.deals.created(deal).and_then(|created| self.seen(created));
        let changes = self.history().of(deal);
        let Some(first) = changes.first() else {
            let stage = self.facts.deals.stage.get(deal);
            if stage != NONE {
                entries.push(Entry { stage, at: created });
            }
            return;
        };
        // The first change either tells the stage it left, or is itself the initial stage.
        let rest = match first.from {
            NONE => {
                entries.push(Entry { stage: first.stage, at: created.or(Some(first.at)) });
                &changes[1..]
            }
            initial => {
                entries.push(Entry { stage: initial, at: created });
                changes
            }
        };
        for change in rest.iter().filter_map(|change| Some((change.stage, self.seen(change.at)?))) {
            // Histories repeat a stage when something else about the deal changed.
            if entries.last().is_some_and(|last| last.stage != change.0) {
                entries.push(Entry { stage: change.0, at: Some(change.1) });
            }
        }
    }

    /// After this a deal has come into no stage; none if no time is known.
    pub fn last_entered(&self, deal: usize) -> Option<Timestamp> {
        self.facts.deals.created(deal).max(self.history().of(deal).last().map(|change| change.at))
    }

    /// After this no stay of a deal has ended, unless the deal is open; none if no time is known.
    pub fn last_left(&self, deal: usize, state: &DealState) -> Option<Timestamp> {
        self.last_entered(deal).max(self.facts.deals.status_changed(deal)).max(state.closed_at)
    }

    /// The stays of a deal in open stages, oldest first, put into `stays` (emptied first).
    ///
    /// A stay ends at the next change of stage, or the change to closed, else the close time.
    pub fn stays(&self, deal: usize, state: &DealState, entries: &mut Vec<Entry>, stays: &mut Vec<Stay>) {
        self.entries(deal, entries);
        stays.clear();
        let closed = self.closing_time(deal, state);
        for (index, entry) in entries.iter().enumerate() {
            if self.outcome(entry.stage) != DealStatus::Open {
                continue;
            }
            let to = entries.get(index + 1).map_or(closed, |next| next.at);
            let ended = index + 1 < entries.len() || state.status != DealStatus::Open;
            // Without an end that is known, a stay that has ended says nothing about its length.
            if to.is_some() || !ended {
                stays.push(Stay { stage: entry.stage, from: entry.at, to });
            }
        }
    }
}
