//! Pipeline and funnel.

use super::Asked;
use super::activities::{activity, task};
use super::deals::deal;
use crate::domain::{Activity, Contact, Deal, Pipeline, Stage};
use crate::facts::testing::{Org, decimal, when};

const NOW: &str = "2026-03-18T12:00:00Z";

fn stage(pipeline: &str, name: &str, position: i64, outcome: &str) -> Stage<String> {
    Stage {
        pipeline: Some(pipeline.into()),
        name: Some(name.into()),
        position: Some(position),
        outcome: Some(outcome.into()),
        ..Default::default()
    }
}

/// The pipelines `Sales` (New, Talk, Offer, Won, Lost) and `Other` (Fresh); Ana of team East.
fn org() -> Org {
    let mut org = Org::default();
    for name in ["Sales", "Other"] {
        org.put(name, Pipeline { name: Some(name.into()), ..Default::default() });
    }
    for (position, (name, outcome)) in
        [("New", "open"), ("Talk", "open"), ("Offer", "open"), ("Won", "won"), ("Lost", "lost")].iter().enumerate()
    {
        org.put(name, stage("Sales", name, position as i64, outcome));
    }
    org.put("Fresh", stage("Other", "Fresh", 0, "open"));
    org.user("Ana", "East");
    org
}

/// A deal of Ana with its history; the last stage is the present one.
fn with_history(org: &mut Org, id: &str, amount: &str, history: &[(&str, &str)]) {
    let (first, last) = (history[0], history[history.len() - 1]);
    let closed = if ["Won", "Lost"].contains(&last.0) { last.1 } else { "" };
    let pipeline = if last.0 == "Fresh" { "Other" } else { "Sales" };
    let record = deal("Ana", last.0, first.1, closed, amount);
    org.put(id, Deal { pipeline: Some(pipeline.into()), ..record }).history(id, history);
}

fn asked(org: Org) -> Asked {
    Asked { metrics: "{windows: {funnel: [90d]}}", ..Asked::new(org) }
}

#[test]
fn deals_that_enter_a_stage_advance_are_lost_or_wait() {
    let mut org = org();
    with_history(&mut org, "1", "", &[("New", "2026-01-10"), ("Talk", "2026-02-01"), ("Offer", "2026-02-10")]);
    with_history(&mut org, "2", "70", &[("New", "2026-01-11"), ("Talk", "2026-02-02"), ("Lost", "2026-02-20")]);
    with_history(&mut org, "3", "30", &[("New", "2026-01-12"), ("Lost", "2026-02-21")]);
    // Skipped stages are not entered.
    with_history(&mut org, "4", "", &[("New", "2026-01-13"), ("Won", "2026-02-22")]);
    // Back again: the second stay in New is no entry, and nothing that Talk leads to.
    with_history(&mut org, "5", "", &[("New", "2026-01-14"), ("Talk", "2026-02-03"), ("New", "2026-02-25")]);
    // Left for another pipeline: waiting in both until closed.
    with_history(&mut org, "6", "", &[("New", "2026-01-15"), ("Fresh", "2026-02-20")]);
    with_history(&mut org, "7", "5", &[("New", "2026-01-16"), ("Fresh", "2026-02-20")]);
    let moved = deal("Ana", "Fresh", "2026-01-16", "2026-03-01", "5");
    org.put("7", Deal { pipeline: Some("Other".into()), status: Some("lost".into()), ..moved });
    // Entered New before the window.
    with_history(&mut org, "9", "", &[("New", "2025-10-01"), ("Talk", "2026-01-05")]);
    // Offer before Talk before Offer: Talk came first the second time.
    with_history(&mut org, "10", "", &[("Offer", "2026-01-18"), ("Talk", "2026-02-01"), ("Offer", "2026-02-10")]);
    asked(org).figures(
        NOW,
        r#"
        crm_stage_entered{team="East",rep="Ana",pipeline="Sales",stage="New",window="90d"} 7
        crm_stage_advanced{team="East",rep="Ana",pipeline="Sales",stage="New",window="90d"} 4
        crm_stage_lost{team="East",rep="Ana",pipeline="Sales",stage="New",window="90d"} 2
        crm_stage_waiting{team="East",rep="Ana",pipeline="Sales",stage="New",window="90d"} 1
        crm_stage_lost_value{team="East",rep="Ana",pipeline="Sales",stage="New",window="90d"} 35
        crm_stage_entered{team="East",rep="Ana",pipeline="Sales",stage="Talk",window="90d"} 5
        crm_stage_advanced{team="East",rep="Ana",pipeline="Sales",stage="Talk",window="90d"} 2
        crm_stage_lost{team="East",rep="Ana",pipeline="Sales",stage="Talk",window="90d"} 1
        crm_stage_waiting{team="East",rep="Ana",pipeline="Sales",stage="Talk",window="90d"} 2
        crm_stage_lost_value{team="East",rep="Ana",pipeline="Sales",stage="Talk",window="90d"} 70
        crm_stage_entered{team="East",rep="Ana",pipeline="Sales",stage="Offer",window="90d"} 2
        crm_stage_waiting{team="East",rep="Ana",pipeline="Sales",stage="Offer",window="90d"} 2
        crm_stage_entered{team="East",rep="Ana",pipeline="Other",stage="Fresh",window="90d"} 2
        crm_stage_lost{team="East",rep="Ana",pipeline="Other",stage="Fresh",window="90d"} 1
        crm_stage_waiting{team="East",rep="Ana",pipeline="Other",stage="Fresh",window="90d"} 1
        crm_stage_lost_value{team="East",rep="Ana",pipeline="Other",stage="Fresh",window="90d"} 5
        "#,
    );
}

