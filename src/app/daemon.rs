//! The daemon: serves figures while sources are polled.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::figures::{self, Delivered};
use super::parts::Parts;
use super::refresh::Refresher;
use super::{now, status};
use crate::domain::{Object, Timestamp};
use crate::expose::{self, Published, State, WebFile};
use crate::facts::Facts;
use crate::meter::Meter;
use crate::store::Store;
use crate::sync::{Patience, Shared, Syncer};

/// Whoever asked the program to stop waits no longer than this.
const STOP_WITHIN: Duration = Duration::from_millis(4500);

/// Serves until `shutdown`, or until a task ends that must not.
///
/// Work that does not stop in time is left behind on a thread of its own; the caller must not wait for it.
///
/// # Errors
/// If the address or the store cannot be had, or a task has ended by itself.
pub async fn run(parts: Parts, shutdown: CancellationToken) -> anyhow::Result<()> {
    let parts = Arc::new(parts);
    let web_file = Arc::new(WebFile::open(parts.web_config_file())?);
    let listener = expose::bind(parts.listen_address()).await?;
    let address = listener.local_addr().context("cannot tell the address that is served")?;
    let meter = Arc::new(Meter::new().context("cannot declare the exporter's own metrics")?);
    meter.config_read(now(), true);
    let (publish, snapshot) = watch::channel(None);
    let mut tasks = JoinSet::new();
    tracing::info!(%address, tls = web_file.has_tls(), passwords = web_file.has_users(), "serving");
    let router = expose::router(state(&parts, &meter, snapshot));
    tasks.spawn(named("serving", expose::serve(listener, router, web_file, shutdown.clone())));
    if parts.sources.is_empty() {
        tracing::warn!("no source is configured: there will be no figures");
    }

    let opening = (parts.clone(), meter.clone());
    let opening = tokio::task::spawn_blocking(move || open(&opening.0, &opening.1));
    // A large store takes its time, which whoever stops the program does not have.
    let Some(opened) = shutdown.run_until_cancelled(opening).await else {
        return watch_tasks(tasks, &shutdown).await;
    };
    let Opened { store, facts, keys } = opened.context("opening the store has failed")??;
    let facts = Arc::new(RwLock::new(facts));
    let changed = Arc::new(Notify::new());
    let keys_of_sources = keys.iter().copied().map(Some).collect();
    let refresher = Refresher {
        parts: parts.clone(),
        keys: keys_of_sources,
        facts: facts.clone(),
        changed: changed.clone(),
        publish,
        meter: meter.clone(),
    };
    tasks.spawn(named("refreshing", Arc::new(refresher).run(shutdown.clone())));

    let sink = move |rows: Vec<_>| {
        let mut facts = facts.write().unwrap_or_else(PoisonError::into_inner);
        rows.into_iter().for_each(|row| facts.put(row));
        changed.notify_one();
    };
    let shared = Shared { store: Arc::new(Mutex::new(store)), meter, clock: Arc::new(now), sink: Arc::new(sink) };
    for (source, key) in parts.sources.iter().zip(keys) {
        let syncer = Syncer::new(source.upstream(key), shared.clone(), Patience::DAEMON);
        let (_, interval) = watch::channel(source.interval);
        let polling = syncer.run(tokio::time::Instant::now(), interval, shutdown.clone());
        tasks.spawn(async { named("polling", async { drop(polling.await) }).await });
    }
    drop(shared);
    watch_tasks(tasks, &shutdown).await
}

/// Waits until the tasks have ended, which they must not do before `shutdown`.
async fn watch_tasks(mut tasks: JoinSet<&'static str>, shutdown: &CancellationToken) -> anyhow::Result<()> {
    tokio::select! {
        () = shutdown.cancelled() => {}
        ended = tasks.join_next() => {
            // A task that ended because of the shutdown may be seen before the shutdown itself.
            if !shutdown.is_cancelled() {
                shutdown.cancel();
                let task = ended.transpose().context("a task has ended in a defect")?.unwrap_or("everything");
                anyhow::bail!("{task} has ended by itself, which is a defect");
            }
        }
    }
    tracing::info!("stopping");
    let all = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(STOP_WITHIN, all).await.is_err() {
        tracing::warn!("something did not stop in time and is left behind; the store stays whole");
    }
    tracing::info!("stopped");
    Ok(())
}

async fn named(name: &'static str, task: impl Future<Output = ()>) -> &'static str {
    task.await;
    name
}

fn state(parts: &Arc<Parts>, meter: &Arc<Meter>, snapshot: watch::Receiver<Option<Arc<Published>>>) -> State {
    let own = meter.clone();
    let (parts, meter, published) = (parts.clone(), meter.clone(), snapshot.clone());
    State {
        snapshot,
        own: Arc::new(move || own.encode()),
        status: Arc::new(move || {
            let complete = published.borrow().as_ref().is_some_and(|published| published.complete);
            status::status(&parts, &meter, complete, now())
        }),
    }
}

/// The store, opened for writing, and its facts.
struct Opened {
    store: Store,
    facts: Facts,
    keys: Vec<u32>,
}

/// Opens the store, loads the facts, and tells the meter what there is already.
fn open(parts: &Parts, meter: &Meter) -> anyhow::Result<Opened> {
    let (store, keys) = figures::open_store(parts)?;
    let reader = store.reader()?;
    let some: Vec<Option<u32>> = keys.iter().copied().map(Some).collect();
    let facts = figures::load(parts, &reader, &some)?;
    let delivered = figures::delivered(parts, &reader, &some)?;
    restore(parts, meter, &delivered);
    Ok(Opened { store, facts, keys })
}

/// Tells the meter what earlier runs have left in the store. Records are counted by the polls: that takes seconds where
/// there are millions, in which figures could be served already.
fn restore(parts: &Parts, meter: &Meter, all: &[Delivered]) {
    for (source, delivered) in parts.sources.iter().zip(all) {
        meter.add_source(&source.name, source.kind.name);
        for object in source.delivers() {
            meter.set_complete(&source.name, object, delivered.complete.contains(&object));
            let bounded = source.history.filter(|_| object == Object::Activity);
            let start = bounded.map_or(Timestamp(0), |history| now().plus_millis(-history.millis()));
            meter.set_history_start(&source.name, object, start);
        }
        if let Some(at) = delivered.last_success {
            meter.restore_last_success(&source.name, at);
        }
    }
}
