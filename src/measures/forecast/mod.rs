//! What will have been won by the end of a period: what is won so far, plus what comes of the deals that are open now.
//! Deals that have yet to be created are no part of it.
//!
//! The probability that an open deal is won by the end of the period follows from deals that were as long in the same
//! stage before:
//!
//! 1. `history` follows every stay of a deal in a stage to the close of the deal, as far as it is known at the view's
//!    instant. Nothing later is looked at, so a forecast as of the past is the one that could have been made then.
//! 2. `incidence` gives, of the stays that lasted at least so long, the share that was won within the time that is left:
//!    the cumulative incidence of winning, with losing as the competing risk and deals still open as censored.
//! 3. `odds` lays these out by stage and age, and draws what rests on few deals towards the pipeline's and everybody's.
//! 4. `past` holds that against the last eight periods of the same kind, as far from their ends: wins that wait for the end
//!    of a quarter, teams that win more, and by how much periods differ from what their deals promised.
//! 5. `draws` plays the rest of the period through 1,024 times, always in the same way, and reads the quantiles off.
//!
//! The cost is bounded: of more deals than `history` has room for, it takes a share; an open deal costs some hundred
//! operations a period.

mod draws;
mod history;
mod incidence;
mod odds;
mod past;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::fold::{self, Scope};
use super::{Spans, deals};
use crate::calendar::Period;
use crate::domain::{DealStatus, Span, Timestamp};
use crate::facts::View;

use draws::Draws;
use odds::Odds;
use past::Past;

pub use history::History;

/// An open deal and how likely it is to be won by the end of the period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// Key of the deal.
    pub record: u32,
    /// For whom: a slot of the view's people.
    pub slot: u32,
    /// What it is worth, in minor units of the reporting currency.
    pub value: f64,
    /// From 0 to 1.
    pub probability: f64,
    /// What decides, beside the probability, which of the draws win it; the same for the same deal.
    seed: u64,
}

/// The forecast of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The period, as a whole.
    pub period: Span,
    /// The open deals that have a value.
    pub chances: Vec<Chance>,
    /// By how much, as a share, a period usually differs from what its deals promised, beyond their own luck.
    pub spread: f64,
    /// What is won so far, in minor units, by scope.
    won: BTreeMap<Scope, f64>,
}

/// Quantiles of what will have been won, in minor units of the reporting currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantiles {
    /// One in ten periods brings less.
    pub p10: f64,
    /// As many bring more as less.
    pub p50: f64,
    /// One in ten periods brings more.
    pub p90: f64,
}

impl Forecast {
    /// The forecast of the current period of that kind. None where no deal has ever been closed: then nothing is known of
    /// what becomes of open ones.
    pub fn new(view: &View<'_>, history: &History, period: Period) -> Option<Forecast> {
        let span = view.calendar().period(period, view.now);
        let left = span.end.millis_since(view.now);
        let odds = Odds::new(history, left)?;
        let past = Past::new(view, history, &odds, period, left);
        let chances = chances(view, history, &odds, &past);
        let so_far = Span { start: span.start, end: view.now.plus_millis(1) };
        let won = fold::sums(view, &deals::ALL_WON_VALUE, &Spans::new(vec![so_far])).by_scope(view);
        let won = won.into_iter().map(|((scope, _), sums)| (scope, sums[0])).collect();
        Some(Forecast { period: span, chances, spread: past.spread(), won })
    }

    /// What is won so far, in minor units.
    pub fn won(&self, scope: Scope) -> f64 {
        self.won.get(&scope).copied().unwrap_or(0.0)
    }

    /// What will have been won by the organisation and by every team that has active reps, wins or open deals.
    pub fn quantiles(&self, view: &View<'_>) -> BTreeMap<Scope, Quantiles> {
        let is_group = |scope: &Scope| !matches!(scope, Scope::Rep(_));
        let mut draws: BTreeMap<Scope, Draws> = BTreeMap::new();
        for scope in fold::zero_scopes(view).into_iter().chain(self.won.keys().copied()).filter(is_group) {
            draws.entry(scope).or_insert_with(|| Draws::new(self.won(scope)));
        }
        let factors = draws::factors(self.spread);
        for chance in &self.chances {
            let team = Scope::Team(view.people.slots[chance.slot as usize].team);
            draws.entry(team).or_insert_with(|| Draws::new(self.won(team))).add(chance, &factors);
        }
        // Everybody's are those of the teams, draw by draw: what one has won no other has.
        let mut everybody = Draws::new(self.won(Scope::Org));
        for (_, team) in draws.iter().filter(|(scope, _)| **scope != Scope::Org) {
            everybody.add_open_of(team);
        }
        draws.insert(Scope::Org, everybody);
        draws.into_iter().map(|(scope, draws)| (scope, draws.quantiles())).collect()
    }
}

/// The open deals that have a value, with their probabilities.
fn chances(view: &View<'_>, history: &History, odds: &Odds, past: &Past) -> Vec<Chance> {
    let mut chances = Vec::new();
    let (mut entries, mut stays) = (Vec::new(), Vec::new());
    for (deal, state) in view.deals().filter(|(_, state)| state.status == DealStatus::Open) {
        let Some(value) = view.value(deal, None).map(|minor| minor as f64).filter(|value| *value > 0.0) else {
            continue;
        };
        let since = history.present(view, deal, &state, &mut entries, &mut stays);
        let place = history.place(view, deal, &state);
        let age = since.map_or(0, |since| view.now.millis_since(since).max(0));
        let slot = view.deal_slot(deal);
        let probability = past.adjusted(place, view.people.slots[slot as usize].team, odds.of(place, age));
        let seed = draws::seed([slot.into(), since.map_or(0, |since| since.0), created(view, deal), value as i64]);
        chances.push(Chance { record: deal as u32, slot, value, probability, seed });
    }
    tell_twins_apart(&mut chances);
    chances
}

fn created(view: &View<'_>, deal: usize) -> i64 {
    view.facts.deals.created(deal).map_or(0, |created| created.0)
}

/// Deals that look alike must not win together. They are numbered; it does not matter which has which number.
fn tell_twins_apart(chances: &mut [Chance]) {
    chances.sort_unstable_by(|one, other| {
        one.seed.cmp(&other.seed).then_with(|| one.probability.total_cmp(&other.probability))
    });
    let mut first = 0;
    for place in 1..chances.len() {
        if chances[place].seed != chances[first].seed {
            first = place;
        } else {
            chances[place].seed = draws::seed([chances[first].seed.cast_signed(), (place - first) as i64, 0, 0]);
        }
    }
}

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// So far back stays are looked at.
const HISTORY: i64 = 900 * DAY;

/// First instant of the history that a forecast at `now` rests on.
fn history_since(now: Timestamp) -> Timestamp {
    now.plus_millis(-HISTORY)
}
