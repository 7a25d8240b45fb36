//! How targets came about, for whoever asks: the steps of one period's, and the periods behind a streak.

use super::goal::Goal;
use super::periods::Periods;
use super::quotas::Quotas;
use super::streak::{Earlier, Finished};
use super::target::{GroupTarget, RepTarget, Targets, members, population, rep_target};
use crate::domain::Span;
use crate::facts::View;
use crate::measures::Tally;
use crate::measures::fold::Scope;

/// The targets of one period of a goal.
pub struct Making {
    /// The period.
    pub span: Span,
    targets: Targets,
    /// Reps without a target, and why.
    without: Vec<(u32, &'static str)>,
}

impl Making {
    /// The targets of the period so many before the current one; none where its records are not held.
    pub fn new(view: &View<'_>, goal: &Goal, back: usize) -> Option<Making> {
        let periods = Periods::new(view, goal.period, &goal.measured.measure);
        let span = periods.get(back)?;
        let on = if back == 0 { view.today() } else { view.calendar().date(span.end.plus_millis(-1)) };
        let quotas = Quotas::new(view, goal);
        let targets = Targets::new(view, goal, &quotas, span, on);
        let (version, crm) = (goal.version(on), quotas.of(goal.version(on), span));
        let slots = (0..view.people.slots.len() as u32).filter(|slot| view.people.slots[*slot as usize].is_rep);
        let why = |slot| Some((slot, rep_target(view, goal, version, &crm, slot, span).err()?));
        Some(Making { span, targets, without: slots.filter_map(why).collect() })
    }

    /// A rep's target, by slot.
    pub fn rep(&self, slot: u32) -> Option<RepTarget> {
        self.targets.of(slot)
    }

    /// The target of a team or of everybody.
    pub fn group(&self, scope: Scope) -> Option<GroupTarget> {
        self.targets.groups.iter().find(|target| target.scope == scope).copied()
    }

    /// All targets of reps, by slot.
    pub fn reps(&self) -> &[RepTarget] {
        &self.targets.reps
    }

    /// The reps of a population without a target, by slot, and why.
    pub fn without(&self, view: &View<'_>, scope: Scope) -> Vec<(u32, &'static str)> {
        let members = members(view, scope);
        self.without.iter().filter(|(slot, _)| members.contains(slot)).copied().collect()
    }

    /// Slots of those whose records are compared with the target of a population.
    pub fn slots(&self, view: &View<'_>, scope: Scope) -> Vec<u32> {
        match self.group(scope) {
            Some(target) => population(view, &target, &self.targets),
            None => members(view, scope),
        }
    }
}

/// The finished periods that a rep's streak was told from, the last one first.
pub fn finished(view: &View<'_>, goal: &Goal, slot: u32) -> Vec<Finished> {
    let periods = Periods::new(view, goal.period, &goal.measured.measure);
    let actuals = Tally::new(view, &goal.measured.measure, &periods);
    let mut finished = Vec::new();
    Earlier::new(view, goal, &Quotas::new(view, goal), &periods).streak(slot, &actuals, |period| finished.push(period));
    finished
}
