//! Who owes work when: first and last days, absences.

use super::{NOW, asked, assert_shown, calls, left, org, rep, started};
use crate::domain::User;
use crate::facts::testing::Org;

const WEEK: &str = "{calls: {measure: crm_activities, window: week, target: {default: 10}}}";

#[test]
fn whoever_starts_inside_the_period_owes_a_part() {
    // Ana starts on Wednesday: 3 of 5 days. An own target is prorated in the same way.
    let org = org([started("Ana", "2026-03-18"), started("Bo", "2026-03-18"), rep("Cy")]);
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 10, reps: {bo@example.com: 20}}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[
            ("crm_goal_target", "org 28, East 28, Ana 6, Bo 12, Cy 10"),
            // Half a day of three has passed.
            ("crm_goal_expected", "org 8, East 8, Ana 1, Bo 2, Cy 5"),
        ],
    );
}

#[test]
fn before_the_first_day_nothing_is_expected() {
    let mut org = org([started("Ana", "2026-03-19")]);
    calls(&mut org, "Ana", &["2026-03-16T09:00:00Z"]);
    assert_shown(
        &asked(org, WEEK),
        NOW,
        &[
            ("crm_goal_target", "org 4, East 4, Ana 4"),
            ("crm_goal_actual", "org 1, East 1, Ana 1"),
            ("crm_goal_expected", "org 0, East 0, Ana 0"),
            ("crm_pacing_ratio", ""),
            ("crm_goal_projected", ""),
            // Thursday and Friday are hers; the team's days are today's too.
            ("crm_goal_needed_per_working_day", "org 1, East 1, Ana 1.5"),
        ],
    );
}

#[test]
fn outside_the_service_there_is_no_target() {
    let org = org([
        // On Saturday, when nobody works; and next Monday.
        started("Ana", "2026-03-21"),
        started("Bo", "2026-03-23"),
        // Last Sunday, and nobody knows when.
        left("Cy", "2026-03-15"),
        User { active: Some(false), ..rep("Di") },
        // At an hour of Monday, which counts as a whole day.
        left("Ed", "2026-03-16T10:00:00Z"),
        // The last day is a Friday in the future.
        left("Flo", "2026-03-20"),
    ]);
    assert_shown(
        &asked(org, WEEK),
        NOW,
        &[("crm_goal_target", "org 12, East 12, Ed 2, Flo 10"), ("crm_goal_expected", "org 7, East 7, Ed 2, Flo 5")],
    );
}

fn away(calendar: &'static str) -> Org {
    let mut org = org([rep("Ana"), rep("Bo")]);
    org.calendar = calendar;
    org
}

#[test]
fn an_absence_over_a_holiday_takes_no_day_twice() {
    // Tuesday is a holiday: four days. Ana is away on Monday and Tuesday: she owes three. Written as two ranges, that meet
    // or overlap, it is the same.
    for calendar in [
        "{holidays: [2026-03-17], absences: {ana@example.com: [2026-03-14/2026-03-17]}}",
        "{holidays: [2026-03-17], absences: {ana@example.com: [2026-03-16, 2026-03-17]}}",
        "{holidays: [2026-03-17], absences: {ana@example.com: [2026-03-14/2026-03-16, 2026-03-16/2026-03-17]}}",
    ] {
        assert_shown(
            &asked(away(calendar), "{calls: {measure: crm_activities, window: week, target: {default: 40}}}"),
            NOW,
            &[
                ("crm_goal_target", "org 70, East 70, Ana 30, Bo 40"),
                // Ana: half of her first of three days. Bo: 1.5 of 4.
                ("crm_goal_expected", "org 20, East 20, Ana 5, Bo 15"),
                ("crm_goal_needed_per_working_day", "org 23.3333, East 23.3333, Ana 10, Bo 13.3333"),
            ],
        );
    }
}

#[test]
fn days_of_absence_are_no_days_left() {
    // Away on Thursday: four of five days, of which today and Friday are left.
    let asked = asked(away("{absences: {ana@example.com: [2026-03-19]}}"), WEEK);
    assert_shown(
        &asked,
        NOW,
        &[
            ("crm_goal_target", "org 18, East 18, Ana 8, Bo 10"),
            // Ana: 2.5 of 4 days.
            ("crm_goal_expected", "org 10, East 10, Ana 5, Bo 5"),
            ("crm_goal_needed_per_working_day", "org 6, East 6, Ana 4, Bo 3.3333"),
        ],
    );
    // Today was her last day here this week: on Friday none is left.
    let asked = super::asked(away("{absences: {ana@example.com: [2026-03-20]}}"), WEEK);
    assert_shown(&asked, "2026-03-20T09:00:00Z", &[("crm_goal_needed_per_working_day", "org 18, East 18, Bo 10")]);
}

#[test]
fn whoever_is_away_throughout_has_no_target() {
    let asked = asked(away("{absences: {ana@example.com: [2026-03-16/2026-03-20]}}"), WEEK);
    assert_shown(
        &asked,
        NOW,
        &[("crm_goal_target", "org 10, East 10, Bo 10"), ("crm_goal_actual", "org 0, East 0, Bo 0")],
    );
}

#[test]
fn a_whole_share_is_a_whole_target() {
    // 11 of the 20 working days of February, from the 13th on, of a target of 100; and 55 calls. In binary fractions
    // 11 / 20 of 100 is a little more than 55.
    let mut org = org([started("Ana", "2026-02-13")]);
    for minute in 0..55 {
        calls(&mut org, "Ana", &[&format!("2026-02-16T09:{minute:02}:00Z")]);
    }
    let goals = "{calls: {measure: crm_activities, window: month, target: {default: 100}}}";
    let now = "2026-02-27T18:00:00Z";
    let asked = asked(org, goals);
    assert_eq!(asked.value("crm_goal_target", &[("rep", "Ana"), ("window", "month")], now), Some(55.0));
    assert_shown(&asked, now, &[("crm_goal_attainers_ratio", "org 1, East 1")]);
}
