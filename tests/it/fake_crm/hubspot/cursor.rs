//! Cursors of listings. They mean nothing to a client and need escaping in a URL.

use serde_json::{Value, json};

use super::errors;
use crate::fake_crm::Answer;

const ENDING: &str = "%3D%3D";

/// The cursor behind a record.
pub(super) fn behind(id: u64) -> String {
    format!("{id:X}{ENDING}")
}

/// Another cursor for the same place.
pub(super) fn alias(cursor: &str) -> String {
    format!("0{cursor}")
}

/// The id that a cursor stands behind; plain ids are understood as well.
pub(super) fn read(cursor: Option<&str>) -> Result<u64, Answer> {
    let Some(cursor) = cursor else { return Ok(0) };
    let id = match cursor.strip_suffix(ENDING) {
        Some(encoded) => u64::from_str_radix(encoded, 16).ok(),
        None => cursor.parse().ok(),
    };
    id.ok_or_else(|| errors::bad_request(&format!("invalid cursor: {cursor}")))
}

/// The part of an answer that leads on; nothing on the last page.
pub(super) fn paging(after: Option<String>) -> Option<Value> {
    after.map(|after| json!({"next": {"link": format!("?after={after}"), "after": after}}))
}

/// A page of results with the cursor that leads on.
pub(super) fn page(results: Vec<Value>, after: Option<String>) -> Value {
    let mut page = json!({"results": results});
    if let Some(paging) = paging(after) {
        page["paging"] = paging;
    }
    page
}

/// The results behind `after` of those that are sorted by id, not more than `limit`, as a page.
pub(super) fn slice<T>(
    sorted: impl Iterator<Item = T>,
    id: impl Fn(&T) -> u64,
    after: u64,
    limit: usize,
    show: impl Fn(&T) -> Value,
) -> Value {
    let mut rest = sorted.skip_while(|item| id(item) <= after);
    let shown: Vec<T> = rest.by_ref().take(limit).collect();
    let next = rest.next().and(shown.last()).map(|last| behind(id(last)));
    page(shown.iter().map(show).collect(), next)
}
