//! Changes: few and many, at once and while they are read.

use crm_exporter::domain::{Object, Record};

use super::{DAY, Floor, HOUR, MINUTE, SECOND, count};
use crate::fake_crm::hubspot::{Kind, Organisation};
use crate::fake_crm::{Fault, When};

async fn loaded() -> Floor {
    let mut floor = Floor::new();
    floor.hub.account().fill(&Organisation::SMALL);
    floor.poll_after(0).await;
    floor
}

/// Deals that were made a year ago, all alike.
async fn with_deals(count: usize) -> (Floor, Vec<u64>) {
    let mut floor = Floor::with("objects: [deals]");
    let long_ago = floor.now().plus_millis(-300 * DAY);
    let ids = {
        let mut account = floor.hub.account();
        let fields = [("dealname", "a"), ("pipeline", "default"), ("dealstage", "qualifiedtobuy")];
        (0..count).map(|_| account.create_at(Kind::Deals, long_ago, &fields)).collect()
    };
    floor.poll_after(0).await;
    (floor, ids)
}

#[tokio::test]
async fn ten_changed_deals_take_four_requests_once() {
    let (mut floor, ids) = with_deals(60).await;
    floor.hub.clock().advance(HOUR);
    floor.hub.account().change_all(Kind::Deals, &ids[..10], &[("dealstage", "closedwon"), ("amount", "5")]);
    let lines = floor.poll_after(2 * MINUTE).await;
    let own: Vec<&String> = lines.iter().filter(|line| line.starts_with("POST")).collect();
    // The search, the links to contacts and to companies, the history.
    assert_eq!(own.len(), 4, "{lines:#?}");
    floor.assert_true();
    // They are still within the overlap, and known.
    for _ in 0..6 {
        assert_eq!(floor.poll_after(2 * MINUTE).await, ["POST /crm/objects/2026-03/deals/search"]);
    }
    floor.assert_true();
}

#[tokio::test]
async fn a_change_of_anything_arrives() {
    let mut floor = loaded().await;
    floor.hub.clock().advance(HOUR);
    let now = floor.now().0.to_string();
    {
        let mut account = floor.hub.account();
        let ids = |kind: Kind| account.truth(kind).map(|record| record.id()).next().unwrap();
        let (deal, contact, company) = (ids(Kind::Deals), ids(Kind::Contacts), ids(Kind::Companies));
        let (lead, call, meeting) = (ids(Kind::Leads), ids(Kind::Calls), ids(Kind::Meetings));
        account.change(Kind::Deals, deal, &[("amount", "77.70"), ("dealstage", "closedlost")]);
        account.change(Kind::Contacts, contact, &[("jobtitle", "CEO")]);
        account.change(Kind::Companies, company, &[("name", "Renamed")]);
        account.change(Kind::Leads, lead, &[("hs_pipeline_stage", "connected-stage-id")]);
        account.change(Kind::Meetings, meeting, &[("hs_meeting_outcome", "NO_SHOW")]);
        account.unlink((Kind::Calls, call), (Kind::Deals, deal));
        account.link((Kind::Calls, call), (Kind::Companies, company));
        account.change(Kind::Calls, call, &[("hs_call_disposition", "unheard-of")]);
        account.log_activity(
            Kind::Emails,
            &[("hs_timestamp", &now)],
            &[(Kind::Deals, deal), (Kind::Contacts, contact)],
        );
    }
    floor.poll_after(2 * MINUTE).await;
    floor.assert_true();
    let changes = floor.rows(Object::StatusChange);
    let is_new = |status: &str| {
        changes
            .iter()
            .any(|row| matches!(&row.record, Record::StatusChange(change) if change.status.as_deref() == Some(status)))
    };
    assert!(is_new("connected-stage-id"));
}

#[tokio::test]
async fn many_changes_of_one_instant_take_full_pages() {
    let (mut floor, ids) = with_deals(1_200).await;
    floor.hub.clock().advance(HOUR);
    floor.hub.account().change_all(Kind::Deals, &ids, &[("dealstage", "closedwon")]);
    let lines = floor.poll_after(2 * MINUTE).await;
    floor.assert_true();
    // 6 full pages and one that shows the end; links of two kinds, of at most 1,000 records each; 24 of history.
    assert_eq!(count(&lines, "/search"), 7);
    assert_eq!(count(&lines, "/crm/associations/"), 2 * 2);
    assert_eq!(count(&lines, "/batch/read") - 2 * 2, 24);
    // Once more, since they lie in the overlap, but nothing besides.
    let lines = floor.poll_after(2 * MINUTE).await;
    assert_eq!((count(&lines, "/search"), lines.len()), (7, 7));
}

