//! What can go wrong with the store: at opening, and afterwards.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::domain::Object;

/// Why a store cannot be opened. Except for [`OpenError::Migration`], the file is as it was, to the byte.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is, and `path` is the file")]
pub enum OpenError {
    #[error("store {} is a directory: name a file in it", path.display())]
    Directory { path: PathBuf },
    #[error("there is no store {}: `crm_exporter sync` or the daemon makes one", path.display())]
    Missing { path: PathBuf },
    #[error("cannot read the store {}: {cause}", path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("cannot create the store {}: {cause}", path.display())]
    Create { path: PathBuf, cause: String },
    #[error("{} is empty, thus no store: delete it, and a new one is made", path.display())]
    Empty { path: PathBuf },
    #[error("{} is not an SQLite file, thus no store: set store.path to another file", path.display())]
    NotSqlite { path: PathBuf },
    #[error("{} is an SQLite file of another application: set store.path to another file", path.display())]
    Foreign { path: PathBuf },
    #[error(
        "store {} has the layout {found} of a newer crm_exporter, this one knows up to {known}: upgrade it, or go back to \
         the copy {}.v{known}-backup if there is one", path.display(), path.display()
    )]
    Newer { path: PathBuf, found: i32, known: i32 },
    #[error(
        "store {} has the layout of an older crm_exporter: run the daemon or `crm_exporter sync` of this version once",
        path.display()
    )]
    Older { path: PathBuf },
    #[error(
        "store {} is damaged ({detail}): restore it from a copy, or move it away and all is loaded again from the sources",
        path.display()
    )]
    Damaged { path: PathBuf, detail: String },
    #[error("store {} is in use by {holder}: stop that one first, or set another store.path", path.display())]
    Held { path: PathBuf, holder: String },
    #[error("cannot lock the store with {}: {cause}", path.display())]
    Lock { path: PathBuf, cause: io::Error },
    #[error("cannot copy the store {} aside to {} before changing its layout: {cause}", path.display(), copy.display())]
    Backup { path: PathBuf, copy: PathBuf, cause: String },
    #[error("cannot change the layout of the store {}, which stays as it was: {cause}", path.display())]
    Migration { path: PathBuf, cause: Fault },
    #[error("cannot open the store {}: {cause}", path.display())]
    Other { path: PathBuf, cause: Fault },
}

impl OpenError {
    /// What SQLite says about `path` while it is opened.
    pub(super) fn sqlite(path: &Path, error: rusqlite::Error) -> OpenError {
        let path = path.to_owned();
        match Fault::from(error) {
            Fault::Damaged(detail) => OpenError::Damaged { path, detail },
            cause => OpenError::Other { path, cause },
        }
    }
}

/// A failed call of an open store. What was committed before is intact, and nothing of the failed call is kept.
#[derive(Debug, thiserror::Error)]
#[error("{attempted} in the store {}: {fault}", path.display())]
pub struct StoreError {
    attempted: String,
    path: PathBuf,
    fault: Fault,
}

impl StoreError {
    /// What went wrong.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is")]
pub enum Fault {
    #[error("the disk is full: make room; what was stored before is intact")]
    Full,
    #[error("the file cannot be read or written: {0}")]
    Io(String),
    #[error("another program holds the file locked, perhaps an SQLite tool: close it")]
    Busy,
    #[error("the file or its directory may not be written: correct their permissions")]
    ReadOnly,
    #[error(
        "the file is damaged ({0}): restore it from a copy, or move it away and all is loaded again from the sources"
    )]
    Damaged(String),
    #[error(
        "{table} with key {key} has no valid {column}: the file was changed by something else, restore it from a copy"
    )]
    Value { table: &'static str, key: i64, column: &'static str },
    #[error("there are more {0} than can be numbered")]
    TooMany(Object),
    #[error(
        "the name {name} holds records of kind {stored}, now it is to be {wanted}: give the source another name, or \
         remove those records with `crm_exporter store prune {name}`"
    )]
    KindChanged { name: String, stored: String, wanted: String },
    #[error(
        "there are records of both {old} and {new}: remove `renamed_from`, or the records of one with \
         `crm_exporter store prune NAME`"
    )]
    BothNames { old: String, new: String },
    #[error("there is no source {0}")]
    UnknownSource(String),
    #[error("the stream was never opened")]
    UnknownStream,
    #[error("{0}")]
    Sqlite(rusqlite::Error),
}

impl Fault {
    /// The fault together with what was attempted, where.
    pub(super) fn during(self, path: &Path, attempted: impl Into<String>) -> StoreError {
        StoreError { attempted: attempted.into(), path: path.to_owned(), fault: self }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Fault::Full,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Fault::Io(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Fault::Damaged(error.to_string()),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Fault::ReadOnly,
            _ => Fault::Sqlite(error),
        }
    }
}
