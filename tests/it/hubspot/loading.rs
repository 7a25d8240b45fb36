//! The first load, and polls without changes.

use crm_exporter::domain::{Object, Record};

use super::{DAY, Floor, HOUR, MINUTE, count};
use crate::fake_crm::hubspot::{Kind, Organisation};

/// An account with a whole organisation in it.
fn filled(organisation: &Organisation) -> Floor {
    let floor = Floor::new();
    floor.hub.account().fill(organisation);
    floor
}

#[tokio::test]
async fn the_first_load_brings_everything_in_the_fewest_requests() {
    let mut floor = filled(&Organisation {
        deals: 120,
        contacts: 230,
        companies: 110,
        leads: 60,
        activities: 550,
        ..Organisation::SMALL
    });
    let lines = floor.poll_after(0).await;
    floor.assert_true();
    for (path, expected) in [
        // 50 with history, 100 without.
        ("GET /crm/objects/2026-03/deals", 3 + 1),
        ("GET /crm/objects/2026-03/leads", 2 + 1),
        ("GET /crm/objects/2026-03/contacts", 3 + 1),
        ("GET /crm/objects/2026-03/companies", 2 + 1),
        ("GET /crm/objects/2026-03/calls", 2 + 1),
        ("GET /crm/objects/2026-03/tasks", 2 + 1),
        ("GET /crm/owners/", 2),
        ("GET /settings/users/2026-03/teams", 1),
        ("GET /crm/pipelines/", 1),
        ("GET /settings/currencies/", 1),
        // For the default currency, and for that of converted amounts.
        ("GET /account-info/", 2),
        ("GET /calling/", 1),
        ("POST ", 0),
    ] {
        assert_eq!(count(&lines, path), expected, "{path}: {lines:#?}");
    }
    assert_eq!(floor.live(Object::User).len(), 6);
    assert_eq!(floor.live(Object::Team).len(), 2);
    assert_eq!(floor.live(Object::Stage).len(), 10);
    assert_eq!(floor.live(Object::CurrencyRate).len(), 2);
    let errors = floor.series("record_errors_total");
    assert!(
        errors.iter().all(|line| line.contains(r#"object="deals""#) && line.contains("invalid_value")),
        "{errors:?}"
    );
}

#[tokio::test]
async fn a_poll_without_changes_is_a_search_for_each_type() {
    let mut floor = filled(&Organisation::SMALL);
    floor.poll_after(0).await;
    for _ in 0..3 {
        let lines = floor.poll_after(5 * MINUTE).await;
        assert_eq!((lines.len(), count(&lines, "/search")), (8, 8), "{lines:#?}");
    }
    // Before anything can have settled, there is nothing to ask for.
    assert!(floor.poll_after(0).await.is_empty());
    floor.assert_true();
}

#[tokio::test]
async fn lists_are_read_hourly_and_ids_daily() {
    let mut floor = filled(&Organisation::SMALL);
    floor.poll_after(0).await;
    let lines = floor.poll_after(HOUR).await;
    for (path, expected) in
        [("/search", 9), ("GET /crm/owners/", 2), ("GET /crm/pipelines/", 1), ("GET /crm/objects/", 9)]
    {
        assert_eq!(count(&lines, path), expected, "{path}: {lines:#?}");
    }
    assert_eq!(lines.len(), 21, "{lines:#?}");
    let lines = floor.poll_after(DAY).await;
    // Of 60 deals, with the search's count of them, and 9 recycle bins; links of six types are searched again, and there
    // is nothing to read again.
    assert_eq!((count(&lines, "GET /crm/objects/"), count(&lines, "/search")), (10, 9 + 6 + 1), "{lines:#?}");
    floor.assert_true();
}

#[tokio::test]
async fn a_restart_sends_no_request_before_it_is_time() {
    let mut floor = filled(&Organisation::SMALL);
    floor.poll_after(0).await;
    assert!(floor.poll_after(30_000).await.is_empty());
}

#[tokio::test]
async fn an_empty_account_is_complete() {
    let mut floor = Floor::new();
    floor.poll_after(0).await;
    floor.assert_true();
    let complete = floor.series("object_complete");
    assert!(!complete.is_empty() && complete.iter().all(|line| line.ends_with(" 1")), "{complete:?}");
}

#[tokio::test]
async fn amounts_have_the_currency_that_hubspot_converts_to() {
    let mut floor = Floor::new();
    {
        let now = floor.now();
        let mut account = floor.hub.account();
        account.set_rate("EUR", "1.1", now);
        account.create(Kind::Deals, &[("dealname", "a"), ("amount", "100"), ("deal_currency_code", "EUR")]);
    }
    floor.poll_after(0).await;
    let deals = floor.rows(Object::Deal);
    let Record::Deal(deal) = &deals[0].record else { panic!("{deals:?}") };
    assert_eq!(deal.converted_amount.unwrap().normalize().to_string(), "110");
    assert_eq!(deal.converted_currency.as_deref(), Some("USD"));
    assert_eq!(deal.currency.as_deref(), Some("EUR"));
}

#[tokio::test]
async fn what_is_not_wanted_is_not_asked_for() {
    let mut floor = Floor::with("objects: [deals]");
    floor.hub.account().fill(&Organisation::SMALL);
    let lines = floor.poll_after(0).await;
    assert_eq!(count(&lines, "GET /crm/objects/"), 2 + 1, "{lines:#?}");
    assert_eq!(count(&floor.poll_after(5 * MINUTE).await, ""), 1);
}

#[tokio::test]
async fn contacts_are_leads_by_their_life_cycle() {
    let mut floor = Floor::with("leads: lifecycle\nobjects: [contacts, leads]");
    let now = floor.now();
    let ids = {
        let mut account = floor.hub.account();
        let lead = account.create_at(Kind::Contacts, now.plus_millis(-2 * DAY), &[("lifecyclestage", "lead")]);
        account.change_at(Kind::Contacts, lead, now.plus_millis(-DAY), &[("lifecyclestage", "marketingqualifiedlead")]);
        let other = account.create(Kind::Contacts, &[("lifecyclestage", "subscriber")]);
        (lead.to_string(), other.to_string())
    };
    floor.poll_after(0).await;
    assert_eq!(floor.live(Object::Lead), std::slice::from_ref(&ids.0));
    assert_eq!(floor.live(Object::Contact).len(), 2);
    assert_eq!(
        floor.live(Object::StatusChange),
        [format!("{}/lead", ids.0), format!("{}/marketingqualifiedlead", ids.0)]
    );
    floor.hub.account().archive(Kind::Contacts, ids.0.parse().unwrap());
    floor.poll_after(HOUR).await;
    assert!(floor.live(Object::Lead).is_empty());
    assert_eq!(floor.live(Object::Contact), [ids.1]);
}
