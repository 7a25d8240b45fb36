//! Targets of teams and of everybody, and whose records they are held against.

use super::{NOW, asked, assert_shown, calls, left, org, rep, rep_of};

const MONDAY: &[&str] = &["2026-03-16T09:00:00Z"];

#[test]
fn an_own_target_is_held_against_all_records() {
    let mut org = org([rep("Ana"), rep("Bo"), rep_of("West", "Cy")]);
    for name in ["Ana", "Bo", "Cy", "nobody"] {
        calls(&mut org, name, MONDAY);
    }
    // Only Ana has a target of her own. East has one as a team: Bo's calls count for it. So does the whole: nobody's too.
    let goals = "{calls: {measure: crm_activities, window: week, target: \
        {reps: {ana@example.com: 4}, team_totals: {East: 10}, org: 40}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[
            ("crm_goal_target", "org 40, East 10, Ana 4"),
            ("crm_goal_actual", "org 4, East 2, Ana 1"),
            // Half of the week has passed.
            ("crm_goal_expected", "org 20, East 5, Ana 2"),
            ("crm_pacing_ratio", "org 0.2, East 0.4, Ana 0.5"),
            // Wednesday, Thursday and Friday are left.
            ("crm_goal_needed_per_working_day", "org 12, East 2.6667, Ana 1"),
        ],
    );
}

#[test]
fn the_whole_is_the_sum_of_reps_and_not_of_teams() {
    let org = org([rep("Ana"), rep_of("West", "Cy")]);
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 4, team_totals: {East: 10}}}}";
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_target", "org 8, East 10, West 4, Ana 4, Cy 4")]);
}

#[test]
fn distinct_counts_of_a_group_count_a_prospect_once() {
    use crate::domain::{Activity, Contact};
    let mut org = org([rep("Ana"), rep("Bo")]);
    org.put("Jo", Contact::default()).put("Ky", Contact::default());
    for (rep, contact) in [("Ana", "Jo"), ("Ana", "Ky"), ("Bo", "Jo")] {
        let call = super::activity("call", rep, "2026-03-16T09:00:00Z");
        let contacts = Some(vec![contact.to_owned()]);
        org.put(&format!("{rep} {contact}"), Activity { contacts, ..call });
    }
    let goals = "{touched: {measure: crm_contacts_touched, window: week, target: {default: 4}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[("crm_goal_actual", "org 2, East 2, Ana 2, Bo 1"), ("crm_goal_target", "org 8, East 8, Ana 4, Bo 4")],
    );
}

#[test]
fn whoever_left_inside_the_period_counts_for_the_team() {
    // Di left last week, and Bo on Tuesday evening: 2 of 5 days.
    let mut org = org([rep("Ana"), left("Bo", "2026-03-17"), left("Di", "2026-03-13")]);
    for name in ["Ana", "Bo", "Di"] {
        calls(&mut org, name, MONDAY);
    }
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 10}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[
            ("crm_goal_target", "org 14, East 14, Ana 10, Bo 4"),
            ("crm_goal_actual", "org 2, East 2, Ana 1, Bo 1"),
            // Bo owed all of his by now, Ana the half of hers.
            ("crm_goal_expected", "org 9, East 9, Ana 5, Bo 4"),
            // Nobody expects anything of Bo any more; the team has three days.
            ("crm_goal_needed_per_working_day", "org 4, East 4, Ana 3"),
        ],
    );
}

#[test]
fn hidden_people_count_and_are_not_shown() {
    let people = || {
        let mut org = org([rep("Ana"), rep("Bo"), rep("Cy")]);
        for name in ["Ana", "Bo", "Cy"] {
            calls(&mut org, name, MONDAY);
        }
        calls(&mut org, "Bo", &["2026-03-10T09:00:00Z"]);
        org
    };
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 1, reps: {bo@example.com: 2}}}}";
    let mut hidden = people();
    hidden.people = "{hidden: [bo@example.com, cy@example.com]}";
    let (open, hidden) = (asked(people(), goals), asked(hidden, goals));
    for family in [
        "crm_goal_target",
        "crm_goal_actual",
        "crm_goal_expected",
        "crm_pacing_ratio",
        "crm_goal_attainment_ratio",
        "crm_goal_projected",
        "crm_goal_needed_per_working_day",
        "crm_goal_met_timestamp_seconds",
        "crm_goal_attainers_ratio",
        "crm_goal_streak_periods",
    ] {
        let all = open.lines(family, NOW);
        let is_hidden = |line: &String| ["\"Bo\"", "\"Cy\""].iter().any(|name| line.contains(name));
        let without: Vec<_> = all.into_iter().filter(|line| !is_hidden(line)).collect();
        assert_eq!(hidden.lines(family, NOW), without, "{family}");
    }
    assert_shown(
        &hidden,
        NOW,
        &[("crm_goal_target", "org 4, East 4, Ana 1"), ("crm_goal_actual", "org 3, East 3, Ana 1")],
    );
}
