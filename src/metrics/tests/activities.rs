//! Activities and prospecting.

use super::deals::{deal, org};
use super::{Asked, asked};
use crate::domain::{Activity, Contact, Lead, Object, User};
use crate::facts::testing::{Org, when};

const NOW: &str = "2026-03-18T12:00:00Z";

/// An activity of that kind by `owner` at that time.
pub(crate) fn activity(kind: &str, owner: &str, at: &str) -> Activity<String> {
    Activity { kind: Some(kind.into()), owner: Some(owner.into()), at: when(at), ..Default::default() }
}

/// An open task of `owner`, due then.
pub(crate) fn task(owner: &str, due: &str) -> Activity<String> {
    Activity {
        kind: Some("task".into()),
        owner: Some(owner.into()),
        due: when(due),
        status: Some("open".into()),
        ..Default::default()
    }
}

pub(super) fn ids(list: &[&str]) -> Option<Vec<String>> {
    Some(list.iter().map(|id| (*id).to_owned()).collect())
}

pub(super) const MONTH: &str = "{windows: {activities: [month]}}";

#[test]
fn active_reps_read_zero_and_others_are_absent() {
    let mut org = Org::default();
    org.user("Ana", "East").user("Bo", "East").user("Di", "East");
    let left = |name: &str| User {
        name: Some(name.into()),
        team: Some("East".into()),
        active: Some(false),
        ..Default::default()
    };
    org.put("Bo", left("Bo")).put("Di", left("Di"));
    org.put("Cy", User { name: Some("Cy".into()), ..Default::default() });
    org.put("1", activity("call", "Bo", "2026-03-02T09:00:00Z"));
    org.put("2", activity("call", "Cy", "2026-03-02T09:00:00Z"));
    org.put("3", activity("call", "ghost", "2026-03-02T09:00:00Z"));
    org.put("4", Activity { owner: None, ..activity("email", "", "2026-03-02T09:00:00Z") });
    asked(org, MONTH).figures_and_zeros(
        NOW,
        r#"
        crm_activities{team="East",rep="Ana",kind="call",window="month"} 0
        crm_activities{team="East",rep="Ana",kind="email",window="month"} 0
        crm_activities{team="East",rep="Ana",kind="meeting",window="month"} 0
        crm_activities{team="East",rep="Ana",kind="task",window="month"} 0
        crm_activities{team="East",rep="Bo",kind="call",window="month"} 1
        crm_activities{team="none",rep="Cy",kind="call",window="month"} 1
        crm_activities{team="unassigned",rep="unassigned",kind="call",window="month"} 1
        crm_activities{team="unassigned",rep="unassigned",kind="email",window="month"} 1
        crm_meetings_no_show{team="East",rep="Ana",window="month"} 0
        crm_last_activity_timestamp_seconds{team="East",rep="Bo"} 1772442000
        crm_last_activity_timestamp_seconds{team="none",rep="Cy"} 1772442000
        crm_last_activity_timestamp_seconds{team="unassigned",rep="unassigned"} 1772442000
        crm_prospects_approached absent
        crm_contacts_touched absent
        crm_follow_ups absent
        crm_follow_ups_per_contact absent
        crm_deals_won absent
        crm_open_deals absent
        "#,
    );
}

#[test]
fn distinct_counts_are_zero_for_reps_teams_and_everybody() {
    let mut org = Org::default();
    org.user("Ana", "East").user("Cy", "West").deliver(Object::Activity).deliver(Object::Contact);
    org.put(
        "Cy",
        User { name: Some("Cy".into()), team: Some("West".into()), active: Some(false), ..Default::default() },
    );
    asked(org, MONTH).figures_and_zeros(
        NOW,
        r#"
        crm_contacts_touched{scope="org",team="",rep="",window="month"} 0
        crm_contacts_touched{scope="team",team="East",rep="",window="month"} 0
        crm_contacts_touched{scope="rep",team="East",rep="Ana",window="month"} 0
        crm_prospects_approached{team="East",rep="Ana",window="month"} 0
        crm_follow_ups{team="East",rep="Ana",window="month"} 0
        crm_follow_ups_per_contact absent
        crm_last_activity_timestamp_seconds absent
        "#,
    );
}

