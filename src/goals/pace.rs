//! How much of a target is expected by now.

use super::goal::Goal;
use super::periods::Periods;
use super::service::Service;
use super::settings::Pace;
use super::target::RepTarget;
use super::timeline::Timeline;
use crate::calendar::Schedule;
use crate::domain::{Span, Timestamp};
use crate::facts::View;
use crate::measures::stats::quantile;

/// What was usual is judged by so many finished periods at most ...
const LOOK_BACK: usize = 8;
/// ... and by no fewer.
const ENOUGH: usize = 4;

/// How a goal's figures are expected to grow in the current period.
pub(super) struct Pacing<'a> {
    view: &'a View<'a>,
    goal: &'a Goal,
    periods: &'a Periods,
    timeline: Option<&'a Timeline>,
}

/// What is expected of a target by now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Expected {
    /// In the measure's units.
    pub value: f64,
    /// Whether any working time of the period has passed.
    pub has_begun: bool,
    /// How it was found; none where there is nothing to expect.
    pub basis: Option<Basis>,
}

/// How it was found what is expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Basis {
    /// The whole target, at any time.
    Whole,
    /// The share of the working time owed that has passed.
    Time(f64),
    /// The median share that had been reached by then, and in how many finished periods.
    Usual(f64, usize),
    /// The sum of what is expected of the reps.
    Reps,
}

impl Basis {
    /// What is expected of a target.
    fn of(self, target: f64) -> f64 {
        match self {
            Basis::Whole | Basis::Reps => target,
            Basis::Time(share) | Basis::Usual(share, _) => target * share,
        }
    }
}

impl<'a> Pacing<'a> {
    pub(super) fn new(
        view: &'a View<'a>,
        goal: &'a Goal,
        periods: &'a Periods,
        timeline: Option<&'a Timeline>,
    ) -> Pacing<'a> {
        Pacing { view, goal, periods, timeline }
    }

    /// What is expected of a rep.
    pub(super) fn of_rep(&self, target: RepTarget) -> Expected {
        let slot = &self.view.people.slots[target.slot as usize];
        let (Some(period), Some(service)) = (self.periods.get(0), Service::new(self.view, slot)) else {
            return Expected { value: 0.0, has_begun: false, basis: None };
        };
        let passed = Span { end: self.view.now, ..period };
        let has_begun = service.schedule.working_millis(passed) > 0;
        if !self.goal.accumulates() {
            return Expected { value: target.value, has_begun, basis: Some(Basis::Whole) };
        }
        let ramp = if target.is_ramped { self.goal.ramp.as_slice() } else { &[] };
        let linear = || match service.ramped_millis(period, ramp) {
            0.0 => 0.0,
            all => service.ramped_millis(passed, ramp) / all,
        };
        let present = service.present_millis(passed);
        let reached_by = |earlier: Span| service.covers(earlier).then(|| service.instant_after(earlier, present));
        let basis = self.usual(&[target.slot], reached_by).unwrap_or_else(|| Basis::Time(linear()));
        Expected { value: basis.of(target.value), has_begun, basis: Some(basis) }
    }

    /// What is expected of a group with a target of its own.
    pub(super) fn of_group(&self, value: f64, slots: &[u32], schedule: &Schedule) -> Expected {
        let Some(period) = self.periods.get(0) else {
            return Expected { value: 0.0, has_begun: false, basis: None };
        };
        let passed = schedule.working_millis(Span { end: self.view.now, ..period });
        let has_begun = passed > 0;
        if !self.goal.accumulates() {
            return Expected { value, has_begun, basis: Some(Basis::Whole) };
        }
        let linear = || passed as f64 / schedule.working_millis(period) as f64;
        let reached_by = |earlier: Span| Some(schedule.instant_within(earlier, passed));
        let basis = self.usual(slots, reached_by).unwrap_or_else(|| Basis::Time(linear()));
        Expected { value: basis.of(value), has_begun, basis: Some(basis) }
    }

    /// The median share of the final figure that a population had reached by an instant of each of its last finished
    /// periods. None where time alone decides, and where too few periods say anything: those in which it reached nothing
    /// do not.
    fn usual(&self, slots: &[u32], reached_by: impl Fn(Span) -> Option<Timestamp>) -> Option<Basis> {
        let timeline = self.timeline.filter(|_| self.goal.pace == Pace::History)?;
        let share = |earlier: &Span| {
            let total = timeline.total(slots, *earlier);
            let by = reached_by(*earlier).filter(|_| total > 0.0)?;
            Some(timeline.total(slots, Span { end: by, ..*earlier }) / total)
        };
        let mut shares: Vec<f64> = self.finished().iter().filter_map(share).collect();
        shares.sort_unstable_by(f64::total_cmp);
        let median = quantile(&shares, 0.5).filter(|_| shares.len() >= ENOUGH)?;
        Some(Basis::Usual(median, shares.len()))
    }

    fn finished(&self) -> &[Span] {
        let all = self.periods.all();
        &all[1.min(all.len())..all.len().min(LOOK_BACK + 1)]
    }
}

/// From when on contributions are needed to tell what was usual, or to follow the current period.
pub(super) fn since(goal: &Goal, periods: &Periods) -> Option<Timestamp> {
    let back = if goal.pace == Pace::History { LOOK_BACK } else { 0 };
    let all = periods.all();
    all.get(back.min(all.len().checked_sub(1)?)).map(|span| span.start)
}
