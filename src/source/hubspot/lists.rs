//! Short lists that are read whole each time: owners, teams, pipelines, currencies.

use serde::{Deserialize, Serialize};

use super::HubSpot;
use super::normalise;
use super::state;
use super::types::Type;
use super::wire::Entries;
use crate::domain::{Cursor, Next, Object, Page, Reason, Sweep, Timestamp, Unreadable};
use crate::source::SourceError;

/// Where a list stands.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Place {
    /// When the list was begun, in milliseconds since 1970; none between two rounds.
    began: Option<i64>,
    /// Which part of it is read: owners who left come first, then those who are there.
    part: u8,
    /// Where the part goes on.
    after: Option<String>,
}

impl Place {
    fn began(&self, now: Timestamp) -> Timestamp {
        self.began.map_or(now, Timestamp)
    }
}

impl HubSpot {
    /// A page of the owners, those who left and those who are there. Who is in neither list is deleted.
    pub(super) async fn owners(&self, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError> {
        let mut place: Place = state::read(from);
        let began = place.began(now);
        let (has_left, from_start) = (place.part == 0, place.after.is_none());
        let list = self.api.owners(has_left, place.after.as_deref()).await?;
        place.after = list.after.clone();
        let is_last = place.after.is_none() && !has_left;
        // Every account has an owner: a list without any is not believed.
        let ends = is_last && !(from_start && list.entries.is_empty());
        place.part += u8::from(place.after.is_none());
        place.began = Some(began.0);
        let mut page = page(Object::User, list, began, normalise::owner);
        if is_last {
            place = Place::default();
        }
        page.sweep = Some(Sweep { began_at: began, objects: vec![Object::User], seen: Vec::new(), ends });
        page.next = next(&place)?;
        Ok(page)
    }

    /// All teams, also those of which no owner is a member.
    pub(super) async fn teams(&self, now: Timestamp) -> Result<Page, SourceError> {
        let mut page = page(Object::Team, self.api.teams().await?, now, normalise::team);
        // An empty list may be wrong; that the last team is deleted hardly matters.
        let ends = !page.records.is_empty();
        page.sweep = Some(Sweep { began_at: now, objects: vec![Object::Team], seen: Vec::new(), ends });
        page.next = next(&Place::default())?;
        Ok(page)
    }

    /// The pipelines of deals. What has been deleted keeps its last name: deals and their history go on naming it.
    pub(super) async fn pipelines(&self, now: Timestamp) -> Result<Page, SourceError> {
        let list = self.api.pipelines(Type::Deals).await?;
        let mut page = page(Object::Pipeline, list, now, normalise::pipeline);
        page.next = next(&Place::default())?;
        Ok(page)
    }

    /// The account's own currency.
    pub(super) async fn account(&self, now: Timestamp) -> Result<Page, SourceError> {
        let mut page = Page::empty(next(&Place::default())?);
        page.records.extend(normalise::account(&self.api.account().await?, now));
        Ok(page)
    }

    /// A page of the exchange rates that there have been.
    pub(super) async fn exchange_rates(&self, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError> {
        let mut place: Place = state::read(from);
        let began = place.began(now);
        let list = self.api.exchange_rates(place.after.as_deref()).await?;
        place = match list.after.clone() {
            None => Place::default(),
            after => Place { began: Some(began.0), after, ..place },
        };
        let mut page = page(Object::CurrencyRate, list, began, normalise::exchange_rate);
        page.next = next(&place)?;
        Ok(page)
    }
}

fn next(place: &Place) -> Result<Next, SourceError> {
    let cursor = state::write(place)?;
    Ok(if place.began.is_some() { Next::More(cursor) } else { Next::UpToDate(cursor) })
}

/// The entries of a list as a page whose cursor is still missing.
fn page<T>(object: Object, list: Entries<T>, began: Timestamp, read: fn(&T, Timestamp) -> normalise::Entry) -> Page {
    let mut page = Page::empty(Next::UpToDate(Cursor(String::new())));
    for entry in list.entries {
        let malformed = |id: Option<String>| Unreadable {
            object,
            id: id.unwrap_or_default(),
            reason: Reason::Malformed,
            detail: "it is not in the expected form".to_owned(),
        };
        match entry.map_err(malformed).and_then(|entry| read(&entry, began)) {
            Ok(records) => page.records.extend(records),
            Err(unreadable) => page.unreadable.push(unreadable),
        }
    }
    page
}
