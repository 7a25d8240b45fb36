//! The parts of goals: targets with every step of their making, what was reached with its records, and what follows.

use super::{Asked, Gather, Part, Role, joined};
use crate::calendar::{Period, Window};
use crate::domain::{Span, Timestamp};
use crate::facts::View;
use crate::goals::{self, Basis, Figure, Goal, Making, Origin, RepTarget};
use crate::measures::Fold;
use crate::measures::fold::Scope;
use crate::metrics::Frame;

const HOUR: f64 = 3_600_000.0;

/// A goal, its targets in the period asked for, and how it stands for the population asked for.
struct Found<'f, 'a> {
    frame: &'f Frame<'a>,
    asked: &'f Asked<'f>,
    goal: &'f Goal,
    making: Making,
    /// Of the current period.
    figure: Option<Figure>,
}

impl<'f, 'a> Found<'f, 'a> {
    fn new(frame: &'f Frame<'a>, asked: &'f Asked<'_>) -> Option<Found<'f, 'a>> {
        let goals = &frame.options.goals.goals;
        let place = goals.iter().position(|goal| asked.label("goal") == Some(&goal.name))?;
        let is_previous = matches!(asked.window, Some((Window::Previous(_), _)));
        let making = Making::new(frame.view, &goals[place], usize::from(is_previous))?;
        let outcome = frame.outcomes().get(place)?.as_ref()?;
        let figure = outcome.of(asked.scope).copied().filter(|_| !is_previous);
        Some(Found { frame, asked, goal: &goals[place], making, figure })
    }

    /// The name of somebody, as labels have it.
    fn name(&self, slot: u32) -> &str {
        &self.frame.view.people.slots[slot as usize].rep
    }

    fn target_value(&self) -> Option<f64> {
        match self.asked.scope {
            Scope::Rep(slot) => self.making.rep(slot).map(|target| target.value),
            scope => self.making.group(scope).map(|target| target.value),
        }
    }

    /// The target, and how it came about.
    fn target(&self) -> Part {
        let part = Part::figure("target", self.target_value());
        let part = part
            .step("period", told(self.making.span))
            .step("targets in force", self.goal.in_force(self.frame.view, self.making.span));
        match self.asked.scope {
            Scope::Rep(slot) => match self.making.rep(slot) {
                Some(target) => self.rep_steps(part, target),
                None => part,
            },
            scope => self.group_steps(part, scope),
        }
    }

    fn rep_steps(&self, part: Part, target: RepTarget) -> Part {
        let slot = &self.frame.view.people.slots[target.slot as usize];
        let part = part.step("set", target.set.to_string()).step("by", origin(target.origin, &slot.role));
        let Some((owed, all)) = target.owed else { return part };
        let what = if target.is_ramped && self.goal.has_ramp() {
            "working time owed, less on ramp"
        } else {
            "working time owed"
        };
        let mut part = part.step(what, format!("{}h of {}h", hours(owed), hours(all)));
        if let Some(first) = slot.started_on.filter(|_| self.goal.has_ramp() || owed < all) {
            part = part.step("started on", first.to_string());
        }
        let schedule = self.frame.view.schedule(slot.team);
        for (first, last) in slot.absences.ranges() {
            if schedule.start_of(*first) < self.making.span.end && *last >= schedule.date(self.making.span.start) {
                part = part.step("away", format!("{first} to {last}"));
            }
        }
        part
    }

    fn group_steps(&self, part: Part, scope: Scope) -> Part {
        let view = self.frame.view;
        let Some(group) = self.making.group(scope) else { return part };
        if group.is_own {
            return part.step("by", origin(group.origin, ""));
        }
        let slots = self.making.slots(view, scope);
        let of_reps = slots.iter().filter_map(|slot| self.making.rep(*slot));
        let part = of_reps.fold(part.step("by", "the sum of its reps' targets"), |part, target| {
            part.step(self.name(target.slot), target.value.to_string())
        });
        let without = self.making.without(view, scope);
        without.into_iter().fold(part, |part, (slot, why)| part.step(self.name(slot), format!("no target: {why}")))
    }

