//! Applying a page inside one transaction: what it says reaches the records, and the rows that changed are written.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Statement};
use rust_decimal::Decimal;

use super::error::Fault;
use super::rows::{LinkLookup, LinkSource as _, Own, invalid};
use super::schema::{Layout, OWN_COLUMNS, layout};
use super::sightings;
use super::state::{Merger, State};
use super::values::{self, Field, Links};
use crate::domain::{ColumnKind, FieldWriter, Key, Object, Page, Stamped, Timestamp, When};

/// What applying a page did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Number of the last page that changed anything: this one, if `changed` is not empty.
    pub seq: u64,
    /// The records that readers now see otherwise, ordered by object and key.
    pub changed: Vec<(Object, Key)>,
}

/// Applies the records, deletions, mergers and the sweep of a page. Its cursor and queue are not looked at. `seen_at` is when
/// it arrived, if its stream was up to date before.
pub(super) fn apply(
    connection: &Connection,
    source: u32,
    stream: &str,
    page: &Page,
    seen_at: Option<Timestamp>,
) -> Result<Applied, Fault> {
    let last: u64 = connection
        .prepare_cached("SELECT value FROM counters WHERE name = 'seq'")?
        .query_row([], |row| row.get::<_, i64>(0))?
        .unsigned_abs();
    let seq = last + 1;
    let mut batch = Batch::new(connection, source)?;
    for stamped in &page.records {
        batch.tell(stamped)?;
    }
    for gone in &page.gone {
        batch.state(gone.object, &gone.id)?.delete(gone.at);
    }
    // A record that was merged into itself is the survivor.
    for merged in page.merged.iter().filter(|merged| merged.id != merged.into) {
        let into = batch.key(merged.object, &merged.into)?;
        batch.state(merged.object, &merged.id)?.merge(merged.at, into);
    }
    let mut changed = batch.write(seq, seen_at)?;
    if let Some(sweep) = &page.sweep {
        changed.extend(super::sweep::apply(connection, source, stream, sweep, &page.records, seq)?);
        changed.sort_unstable();
    }
    if changed.is_empty() {
        return Ok(Applied { seq: last, changed });
    }
    connection.prepare_cached("UPDATE counters SET value = ?1 WHERE name = 'seq'")?.execute([seq.cast_signed()])?;
    Ok(Applied { seq, changed })
}

/// The records that a page touches.
struct Batch<'c> {
    connection: &'c Connection,
    source: u32,
    /// Keys that were looked up, by object.
    known: [HashMap<String, Key>; Object::ALL.len()],
    /// The next key that is free, by object; as it was, and as it is now.
    next_keys: [(u32, u32); Object::ALL.len()],
    /// In the order in which they are best written.
    touched: BTreeMap<(Object, Key), Touched>,
}

struct Touched {
    /// As stored; none for a new record.
    before: Option<State>,
    after: State,
}

