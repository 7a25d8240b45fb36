//! The tables: bookkeeping of our own, and for every kind of record a table that follows from the record's fields.
//!
//! People may read the file with SQLite tools. Columns that begin with `_` are the store's, all others are fields:
//!
//! | column | |
//! | --- | --- |
//! | `_key` | [`Key`] of the record |
//! | `_source`, `_id` | row of `sources`, and the CRM's id |
//! | `_version` | stamp of the content in ms; NULL for a stub, a record that was only mentioned by a link |
//! | `_deleted_at` | latest deletion in ms; the record is live if `_version` is there and after it |
//! | `_merged_into`, `_merged_at` | latest merger: key of the survivor, and when |
//! | `_seq` | number of the page that last changed what readers see of the row |
//!
//! A field with several links has a table `{object}_{field}` of its own, and in its place the column `{field}_lag`: by how
//! many ms the version that told the links is older than `_version` (most often 0; NULL: never told).
//!
//! A new field or kind of record needs nothing here: [`adapt`] adds its column or table when the store is next opened, and
//! the field's stream is loaded again because its fingerprint changed. Any other change of layout (another name or type,
//! a bookkeeping table) is a numbered step in `migrate`.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension as _};

use crate::domain::{Column, ColumnKind, Key, Object, Record};

/// Marks our files (`CRMx`): bytes 68 to 71 of the file.
pub(super) const APPLICATION_ID: i32 = 0x4352_4D78;

/// The bookkeeping tables.
pub(super) const BOOKKEEPING: &str = "
    CREATE TABLE layout_history (version INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
    CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO counters VALUES ('seq', 0);
    CREATE TABLE next_keys (object TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE sources (
        source INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL
    ) STRICT;
    CREATE TABLE streams (
        source INTEGER NOT NULL, stream TEXT NOT NULL, fingerprint TEXT NOT NULL, cursor TEXT,
        complete INTEGER NOT NULL DEFAULT 0, last_complete INTEGER, forbidden INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (source, stream)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE pending (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        source INTEGER NOT NULL, stream TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL,
        UNIQUE (source, stream, object, id)
    ) STRICT;
    CREATE TABLE sweeps (
        sweep INTEGER PRIMARY KEY, source INTEGER NOT NULL, stream TEXT NOT NULL,
        began_at INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0,
        UNIQUE (source, stream)
    ) STRICT;
    CREATE TABLE sweep_seen (
        sweep INTEGER NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL,
        PRIMARY KEY (sweep, object, id)
    ) STRICT, WITHOUT ROWID;
";

/// The store's own columns of every record table, in the order of all statements.
const OWN: [(&str, &str); OWN_COLUMNS] = [
    ("_key", "INTEGER PRIMARY KEY"),
    ("_source", "INTEGER NOT NULL"),
    ("_id", "TEXT NOT NULL"),
    ("_version", "INTEGER"),
    ("_deleted_at", "INTEGER"),
    ("_merged_into", "INTEGER"),
    ("_merged_at", "INTEGER"),
    ("_seq", "INTEGER NOT NULL"),
];

/// How many columns stand before the fields.
pub(super) const OWN_COLUMNS: usize = 8;

/// Condition of SQL for a live row.
pub(super) const LIVE: &str = "_version IS NOT NULL AND (_deleted_at IS NULL OR _version > _deleted_at)";

/// The statements for one kind of record.
pub(super) struct Layout {
    pub(super) object: Object,
    pub(super) columns: &'static [Column],
    /// The tables of its fields with several links, in the order of these fields.
    pub(super) links: Vec<LinkTable>,
    /// `_key` by `_source` (1) and `_id` (2).
    pub(super) find: String,
    /// All rows by key: the store's columns, then the fields.
    pub(super) select: String,
    /// The same for one key (1).
    pub(super) select_one: String,
    /// Takes the columns in the order of `select`.
    pub(super) insert: String,
    /// Takes the same values; those of `_source` and `_id` are not used.
    pub(super) update: String,
}

/// The statements for the links of one field.
pub(super) struct LinkTable {
    pub(super) name: String,
    /// Both keys, ordered by them.
    pub(super) select: String,
    /// Keys that `from_key` (1) is linked to.
    pub(super) select_one: String,
    /// Takes `from_key` and `to_key`.
    pub(super) insert: String,
    /// Takes `from_key`.
    pub(super) delete: String,
}

/// The statements for records of `object`.
pub(super) fn layout(object: Object) -> &'static Layout {
    static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
        let mut objects = Object::ALL;
        objects.sort_unstable();
        objects.into_iter().map(Layout::new).collect()
    });
    &LAYOUTS[object as usize]
}

impl Layout {
    fn new(object: Object) -> Layout {
        let columns = Record::<Key>::columns(object);
        let names: Vec<String> =
            OWN.iter().map(|(name, _)| (*name).to_owned()).chain(columns.iter().map(column_name)).collect();
        let listed = names.join(", ");
        let places = (1..=names.len()).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ");
        let set = names.iter().enumerate().skip(3).map(|(at, name)| format!("{name} = ?{}", at + 1));
        let set = set.collect::<Vec<_>>().join(", ");
        Layout {
            object,
            columns,
            links: columns
                .iter()
                .filter(|column| is_links(column))
                .map(|column| LinkTable::new(object, column))
                .collect(),
            find: format!("SELECT _key FROM {object} WHERE _source = ?1 AND _id = ?2"),
            select: format!("SELECT {listed} FROM {object} ORDER BY _key"),
            select_one: format!("SELECT {listed} FROM {object} WHERE _key = ?1"),
            insert: format!("INSERT INTO {object} ({listed}) VALUES ({places})"),
            update: format!("UPDATE {object} SET {set} WHERE _key = ?1"),
        }
    }
}

