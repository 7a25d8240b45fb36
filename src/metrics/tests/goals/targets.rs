//! Whose target it is.

use super::{NOW, asked, assert_shown, calls, org, rep, rep_of};
use crate::domain::{Goal, User};
use crate::facts::testing::decimal;

#[test]
fn the_nearest_target_counts() {
    let senior = |user| User { role: Some("senior".into()), ..user };
    let people = [
        senior(rep("Ana")),
        senior(rep("Bo")),
        senior(rep("Cy")),
        rep("Di"),
        rep_of("West", "Ed"),
        senior(rep_of("West", "Flo")),
    ];
    let mut org = org(people);
    for owner in ["Ana", "Bo"] {
        let quota = Goal {
            owner: Some(owner.into()),
            target: decimal("30"),
            starts_on: Some("2026-03-16".parse().unwrap()),
            ends_on: Some("2026-03-22".parse().unwrap()),
            ..Default::default()
        };
        org.put(&format!("quota of {owner}"), quota);
    }
    // Own before the CRM's, before the role's, before the team's, before the default.
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 100, source: crm, \
        reps: {' ANA@example.com ': 2}, roles: {senior: 60}, teams: {East: 80}}}}";
    let expected = "org 332, East 172, West 160, Ana 2, Bo 30, Cy 60, Di 80, Ed 100, Flo 60";
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_target", expected)]);
}

#[test]
fn whoever_has_no_target_has_no_goal() {
    let mut org = org([rep("Ana"), rep("Bo"), rep_of("West", "Cy")]);
    for name in ["Ana", "Bo", "Cy", "nobody"] {
        calls(&mut org, name, &["2026-03-16T09:00:00Z"]);
    }
    let goals = "{calls: {measure: crm_activities, window: week, target: {reps: {ana@example.com: 4}}}}";
    // The sum of reps' targets is held against those reps' calls alone.
    assert_shown(
        &asked(org, goals),
        NOW,
        &[
            ("crm_goal_target", "org 4, East 4, Ana 4"),
            ("crm_goal_actual", "org 1, East 1, Ana 1"),
            ("crm_goal_attainers_ratio", "org 0, East 0, org before 0, East before 0"),
        ],
    );
}

#[test]
fn a_person_is_meant_by_any_address() {
    let mut org = org([rep("Ana")]);
    org.people = "{identities: {ana@example.com: [a.silva@old.example.com]}}";
    let goals = "{calls: {measure: crm_activities, window: week, target: {reps: {A.Silva@old.example.com: 4}}}}";
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_target", "org 4, East 4, Ana 4")]);
}

#[test]
fn a_target_counts_for_reps_only() {
    let mut org = org([rep("Ana"), rep_of("Back office", "Bo")]);
    org.people = "{reps: {teams: [East]}}";
    calls(&mut org, "Bo", &["2026-03-16T09:00:00Z"]);
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 4}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[("crm_goal_target", "org 4, East 4, Ana 4"), ("crm_goal_actual", "org 0, East 0, Ana 0")],
    );
}
