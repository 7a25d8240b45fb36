//! The deals won last: single records, in their order. Sums over wins are in `deals`.

use std::cmp::Reverse;

use crate::domain::{DealStatus, Timestamp};
use crate::facts::{DealState, View};

/// A deal that is won.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Win {
    /// Key of the deal.
    pub deal: u32,
    /// When it changed to won where the CRM has that, else its close time.
    pub at: Timestamp,
    /// How it stands.
    pub state: DealState,
}

/// The last `count` deals won, latest first. Of those won at one instant the one created later counts as later, then the one
/// with the higher id. A deal of which no time is known is in no order, and left out.
pub fn latest(view: &View<'_>, count: usize) -> Vec<Win> {
    let won = view.deals().filter(|(_, state)| state.status == DealStatus::Won);
    let mut wins: Vec<Win> = won
        .filter_map(|(deal, state)| {
            let at = view.closing_time(deal, &state)?;
            Some(Win { deal: deal as u32, at, state })
        })
        .collect();
    let order = |left: &Win, right: &Win| {
        let times = |win: &Win| Reverse((win.at, view.facts.deals.created(win.deal as usize)));
        times(left).cmp(&times(right)).then_with(|| view.facts.deal_titles.compare(right.deal, left.deal))
    };
    if count < wins.len() {
        wins.select_nth_unstable_by(count, order);
        wins.truncate(count);
    }
    wins.sort_unstable_by(order);
    wins
}
