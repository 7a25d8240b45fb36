//! Makes a new snapshot when records have changed or time has moved on.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use super::parts::Parts;
use super::{figures, status};
use crate::expose::Published;
use crate::exposition::Body;
use crate::facts::Facts;
use crate::meter::{Meter, SnapshotMeasured};
use crate::snapshot::Snapshot;

/// After a change, others often follow at once: so long is waited for them.
const SETTLE: Duration = Duration::from_millis(500);

/// Derives snapshots from the facts and publishes them.
pub(super) struct Refresher {
    /// What the settings describe.
    pub parts: Arc<Parts>,
    /// The store's numbers of the sources.
    pub keys: Vec<Option<u32>>,
    /// The facts, which syncing keeps up to date.
    pub facts: Arc<RwLock<Facts>>,
    /// Told of every change of the facts.
    pub changed: Arc<Notify>,
    /// Where the snapshot goes.
    pub publish: watch::Sender<Option<Arc<Published>>>,
    /// Where it is told what a snapshot cost.
    pub meter: Arc<Meter>,
}

impl Refresher {
    /// Makes snapshots until `shutdown`. Ends early only if deriving panics, which is a defect.
    pub(super) async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        let mut ticks = interval(self.parts.refresh_interval().max(Duration::from_secs(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = Vec::new();
        loop {
            let due = async {
                tokio::select! {
                    _ = ticks.tick() => {}
                    () = self.changed.notified() => sleep(SETTLE).await,
                }
            };
            if shutdown.run_until_cancelled(due).await.is_none() {
                return;
            }
            let refresher = self.clone();
            let Ok(dropped) = tokio::task::spawn_blocking(move || refresher.refresh()).await else { return };
            // What stays left out is told by a metric; the log tells when that changes.
            if dropped != told {
                log_dropped(&dropped);
                told = dropped;
            }
        }
    }

    /// Makes a snapshot of this instant and publishes it. Gives the families that were left out.
    fn refresh(&self) -> Vec<&'static str> {
        let began = Instant::now();
        let delivered = status::delivered(&self.parts, &self.meter);
        let coverage = figures::coverage(&self.parts, &self.keys, &delivered);
        let snapshot = {
            // Facts are whole after every row, so whoever panicked while writing has left nothing half done.
            let facts = self.facts.read().unwrap_or_else(PoisonError::into_inner);
            Snapshot::new(&facts, &self.parts.people, &self.parts.options, &coverage, super::now())
        };
        let measured = SnapshotMeasured {
            at: snapshot.at,
            took: began.elapsed(),
            series: snapshot.series,
            dropped: &snapshot.dropped,
        };
        self.meter.set_snapshot(&measured);
        tracing::debug!(series = snapshot.series, took = ?measured.took, "made a snapshot");
        let (at, series) = (snapshot.at, snapshot.series);
        let complete = figures::everything(&self.parts).is_subset(&coverage.complete);
        let published = Published { body: Body::new(snapshot.text), at, series, complete };
        self.publish.send_replace(Some(Arc::new(published)));
        snapshot.dropped.iter().map(|(family, _)| *family).collect()
    }
}

fn log_dropped(families: &[&str]) {
    match families.is_empty() {
        true => tracing::info!("all families fit into limits.max_series"),
        false => tracing::warn!(families = families.join(" "), "left out: limits.max_series is reached"),
    }
}
