//! Deals: results.

use std::collections::HashMap;

use super::explain::{Asked, Explain, Part, Role};
use super::shape::windows_of;
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::domain::{Object, Span};
use crate::exposition::Encoder;
use crate::facts::{TeamEntry, View};
use crate::measures::fold::{self, Scope};
use crate::measures::stats::{Stat, mean, ratio};
use crate::measures::{deals as measure, funnel};

/// Stages say which deals are closed; where stage history is delivered, it says when they were.
const STAGES: &[Object] = &[Object::User, Object::Team, Object::Pipeline, Object::Stage, Object::StageChange];
pub(super) const DEALS: Needs = Needs { all: &[Object::Deal], any: &[], also: STAGES };
/// Where rates are delivered, values need them.
pub(super) const VALUES: Needs = Needs {
    all: &[Object::Deal],
    any: &[],
    also: &[Object::User, Object::Team, Object::Pipeline, Object::Stage, Object::StageChange, Object::CurrencyRate],
};

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_deals_created",
        help: "Deals created in the window, whatever their status now.",
        group: Group::Deals,
        needs: DEALS,
        shape: Shape::Sum(&measure::CREATED),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_deals_created_value",
        help: "Value of the deals created in the window, in the reporting currency.",
        group: Group::Deals,
        needs: VALUES,
        shape: Shape::Sum(&measure::CREATED_VALUE),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_deals_won",
        help: "Deals won with close time in the window.",
        group: Group::Deals,
        needs: DEALS,
        shape: Shape::Sum(&measure::WON),
        as_of: AsOf::Attributes,
        drop_order: 5,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_deals_won_value",
        help: "Value of the deals won with close time in the window, in the reporting currency.",
        group: Group::Deals,
        needs: VALUES,
        shape: Shape::Sum(&measure::WON_VALUE),
        as_of: AsOf::Attributes,
        drop_order: 5,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_deals_lost",
        help: "Deals lost with close time in the window.",
        group: Group::Deals,
        needs: DEALS,
        shape: Shape::Sum(&measure::LOST),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_deals_lost_value",
        help: "Value of the deals lost with close time in the window, in the reporting currency.",
        group: Group::Deals,
        needs: VALUES,
        shape: Shape::Sum(&measure::LOST_VALUE),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_deals_lost_by_reason",
        help: "Deals lost with close time in the window, by the CRM's loss reason.",
        group: Group::Deals,
        needs: DEALS,
        shape: Shape::TeamSum(&measure::LOST_BY_REASON, &measure::LOST_BY_REASON),
        as_of: AsOf::Attributes,
        drop_order: 40,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_win_ratio",
        help: "Won / (won + lost), by count, of the deals closed in the window.",
        group: Group::DealRatios,
        needs: DEALS,
        shape: Shape::Ratio(&measure::POOLED_WON, &measure::POOLED_CLOSED),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_win_value_ratio",
        help: "Won / (won + lost), by value, of the deals closed in the window.",
        group: Group::DealRatios,
        needs: VALUES,
        shape: Shape::Ratio(&measure::POOLED_WON_VALUE, &measure::POOLED_CLOSED_VALUE),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_deal_size_average",
        help: "Mean value of the deals won in the window that have a value, in the reporting currency.",
        group: Group::DealRatios,
        needs: VALUES,
        shape: Shape::Mean(&measure::POOLED_WON_SIZE),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_sales_cycle_seconds",
        help: "Close time minus creation of the deals won in the window.",
        group: Group::DealRatios,
        needs: DEALS,
        shape: Shape::Stats(&measure::CYCLE, &[Stat::Mean, Stat::P50, Stat::P90]),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_sales_velocity_value_per_day",
        help: "Open deals now x win ratio x average deal size / mean cycle in days, the last three over the window.",
        group: Group::DealRatios,
        needs: VALUES,
        shape: Shape::Own(Own {
            labels: &["scope", "team", "rep", "window"],
            write: velocity,
            explain: Explain::Parts(velocity_parts),
        }),
        as_of: AsOf::Attributes,
        drop_order: 30,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_cost_of_sales_ratio",
        help: "Configured cost of the team in the window / value won in it. Org: all teams with a cost over all value won.",
        group: Group::DealRatios,
        needs: VALUES,
        shape: Shape::Own(Own {
            labels: &["scope", "team", "window"],
            write: cost_of_sales,
            explain: Explain::Parts(cost_parts),
        }),
        as_of: AsOf::Attributes,
        drop_order: 30,
        nature: Nature::Lagging,
    },
];

const MILLIS_A_DAY: f64 = 86_400_000.0;

