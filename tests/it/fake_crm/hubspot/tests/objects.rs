//! Listings, single records and batches.

use serde_json::{Value, json};

use super::Client;
use crate::fake_crm::hubspot::{HubSpot, Kind};

const DEALS: &str = "/crm/objects/2026-03/deals";

fn with_deals(count: usize) -> HubSpot {
    let hubspot = HubSpot::start();
    for number in 0..count {
        hubspot.account().create(Kind::Deals, &[("dealname", &format!("Deal {number}")), ("amount", "10")]);
    }
    hubspot
}

#[test]
fn a_listing_is_read_page_by_page() {
    let hubspot = with_deals(25);
    let client = Client::new(&hubspot);
    let all: Vec<String> = (1001..1026).map(|id| id.to_string()).collect();
    assert_eq!(client.get(DEALS).ids().len(), 10);
    for limit in [7, 24, 25, 100] {
        assert_eq!(client.ids(&format!("{DEALS}?limit={limit}")), all, "{limit}");
    }
    assert_eq!(client.get(&format!("{DEALS}?limit=25")).cursor(), None);
    assert_eq!(client.ids("/crm/objects/2026-09/0-3?limit=20"), all);
    assert_eq!(client.ids("/crm/v3/objects/deals?limit=20"), all);
}

#[test]
fn pages_have_a_greatest_size() {
    let hubspot = with_deals(1);
    let client = Client::new(&hubspot);
    let status = |query: &str| client.get(&format!("{DEALS}?{query}")).status;
    assert_eq!([status("limit=100"), status("limit=101"), status("limit=0"), status("limit=x")], [200, 400, 400, 400]);
    let history = "propertiesWithHistory=dealstage";
    assert_eq!([status(&format!("limit=50&{history}")), status(&format!("limit=51&{history}"))], [200, 400]);
    assert_eq!([status("archived=yes"), status("after=x"), status("associations=cars")], [400, 400, 400]);
}

