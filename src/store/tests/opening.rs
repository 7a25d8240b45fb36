//! Files: which are opened, which are refused, and what that leaves behind.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::*;
use crate::store::migrate::Step;
use crate::store::{OpenError, open};

/// Every file of a directory with its bytes, the lock file aside.
fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let files =
        entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()));
    files.filter(|(name, _)| !name.ends_with(".lock")).collect()
}

/// Neither the writer nor a reader opens the file, and both leave it and its neighbours as they are.
fn refused(path: &Path) -> OpenError {
    let directory = path.parent().unwrap();
    let before = files(directory);
    let error = Store::open(path, NOW).unwrap_err();
    assert_eq!(files(directory), before, "after: {error}");
    error
}

/// A store with some records, closed, and its bytes.
fn closed() -> (TempDir, PathBuf, Vec<u8>) {
    let mut fixture = Fixture::new();
    fixture.apply(&records((0..500).map(|n| filled(Object::Activity, &n.to_string(), 1, n)).collect()));
    let path = fixture.path();
    drop(fixture.store);
    let bytes = fs::read(&path).unwrap();
    (fixture.directory, path, bytes)
}

#[test]
fn a_new_store_is_its_owners_alone() {
    let fixture = Fixture::new();
    #[cfg(unix)]
    for name in ["crm.db", "crm.db.lock", "crm.db-wal"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(fixture.directory.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(files(fixture.directory.path()).len(), 3, "the store, its log and the index of that");
    let path = fixture.path();
    drop(fixture.store);
    assert_eq!(files(path.parent().unwrap()).keys().collect::<Vec<_>>(), ["crm.db"]);
}

#[test]
fn a_store_that_was_not_made_to_the_end_is_made_again() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("crm.db.new"), "half").unwrap();
    fs::write(directory.path().join("crm.db.new-journal"), "half").unwrap();
    Store::open(&directory.path().join("crm.db"), NOW).unwrap();
    assert!(!directory.path().join("crm.db.new").exists());
}

#[test]
fn what_is_no_store_is_refused_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    assert!(matches!(refused(&file("empty", b"")), OpenError::Empty { .. }));
    assert!(matches!(refused(&file("short", b"SQLite format 3\0")), OpenError::NotSqlite { .. }));
    assert!(matches!(refused(&file("text", &b"id;name\n".repeat(50))), OpenError::NotSqlite { .. }));

    let foreign = directory.path().join("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("PRAGMA journal_mode = wal; CREATE TABLE deals (a)").unwrap();
    assert!(matches!(refused(&foreign), OpenError::Foreign { .. }));
    assert!(matches!(Reader::open(&foreign), Err(OpenError::Foreign { .. })));
    assert!(!directory.path().join("foreign.db.lock").exists());

    fs::create_dir(directory.path().join("folder")).unwrap();
    assert!(matches!(refused(&directory.path().join("folder")), OpenError::Directory { .. }));
    assert!(matches!(Reader::open(&directory.path().join("none")), Err(OpenError::Missing { .. })));
    assert!(!directory.path().join("none").exists());
    let nowhere = directory.path().join("no/such/place.db");
    assert!(matches!(Store::open(&nowhere, NOW), Err(OpenError::Lock { .. })));
}

#[test]
fn a_newer_layout_is_refused_as_it_is() {
    let (_directory, path, _) = closed();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 9).unwrap();
    let error = refused(&path);
    assert!(matches!(error, OpenError::Newer { found: 9, known: open::VERSION, .. }), "{error}");
    assert!(error.to_string().contains("upgrade"), "{error}");
    assert!(matches!(Reader::open(&path), Err(OpenError::Newer { .. })));
}

#[test]
fn a_damaged_file_is_refused_as_it_is() {
    let (_directory, path, bytes) = closed();
    let cases: [(&str, Vec<u8>); 4] = [
        ("cut off", bytes[..bytes.len() - 4096].to_vec()),
        ("first page", [&bytes[..100], &[0xA5; 300], &bytes[400..]].concat()),
        ("a page inside", [&bytes[..8 * 4096], &[0x5A; 4096], &bytes[9 * 4096..]].concat()),
        ("the last page", [&bytes[..bytes.len() - 4096], &[0; 4096]].concat()),
    ];
    for (what, damaged) in cases {
        fs::write(&path, damaged).unwrap();
        let error = refused(&path);
        assert!(matches!(error, OpenError::Damaged { .. }), "{what}: {error}");
    }
    fs::write(&path, bytes).unwrap();
    Store::open(&path, NOW).unwrap();
}

