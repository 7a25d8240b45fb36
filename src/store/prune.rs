//! Removing all that is known of a source.

use rusqlite::Connection;

use super::error::Fault;
use super::schema::layout;
use super::{sightings, streams};
use crate::domain::Object;

/// Removes the source of that name and gives the number of its rows. Links never lead to rows of another source.
pub(super) fn prune(connection: &Connection, name: &str) -> Result<u64, Fault> {
    let source = streams::find(connection, name)?.ok_or_else(|| Fault::UnknownSource(name.to_owned()))?.key;
    sightings::forget(connection, source)?;
    let mut removed = 0;
    for object in Object::ALL {
        for table in &layout(object).links {
            let owned = format!("SELECT _key FROM {object} WHERE _source = ?1");
            connection.execute(&format!("DELETE FROM {} WHERE from_key IN ({owned})", table.name), [source])?;
        }
        removed += connection.execute(&format!("DELETE FROM {object} WHERE _source = ?1"), [source])?;
    }
    connection
        .execute("DELETE FROM sweep_seen WHERE sweep IN (SELECT sweep FROM sweeps WHERE source = ?1)", [source])?;
    for table in ["sweeps", "pending", "streams", "sources"] {
        connection.execute(&format!("DELETE FROM {table} WHERE source = ?1"), [source])?;
    }
    Ok(removed as u64)
}
