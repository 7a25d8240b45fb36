//! Goals on ratios, averages, quantiles and levels, and goals where less is better.

use super::super::deals::{deal, org};
use super::{NOW, asked, assert_shown};
use crate::domain::Object;
use crate::facts::testing::Org;

/// Ana won one and lost one, Bo won one, Cy of team West closed none.
fn closed() -> Org {
    let mut org = org();
    org.deliver(Object::StageChange);
    org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-02", "10"));
    org.put("2", deal("Ana", "Lost", "2026-01-10", "2026-03-03", "10"));
    org.put("3", deal("Bo", "Won", "2026-01-10", "2026-03-04", "10"));
    org
}

#[test]
fn a_ratio_stands_as_it_is() {
    let goals = "{wins: {measure: crm_win_ratio, window: quarter, target: {default: 0.5, team_totals: {East: 0.8}}}}";
    assert_shown(
        &asked(closed(), goals),
        NOW,
        &[
            ("crm_goal_target", "org 0.5, East 0.8, West 0.5, Ana 0.5, Bo 0.5, Cy 0.5"),
            ("crm_goal_expected", "org 0.5, East 0.8, West 0.5, Ana 0.5, Bo 0.5, Cy 0.5"),
            // The team's ratio is that of its deals: 2 of 3.
            ("crm_goal_actual", "org 0.6667, East 0.6667, Ana 0.5, Bo 1"),
            ("crm_goal_projected", "org 0.6667, East 0.6667, Ana 0.5, Bo 1"),
            ("crm_pacing_ratio", "org 1.3333, East 0.8333, Ana 1, Bo 2"),
            ("crm_goal_attainment_ratio", "org 1.3333, East 0.8333, Ana 1, Bo 2"),
            ("crm_goal_needed_per_working_day", ""),
            ("crm_goal_met_timestamp_seconds", ""),
            ("crm_goal_attainers_ratio", "org 0.6667, East 1, West 0, org before 0, East before 0, West before 0"),
        ],
    );
}

#[test]
fn a_ratio_is_not_prorated() {
    let mut org = closed();
    let ana = crate::domain::User { started_on: Some("2026-03-11".parse().unwrap()), ..super::rep("Ana") };
    org.put("Ana", ana);
    let goals =
        "{wins: {measure: crm_win_ratio, window: quarter, target: {reps: {ana@example.com: 0.4}, default: 0.5}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[("crm_goal_target", "org 0.5, East 0.5, West 0.5, Ana 0.4, Bo 0.5, Cy 0.5")],
    );
}

#[test]
fn a_group_without_default_has_no_ratio() {
    let mut org = closed();
    org.put("Ana", super::rep("Ana"));
    let goals = "{wins: {measure: crm_win_ratio, window: quarter, target: {reps: {ana@example.com: 0.4}}}}";
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_target", "Ana 0.4")]);
}

#[test]
fn before_the_first_working_minute_of_the_period_there_is_no_pace() {
    let mut org = org();
    org.deliver(Object::StageChange);
    org.put("Ana", super::rep("Ana"));
    org.put("1", deal("Ana", "Won", "2025-12-10", "2026-01-01", "10"));
    org.put("2", deal("Bo", "Won", "2025-12-10", "2026-01-01", "10"));
    // Ana is away: the period has begun without her.
    org.calendar = "{absences: {ana@example.com: [2026-01-01]}}";
    let asked = asked(org, "{wins: {measure: crm_win_ratio, window: quarter, target: {default: 0.5}}}");
    assert_shown(
        &asked,
        "2026-01-01T09:00:00Z",
        &[("crm_pacing_ratio", ""), ("crm_goal_attainment_ratio", "org 2, East 2, Ana 2, Bo 2")],
    );
    assert_shown(&asked, "2026-01-01T09:00:01Z", &[("crm_pacing_ratio", "org 2, East 2, Ana 2, Bo 2")]);
}

