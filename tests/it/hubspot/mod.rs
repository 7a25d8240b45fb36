//! The connector of HubSpot, end to end: the real source, sync and store against a fake account. After each story the
//! store equals what the account truly holds, and no more was asked than the pages of the API take.

mod access;
mod changes;
mod contract;
mod csv;
mod faults;
mod init;
mod loading;
mod missing;
mod requests;
mod truth;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crm_exporter::calendar::Calendar;
use crm_exporter::domain::{Currency, Object, Row, Timestamp};
use crm_exporter::http::{Clock, Retries, Surroundings};
use crm_exporter::meter::Meter;
use crm_exporter::settings::Settings;
use crm_exporter::source::Source;
use crm_exporter::store::Store;
use crm_exporter::sync::{Patience, PollOutcome, Shared, Syncer, Upstream, Verdict};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::fake_crm::Entry;
use crate::fake_crm::hubspot::{HubSpot, Limits, TOKEN};

pub(super) const SECOND: i64 = 1_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// So many that no test comes near, told by headers, so that our own pace does not slow tests down.
const WIDE: Limits =
    Limits { burst: Some(10_000_000), oauth_burst: Some(10_000_000), daily: None, searches: None, retry_after: None };

/// Failed requests are sent again at once.
const RETRIES: Retries = Retries {
    tries: 4,
    first_pause: Duration::from_millis(1),
    longest_pause: Duration::from_millis(1),
    deadline: Duration::from_secs(60),
};

/// Failed pages are asked for again at once.
const PATIENCE: Patience = Patience {
    tries: 4,
    first_pause: Duration::from_millis(1),
    longest_pause: Duration::from_millis(1),
    longest_wait: Duration::from_secs(60),
};

/// A fake account, and the store that follows it.
pub(super) struct Floor {
    pub(super) hub: Arc<HubSpot>,
    meter: Arc<Meter>,
    store: Arc<Mutex<Store>>,
    source: Arc<dyn Source>,
    syncer: Syncer,
    directory: TempDir,
}

impl Floor {
    /// An empty account, read with the token of a private app.
    pub(super) fn new() -> Floor {
        Floor::with("")
    }

    /// An account, read with these settings besides: lines of YAML.
    pub(super) fn with(settings: &str) -> Floor {
        Floor::ahead(0, &format!("token_file: token\n{settings}"))
    }

    /// An account that is read by a clock so far ahead of its own, with these settings and whatever credentials they name.
    pub(super) fn ahead(millis: i64, settings: &str) -> Floor {
        let hub = Arc::new(HubSpot::start());
        hub.set_limits(WIDE);
        let directory = TempDir::new().unwrap();
        std::fs::write(directory.path().join("token"), TOKEN).unwrap();
        std::fs::write(directory.path().join("client_secret"), "secret").unwrap();
        std::fs::write(directory.path().join("refresh_token"), "refresh").unwrap();
        let settings = settings.lines().map(|line| format!("    {line}\n")).collect::<String>();
        let common = format!("kind: hubspot\n    base_url: {}\n    searches_per_second: 100000", hub.url());
        let file = directory.path().join("crm_exporter.yml");
        std::fs::write(&file, format!("store: {{path: crm.db}}\nsources:\n  hub:\n    {common}\n{settings}")).unwrap();
        let meter = Arc::new(Meter::new().unwrap());
        let clock: Clock = {
            let hub = hub.clone();
            Arc::new(move || hub.clock().now().plus_millis(millis))
        };
        let surroundings = Surroundings::new("hub", meter.clone(), clock.clone()).with_retries(RETRIES);
        let source = source(&Settings::load(&file, &[]).unwrap_or_else(|failure| panic!("{failure}")), surroundings);
        let mut store = Store::open(&directory.path().join("crm.db"), hub.clock().now()).unwrap();
        let key = store.register("hub", "hubspot", None).unwrap();
        let store = Arc::new(Mutex::new(store));
        let shared = Shared { store: store.clone(), meter: meter.clone(), clock, sink: Arc::new(|_| {}) };
        let upstream = Upstream { name: "hub".into(), kind: "hubspot", key, source: source.clone() };
        let syncer = Syncer::new(upstream, shared, PATIENCE);
        Floor { hub, meter, store, source, syncer, directory }
    }

    /// Lets time pass and polls; tells what was asked for.
    pub(super) async fn poll_after(&mut self, millis: i64) -> Vec<String> {
        let (outcome, lines) = self.try_poll_after(millis).await;
        assert_eq!(outcome.verdict, Verdict::Complete, "{:?}", outcome.errors);
        assert!(outcome.errors.is_empty(), "{:?}", outcome.errors);
        lines
    }

    /// Lets time pass and polls, whatever comes of it.
    pub(super) async fn try_poll_after(&mut self, millis: i64) -> (PollOutcome, Vec<String>) {
        self.hub.clock().advance(millis);
        self.hub.take_log();
        let outcome = self.syncer.poll(&(), &CancellationToken::new()).await;
        (outcome, self.hub.take_log().iter().map(|entry| entry.line()).collect())
    }

    /// Lets time pass and polls; tells all that was asked for.
    pub(super) async fn log_of_poll_after(&mut self, millis: i64) -> Vec<Entry> {
        self.hub.clock().advance(millis);
        self.hub.take_log();
        let outcome = self.syncer.poll(&(), &CancellationToken::new()).await;
        assert_eq!(outcome.verdict, Verdict::Complete, "{:?}", outcome.errors);
        self.hub.take_log()
    }

    /// All rows of an object, mentioned and deleted ones too.
    pub(super) fn rows(&self, object: Object) -> Vec<Row> {
        let reader = self.store.lock().unwrap().reader().unwrap();
        let mut rows = Vec::new();
        reader.for_each(object, |row| rows.push(row)).unwrap();
        rows
    }

    /// The ids of the live rows of an object, sorted.
    pub(super) fn live(&self, object: Object) -> Vec<String> {
        let rows = self.rows(object).into_iter();
        let mut ids: Vec<String> = rows.filter(|row| row.live).map(|row| row.id).collect();
        ids.sort_unstable();
        ids
    }

    /// The source.
    pub(super) fn source(&self) -> &dyn Source {
        &*self.source
    }

    /// The series of one of the exporter's own metrics, without its prefix.
    pub(super) fn series(&self, name: &str) -> Vec<String> {
        let text = String::from_utf8(self.meter.encode()).unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix("crm_exporter_"));
        lines.filter(|line| line.starts_with(name)).map(str::to_owned).collect()
    }

    /// The fake's time.
    pub(super) fn now(&self) -> Timestamp {
        self.hub.clock().now()
    }
}

fn source(settings: &Settings, surroundings: Surroundings) -> Arc<dyn Source> {
    let zone = Calendar::new(&settings.calendar, &settings.directory).unwrap().zone();
    let context = settings.context("hub", zone, Currency::new("USD").unwrap(), surroundings);
    settings.sources["hub"].build(&context).unwrap_or_else(|problem| panic!("{problem}")).into()
}

/// How many of these lines contain a text.
pub(super) fn count(lines: &[String], text: &str) -> usize {
    lines.iter().filter(|line| line.contains(text)).count()
}
