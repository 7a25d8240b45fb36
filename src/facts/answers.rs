//! When leads were first answered: the first touch of their prospect, by anyone, at or after their creation.

use super::NONE;
use super::lead_state::LeadState;
use super::touches::Touches;
use super::view::View;
use crate::domain::Timestamp;

/// A lead, and from when on a touch of its prospect answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    prospect: u32,
    since: Timestamp,
    lead: u32,
}

impl Touches {
    /// The first touch that answers each lead, by the lead's key.
    pub(super) fn answers(&self, view: &View<'_>, states: &[Option<LeadState>]) -> Vec<Option<Timestamp>> {
        let mut answers = vec![None; states.len()];
        let waiting = states.iter().enumerate().filter_map(|(lead, state)| {
            // A lead without a creation time has always been there.
            let since = state.as_ref()?.created_at.unwrap_or(Timestamp::MIN);
            let prospect = self.of_lead(lead as u32);
            (prospect != NONE).then_some(Waiting { prospect, since, lead: lead as u32 })
        });
        let mut waiting: Vec<Waiting> = waiting.collect();
        waiting.sort_unstable();
        let mut first = vec![NONE; self.prospects()];
        for (place, one) in waiting.iter().enumerate().rev() {
            first[one.prospect as usize] = place as u32;
        }
        let since = waiting.iter().map(|one| one.since).min().unwrap_or(Timestamp::MAX);
        self.each(view, since, |touch| {
            let place = first[touch.prospect as usize] as usize;
            let of_prospect = waiting.iter().skip(place).take_while(|one| one.prospect == touch.prospect);
            for one in of_prospect.take_while(|one| one.since <= touch.at) {
                let answer: &mut Option<Timestamp> = &mut answers[one.lead as usize];
                *answer = Some(answer.map_or(touch.at, |known| known.min(touch.at)));
            }
        });
        answers
    }
}
