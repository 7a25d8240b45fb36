//! How a goal stands: every figure of its current period, and of the previous one what was attained.

use chrono::NaiveDate;

use super::days;
use super::goal::Goal;
use super::pace::{self, Basis, Expected, Pacing};
use super::periods::Periods;
use super::quotas::Quotas;
use super::service::Service;
use super::streak;
use super::target::{GroupTarget, Targets, population};
use super::timeline::Timeline;
use crate::calendar::Schedule;
use crate::domain::Timestamp;
use crate::facts::View;
use crate::measures::Tally;
use crate::measures::fold::Scope;
use crate::measures::stats::ratio;

/// How a goal stands at an instant.
pub struct Outcome {
    /// Figures of the current period, in the order of their scopes: of the organisation, of teams, of reps. Hidden people
    /// have none of their own.
    pub figures: Vec<Figure>,
    /// What was attained in the previous period: actual / target, or the other way round where less is better.
    pub previous: Vec<(Scope, f64)>,
    /// Who attained it in the current period and in the previous one.
    pub attainers: [Attainers; 2],
    /// Finished periods in a row in which a rep attained it, by slot.
    pub streaks: Vec<(u32, u32)>,
}

impl Outcome {
    /// How it stands for a rep, by slot.
    pub(super) fn of_rep(&self, slot: u32) -> Option<&Figure> {
        self.of(Scope::Rep(slot))
    }

    /// How it stands for a population.
    pub fn of(&self, scope: Scope) -> Option<&Figure> {
        let place = self.figures.binary_search_by_key(&scope, |figure| figure.scope);
        place.ok().map(|place| &self.figures[place])
    }
}

/// The share of reps that attained a goal: of the organisation first, then of teams.
pub type Attainers = Vec<(Scope, f64)>;

/// A target and how it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Whose.
    pub scope: Scope,
    /// What is to be reached by the end of the period.
    pub target: f64,
    /// What is reached; none where there is nothing to measure.
    pub actual: Option<f64>,
    /// What is expected by now.
    pub expected: f64,
    /// How that was found; none where there is nothing to expect.
    pub basis: Option<Basis>,
    /// Working days of the period that are left, today included.
    pub days_left: u32,
    /// Actual by expected; above 1 is better, also where less is. None before the first working time.
    pub pacing: Option<f64>,
    /// Actual by target; above 1 is better, also where less is.
    pub attainment: Option<f64>,
    /// What it comes to if it goes on like this.
    pub projected: Option<f64>,
    /// What is missing, by working day left; 0 once met.
    pub needed_per_day: Option<f64>,
    /// When the running total first reached the target.
    pub met_at: Option<Timestamp>,
}

/// How a goal stands at the view's instant.
pub fn evaluate(view: &View<'_>, goal: &Goal) -> Outcome {
    let measure = &goal.measured.measure;
    let periods = Periods::new(view, goal.period, measure);
    let actuals = Tally::new(view, measure, &periods);
    let timeline = pace::since(goal, &periods).and_then(|since| Timeline::new(view, measure, since, |_, _| true));
    let quotas = Quotas::new(view, goal);
    let current = periods.get(0).map(|span| Targets::new(view, goal, &quotas, span, view.today())).unwrap_or_default();
    let previous = periods.get(1).map(|span| {
        let last_day = view.calendar().date(span.end.plus_millis(-1));
        Targets::new(view, goal, &quotas, span, last_day)
    });
    let previous = previous.unwrap_or_default();
    let evaluation = Evaluation {
        view,
        goal,
        periods: &periods,
        actuals: &actuals,
        timeline: timeline.as_ref(),
        pacing: Pacing::new(view, goal, &periods, timeline.as_ref()),
    };
    Outcome {
        figures: evaluation.figures(&current),
        previous: evaluation.attained(&previous, 1),
        attainers: [
            streak::attainers(view, goal, &actuals, &current, 0),
            streak::attainers(view, goal, &actuals, &previous, 1),
        ],
        streaks: streak::streaks(view, goal, &quotas, &periods, &actuals, [&current, &previous]),
    }
}

struct Evaluation<'a> {
    view: &'a View<'a>,
    goal: &'a Goal,
    periods: &'a Periods,
    actuals: &'a Tally,
    timeline: Option<&'a Timeline>,
    pacing: Pacing<'a>,
}

