//! How far the open pipeline covers what is missing to a target.

use super::Asked;
use super::deals::deal;
use crate::domain::{Deal, Pipeline, Stage, User};
use crate::facts::testing::{Org, when};

/// A Wednesday: the month ends on Tuesday the 31st, and so does the quarter.
const NOW: &str = "2026-03-18T12:00:00Z";

fn org() -> Org {
    let mut org = Org::default();
    for pipeline in ["Sales", "Other"] {
        org.put(pipeline, Pipeline { name: Some(pipeline.into()), ..Default::default() });
    }
    for (name, outcome) in [("Talk", "open"), ("Won", "won")] {
        let stage = Stage { name: Some(name.into()), outcome: Some(outcome.into()), ..Default::default() };
        org.put(name, stage);
    }
    for (name, team) in [("Ana", "East"), ("Bo", "East"), ("Cy", "West")] {
        org.user(name, team);
        let email = Some(format!("{}@example.com", name.to_lowercase()));
        org.put(name, User { name: Some(name.into()), team: Some(team.into()), email, ..Default::default() });
    }
    org
}

fn expected(org: &mut Org, id: &str, owner: &str, on: &str, amount: &str) {
    let open = deal(owner, "Talk", "2026-01-10", "", amount);
    org.put(id, Deal { expected_close: when(on), pipeline: Some("Sales".into()), ..open });
}

fn won(org: &mut Org, id: &str, owner: &str, amount: &str) {
    let won = deal(owner, "Won", "2026-01-10", "2026-03-10", amount);
    org.put(id, Deal { pipeline: Some("Sales".into()), ..won });
}

fn asked(org: Org, goals: &'static str) -> Asked {
    Asked { goals, metrics: "{windows: {coverage: [month, quarter, year]}}", ..Asked::new(org) }
}

#[test]
fn coverage_is_what_is_due_by_what_is_missing() {
    let mut org = org();
    won(&mut org, "1", "Ana", "40");
    won(&mut org, "2", "Cy", "100");
    // Due today and on the last day; not yesterday, not the day after.
    expected(&mut org, "3", "Ana", "2026-03-18", "30");
    expected(&mut org, "4", "Ana", "2026-03-31", "60");
    expected(&mut org, "5", "Ana", "2026-03-17", "1000");
    expected(&mut org, "6", "Ana", "2026-04-01", "2000");
    // No amount, and no date.
    expected(&mut org, "7", "Ana", "2026-03-20", "");
    org.put("8", deal("Ana", "Talk", "2026-01-10", "", "500"));
    // Nobody of Ana's team, and somebody whose target is met.
    expected(&mut org, "9", "Cy", "2026-03-20", "10");
    let goals = "{quota: {measure: crm_deals_won_value, window: quarter, target: {default: 100}}}";
    // Bo has nothing due, which is known: 0. Ana: 90 / (100 - 40). Cy has met his. West: no more to do. Org: (90 + 10) /
    // (300 - 140).
    asked(org, goals).figures_and_zeros(
        NOW,
        r#"
        crm_pipeline_coverage_ratio{scope="org",team="",rep="",window="quarter"} 0.625
        crm_pipeline_coverage_ratio{scope="team",team="East",rep="",window="quarter"} 0.5625
        crm_pipeline_coverage_ratio{scope="rep",team="East",rep="Ana",window="quarter"} 1.5
        crm_pipeline_coverage_ratio{scope="rep",team="East",rep="Bo",window="quarter"} 0
        "#,
    );
}

/// The coverage of the organisation by window.
fn of_org(org: Org, goals: &'static str) -> Vec<(String, f64)> {
    let asked = asked(org, goals);
    let lines = asked.lines("crm_pipeline_coverage_ratio", NOW);
    let of_org = lines.iter().filter_map(|line| line.split_once("{scope=\"org\",team=\"\",rep=\"\",window=\""));
    let sample = |(_, rest): (&str, &str)| {
        let (window, value) = rest.split_once("\"} ").unwrap();
        (window.to_owned(), value.parse().unwrap())
    };
    of_org.map(sample).collect()
}

const SEVERAL: &str = "{calls: {measure: crm_activities, window: quarter, target: {default: 1}},
    first: {measure: crm_deals_won_value, window: quarter, target: {org: 100}},
    second: {measure: crm_deals_won_value, window: quarter, target: {org: 200}},
    monthly: {measure: crm_deals_won_value, window: month, target: {org: 50}}}";

#[test]
fn the_first_goal_on_value_won_with_the_window_is_covered() {
    let mut org = org();
    expected(&mut org, "1", "Ana", "2026-03-20", "100");
    assert_eq!(of_org(org, SEVERAL), [("month".to_owned(), 2.0), ("quarter".to_owned(), 1.0)]);
}

#[test]
fn another_goal_can_be_chosen_for_its_window() {
    let mut org = Org { deals: "{coverage_goal: second}", ..org() };
    expected(&mut org, "1", "Ana", "2026-03-20", "100");
    assert_eq!(of_org(org, SEVERAL), [("month".to_owned(), 2.0), ("quarter".to_owned(), 0.5)]);
}

#[test]
fn a_goal_on_one_pipeline_is_covered_by_that_pipeline() {
    let mut org = org();
    expected(&mut org, "1", "Ana", "2026-03-20", "100");
    let other = deal("Ana", "Talk", "2026-01-10", "", "900");
    org.put("2", Deal { expected_close: when("2026-03-20"), pipeline: Some("Other".into()), ..other });
    let goals = r#"{quota: {measure: 'crm_deals_won_value{pipeline="Sales"}', window: quarter, target: {org: 100}}}"#;
    assert_eq!(of_org(org, goals), [("quarter".to_owned(), 1.0)]);
}

#[test]
fn without_a_target_there_is_no_coverage() {
    let mut org = org();
    expected(&mut org, "1", "Ana", "2026-03-20", "100");
    let goals = r#"{calls: {measure: 'crm_activities', window: month, target: {default: 1}}}"#;
    asked(org, goals).figures(NOW, "crm_pipeline_coverage_ratio absent");
}
