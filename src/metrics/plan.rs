//! Plans: what the rest of a period needs to reach its target.

use super::explain::{Asked, Explain, Part, Role};
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::exposition::Encoder;
use crate::goals::plan::{self, Plan, Rates, STEPS};

/// What a plan needs differs from step to step.
const NOTHING: Needs = Needs { all: &[], any: &[], also: &[] };

pub(super) const METRICS: &[Metric] = &[Metric {
    name: "crm_plan_required",
    help: "What the rest of the period needs at the team's own rates of 180d: wins, deals to create, SQLs, and key \
           activities per active rep and working day left; for goals on crm_deals_won_value.",
    group: Group::Goals,
    needs: NOTHING,
    shape: Shape::Own(Own { labels: &["goal", "step", "team", "window"], write, explain: Explain::Parts(parts) }),
    as_of: AsOf::Attributes,
    drop_order: 5,
    nature: Nature::Descriptive,
}];

/// Which period a plan is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizon {
    /// What is left of the current one.
    Rest,
    /// The next one.
    Next,
}

/// The plans of the goals on value won, of which the records at hand tell how they stand; in the order of goals and teams.
pub fn plans(frame: &Frame<'_>, horizon: Horizon) -> Vec<Plan> {
    let goals = frame.options.goals.goals.iter().zip(frame.outcomes());
    let goals = goals.filter_map(|(goal, outcome)| Some((goal, outcome.as_ref().filter(|_| goal.is_planned())?)));
    let mut goals = goals.peekable();
    if goals.peek().is_none() {
        return Vec::new();
    }
    let rates = Rates::new(frame.view, |name| super::find(name).is_some_and(|metric| metric.is_known(frame)));
    let plans = goals.flat_map(|(goal, outcome)| match horizon {
        Horizon::Rest => plan::rest(frame.view, goal, outcome, &rates),
        Horizon::Next => plan::next(frame.view, goal, &rates),
    });
    plans.collect()
}

fn parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let is_asked = |plan: &Plan| asked.label("goal") == Some(&plan.goal) && asked.label("team") == Some(&plan.team);
    let Some(plan) = plans(frame, Horizon::Rest).into_iter().find(is_asked) else { return Vec::new() };
    let step = asked.label("step").unwrap_or_default();
    let missing = Part::figure("missing to the target", Some((plan.target - plan.won).max(0.0)))
        .step("target", plan.target.to_string())
        .step("won so far", plan.won.to_string());
    if plan.won >= plan.target {
        return vec![missing];
    }
    let rates = &plan.rates;
    let by = |name: &str, value| Part::figure(name, value).role(Role::By);
    let mut parts = vec![missing, by("average deal size", rates.deal_size)];
    if step != "wins" {
        parts.push(by("win ratio", rates.win_ratio));
    }
    let per_deal =
        |count| [Part::figure("of them in the window of 180d", count), by("deals created in it", rates.created)];
    match rates.activities.iter().find(|(name, _)| name == step) {
        _ if STEPS[..2].contains(&step) => {}
        _ if step == STEPS[2] => parts.extend(per_deal(rates.sqls)),
        count => {
            parts.extend(per_deal(count.and_then(|(_, count)| *count)));
            parts.push(by("active reps", Some(f64::from(plan.reps))));
            parts.push(by("working days left", Some(f64::from(plan.days))));
        }
    }
    parts
}

fn write(frame: &Frame<'_>, out: &mut Encoder) {
    for plan in plans(frame, Horizon::Rest) {
        let goal = frame.options.goals.goals.iter().find(|goal| goal.name == plan.goal);
        let Some(window) = goal.map(|goal| goal.window().to_string()) else { continue };
        let steps = STEPS.into_iter().zip([plan.wins, plan.deals, plan.sqls]);
        let activities = plan.activities.iter().map(|(name, each)| (name.as_str(), *each));
        for (step, value) in steps.chain(activities).filter_map(|(step, value)| Some((step, value?))) {
            let labels = [("goal", plan.goal.as_str()), ("step", step), ("team", &plan.team), ("window", &window)];
            out.sample(&labels, value);
        }
    }
}
