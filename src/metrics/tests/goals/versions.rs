//! Targets that change.

use super::{asked, assert_shown, calls, org, rep};

/// The later version is listed first.
const GOALS: &str = "{calls: {measure: crm_activities, window: week, target: {default: 4}, effective: [\
    {from: 2026-03-18, target: {default: 2}}, {from: 2026-03-15, target: {default: 3}}]}}";

#[test]
fn the_version_of_today_holds_for_the_whole_period() {
    let mut org = org([rep("Ana")]);
    // One call in the week of the 9th, whose last day is Sunday the 15th; two in that of the 16th.
    calls(&mut org, "Ana", &["2026-03-10T09:00:00Z", "2026-03-16T09:00:00Z", "2026-03-17T09:00:00Z"]);
    let asked = asked(org, GOALS);
    let target = |now, text| assert_shown(&asked, now, &[("crm_goal_target", text)]);
    target("2026-03-13T12:00:00Z", "org 4, East 4, Ana 4");
    target("2026-03-15T12:00:00Z", "org 3, East 3, Ana 3");
    target("2026-03-17T23:59:59Z", "org 3, East 3, Ana 3");
    target("2026-03-18T00:00:00Z", "org 2, East 2, Ana 2");
    // The week before is judged by the version of its Sunday: 1 of 3. This one by that of today: 2 of 2.
    assert_shown(
        &asked,
        "2026-03-18T13:00:00Z",
        &[
            (
                "crm_goal_attainment_ratio",
                "org 1, East 1, Ana 1, org before 0.3333, East before 0.3333, Ana before 0.3333",
            ),
            ("crm_goal_attainers_ratio", "org 1, East 1, org before 0, East before 0"),
            // Monday's call was the first: the second, on Tuesday, reached today's target.
            ("crm_goal_met_timestamp_seconds", "org 1773738000, East 1773738000, Ana 1773738000"),
        ],
    );
}

#[test]
fn a_version_replaces_the_one_before_as_a_whole() {
    let org = org([rep("Ana"), rep("Bo")]);
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 4, org: 100}, \
        effective: [{from: 2026-03-16, target: {reps: {bo@example.com: 7}}}]}}";
    let asked = asked(org, goals);
    assert_shown(&asked, "2026-03-13T12:00:00Z", &[("crm_goal_target", "org 100, East 8, Ana 4, Bo 4")]);
    assert_shown(&asked, "2026-03-16T12:00:00Z", &[("crm_goal_target", "org 7, East 7, Bo 7")]);
}

#[test]
fn a_day_begins_in_the_business_zone() {
    let mut org = org([rep("Ana")]);
    org.calendar = "{time_zone: America/New_York}";
    let asked = asked(org, GOALS);
    // New York is four hours behind.
    assert_shown(&asked, "2026-03-18T03:59:59Z", &[("crm_goal_target", "org 3, East 3, Ana 3")]);
    assert_shown(&asked, "2026-03-18T04:00:00Z", &[("crm_goal_target", "org 2, East 2, Ana 2")]);
}
