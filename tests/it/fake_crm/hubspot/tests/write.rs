//! What people do in the account, and what a reader sees of it.

use serde_json::json;

use super::Client;
use crate::fake_crm::hubspot::{HubSpot, Kind, Organisation};
use crm_exporter::domain::Timestamp;

#[test]
fn ids_begin_where_a_test_wants_them() {
    let hubspot = HubSpot::start();
    let mut account = hubspot.account();
    account.begin_ids_at(Kind::Deals, 9001);
    let deals = [account.create(Kind::Deals, &[]), account.create(Kind::Deals, &[])];
    assert_eq!((deals, account.create(Kind::Contacts, &[])), ([9001, 9002], 1001));
}

#[test]
fn merged_deals_get_a_new_id_and_the_old_ones_lead_to_it() {
    let hubspot = HubSpot::start();
    let (survivor, company) = {
        let mut account = hubspot.account();
        let first = account.create(Kind::Deals, &[("dealname", "First"), ("amount", "")]);
        let second = account.create(Kind::Deals, &[("dealname", "Second"), ("amount", "7")]);
        let company = account.create(Kind::Companies, &[]);
        account.link((Kind::Deals, second), (Kind::Companies, company));
        hubspot.clock().advance(60_000);
        (account.merge(Kind::Deals, first, second), company)
    };
    assert_eq!(survivor, 1003);
    let client = Client::new(&hubspot);
    for asked in ["1001", "1002", "1003"] {
        let path = format!("/crm/objects/2026-03/deals/{asked}?properties=dealname,amount,hs_merged_object_ids");
        let deal = client.get(&path).body;
        assert_eq!(deal["id"], "1003");
        let properties = &deal["properties"];
        assert_eq!((&properties["dealname"], &properties["amount"]), (&json!("First"), &json!("7")));
        assert_eq!(properties["hs_merged_object_ids"], "1001;1002");
        assert_eq!(deal["createdAt"], "2026-11-21T17:00:00.000Z");
        assert_eq!(deal["updatedAt"], "2026-11-21T17:01:00.000Z");
    }
    assert_eq!(client.ids("/crm/objects/2026-03/deals?limit=10"), ["1003"]);
    assert_eq!(client.ids("/crm/objects/2026-03/deals?archived=true"), Vec::<String>::new());
    let asked = json!({"inputs": [{"id": "1001"}, {"id": "1002"}], "properties": []});
    assert_eq!(client.post("/crm/objects/2026-03/deals/batch/read", &asked).ids(), ["1003"]);
    let account = hubspot.account();
    assert_eq!(account.linked((Kind::Deals, survivor), Kind::Companies), [company]);
    assert_eq!(account.linked((Kind::Companies, company), Kind::Deals), [survivor]);
}

#[test]
fn a_contact_keeps_its_id_through_merges_and_names_all_that_are_gone() {
    let hubspot = HubSpot::start();
    {
        let mut account = hubspot.account();
        let ids: Vec<u64> = (0..4).map(|_| account.create(Kind::Contacts, &[("email", "ann@example.com")])).collect();
        assert_eq!(account.merge(Kind::Contacts, ids[2], ids[3]), ids[2]);
        assert_eq!(account.merge(Kind::Contacts, ids[0], ids[2]), ids[0]);
    }
    let client = Client::new(&hubspot);
    let path = "/crm/objects/2026-03/contacts";
    let properties = "properties=hs_merged_object_ids,hs_calculated_merged_vids";
    let contact = client.get(&format!("{path}/1004?{properties}")).body;
    assert_eq!((&contact["id"], &contact["properties"]["hs_merged_object_ids"]), (&json!("1001"), &json!("1003;1004")));
    let with_times = &contact["properties"]["hs_calculated_merged_vids"];
    assert_eq!(with_times, "1003:1795280400000;1004:1795280400000");
    assert_eq!(client.ids(&format!("{path}?limit=10")), ["1001", "1002"]);
}

