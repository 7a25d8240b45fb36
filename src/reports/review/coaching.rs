//! Who could gain most: the reps furthest below a goal, by the names that the settings allow.

use std::cmp::Ordering;

use super::observed::{Observed, Rep};
use crate::facts::View;

/// A rep who rarely meets a goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Coached {
    /// As in the label `rep`.
    pub rep: String,
    /// As in the label `team`.
    pub team: String,
    /// Attempts attained, and all.
    pub met: (usize, usize),
    /// The figure over all months.
    pub figure: Option<f64>,
}

/// The quarter of active reps who met the goal least often, least first, of equal ones those with the worse figure; hidden
/// people are left out. Whoever had fewer than three tries, or nothing to measure, has not had a chance.
pub(super) fn coached(view: &View<'_>, observed: &Observed, upwards: f64) -> Vec<Coached> {
    const FEWEST_TRIES: usize = 3;
    let slot = |rep: &Rep| &view.people.slots[rep.slot as usize];
    let is_shown =
        |rep: &&Rep| slot(rep).has_scope() && slot(rep).is_active && rep.met.1 >= FEWEST_TRIES && rep.whole.is_some();
    let mut reps: Vec<&Rep> = observed.reps.iter().filter(is_shown).collect();
    let share = |rep: &Rep| rep.met.0 as f64 / rep.met.1 as f64;
    let order = |rep: &Rep| (share(rep), rep.whole.map_or(0.0, |figure| figure * upwards));
    reps.sort_by(|one, other| order(one).partial_cmp(&order(other)).unwrap_or(Ordering::Equal));
    reps.truncate(reps.len() / 4);
    let coached = |rep: &Rep| Coached {
        rep: slot(rep).rep.clone(),
        team: view.people.teams[slot(rep).team as usize].label.clone(),
        met: rep.met,
        figure: rep.whole,
    };
    reps.into_iter().map(coached).collect()
}
