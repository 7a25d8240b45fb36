//! The daemon: serves figures while sources are polled.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::explainer::Explainer;
use super::floor::Floor;
use super::in_force::{Current, InForce};
use super::parts::Parts;
use super::pollers::Pollers;
use super::refresh::Refresher;
use super::reload::{Reload, announce};
use super::supervisor::{Order, Supervisor};
use super::{figures, now, status};
use crate::domain::Timestamp;
use crate::expose::{self, Published, Reloaded, State, WebFile};
use crate::facts::Facts;
use crate::meter::Meter;
use crate::store::Store;
use crate::sync::Shared;

/// Whoever asked the program to stop waits no longer than this.
const STOP_WITHIN: Duration = Duration::from_millis(4500);

/// Reloads that wait at most; whoever asks for more waits to be heard.
const WAITING: usize = 8;

/// Serves until `shutdown`, or until a task ends that must not. Meanwhile settings that are read again take the place of
/// `parts`.
///
/// Work that does not stop in time is left behind on a thread of its own; the caller must not wait for it.
///
/// # Errors
/// If the address or the store cannot be had, or a task has ended by itself.
pub async fn run(parts: Parts, reload: Reload, shutdown: CancellationToken) -> anyhow::Result<()> {
    let parts = Arc::new(parts);
    let web_file = Arc::new(WebFile::open(parts.web_config_file())?);
    let listener = expose::bind(parts.listen_address()).await?;
    let address = listener.local_addr().context("cannot tell the address that is served")?;
    let meter = parts.meter.clone();
    let began = now();
    meter.config_read(began, true);
    let unknown = parts.sources.iter().map(|_| None);
    let current = Arc::new(Current::new(InForce::new(parts.clone(), unknown, began)));
    let (publish, snapshot) = watch::channel(None);
    let (order, orders) = mpsc::channel(WAITING);
    let mut tasks = JoinSet::new();
    tracing::info!(%address, tls = web_file.has_tls(), passwords = web_file.has_users(), "serving");
    let explainer = Arc::new(Explainer::new(current.clone(), meter.clone()));
    let router = expose::router(state(&current, &meter, snapshot, order, explainer.clone()));
    tasks.spawn(named("serving", expose::serve(listener, router, web_file, shutdown.clone())));
    if parts.sources.is_empty() {
        tracing::warn!("no source is configured: there will be no figures");
    }

    let opening = (parts.clone(), meter.clone());
    let opening = tokio::task::spawn_blocking(move || open(&opening.0, &opening.1, began));
    // A large store takes its time, which whoever stops the program does not have.
    let Some(opened) = shutdown.run_until_cancelled(opening).await else {
        return watch_tasks(tasks, &shutdown).await;
    };
    let Opened { store, facts, in_force } = opened.context("opening the store has failed")??;
    current.set(in_force, || {});
    let floor = Arc::new(Floor::new(current, facts));
    explainer.begin(floor.clone());
    let refresher = Arc::new(Refresher::new(floor.clone(), publish, meter.clone()));
    tasks.spawn(named("refreshing", refresher.clone().run(shutdown.clone())));

    let store = Arc::new(Mutex::new(store));
    let into = floor.clone();
    let sink = move |rows| into.put(rows);
    let shared = Shared { store: store.clone(), meter: meter.clone(), clock: Arc::new(now), sink: Arc::new(sink) };
    let pollers = Pollers::new(shared, shutdown.clone());
    let supervisor = Supervisor { floor, store, meter, refresher, pollers, reload, orders };
    tasks.spawn(supervise(supervisor, shutdown.clone()));
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

async fn supervise(supervisor: Supervisor, shutdown: CancellationToken) -> &'static str {
    // Tasks that end because of the shutdown may be seen before the shutdown itself.
    if let Err(defect) = supervisor.run(shutdown.clone()).await
        && !shutdown.is_cancelled()
    {
        tracing::error!("{defect:#}");
    }
    "polling"
}

fn state(
    current: &Arc<Current>,
    meter: &Arc<Meter>,
    snapshot: watch::Receiver<Option<Arc<Published>>>,
    order: mpsc::Sender<Order>,
    explainer: Arc<Explainer>,
) -> State {
    let own = meter.clone();
    let (in_force, meter, published) = (current.clone(), meter.clone(), snapshot.clone());
    let asked = current.clone();
    State {
        snapshot,
        own: Arc::new(move || own.encode()),
        status: Arc::new(move || {
            let complete = published.borrow().as_ref().is_some_and(|published| published.complete);
            in_force.look(|in_force| status::status(in_force, &meter, complete, now()))
        }),
        reload: Arc::new(move || Box::pin(ask(asked.clone(), order.clone()))),
        explain: Arc::new(move |asked| Box::pin(explainer.clone().explain(asked))),
    }
}

/// Asks for the settings to be read again, if that is allowed.
async fn ask(current: Arc<Current>, orders: mpsc::Sender<Order>) -> Reloaded {
    if !current.look(|in_force| in_force.parts.enables_lifecycle()) {
        return Reloaded::NotEnabled;
    }
    let (order, outcome) = oneshot::channel();
    // Nobody listens any more, or answers, once the program is to stop.
    let stopping = |_| Reloaded::Failed("the program is stopping".to_owned());
    match orders.send(order).await {
        Ok(()) => outcome.await.unwrap_or_else(|_| stopping(())),
        Err(_) => stopping(()),
    }
}

/// The store, opened for writing, and its facts.
struct Opened {
    store: Store,
    facts: Facts,
    in_force: InForce,
}

/// Opens the store, loads the facts, and tells the meter what there is already.
fn open(parts: &Arc<Parts>, meter: &Meter, since: Timestamp) -> anyhow::Result<Opened> {
    let (store, keys) = figures::open_store(parts)?;
    let reader = store.reader()?;
    let keys: Vec<Option<u32>> = keys.into_iter().map(Some).collect();
    let delivered = figures::delivered(parts, &reader, &keys)?;
    let in_force = InForce::new(parts.clone(), keys, since).without_withheld(&delivered);
    let facts = figures::load(&in_force, &reader)?;
    for (source, delivered) in parts.sources.iter().zip(&delivered) {
        announce(meter, source, delivered);
    }
    Ok(Opened { store, facts, in_force })
}
