//! How far it is while the period runs.

use super::super::deals::{deal, org as deals};
use super::{NOW, asked, assert_shown, calls, org, rep};

const WEEK: &str = "{calls: {measure: crm_activities, window: week, target: {default: 2}}}";

#[test]
fn a_target_is_met_when_the_total_first_reaches_it() {
    let mut org = org([rep("Ana"), rep("Bo")]);
    // Sunday's call was last week's. Tuesday 09:00 is 1773738000.
    calls(&mut org, "Ana", &["2026-03-15T12:00:00Z", "2026-03-16T00:00:00Z", "2026-03-17T09:00:00Z"]);
    calls(&mut org, "Ana", &["2026-03-18T09:00:00Z"]);
    calls(&mut org, "Bo", &["2026-03-18T12:00:00Z"]);
    assert_shown(
        &asked(org, WEEK),
        NOW,
        &[
            // Four of four were reached with Bo's on Wednesday, 12:00.
            ("crm_goal_met_timestamp_seconds", "org 1773835200, East 1773835200, Ana 1773738000"),
            ("crm_goal_needed_per_working_day", "org 0, East 0, Ana 0, Bo 0.3333"),
        ],
    );
}

#[test]
fn what_happens_at_once_counts_at_once() {
    let mut org = deals();
    org.deliver(crate::domain::Object::StageChange);
    // 50 and 60 on the first day of the month, which begins at 1772323200.
    org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-01", "50"));
    org.put("2", deal("Ana", "Won", "2026-01-10", "2026-03-01", "60.05"));
    let goals = "{won: {measure: crm_deals_won_value, window: month, target: {default: 110.05}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        &[
            ("crm_goal_met_timestamp_seconds", "Ana 1772323200"),
            ("crm_goal_actual", "org 110.05, East 110.05, West 0, Ana 110.05, Bo 0, Cy 0"),
            // Ten days are left.
            ("crm_goal_needed_per_working_day", "org 22.01, East 11.005, West 11.005, Ana 0, Bo 11.005, Cy 11.005"),
        ],
    );
}

#[test]
fn today_is_a_day_left_whatever_the_hour() {
    let mut org = org([rep("Ana")]);
    calls(&mut org, "Ana", &["2026-03-16T07:00:00Z"]);
    let asked = asked(org, "{calls: {measure: crm_activities, window: week, target: {default: 7}}}");
    for (now, needed) in [
        ("2026-03-16T08:00:00Z", "org 1.2, East 1.2, Ana 1.2"),
        ("2026-03-19T23:59:59Z", "org 3, East 3, Ana 3"),
        ("2026-03-20T18:00:00Z", "org 6, East 6, Ana 6"),
        // Nobody works on Saturday.
        ("2026-03-21T12:00:00Z", ""),
    ] {
        assert_shown(&asked, now, &[("crm_goal_needed_per_working_day", needed)]);
    }
}

#[test]
fn pace_begins_with_the_first_working_minute() {
    let mut org = org([rep("Ana")]);
    calls(&mut org, "Ana", &["2026-03-16T08:00:00Z"]);
    let asked = asked(org, WEEK);
    assert_shown(
        &asked,
        "2026-03-16T09:00:00Z",
        &[
            ("crm_goal_expected", "org 0, East 0, Ana 0"),
            ("crm_pacing_ratio", ""),
            ("crm_goal_projected", ""),
            ("crm_goal_attainment_ratio", "org 0.5, East 0.5, Ana 0.5, org before 0, East before 0, Ana before 0"),
        ],
    );
    // One of 40 hours: 0.05 of 2 is expected, and 1 is there.
    assert_shown(
        &asked,
        "2026-03-16T10:00:00Z",
        &[("crm_pacing_ratio", "org 20, East 20, Ana 20"), ("crm_goal_projected", "org 40, East 40, Ana 40")],
    );
    // At the end everything is expected.
    assert_shown(
        &asked,
        "2026-03-22T23:59:59Z",
        &[("crm_goal_expected", "org 2, East 2, Ana 2"), ("crm_pacing_ratio", "org 0.5, East 0.5, Ana 0.5")],
    );
}

#[test]
fn less_than_a_quarter_hour_ahead_is_now() {
    let mut org = org([rep("Ana")]);
    calls(&mut org, "Ana", &["2026-03-18T13:10:00Z", "2026-03-18T13:20:00Z"]);
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 1}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        // Now is 1773838800.
        &[
            ("crm_goal_actual", "org 1, East 1, Ana 1"),
            ("crm_goal_met_timestamp_seconds", "org 1773838800, East 1773838800, Ana 1773838800"),
        ],
    );
}

#[test]
fn information_says_what_a_goal_is() {
    let goals = r#"{weekly_calls: {measure: 'crm_activities{kind="call"}', window: week, target: {default: 2}, primary: true,
        owner: vp@example.com, objective: More first meetings, reviewed_on: 2026-02-01},
        cycle: {measure: 'crm_sales_cycle_seconds{stat="p50"}', title: Cycle, window: week, lower_is_better: true, target: {org: 2}},
        won: {measure: crm_deals_won_value, window: year, target: {org: 2}},
        wins: {measure: crm_win_ratio, window: year, target: {org: 0.2}}}"#;
    asked(org([rep("Ana")]), goals).figures(
        NOW,
        r#"
        crm_goal_info{goal="weekly_calls",title="Weekly calls",unit="count",direction="up",primary="true",owner="vp@example.com",objective="More first meetings"} 1
        crm_goal_info{goal="cycle",title="Cycle",unit="seconds",direction="down",primary="false",owner="",objective=""} 1
        crm_goal_info{goal="won",title="Won",unit="currency",direction="up",primary="false",owner="",objective=""} 1
        crm_goal_info{goal="wins",title="Wins",unit="ratio",direction="up",primary="false",owner="",objective=""} 1
        crm_goal_reviewed_timestamp_seconds{goal="weekly_calls"} 1769904000
        "#,
    );
}
