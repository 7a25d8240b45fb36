//! Who may read what: tokens, scopes, plans, versions of the API.

use crm_exporter::domain::Object;
use crm_exporter::sync::Verdict;

use super::{Floor, HOUR, MINUTE, count};
use crate::fake_crm::hubspot::{ALL_SCOPES, Kind, Limits, Organisation};
use crate::fake_crm::{Fault, When};

const OAUTH: &str = "client_id: app\nclient_secret_file: client_secret\nrefresh_token_file: refresh_token\n\
                     token_state_file: state";

/// An account, read through an app with refresh tokens.
pub(super) fn with_app() -> Floor {
    let floor = Floor::ahead(0, OAUTH);
    let mut account = floor.hub.account();
    account.fill(&Organisation { deals: 120, ..Organisation::SMALL });
    account.connect_app("app", "secret", "refresh", &ALL_SCOPES);
    drop(account);
    floor
}

#[tokio::test]
async fn a_missing_scope_costs_its_streams_and_is_named() {
    let mut floor = Floor::new();
    floor.hub.account().fill(&Organisation::SMALL);
    floor.hub.account().withdraw_scope("crm.objects.goals.read");
    let (outcome, _) = floor.try_poll_after(0).await;
    // What was never allowed is in no figure.
    assert_eq!(outcome.verdict, Verdict::Complete);
    let [error] = &outcome.errors[..] else { panic!("{:?}", outcome.errors) };
    let text = error.chain();
    assert!(text.contains("stream goal_targets of source hub") && text.contains("crm.objects.goals.read"), "{text}");
    assert!(floor.live(Object::Goal).is_empty());
    assert_eq!(floor.live(Object::Contact).len(), 40);
}

#[tokio::test]
async fn without_companies_deals_have_no_account_and_are_read_all_the_same() {
    let mut floor = Floor::new();
    floor.hub.account().fill(&Organisation::SMALL);
    floor.hub.account().withdraw_scope("crm.objects.companies.read");
    let (outcome, _) = floor.try_poll_after(0).await;
    assert_eq!(outcome.errors.len(), 1, "{:?}", outcome.errors);
    assert!(outcome.errors[0].chain().contains("stream companies"));
    assert!(!floor.live(Object::Deal).is_empty() && !floor.live(Object::Activity).is_empty());
    floor.hub.clock().advance(HOUR);
    let deal = floor.hub.account().truth(Kind::Deals).next().unwrap().id();
    for refused in [1, 0] {
        floor.hub.account().change(Kind::Deals, deal, &[("dealstage", "closedwon")]);
        let (outcome, lines) = floor.try_poll_after(2 * MINUTE).await;
        assert_eq!(outcome.verdict, Verdict::Complete, "{:?}", outcome.errors);
        assert_eq!((count(&lines, "/deals/companies"), count(&lines, "/deals/contacts")), (refused, 1));
    }
}

#[tokio::test]
async fn a_plan_without_leads_costs_the_leads() {
    let mut floor = Floor::new();
    floor.hub.account().fill(&Organisation::SMALL);
    floor.hub.account().behaviour.has_leads = false;
    let (outcome, _) = floor.try_poll_after(0).await;
    let [error] = &outcome.errors[..] else { panic!("{:?}", outcome.errors) };
    assert!(error.chain().contains("leads: lifecycle"), "{}", error.chain());
    assert!(!floor.live(Object::Activity).is_empty());
    assert_eq!(outcome.verdict, Verdict::Complete);
}

#[tokio::test]
async fn a_wrong_token_stops_the_source_at_once() {
    let mut floor = Floor::ahead(0, "token_file: refresh_token");
    let (outcome, lines) = floor.try_poll_after(0).await;
    assert_eq!((outcome.verdict, lines.len()), (Verdict::Failed, 1));
    assert!(outcome.errors[0].ends_poll());
}

#[tokio::test]
async fn tokens_that_expire_in_mid_listing_are_renewed_once() {
    let mut floor = with_app();
    let expire = floor.hub.doing(|account| account.expire_tokens());
    floor.hub.plan(When::nth(2, "GET /crm/objects/2026-03/deals"), Fault::before(expire));
    let lines = floor.poll_after(0).await;
    floor.assert_true();
    assert_eq!(count(&lines, "POST /oauth/2026-03/token"), 2);
    assert_eq!(count(&lines, "GET /crm/objects/2026-03/deals"), 3 + 1 + 1);
}

#[tokio::test]
async fn refresh_tokens_that_change_are_kept() {
    let mut floor = with_app();
    floor.hub.account().rotate_refresh_tokens("app");
    floor.poll_after(0).await;
    for _ in 0..3 {
        let expire = floor.hub.doing(|account| account.expire_tokens());
        floor.hub.plan(When::first("/deals/search"), Fault::before(expire));
        floor.poll_after(5 * MINUTE).await;
    }
    floor.assert_true();
}

#[tokio::test]
async fn a_revoked_grant_stops_the_source() {
    let mut floor = with_app();
    floor.poll_after(0).await;
    floor.hub.account().revoke("app");
    let (outcome, lines) = floor.try_poll_after(5 * MINUTE).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    assert!(outcome.errors[0].ends_poll(), "{:?}", outcome.errors);
    assert_eq!(lines.len(), 2, "{lines:#?}");
}

#[tokio::test]
async fn the_version_of_the_api_is_a_setting() {
    let mut floor = Floor::with("api_version: 2026-09");
    floor.hub.account().fill(&Organisation::SMALL);
    let lines = floor.poll_after(0).await;
    floor.assert_true();
    assert_eq!(count(&lines, "2026-03"), 0);
}

#[tokio::test]
async fn records_have_pages() {
    let floor = Floor::with("portal_id: 12345");
    let url = |object, id: &str| floor.source().page_url(object, id);
    assert_eq!(url(Object::Deal, "9001").unwrap(), "https://app.hubspot.com/contacts/12345/record/0-3/9001");
    assert_eq!(url(Object::Activity, "calls/9101").unwrap(), "https://app.hubspot.com/contacts/12345/record/0-48/9101");
    assert_eq!(url(Object::StageChange, "deals/1/2/x"), None);
    assert_eq!(Floor::new().source().page_url(Object::Deal, "9001"), None);
}

#[tokio::test]
async fn a_probe_tells_what_works_and_what_is_missing() {
    let floor = Floor::new();
    {
        let mut account = floor.hub.account();
        account.fill(&Organisation::SMALL);
        account.withdraw_scope("crm.objects.goals.read");
    }
    floor.hub.set_limits(Limits { daily: Some(650_000), ..Limits::NONE });
    floor.hub.use_up(1_000);
    let probe = floor.source().probe().await.unwrap().unwrap();
    assert!(probe.facts[0].ends_with("currency USD, time zone Europe/Dublin"), "{:?}", probe.facts);
    assert!(probe.facts[1].ends_with("of 650000 requests are left today"), "{:?}", probe.facts);
    let refused: Vec<_> =
        probe.streams.iter().filter_map(|(stream, allowed)| Some((stream, allowed.as_ref().err()?))).collect();
    let [(stream, error)] = refused[..] else { panic!("{refused:?}") };
    assert_eq!(stream, "goal_targets");
    assert!(error.to_string().contains("crm.objects.goals.read"), "{error}");
    assert_eq!(probe.streams.len(), 13);
    let lines: Vec<String> = floor.hub.take_log().iter().map(|entry| entry.line()).collect();
    assert_eq!((lines.len(), count(&lines, "POST")), (2 + 13, 0), "{lines:#?}");
}
