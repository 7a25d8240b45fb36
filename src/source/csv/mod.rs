//! Files: a directory of CSV exports, of any CRM or of a spreadsheet, read again whenever a file changes.
//!
//! The settings say which file holds which object and which column holds which field (`settings`, `build`, `fields`,
//! `mapping`), and how to find a record in the CRM (`links`). Rows are read without holding a file whole (`encoding`, `rows`), become records (`header`,
//! `record`, `number`, `dates`, `mention`), and reach the caller in pages of one listing (`listing`, `part`, `page_rows`,
//! `cursor`, `ledger`). What the words in the records mean is decided in `facts`.
//!
//! What callers may rely on:
//!
//! - A listing is a sweep: a row that disappears is a deleted record. A row that cannot be read but has an id is not.
//!   Where a stray quote may have swallowed rows, the listing does not end its sweep, so nothing is deleted.
//! - The first row of an id counts, read or not; later ones are reported as duplicates, wherever pages are cut.
//! - Activities, changes, goals and surveys without a column for the id get one that is made of the mapped cells; equal
//!   rows are numbered (`ID`, `ID.2`, ...). A changed row is then another record.
//! - The id of a stage is `PIPELINE/STAGE`, that of a pipeline or a user's team its name. Stages that deals are in but
//!   the settings do not list have no outcome and stand behind the listed ones. Stage changes bring no stages.
//! - Accounts, leads and deals have a currency: the row's, else that of the settings, else the reporting currency.
//! - A file that was written less than `settle` ago makes the stream wait ([`SourceError::NotYet`]), whether or not it
//!   has been loaded before: one catch-up ends with the file loaded, and meanwhile the rows held serve.
//! - A missing file is an error, never a deletion of its rows.

mod build;
mod cursor;
mod dates;
mod encoding;
mod fields;
mod header;
mod ledger;
mod links;
mod listing;
mod mapping;
mod mention;
mod number;
mod page_rows;
mod part;
mod record;
mod rows;
mod settings;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use config::Value;

use self::ledger::stable_hash;
use self::links::Links;
use self::listing::{Files, Limits};
use self::mapping::Mapping;
use self::part::Part;
use self::settings::Settings;
use super::{Cadence, Context, Kind, Source, SourceError, Stream};
use crate::domain::{Cursor, Dictionary, Object, Page, Timestamp};
use crate::setting::{self, Problem};

/// Rows of a page: few enough for a short transaction, enough for its cost not to count.
const ROWS_PER_PAGE: usize = 5_000;

/// The kind `csv`.
pub(super) const KIND: Kind = Kind {
    name: "csv",
    whole_history: true,
    // Files have no words of their own: `map` turns theirs into the product's.
    dictionary: Dictionary::EMPTY,
    build,
};

fn build(settings: Value, context: &Context) -> Result<Box<dyn Source>, Problem> {
    Ok(Box::new(Csv::new(&setting::read::<Settings>(settings)?, context, ROWS_PER_PAGE)?))
}

/// A directory of files.
#[derive(Debug)]
struct Csv {
    streams: Vec<Stream>,
    /// The files of each stream.
    files: Vec<Arc<Files>>,
    links: Links,
}

impl Csv {
    fn new(settings: &Settings, context: &Context, rows_per_page: usize) -> Result<Csv, Problem> {
        let directory = settings.directory.as_ref().filter(|path| !path.as_os_str().is_empty());
        let directory = directory.ok_or_else(|| Problem::new("directory", "say in which directory the files are"))?;
        let directory = context.directory.join(directory);
        let limits =
            Limits { settle_millis: settings.settle.millis(), history_days: context.history_days, rows_per_page };
        let mut csv = Csv { streams: Vec::new(), files: Vec::new(), links: Links::new(settings)? };
        for (object, mappings) in build::mappings(settings, context)? {
            let stream = stream(object, &mappings, context.history_days);
            let parts = mappings.into_iter().flat_map(|mapping| Part::all(&directory, &mapping)).collect();
            csv.files.push(Arc::new(Files::new(parts, stream.objects.clone(), limits)));
            csv.streams.push(stream);
        }
        Ok(csv)
    }
}

fn stream(object: Object, mappings: &[Mapping], history_days: Option<u32>) -> Stream {
    let objects = match object {
        Object::Deal => vec![Object::Deal, Object::Pipeline, Object::Stage],
        Object::User if mappings.iter().any(|mapping| mapping.makes_teams) => vec![Object::User, Object::Team],
        _ => vec![object],
    };
    let read_as = format!("{mappings:?} {history_days:?}");
    Stream {
        name: object.name().to_owned(),
        objects,
        cadence: Cadence::EveryPoll,
        fingerprint: format!("csv/{}/{:016x}", cursor::FORM, stable_hash([read_as.as_str()])),
        details_batch: 0,
    }
}

#[async_trait]
impl Source for Csv {
    fn streams(&self) -> &[Stream] {
        &self.streams
    }

    async fn page(&self, stream: &Stream, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError> {
        let index = self.streams.iter().position(|known| known.name == stream.name);
        let files = index.and_then(|index| self.files.get(index)).ok_or_else(|| SourceError::Misconfigured {
            what: format!("no file is mapped to {}: name one under `objects`", stream.name),
        })?;
        let (files, from) = (Arc::clone(files), from.cloned());
        let read = tokio::task::spawn_blocking(move || files.page(from.as_ref(), now));
        read.await.unwrap_or_else(|error| {
            let what = format!("reading the files of {}", stream.name);
            Err(SourceError::Unavailable { what, cause: error.to_string() })
        })
    }

    fn page_url(&self, object: Object, id: &str) -> Option<String> {
        self.links.page(object, id)
    }
}
