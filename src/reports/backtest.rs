//! How good the forecast of quarters has been: finished quarters are forecast as of their days, with what was known then,
//! and held against what came of them.
//!
//! The forecast is of what is won so far plus what is open, so that is what it is held against: what the deals that
//! there were at the instant brought by the end of the quarter. What deals brought that were created later is told beside
//! it; no forecast of open deals can know it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::{Period, Window};
use crate::domain::{DealStatus, Object, Span, Timestamp};
use crate::facts::{Coverage, Facts, PeopleRules, View};
use crate::measures::fold::{self, Scope};
use crate::measures::forecast::{Forecast, History, Quantiles};
use crate::measures::funnel;

/// A quarter is replayed if so many days of records lie before it: what nothing is known of cannot be forecast.
const KNOWN_DAYS: u16 = 365;

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// What is to be replayed.
#[derive(Debug, Clone, Copy)]
pub struct Replay {
    /// At most so many of the finished quarters, the last ones.
    pub quarters: usize,
    /// So many days lie between two instants of a quarter; at least 1.
    pub every_days: u32,
}

/// How good the forecast has been.
#[derive(Debug, Clone, Serialize)]
pub struct Backtest {
    /// Of the whole organisation, by quarter, oldest first.
    pub quarters: Vec<Replayed>,
    /// Of the whole organisation, by how much of the quarter was left.
    pub distances: Vec<Replayed>,
    /// Of the organisation, then of teams.
    pub scopes: Vec<Replayed>,
}

/// What some forecasts were worth. Errors are the sum of absolute errors by the sum of what came.
#[derive(Debug, Clone, Serialize)]
pub struct Replayed {
    /// What they have in common.
    pub of: String,
    /// How many forecasts.
    pub forecasts: usize,
    /// Share of what came that lay between p10 and p90, both included.
    pub held: f64,
    /// Share that lay below.
    pub below: f64,
    /// Share that lay above.
    pub above: f64,
    /// Width of the interval from p10 to p90, by what came.
    pub width: f64,
    /// Error of the median.
    pub error: f64,
    /// Error of "as much as such deals brought last quarter".
    pub error_last_quarter: f64,
    /// Error of "won so far, plus value x probability of winning of what is open".
    pub error_stage_probability: f64,
    /// Share of the quarter's value won that deals brought which were created after the instant.
    pub created_later: f64,
    /// Error of the median against the whole quarter, with the deals created later.
    pub whole_error: f64,
    /// Error of "as much as last quarter in all" against the whole quarter.
    pub whole_error_last_quarter: f64,
    /// Error of "won so far, plus value x probability" against the whole quarter.
    pub whole_error_stage_probability: f64,
}

/// A population by name, which is the same at every instant; the organisation has none.
type Name = Option<String>;

/// A forecast and what came.
struct Case {
    quarter: usize,
    /// Share of the quarter that was left.
    left: f64,
    scope: Name,
    p10: f64,
    p50: f64,
    p90: f64,
    came: f64,
    came_in_all: f64,
    last_quarter: f64,
    last_quarter_in_all: f64,
    stage_probability: f64,
}

/// Replays the quarters that were finished by `now`.
pub fn backtest(facts: &Facts, people: &PeopleRules, coverage: &Coverage, now: Timestamp, replay: Replay) -> Backtest {
    let view = |at| View::new(facts, people, coverage, at);
    let end = view(now);
    let quarters = quarters(&end, replay.quarters);
    let mut cases = Vec::new();
    for (index, quarter) in quarters.iter().enumerate() {
        let step = i64::from(replay.every_days.max(1)) * DAY;
        let mut at = quarter.start.plus_millis(step - 1);
        while at < quarter.end {
            cases.extend(of_instant(&view(at), &end, index, *quarter));
            at = at.plus_millis(step);
        }
    }
    let names: Vec<String> =
        quarters.iter().map(|quarter| end.calendar().name(Period::Quarter, quarter.start)).collect();
    report(&cases, &names)
}

/// The last finished quarters with enough of a history before them, oldest first.
fn quarters(view: &View<'_>, most: usize) -> Vec<Span> {
    let Some(first) = view.first(Object::Deal) else { return Vec::new() };
    let mut quarters = Vec::new();
    let mut quarter = view.calendar().previous(Period::Quarter, view.now);
    while quarters.len() < most && view.calendar().span(Window::Days(KNOWN_DAYS), quarter.start).start >= first {
        quarters.push(quarter);
        quarter = view.calendar().previous(Period::Quarter, quarter.start);
    }
    quarters.reverse();
    quarters
}

/// The forecasts of an instant inside a quarter, and what came, as is known at the end.
fn of_instant(view: &View<'_>, end: &View<'_>, quarter: usize, span: Span) -> Vec<Case> {
    let Some(forecast) = Forecast::new(view, &History::new(view), Period::Quarter) else { return Vec::new() };
    let left = span.end.millis_since(view.now);
    let before = end.calendar().previous(Period::Quarter, span.start);
    let came = brought(end, span, Some(view.now));
    let came_in_all = brought(end, span, None);
    let last_quarter = brought(end, before, Some(before.end.plus_millis(-left)));
    let last_quarter_in_all = brought(end, before, None);
    let stage_probability = stage_probability(view, &forecast);
    let case = |(scope, quantiles): (Scope, Quantiles)| {
        let scope = name(view, scope)?;
        let of = |sums: &BTreeMap<Name, f64>| sums.get(&scope).copied().unwrap_or(0.0);
        Some(Case {
            quarter,
            left: left as f64 / span.end.millis_since(span.start) as f64,
            p10: quantiles.p10,
            p50: quantiles.p50,
            p90: quantiles.p90,
            came: of(&came),
            came_in_all: of(&came_in_all),
            last_quarter: of(&last_quarter),
            last_quarter_in_all: of(&last_quarter_in_all),
            stage_probability: of(&stage_probability),
            scope,
        })
    };
    forecast.quantiles(view).into_iter().filter_map(case).collect()
}

