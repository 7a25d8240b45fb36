//! The goals of a made-up sales floor: one of each kind that costs something of its own.

use crm_exporter::goals::settings::{Goal, Pace, Scorecard, Target};
use crm_exporter::setting::Number;
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

fn number(number: i64) -> Number {
    Number(number.into())
}