#[test]
fn less_is_better() {
    let mut org = org();
    org.deliver(Object::StageChange);
    for (id, owner) in [("1", "Ana"), ("2", "Bo"), ("3", "Bo"), ("4", "Bo")] {
        org.put(id, deal(owner, "Lost", "2026-01-10", "2026-03-02", "10"));
    }
    org.put("5", deal("Ana", "Lost", "2026-01-10", "2026-02-02", "10"));
    let goals = "{lost: {measure: crm_deals_lost, window: month, lower_is_better: true, target: {default: 2}}}";
    // 12.5 of 22 days have passed: 1.1364 of 2.
    assert_shown(
        &asked(org, goals),
        NOW,
        &[
            ("crm_goal_actual", "org 4, East 4, West 0, Ana 1, Bo 3, Cy 0"),
            ("crm_goal_expected", "org 3.4091, East 2.2727, West 1.1364, Ana 1.1364, Bo 1.1364, Cy 1.1364"),
            // Expected / actual: nothing by Cy.
            ("crm_pacing_ratio", "org 0.8523, East 0.5682, Ana 1.1364, Bo 0.3788"),
            (
                "crm_goal_attainment_ratio",
                "org 1.5, East 1, Ana 2, Bo 0.6667, org before 6, East before 4, Ana before 2",
            ),
            ("crm_goal_projected", "org 7.04, East 7.04, West 0, Ana 1.76, Bo 5.28, Cy 0"),
            ("crm_goal_needed_per_working_day", ""),
            ("crm_goal_met_timestamp_seconds", ""),
            // At most 2: Ana and Cy.
            ("crm_goal_attainers_ratio", "org 0.6667, East 0.5, West 1, org before 1, East before 1, West before 1"),
            // Since January, when the first deal was made.
            ("crm_goal_streak_periods", "Ana 2, Bo 2, Cy 2"),
        ],
    );
}

#[test]
fn a_mean_is_held_against_its_target_in_base_units() {
    let mut org = org();
    org.deliver(Object::StageChange);
    // Ten days and twenty.
    org.put("1", deal("Ana", "Won", "2026-03-01T00:00:00Z", "2026-03-11T00:00:00Z", "10"));
    org.put("2", deal("Bo", "Won", "2026-02-19T00:00:00Z", "2026-03-11T00:00:00Z", "10"));
    let goals = "{cycle: {measure: 'crm_sales_cycle_seconds{stat=\"mean\"}', window: month, lower_is_better: true, \
        target: {default: 864000}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[
            ("crm_goal_actual", "org 1296000, East 1296000, Ana 864000, Bo 1728000"),
            ("crm_pacing_ratio", "org 0.6667, East 0.6667, Ana 1, Bo 0.5"),
            // Who closed nothing has attained nothing.
            ("crm_goal_attainers_ratio", "org 0.3333, East 0.5, West 0, org before 0, East before 0, West before 0"),
        ],
    );
}

#[test]
fn a_quantile_that_reps_do_not_have_is_for_groups() {
    let mut org = org();
    org.deliver(Object::StageChange);
    org.put("1", deal("Ana", "Won", "2026-03-01T00:00:00Z", "2026-03-11T00:00:00Z", "10"));
    let goals = "{cycle: {measure: 'crm_sales_cycle_seconds{stat=\"p90\"}', window: month, lower_is_better: true, \
        target: {default: 864000}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[
            ("crm_goal_actual", "org 864000, East 864000"),
            ("crm_pacing_ratio", "org 1, East 1"),
            ("crm_goal_attainers_ratio", ""),
            ("crm_goal_streak_periods", ""),
        ],
    );
}

#[test]
fn a_level_is_what_stands_now() {
    let mut org = org();
    org.deliver(Object::StageChange);
    org.put("1", deal("Ana", "New", "2026-01-10", "", "60"));
    let goals = "{open: {measure: crm_open_deals_value, window: month, target: {default: 100, org: 200}, ramp: [0]}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[
            ("crm_goal_target", "org 200, East 100, West 100, Ana 100, Bo 100, Cy 100"),
            ("crm_goal_actual", "org 60, East 60, West 0, Ana 60, Bo 0, Cy 0"),
            ("crm_goal_expected", "org 200, East 100, West 100, Ana 100, Bo 100, Cy 100"),
            ("crm_goal_projected", "org 60, East 60, West 0, Ana 60, Bo 0, Cy 0"),
            // Ten days are left of March, today included.
            ("crm_goal_needed_per_working_day", "org 14, East 4, West 10, Ana 4, Bo 10, Cy 10"),
            ("crm_goal_met_timestamp_seconds", ""),
            // What stood last month nobody knows.
            ("crm_goal_attainment_ratio", "org 0.3, East 0.6, West 0, Ana 0.6, Bo 0, Cy 0"),
            ("crm_goal_attainers_ratio", "org 0, East 0, West 0"),
            ("crm_goal_streak_periods", ""),
        ],
    );
}
