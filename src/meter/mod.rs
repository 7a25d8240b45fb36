//! The exporter's own metrics: what is counted as it happens, and how each source fares.
//!
//! Figures about sales are never kept here: they are computed afresh for every snapshot, in `metrics`. A [`Meter`] is
//! passed to whoever counts; there is no global one.

mod board;
mod families;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus::{Registry, TextEncoder};

use crate::domain::{Object, Reason, Timestamp};
use families::Families;

pub use board::{ConfigStatus, LastError, SourceStatus};
pub use families::{CATALOGUE, Described};

/// Counts what happens and remembers how each source fares.
///
/// A change that touches several series is seen by [`Meter::encode`] as a whole or not at all. What is told of a source
/// that [`Meter::add_source`] has not made known, or that was removed since, is not counted.
pub struct Meter {
    registry: Registry,
    families: Families,
    board: Mutex<Vec<SourceStatus>>,
    config: Mutex<ConfigStatus>,
}

/// How a poll ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollResult {
    /// All that was due has been taken over.
    Success,
    /// Something that was due has not.
    Failure,
}

impl PollResult {
    /// The value of the label `result`.
    pub const fn name(self) -> &'static str {
        match self {
            PollResult::Success => "success",
            PollResult::Failure => "failure",
        }
    }
}

/// The snapshot being served.
#[derive(Debug, Clone, PartialEq)]
pub struct SnapshotMeasured<'a> {
    /// The instant that it was made for.
    pub at: Timestamp,
    /// How long that took.
    pub took: Duration,
    /// How many series it has.
    pub series: usize,
    /// Families that were left out, and how many series each would have had.
    pub dropped: &'a [(&'a str, usize)],
}

impl Meter {
    /// A meter with the build, the process and nothing else. Fails only if a family is declared wrongly.
    pub fn new() -> prometheus::Result<Meter> {
        let registry = Registry::new();
        let families = Families::register(&registry)?;
        #[cfg(target_os = "linux")]
        registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        let build = [env!("CARGO_PKG_VERSION"), env!("CRM_EXPORTER_REVISION"), env!("CRM_EXPORTER_RUSTVERSION")];
        families.build_info.with_label_values(&build).set(1);
        Ok(Meter { registry, families, board: Mutex::default(), config: Mutex::default() })
    }

    /// Makes a source known, behind those that are. Its counters start at 0, so that their rates are right from the
    /// first poll on. A source that is already known keeps what it has.
    pub fn add_source(&self, source: &str, kind: &'static str) {
        let mut board = self.lock();
        if board.iter().any(|status| status.name == source) {
            return;
        }
        board.push(SourceStatus::new(source, kind));
        self.families.begin_source(source);
    }

    /// Removes a source and all its series.
    pub fn remove_source(&self, source: &str) {
        let mut board = self.lock();
        board.retain(|status| status.name != source);
        self.families.remove_source(source);
    }

    /// Gives a source another name. How it fares is told under the new one from now on; its counters begin at 0 there,
    /// since another label is another series.
    pub fn rename_source(&self, from: &str, to: &str) {
        let mut board = self.lock();
        let Some(status) = board.iter_mut().find(|status| status.name == from) else { return };
        status.name = to.to_owned();
        self.families.remove_source(from);
        self.families.begin_source(to);
        self.families.tell(status);
    }

    /// Forgets what is held of objects that a source no longer delivers.
    pub fn retain_objects(&self, source: &str, delivered: &BTreeSet<Object>) {
        self.update(source, |status| {
            status.records.retain(|object, _| delivered.contains(object));
            status.complete.retain(|object| delivered.contains(object));
            for object in Object::ALL.into_iter().filter(|object| !delivered.contains(object)) {
                self.families.forget_object(source, object);
            }
        });
    }

    /// Tells the poll interval in force.
    pub fn set_interval(&self, source: &str, interval: Duration) {
        self.update(source, |status| {
            status.interval = Some(interval);
            self.families.source_interval_seconds.with_label_values(&[source]).set(interval.as_secs_f64());
        });
    }

    /// Tells that a poll ended at `at`, after `took`.
    pub fn poll_ended(&self, source: &str, result: PollResult, at: Timestamp, took: Duration) {
        self.update(source, |status| {
            let up = result == PollResult::Success;
            status.up = Some(up);
            self.families.source_up.with_label_values(&[source, status.kind]).set(up.into());
            self.families.polls_total.with_label_values(&[source, result.name()]).inc();
            self.families.poll_duration_seconds.with_label_values(&[source]).observe(took.as_secs_f64());
            if up {
                self.succeeded(status, at);
            }
        });
    }

    /// Tells when an earlier process last took over all that was due, as the store remembers it. What this process has
    /// seen itself stands.
    pub fn restore_last_success(&self, source: &str, at: Timestamp) {
        self.update(source, |status| {
            if status.last_success.is_none() {
                self.succeeded(status, at);
            }
        });
    }

    /// Tells what went wrong, without saying that the poll failed.
    pub fn set_last_error(&self, source: &str, at: Timestamp, text: String) {
        self.update(source, |status| status.last_error = Some(LastError { at, text }));
    }