#[test]
fn conversion_is_of_what_has_been_decided_in_every_scope() {
    let mut org = org();
    org.user("Bo", "East").user("Cy", "West");
    let mut with = |id: &str, owner: &str, stage: &str| {
        let closed = if stage == "Lost" { "2026-02-01" } else { "" };
        org.put(id, deal(owner, stage, "2026-01-10", closed, ""));
        org.history(id, &[("New", "2026-01-10"), (stage, "2026-02-01")]);
    };
    with("1", "Ana", "Talk");
    with("2", "Ana", "Talk");
    with("3", "Ana", "Lost");
    with("4", "Bo", "Lost");
    with("5", "Cy", "New");
    asked(org).figures_and_zeros(
        NOW,
        r#"
        crm_stage_conversion_ratio{scope="org",team="",rep="",pipeline="Sales",stage="New",window="90d"} 0.5
        crm_stage_conversion_ratio{scope="team",team="East",rep="",pipeline="Sales",stage="New",window="90d"} 0.5
        crm_stage_conversion_ratio{scope="rep",team="East",rep="Ana",pipeline="Sales",stage="New",window="90d"} 0.6666666666666666
        crm_stage_conversion_ratio{scope="rep",team="East",rep="Bo",pipeline="Sales",stage="New",window="90d"} 0
        crm_stage_waiting{team="East",rep="Ana",pipeline="Sales",stage="New",window="90d"} 0
        crm_stage_waiting{team="East",rep="Ana",pipeline="Sales",stage="Talk",window="90d"} 2
        crm_stage_waiting{team="East",rep="Ana",pipeline="Sales",stage="Offer",window="90d"} 0
        crm_stage_waiting{team="East",rep="Bo",pipeline="Sales",stage="New",window="90d"} 0
        crm_stage_waiting{team="East",rep="Bo",pipeline="Sales",stage="Talk",window="90d"} 0
        crm_stage_waiting{team="East",rep="Bo",pipeline="Sales",stage="Offer",window="90d"} 0
        crm_stage_waiting{team="West",rep="Cy",pipeline="Sales",stage="New",window="90d"} 1
        crm_stage_waiting{team="West",rep="Cy",pipeline="Sales",stage="Talk",window="90d"} 0
        crm_stage_waiting{team="West",rep="Cy",pipeline="Sales",stage="Offer",window="90d"} 0
        "#,
    );
}

