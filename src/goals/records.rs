//! Personal bests: the best period of a measure over the history held.

use std::collections::{BTreeMap, HashSet};

use super::goal::{Resolve, Resolved, period};
use super::settings;
use super::timeline::Timeline;
use crate::calendar::Period;
use crate::domain::{Span, Timestamp};
use crate::facts::{Rules, View};
use crate::measures::{Contribution, Fold, Measure};
use crate::setting::Problem;

/// Which bests are kept.
#[derive(Clone, Default)]
pub struct RecordRules {
    /// What is measured.
    pub measures: Vec<Resolved>,
    /// The periods.
    pub periods: Vec<Period>,
}

impl RecordRules {
    pub(super) fn new(settings: &settings::Records, resolve: Resolve<'_>) -> Result<RecordRules, Problem> {
        let mut rules = RecordRules::default();
        for (index, text) in settings.measures.iter().enumerate() {
            let problem = |text| Problem::new(format!("measures[{index}]"), text);
            let resolved = resolve(text).map_err(problem)?;
            if !resolved.measure.accumulates() {
                let text = format!("{} does not add up over a period, so it has no best one", resolved.metric);
                return Err(problem(text));
            }
            if rules.measures.iter().any(|known| known.selector == resolved.selector) {
                return Err(problem(format!("`{}` is listed twice; write it once", resolved.selector)));
            }
            rules.measures.push(resolved);
        }
        for (index, name) in settings.windows.iter().enumerate() {
            let key = format!("windows[{index}]");
            let period = period(&key, name)?;
            if rules.periods.contains(&period) {
                return Err(Problem::new(key, format!("`{name}` is listed twice; write it once")));
            }
            rules.periods.push(period);
        }
        Ok(rules)
    }

    pub(super) fn check(&self, rules: &Rules) -> Result<(), Problem> {
        let strangers = self.measures.iter().enumerate();
        let mut strangers = strangers.filter_map(|(index, measure)| Some((index, measure.stranger(rules)?)));
        match strangers.next() {
            Some((index, text)) => Err(Problem::new(format!("records.measures[{index}]"), text)),
            None => Ok(()),
        }
    }
}

/// Somebody's best period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Best {
    /// Whose: index in the view's slots.
    pub slot: u32,
    /// The figure.
    pub value: f64,
    /// When the running total of that period reached it.
    pub at: Timestamp,
}

/// The best period of every active rep who ever reached anything, finished or current; of equal ones the earliest. Only
/// periods of which everything is held count.
pub fn best(view: &View<'_>, measured: &Resolved, period: Period) -> Vec<Best> {
    let since = view.held_since(measured.measure.history()).unwrap_or(Timestamp::MIN);
    let mut bests: Vec<Option<(Span, f64)>> = vec![None; view.people.slots.len()];
    for ((slot, _), (span, total)) in totals(view, &measured.measure, period, since) {
        let best = &mut bests[slot as usize];
        // Periods come in their order, so of equal ones the first stays.
        if total > best.map_or(0.0, |(_, most)| most) {
            *best = Some((span, total));
        }
    }
    let is_best = |slot: u32, at| bests[slot as usize].is_some_and(|(span, _)| span.contains(at));
    let Some(timeline) = Timeline::new(view, &measured.measure, since, is_best) else { return Vec::new() };
    let best = |slot: u32| {
        let entry = &view.people.slots[slot as usize];
        let (span, _) = bests[slot as usize].filter(|_| entry.has_zeros() && entry.has_scope())?;
        let value = timeline.total(&[slot], span);
        Some(Best { slot, value, at: timeline.reached(&[slot], span, value)? })
    };
    (0..view.people.slots.len() as u32).filter_map(best).collect()
}

/// What everybody reached in every period that begins at `since` or later, by slot and first instant.
fn totals(
    view: &View<'_>,
    measure: &Measure,
    period: Period,
    since: Timestamp,
) -> BTreeMap<(u32, Timestamp), (Span, f64)> {
    let (sum, is_distinct) = match measure.fold {
        Fold::Distinct(sum) => (sum, true),
        Fold::Sum(sum) => (sum, false),
        Fold::Level(_) | Fold::Ratio(..) | Fold::PerDistinct(..) | Fold::Stat(..) => return BTreeMap::new(),
    };
    let mut totals: BTreeMap<(u32, Timestamp), (Span, f64)> = BTreeMap::new();
    let mut seen: HashSet<(Timestamp, u32, u32)> = HashSet::new();
    let mut spans = Calendar { view, period, known: BTreeMap::new(), last: None };
    let mut filter = measure.filter(view, sum.dims);
    (sum.each)(view, since, &mut |Contribution { at, slot, dims, record, amount }| {
        let span = spans.containing(at);
        if span.start < since || !filter.takes(dims) {
            return;
        }
        let amount = match is_distinct {
            true => f64::from(u8::from(seen.insert((span.start, slot, record)))),
            false => amount,
        };
        totals.entry((slot, span.start)).or_insert((span, 0.0)).1 += amount;
    });
    totals
}

/// Periods of the calendar that were asked for before.
struct Calendar<'a> {
    view: &'a View<'a>,
    period: Period,
    /// By their first instants.
    known: BTreeMap<Timestamp, Span>,
    last: Option<Span>,
}

impl Calendar<'_> {
    fn containing(&mut self, at: Timestamp) -> Span {
        if let Some(last) = self.last.filter(|last| last.contains(at)) {
            return last;
        }
        let known = self.known.range(..=at).next_back().map(|(_, span)| *span).filter(|span| span.contains(at));
        let span = known.unwrap_or_else(|| {
            let span = self.view.calendar().period(self.period, at);
            self.known.insert(span.start, span);
            span
        });
        self.last = Some(span);
        span
    }
}
