//! What we ask HubSpot for is what the vendor's descriptions allow: paths, names of parameters, bodies.
//!
//! Where the descriptions or Python are missing, `check_requests` says so and checks nothing.

use super::access::with_app;
use super::{DAY, Floor, HOUR, MINUTE};
use crate::fake_crm::Entry;
use crate::fake_crm::hubspot::conformance::check_requests;
use crate::fake_crm::hubspot::{Kind, Organisation};

/// All that the connector ever asks for: everything loaded, changed, deleted, restored, merged, searched and listed again.
async fn whole_story(settings: &str) -> Vec<Entry> {
    let mut floor = Floor::with(settings);
    floor.hub.account().fill(&Organisation { deals: 120, ..Organisation::SMALL });
    let mut log = Vec::new();
    floor.source().inventory().await.unwrap();
    floor.source().probe().await.unwrap();
    log.extend(floor.hub.take_log());
    log.extend(floor.log_of_poll_after(0).await);
    floor.hub.clock().advance(HOUR);
    {
        let mut account = floor.hub.account();
        let ids: Vec<u64> = account.truth(Kind::Deals).map(|deal| deal.id()).collect();
        account.change_all(Kind::Deals, &ids[..10], &[("dealstage", "contractsent"), ("amount", "7")]);
        account.archive(Kind::Deals, ids[11]);
        account.merge(Kind::Deals, ids[12], ids[13]);
        let now = account.now().0.to_string();
        for kind in [Kind::Calls, Kind::Meetings, Kind::Emails, Kind::Tasks] {
            account.log_activity(kind, &[("hs_timestamp", &now)], &[(Kind::Deals, ids[14])]);
        }
    }
    log.extend(floor.log_of_poll_after(2 * MINUTE).await);
    log.extend(floor.log_of_poll_after(HOUR).await);
    log.extend(floor.log_of_poll_after(DAY).await);
    log.extend(floor.log_of_poll_after(7 * DAY).await);
    log
}

/// The kinds of request of a story, such as `POST /crm/objects/2026-03/deals/search`.
fn lines(log: &[Entry]) -> std::collections::BTreeSet<String> {
    log.iter().map(Entry::line).collect()
}

#[tokio::test]
async fn all_requests_are_as_the_descriptions_have_them() {
    let log = whole_story("").await;
    let asked = lines(&log);
    for needed in [
        "POST /crm/objects/2026-03/deals/search",
        "POST /crm/objects/2026-03/deals/batch/read",
        "POST /crm/associations/2026-03/deals/contacts/batch/read",
        "GET /crm/objects/2026-03/goal_targets",
        "GET /crm/owners/2026-03",
        // For `init` alone.
        "GET /crm/properties/2026-03/meetings",
        "GET /crm/pipelines/2026-03/leads",
    ] {
        assert!(asked.contains(needed), "{needed} is not among {asked:#?}");
    }
    check_requests(&log);
}

#[tokio::test]
async fn requests_of_contacts_as_leads_are_too() {
    check_requests(&whole_story("leads: lifecycle").await);
}

#[tokio::test]
async fn requests_in_the_other_version_are_too() {
    check_requests(&whole_story("api_version: 2026-09").await);
}

#[tokio::test]
async fn requests_for_tokens_are_too() {
    let mut floor = with_app();
    let log = floor.log_of_poll_after(0).await;
    assert!(lines(&log).contains("POST /oauth/2026-03/token"));
    check_requests(&log);
}