impl<'c> Batch<'c> {
    fn new(connection: &'c Connection, source: u32) -> Result<Batch<'c>, Fault> {
        let mut next_keys = [(0, 0); Object::ALL.len()];
        let mut statement = connection.prepare_cached("SELECT next FROM next_keys WHERE object = ?1")?;
        for object in Object::ALL {
            let next = statement.query_row([object.name()], |row| row.get(0))?;
            next_keys[object as usize] = (next, next);
        }
        let known = std::array::from_fn(|_| HashMap::new());
        Ok(Batch { connection, source, known, next_keys, touched: BTreeMap::new() })
    }

    /// The key of a record; one that is not known becomes a stub.
    fn key(&mut self, object: Object, id: &str) -> Result<Key, Fault> {
        if let Some(key) = self.known[object as usize].get(id) {
            return Ok(*key);
        }
        let layout = layout(object);
        let mut find = self.connection.prepare_cached(&layout.find)?;
        let key = match find.query_row((self.source, id), |row| row.get(0).map(Key)).optional()? {
            Some(key) => key,
            None => {
                let (_, next) = &mut self.next_keys[object as usize];
                let key = Key(*next);
                *next = next.checked_add(1).ok_or(Fault::TooMany(object))?;
                let stub = Touched { before: None, after: State::stub(id, layout.columns.len()) };
                self.touched.insert((object, key), stub);
                key
            }
        };
        self.known[object as usize].insert(id.to_owned(), key);
        Ok(key)
    }

    /// The state of a record, to be changed.
    fn state(&mut self, object: Object, id: &str) -> Result<&mut State, Fault> {
        use std::collections::btree_map::Entry;
        let key = self.key(object, id)?;
        match self.touched.entry((object, key)) {
            Entry::Occupied(entry) => Ok(&mut entry.into_mut().after),
            Entry::Vacant(entry) => {
                let stored = load(self.connection, layout(object), key)?;
                Ok(&mut entry.insert(Touched { before: Some(stored.clone()), after: stored }).after)
            }
        }
    }

    fn tell(&mut self, stamped: &Stamped) -> Result<(), Fault> {
        let object = stamped.record.object();
        // Before its links, so that a new record's key is not behind those of the same object that it mentions.
        self.key(object, &stamped.id)?;
        let fields = Vec::with_capacity(layout(object).columns.len());
        let mut resolver = Resolver { batch: self, version: stamped.version, fields };
        stamped.record.write(&mut resolver)?;
        let fields = resolver.fields;
        self.state(object, &stamped.id)?.tell(stamped.version, fields);
        Ok(())
    }

    /// Writes what changed, and tells which of it readers see.
    fn write(self, seq: u64, seen_at: Option<Timestamp>) -> Result<Vec<(Object, Key)>, Fault> {
        let mut changed = Vec::new();
        let mut writer: Option<RowWriter<'_>> = None;
        for ((object, key), mut touched) in self.touched {
            let before = touched.before.as_ref();
            if before == Some(&touched.after) {
                continue;
            }
            if !before.is_some_and(|before| before.looks_like(&touched.after)) {
                touched.after.seq = seq;
                changed.push((object, key));
            }
            let writer = match &mut writer {
                Some(writer) if writer.layout.object == object => writer,
                other => other.insert(RowWriter::new(self.connection, self.source, layout(object))?),
            };
            writer.write(key, &touched)?;
            if object == Object::Deal
                && let Some(sighting) = sightings::sighting(touched.before.as_ref(), &touched.after, seen_at)
            {
                sightings::note(self.connection, key, &sighting)?;
            }
        }
        let mut statement = self.connection.prepare_cached("UPDATE next_keys SET next = ?2 WHERE object = ?1")?;
        for object in Object::ALL {
            let (before, next) = self.next_keys[object as usize];
            if before != next {
                statement.execute((object.name(), next))?;
            }
        }
        Ok(changed)
    }
}

/// Takes a record's fields, with keys in the place of the CRM's ids.
struct Resolver<'b, 'c> {
    batch: &'b mut Batch<'c>,
    version: Timestamp,
    fields: Vec<Field>,
}

impl Resolver<'_, '_> {
    fn push<T>(&mut self, value: Option<T>, field: fn(T) -> Field) -> Result<(), Fault> {
        self.fields.push(value.map_or(Field::Missing, field));
        Ok(())
    }
}

impl FieldWriter<String> for Resolver<'_, '_> {
    type Error = Fault;

    fn text(&mut self, value: Option<&str>) -> Result<(), Fault> {
        self.push(value.map(str::to_owned), Field::Text)
    }

    fn flag(&mut self, value: Option<bool>) -> Result<(), Fault> {
        self.push(value, Field::Flag)
    }

    fn int(&mut self, value: Option<i64>) -> Result<(), Fault> {
        self.push(value, Field::Int)
    }

    fn decimal(&mut self, value: Option<Decimal>) -> Result<(), Fault> {
        self.push(value, Field::Decimal)
    }

    fn when(&mut self, value: Option<When>) -> Result<(), Fault> {
        self.push(value, Field::When)
    }

    fn day(&mut self, value: Option<NaiveDate>) -> Result<(), Fault> {
        self.push(value, Field::Day)
    }

    fn link(&mut self, object: Object, value: Option<&String>) -> Result<(), Fault> {
        let key = value.map(|id| self.batch.key(object, id)).transpose()?;
        self.push(key, Field::Link)
    }

