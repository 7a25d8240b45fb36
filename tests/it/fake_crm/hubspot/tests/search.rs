//! What search finds, and what it refuses.

use serde_json::{Value, json};

use super::Client;
use crate::fake_crm::hubspot::{HubSpot, Kind, Limits};

const PATH: &str = "/crm/objects/2026-03/deals/search";

fn start() -> HubSpot {
    let hubspot = HubSpot::start();
    hubspot.set_limits(Limits::NONE);
    hubspot
}

fn filter(property: &str, operator: &str, value: &str) -> Value {
    json!({"propertyName": property, "operator": operator, "value": value})
}

fn search(filters: &[Value]) -> Value {
    json!({
        "filterGroups": [{"filters": filters}],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "limit": 200,
    })
}

/// All that one filter finds.
fn found(client: &Client, filter: Value) -> Vec<String> {
    let reply = client.post(PATH, &search(&[filter]));
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.ids()
}

#[test]
fn operators_compare_as_the_property_is() {
    let hubspot = start();
    for (name, amount) in [("Blue door", "9"), ("Red door", "10"), ("Green doors", "")] {
        hubspot.account().create(Kind::Deals, &[("dealname", name), ("amount", amount)]);
    }
    let client = Client::new(&hubspot);
    for (operator, value, ids) in [
        ("EQ", "10.0", &["1002"][..]),
        ("NEQ", "10", &["1001", "1003"]),
        ("LT", "10", &["1001"]),
        ("LTE", "10", &["1001", "1002"]),
        ("GT", "9", &["1002"]),
        ("GTE", "9", &["1001", "1002"]),
        ("HAS_PROPERTY", "", &["1001", "1002"]),
        ("NOT_HAS_PROPERTY", "", &["1003"]),
    ] {
        assert_eq!(found(&client, filter("amount", operator, value)), ids, "{operator}");
    }
    assert_eq!(found(&client, filter("dealname", "CONTAINS_TOKEN", "DOOR")), ["1001", "1002"]);
    assert_eq!(found(&client, filter("dealname", "CONTAINS_TOKEN", "door*")), ["1001", "1002", "1003"]);
    assert_eq!(found(&client, filter("dealname", "NOT_CONTAINS_TOKEN", "red")), ["1001", "1003"]);
    let list = |operator| json!({"propertyName": "amount", "operator": operator, "values": ["9", "8"]});
    assert_eq!(found(&client, list("IN")), ["1001"]);
    assert_eq!(found(&client, list("NOT_IN")), ["1002", "1003"]);
    let between = json!({"propertyName": "hs_object_id", "operator": "BETWEEN", "value": "1002", "highValue": "1003"});
    assert_eq!(found(&client, between), ["1002", "1003"]);
}

#[test]
fn groups_are_alternatives() {
    let hubspot = start();
    for name in ["One", "Two", "Three"] {
        hubspot.account().create(Kind::Deals, &[("dealname", name)]);
    }
    let body = json!({"filterGroups": [
        {"filters": [filter("dealname", "EQ", "One"), filter("hs_object_id", "GT", "0")]},
        {"filters": [filter("dealname", "EQ", "Three"), filter("hs_object_id", "GT", "5000")]},
        {"filters": [filter("dealname", "EQ", "Two")]},
    ]});
    let client = Client::new(&hubspot);
    assert_eq!(client.post(PATH, &body).ids(), ["1001", "1002"]);
    assert_eq!(client.post(PATH, &json!({"query": "thr"})).ids(), ["1003"]);
    let sorted = json!({"sorts": [{"propertyName": "dealname", "direction": "DESCENDING"}]});
    assert_eq!(client.post(PATH, &sorted).ids(), ["1002", "1003", "1001"]);
}

#[test]
fn each_kind_has_its_own_modified_date_and_another_matches_nothing() {
    let hubspot = start();
    hubspot.account().create(Kind::Deals, &[]);
    hubspot.account().create(Kind::Contacts, &[]);
    let client = Client::new(&hubspot);
    for (kind, property, count) in [
        ("deals", "hs_lastmodifieddate", 1),
        ("deals", "lastmodifieddate", 0),
        ("contacts", "lastmodifieddate", 1),
        ("contacts", "hs_lastmodifieddate", 0),
    ] {
        let path = format!("/crm/objects/2026-03/{kind}/search");
        let reply = client.post(&path, &search(&[filter(property, "GTE", "0")]));
        assert_eq!(reply.body["total"], count, "{kind} {property}");
    }
}

