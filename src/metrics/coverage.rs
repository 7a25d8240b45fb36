//! How far the open pipeline covers what is missing to a target.

use chrono::NaiveDate;

use super::deals::VALUES;
use super::explain::{Asked, Explain, Part, Role};
use super::goals::labels;
use super::{AsOf, Frame, Group, Metric, Nature, Own, Shape};
use crate::calendar::{Period, Window};
use crate::domain::Object;
use crate::exposition::Encoder;
use crate::facts::View;
use crate::goals::{Goal, Goals};
use crate::measures::fold::{Cells, Scope};
use crate::measures::stats::ratio;
use crate::measures::{Dim, Unit, funnel};
use crate::setting::{self, Problem};

const PIPELINE: &[Dim] = &[Dim::Pipeline];

/// The metric that covered goals are on.
const TARGETED: &str = "crm_deals_won_value";

pub(super) const METRICS: &[Metric] = &[Metric {
    name: "crm_pipeline_coverage_ratio",
    help: "Value of the open deals expected to close from today to the end of the current period / what is missing to the target of the goal on value won. Absent without a target and once it is met.",
    group: Group::Coverage,
    needs: VALUES,
    shape: Shape::Own(Own { labels: &["scope", "team", "rep", "window"], write, explain: Explain::Parts(parts) }),
    as_of: AsOf::Attributes,
    drop_order: 10,
    nature: Nature::Leading,
}];

/// Place of the goal that `deals.coverage_goal` names, if it does.
pub(super) fn chosen(name: Option<&str>, goals: &Goals) -> Result<Option<usize>, Problem> {
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else { return Ok(None) };
    let problem = |text| Problem::new("deals.coverage_goal", text);
    let Some(place) = goals.goals.iter().position(|goal| goal.name == name) else {
        let known: Vec<&str> = goals.goals.iter().map(|goal| goal.name.as_str()).collect();
        return Err(problem(format!("`{name}` is no goal; {}", setting::instead(name, &known))));
    };
    let metric = goals.goals[place].measured.metric;
    match metric == TARGETED {
        true => Ok(Some(place)),
        false => Err(problem(format!("`{name}` is on {metric}; deals can only cover a goal on {TARGETED}"))),
    }
}

/// Place of the goal to be covered in a period: the chosen one in its own, else the first on value won.
fn covered(frame: &Frame<'_>, period: Period) -> Option<usize> {
    let goals = &frame.options.goals.goals;
    let chosen = frame.options.coverage_goal.filter(|place| goals[*place].period == period);
    let fits = |goal: &Goal| goal.period == period && goal.measured.metric == TARGETED;
    chosen.or_else(|| goals.iter().position(fits))
}

fn write(frame: &Frame<'_>, out: &mut Encoder) {
    for window in frame.options.windows(Group::Coverage) {
        let Window::Current(period) = *window else { continue };
        let Some(place) = covered(frame, period) else { continue };
        let Some(outcome) = &frame.outcomes()[place] else { continue };
        let expected = expected(frame, &frame.options.goals.goals[place]);
        let window = window.to_string();
        for figure in &outcome.figures {
            let missing = figure.target - figure.actual.unwrap_or(0.0);
            if missing > 0.0
                && let Some(coverage) = ratio(expected(figure.scope), missing)
            {
                let [scope, team, rep] = labels(frame, figure.scope);
                out.sample(&[scope, team, rep, ("window", &window)], coverage);
            }
        }
    }
}

fn parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let Some((Window::Current(period), _)) = asked.window else { return Vec::new() };
    let Some(place) = covered(frame, period) else { return Vec::new() };
    let figure = frame.outcomes()[place].as_ref().and_then(|outcome| outcome.of(asked.scope));
    let (Some(figure), goal) = (figure, &frame.options.goals.goals[place]) else { return Vec::new() };
    let view = asked.view;
    let last = last_day(view, goal);
    let gather = asked.gather().within(None).only(&goal.measured.measure.only);
    let expected =
        gather.standings(Object::Deal, PIPELINE, Unit::Money, |sink| funnel::each_expected(view, last, sink));
    let actual = figure.actual.unwrap_or(0.0);
    let missing = Part::figure("missing to the target", Some(figure.target - actual))
        .step("goal", &goal.name)
        .step("target", figure.target.to_string())
        .step("reached", actual.to_string());
    vec![expected.named("value expected to close by the end of the period"), missing.role(Role::By)]
}

/// The last day of a goal's period.
fn last_day(view: &View<'_>, goal: &Goal) -> NaiveDate {
    let end = view.calendar().period(goal.period, view.now).end;
    view.calendar().date(end.plus_millis(-1))
}

/// Value of a scope's open deals expected to close by the end of the goal's period, of those that the goal counts: one that
/// is narrowed to a pipeline is covered by that pipeline.
fn expected<'f>(frame: &'f Frame<'_>, goal: &Goal) -> impl Fn(Scope) -> f64 + use<'f> {
    let view = frame.view;
    let last = last_day(view, goal);
    let mut filter = goal.measured.measure.filter(view, PIPELINE);
    let mut cells = Cells::new(1);
    funnel::each_expected(view, last, &mut |standing| {
        if filter.takes(standing.dims) {
            cells.add((standing.slot, [0, 0]), 0, standing.amount);
        }
    });
    let sums = cells.by_scope(view);
    move |scope| sums.get(&(scope, [0, 0])).map_or(0.0, |sums| Unit::Money.sample(view, sums[0]))
}
