//! What can go wrong on the way: after each, the store equals the truth.

use crm_exporter::domain::Object;
use crm_exporter::sync::Verdict;
use serde_json::json;

use super::{Floor, HOUR, MINUTE, count};
use crate::fake_crm::hubspot::{Kind, Organisation, Policy, faults};
use crate::fake_crm::{Fault, When};

fn filled() -> Floor {
    let floor = Floor::new();
    floor.hub.account().fill(&Organisation { deals: 120, ..Organisation::SMALL });
    floor
}

/// Faults that pass.
fn passing() -> Vec<(&'static str, Fault)> {
    vec![
        ("429 with Retry-After", faults::too_many(Policy::TenSecondly, Some(0))),
        ("429 without", faults::too_many(Policy::Secondly, None)),
        ("500", faults::server_error()),
        ("HTML with 502", Fault::html(502)),
        ("HTML with 200", Fault::html(200)),
        ("truncated", Fault::Truncated),
        ("broken", Fault::broken()),
        ("slow", Fault::slow()),
        ("moving", faults::migrating(0)),
    ]
}

#[tokio::test]
async fn a_fault_in_mid_listing_costs_a_request() {
    for (name, fault) in passing() {
        let mut floor = filled();
        floor.hub.plan(When::nth(2, "GET /crm/objects/2026-03/deals"), fault);
        let lines = floor.poll_after(0).await;
        floor.assert_true();
        let once_more = usize::from(name != "slow");
        assert_eq!(count(&lines, "GET /crm/objects/2026-03/deals"), 3 + 1 + once_more, "{name}");
    }
}

#[tokio::test]
async fn a_fault_among_changes_loses_nothing() {
    for (name, fault) in passing() {
        for at in ["/deals/search", "/associations/2026-03/deals/contacts", "/deals/batch/read"] {
            let mut floor = filled();
            floor.poll_after(0).await;
            floor.hub.clock().advance(HOUR);
            let ids: Vec<u64> = floor.hub.account().truth(Kind::Deals).map(|deal| deal.id()).take(70).collect();
            floor.hub.account().change_all(Kind::Deals, &ids, &[("dealstage", "contractsent"), ("amount", "7")]);
            floor.hub.plan(When::first(at), fault.clone());
            let (outcome, _) = floor.try_poll_after(2 * MINUTE).await;
            assert_eq!(outcome.verdict, Verdict::Complete, "{name} at {at}: {:?}", outcome.errors);
            floor.assert_true();
        }
    }
}

#[tokio::test]
async fn a_stream_that_goes_on_failing_keeps_its_place() {
    let mut floor = filled();
    floor.hub.plan(When::every("GET /crm/objects/2026-03/deals"), faults::server_error());
    let (outcome, _) = floor.try_poll_after(0).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    assert_eq!(floor.live(Object::Contact).len(), 40);
    let (outcome, lines) = floor.try_poll_after(MINUTE).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    // A page of deals and one of their bin are asked for four times, by a request that is sent four times at most.
    assert!(count(&lines, "GET /crm/objects/2026-03/deals") <= 2 * 4 * 4, "{lines:#?}");
    floor.hub.lift();
    floor.poll_after(MINUTE).await;
    floor.assert_true();
}

#[tokio::test]
async fn a_page_that_leads_to_itself_ends_the_stream_and_nothing_else() {
    let mut floor = filled();
    floor.hub.plan(When::nth(2, "GET /crm/objects/2026-03/deals"), faults::repeating_cursor());
    let (outcome, _) = floor.try_poll_after(0).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    assert!(outcome.errors[0].chain().contains("a page leads to itself"), "{:?}", outcome.errors);
    assert_eq!(floor.live(Object::Contact).len(), 40);
}

#[tokio::test]
async fn an_empty_page_is_not_the_end() {
    let mut floor = filled();
    floor.hub.plan(When::nth(2, "GET /crm/objects/2026-03/deals"), faults::empty_page());
    floor.poll_after(0).await;
    floor.assert_true();
}

#[tokio::test]
async fn a_record_in_another_form_costs_itself_alone() {
    let mut floor = filled();
    floor.hub.plan(When::nth(2, "GET /crm/objects/2026-03/contacts"), Fault::rewritten(|_, _| {}));
    floor.hub.plan(
        When::first("GET /crm/objects/2026-03/contacts"),
        Fault::rewritten(|_, body| {
            body["results"][3]["properties"] = json!("odd");
            body["results"][4] = json!(7);
            body["results"][5]["properties"]["future"] = json!("field");
            body["future"] = json!({"field": []});
        }),
    );
    floor.poll_after(0).await;
    assert_eq!(floor.live(Object::Contact).len(), 38);
    let errors = floor.series("record_errors_total");
    let malformed = r#"record_errors_total{object="contacts",reason="malformed",source="hub"} 2"#;
    assert!(errors.iter().any(|line| line == malformed), "{errors:?}");
    // The next listing of their ids sees that the one with an id is there; it arrives when it is changed.
    floor.hub.clock().advance(HOUR);
    let ids: Vec<u64> = floor.hub.account().truth(Kind::Contacts).map(|contact| contact.id()).collect();
    floor.hub.account().change_all(Kind::Contacts, &ids, &[("jobtitle", "CEO")]);
    floor.poll_after(2 * MINUTE).await;
    floor.assert_true();
}

#[tokio::test]
async fn dispositions_that_are_no_longer_there_are_read_from_the_property() {
    let mut floor = Floor::with("objects: [activities]");
    let now = floor.now().0.to_string();
    {
        let mut account = floor.hub.account();
        account.behaviour.has_dispositions = false;
        account.create(Kind::Calls, &[("hs_timestamp", &now), ("hs_call_disposition", "odd")]);
    }
    let lines = floor.poll_after(0).await;
    assert_eq!(count(&lines, "GET /crm/properties/2026-03/calls"), 1);
    floor.assert_true();
}

#[tokio::test]
async fn ids_that_are_numbers_and_partial_batches_are_read() {
    let mut floor = filled();
    {
        let mut account = floor.hub.account();
        account.behaviour.numeric_association_ids = Some(true);
        account.behaviour.history_in_millis = true;
        account.behaviour.absent_ids_fail = true;
    }
    floor.poll_after(0).await;
    floor.hub.clock().advance(HOUR);
    let ids: Vec<u64> = floor.hub.account().truth(Kind::Deals).map(|deal| deal.id()).take(5).collect();
    floor.hub.account().change_all(Kind::Deals, &ids, &[("dealstage", "contractsent"), ("amount", "7")]);
    let gone = ids[0];
    let erase = floor.hub.doing(move |account| account.archive(Kind::Deals, gone));
    floor.hub.plan(When::first("/deals/batch/read"), Fault::before(erase));
    floor.poll_after(2 * MINUTE).await;
    floor.poll_after(HOUR).await;
    floor.assert_true();
}