fn name(view: &View<'_>, scope: Scope) -> Option<Name> {
    match scope {
        Scope::Org => Some(None),
        Scope::Team(team) => Some(Some(view.people.teams[team as usize].label.clone())),
        Scope::Rep(_) => None,
    }
}

/// What was won in a span, of the deals that were created up to an instant if one is given.
fn brought(end: &View<'_>, span: Span, created_by: Option<Timestamp>) -> BTreeMap<Name, f64> {
    let mut sums: BTreeMap<Name, f64> = BTreeMap::new();
    for (deal, state) in end.deals().filter(|(_, state)| state.status == DealStatus::Won) {
        let was_there =
            || created_by.is_none_or(|by| end.facts.deals.created(deal).is_none_or(|created| created <= by));
        if state.closed_at.is_some_and(|closed| span.contains(closed)) && was_there() {
            let value = end.value(deal, state.closed_at).map_or(0.0, |minor| minor as f64);
            let team = end.people.slots[end.deal_slot(deal) as usize].team;
            *sums.entry(None).or_default() += value;
            *sums.entry(Some(end.people.teams[team as usize].label.clone())).or_default() += value;
        }
    }
    sums
}

/// What is won so far, plus the weighted value of what is open.
fn stage_probability(view: &View<'_>, forecast: &Forecast) -> BTreeMap<Name, f64> {
    let mut sums: BTreeMap<Name, f64> = BTreeMap::new();
    for ((scope, _), weighted) in fold::standing(view, &funnel::OPEN_WEIGHTED_VALUE).by_scope(view) {
        if let Some(name) = name(view, scope) {
            *sums.entry(name).or_default() += weighted[0];
        }
    }
    let teams = (0..view.people.teams.len() as u32).map(Scope::Team);
    for scope in teams.chain([Scope::Org]) {
        if let Some(name) = name(view, scope) {
            *sums.entry(name).or_default() += forecast.won(scope);
        }
    }
    sums
}

fn report(cases: &[Case], quarters: &[String]) -> Backtest {
    let row = |of: &str, fits: &dyn Fn(&Case) -> bool| Replayed::new(of, cases.iter().filter(|case| fits(case)));
    let of_org = |case: &Case| case.scope.is_none();
    let thirds = [
        ("more than two thirds left", 2.0 / 3.0, 1.0),
        ("one to two thirds left", 1.0 / 3.0, 2.0 / 3.0),
        ("less than a third left", 0.0, 1.0 / 3.0),
    ];
    let names: BTreeSet<&Name> = cases.iter().map(|case| &case.scope).collect();
    Backtest {
        quarters: quarters
            .iter()
            .enumerate()
            .filter_map(|(index, name)| row(name, &|case| of_org(case) && case.quarter == index))
            .collect(),
        distances: thirds
            .iter()
            .filter_map(|(name, above, to)| row(name, &|case| of_org(case) && case.left > *above && case.left <= *to))
            .collect(),
        scopes: names
            .into_iter()
            .filter_map(|name| row(name.as_deref().unwrap_or("everybody"), &|case| case.scope == *name))
            .collect(),
    }
}

impl Replayed {
    fn new<'c>(of: &str, cases: impl Iterator<Item = &'c Case>) -> Option<Replayed> {
        let cases: Vec<&Case> = cases.collect();
        let count = cases.len() as f64;
        let share = |fits: &dyn Fn(&Case) -> bool| cases.iter().filter(|case| fits(case)).count() as f64 / count;
        let total = |of: fn(&Case) -> f64| cases.iter().map(|case| of(case)).sum::<f64>();
        let (came, in_all) = (total(|case| case.came), total(|case| case.came_in_all));
        let error = |of: fn(&Case) -> f64, by: f64| cases.iter().map(|case| of(case).abs()).sum::<f64>() / by;
        (came > 0.0).then(|| Replayed {
            of: of.to_owned(),
            forecasts: cases.len(),
            held: share(&|case| case.p10 <= case.came && case.came <= case.p90),
            below: share(&|case| case.came < case.p10),
            above: share(&|case| case.came > case.p90),
            width: error(|case| case.p90 - case.p10, came),
            error: error(|case| case.p50 - case.came, came),
            error_last_quarter: error(|case| case.last_quarter - case.came, came),
            error_stage_probability: error(|case| case.stage_probability - case.came, came),
            created_later: (in_all - came) / in_all,
            whole_error: error(|case| case.p50 - case.came_in_all, in_all),
            whole_error_stage_probability: error(|case| case.stage_probability - case.came_in_all, in_all),
            whole_error_last_quarter: error(|case| case.last_quarter_in_all - case.came_in_all, in_all),
        })
    }
}
