//! When deals were seen to change, and so when a win was noticed. The store notes changes of the CRM's values; that a
//! change was one to won is read here, by the rules and stages of now.

use std::collections::HashMap;

use super::column::link;
use super::rules::Rules;
use crate::domain::{DealStatus, Key, Sighting, Timestamp};

/// What was seen of deals, by key; only of those of which something was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sightings(HashMap<u32, Box<[Seen]>>);

/// A change of a deal.
#[derive(Debug, Clone, Copy)]
struct Seen {
    at: i64,
    before: Before,
}

/// No instant: the change may be of any age.
const UNSEEN: i64 = i64::MIN;

/// What tells how a deal stood before a change.
#[derive(Debug, Clone, Copy)]
enum Before {
    /// It was not there.
    Absent,
    /// Its own status.
    Status(DealStatus),
    /// Its stage's outcome.
    Stage(u32),
}

impl Sightings {
    /// Puts the sightings of a deal in, oldest first, in place of what was known.
    pub(crate) fn put(&mut self, deal: Key, source: u32, sightings: &[Sighting], rules: &Rules) {
        if sightings.is_empty() {
            return self.remove(deal);
        }
        let seen = |sighting: &Sighting| {
            let before = match &sighting.before {
                None => Before::Absent,
                Some(former) => match rules.status(source, former.status.as_deref()) {
                    Some(status) => Before::Status(status),
                    None => Before::Stage(link(former.stage)),
                },
            };
            Seen { at: sighting.at.map_or(UNSEEN, |at| at.0), before }
        };
        self.0.insert(deal.0, sightings.iter().map(seen).collect());
    }

    /// Forgets a deal.
    pub(crate) fn remove(&mut self, deal: Key) {
        self.0.remove(&deal.0);
    }

    /// When a deal that has `status` now was seen to come to it: at the last change before which it had another, or was not
    /// there. None if it had the status when it was first loaded, or if nobody knows when that change took place.
    pub(crate) fn since(
        &self,
        deal: u32,
        status: DealStatus,
        outcome: impl Fn(u32) -> DealStatus,
    ) -> Option<Timestamp> {
        let had_status = |seen: &Seen| match seen.before {
            Before::Absent => false,
            Before::Status(before) => before == status,
            Before::Stage(stage) => outcome(stage) == status,
        };
        let change = self.0.get(&deal)?.iter().rev().find(|seen| !had_status(seen))?;
        (change.at != UNSEEN).then_some(Timestamp(change.at))
    }
}