impl Evaluation<'_> {
    fn figures(&self, targets: &Targets) -> Vec<Figure> {
        let reps: Vec<(u32, f64, Expected)> =
            targets.reps.iter().map(|target| (target.slot, target.value, self.pacing.of_rep(*target))).collect();
        let groups = targets.groups.iter().map(|target| self.group(target, targets, &reps));
        let shown = reps.iter().filter(|(slot, ..)| self.view.people.slots[*slot as usize].has_scope());
        let reps = shown.map(|(slot, target, expected)| {
            let entry = &self.view.people.slots[*slot as usize];
            let service = Service::new(self.view, entry);
            let left = |schedule: &Schedule| {
                self.days_left(schedule, |first, last| service.as_ref().map_or(0, |service| service.days(first, last)))
            };
            let days_left = left(self.view.schedule(entry.team));
            self.figure(Scope::Rep(*slot), &[*slot], *target, *expected, days_left)
        });
        groups.chain(reps).collect()
    }

    fn group(&self, target: &GroupTarget, targets: &Targets, reps: &[(u32, f64, Expected)]) -> Figure {
        let schedule = match target.scope {
            Scope::Team(team) => self.view.schedule(team),
            Scope::Org | Scope::Rep(_) => self.view.calendar().default_schedule(),
        };
        let slots = population(self.view, target, targets);
        let expected = if target.is_own {
            self.pacing.of_group(target.value, &slots, schedule)
        } else {
            let place = |slot: &u32| reps.binary_search_by_key(slot, |(slot, ..)| *slot).ok();
            let of_reps = slots.iter().filter_map(place).map(|place| reps[place].2);
            of_reps.fold(Expected { value: 0.0, has_begun: false, basis: Some(Basis::Reps) }, |sum, one| Expected {
                value: sum.value + one.value,
                has_begun: sum.has_begun || one.has_begun,
                ..sum
            })
        };
        let days_left = self.days_left(schedule, |first, last| schedule.working_days(first, last));
        self.figure(target.scope, &slots, target.value, expected, days_left)
    }

    fn days_left(&self, schedule: &Schedule, count: impl Fn(NaiveDate, NaiveDate) -> u32) -> u32 {
        let left = self.periods.get(0).and_then(|period| days::left(schedule, period, self.view.now));
        left.map_or(0, |(first, last)| count(first, last))
    }

    fn figure(&self, scope: Scope, slots: &[u32], target: f64, expected: Expected, days_left: u32) -> Figure {
        let actual = self.actual(scope, slots, 0);
        let by = |standard: f64| actual.and_then(|actual| self.compared(actual, standard));
        let accumulates = self.goal.accumulates();
        let projected = actual.and_then(|actual| match accumulates {
            true => ratio(actual * target, expected.value),
            false => Some(actual),
        });
        let needs = !self.goal.lower_is_better && !self.goal.is_ratio();
        let needed_per_day = actual.filter(|_| needs).and_then(|actual| match actual >= target {
            true => Some(0.0),
            false => ratio(target - actual, f64::from(days_left)),
        });
        let met = || self.timeline?.reached(slots, self.periods.get(0)?, target);
        Figure {
            scope,
            target,
            actual,
            expected: expected.value,
            basis: expected.basis,
            days_left,
            pacing: by(expected.value).filter(|_| expected.has_begun),
            attainment: by(target),
            projected,
            needed_per_day,
            met_at: if accumulates && !self.goal.lower_is_better { met() } else { None },
        }
    }

    fn actual(&self, scope: Scope, slots: &[u32], back: usize) -> Option<f64> {
        let is_rep = matches!(scope, Scope::Rep(_));
        self.actuals.of(slots, back).filter(|_| !is_rep || streak::has_reps(self.goal))
    }

    fn compared(&self, actual: f64, standard: f64) -> Option<f64> {
        if self.goal.lower_is_better { ratio(standard, actual) } else { ratio(actual, standard) }
    }

    fn attained(&self, targets: &Targets, back: usize) -> Vec<(Scope, f64)> {
        let groups =
            targets.groups.iter().map(|group| (group.scope, population(self.view, group, targets), group.value));
        let has_scope = |slot: u32| self.view.people.slots[slot as usize].has_scope();
        let reps = targets.reps.iter().filter(|target| has_scope(target.slot));
        let reps = reps.map(|target| (Scope::Rep(target.slot), vec![target.slot], target.value));
        let attained = |(scope, slots, target): (Scope, Vec<u32>, f64)| {
            Some((scope, self.compared(self.actual(scope, &slots, back)?, target)?))
        };
        groups.chain(reps).filter_map(attained).collect()
    }
}
