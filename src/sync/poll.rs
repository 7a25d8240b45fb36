//! One poll of one source: which streams are read, what a failure of one means for the others, and how it all ended.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::error::Halt;
use super::progress::{Event, Progress};
use super::refusals::Refusals;
use super::schedule::was_never_permitted;
use super::tally::Tally;
use super::unreadable::UnreadableCount;
use super::{Parts, PollOutcome, SyncError, Verdict, schedule};
use crate::source::Stream;
use crate::store::StreamState;

/// A poll under way.
pub(super) struct Poll<'a> {
    pub(super) parts: &'a Parts,
    pub(super) tally: &'a mut Tally,
    refusals: &'a mut Refusals,
    pub(super) progress: &'a dyn Progress,
    pub(super) shutdown: &'a CancellationToken,
    pub(super) unreadable: UnreadableCount,
    /// Records, deletions and merges that were taken over.
    pub(super) records: u64,
    /// Those of the present stream.
    pub(super) stream_records: u64,
    /// Before then the source does not want to be asked again.
    pub(super) not_before: Option<Instant>,
    /// Streams that were brought up to date.
    done: usize,
    errors: Vec<SyncError>,
    /// Whether a failure leaves records in the figures that may be out of date.
    stale: bool,
}

impl<'a> Poll<'a> {
    pub(super) fn new(
        parts: &'a Parts,
        tally: &'a mut Tally,
        refusals: &'a mut Refusals,
        progress: &'a dyn Progress,
        shutdown: &'a CancellationToken,
    ) -> Poll<'a> {
        Poll {
            parts,
            tally,
            refusals,
            progress,
            shutdown,
            unreadable: UnreadableCount::default(),
            records: 0,
            stream_records: 0,
            not_before: None,
            done: 0,
            errors: Vec::new(),
            stale: false,
        }
    }

    /// Polls.
    pub(super) async fn run(mut self) -> PollOutcome {
        let verdict = match self.streams().await {
            Err(Halt::Shutdown) => Verdict::Interrupted,
            Err(Halt::Failed(error)) => {
                self.errors.push(*error);
                Verdict::Failed
            }
            Ok(()) if self.stale || (self.done == 0 && !self.parts.upstream.source.streams().is_empty()) => {
                Verdict::Failed
            }
            Ok(()) => Verdict::Complete,
        };
        PollOutcome {
            verdict,
            records: self.records,
            unreadable: self.unreadable.finish(self.name()),
            errors: self.errors,
            not_before: self.not_before,
        }
    }

    async fn streams(&mut self) -> Result<(), Halt> {
        let intake = &self.parts.intake;
        self.tally.touch(intake.settle().await?);
        let streams = self.parts.upstream.source.streams();
        let mut states = Vec::with_capacity(streams.len());
        for stream in streams {
            states.push(intake.state(stream).await?);
        }
        self.restore(streams, &states).await?;
        for (at, stream) in streams.iter().enumerate() {
            if was_never_permitted(&states[at]) && self.refusals.rests(&stream.name, Instant::now()) {
                continue;
            }
            match self.catch_up(stream, &states[at]).await {
                Ok(()) => {
                    self.done += 1;
                    self.refusals.lift(&stream.name);
                }
                Err(Halt::Failed(error)) => self.leave(stream, &states[at], *error).await?,
                Err(shutdown) => return Err(shutdown),
            }
            states[at] = intake.state(stream).await?;
            self.tell_complete(streams, &states);
            self.count_records().await?;
        }
        Ok(())
    }

    /// Leaves a stream as it is and goes on with the others, if that makes sense.
    async fn leave(&mut self, stream: &Stream, state: &StreamState, error: SyncError) -> Result<(), Halt> {
        self.progress.tell(self.name(), &Event::Failed { stream: &stream.name, why: error.chain() });
        if error.ends_poll() {
            return Err(error.into());
        }
        if error.is_forbidden() && !state.forbidden {
            self.parts.intake.forbid(stream).await?;
        }
        // Objects that we were never allowed to read are in no figure. Those that we no longer may read are.
        self.stale |= state.complete || !error.is_forbidden();
        self.errors.push(error);
        Ok(())
    }

    /// Tells the meter what the store holds already, from earlier runs or polls.
    async fn restore(&mut self, streams: &[Stream], states: &[StreamState]) -> Result<(), Halt> {
        self.tell_complete(streams, states);
        let cadences = streams.iter().map(|stream| stream.cadence);
        if let Some(at) = schedule::last_success(cadences.zip(states)) {
            self.parts.shared.meter.restore_last_success(self.name(), at);
        }
        self.count_records().await
    }

    /// An object is complete once every stream that brings it has been loaded, those apart that are not permitted.
    fn tell_complete(&self, streams: &[Stream], states: &[StreamState]) {
        for (object, complete) in schedule::completeness(streams, states) {
            self.parts.shared.meter.set_complete(self.name(), object, complete);
        }
        let forbidden = streams.iter().zip(states).filter(|(_, state)| state.forbidden);
        let forbidden = forbidden.map(|(stream, _)| stream.name.clone()).collect();
        self.parts.shared.meter.set_forbidden(self.name(), forbidden);
    }

    async fn count_records(&mut self) -> Result<(), Halt> {
        let due = self.tally.due(Instant::now());
        if due.is_empty() {
            return Ok(());
        }
        for (object, count, took) in self.parts.intake.counts(due).await? {
            self.parts.shared.meter.set_records(self.name(), object, count);
            self.tally.counted(object, Instant::now(), took);
        }
        Ok(())
    }

    /// Name of the source.
    pub(super) fn name(&self) -> &'a str {
        &self.parts.upstream.name
    }
}
