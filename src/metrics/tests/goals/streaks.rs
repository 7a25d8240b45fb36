//! Finished periods in a row.

use super::{NOW, asked, assert_shown, calls, left, org, rep, started};
use chrono::{Days, NaiveDate};

const WEEK: &str = "{calls: {measure: crm_activities, window: week, target: {default: 1}}}";
const DAY: &str = "{calls: {measure: crm_activities, window: day, target: {default: 1}}}";

#[test]
fn a_streak_ends_with_the_last_miss() {
    let mut org = org([rep("Ana"), rep("Bo"), rep("Cy"), left("Di", "2026-03-17")]);
    // A week is missing at Ana's; Bo missed the last one; Cy has only this week's, which is not over.
    calls(&mut org, "Ana", &["2026-03-10T09:00:00Z", "2026-03-03T09:00:00Z", "2026-02-17T09:00:00Z"]);
    calls(&mut org, "Bo", &["2026-03-03T09:00:00Z", "2026-02-24T09:00:00Z"]);
    calls(&mut org, "Cy", &["2026-03-17T09:00:00Z"]);
    calls(&mut org, "Di", &["2026-03-10T09:00:00Z"]);
    assert_shown(&asked(org, WEEK), NOW, &[("crm_goal_streak_periods", "Ana 2, Bo 0, Cy 0")]);
}

#[test]
fn leads_have_a_history_of_their_own() {
    use crate::domain::{Lead, Object};
    let mut org = org([rep("Ana")]);
    org.deliver(Object::Contact);
    // There is no deal and no activity.
    for created in ["2026-03-10T09:00:00Z", "2026-03-03T09:00:00Z", "2026-02-24T09:00:00Z"] {
        let lead =
            Lead { owner: Some("Ana".into()), created_at: crate::facts::testing::when(created), ..Default::default() };
        org.put(created, lead);
    }
    let goals = "{leads: {measure: crm_leads_created, window: week, target: {default: 1}}}";
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_streak_periods", "Ana 3")]);
}

#[test]
fn periods_without_working_time_are_passed_over() {
    // From Wednesday back over the weekend and a holiday on Friday to Thursday; on Wednesday before there was no call.
    let mut org = org([rep("Ana")]);
    org.calendar = "{holidays: [2026-03-13]}";
    calls(&mut org, "Ana", &["2026-03-17T09:00:00Z", "2026-03-16T09:00:00Z", "2026-03-12T09:00:00Z"]);
    calls(&mut org, "Ana", &["2026-03-10T09:00:00Z"]);
    let asked = asked(org, DAY);
    assert_shown(&asked, NOW, &[("crm_goal_streak_periods", "Ana 3")]);
    // On Sunday it is as on Friday evening: whoever has a target neither on this day nor on the last has none.
    assert_shown(&asked, "2026-03-15T12:00:00Z", &[("crm_goal_streak_periods", "")]);
}

#[test]
fn time_away_breaks_no_streak() {
    let mut org = org([rep("Ana")]);
    org.calendar = "{absences: {ana@example.com: [2026-03-02/2026-03-08]}}";
    calls(&mut org, "Ana", &["2026-03-10T09:00:00Z", "2026-02-24T09:00:00Z"]);
    assert_shown(&asked(org, WEEK), NOW, &[("crm_goal_streak_periods", "Ana 2")]);
}

#[test]
fn a_streak_begins_with_the_service() {
    // Half of the first week, of a target of 2: one call will do.
    let mut org = org([started("Ana", "2026-03-05"), started("Bo", "2026-03-05")]);
    calls(&mut org, "Ana", &["2026-03-10T09:00:00Z", "2026-03-11T09:00:00Z", "2026-03-05T09:00:00Z"]);
    calls(&mut org, "Bo", &["2026-03-10T09:00:00Z", "2026-03-11T09:00:00Z", "2026-02-24T09:00:00Z"]);
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 2}}}";
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_streak_periods", "Ana 2, Bo 1")]);
}

#[test]
fn every_period_is_judged_by_its_own_target() {
    let mut org = org([rep("Ana")]);
    for monday in ["2026-03-09", "2026-03-02", "2026-02-23"] {
        calls(&mut org, "Ana", &[&format!("{monday}T09:00:00Z")]);
    }
    // One call a week, which was enough until March.
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 1}, effective: [\
        {from: 2026-03-01, target: {default: 2}}, {from: 2026-03-09, target: {default: 1}}]}}";
    // Week of the 9th: 1 of 1. Week of the 2nd: 1 of 2.
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_streak_periods", "Ana 1")]);
}

#[test]
fn no_streak_is_longer_than_52() {
    let today: NaiveDate = "2026-03-18".parse().unwrap();
    let mut people = org([rep("Ana")]);
    for back in 1..=7 * 60 {
        calls(&mut people, "Ana", &[&format!("{}T09:00:00Z", today - Days::new(back))]);
    }
    // 52 working days are more than ten weeks; with four working days a week, thirteen.
    for (goals, calendar) in [(WEEK, "{}"), (DAY, "{}"), (DAY, "{working_days: [mon, tue, wed, thu]}")] {
        people.calendar = calendar;
        let asked = asked(people, goals);
        assert_shown(&asked, NOW, &[("crm_goal_streak_periods", "Ana 52")]);
        people = asked.org;
    }
}
