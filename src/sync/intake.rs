//! The way from a page into the store and on to the read model: what was committed is handed over, once and in order.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::error::Halt;
use super::{Shared, SyncError, Upstream};
use crate::domain::{Key, Object, Page, PendingId, Row, Timestamp};
use crate::source::Stream;
use crate::store::{Applied, Store, StoreError, StreamState};

/// Takes the rows of one commit, as they are stored now.
///
/// Called with the store locked, so that rows arrive in the order of the commits also when several sources are read at
/// once. It must not use the store.
pub type Sink = Arc<dyn Fn(Vec<Row>) + Send + Sync>;

/// Where the pages of one source go. Each piece of work runs to its end on a thread of its own, also when the poll that
/// asked for it is dropped meanwhile: nothing is lost between the commit and the sink.
#[derive(Clone)]
pub(super) struct Intake {
    store: Arc<Mutex<Store>>,
    sink: Sink,
    source: u32,
    name: String,
    /// What was committed and could not be handed over yet, because reading it back failed.
    owed: Arc<Mutex<BTreeSet<(Object, Key)>>>,
}

impl Intake {
    pub(super) fn new(upstream: &Upstream, shared: &Shared) -> Intake {
        Intake {
            store: Arc::clone(&shared.store),
            sink: Arc::clone(&shared.sink),
            source: upstream.key,
            name: upstream.name.clone(),
            owed: Arc::default(),
        }
    }

    /// The way into the same store from a source that has other settings now. What is owed stays owed.
    pub(super) fn for_upstream(&self, upstream: &Upstream) -> Intake {
        Intake { source: upstream.key, name: upstream.name.clone(), ..self.clone() }
    }

    /// How the stream stands.
    pub(super) async fn state(&self, stream: &Stream) -> Result<StreamState, Halt> {
        let (source, name, fingerprint) = (self.source, stream.name.clone(), stream.fingerprint.clone());
        self.work(move |store| store.stream(source, &name, &fingerprint)).await
    }

    /// Remembers that the CRM does not let us read the stream.
    pub(super) async fn forbid(&self, stream: &Stream) -> Result<(), Halt> {
        let (source, name) = (self.source, stream.name.clone());
        self.work(move |store| store.forbid(source, &name)).await
    }

    /// How many live records of each of these objects the source has, and how long it took to count them.
    pub(super) async fn counts(&self, objects: BTreeSet<Object>) -> Result<Vec<(Object, u64, Duration)>, Halt> {
        let (source, name) = (self.source, self.name.clone());
        let store = Arc::clone(&self.store);
        let counts = move || {
            // On a connection of its own: whoever writes does not have to wait.
            let reader = lock(&store).reader().map_err(|error| SyncError::View { name: name.clone(), error })?;
            let count = |object| {
                let began = Instant::now();
                let count =
                    reader.count(source, object).map_err(|error| SyncError::Store { name: name.clone(), error })?;
                Ok((object, count, began.elapsed()))
            };
            objects.into_iter().map(count).collect::<Result<Vec<_>, Halt>>()
        };
        blocking(counts).await
    }

    /// The first of the stream's records whose details are still to be fetched.
    pub(super) async fn pending(&self, stream: &Stream, limit: usize) -> Result<Vec<PendingId>, Halt> {
        let (source, name) = (self.source, stream.name.clone());
        self.work(move |store| store.pending(source, &name, limit)).await
    }

    /// Stores a page with its cursor and hands over what it changed. Returns the objects it touched.
    pub(super) async fn page(&self, stream: &Stream, page: Page, now: Timestamp) -> Result<BTreeSet<Object>, Halt> {
        let (source, name) = (self.source, stream.name.clone());
        self.commit(move |store| store.apply(source, &name, &page, now)).await
    }

    /// Stores the details of `done` and hands over what they changed. Returns the objects they touched.
    pub(super) async fn details(
        &self,
        stream: &Stream,
        done: Vec<PendingId>,
        page: Page,
        now: Timestamp,
    ) -> Result<BTreeSet<Object>, Halt> {
        let (source, name) = (self.source, stream.name.clone());
        self.commit(move |store| store.apply_details(source, &name, &done, &page, now)).await
    }

    /// Hands over what an earlier commit left behind. Returns the objects that were touched.
    pub(super) async fn settle(&self) -> Result<BTreeSet<Object>, Halt> {
        let intake = self.clone();
        self.work(move |store| intake.hand_over(store, Vec::new())).await
    }

    async fn commit(
        &self,
        apply: impl FnOnce(&mut Store) -> Result<Applied, StoreError> + Send + 'static,
    ) -> Result<BTreeSet<Object>, Halt> {
        let intake = self.clone();
        let work = move |store: &mut Store| {
            let changed = apply(store)?.changed;
            intake.hand_over(store, changed)
        };
        self.work(work).await
    }

    fn hand_over(&self, store: &Store, changed: Vec<(Object, Key)>) -> Result<BTreeSet<Object>, StoreError> {
        let mut owed = lock(&self.owed);
        owed.extend(changed);
        let mut keys: BTreeMap<Object, Vec<Key>> = BTreeMap::new();
        owed.iter().for_each(|(object, key)| keys.entry(*object).or_default().push(*key));
        let mut rows = Vec::with_capacity(owed.len());
        for (object, keys) in &keys {
            rows.extend(store.rows(*object, keys)?);
        }
        if !rows.is_empty() {
            (self.sink)(rows);
        }
        owed.clear();
        Ok(keys.into_keys().collect())
    }

    /// Runs `work` with the store locked, where it may block.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Halt> {
        let (store, name) = (Arc::clone(&self.store), self.name.clone());
        blocking(move || work(&mut lock(&store)).map_err(|error| SyncError::Store { name, error }.into())).await
    }
}

/// Runs `work` on a thread that may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Halt> + Send + 'static) -> Result<T, Halt> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(failure) => match failure.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is ending and did not begin the work.
            Err(_cancelled) => Err(Halt::Shutdown),
        },
    }
}

/// A panic under a lock ends the task that caused it, and with it the program; meanwhile others may go on: a
/// transaction that was not committed is rolled back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