#[test]
fn a_stage_decides_what_a_deal_is_and_leaves_its_dates() {
    let hubspot = HubSpot::start();
    let mut account = hubspot.account();
    account.set_rate("EUR", "1.10", Timestamp(0));
    let fields = [("amount", "100"), ("deal_currency_code", "EUR"), ("dealstage", "contractsent")];
    let deal = account.create(Kind::Deals, &fields);
    hubspot.clock().advance(60_000);
    account.change(Kind::Deals, deal, &[("dealstage", "closedwon"), ("amount", "200.50"), ("hubspot_owner_id", "501")]);
    let truth = account.truth(Kind::Deals).next().unwrap();
    for (name, value) in [
        ("hs_is_closed", "true"),
        ("hs_is_closed_won", "true"),
        ("hs_is_closed_lost", "false"),
        ("hs_deal_stage_probability", "1.0"),
        ("amount_in_home_currency", "220.55"),
        ("hs_exchange_rate", "1.10"),
        ("hs_v2_date_entered_contractsent", "2026-11-21T17:00:00.000Z"),
        ("hs_v2_date_exited_contractsent", "2026-11-21T17:01:00.000Z"),
        ("hs_v2_date_entered_closedwon", "2026-11-21T17:01:00.000Z"),
        ("hubspot_owner_assigneddate", "2026-11-21T17:01:00.000Z"),
    ] {
        assert_eq!(truth.property(name).as_deref(), Some(value), "{name}");
    }
    account.change(Kind::Deals, deal, &[("amount", "N/A")]);
    let truth = account.truth(Kind::Deals).next().unwrap();
    assert_eq!((truth.property("amount_in_home_currency"), truth.property("amount").as_deref()), (None, Some("N/A")));
}

#[test]
fn emptied_properties_are_null_and_touching_moves_the_modified_date_alone() {
    let hubspot = HubSpot::start();
    let deal = hubspot.account().create(Kind::Deals, &[("amount", "1")]);
    hubspot.account().clear(Kind::Deals, deal, "amount");
    hubspot.clock().advance(60_000);
    hubspot.account().touch(Kind::Deals, deal);
    let account = hubspot.account();
    let truth = account.truth(Kind::Deals).next().unwrap();
    assert_eq!((truth.id(), truth.property("amount"), truth.history("amount").len()), (deal, None, 2));
    assert_eq!(truth.property("hs_lastmodifieddate").as_deref(), Some("2026-11-21T17:01:00.000Z"));
}

#[test]
fn an_activity_modifies_what_it_is_about_and_a_new_association_does_not() {
    let hubspot = HubSpot::start();
    let mut account = hubspot.account();
    let deal = account.create(Kind::Deals, &[]);
    let contact = account.create(Kind::Contacts, &[]);
    hubspot.clock().advance(60_000);
    let call = account.log_activity(Kind::Calls, &[("hs_call_title", "Intro")], &[(Kind::Deals, deal)]);
    hubspot.clock().advance(60_000);
    account.link((Kind::Calls, call), (Kind::Contacts, contact));
    let modified = |kind: Kind| account.truth(kind).next().unwrap().property(kind.modified_property()).unwrap();
    assert_eq!(modified(Kind::Deals), "2026-11-21T17:01:00.000Z");
    assert_eq!(modified(Kind::Calls), "2026-11-21T17:01:00.000Z");
    assert_eq!(modified(Kind::Contacts), "2026-11-21T17:00:00.000Z");
}

#[test]
fn the_same_seed_gives_the_same_organisation() {
    let text = |seed| {
        let hubspot = HubSpot::start();
        let mut account = hubspot.account();
        account.fill(&Organisation { seed, ..Organisation::SMALL });
        let record = |kind: Kind| {
            let names = kind.default_properties();
            account
                .truth(kind)
                .map(|truth| {
                    format!("{} {:?}", truth.id(), names.iter().map(|name| truth.property(name)).collect::<Vec<_>>())
                })
                .collect::<Vec<_>>()
        };
        Kind::ALL.map(record)
    };
    assert_eq!(text(1), text(1));
    assert_ne!(text(1), text(2));
    let counts = text(1).map(|records| records.len());
    assert_eq!(counts, [40, 20, 60, 0, 30, 30, 30, 30, 30, 7, 25]);
}

#[test]
fn deals_of_an_organisation_have_histories_of_every_kind() {
    let hubspot = HubSpot::start();
    let mut account = hubspot.account();
    account.fill(&Organisation::SMALL);
    let property = |name: &str, value: &str| {
        account.truth(Kind::Deals).filter(|deal| deal.property(name).as_deref() == Some(value)).count()
    };
    assert!(property("hs_is_closed_won", "true") > 3 && property("hs_is_closed_lost", "true") > 3);
    assert!(property("hs_is_closed", "false") > 10 && property("pipeline", "7420001") > 5);
    assert!(property("amount", "N/A") + property("amount", "") > 0);
    assert!(account.truth(Kind::Deals).any(|deal| deal.history("dealstage").len() > 2));
}
