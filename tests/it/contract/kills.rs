//! `kill -9` at random moments of the real program: whatever was cut off, one more run leads to the store of an
//! undisturbed one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rusqlite::Connection;

use crate::stored::{Tables, dump, same};
use crate::{program, runs};

/// At most so many times a store is hit before it may come to its end.
const HITS: u32 = 4;

/// A connector's settings file, and the directory of the stores.
pub(crate) struct Killed {
    settings: PathBuf,
    stores: PathBuf,
    kills: u32,
}

impl Killed {
    /// The source of these settings. `KILLS` says how often each story is killed, or `few` does.
    pub(crate) fn new(settings: &Path, few: u32) -> Killed {
        let kills = std::env::var("KILLS").map_or(few, |kills| kills.parse().unwrap());
        Killed { settings: settings.to_owned(), stores: settings.with_file_name("stores"), kills }
    }

    /// Runs to the end in a new store.
    pub(crate) fn load(&self, name: &str) -> PathBuf {
        fs::create_dir_all(&self.stores).unwrap();
        let store = self.stores.join(name);
        runs::to_the_end(self.sync(&store));
        store
    }

    /// Catches up from a copy of the store `from`, or from nothing: undisturbed, and then again and again with kills.
    /// Tells how many kills there were.
    pub(crate) fn repeat(&self, from: Option<&Path>) -> u32 {
        fs::create_dir_all(&self.stores).unwrap();
        let begin = |name: &str| {
            let store = self.stores.join(name);
            _ = fs::remove_file(&store);
            from.map(|from| fs::copy(from, &store).unwrap());
            store
        };
        let undisturbed = begin("undisturbed");
        let whole = runs::to_the_end(self.sync(&undisturbed));
        let expected = records(&undisturbed);
        let seed = fastrand::get_seed();
        eprintln!("undisturbed: {whole:?}; seed {seed}");
        let (mut killed, mut rounds) = (0, 0);
        while killed < self.kills {
            rounds += 1;
            assert!(rounds <= 20 * self.kills, "runs end before they are killed");
            let hit = begin(&format!("hit {rounds}"));
            for _ in 0..HITS.min(self.kills - killed) {
                if !runs::kill_after(self.sync(&hit), whole.mul_f64(fastrand::f64())) {
                    break;
                }
                killed += 1;
            }
            runs::to_the_end(self.sync(&hit));
            same(&expected, &records(&hit), &format!("store {rounds}"));
        }
        killed
    }

    fn sync(&self, store: &Path) -> Command {
        let mut command = program();
        command.arg("sync").arg("--config.file").arg(&self.settings).arg("--store.path").arg(store);
        command
    }
}

/// Lets a store believe that its streams were asked for so much earlier: whatever is asked for rarely is due again.
pub(crate) fn age(store: &Path, time: Duration) {
    let connection = Connection::open(store).unwrap();
    let millis = i64::try_from(time.as_millis()).unwrap();
    let aged = connection.execute("UPDATE streams SET last_complete = last_complete - ?1", [millis]).unwrap();
    assert!(aged > 0);
}

/// All that a store holds but for the places of its streams, which are instants of the run.
fn records(store: &Path) -> Tables {
    let mut tables = dump(store);
    tables.remove("streams");
    tables
}
