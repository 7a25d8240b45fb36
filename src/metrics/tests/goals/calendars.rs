//! Whose days and hours they are: clock changes, teams in other zones, periods without working time.

use super::{NOW, asked, assert_shown, calls, org, rep, rep_of, started};
use crate::domain::User;
use crate::facts::testing::Org;

/// A business in New York with a team in Tokyo.
fn floor(people: impl IntoIterator<Item = User<String>>, calendar: &'static str) -> Org {
    let mut org = org(people);
    org.calendar = calendar;
    org
}

#[test]
fn time_across_a_clock_change_is_real_time() {
    let round_the_clock = "{time_zone: America/New_York, working_hours: '00:00-24:00', \
        working_days: [mon, tue, wed, thu, fri, sat, sun]}";
    let goals = "{calls: {measure: crm_activities, window: day, target: {default: 23}}}";
    let asked = asked(floor([rep("Ana")], round_the_clock), goals);
    // Noon of the day of 23 hours, of that of 25, and of the one between.
    for (now, expected) in [
        ("2026-03-08T16:00:00Z", "org 11, East 11, Ana 11"),
        ("2026-03-09T16:00:00Z", "org 11.5, East 11.5, Ana 11.5"),
        // 13 / 25 of 23
        ("2026-11-01T17:00:00Z", "org 11.96, East 11.96, Ana 11.96"),
    ] {
        assert_shown(&asked, now, &[("crm_goal_expected", expected)]);
    }
}

#[test]
fn a_share_owed_is_real_time_too() {
    // The night from Saturday to Sunday loses an hour: Ana starts with Sunday, 23 of 167 hours of the week.
    let round_the_clock = "{time_zone: America/New_York, working_hours: '00:00-24:00', \
        working_days: [mon, tue, wed, thu, fri, sat, sun]}";
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 167}}}";
    let asked = asked(floor([started("Ana", "2026-03-08")], round_the_clock), goals);
    // At 06:00 of the new time five hours have passed.
    assert_shown(
        &asked,
        "2026-03-08T10:00:00Z",
        &[("crm_goal_target", "org 23, East 23, Ana 23"), ("crm_goal_expected", "org 5, East 5, Ana 5")],
    );
}

#[test]
fn a_period_of_the_business_zone_cuts_the_days_of_others() {
    // The week of New York begins on Monday, 13:00 in Tokyo: of that Monday it has four hours, and four of the next one.
    let calendar = "{time_zone: America/New_York, teams: {Tokyo: {time_zone: Asia/Tokyo}}}";
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 40}}}";
    let mut org = floor(
        [
            rep_of("Tokyo", "Ken"),
            User { team: Some("Tokyo".into()), ..started("Mai", "2026-03-18") },
            User { team: Some("Tokyo".into()), ..started("Rin", "2026-03-23") },
        ],
        calendar,
    );
    // Sunday in New York, and Monday 12:59 in Tokyo; then a minute later.
    calls(&mut org, "Ken", &["2026-03-16T03:59:00Z", "2026-03-16T04:00:00Z"]);
    let asked = asked(org, goals);
    // Tuesday, 13:00 in Tokyo: eight of Ken's 40 hours. Mai's first day is Wednesday: 3 x 8 + 4 hours; Rin's is next
    // Monday, when four are left.
    assert_shown(
        &asked,
        "2026-03-17T04:00:00Z",
        &[
            ("crm_goal_target", "org 72, Tokyo 72, Ken 40, Mai 28, Rin 4"),
            ("crm_goal_expected", "org 8, Tokyo 8, Ken 8, Mai 0, Rin 0"),
            ("crm_goal_actual", "org 1, Tokyo 1, Ken 1, Mai 0, Rin 0"),
            // Tuesday to Friday and Monday; from Wednesday; Monday. The whole has the business's days: it is Tuesday there.
            ("crm_goal_needed_per_working_day", "org 17.75, Tokyo 14.2, Ken 7.8, Mai 7, Rin 4"),
        ],
    );
    // Sunday in New York and Monday in Tokyo: one day is left there, and none here.
    assert_shown(
        &asked,
        "2026-03-23T03:00:00Z",
        &[("crm_goal_needed_per_working_day", "Tokyo 71, Ken 39, Mai 28, Rin 4")],
    );
}

#[test]
fn absences_are_dates_of_the_teams_zone() {
    // Away on Monday of Tokyo, of which the week of New York has the afternoon: 36 of 40 hours.
    let calendar = "{time_zone: America/New_York, teams: {Tokyo: {time_zone: Asia/Tokyo}}, \
        absences: {ken@example.com: [2026-03-16]}}";
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 40}}}";
    let asked = asked(floor([rep_of("Tokyo", "Ken")], calendar), goals);
    assert_shown(&asked, NOW, &[("crm_goal_target", "org 36, Tokyo 36, Ken 36")]);
}

#[test]
fn a_group_of_its_own_follows_its_calendar() {
    // Team West works from Tuesday to Saturday: at Wednesday noon it has 1.5 of its days behind it, the others 2.5.
    let calendar = "{teams: {West: {working_days: [tue, wed, thu, fri, sat]}}}";
    let goals =
        "{calls: {measure: crm_activities, window: week, target: {org: 100, team_totals: {East: 50, West: 50}}}}";
    assert_shown(
        &asked(floor([rep("Ana"), rep_of("West", "Cy")], calendar), goals),
        NOW,
        &[
            ("crm_goal_expected", "org 50, East 25, West 15"),
            ("crm_goal_needed_per_working_day", "org 33.3333, East 16.6667, West 12.5"),
        ],
    );
}

#[test]
fn a_period_without_working_time_has_no_target() {
    let goals = "{calls: {measure: crm_activities, window: day, target: {default: 4, org: 8}}, \
        wins: {measure: crm_activities_scheduled, window: day, target: {default: 4}}}";
    let mut org = org([rep("Ana")]);
    calls(&mut org, "Ana", &["2026-03-21T09:00:00Z", "2026-03-20T09:00:00Z"]);
    let asked = asked(org, goals);
    // A Saturday. Friday was one.
    assert_shown(
        &asked,
        "2026-03-21T12:00:00Z",
        &[
            ("crm_goal_target", ""),
            ("crm_goal_actual", ""),
            ("crm_goal_expected", ""),
            ("crm_pacing_ratio", ""),
            ("crm_goal_projected", ""),
            ("crm_goal_attainment_ratio", "org before 0.125, East before 0.25, Ana before 0.25"),
        ],
    );
}

#[test]
fn the_whole_has_a_target_as_soon_as_anybody_works() {
    // A Saturday, on which only West works.
    let calendar = "{teams: {West: {working_days: [sat]}}}";
    let goals = "{calls: {measure: crm_activities, window: day, target: {default: 4}}}";
    assert_shown(
        &asked(floor([rep("Ana"), rep_of("West", "Cy")], calendar), goals),
        "2026-03-21T13:00:00Z",
        &[("crm_goal_target", "org 4, West 4, Cy 4"), ("crm_goal_expected", "org 2, West 2, Cy 2")],
    );
}
