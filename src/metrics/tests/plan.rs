//! Plans.
//!
//! It is Wednesday, March 18th, 13:00 UTC; with today ten working days of March are left. Of East's last 180 days: four deals
//! created, two won (100 in March, 300 before) and two lost, two leads qualified, eight meetings.

use super::Asked;
use super::activities::activity;
use super::deals::deal;
use super::goals::{NOW, org, rep, rep_of};
use crate::domain::{Lead, Object, Stage};
use crate::facts::View;
use crate::facts::testing::{Org, when};
use crate::metrics::{Frame, Horizon, plans};

const GOALS: &str = "{quota: {measure: crm_deals_won_value, window: month, target: {team_totals: {East: 1000}}}}";

fn floor() -> Org {
    let mut org = org([rep("Ana"), rep("Bo"), rep_of("West", "Cy")]);
    org.activities = "{key: {demo: {kind: meeting}}}";
    org.deliver(Object::Deal).deliver(Object::StageChange).deliver(Object::Lead);
    for (name, outcome) in [("Won", "won"), ("Lost", "lost")] {
        let stage = Stage { name: Some(name.into()), outcome: Some(outcome.into()), ..Default::default() };
        org.put(name, Stage { pipeline: Some("Sales".into()), ..stage });
    }
    // Cycles of 8 and 30 days: the median is 19.
    org.put("1", deal("Ana", "Won", "2026-03-02", "2026-03-10", "100"));
    org.put("2", deal("Bo", "Won", "2026-01-10", "2026-02-09", "300"));
    org.put("3", deal("Ana", "Lost", "2026-01-10", "2026-02-09", "50"));
    org.put("4", deal("Bo", "Lost", "2026-01-10", "2026-02-09", "50"));
    // Before the window, which begins on September 20th.
    org.put("5", deal("Bo", "Won", "2025-08-01", "2025-09-19", "9000"));
    for number in 0..2 {
        let sql_at = when("2026-02-03");
        let lead = Lead { owner: Some("Ana".into()), created_at: when("2026-02-01"), sql_at, ..Default::default() };
        org.put(&format!("lead {number}"), lead);
    }
    for number in 0..8 {
        org.put(&format!("demo {number}"), activity("meeting", "Ana", "2026-03-02T09:00:00Z"));
    }
    org
}

fn asked(org: Org) -> Asked {
    Asked { goals: GOALS, ..Asked::new(org) }
}

#[test]
fn a_target_is_led_back_to_what_has_to_be_done() {
    // 900 are missing: / 200 = 4.5 wins, / 0.5 = 9 deals, x 2/4 = 4.5 leads, x 8/4 = 18 demos of 2 reps in 10 days.
    asked(floor()).figures(
        NOW,
        r#"
        crm_plan_required{goal="quota",step="wins",team="East",window="month"} 4.5
        crm_plan_required{goal="quota",step="deals",team="East",window="month"} 9
        crm_plan_required{goal="quota",step="sql",team="East",window="month"} 4.5
        crm_plan_required{goal="quota",step="demo",team="East",window="month"} 0.9
        "#,
    );
}

#[test]
fn the_rates_are_those_that_are_exposed() {
    let metrics = "{windows: {deals: [180d], deals_ratios: [180d], leads: [180d], activities: [180d]}}";
    Asked { metrics, ..asked(floor()) }.figures(
        NOW,
        r#"
        crm_deal_size_average{scope="org",team="",rep="",window="180d"} 200
        crm_deal_size_average{scope="team",team="East",rep="",window="180d"} 200
        crm_deal_size_average{scope="rep",team="East",rep="Ana",window="180d"} 100
        crm_deal_size_average{scope="rep",team="East",rep="Bo",window="180d"} 300
        crm_deals_created{team="East",rep="Ana",pipeline="Sales",window="180d"} 2
        crm_deals_created{team="East",rep="Bo",pipeline="Sales",window="180d"} 2
        crm_key_activities{team="East",rep="Ana",activity="demo",window="180d"} 8
        "#,
    );
}

#[test]
fn nothing_is_needed_once_the_target_is_met() {
    let mut org = floor();
    org.put("6", deal("Bo", "Won", "2026-03-02", "2026-03-16", "900"));
    asked(org).figures_and_zeros(
        NOW,
        r#"
        crm_plan_required{goal="quota",step="wins",team="East",window="month"} 0
        crm_plan_required{goal="quota",step="deals",team="East",window="month"} 0
        crm_plan_required{goal="quota",step="sql",team="East",window="month"} 0
        crm_plan_required{goal="quota",step="demo",team="East",window="month"} 0
        "#,
    );
    // Other goals have no plan.
    let goals = "{wins: {measure: crm_deals_won, window: month, target: {team_totals: {East: 1000}}}}";
    assert!(Asked { goals, ..asked(floor()) }.lines("crm_plan_required", NOW).is_empty());
}

#[test]
fn a_step_is_absent_where_its_rate_is() {
    let steps = |asked: &Asked| {
        let lines = asked.lines("crm_plan_required", NOW);
        let step = |line: &String| line.split("step=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        lines.iter().map(step).collect::<Vec<_>>().join(" ")
    };
    // West has won nothing, so that it has no deal size.
    let goals = "{quota: {measure: crm_deals_won_value, window: month, target: {team_totals: {West: 1000}}}}";
    assert_eq!(steps(&Asked { goals, ..asked(floor()) }), "");
    // Activities are held for less than the window, or were never loaded completely.
    let mut without = asked(floor());
    without.org.coverage.activities_since = Some("2025-09-20T00:00:01Z".parse().unwrap());
    assert_eq!(steps(&without), "wins deals sql");
    let mut without = asked(floor());
    without.org.deliver_in_part(Object::Activity);
    assert_eq!(steps(&without), "wins deals sql");
}

#[test]
fn the_next_period_is_planned_a_median_cycle_ahead() {
    let (facts, asked) = (floor().facts(), asked(floor()));
    let (people, options) = (asked.org.people(), asked.options());
    let view = View::new(&facts, &people, &asked.org.coverage, NOW.parse().unwrap());
    let plans = plans(&Frame::new(&view, &options), Horizon::Next);
    let [plan] = plans.as_slice() else { panic!("{plans:?}") };
    assert_eq!(plan.rates.cycle_seconds, Some(19.0 * 86_400.0));
    let creation = plan.creation.unwrap();
    // April, 19 days earlier.
    assert_eq!(creation.start, "2026-03-13T00:00:00Z".parse().unwrap());
    assert_eq!(creation.end, "2026-04-12T00:00:00Z".parse().unwrap());
    // All of the target is missing; from today on 18 working days are left, 3 of them of this week.
    assert_eq!((plan.wins, plan.deals, plan.sqls), (Some(5.0), Some(10.0), Some(5.0)));
    assert_eq!((plan.days, plan.reps), (18, 2));
    assert_eq!(plan.activities, [("demo".to_owned(), Some(20.0 / 36.0))]);
}
