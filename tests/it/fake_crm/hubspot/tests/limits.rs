//! Rate limits, by the fake's clock.

use serde_json::json;

use super::{Client, Reply};
use crate::fake_crm::hubspot::{ALL_SCOPES, HubSpot, Kind, Limits};

const DEALS: &str = "/crm/objects/2026-03/deals";

fn refused_by(reply: &Reply, policy: &str) {
    assert_eq!((reply.status, &reply.body["policyName"]), (429, &json!(policy)));
    assert_eq!(reply.body["errorType"], "RATE_LIMIT");
}

#[test]
fn ten_seconds_roll_for_each_app() {
    let hubspot = HubSpot::start();
    hubspot.set_limits(Limits { burst: Some(3), retry_after: Some(7), ..Limits::PROFESSIONAL });
    hubspot.account().add_token("other", &ALL_SCOPES);
    let (client, other) = (Client::new(&hubspot), Client::with_token(&hubspot, "other"));
    let first = client.get(DEALS);
    assert_eq!(first.header("x-hubspot-ratelimit-max"), Some("3"));
    assert_eq!(first.header("x-hubspot-ratelimit-remaining"), Some("2"));
    assert_eq!(first.header("x-hubspot-ratelimit-interval-milliseconds"), Some("10000"));
    hubspot.clock().advance(6000);
    assert_eq!([client.get(DEALS).status, client.get(DEALS).status], [200, 200]);
    let refused = client.get(DEALS);
    refused_by(&refused, "TEN_SECONDLY_ROLLING");
    assert_eq!(refused.header("retry-after"), Some("7"));
    assert_eq!(refused.header("x-hubspot-ratelimit-remaining"), Some("0"));
    assert_eq!(other.get(DEALS).status, 200);
    // The first one leaves the window, the others do not.
    hubspot.clock().advance(4000);
    assert_eq!([client.get(DEALS).status, client.get(DEALS).status], [200, 429]);
}

#[test]
fn searches_of_the_account_are_limited_and_tell_nothing() {
    let hubspot = HubSpot::start();
    hubspot.account().add_token("other", &ALL_SCOPES);
    let clients = [Client::new(&hubspot), Client::with_token(&hubspot, "other")];
    let search = |at: usize| clients[at % 2].post(&format!("{DEALS}/search"), &json!({}));
    for at in 0..5 {
        let reply = search(at);
        assert_eq!(reply.status, 200);
        assert!(reply.headers.keys().all(|name| !name.as_str().starts_with("x-hubspot")));
    }
    let refused = search(5);
    refused_by(&refused, "SECONDLY");
    assert_eq!(refused.header("retry-after"), None);
    hubspot.clock().advance(1000);
    assert_eq!(search(6).status, 200);
}

#[test]
fn a_day_ends_at_midnight_of_the_account() {
    let hubspot = HubSpot::start();
    hubspot.set_limits(Limits { daily: Some(5), ..Limits::PROFESSIONAL });
    hubspot.account().zone = chrono_tz::Europe::Berlin;
    let client = Client::new(&hubspot);
    assert_eq!(client.get(DEALS).header("x-hubspot-ratelimit-daily-remaining"), Some("4"));
    hubspot.use_up(3);
    let usage = client.get("/account-info/2026-03/api-usage/daily/private-apps").body["results"][0].take();
    assert_eq!((&usage["usageLimit"], &usage["currentUsage"]), (&json!(5), &json!(5)));
    assert_eq!(usage["resetsAt"], "2026-11-21T23:00:00.000Z");
    refused_by(&client.get(DEALS), "DAILY");
    hubspot.clock().advance(6 * 60 * 60 * 1000 - 1);
    refused_by(&client.get(DEALS), "DAILY");
    hubspot.clock().advance(1);
    assert_eq!(client.get(DEALS).status, 200);
}

#[test]
fn oauth_apps_have_a_burst_of_their_own_and_no_day() {
    let hubspot = HubSpot::start();
    hubspot.set_limits(Limits { oauth_burst: Some(2), daily: Some(0), ..Limits::PROFESSIONAL });
    hubspot.account().connect_app("app", "s", "r", &ALL_SCOPES);
    let form = "grant_type=refresh_token&client_id=app&client_secret=s&refresh_token=r";
    let given = Client::new(&hubspot).post_form("/oauth/2026-03/token", form).body;
    let client = Client::with_token(&hubspot, given["access_token"].as_str().unwrap());
    let first = client.get(DEALS);
    assert_eq!((first.status, first.header("x-hubspot-ratelimit-max")), (200, Some("2")));
    assert_eq!(first.header("x-hubspot-ratelimit-daily"), None);
    assert_eq!([client.get(DEALS).status, client.get(DEALS).status], [200, 429]);
}

#[test]
fn in_real_time_nothing_is_limited() {
    let hubspot = HubSpot::start_in_real_time();
    hubspot.account().create(Kind::Deals, &[]);
    let client = Client::new(&hubspot);
    for _ in 0..20 {
        let found = client.post(&format!("{DEALS}/search"), &json!({}));
        assert_eq!((found.status, found.ids().len()), (200, 1));
    }
    assert_eq!(client.get(DEALS).header("x-hubspot-ratelimit-max"), None);
}
