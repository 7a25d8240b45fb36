//! Reading beside the writer: one consistent view of the store, on a connection of its own.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::error::{Fault, OpenError, StoreError};
use super::streams::{self, SourceInfo, StreamInfo};
use super::{open, rows, schema};
use crate::domain::{Key, Object, Row};

/// The store as it was when the reader was opened. Whatever is committed later is not seen.
///
/// A reader takes no lock that a writer would wait for, but while it is there the write-ahead log can only grow: open it,
/// read, and drop it.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    path: PathBuf,
}

impl Reader {
    /// A view of the store at `path`, which must be there and have this version's layout.
    pub fn open(path: &Path) -> Result<Reader, OpenError> {
        let path = open::resolve(path)?;
        let Some(header) = open::inspect(&path)? else { return Err(OpenError::Missing { path }) };
        open::refuse_newer(&path, header.layout, open::VERSION)?;
        if header.layout < open::VERSION {
            return Err(OpenError::Older { path });
        }
        let connection = view(&path).map_err(|error| OpenError::sqlite(&path, error))?;
        let difference = schema::compare(&connection).map_err(|error| OpenError::sqlite(&path, error))?;
        if let Some(unlike) = difference.unlike.into_iter().next() {
            return Err(OpenError::Damaged { path, detail: unlike });
        }
        if !difference.missing.is_empty() {
            return Err(OpenError::Older { path });
        }
        Ok(Reader { connection, path })
    }

    /// Hands every row of `object` to `each`, stubs and deleted ones too, by rising key.
    pub fn for_each(&self, object: Object, each: impl FnMut(Row)) -> Result<(), StoreError> {
        rows::for_each(&self.connection, object, each).map_err(self.during(|| format!("reading {object}")))
    }

    /// One more than the largest key of `object`; there may be fewer rows.
    pub fn keys(&self, object: Object) -> Result<usize, StoreError> {
        let sql = "SELECT next FROM next_keys WHERE object = ?1";
        let next = self.connection.query_row(sql, [object.name()], |row| row.get::<_, u32>(0));
        next.map(|next| next as usize)
            .map_err(Fault::from)
            .map_err(self.during(|| format!("reading the largest key of {object}")))
    }

    /// The rows with these keys, by rising key, each once; keys without a row are left out.
    pub fn rows(&self, object: Object, keys: &[Key]) -> Result<Vec<Row>, StoreError> {
        rows::with_keys(&self.connection, object, keys).map_err(self.during(|| format!("reading {object}")))
    }

    /// How many live records of `object` a source has.
    pub fn count(&self, source: u32, object: Object) -> Result<u64, StoreError> {
        rows::count(&self.connection, source, object).map_err(self.during(|| format!("counting {object}")))
    }

    /// Every source that has records, also one that is no longer configured.
    pub fn sources(&self) -> Result<Vec<SourceInfo>, StoreError> {
        streams::sources(&self.connection).map_err(self.during(|| "listing the sources".to_owned()))
    }

    /// Every stream that was ever opened.
    pub fn streams(&self) -> Result<Vec<StreamInfo>, StoreError> {
        streams::all(&self.connection).map_err(self.during(|| "listing the streams".to_owned()))
    }

    /// The key of a source's record, if it is known.
    #[cfg(test)]
    pub(super) fn key_of(&self, source: u32, object: Object, id: &str) -> Result<Option<Key>, StoreError> {
        let find = || -> Result<_, Fault> {
            let mut statement = self.connection.prepare_cached(&schema::layout(object).find)?;
            Ok(statement.query_row((source, id), |row| row.get(0).map(Key)).optional()?)
        };
        find().map_err(self.during(|| format!("looking up {object} {id}")))
    }

    /// The source and the CRM's id of a record, if there is one with that key.
    pub fn id_of(&self, object: Object, key: Key) -> Result<Option<(u32, String)>, StoreError> {
        let find = || -> Result<_, Fault> {
            let sql = format!("SELECT _source, _id FROM {object} WHERE _key = ?1");
            let mut statement = self.connection.prepare_cached(&sql)?;
            Ok(statement.query_row([key.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
        };
        find().map_err(self.during(|| format!("looking up {object} {key}")))
    }

    fn during(&self, attempted: impl Fn() -> String) -> impl Fn(Fault) -> StoreError {
        move |fault| fault.during(&self.path, attempted())
    }
}

/// A connection inside a read transaction, which fixes what it sees.
fn view(path: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    open::tune(&connection)?;
    connection.execute_batch("BEGIN; SELECT value FROM counters")?;
    Ok(connection)
}
