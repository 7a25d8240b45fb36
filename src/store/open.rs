//! Opening the file: is it ours, whole and of a layout that we know? Only then is it touched.
//!
//! How closely a file is looked at depends on its size: the whole of one up to [`WHOLE_CHECK_BYTES`] with SQLite's
//! `quick_check`; of a larger one the header, its length, the schema, the bookkeeping tables and the ends of every record
//! table and its index, since reading 5 GB would take longer than a restart may. Damage elsewhere shows when it is read, as
//! [`Fault::Damaged`]; a process that is killed does no damage.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::error::{Fault, OpenError};
use super::{schema, sightings};
use crate::domain::{Object, Timestamp};

/// The layout that this version writes. It is the layout of new files; older ones are changed by `migrate`.
pub(super) const VERSION: i32 = 3;

/// Files up to this size are checked as a whole, which takes about a second.
const WHOLE_CHECK_BYTES: u64 = 256 << 20;

/// The parts of an SQLite file's header that we look at (<https://www.sqlite.org/fileformat.html>, section 1.3).
pub(super) struct Header {
    /// Number of the layout (`user_version`).
    pub(super) layout: i32,
    /// Bytes that the file has at least, if SQLite wrote them down.
    length: Option<u64>,
}

/// The file that `path` stands for, so that two names of it have one lock.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, OpenError> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path.to_owned()),
        other => other.map_err(|cause| OpenError::Unreadable { path: path.to_owned(), cause }),
    }
}

/// The header of the file, if there is a file; refuses one that is not ours.
pub(super) fn inspect(path: &Path) -> Result<Option<Header>, OpenError> {
    let path = path.to_owned();
    let metadata = match fs::metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(OpenError::Unreadable { path, cause }),
        Ok(metadata) => metadata,
    };
    if metadata.is_dir() {
        return Err(OpenError::Directory { path });
    }
    if !metadata.is_file() {
        return Err(OpenError::NotSqlite { path });
    }
    let mut bytes = Vec::new();
    let read = File::open(&path).and_then(|file| file.take(100).read_to_end(&mut bytes));
    match read {
        Err(cause) => Err(OpenError::Unreadable { path, cause }),
        Ok(0) => Err(OpenError::Empty { path }),
        Ok(_) => header(path, &bytes).map(Some),
    }
}

fn header(path: PathBuf, bytes: &[u8]) -> Result<Header, OpenError> {
    if bytes.len() < 100 || !bytes.starts_with(b"SQLite format 3\0") {
        return Err(OpenError::NotSqlite { path });
    }
    let number = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    if number(68).cast_signed() != schema::APPLICATION_ID {
        return Err(OpenError::Foreign { path });
    }
    let page_size = match u16::from_be_bytes([bytes[16], bytes[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    // The page count holds if the file was last written by an SQLite that keeps it (version-valid-for).
    let length = (number(24) == number(92)).then(|| u64::from(number(28)) * page_size);
    Ok(Header { layout: number(60).cast_signed(), length })
}

/// Refuses a file of a layout newer than `newest`.
pub(super) fn refuse_newer(path: &Path, found: i32, newest: i32) -> Result<(), OpenError> {
    if found > newest {
        return Err(OpenError::Newer { path: path.to_owned(), found, known: newest });
    }
    Ok(())
}

/// Looks whether the file is whole, without writing to it, and gives the number of its layout. The caller holds the lock.
pub(super) fn check(path: &Path, header: &Header, newest: i32) -> Result<i32, OpenError> {
    let damaged = |detail: String| OpenError::Damaged { path: path.to_owned(), detail };
    let length = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let killed = length(&sidecar(path, "-wal")) > 0;
    // A process that is killed while it moves its log into the file may leave the file shorter than it will be.
    if let Some(expected) = header.length.filter(|expected| !killed && *expected > length(path)) {
        return Err(damaged(format!("it has {} of {expected} bytes", length(path))));
    }
    let index = sidecar(path, "-shm");
    let makes_index = killed && !index.exists();
    let checked = check_inside(path, killed, length(path) <= WHOLE_CHECK_BYTES)
        .map_err(|error| OpenError::sqlite(path, error))
        .and_then(|(found, problem)| match problem {
            _ if found > newest => refuse_newer(path, found, newest).map(|()| found),
            Some(problem) => Err(damaged(problem)),
            None if found < 1 => Err(damaged(format!("its layout has the number {found}"))),
            None => Ok(found),
        });
    if makes_index && checked.is_err() {
        // Reading through a log that was left behind made its index; under our lock no other writer can be using it.
        let _ = fs::remove_file(&index);
    }
    checked
}

/// The number of the layout, and the first problem found; `killed`: there is a log, `whole`: how closely to look.
pub(super) fn check_inside(path: &Path, killed: bool, whole: bool) -> rusqlite::Result<(i32, Option<String>)> {
    // Without a log the file can be read as it is; otherwise SQLite would make a log and an index beside it.
    let mode = if killed { "mode=ro" } else { "immutable=1" };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("file:{}?{mode}", uri_path(path)), flags)?;
    tune(&connection)?;
    let found = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let quick_check = |table: &str| -> rusqlite::Result<Option<String>> {
        let said: String = connection.query_row(&format!("PRAGMA quick_check({table})"), [], |row| row.get(0))?;
        Ok((said != "ok").then_some(said))
    };
    let mut problem = schema::compare(&connection)?.unlike.into_iter().next();
    let tables: &[&str] = if whole { &["1"] } else { &["counters", "next_keys", "sources", "streams", "sweeps"] };
    for table in tables {
        problem = problem.or(quick_check(table)?);
    }
    if !whole {
        Object::ALL.into_iter().try_for_each(|object| probe(&connection, object))?;
    }
    Ok((found, problem))
}

/// Reads both ends of a record table, and its index where that begins.
fn probe(connection: &Connection, object: Object) -> rusqlite::Result<()> {
    let end = |which: &str| format!("SELECT max(_id) FROM {object} WHERE _key = (SELECT {which}(_key) FROM {object})");
    connection.query_row(&end("min"), [], |_| Ok(()))?;
    connection.query_row(&end("max"), [], |_| Ok(()))?;
    connection.query_row(&schema::layout(object).find, (0, ""), |_| Ok(())).optional()?;
    Ok(())
}

/// A path in an SQLite URI.
fn uri_path(path: &Path) -> String {
    use std::fmt::Write as _;
    path.as_os_str().as_encoded_bytes().iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            text.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// Makes a new store. It appears under its name only when it is whole.
pub(super) fn create(path: &Path, now: Timestamp) -> Result<(), OpenError> {
    let failed = |cause: String| OpenError::Create { path: path.to_owned(), cause };
    let draft = sidecar(path, ".new");
    for left_behind in [draft.clone(), sidecar(&draft, "-journal"), sidecar(&draft, "-wal"), sidecar(&draft, "-shm")] {
        match fs::remove_file(&left_behind) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error.to_string())),
            _ => {}
        }
    }
    private().create_new(true).open(&draft).map_err(|error| failed(error.to_string()))?;
    fill(&draft, now).map_err(|error| failed(Fault::from(error).to_string()))?;
    fs::rename(&draft, path).and_then(|()| sync_directory(path)).map_err(|error| failed(error.to_string()))
}

