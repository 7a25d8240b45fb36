//! What was reached in finished periods: whether goals were met in them, and what everybody did.
//!
//! The figures of the current period and the one before it are in `outcome`. Here any stretch of time is looked back on;
//! all its periods come out of one fold.

use super::goal::Goal;
use super::periods::Periods;
use super::quotas::Quotas;
use super::service::Service;
use super::streak;
use super::target::Targets;
use crate::calendar::Period;
use crate::domain::Span;
use crate::facts::{Slot, SlotKind, View};
use crate::measures::{Measure, Tally};

/// A rep's target above 0 in a finished period, and whether it was attained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attempt {
    /// Whose: index in the view's slots.
    pub slot: u32,
    /// The period.
    pub span: Span,
    /// Whether it was attained. As in `crm_goal_attainers_ratio`, who has no figure has not.
    pub attained: bool,
    /// Whether there was anything to measure.
    pub has_figure: bool,
}

/// Every attempt at a goal in its whole periods inside a stretch of time that ends at the view's instant or before it, as far
/// as records are held; oldest first, then by slot. None for goals on levels, whose past is not known, and for those that
/// reps have no figures of.
pub fn attempts(view: &View<'_>, goal: &Goal, inside: Span) -> Vec<Attempt> {
    if !streak::has_reps(goal) {
        return Vec::new();
    }
    let measure = &goal.measured.measure;
    let periods = Periods::within(view, goal.period, measure, inside);
    let actuals = Tally::new(view, measure, &periods);
    let quotas = Quotas::new(view, goal);
    let mut attempts = Vec::new();
    for (back, span) in periods.all().iter().enumerate().rev() {
        let last_day = view.calendar().date(span.end.plus_millis(-1));
        let targets = Targets::new(view, goal, &quotas, *span, last_day);
        for target in targets.reps.iter().filter(|target| target.value > 0.0) {
            let actual = actuals.of(&[target.slot], back);
            let attained = actual.is_some_and(|actual| goal.is_attained(actual, target.value));
            attempts.push(Attempt { slot: target.slot, span: *span, attained, has_figure: actual.is_some() });
        }
    }
    attempts
}

/// A measure of every rep over finished periods.
pub struct Panel {
    /// The periods, oldest first.
    pub spans: Vec<Span>,
    /// The reps with service in any of them, by slot.
    pub rows: Vec<Row>,
    actuals: Tally,
}

/// A rep over the periods.
pub struct Row {
    /// Index in the view's slots.
    pub slot: u32,
    /// By period.
    pub cells: Vec<Cell>,
}

/// A rep in a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Working time of the rep's calendar in the period, in milliseconds.
    pub working_millis: f64,
    /// As much of it as the rep was there: from the first day to the last, less absences.
    pub present_millis: f64,
    /// The figure, in samples' units; none where there is nothing to measure, or for whoever was not there at all.
    pub figure: Option<f64>,
}

impl Panel {
    /// A measure over the whole periods of a kind inside a stretch of time, as far as records are held. Without periods for
    /// levels, whose past is not known.
    pub fn new(view: &View<'_>, measure: &Measure, period: Period, inside: Span) -> Panel {
        Panel::over(view, measure, &Periods::within(view, period, measure, inside))
    }

    /// A measure over one span.
    pub fn whole(view: &View<'_>, measure: &Measure, span: Span) -> Panel {
        Panel::over(view, measure, &Periods::only(span))
    }

    fn over(view: &View<'_>, measure: &Measure, periods: &Periods) -> Panel {
        let actuals = Tally::new(view, measure, periods);
        let row = |(index, slot): (usize, &Slot)| {
            let service = Service::new(view, slot).filter(|_| slot.is_rep && slot.kind != SlotKind::Unassigned)?;
            let cell = |(back, span): (usize, &Span)| {
                let working_millis = service.schedule.working_millis(*span) as f64;
                let present_millis = service.present_millis(*span) as f64;
                let figure = actuals.of(&[index as u32], back).filter(|_| present_millis > 0.0);
                Cell { working_millis, present_millis, figure }
            };
            let cells: Vec<Cell> = periods.all().iter().enumerate().rev().map(cell).collect();
            let was_there = cells.iter().any(|cell| cell.present_millis > 0.0);
            was_there.then_some(Row { slot: index as u32, cells })
        };
        let rows = view.people.slots.iter().enumerate().filter_map(row).collect();
        Panel { spans: periods.all().iter().rev().copied().collect(), rows, actuals }
    }

    /// The figure of some people together in a period, by its place; none where they have none.
    pub fn together(&self, slots: &[u32], place: usize) -> Option<f64> {
        self.actuals.of(slots, self.spans.len().checked_sub(place + 1)?)
    }
}