#[test]
fn an_activity_is_done_unless_it_is_to_come_or_marked_otherwise() {
    let mut org = Org::default();
    org.user("Ana", "East");
    let marked =
        |status: &str| Activity { status: Some(status.into()), ..activity("call", "Ana", "2026-03-18T09:00:00Z") };
    let ends = |outcome: &str| Activity { outcome: Some(outcome.into()), ..marked("completed") };
    for (id, record, done) in [
        ("unmarked", activity("call", "Ana", "2026-03-18T09:00:00Z"), true),
        ("done", marked("Done"), true),
        ("in words unknown", marked("filed"), true),
        ("open", marked("open"), false),
        ("cancelled", marked("cancelled"), false),
        ("no-show", marked("no show"), false),
        ("cancelled by outcome", ends("Canceled"), false),
        ("answered", ends("connected"), true),
        ("inbound", Activity { direction: Some("inbound".into()), ..marked("done") }, true),
        ("now", activity("call", "Ana", "2026-03-18T12:00:00Z"), true),
        ("clock ahead", activity("call", "Ana", "2026-03-18T12:15:00Z"), true),
        ("to come", activity("call", "Ana", "2026-03-18T12:15:00.001Z"), false),
        ("today", activity("call", "Ana", "2026-03-18"), true),
        ("yesterday", activity("call", "Ana", "2026-03-17T23:59:59Z"), false),
        ("no kind", activity("fax", "Ana", "2026-03-18T09:00:00Z"), false),
        ("no date", Activity { at: None, ..marked("done") }, false),
    ] {
        let mut org = Org::default();
        org.user("Ana", "East").deliver(Object::Activity).put(id, record);
        let asked = asked(org, "{windows: {activities: [day]}}");
        let calls = asked.value("crm_activities", &[("rep", "Ana"), ("kind", "call"), ("window", "day")], NOW);
        assert_eq!(calls, Some(f64::from(u8::from(done))), "{id}");
    }
}

#[test]
fn tasks_count_when_completed_else_when_due() {
    let done = |completed: Option<&str>, due: &str| Activity {
        status: None,
        completed_at: completed.and_then(when),
        ..task("Ana", due)
    };
    for (record, window) in [
        (done(Some("2026-03-10T10:00:00Z"), "2026-02-10"), Some("month")),
        (done(Some("2026-02-10T10:00:00Z"), "2026-03-10"), Some("previous_month")),
        (done(None, "2026-03-01"), Some("month")),
        (done(None, "2026-02-28"), Some("previous_month")),
        (done(None, "2026-03-20"), None),
        (task("Ana", "2026-03-01"), None),
    ] {
        let mut org = Org::default();
        org.user("Ana", "East").put("1", record.clone());
        let asked = asked(org, "{windows: {activities: [month, previous_month]}}");
        for name in ["month", "previous_month"] {
            let tasks = asked.value("crm_activities", &[("kind", "task"), ("window", name)], NOW);
            assert_eq!(tasks, Some(f64::from(u8::from(window == Some(name)))), "{record:?} in {name}");
        }
    }
}

#[test]
fn kinds_are_what_the_settings_make_of_types() {
    let mut org = Org { activities: "{kinds: {Demo: demo, Task: '', Telefonat: call}}", ..Org::default() };
    org.user("Ana", "East");
    org.put("1", activity("DEMO", "Ana", "2026-03-10T09:00:00Z"));
    org.put("2", activity("telefonat", "Ana", "2026-03-10T09:00:00Z"));
    org.put("3", activity("Task", "Ana", "2026-03-10T09:00:00Z"));
    org.put("4", activity("fax", "Ana", "2026-03-10T09:00:00Z"));
    asked(org, MONTH).figures(
        NOW,
        r#"
        crm_activities{team="East",rep="Ana",kind="call",window="month"} 1
        crm_activities{team="East",rep="Ana",kind="demo",window="month"} 1
        "#,
    );
}

#[test]
fn durations_add_up_where_known_and_no_shows_count_apart() {
    let mut org = Org::default();
    org.user("Ana", "East");
    let lasting =
        |kind: &str, seconds| Activity { duration_seconds: seconds, ..activity(kind, "Ana", "2026-03-10T09:00:00Z") };
    let missed = |kind: &str| Activity { status: Some("no_show".into()), ..lasting(kind, Some(1800)) };
    org.put("1", lasting("call", Some(60))).put("2", lasting("call", Some(90))).put("3", lasting("call", None));
    org.put("4", Activity { direction: Some("inbound".into()), ..lasting("call", Some(5)) });
    org.put("5", missed("meeting")).put("6", missed("call"));
    org.put("7", Activity { at: when("2026-03-19T09:00:00Z"), ..missed("meeting") });
    asked(org, MONTH).figures(
        NOW,
        r#"
        crm_activities{team="East",rep="Ana",kind="call",window="month"} 4
        crm_activity_seconds{team="East",rep="Ana",kind="call",window="month"} 155
        crm_meetings_no_show{team="East",rep="Ana",window="month"} 1
        crm_last_activity_timestamp_seconds{team="East",rep="Ana"} 1773133200
        "#,
    );
}

