//! Sources: one folder per CRM turns what that CRM sends into pages of records.
//!
//! A source never sees the store and keeps nothing between calls. It knows its CRM's paging, incremental query, deletions
//! and limits, and nothing about figures. To add one: its folder, its `mod` line, and its row in [`KINDS`].

mod csv;
mod demo;
mod error;
mod hubspot;
mod inventory;
mod probe;

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use chrono_tz::Tz;
use config::Value;

use crate::domain::{Currency, Cursor, Dictionary, Object, Page, PendingId, Timestamp};
use crate::http::Surroundings;
use crate::setting::Problem;

pub use demo::{DemoFloor, demo_settings};
pub use error::{Reaction, SourceError};
pub use inventory::{FoundPipeline, Headcount, Inventory, Word};
pub use probe::Probe;

/// Every connector.
pub const KINDS: &[Kind] = &[csv::KIND, demo::KIND, hubspot::KIND];

/// A kind of source: what `kind:` in the settings names.
pub struct Kind {
    /// Name in the settings and in the label `kind`.
    pub name: &'static str,
    /// Whether all activities that the source holds are taken unless `history` is set (files), or those of 800 days (APIs).
    pub whole_history: bool,
    /// How this CRM's words are read unless the settings say otherwise.
    pub dictionary: Dictionary,
    /// Makes the source from its part of the settings, from which the keys that all sources share have been taken out.
    /// Connects to nothing. A problem's key is seen from the source's part.
    pub build: Build,
}

/// Makes a source.
pub type Build = fn(settings: Value, context: &Context) -> Result<Box<dyn Source>, Problem>;

/// What all sources may know of the settings outside their own part.
#[derive(Debug, Clone)]
pub struct Context {
    /// Name of the source, as in the label `source`.
    pub name: String,
    /// The business time zone: local times without an offset are in it.
    pub zone: Tz,
    /// The reporting currency.
    pub currency: Currency,
    /// Directory that relative paths in the settings start from.
    pub directory: PathBuf,
    /// Activities older than so many days are not wanted; none: all are.
    pub history_days: Option<u32>,
    /// What a client over HTTP may use of the program around it.
    pub surroundings: Surroundings,
}

/// A CRM, or a folder of exports of one.
#[async_trait]
pub trait Source: Send + Sync {
    /// What can be asked for, in the order in which it is best first loaded.
    fn streams(&self) -> &[Stream];

    /// The page of `stream` after `from` (none: from the beginning), as seen at `now`.
    ///
    /// All that the next call needs is in the cursor that comes with the page.
    async fn page(&self, stream: &Stream, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError>;

    /// What belongs to records that earlier pages of `stream` named as pending. `next` of the answer is not looked at.
    async fn details(&self, stream: &Stream, ids: &[PendingId], now: Timestamp) -> Result<Page, SourceError> {
        let _ = (ids, now);
        Err(SourceError::Misconfigured { what: format!("stream {} has no details", stream.name) })
    }

    /// Asks the CRM, by requests that change nothing and read next to nothing, whether everything that is wanted can be
    /// read. None: there is nobody to ask.
    ///
    /// # Errors
    /// If the CRM cannot be reached or does not accept the credentials.
    async fn probe(&self) -> Result<Option<Probe>, SourceError> {
        Ok(None)
    }

    /// Asks the CRM, by requests that change nothing, what it holds that settings depend on. What may not be read is named
    /// in the answer. None: this kind of source has nobody to ask.
    ///
    /// # Errors
    /// If the CRM cannot be reached or does not accept the credentials.
    async fn inventory(&self) -> Result<Option<Inventory>, SourceError> {
        Ok(None)
    }

    /// How long to wait between two polls where `interval` is configured: longer, if the CRM's budget of requests would
    /// not last otherwise. May be asked at any time, but not during a poll.
    fn pace(&self, interval: Duration) -> Duration {
        interval
    }

    /// Address of a record's page in the CRM, where there is one.
    fn page_url(&self, object: Object, id: &str) -> Option<String> {
        let _ = (object, id);
        None
    }
}

/// Something that a source can be asked for, with a cursor of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Name, unique in the source.
    pub name: String,
    /// The objects that are completely loaded once the stream is up to date for the first time.
    pub objects: Vec<Object>,
    /// How often it is asked for.
    pub cadence: Cadence,
    /// Stands for what is fetched and how it is read. When it changes, the stream is loaded again from the beginning.
    pub fingerprint: String,
    /// How many pending records one call of [`Source::details`] takes.
    pub details_batch: usize,
}

/// How often a stream is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cadence {
    /// At every poll.
    EveryPoll,
    /// At the first poll after an hour.
    Hourly,
    /// At the first poll after a day.
    Daily,
    /// At the first poll after seven days.
    Weekly,
}

impl Cadence {
    /// Least time between two rounds, in milliseconds.
    pub const fn millis(self) -> i64 {
        const HOUR: i64 = 3_600_000;
        match self {
            Cadence::EveryPoll => 0,
            Cadence::Hourly => HOUR,
            Cadence::Daily => 24 * HOUR,
            Cadence::Weekly => 7 * 24 * HOUR,
        }
    }
}
