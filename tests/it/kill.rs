//! `kill -9` at random moments of `sync`: whatever was cut off, one more run leads to the store of an undisturbed one.
//!
//! `KILLS=100 cargo test --test it kill` kills that often instead of a few times.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::exports::{self, Exports};
use crate::runs;
use crate::stored::{dump, same};

/// Three pages of them, and as many of activities.
const DEALS: usize = 10_500;

/// Kills unless `KILLS` says how many.
const FEW: u32 = 15;

/// At most so many times a store is hit before it may come to its end.
const HITS: u32 = 4;

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
        same(expected, &dump(&hit), &format!("store {rounds}"));
    }
    eprintln!("{killed} kills of {rounds} stores");
}

/// Runs `sync` to its end, and tells how long it took.
fn sync(exports: &Exports, store: &Path) -> Duration {
    runs::to_the_end(exports.program(&["sync"], store))
}

/// Begins a `sync` and kills it after that time. False if it had ended by itself.
fn kill_after(exports: &Exports, store: &Path, delay: Duration) -> bool {
    runs::kill_after(exports.program(&["sync"], store), delay)
}

/// Copies a store that nobody has open.
fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
}
