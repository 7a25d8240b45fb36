//! The store: the records that sources delivered, in one SQLite file, and how far each stream has come.
//!
//! It holds the CRM's values in typed columns and never a figure; it knows no record by name (but deals in `sightings`),
//! since tables follow from the fields that `domain` declares. One process writes ([`Store`]); others read beside it ([`Reader`]). When to fetch and
//! what to do about errors belongs to `sync`, what the values mean to `facts`.
//!
//! Pages of one stream in their order, also repeated or split otherwise, and any interleaving of streams lead to the same
//! records: see `state`. Keys and `seq` depend on the order of arrival.

mod apply;
mod error;
mod lock;
mod migrate;
mod open;
mod prune;
mod read;
mod rows;
mod schema;
mod sightings;
mod state;
mod streams;
mod sweep;
#[cfg(test)]
mod tests;
mod values;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use apply::Applied;
pub use error::{Fault, OpenError, StoreError};
pub use read::Reader;
pub use streams::{Registration, SourceInfo, StreamInfo, StreamState};

use crate::domain::{Key, Object, Page, PendingId, Row, Timestamp};

/// The store, open for writing.
///
/// Every call that writes is one transaction: when it fails, or the process is killed, nothing of it is kept.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    // Below the connection, so that it is released after it.
    _lock: lock::WriterLock,
}

impl Store {
    /// Opens the store at `path`, or makes one, with access for its owner alone.
    ///
    /// An older layout is brought up to date after the file was copied aside (`PATH.v1-backup`). A file that is not a
    /// store, is damaged, of a newer layout, or has a writer already is refused as it is.
    pub fn open(path: &Path, now: Timestamp) -> Result<Store, OpenError> {
        Store::open_with(path, now, migrate::STEPS)
    }

    fn open_with(path: &Path, now: Timestamp, steps: &[migrate::Step]) -> Result<Store, OpenError> {
        let path = open::resolve(path)?;
        let newest = migrate::newest(steps);
        // First, so that no lock file appears beside a file that is not ours.
        if let Some(header) = open::inspect(&path)? {
            open::refuse_newer(&path, header.layout, newest)?;
        }
        let lock = lock::WriterLock::take(&path)?;
        let found = match open::inspect(&path)? {
            Some(header) => open::check(&path, &header, newest)?,
            None => {
                open::create(&path, now)?;
                newest
            }
        };
        let mut connection = open::writer(&path)?;
        migrate::migrate(&mut connection, &path, found, steps, now)?;
        Ok(Store { connection, path, _lock: lock })
    }

    /// The number of the source with that name and kind, which from now on stands for it in rows.
    ///
    /// Its records stay those of the source `renamed_from`, if there are any under that name. A name whose kind changed
    /// is an error.
    pub fn register(&mut self, name: &str, kind: &str, renamed_from: Option<&str>) -> Result<u32, StoreError> {
        self.write(|| format!("registering source {name}"), |tx| streams::register(tx, name, kind, renamed_from))
    }

    /// The numbers of several sources, in order: all of them are registered as by [`Store::register`], or none.
    pub fn register_all(&mut self, sources: &[Registration<'_>]) -> Result<Vec<u32>, StoreError> {
        self.write(
            || "registering the sources".to_owned(),
            |tx| {
                let register =
                    |source: &Registration<'_>| streams::register(tx, source.name, source.kind, source.renamed_from);
                sources.iter().map(register).collect()
            },
        )
    }

    /// Where a stream of a registered source stands. Has to be called before its first page is applied.
    ///
    /// When `fingerprint` is another than last time, the stream begins anew: the cursor and `last_complete` are gone,
    /// and so is what was seen of an unfinished sweep; records, queue and `complete` stay.
    pub fn stream(&mut self, source: u32, stream: &str, fingerprint: &str) -> Result<StreamState, StoreError> {
        self.write(
            || format!("opening stream {stream} of source {source}"),
            |tx| streams::open(tx, source, stream, fingerprint),
        )
    }

    /// Notes that the CRM does not let us read an opened stream. Holds until it is up to date.
    pub fn forbid(&mut self, source: u32, stream: &str) -> Result<(), StoreError> {
        self.write(
            || format!("noting that stream {stream} of source {source} is forbidden"),
            |tx| streams::forbid(tx, source, stream),
        )
    }

    /// Applies a page with its cursor and its queue. Applying it again changes nothing.
    ///
    /// What it changes of the stage or status of deals is noted as seen at `now`, if the stream was up to date before.
    /// What the page says to be unreadable is the caller's to report.
    pub fn apply(&mut self, source: u32, stream: &str, page: &Page, now: Timestamp) -> Result<Applied, StoreError> {
        self.write(
            || format!("applying a page of stream {stream} of source {source}"),
            |tx| {
                let seen_at = streams::is_up_to_date(tx, source, stream)?.then_some(now);
                streams::advance(tx, source, stream, &page.next, now)?;
                streams::enqueue(tx, source, stream, &page.pending)?;
                apply::apply(tx, source, stream, page, seen_at)
            },
        )
    }

    /// Applies the details of records and takes those (`done`) out of the queue; the page may queue them again. The cursor
    /// stays where it is.
    ///
    /// No other page of the stream may be applied since `done` was fetched: a record that it queued would be lost.
    pub fn apply_details(
        &mut self,
        source: u32,
        stream: &str,
        done: &[PendingId],
        page: &Page,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(
            || format!("applying details of stream {stream} of source {source}"),
            |tx| {
                streams::require(tx, source, stream)?;
                let seen_at = streams::is_up_to_date(tx, source, stream)?.then_some(now);
                streams::dequeue(tx, source, stream, done)?;
                streams::enqueue(tx, source, stream, &page.pending)?;
                apply::apply(tx, source, stream, page, seen_at)
            },
        )
    }

    /// The first `limit` records of a stream whose details are to be fetched, in the order in which they were queued.
    pub fn pending(&self, source: u32, stream: &str, limit: usize) -> Result<Vec<PendingId>, StoreError> {
        streams::pending(&self.connection, source, stream, limit).map_err(|fault| {
            fault.during(&self.path, format!("reading the queue of stream {stream} of source {source}"))
        })
    }

    /// The rows with these keys as they are now, by rising key, each once; keys without a row are left out.
    pub fn rows(&self, object: Object, keys: &[Key]) -> Result<Vec<Row>, StoreError> {
        rows::with_keys(&self.connection, object, keys)
            .map_err(|fault| fault.during(&self.path, format!("reading {object}")))
    }

    /// A view of the store as it is now, on a connection of its own.
    pub fn reader(&self) -> Result<Reader, OpenError> {
        Reader::open(&self.path)
    }

    /// Removes a source with all that is known of it, and tells how many rows that were. Their keys are not used again.
    pub fn prune(&mut self, name: &str) -> Result<u64, StoreError> {
        self.write(|| format!("removing source {name}"), |tx| prune::prune(tx, name))
    }

    /// Does `work` in one transaction.
    fn write<T>(
        &mut self,
        attempted: impl FnOnce() -> String,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let run = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            open::fit_cache(&self.connection)?;
            Ok(done)
        };
        run().map_err(|fault: Fault| fault.during(&self.path, attempted()))
    }
}