    /// Tells how many records of an object are held.
    pub fn set_records(&self, source: &str, object: Object, count: u64) {
        self.update(source, |status| {
            status.records.insert(object, count);
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.families.source_records.with_label_values(&[source, object.name()]).set(count);
        });
    }

    /// Tells whether an object has been loaded completely.
    pub fn set_complete(&self, source: &str, object: Object, complete: bool) {
        self.update(source, |status| {
            if complete {
                status.complete.insert(object);
            } else {
                status.complete.remove(&object);
            }
            self.families.object_complete.with_label_values(&[source, object.name()]).set(complete.into());
        });
    }

    /// Tells which streams the CRM does not let us read.
    pub fn set_forbidden(&self, source: &str, streams: BTreeSet<String>) {
        self.update(source, |status| {
            for permitted in status.forbidden.difference(&streams) {
                // What was told is there to be removed.
                drop(self.families.stream_forbidden.remove_label_values(&[source, permitted]));
            }
            status.forbidden = streams;
            self.families.tell(status);
        });
    }

    /// Tells from when on records of an object are held.
    pub fn set_history_start(&self, source: &str, object: Object, start: Timestamp) {
        self.update(source, |_| {
            let labels = [source, object.name()];
            self.families.history_start_timestamp_seconds.with_label_values(&labels).set(start.seconds());
        });
    }

    /// Counts a request that was sent. `code` is the HTTP status of its answer, or `error` where there was none.
    pub fn count_request(&self, source: &str, object: &str, code: &str) {
        self.update(source, |_| self.families.api_requests_total.with_label_values(&[source, object, code]).inc());
    }

    /// Tells what a CRM says of a quota of requests.
    pub fn set_quota(&self, source: &str, quota: &str, remaining: u64, limit: u64) {
        let count = |requests: u64| i64::try_from(requests).unwrap_or(i64::MAX);
        self.update(source, |_| {
            self.families.api_quota_remaining.with_label_values(&[source, quota]).set(count(remaining));
            self.families.api_quota_limit.with_label_values(&[source, quota]).set(count(limit));
        });
    }

    /// Counts a repeated request to a source, or a page that is asked for again. `reason` is what `SourceError::reason` says.
    pub fn count_retry(&self, source: &str, reason: &str) {
        self.update(source, |_| self.families.api_retries_total.with_label_values(&[source, reason]).inc());
    }

    /// Counts a record that could not be read.
    pub fn count_record_error(&self, source: &str, object: Object, reason: Reason) {
        let labels = [source, object.name(), reason.name()];
        self.update(source, |_| self.families.record_errors_total.with_label_values(&labels).inc());
    }

    /// Tells that the configuration was read at `at`, or that it could not be.
    pub fn config_read(&self, at: Timestamp, successful: bool) {
        let _whole = self.lock();
        let mut config = self.config.lock().unwrap_or_else(PoisonError::into_inner);
        *config = match successful {
            true => ConfigStatus { read_at: Some(at), failed_at: None },
            false => ConfigStatus { failed_at: Some(at), ..*config },
        };
        let none: [&str; 0] = [];
        self.families.config_last_reload_successful.with_label_values(&none).set(successful.into());
        if successful {
            self.families.config_last_reload_success_timestamp_seconds.with_label_values(&none).set(at.seconds());
        }
    }

    /// How reading the configuration has gone.
    pub fn config(&self) -> ConfigStatus {
        *self.config.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells which snapshot is served from now on.
    pub fn set_snapshot(&self, snapshot: &SnapshotMeasured<'_>) {
        let _whole = self.lock();
        let none: [&str; 0] = [];
        let count = |series: usize| i64::try_from(series).unwrap_or(i64::MAX);
        self.families.snapshot_timestamp_seconds.with_label_values(&none).set(snapshot.at.seconds());
        self.families.derive_duration_seconds.with_label_values(&none).set(snapshot.took.as_secs_f64());
        self.families.series.with_label_values(&none).set(count(snapshot.series));
        self.families.series_dropped.reset();
        for (family, series) in snapshot.dropped {
            self.families.series_dropped.with_label_values(&[family]).set(count(*series));
        }
    }

    /// How each source fares, in the order in which they were made known.
    pub fn board(&self) -> Vec<SourceStatus> {
        self.lock().clone()
    }

    /// All series in Prometheus' text format 0.0.4.
    pub fn encode(&self) -> Vec<u8> {
        let families = {
            let _whole = self.lock();
            self.registry.gather()
        };
        match TextEncoder::new().encode_to_string(&families) {
            Ok(text) => text.into_bytes(),
            Err(error) => {
                tracing::error!(%error, "the exporter's own metrics cannot be encoded and are left out of this scrape");
                Vec::new()
            }
        }
    }

    fn succeeded(&self, status: &mut SourceStatus, at: Timestamp) {
        status.last_success = Some(at);
        let family = &self.families.source_last_success_timestamp_seconds;
        family.with_label_values(&[&status.name]).set(at.seconds());
    }

    fn update(&self, source: &str, change: impl FnOnce(&mut SourceStatus)) {
        if let Some(status) = self.lock().iter_mut().find(|status| status.name == source) {
            change(status);
        }
    }

    /// Every change is made under this lock. A panic cannot leave half a status behind, so a poisoned lock is used on.
    fn lock(&self) -> MutexGuard<'_, Vec<SourceStatus>> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