#[test]
fn scheduled_is_what_is_open_from_now_to_the_end_of_the_seventh_day() {
    let open = |at: &str| Activity { status: Some("scheduled".into()), ..activity("meeting", "Ana", at) };
    for (record, scheduled) in [
        (open("2026-03-18T11:59:59Z"), false),
        (open("2026-03-18T12:00:00Z"), true),
        (open("2026-03-18T12:10:00Z"), true),
        (open("2026-03-25T23:59:59Z"), true),
        (open("2026-03-26T00:00:00Z"), false),
        (activity("meeting", "Ana", "2026-03-20T09:00:00Z"), true),
        (activity("meeting", "Ana", "2026-03-18T12:10:00Z"), false),
        (Activity { status: Some("cancelled".into()), ..open("2026-03-20T09:00:00Z") }, false),
        (Activity { status: Some("done".into()), ..open("2026-03-20T09:00:00Z") }, false),
        (task("Ana", "2026-03-17"), false),
        (task("Ana", "2026-03-18"), true),
        (task("Ana", "2026-03-25"), true),
        (task("Ana", "2026-03-26"), false),
        (Activity { completed_at: when("2026-03-18T09:00:00Z"), status: None, ..task("Ana", "2026-03-20") }, false),
    ] {
        let mut org = Org::default();
        org.user("Ana", "East").put("1", record.clone());
        let kind = record.kind.clone().unwrap();
        let asked = Asked::new(org);
        let found = asked.value("crm_activities_scheduled", &[("rep", "Ana"), ("kind", &kind)], NOW);
        assert_eq!(found, Some(f64::from(u8::from(scheduled))), "{record:?}");
    }
}

/// Contacts c1 to c5, of which c3 was deleted and c4 merged into c2; leads l1, which became c1, and l2.
fn prospects() -> Org {
    let mut org = Org::default();
    org.user("Ana", "East").user("Bo", "East").user("Cy", "West");
    org.put("c1", Contact::default()).put("c2", Contact::default()).put("c5", Contact::default());
    org.put_deleted("c3", Contact::default()).put_merged("c4", "c2", Contact::default());
    org.put("l1", Lead { contact: Some("c1".into()), ..Default::default() }).put("l2", Lead::default());
    org
}

#[test]
fn touches_are_first_or_follow_ups_of_prospects() {
    let mut org = prospects();
    let mut with = |id: &str, kind: &str, owner: &str, at: &str, contacts: &[&str], leads: &[&str]| {
        org.put(id, Activity { contacts: ids(contacts), leads: ids(leads), ..activity(kind, owner, at) });
    };
    with("0", "email", "Ana", "2026-02-10T09:00:00Z", &["c5"], &[]);
    // One prospect, although linked twice.
    with("1", "email", "Ana", "2026-03-02T09:00:00Z", &["c1"], &["l1"]);
    with("2", "call", "Bo", "2026-03-03T09:00:00Z", &[], &["l1"]);
    with("3", "meeting", "Ana", "2026-03-04T09:00:00Z", &["c2", "c4"], &[]);
    with("4", "call", "Bo", "2026-03-06T09:00:00Z", &["c3"], &[]);
    with("5", "task", "Bo", "2026-03-06T09:00:00Z", &["c2"], &[]);
    with("6", "email", "Cy", "2026-03-07T09:00:00Z", &[], &["l2"]);
    with("7", "email", "Bo", "2026-03-08T09:00:00Z", &["c5"], &[]);
    let inbound = activity("call", "Ana", "2026-03-01T09:00:00Z");
    org.put("8", Activity { direction: Some("Inbound".into()), contacts: ids(&["c2"]), ..inbound });
    asked(org, MONTH).figures_and_zeros(
        NOW,
        r#"
        crm_prospects_approached{team="East",rep="Ana",window="month"} 2
        crm_prospects_approached{team="East",rep="Bo",window="month"} 0
        crm_prospects_approached{team="West",rep="Cy",window="month"} 1
        crm_contacts_touched{scope="org",team="",rep="",window="month"} 4
        crm_contacts_touched{scope="team",team="East",rep="",window="month"} 3
        crm_contacts_touched{scope="team",team="West",rep="",window="month"} 1
        crm_contacts_touched{scope="rep",team="East",rep="Ana",window="month"} 2
        crm_contacts_touched{scope="rep",team="East",rep="Bo",window="month"} 2
        crm_contacts_touched{scope="rep",team="West",rep="Cy",window="month"} 1
        crm_follow_ups{team="East",rep="Ana",window="month"} 0
        crm_follow_ups{team="East",rep="Bo",window="month"} 2
        crm_follow_ups{team="West",rep="Cy",window="month"} 0
        crm_follow_ups_per_contact{scope="org",team="",rep="",window="month"} 0.5
        crm_follow_ups_per_contact{scope="team",team="East",rep="",window="month"} 0.6666666666666666
        crm_follow_ups_per_contact{scope="team",team="West",rep="",window="month"} 0
        crm_follow_ups_per_contact{scope="rep",team="East",rep="Ana",window="month"} 0
        crm_follow_ups_per_contact{scope="rep",team="East",rep="Bo",window="month"} 1
        crm_follow_ups_per_contact{scope="rep",team="West",rep="Cy",window="month"} 0
        "#,
    );
}

