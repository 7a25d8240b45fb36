//! Owns the pollers and puts settings in force that are read again, one reload after the other.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::floor::{Floor, Reading};
use super::now;
use super::plan::Step;
use super::pollers::Pollers;
use super::refresh::Refresher;
use super::reload::{Prepared, Reload};
use crate::expose::Reloaded;
use crate::meter::Meter;
use crate::store::Store;

/// It is looked so often whether objects that are held back have been loaded, or others turned out to be forbidden.
const LOOK: Duration = Duration::from_secs(1);

/// A wish that the settings be read again, with where its outcome goes.
pub(super) type Order = oneshot::Sender<Reloaded>;

/// Sees to it that the settings in force are followed.
pub(super) struct Supervisor {
    pub floor: Arc<Floor>,
    pub store: Arc<Mutex<Store>>,
    pub meter: Arc<Meter>,
    pub refresher: Arc<Refresher>,
    pub pollers: Pollers,
    pub reload: Reload,
    /// Reloads that are asked for over HTTP.
    pub orders: mpsc::Receiver<Order>,
}

impl Supervisor {
    /// Polls all sources and reloads when asked to, until `shutdown`. Ends in an error only by a defect.
    pub(super) async fn run(mut self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let begun = self.floor.current.get();
        for (source, standing) in begun.sources() {
            self.pollers.start(source, standing.key.context("a source has no number, which is a defect")?);
        }
        drop(begun);
        let outcome = shutdown.run_until_cancelled(self.serve_orders()).await;
        if outcome.is_none() {
            self.pollers.all_ended().await;
        }
        outcome.unwrap_or(Ok(()))
    }

    async fn serve_orders(&mut self) -> anyhow::Result<()> {
        loop {
            tokio::select! {
                defect = self.pollers.ended() => return Err(defect),
                Some(()) = self.reload.asked.recv() => drop(self.reload().await?),
                Some(order) = self.orders.recv() => {
                    // Whoever asked may have left meanwhile.
                    let _ = order.send(self.reload().await?);
                }
                () = tokio::time::sleep(LOOK) => self.follow().await?,
            }
        }
    }

    /// Reads the settings again and puts them in force; figures by them are published when this ends. An error is a
    /// defect.
    async fn reload(&mut self) -> anyhow::Result<Reloaded> {
        let (floor, store, read) = (self.floor.clone(), self.store.clone(), self.reload.read.clone());
        let prepared = blocking(move || Prepared::new(&floor, &store, &read)).await?;
        match prepared {
            Ok(prepared) => {
                self.put_in_force(prepared).await?;
                self.meter.config_read(now(), true);
                tracing::info!("the settings have been read again and are in force");
                Ok(Reloaded::Done)
            }
            Err(error) => {
                self.meter.config_read(now(), false);
                let why = format!("{error:#}");
                tracing::error!(error = why, "the settings cannot be used, everything stays as it was");
                Ok(Reloaded::Failed(why))
            }
        }
    }

    /// From here on nothing can fail but by a defect.
    async fn put_in_force(&mut self, prepared: Prepared) -> anyhow::Result<()> {
        let (steps, removed) = (prepared.plan.steps.clone(), prepared.plan.removed.clone());
        let (parts, standings) = (prepared.next.parts.clone(), prepared.next.standings.clone());
        for name in &removed {
            self.pollers.stop(name).await?;
        }
        let mut stopped = Vec::with_capacity(steps.len());
        for step in &steps {
            stopped.push(match step {
                Step::Start | Step::Keep => None,
                Step::Rename(former) | Step::Restart(former) => Some(self.pollers.stop(former).await?),
            });
        }
        let (floor, meter) = (self.floor.clone(), self.meter.clone());
        blocking(move || prepared.put_in_force(&floor, &meter)).await?;
        for (((source, standing), step), stopped) in parts.sources.iter().zip(&standings).zip(&steps).zip(stopped) {
            let key = standing.key.context("a source has no number, which is a defect")?;
            match stopped {
                Some(stopped) => self.pollers.go_on(stopped, source, key, matches!(step, Step::Restart(_))),
                None if *step == Step::Start => self.pollers.start(source, key),
                None => self.pollers.set_interval(source),
            }
        }
        self.refresh().await
    }

    /// Lets objects into the figures that were held back and have been loaded since, and takes out what turned out to be
    /// forbidden.
    async fn follow(&mut self) -> anyhow::Result<()> {
        let Some(next) = self.floor.current.look(|in_force| in_force.with_arrived(&self.meter)) else { return Ok(()) };
        let (floor, store) = (self.floor.clone(), self.store.clone());
        let letting_in = move || match floor.load(&store, &next) {
            Ok(facts) => {
                floor.swap(next, Reading::Anew(facts.into()), || {});
                tracing::info!("what was added has been loaded and is in the figures");
            }
            Err(error) => {
                floor.abandon();
                tracing::error!(
                    error = format!("{error:#}"),
                    "the figures are made of the same objects as before for now"
                );
            }
        };
        blocking(letting_in).await?;
        self.refresh().await
    }

    async fn refresh(&self) -> anyhow::Result<()> {
        let refresher = self.refresher.clone();
        blocking(move || drop(refresher.refresh())).await
    }
}

/// Does `work` on a thread that may block. A panic there is a defect.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await.context("a reload has ended in a defect")
}
