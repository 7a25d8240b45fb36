//! A stream of records: all of them by listing, then the changes by search.
//!
//! The first load lists everything, with former values and links, since only listings tell these. From then on each poll
//! searches a window of changes that ends a little before now and begins before the end of the last one. A record that
//! changes while a window is read leaves it and is found by the next one. What the overlap shows again is known by its
//! instant of change and costs nothing more.

use std::collections::HashMap;

use super::HubSpot;
use super::api::{self, LINKS, SEARCH};
use super::links::Links;
use super::normalise::{self, Reading};
use super::state::{self, Listing, State, Window};
use super::types::{End, Type};
use super::wire::{Entries, Row};
use crate::domain::{Cursor, Next, Page, PendingId, Reason, Timestamp, Unreadable};
use crate::http::Error;
use crate::source::SourceError;

/// Searches of one page: so many that the links of all that they find take one request for each kind of link.
const SEARCHES: usize = LINKS / SEARCH;

/// Records that were found, with their place in the order of ids.
pub(super) struct Hits {
    /// The records, and the ids of what could not be read.
    pub(super) rows: Vec<Result<Row, Option<String>>>,
    /// Records up to this id have been found.
    pub(super) behind: u64,
    /// Whether these are the last.
    pub(super) ends: bool,
}

impl HubSpot {
    /// The page of a stream of records behind `from`.
    pub(super) async fn walk(&self, kind: Type, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError> {
        let mut state: State = state::read(from);
        if state.watermark.is_none() {
            self.refresh_besides(kind, &mut state, now).await?;
            return self.list(kind, state, now).await;
        }
        let Some(window) = state.window(now, self.options.settle, self.options.overlap) else {
            return Ok(Page::empty(Next::UpToDate(state::write(&state)?)));
        };
        self.refresh_besides(kind, &mut state, now).await?;
        self.changes(kind, state, window, now).await
    }

    /// The next page of the listing of all records.
    async fn list(&self, kind: Type, mut state: State, now: Timestamp) -> Result<Page, SourceError> {
        let listing = state.listing.take();
        let began = listing.as_ref().map_or(now.0, |listing| listing.began);
        let after = listing.map(|listing| listing.after);
        let (entries, ends) = self.listed(kind, &mut state, after.as_deref()).await?;
        let reading = self.reading(&state, now);
        let mut page = Page::empty(Next::UpToDate(Cursor(String::new())));
        let mut rows = Vec::with_capacity(entries.entries.len());
        let mut more: HashMap<End, Vec<String>> = HashMap::new();
        for entry in entries.entries {
            match entry {
                Ok(row) => {
                    let (links, incomplete) = Links::inline(&row, &ends);
                    for end in incomplete {
                        more.entry(end).or_default().extend(row.id.0.clone());
                    }
                    rows.push((row, links));
                }
                Err(id) => page.unreadable.push(malformed(kind, id)),
            }
        }
        for (end, ids) in more {
            let mut full = self.linked(kind, end, &ids).await?;
            for (row, links) in &mut rows {
                if let Some(told) = row.id.text().and_then(|id| full.remove(id)) {
                    links.replace(end, told);
                }
            }
        }
        for (row, links) in &rows {
            self.take(kind, row, links, &reading, &mut page);
            page.records.extend(normalise::changes(kind, row));
            // What the first window of changes will show again.
            let change = row.id.text().zip(row.version(kind.modified()).ok());
            if let Some((id, version)) = change.filter(|(_, at)| at.0 >= began.saturating_sub(self.options.overlap)) {
                state.known.is_known(id, version);
            }
        }
        page.next = match entries.after {
            Some(after) => {
                state.listing = Some(Listing { began, after });
                Next::More(state::write(&state)?)
            }
            None => {
                state.watermark = Some(began);
                Next::UpToDate(state::write(&state)?)
            }
        };
        Ok(page)
    }

    /// A page of all records with the links that we may read. Which these are is found out here, since a listing is
    /// refused as a whole.
    async fn listed(
        &self,
        kind: Type,
        state: &mut State,
        after: Option<&str>,
    ) -> Result<(Entries<Row>, Vec<End>), SourceError> {
        let properties = kind.properties(&self.options);
        loop {
            let ends = self.ends(kind, state);
            let listing =
                api::Listing { after, properties: &properties, history: kind.history(), ends: &ends, archived: false };
            match self.api.list(kind, listing).await {
                Ok(entries) => return Ok((entries, ends)),
                Err(error) => match refused_end(&error, kind, &ends) {
                    Some(end) => self.give_up(kind, end, &error, state),
                    None => return Err(refusal(kind, error)),
                },
            }
        }
    }

    /// The next page of changes.
    async fn changes(&self, kind: Type, mut state: State, window: Window, now: Timestamp) -> Result<Page, SourceError> {
        let hits = self.hits(kind, &window).await?;
        let mut page = Page::empty(Next::UpToDate(Cursor(String::new())));
        let mut rows = Vec::new();
        for hit in hits.rows {
            match hit {
                Ok(row) => {
                    let change = row.id.0.clone().zip(row.version(kind.modified()).ok());
                    if !change.is_some_and(|(id, version)| state.known.is_known(&id, version)) {
                        rows.push(row);
                    }
                }
                Err(id) => page.unreadable.push(malformed(kind, id)),
            }
        }
        let links = self.links(kind, &rows, &mut state).await?;
        let reading = self.reading(&state, now);
        for (row, links) in rows.iter().zip(&links) {
            self.take(kind, row, links, &reading, &mut page);
            if let Some(id) = row.id.0.clone().filter(|_| !kind.history().is_empty()) {
                page.pending.push(PendingId { object: kind.object(), id });
            }
        }
        page.next = if hits.ends {
            state.close(window.to, self.options.overlap);
            Next::UpToDate(state::write(&state)?)
        } else {
            state.window = Some(Window { behind: hits.behind, ..window });
            Next::More(state::write(&state)?)
        };
        Ok(page)
    }

    /// The next records of a window, as many as fit one page.
    pub(super) async fn hits(&self, kind: Type, window: &Window) -> Result<Hits, SourceError> {
        let properties = kind.properties(&self.options);
        let mut hits = Hits { rows: Vec::new(), behind: window.behind, ends: false };
        for _ in 0..SEARCHES {
            let search = api::Search {
                from: Timestamp(window.from),
                to: Timestamp(window.to),
                behind: hits.behind,
                properties: &properties,
            };
            let found = self.api.search(kind, search).await.map_err(|error| refusal(kind, error))?;
            let ids = found.entries.iter().map(|entry| match entry {
                Ok(row) => row.id.text(),
                Err(id) => id.as_deref(),
            });
            let last = ids.filter_map(|id| id?.parse().ok()).max().unwrap_or(hits.behind);
            hits.ends = found.entries.len() < SEARCH;
            if !hits.ends && last <= hits.behind {
                let what = format!("a search for changed {}", kind.name());
                return Err(SourceError::Malformed { what, cause: "a full page without greater ids".to_owned() });
            }
            hits.behind = last;
            hits.rows.extend(found.entries);
            if hits.ends {
                break;
            }
        }
        Ok(hits)
    }

    /// The links of each of these records, at most as many as one request may ask for.
    pub(super) async fn links(&self, kind: Type, rows: &[Row], state: &mut State) -> Result<Vec<Links>, SourceError> {
        let mut links = vec![Links::default(); rows.len()];
        let ids: Vec<String> = rows.iter().filter_map(|row| row.id.0.clone()).collect();
        if ids.is_empty() {
            return Ok(links);
        }
        for end in self.ends(kind, state) {
            let mut told = match self.linked(kind, end, &ids).await {
                Ok(told) => told,
                Err(error @ Error::Forbidden { .. }) => {
                    self.give_up(kind, end, &error, state);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            for (row, links) in rows.iter().zip(&mut links) {
                links.replace(end, row.id.text().and_then(|id| told.remove(id)).unwrap_or_default());
            }
        }
        Ok(links)
    }

    /// The links of one kind, by record; records without any are left out.
    async fn linked(&self, kind: Type, end: End, ids: &[String]) -> Result<HashMap<String, Links>, Error> {
        let mut told: HashMap<String, Links> = HashMap::new();
        let mut inputs: Vec<(String, Option<String>)> = ids.iter().map(|id| (id.clone(), None)).collect();
        while !inputs.is_empty() {
            let rest = inputs.split_off(inputs.len().min(LINKS));
            let answer = self.api.links(kind, end, &inputs).await?;
            let asked = std::mem::replace(&mut inputs, rest);
            for linked in answer {
                let Some(id) = linked.from.id.text() else { continue };
                told.entry(id.to_owned()).or_default().add_linked(end, &linked);
                let next = (id.to_owned(), linked.after());
                // The same place again would lead nowhere.
                if next.1.is_some() && !asked.contains(&next) {
                    inputs.push(next);
                }
            }
        }
        Ok(told)
    }

    /// Reads one record into the page.
    pub(super) fn take(&self, kind: Type, row: &Row, links: &Links, reading: &Reading, page: &mut Page) {
        match normalise::record(kind, row, links, reading) {
            Ok(found) => {
                page.records.extend(found.records);
                page.merged.extend(found.merged);
            }
            Err(fault) => page.unreadable.push(Unreadable {
                object: kind.object(),
                id: row.id.text().map(|id| kind.record_id(id)).unwrap_or_default(),
                reason: fault.reason,
                detail: fault.detail,
            }),
        }
    }

    /// The kinds of link to ask for.
    fn ends(&self, kind: Type, state: &State) -> Vec<End> {
        let untold = |end: &End| state.besides.as_ref().is_some_and(|besides| besides.untold.contains(end.name()));
        let leads = self.options.types.contains(&Type::Leads);
        kind.ends().iter().copied().filter(|end| !untold(end) && (*end != End::Leads || leads)).collect()
    }

    /// Goes on without a kind of link for a day.
    fn give_up(&self, kind: Type, end: End, error: &Error, state: &mut State) {
        let source = self.name.as_str();
        tracing::warn!(source, "links of {} to {} are left out: {error}", kind.name(), end.name());
        state.besides.get_or_insert_default().untold.insert(end.name().to_owned());
    }
}

/// The kind of link for which a listing was refused, if that is why.
fn refused_end(error: &Error, kind: Type, ends: &[End]) -> Option<End> {
    let Error::Forbidden { cause, .. } = error else { return None };
    let names = |name: &str| cause.contains(&format!("crm.objects.{name}."));
    if names(kind.name()) {
        return None;
    }
    let named = ends.iter().find(|end| names(end.name()));
    // A plan without leads is told without naming anything.
    named.or_else(|| ends.iter().find(|end| **end == End::Leads)).copied()
}

/// The error of a type that we may not read, with what else can be done about it.
fn refusal(kind: Type, error: Error) -> SourceError {
    match error {
        Error::Forbidden { what, cause } if kind == Type::Leads => SourceError::Forbidden {
            what,
            cause: format!("{cause}; with `leads: lifecycle`, contacts are leads by the stage of their life cycle"),
        },
        error => error.into(),
    }
}

fn malformed(kind: Type, id: Option<String>) -> Unreadable {
    Unreadable {
        object: kind.object(),
        id: id.map(|id| kind.record_id(&id)).unwrap_or_default(),
        reason: Reason::Malformed,
        detail: "it is not in the form of a record".to_owned(),
    }
}
