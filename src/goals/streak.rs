//! Who attained a goal: the share of reps in a period, and how often in a row.

use std::collections::BTreeMap;

use super::goal::Goal;
use super::outcome::Attainers;
use super::periods::Periods;
use super::quotas::{CrmTargets, Quotas};
use super::service::Service;
use super::target::{Targets, rep_target};
use crate::domain::Span;
use crate::facts::View;
use crate::measures::fold::Scope;
use crate::measures::{Fold, Tally};

/// No streak is longer.
const LONGEST: u32 = 52;

/// Whether single reps have figures of the goal.
pub(super) fn has_reps(goal: &Goal) -> bool {
    goal.measured.measure.has_reps()
}

/// Whether it is known how the goal stood in earlier periods: of a level only the present is.
fn is_remembered(goal: &Goal) -> bool {
    !matches!(goal.measured.measure.fold, Fold::Level(_))
}

/// Of the reps with a target above 0, the share who attained it in the period so many before the current one.
pub(super) fn attainers(view: &View<'_>, goal: &Goal, actuals: &Tally, targets: &Targets, back: usize) -> Attainers {
    if !has_reps(goal) || (back > 0 && !is_remembered(goal)) {
        return Attainers::new();
    }
    let mut counts: BTreeMap<Scope, (f64, f64)> = BTreeMap::new();
    for target in targets.reps.iter().filter(|target| target.value > 0.0) {
        let attained = actuals.of(&[target.slot], back).is_some_and(|actual| goal.is_attained(actual, target.value));
        for scope in [Scope::Org, Scope::Team(view.people.slots[target.slot as usize].team)] {
            let (attainers, all) = counts.entry(scope).or_default();
            *attainers += f64::from(u8::from(attained));
            *all += 1.0;
        }
    }
    counts.into_iter().map(|(scope, (attainers, all))| (scope, attainers / all)).collect()
}

/// Streaks of active reps with a target above 0 in the current or the previous period, by slot. None where the previous
/// period is not held.
pub(super) fn streaks(
    view: &View<'_>,
    goal: &Goal,
    quotas: &Quotas<'_>,
    periods: &Periods,
    actuals: &Tally,
    lately: [&Targets; 2],
) -> Vec<(u32, u32)> {
    if !is_remembered(goal) || !has_reps(goal) || periods.get(1).is_none() {
        return Vec::new();
    }
    let earlier = Earlier::new(view, goal, quotas, periods);
    let slots = 0..view.people.slots.len() as u32;
    let wants = |slot: &u32| lately.iter().filter_map(|targets| targets.of(*slot)).any(|target| target.value > 0.0);
    let is_shown = |slot: &u32| {
        let entry = &view.people.slots[*slot as usize];
        entry.has_zeros() && entry.has_scope()
    };
    let streak = |slot: u32| (slot, earlier.streak(slot, actuals, |_| {}));
    slots.filter(|slot| is_shown(slot) && wants(slot)).map(streak).collect()
}

/// How a finished period ended for a rep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finished {
    /// The period.
    pub span: Span,
    /// What was to be reached; none without a target.
    pub target: Option<f64>,
    /// What was reached; none where there was nothing to measure.
    pub actual: Option<f64>,
    /// Whether that was enough; none where nothing was owed, so that the period is passed over.
    pub attained: Option<bool>,
}

/// The finished periods, the last one first, and what the CRM kept for them.
pub(super) struct Earlier<'a> {
    view: &'a View<'a>,
    goal: &'a Goal,
    periods: &'a Periods,
    quotas: Vec<CrmTargets>,
}

impl<'a> Earlier<'a> {
    pub(super) fn new(view: &'a View<'a>, goal: &'a Goal, quotas: &Quotas<'_>, periods: &'a Periods) -> Earlier<'a> {
        let quotas = periods.all().iter().map(|span| {
            let version = goal.version(view.calendar().date(span.end.plus_millis(-1)));
            quotas.of(version, *span)
        });
        Earlier { view, goal, periods, quotas: quotas.collect() }
    }

    /// How many periods in a row were attained. `seen` is told of each that was looked at, the last one first.
    pub(super) fn streak(&self, slot: u32, actuals: &Tally, mut seen: impl FnMut(Finished)) -> u32 {
        let Some(service) = Service::new(self.view, &self.view.people.slots[slot as usize]) else { return 0 };
        let mut streak = 0;
        for (back, span) in self.periods.all().iter().enumerate().skip(1) {
            if streak == LONGEST || service.begins_after(*span) {
                break;
            }
            // Whoever owes nothing in a period can neither attain nor miss anything in it.
            if service.present_millis(*span) == 0 {
                seen(Finished { span: *span, target: None, actual: None, attained: None });
                continue;
            }
            let version = self.goal.version(self.view.calendar().date(span.end.plus_millis(-1)));
            let target = rep_target(self.view, self.goal, version, &self.quotas[back], slot, *span).ok();
            let actual = actuals.of(&[slot], back);
            let attained =
                target.zip(actual).is_some_and(|(target, actual)| self.goal.is_attained(actual, target.value));
            let target = target.map(|target| target.value);
            seen(Finished { span: *span, target, actual, attained: Some(attained) });
            if !attained {
                break;
            }
            streak += 1;
        }
        streak
    }
}
