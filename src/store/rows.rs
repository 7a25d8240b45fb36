//! Rows out of the record tables, in one form for all readers.

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Rows, Statement};

use super::error::Fault;
use super::schema::{LIVE, Layout, OWN_COLUMNS, layout};
use super::sightings;
use super::values::{self, Invalid};
use crate::domain::{FieldReader, Key, Object, Record, Row, Timestamp, When};

/// The store's own columns of a row.
pub(super) struct Own {
    pub(super) key: Key,
    pub(super) source: u32,
    pub(super) id: String,
    pub(super) version: Option<Timestamp>,
    pub(super) deleted_at: Option<Timestamp>,
    pub(super) merged_into: Option<Key>,
    pub(super) merged_at: Option<Timestamp>,
    pub(super) seq: u64,
}

impl Own {
    /// Reads the columns before the fields.
    pub(super) fn read(layout: &Layout, row: &rusqlite::Row<'_>) -> Result<Own, Fault> {
        let column = |at: usize| row.get_ref(at);
        let read = || -> rusqlite::Result<Result<Own, Invalid>> {
            let number = |value| values::key(value)?.ok_or(Invalid);
            let own = (
                (number(column(0)?), number(column(1)?), values::text(column(2)?)),
                (values::timestamp(column(3)?), values::timestamp(column(4)?)),
                (values::key(column(5)?), values::timestamp(column(6)?), values::int(column(7)?)),
            );
            Ok(match own {
                (
                    (Ok(key), Ok(source), Ok(Some(id))),
                    (Ok(version), Ok(deleted_at)),
                    (Ok(merged_into), Ok(merged_at), Ok(Some(seq))),
                ) => Ok(Own {
                    key,
                    source: source.0,
                    id,
                    version,
                    deleted_at,
                    merged_into,
                    merged_at,
                    seq: seq.unsigned_abs(),
                }),
                _ => Err(Invalid),
            })
        };
        let key = row.get(0)?;
        read()?.map_err(|Invalid| Fault::Value { table: layout.object.name(), key, column: "own columns" })
    }
}

/// Whether a record with these stamps is live.
pub(super) fn is_live(version: Option<Timestamp>, deleted_at: Option<Timestamp>) -> bool {
    // `None` is before every stamp.
    version.is_some() && version > deleted_at
}

/// Gives the keys that a record is linked to by its nth field with several links.
pub(super) trait LinkSource {
    fn targets(&mut self, field: usize, owner: Key) -> Result<Vec<Key>, Fault>;
}

/// Looks up the links of single records.
pub(super) struct LinkLookup<'c>(Vec<CachedStatement<'c>>);

impl<'c> LinkLookup<'c> {
    pub(super) fn new(connection: &'c Connection, layout: &Layout) -> rusqlite::Result<LinkLookup<'c>> {
        let statements = layout.links.iter().map(|table| connection.prepare_cached(&table.select_one));
        Ok(LinkLookup(statements.collect::<rusqlite::Result<_>>()?))
    }
}

impl LinkSource for LinkLookup<'_> {
    fn targets(&mut self, field: usize, owner: Key) -> Result<Vec<Key>, Fault> {
        let keys = self.0[field].query_map([owner.0], |row| Ok(Key(row.get(0)?)))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    }
}

/// Follows the link tables while the records are read in the order of their keys.
struct LinkMerge<'s>(Vec<LinkCursor<'s>>);

struct LinkCursor<'s> {
    rows: Rows<'s>,
    next: Option<(Key, Key)>,
}

impl<'s> LinkMerge<'s> {
    fn new(statements: &'s mut [Statement<'_>]) -> Result<LinkMerge<'s>, Fault> {
        let cursors = statements.iter_mut().map(|statement| {
            let mut cursor = LinkCursor { rows: statement.query([])?, next: None };
            cursor.step()?;
            Ok(cursor)
        });
        Ok(LinkMerge(cursors.collect::<Result<_, Fault>>()?))
    }
}

impl LinkCursor<'_> {
    fn step(&mut self) -> Result<(), Fault> {
        self.next = match self.rows.next()? {
            Some(row) => Some((Key(row.get(0)?), Key(row.get(1)?))),
            None => None,
        };
        Ok(())
    }
}

impl LinkSource for LinkMerge<'_> {
    fn targets(&mut self, field: usize, owner: Key) -> Result<Vec<Key>, Fault> {
        let cursor = &mut self.0[field];
        let mut keys = Vec::new();
        while let Some((from, to)) = cursor.next.filter(|(from, _)| *from <= owner) {
            if from == owner {
                keys.push(to);
            }
            cursor.step()?;
        }
        Ok(keys)
    }
}

