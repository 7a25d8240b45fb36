//! Pipelines, their stages and the properties about them.

use serde_json::{Value, json};

use super::Client;
use crate::fake_crm::hubspot::{HubSpot, Kind};

const DEALS: &str = "/crm/pipelines/2026-03/deals";

#[test]
fn all_that_is_said_of_stages_is_text() {
    let hubspot = HubSpot::start();
    let client = Client::new(&hubspot);
    let pipeline = client.get(DEALS).body["results"][0].take();
    let metadata = |id: &str| {
        let stages = pipeline["stages"].as_array().unwrap();
        stages.iter().find(|stage| stage["id"] == id).unwrap()["metadata"].clone()
    };
    assert_eq!(metadata("closedwon"), json!({"isClosed": "true", "probability": "1.0"}));
    assert_eq!(metadata("closedlost"), json!({"isClosed": "true", "probability": "0.0"}));
    assert_eq!(metadata("qualifiedtobuy"), json!({"isClosed": "false", "probability": "0.4"}));
    assert_eq!(pipeline["stages"][0]["createdAt"], "1970-01-01T00:00:00.000Z");
    let leads = client.get("/crm/pipelines/2026-03/leads").body["results"][0].take();
    assert_eq!(leads["stages"][4]["id"], "unqualified-stage-id");
}

#[test]
fn stages_vanish_are_audited_and_stay_in_records() {
    let hubspot = HubSpot::start();
    let deal = hubspot.account().create(Kind::Deals, &[("pipeline", "default"), ("dealstage", "contractsent")]);
    hubspot.account().remove_stage(Kind::Deals, "default", "contractsent");
    hubspot.account().rename_stage(Kind::Deals, "default", "closedwon", "Won");
    let client = Client::new(&hubspot);
    let stages = client.get(&format!("{DEALS}/default/stages")).body["results"].take();
    let labels: Vec<&Value> = stages.as_array().unwrap().iter().map(|stage| &stage["label"]).collect();
    assert!(labels.contains(&&json!("Won")) && !labels.contains(&&json!("Contract Sent")), "{labels:?}");
    let audit = client.get(&format!("{DEALS}/default/audit")).body["results"][0].take();
    assert_eq!((&audit["identifier"], &audit["action"]), (&json!("contractsent"), &json!("DELETE")));
    assert_eq!(audit["rawObject"]["label"], "Contract Sent");
    let stage = client.get(&format!("/crm/objects/2026-03/deals/{deal}")).body["properties"]["dealstage"].take();
    assert_eq!(stage, "contractsent");
}

#[test]
fn a_pipeline_of_the_accounts_own_brings_properties_with_names_of_their_own() {
    let hubspot = HubSpot::start();
    hubspot.account().add_pipeline(Kind::Deals, "742", "Renewals", &[("743-a", "Contract Sent", "0.5")]);
    hubspot.account().define_property(Kind::Deals, "region", "string");
    hubspot.account().set_options(Kind::Deals, "dealtype", &[("newbusiness", "New")]);
    let client = Client::new(&hubspot);
    let definitions = client.get("/crm/properties/2026-03/deals").body["results"].take();
    let names: Vec<&str> =
        definitions.as_array().unwrap().iter().map(|property| property["name"].as_str().unwrap()).collect();
    for name in ["hs_v2_date_entered_743_a_1194870005", "hs_v2_date_exited_closedwon", "region"] {
        assert!(names.contains(&name), "{name}");
    }
    let deal_type = definitions.as_array().unwrap().iter().find(|property| property["name"] == "dealtype").unwrap();
    assert_eq!(deal_type["options"][0]["label"], "New");
    hubspot.account().remove_pipeline(Kind::Deals, "742");
    assert_eq!(client.get(DEALS).body["results"].as_array().unwrap().len(), 1);
    assert_eq!(client.get(&format!("{DEALS}/742/stages")).status, 404);
    let account = hubspot.account();
    let pipeline = &account.pipelines(Kind::Deals)[0];
    assert_eq!(
        (pipeline.label.as_str(), pipeline.stages[0].label.as_str()),
        ("Sales Pipeline", "Appointment Scheduled")
    );
}