#[test]
fn of_equal_first_touches_the_lowest_id_is_the_first() {
    // At one instant; and at two that both count as now.
    for (nine, ten) in
        [("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"), ("2026-03-18T12:10:00Z", "2026-03-18T12:05:00Z")]
    {
        let mut org = prospects();
        org.put("10", Activity { contacts: ids(&["c1"]), ..activity("call", "Ana", ten) });
        org.put("9", Activity { leads: ids(&["l1"]), ..activity("call", "Bo", nine) });
        asked(org, MONTH).figures(
            NOW,
            r#"
            crm_prospects_approached{team="East",rep="Bo",window="month"} 1
            crm_follow_ups{team="East",rep="Ana",window="month"} 1
            "#,
        );
    }
}

#[test]
fn windows_that_look_back_past_the_activities_held_are_absent() {
    let mut org = org();
    org.put("1", activity("call", "Ana", "2026-03-17T09:00:00Z"));
    org.put("2", deal("Ana", "Won", "2025-01-01", "2026-03-02", "10"));
    org.coverage.activities_since = Some("2026-03-09T00:00:00Z".parse().unwrap());
    asked(org, "{windows: {activities: [week, previous_week, month, 10d, 11d], deals: [month]}}").figures_and_zeros(
        NOW,
        r#"
        crm_meetings_no_show{team="East",rep="Ana",window="week"} 0
        crm_meetings_no_show{team="East",rep="Ana",window="previous_week"} 0
        crm_meetings_no_show{team="East",rep="Ana",window="10d"} 0
        crm_meetings_no_show{team="East",rep="Bo",window="week"} 0
        crm_meetings_no_show{team="East",rep="Bo",window="previous_week"} 0
        crm_meetings_no_show{team="East",rep="Bo",window="10d"} 0
        crm_meetings_no_show{team="West",rep="Cy",window="week"} 0
        crm_meetings_no_show{team="West",rep="Cy",window="previous_week"} 0
        crm_meetings_no_show{team="West",rep="Cy",window="10d"} 0
        crm_deals_won{team="East",rep="Ana",pipeline="Sales",window="month"} 1
        crm_deals_won{team="East",rep="Bo",pipeline="Sales",window="month"} 0
        crm_deals_won{team="West",rep="Cy",pipeline="Sales",window="month"} 0
        "#,
    );
}

#[test]
fn who_is_only_mentioned_is_a_prospect_where_nobody_tells_more() {
    // The CRM delivers contacts; the file beside it only mentions some in its calls.
    let mut org = Org::default();
    org.user("Ana", "East").put("known", Contact::default());
    let call = |owner: &str, contact: &str| Activity {
        contacts: Some(vec![contact.into()]),
        ..activity("call", owner, "2026-03-18T09:00:00Z")
    };
    // Never seen in the CRM's contacts: deleted, as far as anybody can tell.
    org.put("1", call("Ana", "known")).put("2", call("Ana", "gone"));
    org.from_source("file").user("Bo", "East");
    org.put("3", call("Bo", "elsewhere"));
    let asked = Asked::new(org);
    let touched = |rep| asked.value("crm_contacts_touched", &[("rep", rep), ("window", "day")], NOW);
    assert_eq!(touched("Ana"), Some(1.0));
    assert_eq!(touched("Bo"), Some(1.0));
}
