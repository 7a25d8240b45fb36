//! The pollers: a task a source. They are started, stopped and handed on here; when a poll is due is `sync`'s business.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::parts::Configured;
use crate::sync::{Patience, Shared, Stopped, Syncer};

/// All pollers, by the names of their sources.
pub(super) struct Pollers {
    shared: Shared,
    shutdown: CancellationToken,
    running: HashMap<String, Poller>,
    tasks: JoinSet<Stopped>,
}

struct Poller {
    task: Id,
    stop: CancellationToken,
    interval: watch::Sender<Duration>,
}

impl Pollers {
    /// No pollers yet. All will stop at `shutdown`.
    pub(super) fn new(shared: Shared, shutdown: CancellationToken) -> Pollers {
        Pollers { shared, shutdown, running: HashMap::new(), tasks: JoinSet::new() }
    }

    /// Starts to poll a source, which the store knows by `key`.
    pub(super) fn start(&mut self, source: &Configured, key: u32) {
        let syncer = Syncer::new(source.upstream(key), self.shared.clone(), Patience::DAEMON);
        self.spawn(source, syncer, Instant::now());
    }

    /// Lets the poller of a source that has other settings go on: at once, or when its next poll is due.
    pub(super) fn go_on(&mut self, stopped: Stopped, source: &Configured, key: u32, at_once: bool) {
        let first = if at_once { Instant::now() } else { stopped.due };
        self.spawn(source, stopped.syncer.with_upstream(source.upstream(key)), first);
    }

    fn spawn(&mut self, source: &Configured, syncer: Syncer, first: Instant) {
        let (interval, told) = watch::channel(source.interval);
        let stop = self.shutdown.child_token();
        let task = self.tasks.spawn(syncer.run(first, told, stop.clone())).id();
        self.running.insert(source.name.clone(), Poller { task, stop, interval });
    }

    /// Tells the poller of a source its interval.
    pub(super) fn set_interval(&self, source: &Configured) {
        if let Some(poller) = self.running.get(&source.name) {
            let differs = |interval: &mut Duration| std::mem::replace(interval, source.interval) != source.interval;
            poller.interval.send_if_modified(differs);
        }
    }

    /// Stops the poller of a source and waits until it has: the page in hand is committed first.
    ///
    /// # Errors
    /// If there is none, or another one has ended, which are defects.
    pub(super) async fn stop(&mut self, name: &str) -> anyhow::Result<Stopped> {
        let poller = self.running.remove(name).with_context(|| format!("{name} is not polled, which is a defect"))?;
        poller.stop.cancel();
        let ended = self.tasks.join_next_with_id().await.context("no poller is left, which is a defect")?;
        let (task, stopped) = ended.map_err(panicked)?;
        match task == poller.task {
            true => Ok(stopped),
            false => Err(ended_by_itself()),
        }
    }

    /// Ends when a poller has ended by itself, which is a defect.
    pub(super) async fn ended(&mut self) -> anyhow::Error {
        match self.tasks.join_next().await {
            None => std::future::pending().await,
            Some(ended) => ended.map_err(panicked).err().unwrap_or_else(ended_by_itself),
        }
    }

    /// Waits until all have ended after the shutdown.
    pub(super) async fn all_ended(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

fn ended_by_itself() -> anyhow::Error {
    anyhow::anyhow!("polling has ended by itself, which is a defect")
}

fn panicked(error: JoinError) -> anyhow::Error {
    anyhow::Error::new(error).context("polling has ended in a defect")
}
