//! The recycle bins: what was put there, and what came back.
//!
//! Neither counts as a change of the record, so no search finds it: the bins are read whole. What has left a bin since the
//! last time was restored, or is gone for good; asking for it tells which.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::HubSpot;
use super::api::{BATCH, Listing};
use super::fields::instant;
use super::state::{self, State};
use super::types::Type;
use super::wire::{Entries, Row};
use crate::domain::{Cursor, Gone, Next, Page, PendingId, Timestamp};
use crate::http::Error;
use crate::source::SourceError;

/// Requests of one page.
const REQUESTS: usize = 10;
/// Of each bin so many records are remembered, those that came last. One of the others that is restored is found when it
/// is changed.
const REMEMBERED: usize = 10_000;

/// Where the walk over the bins stands.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Place {
    /// The number of the type whose bin is read.
    kind: usize,
    /// Where in the bin.
    after: Option<String>,
    /// What has been found in the bin so far.
    found: Bin,
    /// What was found in each bin the last time, by the name of the type.
    #[serde(default)]
    bins: BTreeMap<String, Bin>,
}

/// Ids of records, and when each was put into the bin, in milliseconds since 1970.
type Bin = BTreeMap<String, i64>;

impl HubSpot {
    /// A page of the recycle bins. A type that we may not read is passed over: its own stream says so.
    pub(super) async fn bin(&self, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError> {
        let mut place: Place = state::read(from);
        let mut page = Page::empty(Next::UpToDate(Cursor(String::new())));
        for _ in 0..REQUESTS {
            let Some(kind) = self.options.types.get(place.kind).copied() else { break };
            let after = match self.binned(kind, place.after.as_deref()).await? {
                Some(list) => {
                    self.note(kind, &list, now, &mut place.found, &mut page);
                    list.after
                }
                None => None,
            };
            place.after = after;
            if place.after.is_none() {
                self.finish(kind, &mut place, now, &mut page).await?;
            }
        }
        page.next = if place.kind >= self.options.types.len() {
            Next::UpToDate(state::write(&Place { bins: place.bins, ..Place::default() })?)
        } else {
            Next::More(state::write(&place)?)
        };
        Ok(page)
    }

    /// A page of a bin; none if we may not read it.
    async fn binned(&self, kind: Type, after: Option<&str>) -> Result<Option<Entries<Row>>, SourceError> {
        let listing = Listing { after, properties: &["hs_object_id"], archived: true, ..Listing::default() };
        match self.api.list(kind, listing).await {
            Ok(list) => Ok(Some(list)),
            Err(Error::Forbidden { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Tells what lies in a bin.
    fn note(&self, kind: Type, list: &Entries<Row>, now: Timestamp, found: &mut Bin, page: &mut Page) {
        for row in list.entries.iter().flatten() {
            let Some(id) = row.id.text() else { continue };
            let at = row.archived_at.text().and_then(instant).unwrap_or(now);
            found.insert(id.to_owned(), at.0);
            let objects = self.objects(kind).into_iter();
            page.gone.extend(objects.map(|object| Gone { object, id: kind.record_id(id), at }));
        }
    }

    /// Ends the walk through one bin: looks for what has left it.
    async fn finish(&self, kind: Type, place: &mut Place, now: Timestamp, page: &mut Page) -> Result<(), SourceError> {
        let found = std::mem::take(&mut place.found);
        let mut left = place.bins.remove(kind.name()).unwrap_or_default();
        left.retain(|id, _| !found.contains_key(id));
        self.restore(kind, &left, now, page).await?;
        place.bins.insert(kind.name().to_owned(), latest(found));
        place.kind += 1;
        Ok(())
    }

    /// Reads what has left a bin. What is there again is newer than its deletion, though its last change is not.
    async fn restore(&self, kind: Type, left: &Bin, now: Timestamp, page: &mut Page) -> Result<(), SourceError> {
        if left.is_empty() {
            return Ok(());
        }
        let mut state = State::default();
        self.refresh_besides(kind, &mut state, now).await?;
        let reading = self.reading(&state, now);
        let ids: Vec<&str> = left.keys().map(String::as_str).collect();
        for ids in ids.chunks(BATCH) {
            let properties = kind.properties(&self.options);
            let read = match self.api.batch(kind, ids, &properties).await {
                Ok(read) => read,
                Err(Error::Forbidden { .. }) => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            // One that was merged answers as its survivor, which was never gone.
            let asked = |row: &Row| row.id.text().is_some_and(|id| left.contains_key(id));
            let rows: Vec<Row> = read.entries.into_iter().flatten().filter(asked).collect();
            let links = self.links(kind, &rows, &mut state).await?;
            for (row, links) in rows.iter().zip(&links) {
                let first = page.records.len();
                self.take(kind, row, links, &reading, page);
                let deleted = row.id.text().and_then(|id| left.get(id)).copied().unwrap_or(i64::MIN);
                for stamped in &mut page.records[first..] {
                    stamped.version = stamped.version.max(Timestamp(deleted.saturating_add(1)));
                }
                if let Some(id) = row.id.0.clone().filter(|_| !kind.history().is_empty()) {
                    page.pending.push(PendingId { object: kind.object(), id });
                }
            }
        }
        Ok(())
    }
}

/// The records that were put into the bin last.
fn latest(found: Bin) -> Bin {
    if found.len() <= REMEMBERED {
        return found;
    }
    let mut entries: Vec<(String, i64)> = found.into_iter().collect();
    entries.sort_unstable_by_key(|(_, at)| std::cmp::Reverse(*at));
    entries.truncate(REMEMBERED);
    entries.into_iter().collect()
}
