//! Goals and pacing.

use super::explain::{Explain, goals as parts};
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::calendar::Window;
use crate::exposition::Encoder;
use crate::goals::{self, Figure, Goal};
use crate::measures::Unit;
use crate::measures::fold::Scope;

/// What a goal needs is what its measure needs, which differs from goal to goal.
const NOTHING: Needs = Needs { all: &[], any: &[], also: &[] };

const FIGURE: &[&str] = &["goal", "scope", "team", "rep", "window"];

/// A row of a figure that every target has.
macro_rules! figure {
    ($name:literal, $help:literal, $value:expr, $parts:expr) => {
        row!($name, $help, FIGURE, |frame, out| figures(frame, out, $value), Explain::Parts($parts), AsOf::Attributes)
    };
}

/// A row with a computation of its own.
macro_rules! row {
    ($name:literal, $help:literal, $labels:expr, $write:expr, $explain:expr, $as_of:expr) => {
        Metric {
            name: $name,
            help: $help,
            group: Group::Goals,
            needs: NOTHING,
            shape: Shape::Own(Own { labels: $labels, write: $write, explain: $explain }),
            as_of: $as_of,
            drop_order: 0,
            nature: Nature::Descriptive,
        }
    };
}

pub(super) const METRICS: &[Metric] = &[
    figure!(
        "crm_goal_target",
        "Target of the current period, less for who started, left or was away inside it or is on ramp.",
        |figure| Some(figure.target),
        parts::target
    ),
    figure!("crm_goal_actual", "The goal's measure over the current period.", |figure| figure.actual, parts::actual),
    figure!(
        "crm_goal_expected",
        "What should be reached by now: target x the share of the working time owed that has passed, or the share usually \
         reached by then.",
        |figure| Some(figure.expected),
        parts::expected
    ),
    figure!(
        "crm_pacing_ratio",
        "Actual / expected, where less is better expected / actual: 1 is on pace, above is better.",
        |figure| figure.pacing,
        parts::pacing
    ),
    row!(
        "crm_goal_attainment_ratio",
        "Actual / target, where less is better target / actual; also of the previous period.",
        FIGURE,
        attainment,
        Explain::Parts(parts::attainment),
        AsOf::Attributes
    ),
    figure!(
        "crm_goal_projected",
        "What the period comes to if it goes on as so far: actual x target / expected.",
        |figure| figure.projected,
        parts::projected
    ),
    figure!(
        "crm_goal_needed_per_working_day",
        "What is missing by working day left, today included; 0 once met.",
        |figure| figure.needed_per_day,
        parts::needed
    ),
    figure!(
        "crm_goal_met_timestamp_seconds",
        "When the running total first reached the target.",
        |figure| figure.met_at.map(|at| at.seconds()),
        parts::met
    ),
    row!(
        "crm_goal_streak_periods",
        "Finished periods in a row in which the goal was attained, back from the last one; at most 52.",
        &["goal", "team", "rep", "window"],
        streaks,
        Explain::Parts(parts::streak),
        AsOf::Attributes
    ),
    row!(
        "crm_goal_attainers_ratio",
        "Of the reps with a target above 0, the share who attained it; also in the previous period.",
        &["goal", "scope", "team", "window"],
        attainers,
        Explain::Parts(parts::attainers),
        AsOf::Attributes
    ),
    row!(
        "crm_scorecard_score",
        "Weighted mean of the pacing of the scorecard's goals (of ratios: the attainment), each capped.",
        &["scorecard", "team", "rep"],
        scorecards,
        Explain::Parts(parts::scorecard),
        AsOf::Attributes
    ),
    row!(
        "crm_goal_info",
        "1 for every goal: what it is called, in which unit and direction it is measured, and who answers for it.",
        &["goal", "title", "unit", "direction", "primary", "owner", "objective"],
        info,
        Explain::Written("goals in the settings"),
        AsOf::Exact
    ),
    row!(
        "crm_goal_reviewed_timestamp_seconds",
        "When it was last asked whether the goal is still the right one.",
        &["goal"],
        reviewed,
        Explain::Written("reviewed_on of the goal in the settings"),
        AsOf::Exact
    ),
    row!(
        "crm_rep_record_value",
        "Best period of a measure, finished or current, over the history held.",
        RECORD,
        |frame, out| records(frame, out, |best| best.value),
        Explain::Parts(parts::record_value),
        AsOf::Attributes
    ),
    row!(
        "crm_rep_record_timestamp_seconds",
        "When the figure of the best period was reached.",
        RECORD,
        |frame, out| records(frame, out, |best| best.at.seconds()),
        Explain::Parts(parts::record_timestamp),
        AsOf::Attributes
    ),
];

const RECORD: &[&str] = &["measure", "team", "rep", "window"];

