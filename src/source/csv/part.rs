//! One file of a stream: opening it, finding its columns, reading rows of it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::cursor::FileId;
use super::encoding;
use super::header::Header;
use super::ledger::Ledger;
use super::mapping::Mapping;
use super::record::RowReader;
use super::rows::{Batch, Place, read_batch};
use crate::source::SourceError;

/// One file and how it is read.
#[derive(Debug)]
pub(super) struct Part {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its name in the settings, for the places of rows.
    pub(super) name: String,
    /// How it is read.
    pub(super) mapping: Mapping,
}

/// A file that is open, and what its first bytes and row told.
pub(super) struct Opened {
    file: File,
    /// Where the columns are.
    pub(super) header: Header,
    /// Where the first row begins.
    pub(super) first: Place,
}

impl Part {
    /// The files of `mapping` in `directory`.
    pub(super) fn all(directory: &Path, mapping: &Mapping) -> Vec<Part> {
        let part = |name: &String| Part { path: directory.join(name), name: name.clone(), mapping: mapping.clone() };
        mapping.files.iter().map(part).collect()
    }

    /// The file as it is now.
    pub(super) fn look(&self) -> Result<FileId, SourceError> {
        FileId::of(&self.path).map_err(|error| self.unavailable(&error))
    }

    /// Opens the file and finds the mapped columns.
    pub(super) fn open(&self) -> Result<Opened, SourceError> {
        let path = self.path.display();
        let unavailable = |error: io::Error| self.unavailable(&error);
        let misconfigured = |what: String| SourceError::Misconfigured { what };
        let file = File::open(&self.path).map_err(unavailable)?;
        let (encoding, byte) = encoding::detect(&file, self.mapping.encoding).map_err(unavailable)?;
        let start = Place { byte, line: 1 };
        let batch = read_batch(&file, self.mapping.dialect, encoding, start, 1).map_err(unavailable)?;
        let cells = batch
            .rows
            .first()
            .ok_or_else(|| misconfigured(format!("file {path} is empty: its first row has to name the columns")))?;
        let header = Header::new(&self.mapping, &cells.cells, encoding)
            .map_err(|text| misconfigured(format!("file {path} does not fit the settings: {text}")))?;
        // Without a second row there is nothing behind the header; the end of the file stands for that.
        let end = || file.metadata().map(|metadata| Place { byte: metadata.len(), line: 2 });
        let first = batch.next.map_or_else(end, Ok).map_err(unavailable)?;
        Ok(Opened { file, header, first })
    }

    /// Up to `limit` rows from `from` on.
    pub(super) fn batch(&self, opened: &Opened, from: Place, limit: usize) -> Result<Batch, SourceError> {
        read_batch(&opened.file, self.mapping.dialect, opened.header.encoding, from, limit)
            .map_err(|error| self.unavailable(&error))
    }

    /// Notes the ids of the rows before `end` (none: of all), in batches of `limit`.
    pub(super) fn note_ids(&self, ledger: &mut Ledger, end: Option<Place>, limit: usize) -> Result<(), SourceError> {
        let opened = self.open()?;
        let mut place = Some(opened.first);
        while let Some(from) = place.filter(|from| end.is_none_or(|end| from.byte < end.byte)) {
            let batch = self.batch(&opened, from, limit)?;
            for row in &batch.rows {
                // What is wrong with a row has been reported with its page.
                let _ = RowReader::new(&self.mapping, &opened.header, row).identify(ledger);
            }
            place = batch.next;
        }
        Ok(())
    }

    fn unavailable(&self, error: &io::Error) -> SourceError {
        SourceError::Unavailable { what: format!("file {}", self.path.display()), cause: error.to_string() }
    }
}
