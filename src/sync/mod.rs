//! Brings the store up to date with the sources: which stream is asked when, what happens when that fails, and that
//! every committed change reaches the read model.
//!
//! What an answer means is the source's business; how it is stored, the store's. Sync knows neither records nor
//! figures. A poll can be cut off at any moment: every page is stored together with its cursor, and the next poll goes
//! on there.

mod circle;
mod error;
mod intake;
mod patience;
mod poll;
mod progress;
mod refusals;
mod schedule;
mod stream;
mod tally;
#[cfg(test)]
mod tests;
mod unreadable;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::domain::Timestamp;
use crate::meter::{Meter, PollResult};
use crate::source::Source;
use crate::store::Store;
use intake::Intake;
use poll::Poll;
use refusals::Refusals;
use tally::Tally;

pub use error::SyncError;
pub use intake::Sink;
pub use patience::Patience;
pub use progress::{Event, Progress};
pub use schedule::{completeness, last_success, was_never_permitted, withheld};

/// Tells what time it is.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The source that a [`Syncer`] reads.
#[derive(Clone)]
pub struct Upstream {
    /// Its name in the settings.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// The store's number of it.
    pub key: u32,
    /// The source itself.
    pub source: Arc<dyn Source>,
}

/// What the syncers of all sources share.
#[derive(Clone)]
pub struct Shared {
    /// Where records go.
    pub store: Arc<Mutex<Store>>,
    /// Where it is told how the sources fare.
    pub meter: Arc<Meter>,
    /// What time it is. Waiting goes by tokio's clock.
    pub clock: Clock,
    /// Takes what has changed in the store.
    pub sink: Sink,
}

/// Keeps the store up to date with one source.
pub struct Syncer {
    parts: Parts,
    tally: Tally,
    refusals: Refusals,
}

/// A syncer that was stopped, and when it would have polled next.
pub struct Stopped {
    /// The syncer.
    pub syncer: Syncer,
    /// When its next poll is due; a poll that was cut off is due at once.
    pub due: Instant,
}

/// What a poll works with.
struct Parts {
    upstream: Upstream,
    shared: Shared,
    patience: Patience,
    intake: Intake,
}

/// How a poll ended.
#[derive(Debug)]
pub struct PollOutcome {
    /// In a word.
    pub verdict: Verdict,
    /// Records, deletions and merges that were taken over, whether or not they changed anything.
    pub records: u64,
    /// Records that could not be read and were skipped.
    pub unreadable: u64,
    /// What went wrong, at most once per stream. A complete poll can have errors too: see [`Verdict::Complete`].
    pub errors: Vec<SyncError>,
    not_before: Option<Instant>,
}

/// How a poll ended, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that was due has been taken over. Streams that the CRM has never let us read do not count, unless
    /// there is nothing else: their objects are in no figure.
    Complete,
    /// Something that was due has not been taken over.
    Failed,
    /// The program is to end.
    Interrupted,
}

/// Longer than any process runs.
const NEVER: Duration = Duration::from_secs(30 * 365 * 86_400);

/// What the next poll waits for.
struct Wait {
    /// Beginning of the last poll.
    last: Option<Instant>,
    not_before: Instant,
}

impl Wait {
    /// When the next poll is due.
    fn due(&self, interval: Duration) -> Instant {
        let after = |last: Instant| last.checked_add(interval).unwrap_or(last + NEVER);
        self.last.map_or(self.not_before, |last| after(last).max(self.not_before))
    }
}

impl Syncer {
    /// A syncer of one source, which it makes known to the meter. Asks the source for nothing yet.
    ///
    /// There must be no other syncer of that source at work, and the read model behind the sink must have been loaded
    /// from the store as it is now.
    pub fn new(upstream: Upstream, shared: Shared, patience: Patience) -> Syncer {
        shared.meter.add_source(&upstream.name, upstream.kind);
        let intake = Intake::new(&upstream, &shared);
        let mut tally = Tally::default();
        tally.touch(upstream.source.streams().iter().flat_map(|stream| stream.objects.iter().copied()));
        Syncer { parts: Parts { upstream, shared, patience, intake }, tally, refusals: Refusals::default() }
    }

