//! The facts with the settings that they are read by: what polls write and refreshes read, and what a reload swaps.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};

use tokio::sync::Notify;

use super::figures;
use super::in_force::{Current, InForce};
use crate::calendar::Calendar;
use crate::domain::Row;
use crate::facts::{Facts, Rules};
use crate::store::Store;

/// Facts and the settings in force, which always fit each other.
pub(super) struct Floor {
    /// The settings. They change only while nobody reads or writes the facts.
    pub current: Arc<Current>,
    kept: RwLock<Kept>,
    /// Told of every change.
    pub changed: Notify,
}

struct Kept {
    facts: Facts,
    /// What was committed since other facts began to be loaded: they may lack it.
    arrived: Option<Vec<Row>>,
}

/// How the records are to be read from now on.
pub(super) enum Reading {
    /// By facts that were loaded meanwhile.
    Anew(Box<Facts>),
    /// As they are: rows are read alike.
    Alike(Box<Rules>, Arc<Calendar>),
}

impl Floor {
    /// Facts that are read by the settings in force.
    pub(super) fn new(current: Arc<Current>, facts: Facts) -> Floor {
        Floor { current, kept: RwLock::new(Kept { facts, arrived: None }), changed: Notify::new() }
    }

    /// Takes rows in that were committed just now. To be called with the store locked.
    pub(super) fn put(&self, rows: Vec<Row>) {
        let mut kept = self.write();
        if let Some(arrived) = &mut kept.arrived {
            arrived.extend(rows.iter().cloned());
        }
        rows.into_iter().for_each(|row| kept.facts.put(row));
        drop(kept);
        self.changed.notify_one();
    }

    /// Reads the facts and the settings that they were made by. Writers wait meanwhile.
    pub(super) fn read<T>(&self, read: impl FnOnce(&InForce, &Facts) -> T) -> T {
        // Facts are whole after every row, so whoever panicked while writing has left nothing half done.
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        read(&self.current.get(), &kept.facts)
    }

    /// Loads facts for other settings. Polls and refreshes go on meanwhile, and what polls commit from now on is kept for
    /// [`Floor::swap`], which has to follow, or [`Floor::abandon`].
    pub(super) fn load(&self, store: &Mutex<Store>, next: &InForce) -> anyhow::Result<Facts> {
        let reader = {
            // With the store locked, no row is committed between the view and the first one that is kept.
            let store = lock(store);
            self.write().arrived = Some(Vec::new());
            store.reader()?
        };
        figures::load(next, &reader)
    }

    /// Forgets what was kept for facts that will not be.
    pub(super) fn abandon(&self) {
        self.write().arrived = None;
    }

    /// Puts other settings in force, with the facts that fit them and what `change` changes.
    pub(super) fn swap(&self, next: InForce, reading: Reading, change: impl FnOnce()) {
        let mut kept = self.write();
        let mut former = None;
        match reading {
            Reading::Anew(mut facts) => {
                kept.arrived.take().unwrap_or_default().into_iter().for_each(|row| facts.put(row));
                former = Some(std::mem::replace(&mut kept.facts, *facts));
            }
            Reading::Alike(rules, calendar) => kept.facts.set_rules(*rules, calendar),
        }
        self.current.set(next, change);
        drop(kept);
        drop(former);
        self.changed.notify_one();
    }

    fn write(&self) -> RwLockWriteGuard<'_, Kept> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A panic under this lock ends the program; a transaction that was not committed is rolled back.
pub(super) fn lock(store: &Mutex<Store>) -> MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::app::parts::Parts;
    use crate::domain::{Cursor, Deal, Next, Object, Page, Stamped, Timestamp};
    use crate::meter::Meter;
    use crate::settings::Settings;

    const NOW: Timestamp = Timestamp(1_000);

    /// A floor with one source, its store, and settings that could take the place of its own.
    struct Fixture {
        floor: Floor,
        store: Mutex<Store>,
        key: u32,
        parts: Arc<Parts>,
        _directory: TempDir,
    }

    impl Fixture {
        fn new() -> Fixture {
            let directory = TempDir::new().unwrap();
            let file = directory.path().join("crm_exporter.yaml");
            let deals = "deals: {file: d.csv, columns: {id: id}, pipeline: P, stages: {Won: won}}";
            std::fs::write(&file, format!("sources: {{a: {{kind: csv, directory: a, objects: {{{deals}}}}}}}"))
                .unwrap();
            let parts =
                Arc::new(Parts::new(Settings::load(&file, &[]).unwrap(), &Arc::new(Meter::new().unwrap())).unwrap());
            let (mut store, keys) = figures::open_store(&parts).unwrap();
            store.stream(keys[0], "deals", "1").unwrap();
            let in_force = InForce::new(parts.clone(), [Some(keys[0])], NOW);
            let facts = in_force.facts().unwrap();
            let floor = Floor::new(Arc::new(Current::new(in_force)), facts);
            Fixture { floor, store: Mutex::new(store), key: keys[0], parts, _directory: directory }
        }

        fn next(&self) -> InForce {
            InForce::new(self.parts.clone(), [Some(self.key)], NOW)
        }

        /// Commits a deal, as a poll does.
        fn commit(&self, id: &str) {
            let mut page = Page::empty(Next::UpToDate(Cursor(id.to_owned())));
            page.records = vec![Stamped { id: id.to_owned(), version: NOW, record: Deal::default().into() }];
            let mut store = lock(&self.store);
            let changed = store.apply(self.key, "deals", &page, NOW).unwrap().changed;
            let keys: Vec<_> =
                changed.iter().filter(|(object, _)| *object == Object::Deal).map(|(_, key)| *key).collect();
            self.floor.put(store.rows(Object::Deal, &keys).unwrap());
        }

        fn deals(&self) -> usize {
            self.floor.read(|_, facts| facts.deals.keys().count())
        }
    }

    #[test]
    fn what_is_committed_while_facts_are_loaded_is_in_both() {
        let fixture = Fixture::new();
        fixture.commit("before");
        let next = fixture.next();
        let facts = fixture.floor.load(&fixture.store, &next).unwrap();
        fixture.commit("meanwhile");
        assert_eq!((fixture.deals(), facts.deals.keys().count()), (2, 1));
        fixture.floor.swap(next, Reading::Anew(facts.into()), || {});
        assert_eq!(fixture.deals(), 2);
        fixture.commit("after");
        assert_eq!(fixture.deals(), 3);
    }

    #[test]
    fn nothing_is_kept_for_facts_that_are_not_to_be() {
        let fixture = Fixture::new();
        fixture.floor.load(&fixture.store, &fixture.next()).unwrap();
        fixture.floor.abandon();
        fixture.commit("after");
        assert!(fixture.floor.write().arrived.is_none());
        assert_eq!(fixture.deals(), 1);
    }
}