#[tokio::test]
async fn a_record_that_changes_while_pages_are_read_arrives() {
    let (mut floor, ids) = with_deals(450).await;
    floor.hub.clock().advance(HOUR);
    floor.hub.account().change_all(Kind::Deals, &ids, &[("dealstage", "contractsent")]);
    let last = *ids.last().unwrap();
    let change = floor.hub.doing(move |account| account.change(Kind::Deals, last, &[("amount", "9")]));
    floor.hub.plan(When::nth(2, "/deals/search"), Fault::before(change));
    floor.poll_after(2 * MINUTE).await;
    // It had left the window. The next one has it.
    floor.poll_after(2 * MINUTE).await;
    floor.assert_true();
}

#[tokio::test]
async fn a_record_that_changes_during_the_first_load_arrives() {
    let mut floor = Floor::with("objects: [deals]");
    let first = {
        let mut account = floor.hub.account();
        let ids: Vec<u64> = (0..120).map(|_| account.create(Kind::Deals, &[("dealstage", "qualifiedtobuy")])).collect();
        ids[0]
    };
    let hub = floor.hub.clone();
    let change = floor.hub.doing(move |account| account.change(Kind::Deals, first, &[("dealstage", "closedwon")]));
    let late = move || {
        hub.clock().advance(SECOND);
        change();
    };
    floor.hub.plan(When::nth(2, "GET /crm/objects/2026-03/deals"), Fault::before(late));
    floor.poll_after(0).await;
    floor.poll_after(2 * MINUTE).await;
    floor.assert_true();
}

#[tokio::test]
async fn links_that_change_nothing_else_arrive_within_a_day() {
    let mut floor = loaded().await;
    floor.hub.clock().advance(HOUR);
    let now = floor.now().0.to_string();
    let (call, contact) = {
        let mut account = floor.hub.account();
        let contact = account.truth(Kind::Contacts).next().unwrap().id();
        (account.log_activity(Kind::Calls, &[("hs_timestamp", &now)], &[]), contact)
    };
    floor.poll_after(2 * MINUTE).await;
    floor.hub.account().link((Kind::Calls, call), (Kind::Contacts, contact));
    floor.poll_after(20 * MINUTE).await;
    floor.poll_after(DAY).await;
    floor.assert_true();
}

#[tokio::test]
async fn many_links_of_one_record_arrive() {
    let mut floor = Floor::with("objects: [deals, contacts]");
    let deal = {
        let mut account = floor.hub.account();
        account.behaviour.associations_per_page = 3;
        let deal = account.create(Kind::Deals, &[("dealname", "a")]);
        for _ in 0..10 {
            let contact = account.create(Kind::Contacts, &[("jobtitle", "CEO")]);
            account.link((Kind::Deals, deal), (Kind::Contacts, contact));
        }
        deal
    };
    floor.poll_after(0).await;
    floor.assert_true();
    floor.hub.clock().advance(HOUR);
    {
        let mut account = floor.hub.account();
        let contact = account.create(Kind::Contacts, &[("jobtitle", "CFO")]);
        account.link((Kind::Deals, deal), (Kind::Contacts, contact));
        account.change(Kind::Deals, deal, &[("amount", "1")]);
    }
    floor.poll_after(2 * MINUTE).await;
    floor.assert_true();
}

#[tokio::test]
async fn unknown_stages_owners_and_currencies_stop_nothing() {
    let (mut floor, ids) = with_deals(3).await;
    floor.hub.clock().advance(HOUR);
    let fields = [
        ("dealstage", "no-such-stage"),
        ("hubspot_owner_id", "999999"),
        ("deal_currency_code", "XXY"),
        ("amount", "5"),
    ];
    floor.hub.account().change_all(Kind::Deals, &ids, &fields);
    floor.poll_after(2 * MINUTE).await;
    floor.assert_true();
}

#[tokio::test]
async fn a_stage_that_is_deleted_keeps_its_name() {
    let (mut floor, _) = with_deals(3).await;
    floor.hub.account().remove_stage(Kind::Deals, "default", "qualifiedtobuy");
    floor.poll_after(HOUR).await;
    let stages = floor.rows(Object::Stage);
    let stage = stages.iter().find(|row| row.id == "qualifiedtobuy").unwrap();
    let Record::Stage(kept) = &stage.record else { panic!("{stage:?}") };
    assert_eq!((stage.live, kept.name.as_deref()), (true, Some("Qualified To Buy")));
}