#[test]
fn paging_ends_at_ten_thousand_and_a_keyset_does_not() {
    let hubspot = start();
    let ids: Vec<u64> = (0..10_050).map(|_| hubspot.account().create(Kind::Deals, &[])).collect();
    // All within one millisecond.
    hubspot.clock().advance(60_000);
    hubspot.account().change_all(Kind::Deals, &ids, &[("dealtype", "newbusiness")]);
    let modified = filter("hs_lastmodifieddate", "EQ", "1795280460000");
    let client = Client::new(&hubspot);
    let page = |after: usize| {
        let mut body = search(std::slice::from_ref(&modified));
        body["after"] = after.to_string().into();
        client.post(PATH, &body)
    };
    let last = page(9800);
    assert_eq!((last.status, last.body["total"].as_u64()), (200, Some(10_050)));
    assert_eq!(last.cursor().as_deref(), Some("10000"));
    assert_eq!([page(9801).status, page(10_000).status], [400, 400]);
    let (mut seen, mut behind) = (0, "0".to_owned());
    loop {
        let reply = client.post(PATH, &search(&[modified.clone(), filter("hs_object_id", "GT", &behind)]));
        seen += reply.ids().len();
        match reply.ids().last() {
            Some(id) => behind.clone_from(id),
            None => break,
        }
    }
    assert_eq!(seen, ids.len());
}

#[test]
fn the_index_lags_behind() {
    let hubspot = start();
    hubspot.account().create(Kind::Deals, &[("dealname", "Old")]);
    hubspot.account().behaviour.index_lag_millis = 30_000;
    let client = Client::new(&hubspot);
    let names = || {
        let reply = client.post(PATH, &search(&[filter("hs_lastmodifieddate", "GTE", "0")]));
        let results = reply.body["results"].as_array().unwrap().clone();
        results.iter().map(|record| record["properties"]["dealname"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(), Vec::<String>::new());
    hubspot.clock().advance(30_000);
    assert_eq!(names(), ["Old"]);
    hubspot.account().change(Kind::Deals, 1001, &[("dealname", "New")]);
    hubspot.account().create(Kind::Deals, &[("dealname", "Newer")]);
    assert_eq!(names(), ["Old"]);
    // What changed since is still found by the date that the index knows.
    let before = filter("hs_lastmodifieddate", "LTE", "1795280400000");
    assert_eq!(found(&client, before.clone()), ["1001"]);
    hubspot.clock().advance(29_999);
    assert_eq!(names(), ["Old"]);
    hubspot.clock().advance(1);
    assert_eq!(names(), ["New", "Newer"]);
    assert_eq!(found(&client, before), Vec::<String>::new());
}

#[test]
fn archived_records_histories_and_associations_are_never_found() {
    let hubspot = start();
    let (deal, company) = {
        let mut account = hubspot.account();
        (account.create(Kind::Deals, &[]), account.create(Kind::Companies, &[]))
    };
    hubspot.account().link((Kind::Deals, deal), (Kind::Companies, company));
    let client = Client::new(&hubspot);
    let reply = client.post(PATH, &search(&[]));
    let record = reply.body["results"][0].as_object().unwrap();
    assert!(!record.contains_key("associations") && !record.contains_key("propertiesWithHistory"));
    hubspot.account().archive(Kind::Deals, deal);
    assert_eq!(client.post(PATH, &search(&[])).body["total"], 0);
}

#[test]
fn what_is_too_much_or_unknown_is_refused() {
    let hubspot = start();
    let client = Client::new(&hubspot);
    let id = || filter("hs_object_id", "GT", "0");
    let groups = |sizes: &[usize]| {
        let groups: Vec<Value> = sizes.iter().map(|size| json!({"filters": vec![id(); *size]})).collect();
        json!({"filterGroups": groups})
    };
    let sort = json!({"propertyName": "amount", "direction": "ASCENDING"});
    for (body, status) in [
        (json!({"limit": 200}), 200),
        (json!({"limit": 201}), 400),
        (json!({"limit": 0}), 400),
        (json!({"after": "x"}), 400),
        (json!({"sorts": [sort]}), 200),
        (json!({"sorts": ["-amount"]}), 200),
        (json!({"sorts": [sort, sort]}), 400),
        (json!({"filter": []}), 400),
        (groups(&[6, 6, 6]), 200),
        (groups(&[7]), 400),
        (groups(&[4, 4, 4, 4, 3]), 400),
        (groups(&[1, 1, 1, 1, 1, 1]), 400),
        (search(&[json!({"propertyName": "amount", "operator": "IS", "value": "1"})]), 400),
        (search(&[json!({"propertyName": "amount", "operator": "EQ"})]), 400),
        (search(&[json!({"propertyName": "amount", "operator": "IN", "value": "1"})]), 400),
        (search(&[filter("createdate", "GT", "2026-01-01T00:00:00Z")]), 400),
    ] {
        assert_eq!(client.post(PATH, &body).status, status, "{body}");
    }
}
