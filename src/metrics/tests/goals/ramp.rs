//! Less is owed while somebody is still learning.

use super::{NOW, asked, assert_shown, calls, org, rep, started};

/// March 2026 has 22 working days: 10 before the 15th, 12 from then on.
const RAMPED: &str = "{calls: {measure: crm_activities, window: month, target: {default: 220, reps: {bo@example.com: 220}}, ramp: [0.25, 0.5]}}";

#[test]
fn months_are_counted_from_the_start_date() {
    let asked = asked(org([started("Ana", "2026-02-15"), started("Bo", "2026-02-15"), rep("Cy")]), RAMPED);
    assert_shown(
        &asked,
        NOW,
        &[
            // Ana: (10 x 0.25 + 12 x 0.5) / 22 of 220. Bo's target is his own. Cy's start is unknown.
            ("crm_goal_target", "org 525, East 525, Ana 85, Bo 220, Cy 220"),
            // 12.5 days have passed. Ana: 10 x 0.25 + 2.5 x 0.5 of 8.5, that is 3.75 / 8.5 of 85.
            ("crm_goal_expected", "org 287.5, East 287.5, Ana 37.5, Bo 125, Cy 125"),
        ],
    );
}

#[test]
fn after_the_ramp_all_is_owed() {
    let org = org([started("Ana", "2026-01-01"), started("Bo", "2026-01-01")]);
    assert_shown(&asked(org, RAMPED), NOW, &[("crm_goal_target", "org 440, East 440, Ana 220, Bo 220")]);
}

#[test]
fn a_month_without_the_day_begins_on_its_last() {
    // The months of January 31 begin on February 28, a Saturday, and on March 31, a Tuesday: 21 days of half, and one.
    let goals = "{calls: {measure: crm_activities, window: month, target: {default: 220}, ramp: [0, 0.5]}}";
    let asked = asked(org([started("Ana", "2026-01-31")]), goals);
    assert_shown(&asked, NOW, &[("crm_goal_target", "org 115, East 115, Ana 115")]);
}

#[test]
fn the_ramp_begins_with_the_service() {
    // From Wednesday on, at half: 1.5 of 5 days.
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 40}, ramp: [0.5]}}";
    let asked = asked(org([started("Ana", "2026-03-18")]), goals);
    assert_shown(
        &asked,
        NOW,
        // Half of the first of three days.
        &[("crm_goal_target", "org 12, East 12, Ana 12"), ("crm_goal_expected", "org 2, East 2, Ana 2")],
    );
}

#[test]
fn under_a_ramp_of_nothing_the_target_is_0() {
    let mut org = org([started("Ana", "2026-03-02"), rep("Bo")]);
    calls(&mut org, "Ana", &["2026-03-17T09:00:00Z"]);
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 4}, ramp: [0]}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[
            ("crm_goal_target", "org 4, East 4, Ana 0, Bo 4"),
            ("crm_goal_actual", "org 1, East 1, Ana 1, Bo 0"),
            ("crm_goal_expected", "org 2, East 2, Ana 0, Bo 2"),
            ("crm_pacing_ratio", "org 0.5, East 0.5, Bo 0"),
            ("crm_goal_attainment_ratio", "org 0.25, East 0.25, Bo 0, org before 0, East before 0, Bo before 0"),
            ("crm_goal_needed_per_working_day", "org 1, East 1, Ana 0, Bo 1.3333"),
            // Nothing is reached at once: at the start of the week.
            ("crm_goal_met_timestamp_seconds", "Ana 1773619200"),
            // Only Bo has a target above 0.
            ("crm_goal_attainers_ratio", "org 0, East 0, org before 0, East before 0"),
            ("crm_goal_streak_periods", "Bo 0"),
        ],
    );
}

#[test]
fn a_ratio_is_not_ramped() {
    let goals = "{wins: {measure: crm_win_ratio, window: month, target: {default: 0.3}, ramp: [0.5]}}";
    let mut org = org([started("Ana", "2026-03-17")]);
    org.deliver(crate::domain::Object::Deal);
    org.deliver(crate::domain::Object::StageChange);
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_target", "org 0.3, East 0.3, Ana 0.3")]);
}
