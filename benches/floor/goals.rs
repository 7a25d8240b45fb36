//! What a made-up sales floor is asked for: one goal of each kind that costs something of its own, a contest and benchmarks.

use crm_exporter::goals::settings::{Goal, Pace, Scorecard, Target};
use crm_exporter::setting::Number;
use crm_exporter::{benchmarks, contests};
use indexmap::IndexMap;

/// Calls a week and a day, contacts a month, value won a quarter by what was usual, and a win ratio.
pub(crate) fn goals() -> IndexMap<String, Goal> {
    let goal = |measure: &str, window: &str, target: i64| Goal {
        measure: measure.into(),
        window: window.into(),
        target: Target { default: Some(number(target)), ..Default::default() },
        ..Default::default()
    };
    let calls = r#"crm_activities{kind="call"}"#;
    let goals = [
        ("weekly_calls", Goal { ramp: vec![number(0), number(1)], ..goal(calls, "week", 50) }),
        ("daily_calls", goal(calls, "day", 10)),
        ("monthly_contacts", goal("crm_contacts_touched", "month", 100)),
        ("quota", Goal { pace: Pace::History, ..goal("crm_deals_won_value", "quarter", 500_000) }),
        ("wins", goal("crm_win_ratio", "quarter", 1)),
    ];
    goals.into_iter().map(|(name, goal)| (name.to_owned(), goal)).collect()
}

/// A scorecard of them all.
pub(crate) fn scorecards() -> IndexMap<String, Scorecard> {
    let weights = goals().into_keys().map(|goal| (goal, number(1))).collect();
    [("all".to_owned(), Scorecard { weights, ..Default::default() })].into()
}

/// One for calls, this month.
pub(crate) fn contests() -> IndexMap<String, contests::settings::Contest> {
    let contest = contests::settings::Contest {
        measure: Some(r#"crm_activities{kind="call"}"#.into()),
        from: "2026-11-01".parse().ok(),
        to: "2026-11-30".parse().ok(),
        ..Default::default()
    };
    [("month_race".to_owned(), contest)].into()
}

/// Three measures against two results.
pub(crate) fn benchmarks() -> benchmarks::settings::Settings {
    let measures = ["crm_activities", "crm_contacts_touched", "crm_win_ratio"];
    benchmarks::settings::Settings { measures: measures.map(str::to_owned).into(), ..Default::default() }
}

fn number(number: i64) -> Number {
    Number(number.into())
}
