//! The files of one object as a stream: when they are read, and page by page how.
//!
//! A listing reads all rows of all files once, under the instant at which it began. That instant is the stamp of every
//! record and the name of the sweep. If a file changes meanwhile, the listing is left unfinished, which deletes nothing,
//! and another one begins.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::cursor::{FileId, Listing, Look, State};
use super::ledger::Ledger;
use super::page_rows::PageRows;
use super::part::Part;
use crate::domain::{Cursor, Next, Object, Page, Sweep, Timestamp};
use crate::source::SourceError;

/// The files of one object.
#[derive(Debug)]
pub(super) struct Files {
    parts: Vec<Part>,
    objects: Vec<Object>,
    limits: Limits,
    /// The ids listed so far, and the listing with the place up to which they are. Only saves reading them again.
    ledger: Mutex<Option<(Listing, Ledger)>>,
}

/// How much and how soon is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// How long a file has to have been left alone, in milliseconds.
    pub(super) settle_millis: i64,
    /// Activities from before so many days are not taken.
    pub(super) history_days: Option<u32>,
    /// How many rows a page has.
    pub(super) rows_per_page: usize,
}

/// Whether changed files may be read.
enum Settled {
    Yes,
    /// Not before this long.
    Not(Duration, usize),
    /// The time of writing tells nothing; whether the files change will.
    Unknown,
}

impl Files {
    /// A stream of `parts`, complete for `objects`.
    pub(super) fn new(parts: Vec<Part>, objects: Vec<Object>, limits: Limits) -> Files {
        Files { parts, objects, limits, ledger: Mutex::new(None) }
    }

    /// The page after `from`, as seen at `now`. Reads files: not for an async task.
    pub(super) fn page(&self, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError> {
        let mut state = State::read(from);
        let files = self.look()?;
        match state.listing.take() {
            Some(listing) if listing.files == files => return self.next_page(state, listing),
            None if state.loaded.as_ref() == Some(&files) => {
                return Ok(Page::empty(Next::UpToDate(cursor(&State { look: None, ..state })?)));
            }
            _ => (),
        }
        match self.settled(&state, &files, now) {
            Settled::Yes => self.begin(&state, files, now),
            Settled::Not(wait, index) => {
                let path = self.parts[index].path.display();
                Err(SourceError::NotYet { what: format!("file {path} was written just now and may still grow"), wait })
            }
            Settled::Unknown => {
                let look = Some(Look { files, at: now.0 });
                Ok(Page::empty(Next::More(cursor(&State { look, ..state })?)))
            }
        }
    }

    fn look(&self) -> Result<Vec<FileId>, SourceError> {
        self.parts.iter().map(Part::look).collect()
    }

    /// Whether the files that changed have been left alone for long enough.
    fn settled(&self, state: &State, files: &[FileId], now: Timestamp) -> Settled {
        let settle = self.limits.settle_millis;
        let looked_at = state.look.as_ref().filter(|look| look.files == files).map(|look| Timestamp(look.at));
        for (index, file) in files.iter().enumerate() {
            let is_loaded = state.loaded.as_ref().and_then(|loaded| loaded.get(index)) == Some(file);
            let since_written = now.millis_since(file.written_at());
            if is_loaded || since_written >= settle {
                continue;
            }
            let age = match looked_at {
                Some(looked_at) => since_written.max(now.millis_since(looked_at)),
                // Written after now: by a clock that differs, or set so.
                None if since_written < 0 => return Settled::Unknown,
                None => since_written,
            };
            if age < settle {
                return Settled::Not(Duration::from_millis((settle - age.max(0)).unsigned_abs()), index);
            }
        }
        Settled::Yes
    }

    fn begin(&self, state: &State, files: Vec<FileId>, now: Timestamp) -> Result<Page, SourceError> {
        // Later than the listing before, also when clocks were set back: an older stamp would not be taken.
        let began_at = state.last_began_at.map_or(now.0, |last| now.0.max(last.saturating_add(1)));
        // From its first page on, the rows held are no longer those of the files that were loaded before.
        let state = State { last_began_at: Some(began_at), ..State::default() };
        self.next_page(state, Listing { began_at, files, file: 0, place: None, doubtful: false })
    }

    /// The next page of `listing`; `state` is without it.
    fn next_page(&self, state: State, mut listing: Listing) -> Result<Page, SourceError> {
        let Some(part) = self.parts.get(listing.file) else { return self.give_up(state) };
        let opened = part.open()?;
        let batch = part.batch(&opened, listing.place.unwrap_or(opened.first), self.limits.rows_per_page)?;
        let mut ledger = self.ledger_at(&listing)?;
        // What was read belongs to the listing only if the files are still those that it is of.
        if self.look()? != listing.files {
            return self.give_up(state);
        }

        let began_at = Timestamp(listing.began_at);
        let mut rows = PageRows::new(part, began_at, self.limits.history_days);
        if listing.place.is_none() {
            rows.take_listed();
        }
        rows.take(&batch, &opened.header, &mut ledger);
        listing.doubtful |= rows.doubtful;
        listing.place = batch.next;
        listing.file += usize::from(batch.next.is_none());
        let is_last = listing.file == self.parts.len();
        // Where rows may have been swallowed, what is missing may still be there: the sweep is not brought to its end.
        let ends = is_last && !listing.doubtful;
        let next = if is_last {
            Next::UpToDate(cursor(&State { loaded: Some(listing.files), ..state })?)
        } else {
            let next = Next::More(cursor(&State { listing: Some(listing.clone()), ..state })?);
            *self.ledger.lock().unwrap_or_else(PoisonError::into_inner) = Some((listing, ledger));
            next
        };
        Ok(rows.into_page(next, Sweep { began_at, objects: self.objects.clone(), seen: Vec::new(), ends }))
    }

    /// An empty page after which the files are looked at anew.
    fn give_up(&self, state: State) -> Result<Page, SourceError> {
        Ok(Page::empty(Next::More(cursor(&state)?)))
    }

    /// The ids of all rows before the place where `listing` stands: as kept, else read again.
    fn ledger_at(&self, listing: &Listing) -> Result<Ledger, SourceError> {
        let kept = self.ledger.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((at, ledger)) = kept
            && at == *listing
        {
            return Ok(ledger);
        }
        let mut ledger = Ledger::default();
        for part in &self.parts[..listing.file] {
            part.note_ids(&mut ledger, None, self.limits.rows_per_page)?;
        }
        if listing.place.is_some() {
            self.parts[listing.file].note_ids(&mut ledger, listing.place, self.limits.rows_per_page)?;
        }
        Ok(ledger)
    }
}

fn cursor(state: &State) -> Result<Cursor, SourceError> {
    state
        .cursor()
        .map_err(|error| SourceError::Malformed { what: "the place in the files".to_owned(), cause: error.to_string() })
}
