//! Makes a new snapshot when records have changed or time has moved on.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::floor::Floor;
use super::worker::Worker;
use super::{figures, status};
use crate::expose::Published;
use crate::exposition::Body;
use crate::meter::{Meter, SnapshotMeasured};
use crate::snapshot::Snapshot;

/// After a change, others often follow at once: so long is waited for them.
const SETTLE: Duration = Duration::from_millis(500);

/// Derives snapshots from the facts and publishes them.
pub(super) struct Refresher {
    floor: Arc<Floor>,
    publish: watch::Sender<Option<Arc<Published>>>,
    meter: Arc<Meter>,
    /// Held while a snapshot is made, so that none is published over a later one.
    one_at_a_time: Mutex<()>,
}

impl Refresher {
    /// A refresher of these facts; it tells the meter what a snapshot cost.
    pub(super) fn new(
        floor: Arc<Floor>,
        publish: watch::Sender<Option<Arc<Published>>>,
        meter: Arc<Meter>,
    ) -> Refresher {
        Refresher { floor, publish, meter, one_at_a_time: Mutex::new(()) }
    }

    /// Makes snapshots until `shutdown`. Ends early only if deriving panics, which is a defect.
    pub(super) async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        let mut told = Vec::new();
        let refresher = self.clone();
        let worker = match Worker::start("deriving", move || refresher.refresh()) {
            Ok(worker) => worker,
            Err(error) => return tracing::error!(%error, "there is no thread for deriving figures"),
        };
        loop {
            let began = Instant::now();
            let Some(dropped) = worker.run().await else { return };
            // What stays left out is told by a metric; the log tells when that changes.
            if dropped != told {
                log_dropped(&dropped);
                told = dropped;
            }
            let interval = self.floor.current.look(|in_force| in_force.parts.refresh_interval());
            let due = async {
                tokio::select! {
                    () = sleep_until(began + interval.max(Duration::from_secs(1))) => {}
                    () = self.floor.changed.notified() => sleep(SETTLE).await,
                }
            };
            if shutdown.run_until_cancelled(due).await.is_none() {
                return;
            }
        }
    }

    /// Makes a snapshot of this instant and publishes it. Gives the families that were left out.
    pub(super) fn refresh(&self) -> Vec<&'static str> {
        let _one_at_a_time = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        let began = Instant::now();
        let (snapshot, complete) = self.floor.read(|in_force, facts| {
            let delivered = status::delivered(in_force, &self.meter);
            let coverage = figures::coverage(in_force, &delivered);
            let parts = &in_force.parts;
            let snapshot = Snapshot::new(facts, &parts.people, &parts.options, &coverage, super::now());
            (snapshot, in_force.counted().is_subset(&coverage.complete))
        });
        let measured = SnapshotMeasured {
            at: snapshot.at,
            took: began.elapsed(),
            series: snapshot.series,
            dropped: &snapshot.dropped,
        };
        self.meter.set_snapshot(&measured);
        tracing::debug!(series = snapshot.series, took = ?measured.took, "made a snapshot");
        let (at, series) = (snapshot.at, snapshot.series);
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