#[test]
fn the_initial_stage_is_entered_at_creation() {
    let changes = |org: &mut Org, from: Option<&str>, stage: &str, at: &str| {
        let change = crate::domain::StageChange {
            deal: Some("1".into()),
            stage: Some(stage.into()),
            from_stage: from.map(str::to_owned),
            at: when(at),
            ..Default::default()
        };
        org.put(&format!("{stage} {at}"), change);
    };
    // Created, changes, and the stages entered in the last 90 days.
    for (created, history, entered) in [
        ("2026-03-01", vec![], vec!["Talk"]),
        ("2025-03-01", vec![], vec![]),
        ("", vec![], vec![]),
        // The first change is into the initial stage, whenever that was noted.
        ("2026-03-01", vec![(None, "New", "2026-03-02"), (None, "Talk", "2026-03-03")], vec!["New", "Talk"]),
        ("2025-03-01", vec![(None, "New", "2026-03-02"), (None, "Talk", "2026-03-03")], vec!["Talk"]),
        // The first change tells what the initial stage was.
        ("2026-03-01", vec![(Some("New"), "Talk", "2026-03-03")], vec!["New", "Talk"]),
        ("2025-03-01", vec![(Some("New"), "Talk", "2026-03-03")], vec!["Talk"]),
        ("", vec![(Some("New"), "Talk", "2026-03-03")], vec!["Talk"]),
        // Clocks differ.
        ("2026-03-18T12:10:00Z", vec![], vec!["Talk"]),
        ("2026-03-18T12:20:00Z", vec![], vec![]),
        ("2026-03-01", vec![(None, "New", "2026-03-01"), (None, "Talk", "2026-03-18T12:10:00Z")], vec!["New", "Talk"]),
        // The same stage again is no change.
        ("2026-03-01", vec![(None, "Talk", "2026-03-01"), (None, "Talk", "2026-03-05")], vec!["Talk"]),
    ] {
        let mut org = org();
        org.put("1", deal("Ana", "Talk", created, "", ""));
        history.iter().for_each(|(from, stage, at)| changes(&mut org, *from, stage, at));
        let asked = asked(org);
        for stage in ["New", "Talk", "Offer"] {
            let found = asked.value("crm_stage_entered", &[("rep", "Ana"), ("stage", stage)], NOW);
            let expected = f64::from(u8::from(entered.contains(&stage)));
            assert_eq!(found, Some(expected), "{stage}: {created:?} {history:?}");
        }
    }
}

#[test]
fn open_deals_stand_in_their_stage() {
    let mut org = org();
    org.put("1", deal("Ana", "New", "2026-01-10", "", "10.50"));
    org.put("2", deal("Ana", "New", "2026-01-10", "2026-04-01", ""));
    org.put("3", deal("Ana", "Offer", "", "", "30"));
    org.put("4", deal("Ana", "Won", "2026-01-10", "2026-02-01", "100"));
    // The status wins over what the stage says; a stage for closed deals has no series.
    org.put("5", Deal { status: Some("open".into()), ..deal("Ana", "Lost", "2026-01-10", "", "7") });
    org.put("6", Deal { status: Some("lost".into()), ..deal("Ana", "Talk", "2026-01-10", "2026-02-01", "7") });
    org.put("7", Deal { stage: None, ..deal("Ana", "", "2026-01-10", "", "8") });
    asked(org).figures_and_zeros(
        NOW,
        r#"
        crm_open_deals{team="East",rep="Ana",pipeline="Sales",stage="New"} 2
        crm_open_deals{team="East",rep="Ana",pipeline="Sales",stage="Talk"} 0
        crm_open_deals{team="East",rep="Ana",pipeline="Sales",stage="Offer"} 1
        crm_open_deals{team="East",rep="Ana",pipeline="Sales",stage="unknown"} 2
        crm_open_deals_value{team="East",rep="Ana",pipeline="Sales",stage="New"} 10.5
        crm_open_deals_value{team="East",rep="Ana",pipeline="Sales",stage="Talk"} 0
        crm_open_deals_value{team="East",rep="Ana",pipeline="Sales",stage="Offer"} 30
        crm_open_deals_value{team="East",rep="Ana",pipeline="Sales",stage="unknown"} 15
        "#,
    );
}

