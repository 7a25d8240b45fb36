//! A sales floor from pages to text: a store, facts kept beside it, and snapshots of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crm_exporter::calendar::{self, Calendar};
use crm_exporter::domain::{Dictionary, Key, Object, Timestamp};
use crm_exporter::facts::{Coverage, Facts, PeopleRules, Rules, SourceInfo};
use crm_exporter::metrics::Options;
use crm_exporter::reports::backfill::Past;
use crm_exporter::settings::Settings;
use crm_exporter::snapshot::Snapshot;
use crm_exporter::store::Store;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::delivery::Delivered;

/// When the sources were polled last: now, and before that the past.
pub(super) const POLLED_AT: &str = "2026-11-18T15:00:00Z";

/// Live, live a little later, and past: in the hour that came twice, on the first day of a quarter, at noon.
pub(super) const INSTANTS: [&str; 5] =
    [POLLED_AT, "2026-11-18T15:10:00Z", "2026-11-01T05:30:00Z", "2026-11-02T04:30:00Z", "2026-10-15T16:00:00Z"];

/// Settings from JSON.
pub(super) fn settings<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// No facts yet, of sources with these numbers in the store.
pub(super) fn facts(sources: &[u32], calendar: Value) -> Facts {
    let calendar: calendar::Settings = settings(calendar);
    let calendar = Calendar::new(&calendar, Path::new(".")).unwrap();
    let source = |key: &u32| SourceInfo { key: *key, name: format!("crm{key}"), dictionary: Dictionary::default() };
    let activities = settings(json!({"key": {
        "any_call": {"kind": "call"},
        "vp_talk": {"kind": ["call", "meeting"], "contact_level": ["vp", "manager"]},
        "late_talk": {"deal_stage": ["talk", "Offer"]},
        "connected": {"outcome": "connected", "min_duration": "2m"},
    }}));
    let money = settings(json!({"rates": {"EUR": "1.08"}}));
    let accounts = settings(json!({"key": {"min_annual_revenue": "2000", "min_won_value": "1500", "tiers": ["a"]}}));
    let infos: Vec<_> = sources.iter().map(source).collect();
    let settings = Settings { activities, accounts, currency: money, ..Settings::default() };
    let rules = Rules::new(&infos, &settings.readings()).unwrap();
    let delivered = sources.iter().flat_map(|key| Facts::OBJECTS.map(|object| (Some(*key), object)));
    Facts::new(rules, Arc::new(calendar), delivered.collect())
}

/// The settings of people.
pub(super) fn people() -> PeopleRules {
    let people = json!({"hidden": ["shy@example.com"], "identities": {"ana@example.com": ["ana@old.example.com"]}});
    PeopleRules::new(&settings(people)).unwrap()
}

/// The same windows for all groups, so that figures of different groups can be held against each other.
pub(super) fn options(windows: &[&str]) -> Options {
    let windows = json!({"windows": {
        "activities": windows, "deals": windows, "deals_ratios": windows, "funnel": windows, "accounts": windows,
    }});
    let settings = Settings { metrics: settings(windows), ..Settings::default() };
    Options::new(&settings.figures()).unwrap()
}

/// Everything was loaded, the last time at [`POLLED_AT`].
pub(super) fn coverage() -> Coverage {
    let polled_at: Timestamp = POLLED_AT.parse().unwrap();
    Coverage {
        complete: BTreeSet::from(Facts::OBJECTS),
        polled_at: Some(polled_at),
        activities_since: None,
        successes: BTreeMap::from([(0, polled_at), (1, polled_at), (2, polled_at)]),
    }
}

/// A store with two sources, and facts that are kept page by page.
pub(super) struct Floor {
    store: Store,
    sources: [u32; 2],
    kept: Facts,
    /// Pages so far, each a minute after the one before.
    pages: i64,
    people: PeopleRules,
    pub(super) options: Options,
    coverage: Coverage,
    _directory: TempDir,
}

impl Floor {
    pub(super) fn new() -> Floor {
        let directory = tempfile::tempdir().unwrap();
        let mut store = Store::open(&directory.path().join("crm.db"), Timestamp(0)).unwrap();
        let sources = ["crm", "files"].map(|name| store.register(name, name, None).unwrap());
        Floor {
            kept: facts(&sources, Self::calendar()),
            pages: 0,
            store,
            sources,
            people: people(),
            options: options(&["day", "week", "quarter", "90d", "previous_month_to_date"]),
            coverage: coverage(),
            _directory: directory,
        }
    }

    fn calendar() -> Value {
        json!({"time_zone": "America/New_York", "fiscal_year_starts_in": "february"})
    }

    /// Applies a page and keeps the facts current.
    pub(super) fn apply(&mut self, delivered: &Delivered) {
        let source = self.sources[delivered.source];
        let now = Timestamp(self.pages * 60_000);
        self.pages += 1;
        self.store.stream(source, delivered.stream, "same").unwrap();
        let applied = self.store.apply(source, delivered.stream, &delivered.page, now).unwrap();
        let mut changed: BTreeMap<Object, Vec<Key>> = BTreeMap::new();
        applied.changed.iter().for_each(|(object, key)| changed.entry(*object).or_default().push(*key));
        for (object, keys) in changed {
            self.store.rows(object, &keys).unwrap().into_iter().for_each(|row| self.kept.put(row));
        }
    }

    /// The snapshot of the facts that were kept.
    pub(super) fn kept(&self, now: &str) -> String {
        self.text(&self.kept, now)
    }

    /// The facts that were kept, for figures of the past.
    pub(super) fn past(&self) -> Past<'_> {
        let Floor { kept, people, options, coverage, .. } = self;
        Past { facts: kept, people, options, coverage }
    }

    /// Facts as a restart would load them.
    pub(super) fn load(&self) -> Facts {
        let mut facts = facts(&self.sources, Self::calendar());
        let reader = self.store.reader().unwrap();
        for object in Facts::OBJECTS {
            reader.for_each(object, |row| facts.put(row)).unwrap();
        }
        facts
    }

    /// The snapshot of some facts.
    pub(super) fn text(&self, facts: &Facts, now: &str) -> String {
        let snapshot = Snapshot::new(facts, &self.people, &self.options, &self.coverage, now.parse().unwrap());
        String::from_utf8(snapshot.text).unwrap()
    }
}