    /// Catches up once: reads every stream that is due until it is up to date.
    ///
    /// `shutdown` ends it between two pages or during a wait. Nothing is lost either when the future is dropped, but
    /// then the page in hand may still be on its way into the store: no other poll of this source may begin meanwhile.
    pub async fn poll(&mut self, progress: &dyn Progress, shutdown: &CancellationToken) -> PollOutcome {
        let began = Instant::now();
        let outcome = Poll::new(&self.parts, &mut self.tally, &mut self.refusals, progress, shutdown).run().await;
        self.report(&outcome, began.elapsed());
        outcome
    }

    /// The same syncer for the same records under other settings: the source's name, or how it is asked. What it still
    /// owes the read model stays owed.
    ///
    /// The meter has to know the source by the new name.
    pub fn with_upstream(mut self, upstream: Upstream) -> Syncer {
        self.parts.intake = self.parts.intake.for_upstream(&upstream);
        self.tally.touch(upstream.source.streams().iter().flat_map(|stream| stream.objects.iter().copied()));
        self.parts.upstream = upstream;
        // Whoever changed the settings may have got what was missing.
        self.refusals = Refusals::default();
        self
    }

    /// Polls at `first` and then at every `interval` (at least a second), until `shutdown`. A poll that takes longer puts
    /// off the next one, and so does a source that asks for it. Another interval counts from the last poll on. A source
    /// whose budget would not last is polled less often.
    pub async fn run(
        mut self,
        first: Instant,
        mut interval: watch::Receiver<Duration>,
        shutdown: CancellationToken,
    ) -> Stopped {
        let mut wait = Wait { last: None, not_before: first };
        loop {
            let configured = (*interval.borrow_and_update()).max(Duration::from_secs(1));
            let length = self.parts.upstream.source.pace(configured).max(configured);
            self.parts.shared.meter.set_interval(&self.parts.upstream.name, length);
            let due = wait.due(length);
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Stopped { syncer: self, due },
                Ok(()) = interval.changed() => continue,
                () = sleep_until(due) => {}
            }
            let began = Instant::now();
            let outcome = self.poll(&(), &shutdown).await;
            if matches!(outcome.verdict, Verdict::Interrupted) {
                return Stopped { syncer: self, due: began };
            }
            wait = Wait { last: Some(began), not_before: outcome.not_before.unwrap_or(began) };
        }
    }

    fn report(&mut self, outcome: &PollOutcome, took: Duration) {
        self.log(outcome, took);
        let name = self.parts.upstream.name.as_str();
        let now = (self.parts.shared.clock)();
        for error in &outcome.errors {
            self.parts.shared.meter.set_last_error(name, now, error.chain());
        }
        match outcome.verdict {
            Verdict::Complete => self.parts.shared.meter.poll_ended(name, PollResult::Success, now, took),
            Verdict::Failed => self.parts.shared.meter.poll_ended(name, PollResult::Failure, now, took),
            Verdict::Interrupted => {}
        }
    }

    fn log(&mut self, outcome: &PollOutcome, took: Duration) {
        let source = self.parts.upstream.name.as_str();
        for error in &outcome.errors {
            let text = error.chain();
            if error.ends_poll() {
                tracing::error!(source, "{text}");
            } else if !error.is_forbidden() {
                tracing::warn!(source, "{text}");
            } else if self.refusals.note(error.stream(), text.clone(), Instant::now()) {
                tracing::warn!(source, "{text}; the stream is left out until that changes");
            }
        }
        tracing::debug!(source, verdict = ?outcome.verdict, records = outcome.records, ?took, "the poll has ended");
    }
}
