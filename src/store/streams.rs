//! Bookkeeping of sources and their streams: names, cursors, and records whose details are still to be fetched.

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::error::Fault;
use crate::domain::{Cursor, Next, Object, PendingId, Timestamp};

/// A source that the store knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceInfo {
    /// Its number in rows.
    pub key: u32,
    /// Its name in the settings.
    pub name: String,
    /// Its kind in the settings.
    pub kind: String,
}

/// A source as the settings name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its kind.
    pub kind: &'a str,
    /// The name that it had before.
    pub renamed_from: Option<&'a str>,
}

/// Where a stream stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamState {
    /// Where to go on; none: from the beginning.
    pub cursor: Option<Cursor>,
    /// Whether it was ever up to date. Stays true while it is loaded again.
    pub complete: bool,
    /// When it was last up to date; none while it is loaded, for the first time or again.
    pub last_complete: Option<Timestamp>,
    /// Whether the CRM did not let us read it when it was last asked for, and it was not up to date since.
    pub forbidden: bool,
}

/// A stream that the store knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamInfo {
    /// Number of its source.
    pub source: u32,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: StreamState,
    /// How many records wait for their details.
    pub pending: u64,
}

/// The number of a source; see [`Store::register`](super::Store::register).
pub(super) fn register(
    connection: &Connection,
    name: &str,
    kind: &str,
    renamed_from: Option<&str>,
) -> Result<u32, Fault> {
    let old = renamed_from.filter(|old| *old != name).map(|old| find(connection, old)).transpose()?.flatten();
    let found = match (find(connection, name)?, old) {
        (Some(_), Some(old)) => return Err(Fault::BothNames { old: old.name, new: name.to_owned() }),
        (None, Some(old)) => {
            connection.execute("UPDATE sources SET name = ?1 WHERE source = ?2", (name, old.key))?;
            Some(SourceInfo { name: name.to_owned(), ..old })
        }
        (found, None) => found,
    };
    match found {
        Some(found) if found.kind == kind => Ok(found.key),
        Some(found) => Err(Fault::KindChanged { name: found.name, stored: found.kind, wanted: kind.to_owned() }),
        None => {
            let sql = "INSERT INTO sources (name, kind) VALUES (?1, ?2) RETURNING source";
            Ok(connection.query_row(sql, (name, kind), |row| row.get(0))?)
        }
    }
}

/// The source of that name.
pub(super) fn find(connection: &Connection, name: &str) -> Result<Option<SourceInfo>, Fault> {
    let sql = "SELECT source, name, kind FROM sources WHERE name = ?1";
    Ok(connection.query_row(sql, [name], source_info).optional()?)
}

pub(super) fn sources(connection: &Connection) -> Result<Vec<SourceInfo>, Fault> {
    let mut statement = connection.prepare("SELECT source, name, kind FROM sources ORDER BY source")?;
    Ok(statement.query_map([], source_info)?.collect::<rusqlite::Result<_>>()?)
}

fn source_info(row: &Row<'_>) -> rusqlite::Result<SourceInfo> {
    Ok(SourceInfo { key: row.get(0)?, name: row.get(1)?, kind: row.get(2)? })
}

/// Where a stream stands; see [`Store::stream`](super::Store::stream).
pub(super) fn open(
    connection: &Connection,
    source: u32,
    stream: &str,
    fingerprint: &str,
) -> Result<StreamState, Fault> {
    let known = "SELECT fingerprint FROM streams WHERE source = ?1 AND stream = ?2";
    let known: Option<String> = connection.query_row(known, (source, stream), |row| row.get(0)).optional()?;
    if known.is_none() {
        let sql =
            "INSERT INTO streams (source, stream, fingerprint) SELECT source, ?2, ?3 FROM sources WHERE source = ?1";
        if connection.execute(sql, (source, stream, fingerprint))? == 0 {
            return Err(Fault::UnknownSource(format!("number {source}")));
        }
    } else if known.as_deref() != Some(fingerprint) {
        let sql = "UPDATE streams SET fingerprint = ?3, cursor = NULL, last_complete = NULL
                   WHERE source = ?1 AND stream = ?2";
        connection.execute(sql, (source, stream, fingerprint))?;
        super::sweep::forget(connection, source, stream)?;
    }
    let sql = "SELECT cursor, complete, last_complete, forbidden FROM streams WHERE source = ?1 AND stream = ?2";
    Ok(connection.query_row(sql, (source, stream), |row| state(row, 0))?)
}

