//! Sweeps: complete listings at whose end everything that was not seen is deleted.
//!
//! What was seen is kept by id, in the file, so that a listing may last over restarts, and so that ids of records that
//! are not held (out of the wanted history) leave nothing behind.

use rusqlite::{Connection, OptionalExtension as _};

use super::error::Fault;
use super::schema::LIVE;
use crate::domain::{Key, Object, Stamped, Sweep, Timestamp};

/// Notes what a page of a listing shows, and at the end of the listing deletes the rest. Gives what was deleted.
///
/// Only the newest listing of a stream counts: it discards an unfinished older one, and pages of an older or of a
/// finished one say nothing any more.
pub(super) fn apply(
    connection: &Connection,
    source: u32,
    stream: &str,
    sweep: &Sweep,
    records: &[Stamped],
    seq: u64,
) -> Result<Vec<(Object, Key)>, Fault> {
    let Some(number) = begin(connection, source, stream, sweep.began_at)? else { return Ok(Vec::new()) };
    note(connection, number, sweep, records)?;
    if !sweep.ends {
        return Ok(Vec::new());
    }
    let mut deleted = Vec::new();
    for object in &sweep.objects {
        delete_unseen(connection, source, number, sweep.began_at, *object, seq, &mut deleted)?;
    }
    connection.execute("DELETE FROM sweep_seen WHERE sweep = ?1", [number])?;
    connection.execute("UPDATE sweeps SET finished = 1 WHERE sweep = ?1", [number])?;
    Ok(deleted)
}

/// The number of the listing that began at `began_at`, unless it is finished or a newer one has begun.
fn begin(connection: &Connection, source: u32, stream: &str, began_at: Timestamp) -> Result<Option<i64>, Fault> {
    let newest = connection
        .prepare_cached("SELECT sweep, began_at, finished FROM sweeps WHERE source = ?1 AND stream = ?2")?
        .query_row((source, stream), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, bool>(2)?)))
        .optional()?;
    if let Some((number, newest, finished)) = newest {
        if newest > began_at.0 || (newest == began_at.0 && finished) {
            return Ok(None);
        }
        if newest == began_at.0 {
            return Ok(Some(number));
        }
        forget(connection, source, stream)?;
    }
    connection
        .execute("INSERT INTO sweeps (source, stream, began_at) VALUES (?1, ?2, ?3)", (source, stream, began_at.0))?;
    Ok(Some(connection.last_insert_rowid()))
}

/// Forgets a stream's listing, finished or not.
pub(super) fn forget(connection: &Connection, source: u32, stream: &str) -> Result<(), Fault> {
    let number = "SELECT sweep FROM sweeps WHERE source = ?1 AND stream = ?2";
    connection.execute(&format!("DELETE FROM sweep_seen WHERE sweep IN ({number})"), (source, stream))?;
    connection.execute("DELETE FROM sweeps WHERE source = ?1 AND stream = ?2", (source, stream))?;
    Ok(())
}

/// Notes the ids that a page shows.
fn note(connection: &Connection, number: i64, sweep: &Sweep, records: &[Stamped]) -> Result<(), Fault> {
    let recorded = records.iter().map(|stamped| (stamped.record.object(), stamped.id.as_str()));
    let listed = sweep.seen.iter().map(|(object, id)| (*object, id.as_str()));
    let mut seen: Vec<_> = recorded.chain(listed).filter(|(object, _)| sweep.objects.contains(object)).collect();
    seen.sort_unstable();
    let mut statement = connection.prepare_cached("INSERT OR IGNORE INTO sweep_seen VALUES (?1, ?2, ?3)")?;
    for (object, id) in seen {
        statement.execute((number, object.name(), id))?;
    }
    Ok(())
}

/// Deletes what was not seen. A record that changed after the listing began may be younger than the listing: it stays.
fn delete_unseen(
    connection: &Connection,
    source: u32,
    number: i64,
    began_at: Timestamp,
    object: Object,
    seq: u64,
    deleted: &mut Vec<(Object, Key)>,
) -> Result<(), Fault> {
    let mut statement = connection.prepare(&format!(
        "UPDATE {object} SET _deleted_at = ?1, _seq = ?2
         WHERE _source = ?3 AND _version <= ?1 AND {LIVE}
           AND NOT EXISTS (SELECT 1 FROM sweep_seen WHERE sweep = ?4 AND object = ?5 AND id = _id)
         RETURNING _key"
    ))?;
    let values = (began_at.0, seq.cast_signed(), source, number, object.name());
    let keys = statement.query_map(values, |row| row.get(0).map(Key))?;
    for key in keys {
        deleted.push((object, key?));
    }
    Ok(())
}
