//! Owners, users, teams, currencies and the account.

use serde_json::{Value, json};

use super::Client;
use crate::fake_crm::hubspot::{HubSpot, Kind};
use crm_exporter::domain::Timestamp;

#[test]
fn leavers_are_listed_apart() {
    let hubspot = HubSpot::start();
    {
        let mut account = hubspot.account();
        let team = account.add_team("North");
        account.add_owner("Ann", "Seller", Some(team));
        account.add_owner("Ben", "Left", Some(team));
        account.add_queue("Inbound");
        account.leave(502);
    }
    let client = Client::new(&hubspot);
    let owners = client.get("/crm/owners/2026-03");
    assert_eq!(owners.ids(), ["501", "503"]);
    assert_eq!(owners.body["results"][0]["teams"], json!([{"id": "31", "name": "North", "primary": true}]));
    assert_eq!(
        (&owners.body["results"][1]["type"], &owners.body["results"][1]["email"]),
        (&json!("QUEUE"), &Value::Null)
    );
    let left = client.get("/crm/owners/2026-03?archived=true").body["results"][0].take();
    assert_eq!(
        (&left["id"], &left["userId"], &left["userIdIncludingInactive"]),
        (&json!("502"), &Value::Null, &json!(7002))
    );
    assert_eq!(client.get("/crm/owners/2026-03/502").status, 404);
    assert_eq!(client.get("/crm/owners/2026-03/7001?idProperty=userId").body["id"], "501");
    assert_eq!(client.get("/crm/owners/2026-03?email=ann.seller@example.com").ids(), ["501"]);
    let users = client.get("/settings/users/2026-03");
    assert_eq!((users.ids(), &users.body["results"][0]["primaryTeamId"]), (vec!["7001".to_owned()], &json!("31")));
    assert_eq!(client.get("/settings/users/2026-03/teams").body["results"][0]["userIds"], json!(["7001"]));
}

#[test]
fn owners_come_in_pages_of_up_to_five_hundred() {
    let hubspot = HubSpot::start();
    (0..7).for_each(|number| _ = hubspot.account().add_owner("Rep", &number.to_string(), None));
    let client = Client::new(&hubspot);
    assert_eq!(client.ids("/crm/owners/2026-03?limit=3").len(), 7);
    let status = |limit| client.get(&format!("/crm/owners/2026-03?limit={limit}")).status;
    assert_eq!([status(500), status(501)], [200, 400]);
}

#[test]
fn rates_change_from_an_instant_on() {
    let hubspot = HubSpot::start();
    {
        let mut account = hubspot.account();
        account.set_home_currency("GBP");
        account.set_rate("EUR", "0.85", Timestamp(0));
        account.set_rate("EUR", "0.9", Timestamp(1_795_280_460_000));
    }
    let client = Client::new(&hubspot);
    let path = "/settings/currencies/2026-03/exchange-rates";
    let current = || client.get(&format!("{path}/current")).body["results"].take();
    assert_eq!((&current()[0]["conversionRate"], &current()[0]["toCurrencyCode"]), (&json!(0.85), &json!("GBP")));
    hubspot.clock().advance(60_000);
    assert_eq!((&current()[0]["conversionRate"], current().as_array().unwrap().len()), (&json!(0.9), 1));
    assert_eq!(client.ids(&format!("{path}?limit=1")), ["77", "78"]);
    assert_eq!(client.ids(&format!("{path}?fromCurrencyCode=USD")), Vec::<String>::new());
    let company = client.get("/settings/currencies/2026-03/company-currency").body;
    assert_eq!(company["id"], "GBP");
}

#[test]
fn the_account_tells_its_currency_and_zone() {
    let hubspot = HubSpot::start();
    hubspot.account().zone = chrono_tz::America::New_York;
    hubspot.account().set_rate("EUR", "1.1", Timestamp(0));
    let details = Client::new(&hubspot).get("/account-info/2026-03/details").body;
    assert_eq!((&details["companyCurrency"], &details["additionalCurrencies"]), (&json!("USD"), &json!(["EUR"])));
    assert_eq!((&details["timeZone"], &details["utcOffset"]), (&json!("America/New_York"), &json!("-05:00")));
    assert_eq!(details["utcOffsetMilliseconds"], -18_000_000);
}

#[test]
fn dispositions_are_listed_or_gone_and_are_options_either_way() {
    let hubspot = HubSpot::start();
    hubspot.account().add_disposition("11111111-2222-3333-4444-555555555555", "Gatekeeper");
    let client = Client::new(&hubspot);
    let path = "/calling/v1/dispositions";
    assert_eq!(client.get(path).body[6]["label"], "Gatekeeper");
    hubspot.account().behaviour.has_dispositions = false;
    assert_eq!(client.get(path).status, 404);
    let definitions = client.get("/crm/properties/2026-03/calls").body["results"].take();
    let definitions = definitions.as_array().unwrap();
    let property = definitions.iter().find(|property| property["name"] == "hs_call_disposition").unwrap();
    assert_eq!(
        (&property["options"][0]["label"], &property["options"][6]["label"]),
        (&json!("Connected"), &json!("Gatekeeper"))
    );
}

#[test]
fn a_deal_is_split_among_owners() {
    let hubspot = HubSpot::start();
    let deal = hubspot.account().create(Kind::Deals, &[("amount", "1000")]);
    hubspot.account().split_deal(deal, &[("501", "0.25"), ("502", "0.75")]);
    let asked = json!({"inputs": [{"id": deal.to_string()}, {"id": "5"}]});
    let splits = Client::new(&hubspot).post("/deal-splits/2026-03/batch/read", &asked).body["results"].take();
    assert_eq!(splits.as_array().unwrap().len(), 1);
    assert_eq!(splits[0]["splits"][1]["properties"]["hs_deal_split_amount"], "750");
}

#[test]
fn people_can_be_told_apart_by_tests() {
    let hubspot = HubSpot::start();
    let mut account = hubspot.account();
    account.add_owner("Ann", "Seller", None);
    account.add_queue("Inbound");
    let names: Vec<(&str, &str, bool)> = account
        .owners()
        .iter()
        .map(|owner| (owner.first_name.as_str(), owner.last_name.as_str(), owner.user_id.is_some()))
        .collect();
    assert_eq!(names, [("Ann", "Seller", true), ("Inbound", "", false)]);
}
