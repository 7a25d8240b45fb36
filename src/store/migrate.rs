//! Changes of layout: numbered steps from every layout that was ever released to the present one.
//!
//! New fields and objects need no step (see `schema`). Before the first step the file is copied aside; all steps are one
//! transaction.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Fault, OpenError};
use super::open::{VERSION, private, sidecar};
use super::{schema, sightings};
use crate::domain::Timestamp;

/// A change of layout. It changes what `schema` describes; new files have it already.
pub(super) struct Step {
    /// Number of the layout that it leads to.
    pub(super) to: i32,
    pub(super) run: fn(&Connection) -> rusqlite::Result<()>,
}

/// All steps, by rising number, the last of which is [`VERSION`].
pub(super) const STEPS: &[Step] = &[
    Step { to: 2, run: |connection| connection.execute_batch(sightings::TABLE) },
    Step { to: 3, run: |connection| connection.execute_batch(FORBIDDEN) },
];

/// Streams that the CRM does not let us read.
const FORBIDDEN: &str = "ALTER TABLE streams ADD COLUMN forbidden INTEGER NOT NULL DEFAULT 0";

/// The layout that `steps` lead to.
pub(super) fn newest(steps: &[Step]) -> i32 {
    steps.last().map_or(VERSION, |step| step.to)
}

/// Brings the file from the layout `found` to the newest one.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    found: i32,
    steps: &[Step],
    now: Timestamp,
) -> Result<(), OpenError> {
    let failed = |cause: Fault| OpenError::Migration { path: path.to_owned(), cause };
    if found < newest(steps) {
        copy_aside(connection, path, found)?;
    }
    change(connection, found, steps, now).map_err(|error| failed(error.into()))
}

fn change(connection: &mut Connection, found: i32, steps: &[Step], now: Timestamp) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in steps.iter().filter(|step| step.to > found) {
        (step.run)(&transaction)?;
        transaction.execute("INSERT INTO layout_history VALUES (?1, ?2)", (step.to, now.0))?;
        transaction.pragma_update(None, "user_version", step.to)?;
    }
    schema::adapt(&transaction)?;
    transaction.commit()?;
    if found < newest(steps) {
        // Into the file itself, where an older version looks first.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(())
}

/// Makes a consistent copy of the file beside it, named after its layout.
fn copy_aside(connection: &Connection, path: &Path, found: i32) -> Result<(), OpenError> {
    let copy = sidecar(path, &format!(".v{found}-backup"));
    let failed = |cause: String| OpenError::Backup { path: path.to_owned(), copy: copy.clone(), cause };
    let draft = sidecar(&copy, ".new");
    let name = draft.to_str().ok_or_else(|| failed("its name is not valid Unicode".to_owned()))?;
    private().create(true).truncate(true).open(&draft).map_err(|error| failed(error.to_string()))?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(|error| failed(Fault::from(error).to_string()))?;
    fs::rename(&draft, &copy).map_err(|error| failed(error.to_string()))
}
