//! Deals: results.

use std::collections::HashMap;

use super::shape::windows_of;
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::domain::{Object, Span};
use crate::exposition::Encoder;
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
        shape: Shape::Own(Own { labels: &["scope", "team", "rep", "window"], write: velocity }),
        as_of: AsOf::Attributes,
        drop_order: 30,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_cost_of_sales_ratio",
        help: "Configured cost of the team in the window / value won in it. Org: all teams with a cost over all value won.",
        group: Group::DealRatios,
        needs: VALUES,
        shape: Shape::Own(Own { labels: &["scope", "team", "window"], write: cost_of_sales }),
        as_of: AsOf::Attributes,
        drop_order: 30,
        nature: Nature::Lagging,
    },
];

fn velocity(frame: &Frame<'_>, out: &mut Encoder) {
    const MILLIS_A_DAY: f64 = 86_400_000.0;
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

fn cost_of_sales(frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    let windows = windows_of(frame, Group::DealRatios, Object::Deal);
    let won = fold::sums(view, &measure::ALL_WON_VALUE, &windows).by_scope(view);
    let mut costs: HashMap<Scope, Vec<f64>> = HashMap::new();
    for (team, steps) in &frame.options.costs {
        let named = |entry: &crate::facts::TeamEntry| entry.label == *team || entry.name.as_ref() == Some(team);
        let team = view.people.teams.iter().position(named).map(|index| Scope::Team(index as u32));
        for scope in team.into_iter().chain([Scope::Org]) {
            let sums = costs.entry(scope).or_insert_with(|| vec![0.0; windows.len()]);
            for (sum, (_, span)) in sums.iter_mut().zip(windows.iter()) {
                // Windows contain `now`; time has passed only until then.
                let passed = Span { end: span.end.min(view.now), ..span };
                *sum += super::costs::accrued(view.calendar(), steps, passed);
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