#[test]
fn values_are_weighted_by_the_best_probability_known() {
    let mut org = org();
    org.put("New", Stage { probability: decimal("0.2"), ..stage("Sales", "New", 0, "open") });
    let sure =
        |probability: &str| Deal { probability: decimal(probability), ..deal("Ana", "New", "2026-01-10", "", "100") };
    org.put("1", sure("0.5")).put("2", sure("0"));
    org.put("3", deal("Ana", "New", "2026-01-10", "", "100"));
    // Talk: one of four was won, of those that came there within 365 days and are closed.
    org.put("4", deal("Ana", "Talk", "2026-01-10", "", "100"));
    for (id, entered, last) in [
        ("5", "2025-06-01", "Won"),
        ("6", "2025-06-01", "Lost"),
        ("7", "2025-06-01", "Lost"),
        ("8", "2025-03-19", "Lost"),
        ("9", "2025-03-18", "Won"),
    ] {
        with_history(&mut org, id, "100", &[("New", "2025-01-01"), ("Talk", entered), (last, "2025-08-01")]);
    }
    org.put("10", deal("Ana", "Offer", "2026-01-10", "", "100"));
    asked(org).figures_and_zeros(
        NOW,
        r#"
        crm_open_deals_weighted_value{team="East",rep="Ana",pipeline="Sales",stage="New"} 70
        crm_open_deals_weighted_value{team="East",rep="Ana",pipeline="Sales",stage="Talk"} 25
        crm_open_deals_weighted_value{team="East",rep="Ana",pipeline="Sales",stage="Offer"} 0
        "#,
    );
}

#[test]
fn the_share_won_is_of_the_stage_in_its_pipeline() {
    let mut org = org();
    let shared = Stage { name: Some("Shared".into()), outcome: Some("open".into()), ..Default::default() };
    org.put("Shared", shared);
    for (id, pipeline, status) in
        [("1", "Sales", "won"), ("2", "Other", "lost"), ("3", "Sales", "open"), ("4", "Other", "open")]
    {
        let closed = if status == "open" { "" } else { "2026-02-01" };
        let record = deal("Ana", "Shared", "2026-01-10", closed, "100");
        org.put(id, Deal { pipeline: Some(pipeline.into()), status: Some(status.into()), ..record });
    }
    asked(org).figures(
        NOW,
        r#"
        crm_open_deals_weighted_value{team="East",rep="Ana",pipeline="Sales",stage="Shared"} 100
        "#,
    );
}

#[test]
fn a_deal_is_overdue_when_its_expected_close_was_before_today() {
    let expected = |when_: &str| deal("Ana", "New", "2026-01-10", when_, "");
    for (record, overdue) in [
        (expected("2026-03-17"), true),
        (expected("2026-03-18"), false),
        // In New York, yesterday lasted until 04:00.
        (expected("2026-03-18T03:59:59Z"), true),
        (expected("2026-03-18T04:00:00Z"), false),
        (expected(""), false),
        (Deal { expected_close: when("2026-03-20"), ..expected("2026-03-01") }, false),
        (Deal { expected_close: when("2026-03-10"), ..expected("") }, true),
        (deal("Ana", "Lost", "2026-01-10", "2026-03-10", ""), false),
    ] {
        let mut org = Org { calendar: "{time_zone: America/New_York}", ..org() };
        org.put("1", record.clone());
        let found = asked(org).value("crm_open_deals_overdue", &[("rep", "Ana"), ("pipeline", "Sales")], NOW);
        assert_eq!(found, Some(f64::from(u8::from(overdue))), "{record:?}");
    }
}