    /// What was reached, with its records.
    fn actual(&self, role: Role) -> Vec<Part> {
        self.reached(self.making.span, role, "actual")
    }

    /// What was reached inside a span. Where it is no sum, what it is made of stands beside it.
    fn reached(&self, span: Span, role: Role, name: &'static str) -> Vec<Part> {
        let slots = self.making.slots(self.frame.view, self.asked.scope);
        let span = (!matches!(self.goal.measured.measure.fold, Fold::Level(_))).then_some(span);
        let gather = Gather::new(self.asked.view, self.asked.limit).of_slots(&slots).within(span);
        one_figure(gather.measure(&self.goal.measured.measure), role, name)
    }

    /// What is expected by now, and how that was found.
    fn expected(&self, role: Role) -> Part {
        let Some(figure) = &self.figure else { return Part::figure("expected", None).role(role) };
        let part = Part::figure("expected", Some(figure.expected)).role(role);
        match figure.basis {
            None => part,
            Some(Basis::Whole) => part.step("by", "the target, at any time of the period"),
            Some(Basis::Time(share)) => {
                part.step("by", "the share of the working time owed that has passed").step("share", share.to_string())
            }
            Some(Basis::Usual(share, periods)) => part
                .step("by", format!("the median share reached by then in {periods} finished periods"))
                .step("share", share.to_string()),
            Some(Basis::Reps) => self.expected_of_reps(part, figure),
        }
    }

    fn expected_of_reps(&self, part: Part, figure: &Figure) -> Part {
        let place = self.frame.options.goals.goals.iter().position(|goal| goal.name == self.goal.name);
        let outcome = place.and_then(|place| self.frame.outcomes().get(place)?.as_ref());
        let slots = self.making.slots(self.frame.view, self.asked.scope);
        let of_reps = slots.iter().filter_map(|slot| Some((*slot, outcome?.of(Scope::Rep(*slot))?.expected)));
        let (part, shown) = of_reps.fold(
            (part.step("by", "the sum of what is expected of its reps"), 0.0),
            |(part, sum), (slot, expected)| (part.step(self.name(slot), expected.to_string()), sum + expected),
        );
        match figure.expected - shown {
            rest if rest.abs() > 1e-9 * figure.expected.abs() => part.step("people who are hidden", rest.to_string()),
            _ => part,
        }
    }

    /// Reached by what stands against it, or the other way round where less is better.
    fn compared(&self, standard: Part) -> Vec<Part> {
        match self.goal.lower_is_better {
            false => self.actual(Role::Times).into_iter().chain([standard.role(Role::By)]).collect(),
            true => [standard.role(Role::Times)].into_iter().chain(self.actual(Role::By)).collect(),
        }
    }
}

/// One part with the figure of several, which stand beside it.
pub(in crate::metrics) fn one_figure(parts: Vec<Part>, role: Role, name: &'static str) -> Vec<Part> {
    if let [_] = parts.as_slice() {
        return parts.into_iter().map(|part| part.named(name).role(role)).collect();
    }
    let figure = Part::figure(name, joined(&parts)).role(role);
    [figure].into_iter().chain(parts.into_iter().map(|part| part.role(Role::Beside))).collect()
}

fn told(span: Span) -> String {
    format!("{} to {}", span.start, span.end.plus_millis(-1))
}

/// Hours with as many digits as matter.
fn hours(millis: f64) -> f64 {
    (millis / HOUR * 100.0).round() / 100.0
}

fn origin(origin: Origin, role: &str) -> String {
    match origin {
        Origin::Own => "the settings, for exactly this one".to_owned(),
        Origin::Quota => "the CRM's quota, taken as it is".to_owned(),
        Origin::Role => format!("the settings, for the role {role}"),
        Origin::Team => "the settings, for each rep of the team".to_owned(),
        Origin::Default => "the settings, for everybody (default)".to_owned(),
    }
}

