//! What goes wrong in HubSpot's own way.

use serde_json::json;

use super::Client;
use crate::fake_crm::When;
use crate::fake_crm::hubspot::{HubSpot, Kind, Policy, faults};

const DEALS: &str = "/crm/objects/2026-03/deals";

fn with_deals() -> HubSpot {
    let hubspot = HubSpot::start();
    (0..5).for_each(|_| _ = hubspot.account().create(Kind::Deals, &[]));
    hubspot
}

#[test]
fn refusals_come_with_their_status_and_wait() {
    let hubspot = with_deals();
    let client = Client::new(&hubspot);
    for (fault, status, wait) in [
        (faults::too_many(Policy::TenSecondly, Some(3)), 429, Some("3")),
        (faults::too_many(Policy::Secondly, None), 429, None),
        (faults::too_many(Policy::Daily, None), 429, None),
        (faults::migrating(5), 477, Some("5")),
        (faults::locked(), 423, None),
        (faults::server_error(), 500, None),
    ] {
        hubspot.plan(When::first(DEALS), fault);
        let reply = client.get(DEALS);
        assert_eq!((reply.status, reply.header("retry-after")), (status, wait));
        assert_eq!(client.get(DEALS).status, 200);
    }
}

#[test]
fn a_cursor_can_lead_to_its_own_page() {
    let hubspot = with_deals();
    let client = Client::new(&hubspot);
    let first = client.get(&format!("{DEALS}?limit=2"));
    let cursor = first.cursor().unwrap();
    hubspot.plan(When::every(DEALS), faults::repeating_cursor());
    let again = client.get(&format!("{DEALS}?limit=2&after={}", cursor.replace('%', "%25")));
    assert_eq!((again.ids(), again.cursor()), (vec!["1003".to_owned(), "1004".to_owned()], Some(cursor)));
    let search = client.post(&format!("{DEALS}/search"), &json!({"limit": 2, "after": "2"}));
    assert_eq!(search.cursor().as_deref(), Some("2"));
}

#[test]
fn a_page_without_records_leads_on_to_those_that_it_hid() {
    let hubspot = with_deals();
    let client = Client::new(&hubspot);
    hubspot.plan(When::nth(2, DEALS), faults::empty_page());
    assert_eq!(client.ids(&format!("{DEALS}?limit=2")), ["1001", "1002", "1003", "1004", "1005"]);
    assert_eq!(hubspot.take_log().len(), 4);
    hubspot.plan(When::first(DEALS), faults::empty_page());
    assert_eq!(client.ids(&format!("{DEALS}?limit=5")).len(), 5);
}