/// So many deals that stayed in New for 1, 2, 3, ... days and then were lost.
fn stays(org: &mut Org, count: u32) {
    for days in 1..=count {
        let (id, lost) = (format!("stay {days}"), format!("2026-01-{:02}", 1 + days));
        with_history(org, &id, "", &[("New", "2026-01-01"), ("Lost", &lost)]);
    }
}

#[test]
fn a_deal_is_stalled_after_a_multiple_of_the_usual_stay() {
    // The median of 1 to 10 days is 5.5 days.
    for (settings, count, entered, stalled) in [
        ("{}", 10, "2026-03-07T11:59:59Z", true),
        ("{}", 10, "2026-03-07T12:00:00Z", false),
        ("{}", 9, "2026-01-01T00:00:00Z", false),
        ("{stalled_multiple: 3}", 10, "2026-03-02T00:00:00Z", false),
        ("{stalled_multiple: 3}", 10, "2026-03-01T23:59:59Z", true),
        ("{stalled_multiple: 0.5}", 10, "2026-03-15T17:59:59Z", true),
    ] {
        let mut org = Org { deals: settings, ..org() };
        stays(&mut org, count);
        org.put("1", deal("Ana", "New", "2025-01-01", "", ""));
        org.history("1", &[("Talk", "2025-01-01"), ("New", entered)]);
        let found = asked(org).value("crm_open_deals_stalled", &[("rep", "Ana"), ("pipeline", "Sales")], NOW);
        assert_eq!(found, Some(f64::from(u8::from(stalled))), "{settings} {count} {entered}");
    }
}

