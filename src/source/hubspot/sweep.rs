//! Listings of bare ids, against which the store is held.
//!
//! What is erased for good, or has left the recycle bin by its age, leaves nothing behind. Only a listing of everything
//! shows that it is missing.

use serde::{Deserialize, Serialize};

use super::HubSpot;
use super::api::Listing;
use super::state;
use super::types::Type;
use crate::domain::{Cursor, Next, Page, Sweep, Timestamp};
use crate::http::Error;
use crate::source::SourceError;

/// Where a walk over several types of object stands.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Place {
    /// When the walk began, in milliseconds since 1970; none between two of them.
    began: Option<i64>,
    /// The number of the type that is read.
    kind: usize,
    /// Where the type goes on.
    after: Option<String>,
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
        place.doubtful |= list.is_none();
        let objects = self.objects(kind);
        let mut seen = Vec::new();
        for entry in list.iter().flat_map(|list| &list.entries) {
            let id = match entry {
                Ok(row) => row.id.text(),
                Err(id) => id.as_deref(),
            };
            match id {
                Some(id) => seen.extend(objects.iter().map(|object| (*object, kind.record_id(id)))),
                // It exists, whichever it is.
                None => place.doubtful = true,
            }
        }
        let doubtful = place.doubtful;
        let mut page = Page::empty(place.advance(list.and_then(|list| list.after), kinds.len())?);
        let ends = matches!(page.next, Next::UpToDate(_)) && !doubtful;
        page.sweep = Some(Sweep { began_at: Timestamp(began), objects, seen, ends });
        Ok(page)
    }
}

impl Place {
    /// Where to go on.
    fn advance(mut self, after: Option<String>, kinds: usize) -> Result<Next, SourceError> {
        self.after = after;
        self.kind += usize::from(self.after.is_none());
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