/// The values of the labels `scope`, `team` and `rep`.
pub(super) fn labels<'v>(frame: &Frame<'v>, scope: Scope) -> [(&'static str, &'v str); 3] {
    let people = &frame.view.people;
    let team = |team: u32| people.teams[team as usize].label.as_str();
    match scope {
        Scope::Org => [("scope", "org"), ("team", ""), ("rep", "")],
        Scope::Team(index) => [("scope", "team"), ("team", team(index)), ("rep", "")],
        Scope::Rep(slot) => {
            let slot = &people.slots[slot as usize];
            [("scope", "rep"), ("team", team(slot.team)), ("rep", slot.rep.as_str())]
        }
    }
}

/// The goals that are known, and how they stand.
fn known<'f>(frame: &'f Frame<'_>) -> impl Iterator<Item = (&'f Goal, &'f goals::Outcome)> {
    let all = frame.options.goals.goals.iter().zip(frame.outcomes());
    all.filter_map(|(goal, outcome)| Some((goal, outcome.as_ref()?)))
}

fn figures(frame: &Frame<'_>, out: &mut Encoder, value: impl Fn(&Figure) -> Option<f64>) {
    for (goal, outcome) in known(frame) {
        let window = goal.window().to_string();
        for (figure, value) in outcome.figures.iter().filter_map(|figure| Some((figure, value(figure)?))) {
            let [scope, team, rep] = labels(frame, figure.scope);
            out.sample(&[("goal", &goal.name), scope, team, rep, ("window", &window)], value);
        }
    }
}

fn attainment(frame: &Frame<'_>, out: &mut Encoder) {
    for (goal, outcome) in known(frame) {
        let current = outcome.figures.iter().filter_map(|figure| Some((figure.scope, figure.attainment?)));
        for (window, ratios) in
            [(goal.window(), current.collect::<Vec<_>>()), (Window::Previous(goal.period), outcome.previous.clone())]
        {
            let window = window.to_string();
            for (scope, value) in ratios {
                let [scope, team, rep] = labels(frame, scope);
                out.sample(&[("goal", &goal.name), scope, team, rep, ("window", &window)], value);
            }
        }
    }
}

fn attainers(frame: &Frame<'_>, out: &mut Encoder) {
    for (goal, outcome) in known(frame) {
        let windows = [goal.window(), Window::Previous(goal.period)];
        for (window, shares) in windows.into_iter().zip(&outcome.attainers) {
            let window = window.to_string();
            for (scope, share) in shares {
                let [scope, team, _] = labels(frame, *scope);
                out.sample(&[("goal", &goal.name), scope, team, ("window", &window)], *share);
            }
        }
    }
}

fn streaks(frame: &Frame<'_>, out: &mut Encoder) {
    for (goal, outcome) in known(frame) {
        let window = goal.window().to_string();
        for (slot, streak) in &outcome.streaks {
            let [_, team, rep] = labels(frame, Scope::Rep(*slot));
            out.sample(&[("goal", &goal.name), team, rep, ("window", &window)], f64::from(*streak));
        }
    }
}

fn scorecards(frame: &Frame<'_>, out: &mut Encoder) {
    for scorecard in &frame.options.goals.scorecards {
        for (slot, score) in scorecard.scores(frame.view, frame.outcomes()) {
            let [_, team, rep] = labels(frame, Scope::Rep(slot));
            out.sample(&[("scorecard", &scorecard.name), team, rep], score);
        }
    }
}

fn info(frame: &Frame<'_>, out: &mut Encoder) {
    for goal in &frame.options.goals.goals {
        let unit = match goal.measured.measure.unit() {
            Some(Unit::Count) => "count",
            Some(Unit::Money) => "currency",
            Some(Unit::Millis) => "seconds",
            None => "ratio",
        };
        let labels = [
            ("goal", goal.name.as_str()),
            ("title", &goal.title),
            ("unit", unit),
            ("direction", if goal.lower_is_better { "down" } else { "up" }),
            ("primary", if goal.is_primary { "true" } else { "false" }),
            ("owner", &goal.owner),
            ("objective", &goal.objective),
        ];
        out.sample(&labels, 1.0);
    }
}

fn reviewed(frame: &Frame<'_>, out: &mut Encoder) {
    for goal in &frame.options.goals.goals {
        if let Some(date) = goal.reviewed_on {
            out.sample(&[("goal", &goal.name)], frame.view.calendar().start_of(date).seconds());
        }
    }
}

fn records(frame: &Frame<'_>, out: &mut Encoder, value: impl Fn(&goals::Best) -> f64) {
    for (measured, period, bests) in frame.bests() {
        let window = Window::Current(*period).to_string();
        for best in bests {
            let [_, team, rep] = labels(frame, Scope::Rep(best.slot));
            out.sample(&[("measure", &measured.selector), team, rep, ("window", &window)], value(best));
        }
    }
}
