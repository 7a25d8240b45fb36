//! `kill -9` at random moments of `sync`: whatever was cut off, one more run leads to the store of an undisturbed one.
//!
//! `KILLS=100 cargo test --test it kill` kills that often instead of a few times.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crm_exporter::domain::Object;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::exports::{self, Exports};

/// Three pages of them, and as many of activities.
const DEALS: usize = 10_500;

/// Kills unless `KILLS` says how many.
const FEW: u32 = 15;

/// At most so many times a store is hit before it may come to its end.
const HITS: u32 = 4;

/// Columns that are instants of the run, or follow from how often it began: when, not what.
const STAMPS: [&str; 3] = ["_version", "_deleted_at", "_seq"];

/// A table as its rows: name of the column and value.
type Rows = Vec<Vec<(String, Value)>>;

#[test]
fn a_killed_sync_loses_nothing() {
    let kills: u32 = std::env::var("KILLS").map_or(FEW, |kills| kills.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let exports = Exports::new(&directory.path().join("floor"), DEALS);
    let store = |name: &str| directory.path().join(name);

    let first_load = sync(&exports, &store("first"));
    let loaded = dump(&store("first"));
    // Later files: rows have gone, come and changed, so that a sweep has something to delete.
    let changed = Exports::new(&directory.path().join("changed"), DEALS);
    changed.write_settled("deals.csv", &exports::deals((0..DEALS + 700).filter(|number| number % 9 != 4)));
    copy(&store("first"), &store("second"));
    let second_load = sync(&changed, &store("second"));
    let reloaded = dump(&store("second"));
    assert_ne!(loaded["deals"], reloaded["deals"]);

    let seed = fastrand::get_seed();
    eprintln!("undisturbed: {first_load:?} and {second_load:?}; seed {seed}");
    let (mut killed, mut rounds) = (0, 0);
    while killed < kills {
        rounds += 1;
        let hit = store(&format!("hit {rounds}"));
        let is_first = rounds % 2 == 1;
        let (floor, whole, expected) =
            if is_first { (&exports, first_load, &loaded) } else { (&changed, second_load, &reloaded) };
        if !is_first {
            copy(&store("first"), &hit);
        }
        for _ in 0..HITS.min(kills - killed) {
            if !kill_after(floor, &hit, whole.mul_f64(fastrand::f64())) {
                break;
            }
            killed += 1;
        }
        sync(floor, &hit);
        same(expected, &dump(&hit), rounds);
    }
    eprintln!("{killed} kills of {rounds} stores");
}

/// Runs `sync` to its end, and tells how long it took.
fn sync(exports: &Exports, store: &Path) -> Duration {
    let began = Instant::now();
    let output = exports.program(&["sync"], store).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    began.elapsed()
}

/// Begins a `sync` and kills it after that time. False if it had ended by itself.
fn kill_after(exports: &Exports, store: &Path, delay: Duration) -> bool {
    let mut child: Child = exports.program(&["sync"], store).stderr(Stdio::null()).spawn().unwrap();
    sleep(delay);
    if let Some(status) = child.try_wait().unwrap() {
        assert!(status.success(), "{status}");
        return false;
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// Copies a store that nobody has open.
fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
}

/// All that a store holds: records with their links, streams, queues and sweeps.
fn dump(store: &Path) -> BTreeMap<String, Rows> {
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

fn same(expected: &BTreeMap<String, Rows>, found: &BTreeMap<String, Rows>, round: u32) {
    assert_eq!(expected.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    for (table, expected) in expected {
        let found = &found[table];
        let differing = expected.iter().zip(found).find(|(one, other)| one != other);
        assert!(differing.is_none(), "{table} of store {round}: {differing:?}");
        assert_eq!(expected.len(), found.len(), "{table} of store {round}");
    }
}