/// Makes the parts of a figure of a goal.
macro_rules! parts {
    ($(#[$doc:meta])* $name:ident, $of:expr) => {
        $(#[$doc])*
        pub(in crate::metrics) fn $name(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
            let of: fn(&Found<'_, '_>) -> Vec<Part> = $of;
            Found::new(frame, asked).as_ref().map(of).unwrap_or_default()
        }
    };
}

parts!(
    /// Of `crm_goal_target`.
    target, |found| vec![found.target()]
);
parts!(
    /// Of `crm_goal_actual`.
    actual, |found| found.actual(Role::Times)
);
parts!(
    /// Of `crm_goal_expected`.
    expected, |found| vec![found.expected(Role::Times), found.target().role(Role::Beside)]
);
parts!(
    /// Of `crm_pacing_ratio`.
    pacing, |found| {
        let target = found.target().role(Role::Beside);
        found.compared(found.expected(Role::Times)).into_iter().chain([target]).collect()
    }
);
parts!(
    /// Of `crm_goal_attainment_ratio`.
    attainment, |found| found.compared(found.target())
);
parts!(
    /// Of `crm_goal_projected`.
    projected, |found| {
        let actual = found.actual(Role::Times);
        match found.goal.accumulates() {
            true => actual.into_iter().chain([found.target(), found.expected(Role::By)]).collect(),
            false => actual,
        }
    }
);
parts!(
    /// Of `crm_goal_needed_per_working_day`.
    needed, |found| {
        let Some(figure) = found.figure else { return Vec::new() };
        if figure.needed_per_day == Some(0.0) {
            let met = Part::figure("missing", Some(0.0)).step("why", "the target is met");
            let beside = found.actual(Role::Beside).into_iter().chain([found.target().role(Role::Beside)]);
            return [met].into_iter().chain(beside).collect();
        }
        let days = Part::figure("working days left", Some(f64::from(figure.days_left))).role(Role::By);
        [found.target()].into_iter().chain(found.actual(Role::Less)).chain([days]).collect()
    }
);
parts!(
    /// Of `crm_goal_met_timestamp_seconds`.
    met, |found| {
        let Some(met_at) = found.figure.and_then(|figure| figure.met_at) else { return Vec::new() };
        let until = Span { end: met_at.plus_millis(1), ..found.making.span };
        let first = Part::figure("first reached", Some(met_at.seconds()));
        let beside = found.reached(until, Role::Beside, "reached by then").into_iter();
        [first].into_iter().chain(beside).chain([found.target().role(Role::Beside)]).collect()
    }
);

/// Of `crm_goal_streak_periods`.
pub(in crate::metrics) fn streak(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let goal = frame.options.goals.goals.iter().find(|goal| asked.label("goal") == Some(&goal.name));
    let (Some(goal), Scope::Rep(slot)) = (goal, asked.scope) else { return Vec::new() };
    let finished = goals::finished(frame.view, goal, slot);
    let attained = finished.iter().filter(|period| period.attained == Some(true)).count();
    let part = Part::figure("periods in a row", Some(attained as f64));
    vec![finished.iter().fold(part, |part, period| {
        let text = |figure: Option<f64>| figure.map_or("nothing".to_owned(), |figure| figure.to_string());
        let (actual, target) = (text(period.actual), text(period.target));
        let is = match period.attained {
            None => "passed over: no working time owed".to_owned(),
            Some(true) => format!("attained: {actual} of {target}"),
            Some(false) => format!("not attained: {actual} of {target}"),
        };
        part.step(told(period.span), is)
    })]
}

/// Of `crm_goal_attainers_ratio`.
pub(in crate::metrics) fn attainers(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let Some(found) = Found::new(frame, asked) else { return Vec::new() };
    let view = frame.view;
    let in_scope = |target: &&RepTarget| match asked.scope {
        Scope::Team(team) => view.people.slots[target.slot as usize].team == team,
        Scope::Org | Scope::Rep(_) => true,
    };
    let targets = found.making.reps().iter().filter(in_scope).filter(|target| target.value > 0.0);
    let (mut steps, mut attained, mut all) = (Vec::new(), 0.0, 0.0);
    for target in targets {
        let actual = reached_by(&found, target.slot);
        let has = actual.is_some_and(|actual| found.goal.is_attained(actual, target.value));
        attained += f64::from(u8::from(has));
        all += 1.0;
        let verdict = if has { "attained" } else { "not attained" };
        let actual = actual.map_or("nothing".to_owned(), |actual| actual.to_string());
        steps.push((found.name(target.slot).to_owned(), format!("{verdict}: {actual} of {}", target.value)));
    }
    let attained = Part { steps, ..Part::figure("reps who attained it", Some(attained)) };
    vec![attained, Part::figure("reps with a target above 0", Some(all)).role(Role::By)]
}

fn reached_by(found: &Found<'_, '_>, slot: u32) -> Option<f64> {
    let span = (!matches!(found.goal.measured.measure.fold, Fold::Level(_))).then_some(found.making.span);
    let gather = Gather::new(found.asked.view, 0).of_slots(&[slot]).within(span);
    joined(&gather.measure(&found.goal.measured.measure))
}

/// Of `crm_scorecard_score`.
pub(in crate::metrics) fn scorecard(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let goals = &frame.options.goals;
    let scorecard = goals.scorecards.iter().find(|scorecard| asked.label("scorecard") == Some(&scorecard.name));
    let (Some(scorecard), Scope::Rep(slot)) = (scorecard, asked.scope) else { return Vec::new() };
    let (mut sum, mut weights) = (Part::figure("weighted paces", Some(0.0)), 0.0);
    let mut total = 0.0;
    for one in scorecard.scored(slot, frame.outcomes()) {
        let capped = if one.capped < one.pace { format!(", capped at {}", one.capped) } else { String::new() };
        sum = sum.step(&goals.goals[one.goal].name, format!("pace {}{capped}, weight {}", one.pace, one.weight));
        total += one.capped * one.weight;
        weights += one.weight;
    }
    vec![Part { value: Some(total), ..sum }, Part::figure("weights", Some(weights)).role(Role::By)]
}

/// Of `crm_rep_record_value`.
pub(in crate::metrics) fn record_value(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    best(frame, asked).map(|(_, parts)| parts).unwrap_or_default()
}

/// Of `crm_rep_record_timestamp_seconds`.
pub(in crate::metrics) fn record_timestamp(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let Some((at, parts)) = best(frame, asked) else { return Vec::new() };
    let beside = parts.into_iter().map(|part| part.role(Role::Beside));
    [Part::figure("reached", Some(at.seconds()))].into_iter().chain(beside).collect()
}

/// When a rep's best period reached its figure, and what that is made of.
fn best(frame: &Frame<'_>, asked: &Asked<'_>) -> Option<(Timestamp, Vec<Part>)> {
    let Scope::Rep(slot) = asked.scope else { return None };
    let wanted = |measured: &goals::Resolved, period: Period| {
        asked.label("measure") == Some(&measured.selector)
            && asked.label("window") == Some(&Window::Current(period).to_string())
    };
    let (measured, period, bests) = frame.bests().iter().find(|(measured, period, _)| wanted(measured, *period))?;
    let best = bests.iter().find(|best| best.slot == slot)?;
    let span = view_period(frame.view, *period, best.at);
    let gather = Gather::new(asked.view, asked.limit).of_slots(&[slot]).within(Some(span));
    let parts = one_figure(gather.measure(&measured.measure), Role::Times, "best period");
    Some((best.at, parts.into_iter().map(|part| part.step("period", told(span))).collect()))
}

fn view_period(view: &View<'_>, period: Period, at: Timestamp) -> Span {
    view.calendar().period(period, at)
}
