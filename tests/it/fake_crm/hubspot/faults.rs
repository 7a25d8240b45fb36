//! What goes wrong in HubSpot's own way.

use serde_json::{Value, json};

use super::limits::{self, Policy};
use super::{cursor, errors};
use crate::fake_crm::Fault;

/// 429 in the words of one limit, with or without `Retry-After`.
pub(crate) fn too_many(policy: Policy, retry_after: Option<u32>) -> Fault {
    Fault::Instead(limits::refusal(policy, retry_after))
}

/// 500.
pub(crate) fn server_error() -> Fault {
    Fault::Instead(errors::server_error())
}

/// 423.
pub(crate) fn locked() -> Fault {
    Fault::Instead(errors::locked())
}

/// 477: wait as long as it says.
pub(crate) fn migrating(seconds: u32) -> Fault {
    Fault::Instead(errors::migrating(seconds))
}

/// The cursor leads to the page that it came with, for ever.
pub(crate) fn repeating_cursor() -> Fault {
    Fault::rewritten(|request, body| {
        let asked = match request.json() {
            Some(search) => search["after"].as_str().map(str::to_owned),
            None => request.parameter("after").map(str::to_owned),
        };
        lead_on(body, &asked.unwrap_or_else(|| "0".to_owned()));
    })
}

/// Two cursors lead to each other, for ever, at one place.
pub(crate) fn circling_cursors() -> Fault {
    Fault::rewritten(|request, body| {
        let first = cursor::behind(0);
        let other = cursor::alias(&first);
        let next = if request.parameter("after") == Some(first.as_str()) { &other } else { &first };
        lead_on(body, next);
    })
}

/// A listing that has no record in it and is at its end, whatever there is.
pub(crate) fn empty_listing() -> Fault {
    Fault::rewritten(|_, body| {
        body["results"] = json!([]);
        body.as_object_mut().unwrap().remove("paging");
    })
}

/// A page without records, though there are more: its cursor is another one for the same place. For listings.
pub(crate) fn empty_page() -> Fault {
    Fault::rewritten(|request, body| {
        let behind_none = cursor::behind(0);
        let place = request.parameter("after").unwrap_or(&behind_none);
        body["results"] = json!([]);
        lead_on(body, &cursor::alias(place));
    })
}

fn lead_on(body: &mut Value, cursor: &str) {
    body["paging"] = json!({"next": {"after": cursor, "link": format!("?after={cursor}")}});
}
