//! What a store holds, read without the program: to hold one store against another.

use std::collections::BTreeMap;
use std::path::Path;

use crm_exporter::domain::Object;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

/// Columns that are instants of the run, or follow from how often it began: when, not what.
const STAMPS: [&str; 3] = ["_version", "_deleted_at", "_seq"];

/// A table as its rows: name of the column and value.
type Rows = Vec<Vec<(String, Value)>>;

/// All tables by name.
pub(crate) type Tables = BTreeMap<String, Rows>;

/// All that a store holds: records with their links, streams, queues and sweeps.
pub(crate) fn dump(store: &Path) -> Tables {
    let connection = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut tables = connection.prepare(tables).unwrap();
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let tables = tables.map(Result::unwrap).filter(|name| !["counters", "layout_history"].contains(&name.as_str()));
    tables.map(|table| (table.clone(), rows(&connection, &table))).collect()
}

fn rows(connection: &Connection, table: &str) -> Rows {
    let is_record = Object::from_name(table).is_some();
    let order = if is_record { "_source, _id" } else { "1, 2" };
    let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY {order}")).unwrap();
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let rows = statement.query_map([], |row| {
        let field = |(place, column): (usize, &String)| Ok((column.clone(), timeless(column, row.get(place)?)));
        columns.iter().enumerate().map(field).collect()
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// A value without the instant that it may hold: of those only whether there is one.
fn timeless(column: &str, value: Value) -> Value {
    match (column, value) {
        (_, Value::Null) => Value::Null,
        ("began_at" | "last_complete" | "seen_at" | "sweep", _) => Value::Text("some".to_owned()),
        (column, _) if STAMPS.contains(&column) => Value::Text("some".to_owned()),
        ("cursor", Value::Text(cursor)) => {
            let mut cursor: serde_json::Value = serde_json::from_str(&cursor).unwrap();
            cursor.as_object_mut().unwrap().remove("last_began_at");
            Value::Text(cursor.to_string())
        }
        (_, value) => value,
    }
}

/// Holds one dump against another; `whose` names the second in failures.
pub(crate) fn same(expected: &Tables, found: &Tables, whose: &str) {
    assert_eq!(expected.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    for (table, expected) in expected {
        let found = &found[table];
        let differing = expected.iter().zip(found).find(|(one, other)| one != other);
        assert!(differing.is_none(), "{table} of {whose}: {differing:?}");
        assert_eq!(expected.len(), found.len(), "{table} of {whose}");
    }
}
