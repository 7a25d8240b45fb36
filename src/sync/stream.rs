//! One stream of one source: its pages and the details they ask for, until it is up to date.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::circle::Way;
use super::error::Halt;
use super::patience::Spent;
use super::poll::Poll;
use super::progress::Event;
use super::{SyncError, schedule};
use crate::domain::{Cursor, Next, Page, PendingId, Timestamp};
use crate::source::{Reaction, SourceError, Stream};
use crate::store::StreamState;

/// A source that wants to be left alone for longer is asked again after this time all the same.
const LONGEST_REST: Duration = Duration::from_secs(30 * 86_400);

/// What a source is asked for.
#[derive(Clone, Copy)]
enum Request<'a> {
    /// The page behind a cursor.
    Page(Option<&'a Cursor>),
    /// What belongs to these records.
    Details(&'a [PendingId]),
}

impl Poll<'_> {
    /// Brings a stream up to date if it is due.
    pub(super) async fn catch_up(&mut self, stream: &Stream, state: &StreamState) -> Result<(), Halt> {
        if !schedule::is_due(stream.cadence, state, self.now()) {
            return Ok(());
        }
        self.stream_records = 0;
        self.progress.tell(self.name(), &Event::Begun { stream: &stream.name, first_load: !state.complete });
        let mut cursor = state.cursor.clone();
        let mut way = Way::new(cursor.clone());
        loop {
            let page = self.ask(stream, Request::Page(cursor.as_ref())).await?;
            if cursor.is_none() {
                tracing::info!(source = self.name(), stream = stream.name, "the stream is loaded from its beginning");
            }
            let next = match page.next.clone() {
                Next::UpToDate(end) => {
                    self.finish(stream, page, end).await?;
                    break;
                }
                Next::More(next) => next,
            };
            if cursor.as_ref() == Some(&next) {
                return Err(self.stuck(stream, "a page leads to itself"));
            }
            if way.comes_round(&next) {
                return Err(self.stuck(stream, "its pages lead round in a circle"));
            }
            cursor = Some(next);
            self.take_over(stream, page, None).await?;
            // Full batches only: the rest waits for what the next pages bring, which saves requests.
            self.details(stream, stream.details_batch).await?;
        }
        if !state.complete {
            let records = self.stream_records;
            tracing::info!(
                source = self.name(),
                stream = stream.name,
                records,
                "the stream has been loaded completely"
            );
        }
        self.progress.tell(self.name(), &Event::Done { stream: &stream.name, records: self.stream_records });
        Ok(())
    }

    /// Takes over the last page of a round. The stream is up to date only when it has its details too; until then the
    /// store is told that there is more, so that nobody takes the objects for complete and the stream stays due.
    async fn finish(&mut self, stream: &Stream, page: Page, end: Cursor) -> Result<(), Halt> {
        if page.pending.is_empty() && self.parts.intake.pending(stream, 1).await?.is_empty() {
            return self.take_over(stream, page, None).await;
        }
        self.take_over(stream, Page { next: Next::More(end.clone()), ..page }, None).await?;
        self.details(stream, 1).await?;
        self.take_over(stream, Page::empty(Next::UpToDate(end)), None).await
    }

    /// Fetches details in batches as long as at least so many records wait for theirs.
    async fn details(&mut self, stream: &Stream, at_least: usize) -> Result<(), Halt> {
        loop {
            let batch = self.parts.intake.pending(stream, stream.details_batch.max(1)).await?;
            if batch.len() < at_least.max(1) {
                return Ok(());
            }
            let page = self.ask(stream, Request::Details(&batch)).await?;
            if batch.iter().all(|id| page.pending.contains(id)) {
                return Err(self.stuck(stream, "the details of records ask for the same details"));
            }
            self.take_over(stream, page, Some(batch)).await?;
        }
    }

    /// Stores a page, or the details of some records, and counts what it brought.
    async fn take_over(&mut self, stream: &Stream, mut page: Page, done: Option<Vec<PendingId>>) -> Result<(), Halt> {
        let records = page.records.len() + page.gone.len() + page.merged.len();
        let unreadable = std::mem::take(&mut page.unreadable);
        let intake = &self.parts.intake;
        let touched = match done {
            None => intake.page(stream, page, self.now()).await?,
            Some(done) => intake.details(stream, done, page, self.now()).await?,
        };
        self.tally.touch(touched);
        self.records += records as u64;
        self.stream_records += records as u64;
        self.unreadable.add(&self.parts.shared.meter, self.name(), &unreadable);
        let records = self.stream_records;
        self.progress.tell(self.name(), &Event::Applied { stream: &stream.name, records });
        Ok(())
    }

    /// Asks the source until it answers or patience ends.
    async fn ask(&mut self, stream: &Stream, request: Request<'_>) -> Result<Page, Halt> {
        let mut spent = Spent::default();
        loop {
            let error = match self.unless_shutdown(self.send(stream, request)).await? {
                Ok(page) => return Ok(page),
                Err(error) => error,
            };
            self.parts.shared.meter.set_last_error(self.name(), self.now(), error.to_string());
            let Some(pause) = spent.next_pause(&self.parts.patience, &error, fastrand::f64()) else {
                return Err(self.given_up(stream, error));
            };
            self.parts.shared.meter.count_retry(self.name(), error.reason());
            tracing::debug!(source = self.name(), stream = stream.name, ?pause, %error, "the source is asked again");
            let why = error.to_string();
            self.progress.tell(self.name(), &Event::Waiting { stream: &stream.name, pause, why });
            self.unless_shutdown(sleep(pause)).await?;
        }
    }

    async fn send(&self, stream: &Stream, request: Request<'_>) -> Result<Page, SourceError> {
        let source = &self.parts.upstream.source;
        match request {
            Request::Page(from) => source.page(stream, from, self.now()).await,
            Request::Details(ids) => source.details(stream, ids, self.now()).await,
        }
    }

    async fn unless_shutdown<T>(&self, work: impl Future<Output = T>) -> Result<T, Halt> {
        self.shutdown.run_until_cancelled(work).await.ok_or(Halt::Shutdown)
    }

    fn given_up(&mut self, stream: &Stream, error: SourceError) -> Halt {
        if let Reaction::Wait(wait) = error.reaction() {
            self.not_before = self.not_before.max(Some(Instant::now() + wait.min(LONGEST_REST)));
        }
        SyncError::Source { name: self.name().to_owned(), stream: stream.name.clone(), error }.into()
    }

    fn stuck(&self, stream: &Stream, what: &'static str) -> Halt {
        SyncError::Stuck { name: self.name().to_owned(), stream: stream.name.clone(), what }.into()
    }

    fn now(&self) -> Timestamp {
        (self.parts.shared.clock)()
    }
}
