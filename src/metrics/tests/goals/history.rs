//! `pace: history`: as much as usually was reached by then.

use super::{NOW, asked, assert_shown, calls, org, rep, started};
use crate::facts::testing::Org;

const GOALS: &str = "{calls: {measure: crm_activities, window: week, pace: history, target: {default: 8}}}";

/// Mondays of the weeks before, the last one first.
const WEEKS: [&str; 9] = [
    "2026-03-09",
    "2026-03-02",
    "2026-02-23",
    "2026-02-16",
    "2026-02-09",
    "2026-02-02",
    "2026-01-26",
    "2026-01-19",
    "2026-01-12",
];

/// So many calls on the Tuesday of that week, and so many on its Friday.
fn week(org: &mut Org, rep: &str, monday: &str, early: u32, late: u32) {
    let monday: chrono::NaiveDate = monday.parse().unwrap();
    for (days, count) in [(1, early), (4, late)] {
        let day = monday + chrono::Days::new(days);
        (0..count).for_each(|minute| calls(org, rep, &[&format!("{day}T10:{minute:02}:00Z")]));
    }
}

/// Ana had reached a quarter, a half, three quarters, and everything by now in the last weeks.
fn four_weeks(org: &mut Org) {
    for (monday, early) in WEEKS.into_iter().zip(1..=4) {
        week(org, "Ana", monday, early, 4 - early);
    }
}

#[test]
fn the_median_of_the_last_eight_periods_is_expected() {
    let mut of_four = org([rep("Ana")]);
    four_weeks(&mut of_four);
    // The median of 1/4, 1/2, 3/4 and 1 is 5/8.
    let mut asked = asked(of_four, GOALS);
    calls(&mut asked.org, "Ana", &["2026-03-16T09:00:00Z"]);
    assert_shown(
        &asked,
        NOW,
        &[
            ("crm_goal_expected", "org 5, East 5, Ana 5"),
            ("crm_pacing_ratio", "org 0.2, East 0.2, Ana 0.2"),
            // 1 x 8 / 5
            ("crm_goal_projected", "org 1.6, East 1.6, Ana 1.6"),
        ],
    );
    // The next four had reached nothing by now: the median of 0, 0, 0, 0, 1/4, 1/2, 3/4 and 1. The ninth does not count.
    for monday in &WEEKS[4..8] {
        week(&mut asked.org, "Ana", monday, 0, 1);
    }
    week(&mut asked.org, "Ana", WEEKS[8], 9, 0);
    assert_shown(&asked, NOW, &[("crm_goal_expected", "org 1, East 1, Ana 1")]);
}

#[test]
fn too_few_periods_say_nothing() {
    let mut org = org([rep("Ana")]);
    // Weeks in which nothing was reached have no share of it.
    for monday in &WEEKS[1..4] {
        week(&mut org, "Ana", monday, 1, 3);
    }
    assert_shown(&asked(org, GOALS), NOW, &[("crm_goal_expected", "org 4, East 4, Ana 4")]);
}

#[test]
fn only_whole_periods_of_service_count() {
    // Since Wednesday three weeks ago: two whole weeks.
    let mut org = org([started("Ana", "2026-02-25")]);
    four_weeks(&mut org);
    assert_shown(&asked(org, GOALS), NOW, &[("crm_goal_expected", "org 4, East 4, Ana 4")]);
}

#[test]
fn the_same_working_time_is_compared() {
    // Monday is a holiday: 12 hours have passed, as many as by Tuesday, 13:00, of other weeks.
    let mut org = org([rep("Ana")]);
    org.calendar = "{holidays: [2026-03-16]}";
    for monday in &WEEKS[..4] {
        week(&mut org, "Ana", monday, 1, 0);
        let wednesday = monday.parse::<chrono::NaiveDate>().unwrap() + chrono::Days::new(2);
        calls(&mut org, "Ana", &[&format!("{wednesday}T10:00:00Z")]);
    }
    assert_shown(&asked(org, GOALS), NOW, &[("crm_goal_expected", "org 4, East 4, Ana 4")]);
}

#[test]
fn a_persons_own_working_time_is_compared() {
    // Away this Monday, and two weeks ago on Monday and Tuesday: 12 hours of hers are over on Tuesday, 13:00, and were on
    // Thursday, 13:00, of that week.
    let mut org = org([rep("Ana")]);
    org.calendar = "{absences: {ana@example.com: [2026-03-16, 2026-03-02/2026-03-03]}}";
    for monday in &WEEKS[..4] {
        week(&mut org, "Ana", monday, 1, 3);
    }
    calls(
        &mut org,
        "Ana",
        &["2026-03-05T12:59:00Z", "2026-03-05T13:00:00Z", "2026-03-05T13:01:00Z", "2026-03-05T13:02:00Z"],
    );
    // Shares: 1/4, 2/8, 1/4 and 1/4. Of a target of 8, prorated to 4 of 5 days.
    assert_shown(
        &asked(org, GOALS),
        NOW,
        &[("crm_goal_target", "org 6.4, East 6.4, Ana 6.4"), ("crm_goal_expected", "org 1.6, East 1.6, Ana 1.6")],
    );
}

#[test]
fn a_population_has_the_history_of_all_its_records() {
    let mut org = org([rep("Ana"), rep("Bo")]);
    for monday in &WEEKS[..4] {
        week(&mut org, "Ana", monday, 1, 1);
        week(&mut org, "Bo", monday, 2, 0);
        week(&mut org, "nobody", monday, 0, 4);
    }
    let goals = "{calls: {measure: crm_activities, window: week, pace: history, target: \
        {org: 100, team_totals: {East: 16}, reps: {ana@example.com: 8}}}}";
    // The whole had reached 3 of 8, the team 3 of 4, Ana 1 of 2.
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_expected", "org 37.5, East 12, Ana 4")]);
}

#[test]
fn a_sum_expects_what_is_expected_of_its_reps() {
    let mut org = org([rep("Ana"), rep("Bo")]);
    WEEKS[..4].iter().for_each(|monday| week(&mut org, "Ana", monday, 1, 3));
    // Ana: a quarter of 8. Bo, who has no history: half of it.
    assert_shown(&asked(org, GOALS), NOW, &[("crm_goal_expected", "org 6, East 6, Ana 2, Bo 4")]);
}