#[test]
fn a_large_file_is_looked_at_where_it_matters() {
    let (_directory, path, bytes) = closed();
    let checked = || open::check_inside(&path, false, false);
    assert_eq!(checked().unwrap(), (open::VERSION, None));
    let connection = Connection::open(&path).unwrap();
    let roots =
        "SELECT rootpage FROM sqlite_schema WHERE name IN ('activities', 'activities_by_id', 'streams', 'deals')";
    let mut statement = connection.prepare(roots).unwrap();
    let roots: Vec<u32> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    drop(statement);
    drop(connection);
    assert_eq!(roots.len(), 4);
    for root in roots {
        let end = root as usize * 4096;
        let start = end - 4096;
        fs::write(&path, [&bytes[..start], &[0x5A; 4096], &bytes[end..]].concat()).unwrap();
        assert!(checked().map_or(true, |(_, problem)| problem.is_some()), "page {root}");
    }
}

#[test]
fn a_file_that_may_not_be_read_is_refused() {
    let (_directory, path, _) = closed();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        if fs::File::open(&path).is_ok() {
            println!("skipped: this user may read every file");
            return;
        }
        assert!(matches!(Store::open(&path, NOW), Err(OpenError::Unreadable { .. })));
    }
}

#[test]
fn a_second_writer_is_told_who_holds_the_store() {
    let fixture = Fixture::new();
    let error = refused(&fixture.path());
    assert!(matches!(error, OpenError::Held { .. }), "{error}");
    assert!(error.to_string().contains(&format!("process {} on host ", std::process::id())), "{error}");
    #[cfg(unix)]
    {
        let other_name = fixture.directory.path().join("link.db");
        std::os::unix::fs::symlink(fixture.path(), &other_name).unwrap();
        assert!(matches!(Store::open(&other_name, NOW), Err(OpenError::Held { .. })));
    }
    fixture.reopened();
}

/// The files as a killed process leaves them: the log, with `sql` at its end, is not yet in the file.
fn killed(sql: &str) -> (TempDir, PathBuf) {
    let mut fixture = Fixture::new();
    fixture.apply(&records(vec![deal("1", 1)]));
    fixture.store.connection.execute_batch(sql).unwrap();
    let directory = tempfile::tempdir().unwrap();
    for (name, bytes) in files(fixture.directory.path()) {
        if name != "crm.db-shm" {
            fs::write(directory.path().join(name), bytes).unwrap();
        }
    }
    let path = directory.path().join("crm.db");
    (directory, path)
}

#[test]
fn what_a_killed_process_committed_is_there() {
    let (_directory, path) = killed("");
    let store = Store::open(&path, NOW).unwrap();
    assert_eq!(store.rows(Object::Deal, &[Key(0)]).unwrap()[0].version, Some(Timestamp(1)));
}

#[test]
fn a_damaged_file_with_a_log_is_refused_as_it_is() {
    let (_directory, path) = killed("");
    let bytes = fs::read(&path).unwrap();
    // The last page: the log holds none of it.
    fs::write(&path, [&bytes[..bytes.len() - 4096], &[0x5A; 4096]].concat()).unwrap();
    let error = refused(&path);
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
}

#[test]
fn a_newer_layout_in_the_log_is_refused_as_it_is() {
    let (_directory, path) = killed("PRAGMA user_version = 9");
    let error = refused(&path);
    assert!(matches!(error, OpenError::Newer { found: 9, known: open::VERSION, .. }), "{error}");
}

/// Steps to a layout that is not released.
const STEPS: &[Step] = &[
    Step { to: 4, run: |connection| connection.execute_batch("ALTER TABLE sources ADD COLUMN note TEXT") },
    Step { to: 5, run: |connection| connection.execute_batch("UPDATE sources SET note = upper(name)") },
];

