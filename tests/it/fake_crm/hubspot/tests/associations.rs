//! Associations in batches, inline, and their labels.

use serde_json::{Value, json};

use super::Client;
use crate::fake_crm::hubspot::{HubSpot, Kind};

const PATH: &str = "/crm/associations/2026-03/deals/contacts/batch/read";

fn asked(ids: &[u64]) -> Value {
    json!({"inputs": ids.iter().map(|id| json!({"id": id.to_string()})).collect::<Vec<_>>()})
}

/// A deal with some contacts, and a deal with none.
fn start(contacts: usize) -> HubSpot {
    let hubspot = HubSpot::start();
    {
        let mut account = hubspot.account();
        let deal = account.create(Kind::Deals, &[]);
        account.create(Kind::Deals, &[]);
        for _ in 0..contacts {
            let contact = account.create(Kind::Contacts, &[]);
            account.link((Kind::Deals, deal), (Kind::Contacts, contact));
        }
    }
    hubspot
}

#[test]
fn records_without_associations_are_left_out() {
    let hubspot = start(2);
    let client = Client::new(&hubspot);
    let results = client.post(PATH, &asked(&[1001, 1002, 1003])).body["results"].take();
    let spec = json!([{"category": "HUBSPOT_DEFINED", "typeId": 3, "label": null}]);
    let to = |id: &str| json!({"toObjectId": id, "associationTypes": spec});
    assert_eq!(results, json!([{"from": {"id": "1001"}, "to": [to("1001"), to("1002")]}]));
    hubspot.account().unlink((Kind::Deals, 1001), (Kind::Contacts, 1001));
    hubspot.account().archive(Kind::Contacts, 1002);
    assert_eq!(client.post(PATH, &asked(&[1001])).body["results"], json!([]));
}

#[test]
fn ids_are_texts_or_numbers() {
    let hubspot = start(1);
    let client = Client::new(&hubspot);
    let id = |path: &str| client.post(path, &asked(&[1001])).body["results"][0]["to"][0]["toObjectId"].clone();
    let legacy = "/crm/v4/associations/deals/contacts/batch/read";
    assert_eq!((id(PATH), id(legacy)), (json!("1001"), json!(1001)));
    hubspot.account().behaviour.numeric_association_ids = Some(true);
    assert_eq!(id(PATH), json!(1001));
}

#[test]
fn many_associations_come_in_pages() {
    let hubspot = start(5);
    hubspot.account().behaviour.associations_per_page = 2;
    let client = Client::new(&hubspot);
    let (mut ids, mut body) = (Vec::new(), asked(&[1001]));
    loop {
        let result = client.post(PATH, &body).body["results"][0].take();
        ids.extend(result["to"].as_array().unwrap().iter().map(|to| to["toObjectId"].clone()));
        match result["paging"]["next"]["after"].as_str() {
            Some(after) => body["inputs"][0]["after"] = after.into(),
            None => break,
        }
    }
    assert_eq!(ids, ["1001", "1002", "1003", "1004", "1005"]);
    let deal = client.get("/crm/objects/2026-03/deals/1001?associations=contacts").body;
    assert_eq!(deal["associations"]["contacts"]["results"].as_array().unwrap().len(), 2);
    assert!(deal["associations"]["contacts"]["paging"]["next"]["after"].is_string());
}

#[test]
fn a_batch_has_a_greatest_size() {
    let hubspot = start(1);
    let client = Client::new(&hubspot);
    let status = |count: u64| client.post(PATH, &asked(&(1..=count).collect::<Vec<_>>())).status;
    assert_eq!([status(1000), status(1001)], [200, 400]);
}

#[test]
fn the_first_company_is_the_primary_one() {
    let hubspot = start(0);
    {
        let mut account = hubspot.account();
        for _ in 0..2 {
            let company = account.create(Kind::Companies, &[]);
            account.link((Kind::Deals, 1001), (Kind::Companies, company));
        }
    }
    let client = Client::new(&hubspot);
    let listed = client.get("/crm/objects/2026-03/deals?associations=companies");
    let expected = json!([
        {"id": "1001", "type": "deal_to_company"},
        {"id": "1001", "type": "deal_to_company_unlabeled"},
        {"id": "1002", "type": "deal_to_company_unlabeled"},
    ]);
    assert_eq!(listed.body["results"][0]["associations"]["companies"]["results"], expected);
    assert!(listed.body["results"][1]["associations"].is_null());
    let batch = client.post("/crm/associations/2026-03/0-3/0-2/batch/read", &asked(&[1001])).body;
    let types = |at: usize| -> Vec<Value> {
        let types = batch["results"][0]["to"][at]["associationTypes"].as_array().unwrap();
        types.iter().map(|known| known["typeId"].clone()).collect()
    };
    assert_eq!((types(0), types(1)), (vec![json!(5), json!(341)], vec![json!(341)]));
}

#[test]
fn labels_of_the_accounts_own_are_told() {
    let hubspot = start(1);
    hubspot.account().link_labelled((Kind::Deals, 1002), (Kind::Contacts, 1001), "Decision maker");
    let client = Client::new(&hubspot);
    let own = json!({"category": "USER_DEFINED", "typeId": 36, "label": "Decision maker"});
    let given = json!({"category": "HUBSPOT_DEFINED", "typeId": 3, "label": null});
    let labels = client.get("/crm/associations/2026-03/deals/contacts/labels").body;
    assert_eq!(labels["results"], json!([given, own]));
    let types = client.post(PATH, &asked(&[1002])).body["results"][0]["to"][0]["associationTypes"].take();
    assert_eq!(types, json!([own, given]));
}
