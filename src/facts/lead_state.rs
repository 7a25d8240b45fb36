//! How a lead stands at the instant of a view: how far it came, and when.

use super::leads::{DISQUALIFIED, Levels, MQL, SQL};
use super::view::View;
use crate::domain::{Object, Timestamp};

/// How a lead stands. An instant that is not known is that of the creation, and none where that is not known either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadState {
    /// When it was created, as far as known.
    pub created_at: Option<Timestamp>,
    /// Whether it has become marketing qualified, and when.
    pub mql: Reached,
    /// Whether it has become sales qualified, and when.
    pub sql: Reached,
    /// Whether it is disqualified, and since when.
    pub disqualified: Reached,
    /// Whether it was converted, and when.
    pub converted: Reached,
}

/// Whether a level was reached, and when, where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Not by now.
    No,
    /// At an instant that nobody knows.
    Sometime,
    /// Then.
    At(Timestamp),
}

impl Reached {
    /// Whether it was.
    pub fn is(self) -> bool {
        self != Reached::No
    }

    /// When, where that is known.
    pub fn at(self) -> Option<Timestamp> {
        match self {
            Reached::At(at) => Some(at),
            Reached::No | Reached::Sometime => None,
        }
    }

    fn by(is: bool, at: Option<Timestamp>) -> Reached {
        match (is, at) {
            (false, _) => Reached::No,
            (true, None) => Reached::Sometime,
            (true, Some(at)) => Reached::At(at),
        }
    }

    /// The earlier of two.
    fn or_earlier(self, other: Reached) -> Reached {
        match (self, other) {
            (Reached::At(one), Reached::At(other)) => Reached::At(one.min(other)),
            (Reached::At(_), _) => self,
            (_, Reached::At(_)) => other,
            _ => Reached::by(self.is() || other.is(), None),
        }
    }
}

impl View<'_> {
    /// Every lead that exists, and how it stands.
    pub fn leads(&self) -> impl Iterator<Item = (usize, &LeadState)> + '_ {
        let states = self.lead_states().iter().enumerate();
        states.filter_map(|(lead, state)| Some((lead, state.as_ref()?)))
    }

    /// How every lead stands, by key; none for those that do not exist.
    pub(super) fn find_lead_states(&self) -> Vec<Option<LeadState>> {
        let history = self.facts.lead_history.by_lead(self.facts.leads.len(), |lead| self.survivor(Object::Lead, lead));
        let mut states = vec![None; self.facts.leads.len()];
        for lead in self.facts.leads.keys() {
            states[lead] = self.lead_state(lead, history.of(lead));
        }
        states
    }

    fn lead_state(&self, lead: usize, changes: &[super::lead_history::LeadChange]) -> Option<LeadState> {
        let leads = &self.facts.leads;
        let created_at = match leads.created(lead) {
            Some(created) => Some(self.seen(created)?),
            None => None,
        };
        let past = |at: Timestamp| self.seen(at);
        let entered = |level: Levels| {
            let first = changes.iter().find(|change| change.levels & level != 0);
            match first {
                Some(change) => Reached::by(past(change.at).is_some(), past(change.at)),
                // Without history a lead has entered only its present status, at its creation.
                None => Reached::by(changes.is_empty() && leads.levels.get(lead) & level != 0, created_at),
            }
        };
        // The CRM's own date wins; one that is still to come says that it was not reached yet.
        let reached = |own: Option<Timestamp>, level: Levels| match own {
            Some(own) => Reached::by(past(own).is_some(), past(own)),
            None => entered(level),
        };
        let sql = reached(leads.sql(lead), SQL);
        let mql = match leads.mql(lead).and_then(past) {
            Some(own) => Reached::At(own),
            None => entered(MQL).or_earlier(sql),
        };
        let converted_at = leads.converted(lead);
        let has_deal = leads.deal.get(lead) != super::NONE;
        let converted = match converted_at {
            Some(at) => Reached::by(past(at).is_some(), past(at)),
            None => Reached::by(has_deal && self.live, None),
        };
        Some(LeadState { created_at, mql, sql, disqualified: self.disqualified(lead, created_at, changes), converted })
    }

    /// Whether a lead is disqualified, since the last change to it. The CRM's own date alone says so where no status is
    /// told.
    fn disqualified(
        &self,
        lead: usize,
        created_at: Option<Timestamp>,
        changes: &[super::lead_history::LeadChange],
    ) -> Reached {
        let leads = &self.facts.leads;
        let own = leads.disqualified(lead);
        let seen = || changes.iter().rev().filter_map(|change| Some((self.seen(change.at)?, change.levels)));
        let present = match (self.live, seen().next()) {
            (true, _) => leads.levels.get(lead),
            (false, Some((_, levels))) => levels,
            // Before the first change that is told, nobody knows the status.
            (false, None) => {
                if changes.is_empty() {
                    leads.levels.get(lead)
                } else {
                    0
                }
            }
        };
        let by_status = present & DISQUALIFIED != 0;
        let knows_status = leads.tells_disqualified(lead);
        let own_seen = own.and_then(|own| self.seen(own));
        let is = by_status && (own.is_none() || own_seen.is_some()) || (!knows_status && own_seen.is_some());
        let by_change = || {
            let run = seen().take_while(|(_, levels)| levels & DISQUALIFIED != 0);
            run.last().map(|(at, _)| at)
        };
        let at = own_seen.or_else(by_change).or(if changes.is_empty() { created_at } else { None });
        Reached::by(is, at)
    }
}