/// Reads the fields of a row one after the other.
struct Fields<'a, S> {
    layout: &'static Layout,
    row: &'a rusqlite::Row<'a>,
    key: Key,
    links: &'a mut S,
    field: usize,
    links_field: usize,
}

impl<S> Fields<'_, S> {
    fn next<T>(&mut self, read: fn(ValueRef<'_>) -> Result<T, Invalid>) -> Result<T, Fault> {
        let field = self.field;
        self.field += 1;
        read(self.row.get_ref(OWN_COLUMNS + field)?).map_err(|Invalid| invalid(self.layout, self.key, field))
    }
}

/// The fault of a field that cannot be read.
pub(super) fn invalid(layout: &Layout, key: Key, field: usize) -> Fault {
    Fault::Value { table: layout.object.name(), key: key.0.into(), column: layout.columns[field].name }
}

impl<S: LinkSource> FieldReader<Key> for Fields<'_, S> {
    type Error = Fault;

    fn text(&mut self) -> Result<Option<String>, Fault> {
        self.next(values::text)
    }

    fn flag(&mut self) -> Result<Option<bool>, Fault> {
        self.next(values::flag)
    }

    fn int(&mut self) -> Result<Option<i64>, Fault> {
        self.next(values::int)
    }

    fn decimal(&mut self) -> Result<Option<rust_decimal::Decimal>, Fault> {
        self.next(values::decimal)
    }

    fn when(&mut self) -> Result<Option<When>, Fault> {
        self.next(values::when)
    }

    fn day(&mut self) -> Result<Option<chrono::NaiveDate>, Fault> {
        self.next(values::day)
    }

    fn link(&mut self, _: Object) -> Result<Option<Key>, Fault> {
        self.next(values::key)
    }

    fn links(&mut self, _: Object) -> Result<Option<Vec<Key>>, Fault> {
        let lag = self.next(values::int)?;
        let links_field = self.links_field;
        self.links_field += 1;
        lag.map(|_| self.links.targets(links_field, self.key)).transpose()
    }
}

fn read(layout: &'static Layout, row: &rusqlite::Row<'_>, links: &mut impl LinkSource) -> Result<Row, Fault> {
    let own = Own::read(layout, row)?;
    let live = is_live(own.version, own.deleted_at);
    let mut fields = Fields { layout, row, key: own.key, links, field: 0, links_field: 0 };
    Ok(Row {
        record: Record::read(layout.object, &mut fields)?,
        key: own.key,
        source: own.source,
        id: own.id,
        version: own.version,
        live,
        merged_into: own.merged_into.filter(|_| !live),
        sightings: Vec::new(),
    })
}

/// Hands every row of `object` to `each`, by rising key.
pub(super) fn for_each(connection: &Connection, object: Object, mut each: impl FnMut(Row)) -> Result<(), Fault> {
    let layout = layout(object);
    let statements = layout.links.iter().map(|table| connection.prepare(&table.select));
    let mut statements = statements.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut links = LinkMerge::new(&mut statements)?;
    let mut sighted = if object == Object::Deal { Some(sightings::prepare(connection)?) } else { None };
    let mut sighted = sighted.as_mut().map(sightings::Follower::new).transpose()?;
    let mut statement = connection.prepare(&layout.select)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut row = read(layout, row, &mut links)?;
        if let Some(sighted) = &mut sighted {
            row.sightings = sighted.of(row.key)?;
        }
        each(row);
    }
    Ok(())
}

/// The rows with these keys, by rising key, each once; keys without a row are left out.
pub(super) fn with_keys(connection: &Connection, object: Object, keys: &[Key]) -> Result<Vec<Row>, Fault> {
    let layout = layout(object);
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.dedup();
    let mut links = LinkLookup::new(connection, layout)?;
    let mut statement = connection.prepare_cached(&layout.select_one)?;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let mut rows = statement.query([key.0])?;
        if let Some(row) = rows.next()? {
            let mut row = read(layout, row, &mut links)?;
            if object == Object::Deal {
                row.sightings = sightings::of(connection, key)?;
            }
            found.push(row);
        }
    }
    Ok(found)
}

/// How many live records of `object` a source has.
pub(super) fn count(connection: &Connection, source: u32, object: Object) -> Result<u64, Fault> {
    let sql = format!("SELECT count(*) FROM {object} WHERE _source = ?1 AND {LIVE}");
    Ok(connection.prepare_cached(&sql)?.query_row([source], |row| row.get::<_, u32>(0))?.into())
}