#[test]
fn stays_count_each_for_itself_if_they_ended_within_a_year() {
    let mut org = org();
    stays(&mut org, 8);
    // Two stays of one deal: 9 and 10 days.
    let twice = [("New", "2026-01-01"), ("Talk", "2026-01-10"), ("New", "2026-02-01"), ("Lost", "2026-02-11")];
    with_history(&mut org, "twice", "", &twice);
    // Ended too long ago, or before it began.
    with_history(&mut org, "old", "", &[("New", "2024-01-01"), ("Lost", "2025-03-18")]);
    with_history(&mut org, "odd", "", &[("New", "2026-02-01"), ("Lost", "2026-01-01")]);
    org.put("1", deal("Ana", "New", "2026-03-07T11:59:59Z", "", ""));
    org.put("2", deal("Ana", "New", "2026-03-07T12:00:00Z", "", ""));
    asked(org).figures(NOW, r#"crm_open_deals_stalled{team="East",rep="Ana",pipeline="Sales"} 1"#);
}

#[test]
fn a_next_step_is_an_open_activity_to_come() {
    let linked = |record: Activity<String>| Activity { deals: Some(vec!["1".into()]), ..record };
    let open = |at: &str| Activity { status: Some("open".into()), ..linked(activity("meeting", "Ana", at)) };
    for (record, planned) in [
        (open("2026-03-18T12:00:01Z"), true),
        (open("2026-03-18T12:00:00Z"), false),
        (open("2026-06-01T12:00:00Z"), true),
        (linked(task("Ana", "2026-03-18")), true),
        (linked(task("Ana", "2026-03-17")), false),
        (linked(activity("meeting", "Ana", "2026-03-20T12:00:00Z")), true),
        (Activity { status: Some("cancelled".into()), ..open("2026-03-20T12:00:00Z") }, false),
        (Activity { status: Some("done".into()), ..open("2026-03-20T12:00:00Z") }, false),
        (Activity { deals: Some(vec!["merged".into()]), ..open("2026-03-20T12:00:00Z") }, true),
        (Activity { deals: Some(vec!["2".into()]), ..open("2026-03-20T12:00:00Z") }, false),
    ] {
        let mut org = org();
        org.put("1", deal("Ana", "New", "2026-01-10", "", ""));
        org.put_merged("merged", "1", deal("Ana", "New", "2026-01-10", "", ""));
        org.put("a", record.clone());
        let labels = [("rep", "Ana"), ("pipeline", "Sales")];
        let found = asked(org).value("crm_open_deals_without_next_step", &labels, NOW);
        assert_eq!(found, Some(f64::from(u8::from(!planned))), "{record:?}");
    }
}

#[test]
fn a_deal_with_fewer_than_two_touched_prospects_is_single_threaded() {
    let touch = |kind: &str, contacts: &[&str]| Activity {
        deals: Some(vec!["1".into()]),
        contacts: Some(contacts.iter().map(|id| (*id).to_owned()).collect()),
        ..activity(kind, "Ana", "2025-03-10T09:00:00Z")
    };
    for (records, single) in [
        (vec![], true),
        (vec![touch("call", &["c1"]), touch("email", &["c1"])], true),
        (vec![touch("call", &["c1"]), touch("email", &["c2"])], false),
        (vec![touch("meeting", &["c1", "c2"])], false),
        (vec![touch("task", &["c1", "c2"])], true),
        (vec![touch("meeting", &["c1", "gone"])], true),
        (vec![Activity { at: when("2026-03-19"), ..touch("call", &["c1", "c2"]) }], true),
        (vec![Activity { deals: None, ..touch("call", &["c1", "c2"]) }], true),
    ] {
        let mut org = org();
        org.put("c1", Contact::default()).put("c2", Contact::default()).put_deleted("gone", Contact::default());
        org.deliver(crate::domain::Object::Activity);
        org.put("1", deal("Ana", "New", "2026-01-10", "", ""));
        for (id, record) in records.iter().enumerate() {
            org.put(&id.to_string(), record.clone());
        }
        let labels = [("rep", "Ana"), ("pipeline", "Sales")];
        let found = asked(org).value("crm_open_deals_single_threaded", &labels, NOW);
        assert_eq!(found, Some(f64::from(u8::from(single))), "{records:?}");
    }
}

#[test]
fn stays_that_ended_are_measured_each_for_itself() {
    let mut org = org();
    org.user("Bo", "East");
    // In New for 2 days, in Talk for 4, back in New for 6 and then open: the last stay has not ended.
    with_history(
        &mut org,
        "1",
        "",
        &[("New", "2026-03-01"), ("Talk", "2026-03-03"), ("New", "2026-03-07"), ("Talk", "2026-03-13")],
    );
    // 10 days in New; the close, and no change of stage, ends the 3 in Offer.
    with_history(&mut org, "2", "", &[("New", "2026-02-01"), ("Offer", "2026-02-11")]);
    let closed = deal("Ana", "Won", "2026-02-01", "2026-02-14", "");
    org.put("2", Deal { pipeline: Some("Sales".into()), status: Some("won".into()), ..closed });
    // Ended before the window; and one that ended before it began.
    with_history(&mut org, "3", "", &[("New", "2025-10-01"), ("Talk", "2025-11-01")]);
    with_history(&mut org, "4", "", &[("New", "2026-03-10"), ("Lost", "2026-03-08")]);
    org.put("5", Deal { pipeline: Some("Sales".into()), ..deal("Bo", "Talk", "2026-03-01", "", "") });
    org.history("5", &[("New", "2026-03-01"), ("Talk", "2026-03-05")]);
    // Of 2, 4, 6 and 10 days in New: mean 5.5, median 5, 90% at rank 2.7.
    asked(org).figures(
        NOW,
        r#"
        crm_stage_duration_seconds{scope="org",team="",rep="",pipeline="Sales",stage="New",window="90d",stat="mean"} 475200
        crm_stage_duration_seconds{scope="org",team="",rep="",pipeline="Sales",stage="New",window="90d",stat="p50"} 432000
        crm_stage_duration_seconds{scope="org",team="",rep="",pipeline="Sales",stage="New",window="90d",stat="p90"} 760320
        crm_stage_duration_seconds{scope="team",team="East",rep="",pipeline="Sales",stage="New",window="90d",stat="mean"} 475200
        crm_stage_duration_seconds{scope="team",team="East",rep="",pipeline="Sales",stage="New",window="90d",stat="p50"} 432000
        crm_stage_duration_seconds{scope="team",team="East",rep="",pipeline="Sales",stage="New",window="90d",stat="p90"} 760320
        crm_stage_duration_seconds{scope="rep",team="East",rep="Ana",pipeline="Sales",stage="New",window="90d",stat="mean"} 518400
        crm_stage_duration_seconds{scope="rep",team="East",rep="Ana",pipeline="Sales",stage="New",window="90d",stat="p50"} 518400
        crm_stage_duration_seconds{scope="rep",team="East",rep="Bo",pipeline="Sales",stage="New",window="90d",stat="mean"} 345600
        crm_stage_duration_seconds{scope="rep",team="East",rep="Bo",pipeline="Sales",stage="New",window="90d",stat="p50"} 345600
        crm_stage_duration_seconds{scope="org",team="",rep="",pipeline="Sales",stage="Talk",window="90d",stat="mean"} 345600
        crm_stage_duration_seconds{scope="org",team="",rep="",pipeline="Sales",stage="Talk",window="90d",stat="p50"} 345600
        crm_stage_duration_seconds{scope="org",team="",rep="",pipeline="Sales",stage="Talk",window="90d",stat="p90"} 345600
        crm_stage_duration_seconds{scope="team",team="East",rep="",pipeline="Sales",stage="Talk",window="90d",stat="mean"} 345600
        crm_stage_duration_seconds{scope="team",team="East",rep="",pipeline="Sales",stage="Talk",window="90d",stat="p50"} 345600
        crm_stage_duration_seconds{scope="team",team="East",rep="",pipeline="Sales",stage="Talk",window="90d",stat="p90"} 345600
        crm_stage_duration_seconds{scope="rep",team="East",rep="Ana",pipeline="Sales",stage="Talk",window="90d",stat="mean"} 345600
        crm_stage_duration_seconds{scope="rep",team="East",rep="Ana",pipeline="Sales",stage="Talk",window="90d",stat="p50"} 345600
        crm_stage_duration_seconds{scope="org",team="",rep="",pipeline="Sales",stage="Offer",window="90d",stat="mean"} 259200
        crm_stage_duration_seconds{scope="org",team="",rep="",pipeline="Sales",stage="Offer",window="90d",stat="p50"} 259200
        crm_stage_duration_seconds{scope="org",team="",rep="",pipeline="Sales",stage="Offer",window="90d",stat="p90"} 259200
        crm_stage_duration_seconds{scope="team",team="East",rep="",pipeline="Sales",stage="Offer",window="90d",stat="mean"} 259200
        crm_stage_duration_seconds{scope="team",team="East",rep="",pipeline="Sales",stage="Offer",window="90d",stat="p50"} 259200
        crm_stage_duration_seconds{scope="team",team="East",rep="",pipeline="Sales",stage="Offer",window="90d",stat="p90"} 259200
        crm_stage_duration_seconds{scope="rep",team="East",rep="Ana",pipeline="Sales",stage="Offer",window="90d",stat="mean"} 259200
        crm_stage_duration_seconds{scope="rep",team="East",rep="Ana",pipeline="Sales",stage="Offer",window="90d",stat="p50"} 259200
        "#,
    );
}
