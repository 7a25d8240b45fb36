//! When changes of deals were seen. For a win to be noticed once and for all, the store notes when a stream that was up to
//! date brought another stage or status of a deal, in the transaction that changes the row. Whether that was a win is not
//! decided here: what a deal said before is noted, and `facts` reads it as it reads the rows.
//!
//! This is the one place where the store knows a record and its fields by name.

use std::sync::LazyLock;

use rusqlite::{Connection, Row, Rows, Statement};

use super::error::Fault;
use super::schema::layout;
use super::state::State;
use super::values::{self, Field, Invalid};
use crate::domain::{Former, Key, Object, Sighting, Timestamp};

/// The table: per deal the changes in their order. `seen_at` is NULL for one that was found while the stream was loaded; `known`
/// is 0 for a deal that was not there before, of which there are no former stage and status.
pub(super) const TABLE: &str = "
    CREATE TABLE deal_sightings (
        deal INTEGER NOT NULL, place INTEGER NOT NULL,
        seen_at INTEGER, known INTEGER NOT NULL, stage INTEGER, status TEXT,
        PRIMARY KEY (deal, place)
    ) STRICT, WITHOUT ROWID;
";

/// All of them, by rising key of the deal.
const SELECT: &str = "SELECT deal, seen_at, known, stage, status FROM deal_sightings ORDER BY deal, place";

/// Places of the fields that are watched.
struct Watched {
    stage: usize,
    status: usize,
}

static WATCHED: LazyLock<Watched> = LazyLock::new(|| {
    let place = |name| layout(Object::Deal).columns.iter().position(|column| column.name == name);
    // The test below holds the names; a field that is not there would be missing in every row.
    let place = |name| place(name).unwrap_or(usize::MAX);
    Watched { stage: place("stage"), status: place("status") }
});

/// What a page's change of a deal is as a sighting; none where what is watched stays the same. `at` is when the page
/// arrived, if its stream was up to date before.
///
/// A deal that is deleted, or comes back, says the same as before: that is no change.
pub(super) fn sighting(before: Option<&State>, after: &State, at: Option<Timestamp>) -> Option<Sighting> {
    after.version?;
    let Some(before) = before.filter(|before| before.version.is_some()) else {
        return at.map(|at| Sighting { at: Some(at), before: None });
    };
    let former = former(before);
    (former != self::former(after)).then_some(Sighting { at, before: Some(former) })
}

fn former(state: &State) -> Former {
    let stage = match state.fields.get(WATCHED.stage) {
        Some(Field::Link(stage)) => Some(*stage),
        _ => None,
    };
    let status = match state.fields.get(WATCHED.status) {
        Some(Field::Text(status)) => Some(status.clone()),
        _ => None,
    };
    Former { stage, status }
}

/// Notes a sighting behind those that the deal has.
pub(super) fn note(connection: &Connection, deal: Key, sighting: &Sighting) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO deal_sightings (deal, place, seen_at, known, stage, status)
         SELECT ?1, coalesce(max(place) + 1, 0), ?2, ?3, ?4, ?5 FROM deal_sightings WHERE deal = ?1",
    )?;
    let stage = sighting.before.as_ref().and_then(|before| before.stage).map(|stage| stage.0);
    let status = sighting.before.as_ref().and_then(|before| before.status.as_deref());
    statement.execute((deal.0, sighting.at.map(|at| at.0), sighting.before.is_some(), stage, status))?;
    Ok(())
}

/// The sightings of one deal, in their order.
pub(super) fn of(connection: &Connection, deal: Key) -> Result<Vec<Sighting>, Fault> {
    let sql = "SELECT deal, seen_at, known, stage, status FROM deal_sightings WHERE deal = ?1 ORDER BY place";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([deal.0])?;
    let mut sightings = Vec::new();
    while let Some(row) = rows.next()? {
        sightings.push(read(row)?.1);
    }
    Ok(sightings)
}

/// Forgets the sightings of a source's deals.
pub(super) fn forget(connection: &Connection, source: u32) -> Result<(), Fault> {
    let deals = format!("SELECT _key FROM {} WHERE _source = ?1", Object::Deal);
    connection.execute(&format!("DELETE FROM deal_sightings WHERE deal IN ({deals})"), [source])?;
    Ok(())
}

/// Follows the sightings while deals are read in the order of their keys.
pub(super) struct Follower<'s> {
    rows: Rows<'s>,
    next: Option<(Key, Sighting)>,
}

/// The statement that a [`Follower`] reads.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<Statement<'_>> {
    connection.prepare(SELECT)
}

impl<'s> Follower<'s> {
    pub(super) fn new(statement: &'s mut Statement<'_>) -> Result<Follower<'s>, Fault> {
        let mut follower = Follower { rows: statement.query([])?, next: None };
        follower.step()?;
        Ok(follower)
    }

    /// The sightings of a deal; those of deals before it are passed over.
    pub(super) fn of(&mut self, deal: Key) -> Result<Vec<Sighting>, Fault> {
        let mut sightings = Vec::new();
        while let Some((owner, sighting)) = self.next.take_if(|(owner, _)| *owner <= deal) {
            if owner == deal {
                sightings.push(sighting);
            }
            self.step()?;
        }
        Ok(sightings)
    }

    fn step(&mut self) -> Result<(), Fault> {
        self.next = self.rows.next()?.map(read).transpose()?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<(Key, Sighting), Fault> {
    let deal = row.get(0)?;
    let column = |at: usize, name: &'static str| {
        let fault = move |Invalid| Fault::Value { table: "deal_sightings", key: i64::from(deal), column: name };
        row.get_ref(at).map(|value| (value, fault))
    };
    let (at, fault) = column(1, "seen_at")?;
    let at = values::timestamp(at).map_err(fault)?;
    let (known, fault) = column(2, "known")?;
    let known = values::flag(known).map_err(fault)?;
    let (stage, fault) = column(3, "stage")?;
    let stage = values::key(stage).map_err(fault)?;
    let (status, fault) = column(4, "status")?;
    let status = values::text(status).map_err(fault)?;
    let before = (known == Some(true)).then_some(Former { stage, status });
    Ok((Key(deal), Sighting { at, before }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ColumnKind;

    #[test]
    fn the_watched_fields_are_there() {
        let columns = layout(Object::Deal).columns;
        assert_eq!(columns[WATCHED.stage].kind, ColumnKind::Link(Object::Stage));
        assert_eq!(columns[WATCHED.status].kind, ColumnKind::Text);
    }
}