#[test]
fn an_older_layout_is_copied_aside_and_changed() {
    let (_directory, path, _) = closed();
    let before = content(&Reader::open(&path).unwrap());
    let store = Store::open_with(&path, Timestamp(5), STEPS).unwrap();
    let note: String = store.connection.query_row("SELECT note FROM sources", [], |row| row.get(0)).unwrap();
    assert_eq!(note, "MAIN");
    let sql = "SELECT group_concat(version || ' at ' || at) FROM layout_history";
    let history: String = store.connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(history, "3 at 1000,4 at 5,5 at 5");
    // Also while it is open, this version sees at once that it is newer.
    assert!(matches!(Reader::open(&path), Err(OpenError::Newer { found: 5, known: open::VERSION, .. })));
    drop(store);
    assert!(matches!(refused(&path), OpenError::Newer { found: 5, known: open::VERSION, .. }));
    Store::open_with(&path, NOW, STEPS).unwrap();

    let copy = path.with_file_name("crm.db.v3-backup");
    assert_eq!(content(&Reader::open(&copy).unwrap()), before);
    drop(Store::open(&copy, NOW).unwrap());
}

/// What the layouts that were released lacked.
#[test]
fn every_released_layout_is_brought_up_to_date() {
    let to_2 = "ALTER TABLE streams DROP COLUMN forbidden;";
    let downgrades = [(2, to_2.to_owned()), (1, format!("{to_2} DROP TABLE deal_sightings"))];
    for (layout, downgrade) in downgrades {
        let mut fixture = Fixture::new();
        fixture.apply(&Page { next: Next::UpToDate(Cursor("on".into())), ..records(vec![deal("1", 1)]) });
        let before = content(&fixture.store.reader().unwrap());
        let path = fixture.path();
        drop(fixture.store);
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(&downgrade).unwrap();
        connection.execute("UPDATE layout_history SET version = ?1", [layout]).unwrap();
        connection.pragma_update(None, "user_version", layout).unwrap();
        drop(connection);
        assert!(matches!(Reader::open(&path), Err(OpenError::Older { .. })));

        let mut store = Store::open(&path, NOW).unwrap();
        assert!(path.with_file_name(format!("crm.db.v{layout}-backup")).exists());
        assert_eq!(content(&store.reader().unwrap()), before);
        store.stream(fixture.source, "deals", "1").unwrap();
        store.apply(fixture.source, "deals", &records(vec![deal("2", 2)]), Timestamp(5)).unwrap();
        assert_eq!(store.rows(Object::Deal, &[Key(1)]).unwrap()[0].sightings.len(), 1);
    }
}

#[test]
fn a_step_that_fails_leaves_the_file_as_it_was() {
    let (_directory, path, _) = closed();
    let before = content(&Reader::open(&path).unwrap());
    let failing = [
        Step { to: 4, run: |connection| connection.execute_batch("ALTER TABLE sources ADD COLUMN note TEXT") },
        Step { to: 5, run: |connection| connection.execute_batch("no such thing") },
    ];
    let error = Store::open_with(&path, NOW, &failing).unwrap_err();
    assert!(matches!(error, OpenError::Migration { .. }), "{error}");
    let store = Store::open(&path, NOW).unwrap();
    assert_eq!(content(&store.reader().unwrap()), before);
}

#[test]
fn a_field_that_the_file_lacks_is_added() {
    let (_directory, path, _) = closed();
    Connection::open(&path).unwrap().execute_batch("ALTER TABLE activities DROP COLUMN subject").unwrap();
    assert!(matches!(Reader::open(&path), Err(OpenError::Older { .. })));
    let mut store = Store::open(&path, NOW).unwrap();
    let source = store.register("main", "csv", None).unwrap();
    let page = records(vec![filled(Object::Activity, "1", 2, 9_000)]);
    assert_eq!(store.apply(source, "deals", &page, NOW).unwrap().changed.len(), 10, "it, an owner and eight links");
    assert!(!path.with_file_name(format!("crm.db.v{}-backup", open::VERSION)).exists());
}