fn velocity_parts(_: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let cycle = asked.samples("mean cycle in days", &measure::CYCLE, Stat::Mean).role(Role::By);
    let days = cycle.value.map(|seconds| seconds * 1000.0 / MILLIS_A_DAY);
    vec![
        asked.level("open deals", &funnel::POOLED_OPEN),
        asked.sum("deals won", &measure::POOLED_WON),
        asked.sum("deals won or lost", &measure::POOLED_CLOSED).role(Role::By),
        asked.samples("average deal size", &measure::POOLED_WON_SIZE, Stat::Mean),
        Part { value: days, ..cycle },
    ]
}

fn velocity(frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    let windows = windows_of(frame, Group::DealRatios, Object::Deal);
    let open = fold::standing(view, &funnel::POOLED_OPEN).by_scope(view);
    let won = fold::sums(view, &measure::POOLED_WON, &windows).by_scope(view);
    let closed = fold::sums(view, &measure::POOLED_CLOSED, &windows).by_scope(view);
    let sizes = fold::samples(view, &measure::POOLED_WON_SIZE, &windows);
    let cycles = fold::samples(view, &measure::CYCLE, &windows);
    let velocity = |key: &(Scope, _), window: usize| {
        let wins = ratio(won.get(key)?[window], closed.get(key)?[window])?;
        let size = measure::POOLED_WON_SIZE.unit.sample(view, mean(&sizes.get(key)?[window])?);
        let days = mean(&cycles.get(key)?[window])? / MILLIS_A_DAY;
        // Without open deals nothing moves, which is a figure.
        ratio(open.get(key).map_or(0.0, |open| open[0]) * wins * size, days)
    };
    let values = closed.keys().map(|key| (*key, (0..windows.len()).map(|window| velocity(key, window)).collect()));
    super::shape::scoped(view, &[], values.collect(), &windows, None, out);
}

/// Whom the cost of a team of the settings is counted for.
fn cost_scopes(view: &View<'_>, team: &str) -> impl Iterator<Item = Scope> + use<> {
    let named = |entry: &TeamEntry| entry.label == team || entry.name.as_deref() == Some(team);
    let place = view.people.teams.iter().position(named);
    place.map(|index| Scope::Team(index as u32)).into_iter().chain([Scope::Org])
}

/// What a team of the settings has cost in a window so far.
fn cost(frame: &Frame<'_>, team: &str, span: Span) -> f64 {
    let steps = frame.options.costs.get(team).map_or(&[][..], Vec::as_slice);
    // Windows contain `now`; time has passed only until then.
    let passed = Span { end: span.end.min(frame.view.now), ..span };
    super::costs::accrued(frame.view.calendar(), steps, passed)
}

fn cost_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let Some((_, span)) = asked.window else { return Vec::new() };
    let counted = |team: &&String| cost_scopes(asked.view, team).any(|scope| scope == asked.scope);
    let costs = frame.options.costs.keys().filter(counted).map(|team| (team, cost(frame, team, span)));
    let costs: Vec<_> = costs.collect();
    let total = costs.iter().map(|(_, cost)| cost).sum();
    let part = Part::figure("configured cost", Some(total));
    let part = costs.into_iter().fold(part, |part, (team, cost)| part.step(team, cost.to_string()));
    vec![part, asked.sum("value won", &measure::ALL_WON_VALUE).role(Role::By)]
}

fn cost_of_sales(frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    let windows = windows_of(frame, Group::DealRatios, Object::Deal);
    let won = fold::sums(view, &measure::ALL_WON_VALUE, &windows).by_scope(view);
    let mut costs: HashMap<Scope, Vec<f64>> = HashMap::new();
    for team in frame.options.costs.keys() {
        for scope in cost_scopes(view, team) {
            let sums = costs.entry(scope).or_insert_with(|| vec![0.0; windows.len()]);
            for (sum, (_, span)) in sums.iter_mut().zip(windows.iter()) {
                *sum += cost(frame, team, span);
            }
        }
    }
    let mut scopes: Vec<_> = costs.into_iter().collect();
    scopes.sort_by_key(|(scope, _)| *scope);
    for (scope, costs) in scopes {
        let (name, team) = match scope {
            Scope::Team(index) => ("team", view.people.teams[index as usize].label.as_str()),
            Scope::Org | Scope::Rep(_) => ("org", ""),
        };
        for ((index, (window, _)), cost) in windows.iter().enumerate().zip(costs) {
            let value = won.get(&(scope, [0, 0])).map_or(0.0, |won| won[index]);
            // Without any cost in the window there is nothing to compare.
            if let Some(ratio) = ratio(cost, measure::ALL_WON_VALUE.unit.sample(view, value)).filter(|_| cost > 0.0) {
                out.sample(&[("scope", name), ("team", team), ("window", &window.to_string())], ratio);
            }
        }
    }
}