#[test]
fn only_named_properties_come_back_and_unknown_names_are_dropped() {
    let hubspot = with_deals(1);
    let client = Client::new(&hubspot);
    let names = |query: &str| -> Vec<String> {
        let reply = client.get(&format!("{DEALS}?{query}"));
        reply.body["results"][0]["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let always = ["hs_object_id", "createdate", "hs_lastmodifieddate"];
    assert_eq!(names("properties=closed_lost_reason,nonsense"), [&always[..], &["closed_lost_reason"]].concat());
    let default = ["amount", "closedate", "dealname", "dealstage", "pipeline"];
    assert_eq!(names(""), [&always[..], &default].concat());
    let reply = client.get(&format!("{DEALS}?properties=amount,closed_lost_reason"));
    assert_eq!((reply.property("amount"), reply.property("closed_lost_reason")), (&json!("10"), &Value::Null));
}

#[test]
fn histories_are_newest_first_and_bounded() {
    let hubspot = with_deals(1);
    for (minute, stage) in (1..).zip(["appointmentscheduled", "contractsent", "closedwon"]) {
        hubspot.clock().advance(minute * 60_000);
        hubspot.account().change(Kind::Deals, 1001, &[("dealstage", stage)]);
    }
    let client = Client::new(&hubspot);
    let history = || {
        let reply = client.get(&format!("{DEALS}/1001?propertiesWithHistory=dealstage"));
        reply.body["propertiesWithHistory"]["dealstage"].as_array().unwrap().clone()
    };
    let stages: Vec<Value> = history().iter().map(|version| version["value"].clone()).collect();
    assert_eq!(stages, ["closedwon", "contractsent", "appointmentscheduled"]);
    assert_eq!(history()[2]["timestamp"], "2026-11-21T17:01:00.000Z");
    hubspot.account().behaviour.history_versions = Some(2);
    hubspot.account().behaviour.history_in_millis = true;
    assert_eq!(history().len(), 2);
    assert_eq!(history()[1]["timestamp"], "1795280580000");
}

#[test]
fn archived_records_are_listed_apart_and_keep_their_modified_date() {
    let hubspot = with_deals(3);
    let client = Client::new(&hubspot);
    hubspot.clock().advance(60_000);
    hubspot.account().archive(Kind::Deals, 1002);
    assert_eq!(client.ids(&format!("{DEALS}?limit=10")), ["1001", "1003"]);
    let bin = client.get(&format!("{DEALS}?archived=true"));
    assert_eq!(bin.ids(), ["1002"]);
    assert_eq!(bin.body["results"][0]["archivedAt"], "2026-11-21T17:01:00.000Z");
    assert_eq!(bin.property("hs_lastmodifieddate"), "2026-11-21T17:00:00.000Z");
    assert_eq!(client.get(&format!("{DEALS}/1002")).status, 404);
    assert_eq!(client.get(&format!("{DEALS}/1002?archived=true")).status, 200);
    let in_bin =
        |id: u64| hubspot.account().truth(Kind::Deals).any(|deal| deal.id() == id && deal.archived_at().is_some());
    assert!(in_bin(1002) && !in_bin(1001));
    hubspot.account().restore(Kind::Deals, 1002);
    assert_eq!(client.ids(&format!("{DEALS}?limit=10")).len(), 3);
    hubspot.account().erase(Kind::Deals, 1002);
    assert_eq!(client.ids(&format!("{DEALS}?limit=10")), ["1001", "1003"]);
    assert_eq!(client.ids(&format!("{DEALS}?archived=true")), Vec::<String>::new());
}

#[test]
fn urls_have_a_greatest_length() {
    let hubspot = with_deals(1);
    let client = Client::new(&hubspot);
    let status = |length| client.get(&format!("{DEALS}?properties={}", "a".repeat(length))).status;
    assert_eq!([status(15_000), status(16_500)], [200, 414]);
}

fn batch(ids: std::ops::Range<u64>) -> Value {
    json!({"inputs": ids.map(|id| json!({"id": id.to_string()})).collect::<Vec<_>>(), "properties": ["amount"]})
}

#[test]
fn batches_leave_out_what_is_not_there() {
    let hubspot = with_deals(3);
    let client = Client::new(&hubspot);
    let path = format!("{DEALS}/batch/read");
    let reply = client.post(&path, &batch(1002..1010));
    assert_eq!((reply.status, reply.ids()), (200, vec!["1002".to_owned(), "1003".to_owned()]));
    hubspot.account().archive(Kind::Deals, 1003);
    assert_eq!(client.post(&path, &batch(1002..1010)).ids(), ["1002"]);
    assert_eq!(client.post(&format!("{path}?archived=true"), &batch(1002..1010)).ids(), ["1003"]);
}

#[test]
fn batches_fail_partly_where_told() {
    let hubspot = with_deals(3);
    let client = Client::new(&hubspot);
    let path = format!("{DEALS}/batch/read");
    hubspot.account().fail_in_batches(Kind::Deals, 1002, "cannot be read");
    let reply = client.post(&path, &batch(1001..1004));
    assert_eq!((reply.status, reply.ids()), (207, vec!["1001".to_owned(), "1003".to_owned()]));
    assert_eq!(reply.body["numErrors"], 1);
    assert_eq!(reply.body["errors"][0]["context"]["ids"], json!(["1002"]));
    hubspot.account().behaviour.absent_ids_fail = true;
    assert_eq!(client.post(&path, &batch(1003..1006)).body["numErrors"], 2);
}

#[test]
fn batches_have_a_greatest_size() {
    let hubspot = with_deals(1);
    let client = Client::new(&hubspot);
    let status = |body: &Value| client.post(&format!("{DEALS}/batch/read"), body).status;
    assert_eq!([status(&batch(1..101)), status(&batch(1..102))], [200, 400]);
    let mut with_history = batch(1..51);
    with_history["propertiesWithHistory"] = json!(["dealstage"]);
    assert_eq!(status(&with_history), 200);
    with_history["inputs"] = batch(1..52)["inputs"].take();
    assert_eq!(status(&with_history), 400);
    assert_eq!(status(&json!([])), 400);
}

#[test]
fn a_record_is_found_by_a_property_of_its_own() {
    let hubspot = HubSpot::start();
    hubspot.account().create(Kind::Contacts, &[("email", "ann@example.com")]);
    let reply = Client::new(&hubspot).get("/crm/objects/2026-03/contacts/ann@example.com?idProperty=email");
    assert_eq!(reply.body["id"], "1001");
}