fn fill(draft: &Path, now: Timestamp) -> rusqlite::Result<()> {
    let mut connection = Connection::open_with_flags(draft, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(schema::BOOKKEEPING)?;
    transaction.execute_batch(sightings::TABLE)?;
    schema::adapt(&transaction)?;
    transaction.execute("INSERT INTO layout_history VALUES (?1, ?2)", (VERSION, now.0))?;
    transaction.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    // Only now, so that what marks the file as ours is in the file itself and not in its log.
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.close().map_err(|(_, error)| error)
}

/// A new name in a directory lasts once the directory is written.
fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        Some(directory) => File::open(directory)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

/// The connection that writes.
pub(super) fn writer(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connect = || -> Result<Connection, Fault> {
        let connection = Connection::open_with_flags(path, flags)?;
        tune(&connection)?;
        if connection.is_readonly("main")? {
            return Err(Fault::ReadOnly);
        }
        let mode: String = connection.query_row("PRAGMA journal_mode = wal", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(Fault::Io(format!("its file system allows no write-ahead log, only {mode}")));
        }
        // With NORMAL a killed process loses nothing; a power cut may lose the last commits, which are then fetched again,
        // since cursors are committed with their pages.
        connection.execute_batch(
            "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864",
        )?;
        fit_cache(&connection)?;
        Ok(connection)
    };
    connect().map_err(|cause| OpenError::Other { path: path.to_owned(), cause })
}

/// Lets the writer cache as much as the file is worth: looking up ids in a large store is slow without, and for a small
/// one the cache would be most of the memory that the process takes.
pub(super) fn fit_cache(connection: &Connection) -> rusqlite::Result<()> {
    const SHARE: i64 = 32;
    const PAGES: std::ops::RangeInclusive<i64> = 256..=4096;
    let pages: i64 = connection.prepare_cached("PRAGMA page_count")?.query_row([], |row| row.get(0))?;
    let wanted = (pages / SHARE).clamp(*PAGES.start(), *PAGES.end());
    connection.execute_batch(&format!("PRAGMA cache_size = {wanted}"))
}

/// What all connections have in common. Nothing is mapped into memory: the operating system's cache serves as well, and
/// the resident memory of the process stays a figure that means something.
pub(super) fn tune(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(256);
    connection.execute_batch(
        "PRAGMA mmap_size = 0; PRAGMA cache_size = -8192; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF",
    )
}

/// Options of files that hold personal data, or lie beside such.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A file beside `path`: its name with something appended.
pub(super) fn sidecar(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
