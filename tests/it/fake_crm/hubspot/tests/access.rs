//! Tokens and scopes.

use serde_json::json;

use super::Client;
use crate::fake_crm::hubspot::{ALL_SCOPES, HubSpot, TOKEN};

const DEALS: &str = "/crm/objects/2026-03/deals";

#[test]
fn a_token_has_to_be_known() {
    let hubspot = HubSpot::start();
    let reply = Client::with_token(&hubspot, "guess").get(DEALS);
    assert_eq!((reply.status, &reply.body["category"]), (401, &json!("INVALID_AUTHENTICATION")));
    assert_eq!(Client::with_token(&hubspot, TOKEN).get(DEALS).status, 200);
}

#[test]
fn missing_scopes_are_named() {
    let hubspot = HubSpot::start();
    let client = Client::new(&hubspot);
    for (scope, path) in [
        ("crm.objects.goals.read", "/crm/objects/2026-03/goal_targets"),
        ("crm.objects.contacts.read", "/crm/objects/2026-03/calls"),
        ("crm.objects.owners.read", "/crm/owners/2026-03"),
        ("settings.users.teams.read", "/settings/users/2026-03/teams"),
        ("settings.currencies.read", "/settings/currencies/2026-03/company-currency"),
    ] {
        assert_eq!(client.get(path).status, 200, "{path}");
        hubspot.account().withdraw_scope(scope);
        let reply = client.get(path);
        assert_eq!((reply.status, &reply.body["category"]), (403, &json!("MISSING_SCOPES")), "{path}");
        assert_eq!(reply.body["errors"][0]["context"]["requiredScopes"], json!([scope]));
    }
    // One of the two is enough.
    hubspot.account().withdraw_scope("crm.schemas.deals.read");
    assert_eq!(client.get("/crm/pipelines/2026-03/deals").status, 200);
    hubspot.account().withdraw_scope("crm.objects.deals.read");
    let required = client.get("/crm/pipelines/2026-03/deals").body["errors"][0]["context"]["requiredScopes"].take();
    assert_eq!(required, json!(["crm.schemas.deals.read", "crm.objects.deals.read"]));
}

#[test]
fn leads_are_not_in_every_subscription() {
    let hubspot = HubSpot::start();
    hubspot.account().behaviour.has_leads = false;
    let client = Client::new(&hubspot);
    let leads = client.get("/crm/objects/2026-03/leads");
    assert_eq!((leads.status, &leads.body["category"]), (403, &json!("FORBIDDEN")));
    assert_eq!(client.get("/crm/pipelines/2026-03/leads").status, 403);
    assert_eq!(client.get(DEALS).status, 200);
}

fn refresh(hubspot: &HubSpot, refresh_token: &str) -> super::Reply {
    let form = format!("grant_type=refresh_token&client_id=app&client_secret=s%26t&refresh_token={refresh_token}");
    Client::with_token(hubspot, "").post_form("/oauth/2026-03/token", &form)
}

fn with_app() -> HubSpot {
    let hubspot = HubSpot::start();
    hubspot.account().connect_app("app", "s&t", "first", &ALL_SCOPES);
    hubspot
}

#[test]
fn access_tokens_expire() {
    let hubspot = with_app();
    hubspot.account().set_token_lifetime("app", 60);
    let given = refresh(&hubspot, "first").body;
    assert_eq!((&given["expires_in"], &given["refresh_token"]), (&json!(60), &json!("first")));
    let client = Client::with_token(&hubspot, given["access_token"].as_str().unwrap());
    assert_eq!(client.get(DEALS).status, 200);
    let form = format!("token={}", given["access_token"].as_str().unwrap());
    assert_eq!(client.post_form("/oauth/2026-03/token/introspect", &form).body["expires_in"], 60);
    hubspot.clock().advance(60_000);
    let reply = client.get(DEALS);
    assert_eq!((reply.status, &reply.body["category"]), (401, &json!("EXPIRED_AUTHENTICATION")));
    assert_eq!(client.post_form("/oauth/2026-03/token/introspect", &form).body["active"], false);
}

#[test]
fn tokens_can_be_ended_at_once() {
    let hubspot = with_app();
    let given = refresh(&hubspot, "first").body;
    let client = Client::with_token(&hubspot, given["access_token"].as_str().unwrap());
    hubspot.account().expire_tokens();
    assert_eq!(client.get(DEALS).status, 401);
    assert_eq!(Client::new(&hubspot).get(DEALS).status, 200);
}

#[test]
fn refresh_tokens_can_rotate() {
    let hubspot = with_app();
    hubspot.account().rotate_refresh_tokens("app");
    let second = refresh(&hubspot, "first").body["refresh_token"].as_str().unwrap().to_owned();
    assert_ne!(second, "first");
    assert_eq!(refresh(&hubspot, "first").status, 400);
    assert_eq!(refresh(&hubspot, &second).status, 200);
}

#[test]
fn a_revoked_grant_is_refused() {
    let hubspot = with_app();
    let given = refresh(&hubspot, "first").body;
    hubspot.account().revoke("app");
    let refused = refresh(&hubspot, "first");
    assert_eq!((refused.status, &refused.body["status"]), (400, &json!("BAD_REFRESH_TOKEN")));
    let client = Client::with_token(&hubspot, given["access_token"].as_str().unwrap());
    assert_eq!(client.get(DEALS).status, 401);
}

#[test]
fn wrong_secrets_and_forms_are_refused() {
    let hubspot = with_app();
    let client = Client::new(&hubspot);
    for form in [
        "grant_type=refresh_token&client_id=app&client_secret=wrong&refresh_token=first",
        "grant_type=refresh_token&client_id=other&client_secret=s%26t&refresh_token=first",
        "grant_type=authorization_code&client_id=app&client_secret=s%26t&refresh_token=first",
    ] {
        assert_eq!(client.post_form("/oauth/2026-03/token", form).status, 400, "{form}");
    }
    let body = json!({"grant_type": "refresh_token", "client_id": "app", "client_secret": "s&t"});
    assert_eq!(client.post("/oauth/2026-03/token", &body).status, 400);
}

#[test]
fn paths_have_the_versions_that_are_there() {
    let hubspot = HubSpot::start();
    hubspot.account().behaviour.versions = vec!["2026-09"];
    let client = Client::new(&hubspot);
    for (path, status) in [
        ("/crm/objects/2026-09/deals", 200),
        ("/crm/objects/2026-03/deals", 404),
        ("/crm/objects/2026-09/cars", 404),
        ("/crm/objects/deals", 404),
        ("/crm/objects/2026-09/deals/search", 405),
        ("/crm-object-schemas/2026-09/schemas", 200),
        ("/", 404),
    ] {
        assert_eq!(client.get(path).status, status, "{path}");
    }
}