fn state(row: &Row<'_>, first: usize) -> rusqlite::Result<StreamState> {
    Ok(StreamState {
        cursor: row.get::<_, Option<String>>(first)?.map(Cursor),
        complete: row.get(first + 1)?,
        last_complete: row.get::<_, Option<i64>>(first + 2)?.map(Timestamp),
        forbidden: row.get(first + 3)?,
    })
}

pub(super) fn all(connection: &Connection) -> Result<Vec<StreamInfo>, Fault> {
    let mut statement = connection.prepare(
        "SELECT source, stream, cursor, complete, last_complete, forbidden, (SELECT count(*) FROM pending
           WHERE pending.source = streams.source AND pending.stream = streams.stream) FROM streams",
    )?;
    let infos = statement.query_map([], |row| {
        Ok(StreamInfo {
            source: row.get(0)?,
            name: row.get(1)?,
            state: state(row, 2)?,
            pending: row.get::<_, u32>(6)?.into(),
        })
    })?;
    Ok(infos.collect::<rusqlite::Result<_>>()?)
}

/// Notes that the CRM does not let us read a stream; tells a stream that was never opened.
pub(super) fn forbid(connection: &Connection, source: u32, stream: &str) -> Result<(), Fault> {
    let sql = "UPDATE streams SET forbidden = 1 WHERE source = ?1 AND stream = ?2";
    match connection.execute(sql, (source, stream))? {
        0 => Err(Fault::UnknownStream),
        _ => Ok(()),
    }
}

/// Moves a stream on; tells a stream that was never opened.
pub(super) fn advance(
    connection: &Connection,
    source: u32,
    stream: &str,
    next: &Next,
    now: Timestamp,
) -> Result<(), Fault> {
    let up_to_date = matches!(next, Next::UpToDate(_));
    let mut statement = connection.prepare_cached(
        "UPDATE streams SET cursor = ?3, complete = complete OR ?4, last_complete = iif(?4, ?5, last_complete),
           forbidden = forbidden AND NOT ?4
         WHERE source = ?1 AND stream = ?2",
    )?;
    match statement.execute((source, stream, &next.cursor().0, up_to_date, now.0))? {
        0 => Err(Fault::UnknownStream),
        _ => Ok(()),
    }
}

/// Whether a stream has been up to date since it was last loaded: what it brings now is new, not of any age.
pub(super) fn is_up_to_date(connection: &Connection, source: u32, stream: &str) -> Result<bool, Fault> {
    let sql = "SELECT EXISTS (
                   SELECT 1 FROM streams WHERE source = ?1 AND stream = ?2 AND last_complete IS NOT NULL
               )";
    Ok(connection.prepare_cached(sql)?.query_row((source, stream), |row| row.get(0))?)
}

/// Tells a stream that was never opened.
pub(super) fn require(connection: &Connection, source: u32, stream: &str) -> Result<(), Fault> {
    let sql = "SELECT EXISTS (SELECT 1 FROM streams WHERE source = ?1 AND stream = ?2)";
    let known: bool = connection.prepare_cached(sql)?.query_row((source, stream), |row| row.get(0))?;
    if known { Ok(()) } else { Err(Fault::UnknownStream) }
}

/// Puts records at the end of a stream's queue, unless they wait already.
pub(super) fn enqueue(connection: &Connection, source: u32, stream: &str, ids: &[PendingId]) -> Result<(), Fault> {
    let mut statement = connection
        .prepare_cached("INSERT OR IGNORE INTO pending (source, stream, object, id) VALUES (?1, ?2, ?3, ?4)")?;
    for pending in ids {
        statement.execute((source, stream, pending.object.name(), &pending.id))?;
    }
    Ok(())
}

/// Takes records out of a stream's queue.
pub(super) fn dequeue(connection: &Connection, source: u32, stream: &str, ids: &[PendingId]) -> Result<(), Fault> {
    let mut statement = connection
        .prepare_cached("DELETE FROM pending WHERE source = ?1 AND stream = ?2 AND object = ?3 AND id = ?4")?;
    for pending in ids {
        statement.execute((source, stream, pending.object.name(), &pending.id))?;
    }
    Ok(())
}

/// The first `limit` records of a stream's queue.
pub(super) fn pending(
    connection: &Connection,
    source: u32,
    stream: &str,
    limit: usize,
) -> Result<Vec<PendingId>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT place, object, id FROM pending WHERE source = ?1 AND stream = ?2 ORDER BY place LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query((source, stream, limit))?;
    let mut ids = Vec::new();
    while let Some(row) = rows.next()? {
        let object: String = row.get(1)?;
        let object = Object::from_name(&object);
        let object = object.ok_or(Fault::Value { table: "pending", key: row.get(0)?, column: "object" })?;
        ids.push(PendingId { object, id: row.get(2)? });
    }
    Ok(ids)
}
