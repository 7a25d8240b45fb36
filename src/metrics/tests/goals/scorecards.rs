//! Several goals as one figure.

use super::super::deals::deal;
use super::{Asked, NOW, assert_shown, calls, left, org, rep};
use crate::domain::{Object, User};
use crate::facts::testing::Org;

const GOALS: &str = "{calls: {measure: crm_activities, window: week, target: {default: 4}}, \
    won: {measure: crm_deals_won, window: month, target: {default: 22, reps: {di@example.com: 0}}}, \
    wins: {measure: crm_win_ratio, window: year, target: {default: 0.5}}}";

/// By Wednesday 13:00 half of 4 calls are expected, and 12.5 of 22 wins.
fn people() -> Org {
    let mut org =
        org([rep("Ana"), User { role: Some("junior".into()), ..rep("Bo") }, left("Cy", "2026-03-17"), rep("Di")]);
    org.deliver(Object::Deal).deliver(Object::StageChange);
    // Ana's pace is 0.5 with calls and 0.4 with wins; of her deals all are won: 2 of the ratio.
    calls(&mut org, "Ana", &["2026-03-16T09:00:00Z"]);
    for (name, outcome) in [("Won", "won"), ("Lost", "lost")] {
        let stage = crate::domain::Stage {
            name: Some(name.into()),
            outcome: Some(outcome.into()),
            pipeline: Some("Sales".into()),
            ..Default::default()
        };
        org.put(name, stage);
    }
    for number in 0..5 {
        org.put(&format!("deal {number}"), deal("Ana", "Won", "2026-01-10", "2026-03-02", "1"));
    }
    org
}

fn scores(scorecards: &'static str) -> Asked {
    Asked { goals: GOALS, scorecards, ..Asked::new(people()) }
}

#[test]
fn pace_is_weighted() {
    // (20 x 0.5 + 80 x 0.4) / 100
    assert_shown(
        &scores("{ae: {weights: {calls: 20, won: 80}}}"),
        NOW,
        &[("crm_scorecard_score", "Ana 0.42, Bo 0, Di 0")],
    );
}

#[test]
fn no_goal_counts_for_more_than_the_cap() {
    // The ratio is attained twice: 1.5 of it count, or what the settings say.
    assert_shown(&scores("{ae: {weights: {calls: 1, wins: 1}}}"), NOW, &[("crm_scorecard_score", "Ana 1, Bo 0, Di 0")]);
    let capped = scores("{ae: {cap: 0.9, weights: {calls: 1, wins: 1}}}");
    assert_shown(&capped, NOW, &[("crm_scorecard_score", "Ana 0.7, Bo 0, Di 0")]);
}

#[test]
fn goals_without_a_figure_are_left_out() {
    // Who closed nothing has no ratio; of Di no win is expected.
    assert_shown(&scores("{ae: {weights: {wins: 1}}}"), NOW, &[("crm_scorecard_score", "Ana 1.5")]);
    assert_shown(&scores("{ae: {weights: {won: 1}}}"), NOW, &[("crm_scorecard_score", "Ana 0.4, Bo 0")]);
}

#[test]
fn a_ratio_is_scored_by_what_is_attained() {
    // On Monday morning nothing is paced yet, but the ratio stands.
    let asked = scores("{ae: {weights: {calls: 1, wins: 1}}}");
    assert_shown(&asked, "2026-03-16T08:00:00Z", &[("crm_scorecard_score", "Ana 1.5")]);
}

#[test]
fn a_scorecard_is_for_its_roles() {
    assert_shown(&scores("{ae: {roles: [junior], weights: {calls: 1}}}"), NOW, &[("crm_scorecard_score", "Bo 0")]);
}
