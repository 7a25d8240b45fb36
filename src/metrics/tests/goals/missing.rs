//! Nothing unknown reads 0.

use super::super::deals::{deal, org as deals};
use super::{Asked, NOW, asked, assert_shown, calls, left, org, rep};
use crate::domain::Object;

const WEEK: &str = "{calls: {measure: crm_activities, window: week, target: {default: 2}}}";

#[test]
fn a_goal_whose_records_are_not_loaded_is_absent() {
    let mut org = deals();
    org.deliver(Object::StageChange);
    org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-17", "10"));
    org.put("2", super::activity("call", "Ana", "2026-03-17T09:00:00Z"));
    org.deliver_in_part(Object::Activity);
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 2}}, \
        won: {measure: crm_deals_won, window: week, target: {org: 2}}}";
    let asked = asked(org, goals);
    assert_shown(&asked, NOW, &[("crm_goal_target", "org 2"), ("crm_goal_actual", "org 1")]);
    assert!(asked.lines("crm_goal_target", NOW)[0].starts_with("{goal=\"won\""));
}

#[test]
fn periods_before_the_history_held_are_absent() {
    let held_since = |since: &str| {
        let mut org = org([rep("Ana")]);
        calls(&mut org, "Ana", &["2026-03-17T09:00:00Z", "2026-03-10T09:00:00Z", "2026-03-03T09:00:00Z"]);
        calls(&mut org, "Ana", &["2026-03-12T09:00:00Z"]);
        org.coverage.activities_since = Some(since.parse().unwrap());
        asked(org, WEEK)
    };
    // All of this week and the last.
    let whole = held_since("2026-03-09T00:00:00Z");
    let attained = "org 0.5, East 0.5, Ana 0.5, org before 1, East before 1, Ana before 1";
    assert_shown(&whole, NOW, &[("crm_goal_attainment_ratio", attained), ("crm_goal_streak_periods", "Ana 1")]);
    // Not all of the last.
    assert_shown(
        &held_since("2026-03-09T00:00:01Z"),
        NOW,
        &[
            ("crm_goal_actual", "org 1, East 1, Ana 1"),
            ("crm_goal_attainment_ratio", "org 0.5, East 0.5, Ana 0.5"),
            ("crm_goal_attainers_ratio", "org 0, East 0"),
            ("crm_goal_streak_periods", ""),
        ],
    );
    // Not all of this week.
    let part = held_since("2026-03-16T00:00:01Z");
    assert_shown(&part, NOW, &[("crm_goal_target", ""), ("crm_goal_actual", ""), ("crm_goal_streak_periods", "")]);
}

#[test]
fn a_key_activity_that_nobody_can_tell_is_no_goal() {
    let mut org = org([rep("Ana")]);
    org.activities = "{key: {vp: {kind: call, contact_level: vp}, any: {kind: call}}}";
    calls(&mut org, "Ana", &["2026-03-17T09:00:00Z"]);
    let goals = r#"{vp: {measure: 'crm_key_activities{activity="vp"}', window: week, target: {default: 2}},
        any: {measure: 'crm_key_activities{activity="any"}', window: week, target: {default: 4}},
        all: {measure: crm_key_activities, window: week, target: {default: 6}}}"#;
    let records = r#"{measures: ['crm_key_activities{activity="any"}', crm_key_activities], windows: [week]}"#;
    // Nothing delivers contacts, whose titles tell the level; so nobody knows either how many there are of all rules.
    let mut asked = Asked { records, ..asked(org, goals) };
    assert_shown(
        &asked,
        NOW,
        &[
            ("crm_goal_target", "org 4, East 4, Ana 4"),
            ("crm_goal_actual", "org 1, East 1, Ana 1"),
            ("crm_rep_record_value", "Ana 1"),
        ],
    );
    // One call to somebody who is no vice president.
    asked.org.deliver(Object::Contact);
    assert_shown(
        &asked,
        NOW,
        &[
            ("crm_goal_actual", "org 0, East 0, Ana 0, org 1, East 1, Ana 1, org 1, East 1, Ana 1"),
            ("crm_rep_record_value", "Ana 1, Ana 1"),
        ],
    );
}

#[test]
fn as_of_the_past_what_came_later_is_not_there() {
    // Bo left this week; a week ago nobody knew.
    let mut org = org([rep("Ana"), left("Bo", "2026-03-17")]);
    calls(&mut org, "Ana", &["2026-03-10T09:00:00Z", "2026-03-11T13:05:00Z", "2026-03-17T09:00:00Z"]);
    org.coverage.polled_at = Some(NOW.parse().unwrap());
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 2}, \
        effective: [{from: 2026-03-16, target: {default: 20}}]}, \
        planned: {measure: crm_activities_scheduled, window: week, target: {default: 7}}}";
    assert_shown(
        &asked(org, goals),
        "2026-03-11T13:00:00Z",
        &[
            ("crm_goal_target", "org 4, East 4, Ana 2, Bo 2"),
            ("crm_goal_actual", "org 1, East 1, Ana 1, Bo 0"),
            ("crm_goal_expected", "org 2, East 2, Ana 1, Bo 1"),
            // Of two weeks ago nothing is held, and nothing was done.
            ("crm_goal_streak_periods", "Ana 0"),
        ],
    );
}