    fn links(&mut self, object: Object, value: Option<&[String]>) -> Result<(), Fault> {
        let Some(ids) = value else { return self.push(None, Field::Links) };
        let keys = ids.iter().map(|id| self.batch.key(object, id));
        let mut keys = keys.collect::<Result<Vec<_>, Fault>>()?;
        keys.sort_unstable();
        keys.dedup();
        self.push(Some(Links { told: self.version, keys }), Field::Links)
    }
}

/// A record as it is stored.
fn load(connection: &Connection, layout: &'static Layout, key: Key) -> Result<State, Fault> {
    let mut statement = connection.prepare_cached(&layout.select_one)?;
    let mut rows = statement.query([key.0])?;
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let own = Own::read(layout, row)?;
    let mut links = LinkLookup::new(connection, layout)?;
    let mut links_field = 0;
    let mut fields = Vec::with_capacity(layout.columns.len());
    for (at, column) in layout.columns.iter().enumerate() {
        let value = row.get_ref(OWN_COLUMNS + at)?;
        let is_invalid = |_| invalid(layout, key, at);
        fields.push(if let ColumnKind::Links(_) = column.kind {
            links_field += 1;
            match (values::int(value).map_err(is_invalid)?, own.version) {
                (Some(lag), Some(version)) => Field::Links(Links {
                    told: version.plus_millis(lag.saturating_neg()),
                    keys: links.targets(links_field - 1, key)?,
                }),
                _ => Field::Missing,
            }
        } else {
            values::field(column, value).map_err(is_invalid)?
        });
    }
    Ok(State {
        id: own.id,
        version: own.version,
        deleted_at: own.deleted_at,
        merged: own.merged_at.zip(own.merged_into).map(|(at, into)| Merger { at, into }),
        seq: own.seq,
        fields,
    })
}

/// The statements that write rows of one object.
struct RowWriter<'c> {
    layout: &'static Layout,
    source: u32,
    insert: CachedStatement<'c>,
    update: CachedStatement<'c>,
    /// To insert and to delete links, in the order of the fields with several links.
    links: Vec<(CachedStatement<'c>, CachedStatement<'c>)>,
}

impl<'c> RowWriter<'c> {
    fn new(connection: &'c Connection, source: u32, layout: &'static Layout) -> Result<RowWriter<'c>, Fault> {
        let links = layout.links.iter();
        let links = links
            .map(|table| Ok((connection.prepare_cached(&table.insert)?, connection.prepare_cached(&table.delete)?)));
        Ok(RowWriter {
            layout,
            source,
            insert: connection.prepare_cached(&layout.insert)?,
            update: connection.prepare_cached(&layout.update)?,
            links: links.collect::<rusqlite::Result<_>>()?,
        })
    }

    fn write(&mut self, key: Key, touched: &Touched) -> Result<(), Fault> {
        let statement = if touched.before.is_none() { &mut self.insert } else { &mut self.update };
        bind(statement, key, self.source, &touched.after)?;
        statement.raw_execute()?;
        self.write_links(key, touched)
    }

    fn write_links(&mut self, key: Key, touched: &Touched) -> Result<(), Fault> {
        let fields = self.layout.columns.iter().enumerate();
        let fields = fields.filter(|(_, column)| matches!(column.kind, ColumnKind::Links(_)));
        for ((at, _), (insert, delete)) in fields.zip(&mut self.links) {
            let Field::Links(links) = &touched.after.fields[at] else { continue };
            if let Some(before) = &touched.before {
                if before.fields[at].looks_like(&touched.after.fields[at]) {
                    continue;
                }
                delete.execute([key.0])?;
            }
            for to in &links.keys {
                insert.execute([key.0, to.0])?;
            }
        }
        Ok(())
    }
}

fn bind(statement: &mut Statement<'_>, key: Key, source: u32, state: &State) -> rusqlite::Result<()> {
    statement.raw_bind_parameter(1, key.0)?;
    statement.raw_bind_parameter(2, source)?;
    statement.raw_bind_parameter(3, &state.id)?;
    statement.raw_bind_parameter(4, state.version.map(|at| at.0))?;
    statement.raw_bind_parameter(5, state.deleted_at.map(|at| at.0))?;
    statement.raw_bind_parameter(6, state.merged.map(|merger| merger.into.0))?;
    statement.raw_bind_parameter(7, state.merged.map(|merger| merger.at.0))?;
    statement.raw_bind_parameter(8, state.seq.cast_signed())?;
    for (at, field) in state.fields.iter().enumerate() {
        statement.raw_bind_parameter(OWN_COLUMNS + at + 1, field.to_sql(state.version))?;
    }
    Ok(())
}
