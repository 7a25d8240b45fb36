//! Listings of bare ids, against which the store is held.
//!
//! What is erased for good, or has left the recycle bin by its age, leaves nothing behind. Only a listing of everything
//! shows that it is missing.
//!
//! A listing that is wrongly empty or ends too early would delete all that it does not show, so it is believed only if the
//! search, which has an index of its own, knows about as many records.

use serde::{Deserialize, Serialize};

use super::HubSpot;
use super::api::Listing;
use super::state;
use super::types::Type;
use super::wire::{Entries, Row};
use crate::domain::{Cursor, Next, Page, Sweep, Timestamp};
use crate::http::Error;
use crate::source::SourceError;

/// So many records may be missing of few.
const SLACK: u64 = 10;

/// Where a walk over several types of object stands.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Place {
    /// When the walk began, in milliseconds since 1970; none between two of them.
    began: Option<i64>,
    /// The number of the type that is read.
    kind: usize,
    /// Where the type goes on.
    after: Option<String>,
    /// How many records of the type the search knew when its listing began.
    #[serde(default)]
    total: u64,
    /// How many of them have been shown so far; not more, so that a listing that goes round in a circle comes to a place
    /// where it was before, and is noticed.
    #[serde(default)]
    shown: u64,
    /// Whether a type could not be read, so that nothing is known to be missing.
    #[serde(default)]
    doubtful: bool,
}

impl HubSpot {
    /// A page of the ids of all records of these types, which together are whole objects of ours.
    pub(super) async fn sweep(
        &self,
        kinds: &[Type],
        from: Option<&Cursor>,
        now: Timestamp,
    ) -> Result<Page, SourceError> {
        // Everything was listed just now.
        let Some(mut place) = from.map(|from| state::read::<Place>(Some(from))) else { return first_round() };
        // By the CRM's clock, which may be behind ours, it must not have begun later.
        let began = *place.began.get_or_insert(now.plus_millis(self.options.overlap.saturating_neg()).0);
        let Some(kind) = kinds.get(place.kind).copied() else { return first_round() };
        let listing = Listing { after: place.after.as_deref(), properties: &["hs_object_id"], ..Listing::default() };
        let list = match self.api.list(kind, listing).await {
            Ok(list) => Some(list),
            Err(Error::Forbidden { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let objects = self.objects(kind);
        let mut seen = Vec::new();
        match &list {
            Some(list) => {
                let total = if place.after.is_none() { self.api.total(kind).await? } else { place.total };
                let ids = ids(list);
                place.doubtful |= ids.len() < list.entries.len();
                place.count(list.entries.len() as u64, total);
                place.doubtful |= list.after.is_none() && !self.is_whole(kind, &place);
                seen.extend(ids.iter().flat_map(|id| objects.iter().map(|object| (*object, kind.record_id(id)))));
            }
            None => place.doubtful = true,
        }
        let doubtful = place.doubtful;
        let mut page = Page::empty(place.advance(list.and_then(|list| list.after), kinds.len())?);
        let ends = matches!(page.next, Next::UpToDate(_)) && !doubtful;
        page.sweep = Some(Sweep { began_at: Timestamp(began), objects, seen, ends });
        Ok(page)
    }

    /// Whether the listing of a type that is at its end may have shown all records.
    fn is_whole(&self, kind: Type, place: &Place) -> bool {
        let Place { shown, total, .. } = *place;
        let believed = is_believable(shown, total);
        if !believed {
            let (source, kind) = (self.name.as_str(), kind.name());
            tracing::warn!(
                source,
                shown,
                total,
                "the listing of all {kind} shows fewer than the search knows; none is taken for deleted"
            );
        }
        believed
    }
}

/// Whether a listing may have shown everything: the search is a little behind, so some of what it knows may be gone, but
/// not all, nor more than a tenth of many.
fn is_believable(shown: u64, total: u64) -> bool {
    let missing = total - shown.min(total);
    missing == 0 || (shown > 0 && missing <= (total / 10).max(SLACK))
}

/// The ids of a page's records, as far as they have any: one without exists, whichever it is.
fn ids(list: &Entries<Row>) -> Vec<&str> {
    let ids = list.entries.iter().map(|entry| match entry {
        Ok(row) => row.id.text(),
        Err(id) => id.as_deref(),
    });
    ids.flatten().collect()
}

impl Place {
    /// Counts a page of so many records of a type of which the search knows `total`.
    fn count(&mut self, records: u64, total: u64) {
        self.total = total;
        self.shown = self.shown.saturating_add(records).min(total);
    }

    /// Where to go on.
    fn advance(mut self, after: Option<String>, kinds: usize) -> Result<Next, SourceError> {
        self.after = after;
        if self.after.is_none() {
            (self.kind, self.total, self.shown) = (self.kind + 1, 0, 0);
        }
        if self.kind >= kinds {
            return Ok(Next::UpToDate(state::write(&Place::default())?));
        }
        Ok(Next::More(state::write(&self)?))
    }
}

/// The end of a round that asked for nothing.
fn first_round() -> Result<Page, SourceError> {
    Ok(Page::empty(Next::UpToDate(state::write(&Place::default())?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_believed_unless_much_is_missing() {
        for (shown, total) in [(0, 0), (5, 0), (1, 1), (1, 11), (90, 100), (900, 1000)] {
            assert!(is_believable(shown, total), "{shown} of {total}");
        }
        for (shown, total) in [(0, 1), (0, 12_000), (1, 12), (89, 100), (899, 1000), (100, 12_000)] {
            assert!(!is_believable(shown, total), "{shown} of {total}");
        }
    }
}