impl LinkTable {
    fn new(object: Object, column: &Column) -> LinkTable {
        let name = format!("{object}_{}", column.name);
        LinkTable {
            select: format!("SELECT from_key, to_key FROM {name} ORDER BY from_key, to_key"),
            select_one: format!("SELECT to_key FROM {name} WHERE from_key = ?1 ORDER BY to_key"),
            insert: format!("INSERT INTO {name} (from_key, to_key) VALUES (?1, ?2)"),
            delete: format!("DELETE FROM {name} WHERE from_key = ?1"),
            name,
        }
    }
}

fn is_links(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Links(_))
}

/// Name of the column that holds a field, quoted.
fn column_name(column: &Column) -> String {
    if is_links(column) { format!("\"{}_lag\"", column.name) } else { format!("\"{}\"", column.name) }
}

/// SQLite's type of the column that holds a field.
const fn column_type(column: &Column) -> &'static str {
    match column.kind {
        ColumnKind::Text | ColumnKind::Decimal | ColumnKind::Day => "TEXT",
        ColumnKind::Flag | ColumnKind::Int | ColumnKind::Link(_) | ColumnKind::Links(_) => "INTEGER",
        // An instant is a number of ms, a date a text.
        ColumnKind::When => "ANY",
    }
}

/// What a file lacks, or has otherwise, compared with the layout of the record tables.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Difference {
    /// Statements that add what is missing.
    pub(super) missing: Vec<String>,
    /// Columns that are there with another type.
    pub(super) unlike: Vec<String>,
}

/// Compares the file's record tables with the layout.
pub(super) fn compare(connection: &Connection) -> rusqlite::Result<Difference> {
    let mut difference = Difference::default();
    for object in Object::ALL {
        let layout = layout(object);
        compare_table(connection, layout, &mut difference)?;
        for table in &layout.links {
            if !has_table(connection, &table.name)? {
                difference.missing.push(format!(
                    "CREATE TABLE {} (from_key INTEGER NOT NULL, to_key INTEGER NOT NULL, PRIMARY KEY (from_key, to_key)) \
                     STRICT, WITHOUT ROWID",
                    table.name
                ));
            }
        }
    }
    Ok(difference)
}

/// Adds the tables and columns of new records and fields.
pub(super) fn adapt(connection: &Connection) -> rusqlite::Result<()> {
    compare(connection)?.missing.iter().try_for_each(|sql| connection.execute_batch(sql))
}

fn compare_table(connection: &Connection, layout: &Layout, difference: &mut Difference) -> rusqlite::Result<()> {
    let Layout { object, columns, .. } = *layout;
    if !has_table(connection, object.name())? {
        let own = OWN.iter().map(|(name, kind)| format!("{name} {kind}"));
        let fields = columns.iter().map(|column| format!("{} {}", column_name(column), column_type(column)));
        let all = own.chain(fields).collect::<Vec<_>>().join(", ");
        difference.missing.push(format!("CREATE TABLE {object} ({all}) STRICT"));
        difference.missing.push(format!("CREATE UNIQUE INDEX {object}_by_id ON {object} (_source, _id)"));
        difference.missing.push(format!("INSERT OR IGNORE INTO next_keys VALUES ('{object}', 0)"));
        return Ok(());
    }
    for column in columns {
        let name = column_name(column);
        match declared_type(connection, object, name.trim_matches('"'))? {
            None => difference.missing.push(format!("ALTER TABLE {object} ADD COLUMN {name} {}", column_type(column))),
            Some(found) if found != column_type(column) => {
                difference.unlike.push(format!("{object}.{} is {found}", column.name));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn has_table(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)")?
        .query_row([name], |row| row.get(0))
}

fn declared_type(connection: &Connection, object: Object, column: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT type FROM pragma_table_info(?1) WHERE name = ?2")?
        .query_row([object.name(), column], |row| row.get(0))
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_finds_its_own_layout() {
        for object in Object::ALL {
            assert_eq!(layout(object).object, object);
        }
    }

    #[test]
    fn a_missing_column_and_table_are_added_and_another_type_is_told() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(BOOKKEEPING).unwrap();
        adapt(&connection).unwrap();
        assert_eq!(compare(&connection).unwrap(), Difference::default());

        connection.execute_batch("ALTER TABLE deals DROP COLUMN lost_reason; DROP TABLE deals_contacts").unwrap();
        connection.execute_batch("DROP TABLE surveys").unwrap();
        assert_eq!(compare(&connection).unwrap().missing.len(), 5);
        adapt(&connection).unwrap();
        assert_eq!(compare(&connection).unwrap(), Difference::default());

        connection.execute_batch("ALTER TABLE deals DROP COLUMN amount").unwrap();
        connection.execute_batch("ALTER TABLE deals ADD COLUMN amount REAL").unwrap();
        assert_eq!(compare(&connection).unwrap().unlike, ["deals.amount is REAL"]);
    }
}
