//! Figures as of a past instant.

use super::activities::{activity, task};
use super::deals::{deal, org};
use super::{Asked, asked};
use crate::domain::{Activity, Contact, Deal, Lead};
use crate::facts::testing::{Org, decimal, when};

const NOW: &str = "2026-03-18T12:00:00Z";

const PAST: &str = "2026-02-15T12:00:00Z";

/// Polled at [`NOW`]; asked for [`PAST`].
fn past(mut org: Org) -> Asked {
    org.coverage.polled_at = Some(NOW.parse().unwrap());
    org.coverage.successes = [(0, NOW.parse().unwrap())].into();
    asked(org, "{windows: {activities: [month], deals: [month, quarter], deals_ratios: [quarter], funnel: [90d]}}")
}

#[test]
fn deals_of_the_past_stand_as_they_stood() {
    let mut org = org();
    let changed = |at: &str, deal| Deal { status_changed_at: when(at), ..deal };
    // Created later.
    org.put("1", deal("Ana", "New", "2026-02-15T12:00:01Z", "", "1"));
    // Won later: open where it was.
    org.put("2", deal("Ana", "Won", "2026-01-10", "2026-03-10", "2"));
    org.history("2", &[("New", "2026-01-10"), ("Talk", "2026-02-01"), ("Won", "2026-03-10")]);
    // Lost later, in a stage that nobody knows.
    org.put("3", deal("Ana", "Lost", "2026-01-10", "2026-03-05", "4"));
    // Back-dated: the change to closed says when.
    org.put("4", deal("Ana", "Won", "2026-01-10", "2026-02-01", "8"));
    org.history("4", &[("New", "2026-01-10"), ("Won", "2026-03-02")]);
    // Won before, by its history, or without one by its close date.
    org.put("5", deal("Ana", "Won", "2026-01-10", "2026-02-01", "16"));
    org.history("5", &[("New", "2026-01-10"), ("Won", "2026-02-01")]);
    org.put("6", deal("Ana", "Won", "", "2026-02-15", "32"));
    org.put("7", changed("2026-02-10T10:00:00Z", deal("Ana", "Won", "2026-01-10", "2026-12-31", "64")));
    // Lost once, and open again.
    org.put("8", deal("Ana", "Talk", "2026-01-10", "", "128"));
    org.history("8", &[("New", "2026-01-10"), ("Lost", "2026-02-01"), ("Talk", "2026-03-01")]);
    // Open all the time, moved on since.
    org.put("9", deal("Ana", "Talk", "2026-01-10", "", "256"));
    org.history("9", &[("New", "2026-01-10"), ("Talk", "2026-02-15T12:00:01Z")]);
    // No tolerance: this was still to come.
    org.put("10", deal("Ana", "Won", "2026-01-10", "2026-02-15T12:00:01Z", "512"));
    past(org).figures(
        PAST,
        r#"
        crm_open_deals_value{team="East",rep="Ana",pipeline="Sales",stage="New"} 392
        crm_open_deals_value{team="East",rep="Ana",pipeline="Sales",stage="Talk"} 2
        crm_open_deals_value{team="East",rep="Ana",pipeline="Sales",stage="unknown"} 516
        crm_deals_won_value{team="East",rep="Ana",pipeline="Sales",window="month"} 112
        crm_deals_won_value{team="East",rep="Ana",pipeline="Sales",window="quarter"} 112
        crm_deals_created{team="East",rep="Ana",pipeline="Sales",window="quarter"} 8
        crm_stage_entered{team="East",rep="Ana",pipeline="Sales",stage="New",window="90d"} 5
        crm_stage_entered{team="East",rep="Ana",pipeline="Sales",stage="Talk",window="90d"} 1
        crm_stage_advanced{team="East",rep="Ana",pipeline="Sales",stage="New",window="90d"} 2
        crm_stage_waiting{team="East",rep="Ana",pipeline="Sales",stage="New",window="90d"} 3
        crm_stage_waiting{team="East",rep="Ana",pipeline="Sales",stage="Talk",window="90d"} 1
        "#,
    );
}

#[test]
fn the_present_probability_says_nothing_of_deals_closed_since() {
    let mut org = org();
    let sure = |deal| Deal { probability: decimal("1"), ..deal };
    // The status stands beside the stage, so the stage has not changed.
    org.put("1", sure(Deal { status: Some("won".into()), ..deal("Ana", "Talk", "2026-01-10", "2026-03-01", "100") }));
    org.put("2", sure(deal("Ana", "Talk", "2026-01-10", "", "10")));
    past(org).figures(
        PAST,
        r#"
        crm_open_deals_value{team="East",rep="Ana",pipeline="Sales",stage="Talk"} 110
        crm_open_deals_weighted_value{team="East",rep="Ana",pipeline="Sales",stage="Talk"} 10
        "#,
    );
}

#[test]
fn activities_of_the_past_go_by_their_own_times() {
    let mut org = org();
    let touching = |at: &str| Activity { contacts: Some(vec!["c".into()]), ..activity("call", "Ana", at) };
    org.put("c", Contact::default());
    org.put("1", touching("2026-02-10T10:00:00Z")).put("2", touching("2026-02-15T12:00:00Z"));
    org.put("3", touching("2026-02-15T12:00:01Z")).put("4", touching("2026-03-10T10:00:00Z"));
    org.put("5", task("Ana", "2026-02-20"));
    org.put("6", deal("Ana", "New", "2026-01-10", "", ""));
    past(org).figures(
        PAST,
        r#"
        crm_activities{team="East",rep="Ana",kind="call",window="month"} 2
        crm_prospects_approached{team="East",rep="Ana",window="month"} 1
        crm_follow_ups{team="East",rep="Ana",window="month"} 1
        crm_last_activity_timestamp_seconds{team="East",rep="Ana"} 1771156800
        crm_open_deals_single_threaded{team="East",rep="Ana",pipeline="Sales"} 1
        crm_activities_scheduled absent
        crm_open_deals_without_next_step absent
        crm_exporter_team_data_timestamp_seconds absent
        "#,
    );
}

#[test]
fn leads_that_are_still_to_come_are_nobody() {
    let mut org = org();
    let lead = |created: &str| Lead { owner: Some("Ana".into()), created_at: when(created), ..Default::default() };
    let touching = |lead: &str, at: &str| Activity { leads: Some(vec![lead.into()]), ..activity("call", "Ana", at) };
    org.put("known", lead("2026-02-01")).put("later", lead("2026-02-15T12:00:01Z"));
    org.put("1", touching("known", "2026-02-10T10:00:00Z")).put("2", touching("later", "2026-02-10T10:00:00Z"));
    let asked = past(org);
    let approached = |now| asked.value("crm_prospects_approached", &[("rep", "Ana"), ("window", "month")], now);
    assert_eq!(approached(PAST), Some(1.0));
    assert_eq!(approached("2026-02-15T12:00:01Z"), Some(2.0));
}

#[test]
fn now_is_live_from_the_last_poll_on() {
    let mut org = org();
    org.put("1", activity("call", "Ana", "2026-03-18T12:10:00Z"));
    org.coverage.polled_at = Some(NOW.parse().unwrap());
    let mut asked = asked(org, "{windows: {activities: [day]}}");
    let calls = |asked: &Asked| asked.value("crm_activities", &[("rep", "Ana"), ("kind", "call")], NOW);
    assert_eq!(calls(&asked), Some(1.0));
    asked.org.coverage.polled_at = Some("2026-03-18T12:00:00.001Z".parse().unwrap());
    assert_eq!(calls(&asked), Some(0.0));
}
