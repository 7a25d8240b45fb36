//! A CRM in memory that does what a test tells it to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;

use crate::domain::{
    Cursor, Deal, Next, Object, Page, PendingId, Reason, Stage, StageChange, Stamped, Timestamp, Unreadable,
};
use crate::source::{Cadence, Source, SourceError, Stream};

/// A stream of pages. The cursor is the number of pages read, so that it keeps nothing between calls.
pub(super) struct Fake {
    streams: Vec<Stream>,
    world: Mutex<World>,
}

#[derive(Default)]
struct World {
    pages: BTreeMap<String, Vec<Page>>,
    faults: BTreeMap<String, VecDeque<Fault>>,
    calls: Vec<String>,
    answers_left: Option<usize>,
    pace: Duration,
}

/// What a call gets instead of its answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    Unavailable,
    NotYet(u64),
    Forbidden,
    Unauthorized,
    /// No answer, ever.
    Silence,
    /// A page that leads to itself.
    Circle,
    /// Details that ask for themselves again.
    AgainPending,
}

impl Fake {
    pub(super) fn new(streams: impl IntoIterator<Item = Stream>) -> Fake {
        Fake { streams: streams.into_iter().collect(), world: Mutex::default() }
    }

    /// Puts another page at the end of a stream.
    pub(super) fn add(&self, stream: &str, page: Page) {
        self.world.lock().unwrap().pages.entry(stream.to_owned()).or_default().push(page);
    }

    /// Lets the next calls go wrong. A call is `deals@1` for the page behind the first one, `deals!a,b` for details.
    pub(super) fn fail(&self, call: &str, faults: impl IntoIterator<Item = Fault>) {
        self.world.lock().unwrap().faults.entry(call.to_owned()).or_default().extend(faults);
    }

    /// Wants so much time between polls at least.
    pub(super) fn slow_down(&self, pace: Duration) {
        self.world.lock().unwrap().pace = pace;
    }

    /// Answers so many more calls, and is silent from then on.
    pub(super) fn answer_only(&self, calls: usize) {
        self.world.lock().unwrap().answers_left = Some(calls);
    }

    /// What was asked for since the last time, in order.
    pub(super) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.world.lock().unwrap().calls)
    }

    fn note(&self, call: &str) -> Option<Fault> {
        let mut world = self.world.lock().unwrap();
        world.calls.push(call.to_owned());
        match &mut world.answers_left {
            Some(0) => return Some(Fault::Silence),
            Some(left) => *left -= 1,
            None => {}
        }
        world.faults.get_mut(call)?.pop_front()
    }
}

#[async_trait]
impl Source for Fake {
    fn streams(&self) -> &[Stream] {
        &self.streams
    }

    async fn page(&self, stream: &Stream, from: Option<&Cursor>, _now: Timestamp) -> Result<Page, SourceError> {
        let at: usize = from.map_or(0, |cursor| cursor.0.parse().unwrap());
        let call = format!("{}@{at}", stream.name);
        match self.note(&call) {
            None => {}
            Some(Fault::Circle) => return Ok(Page::empty(Next::More(cursor(at)))),
            Some(fault) => return Err(fault.error(call).await),
        }
        let world = self.world.lock().unwrap();
        let pages = world.pages.get(&stream.name).map_or(&[][..], Vec::as_slice);
        let next = (at + 1).min(pages.len());
        let next = if next < pages.len() { Next::More(cursor(next)) } else { Next::UpToDate(cursor(next)) };
        Ok(Page { next: next.clone(), ..pages.get(at).cloned().unwrap_or(Page::empty(next)) })
    }

    fn pace(&self, interval: Duration) -> Duration {
        interval.max(self.world.lock().unwrap().pace)
    }

    async fn details(&self, stream: &Stream, ids: &[PendingId], _now: Timestamp) -> Result<Page, SourceError> {
        let names: Vec<&str> = ids.iter().map(|id| id.id.as_str()).collect();
        let call = format!("{}!{}", stream.name, names.join(","));
        let mut page = page(ids.iter().map(|id| stage_change(&id.id)));
        match self.note(&call) {
            None => {}
            Some(Fault::AgainPending) => page.pending = ids.to_vec(),
            Some(fault) => return Err(fault.error(call).await),
        }
        Ok(page)
    }
}

impl Fault {
    async fn error(self, what: String) -> SourceError {
        let cause = "no luck".to_owned();
        match self {
            Fault::Unavailable => SourceError::Unavailable { what, cause },
            Fault::NotYet(seconds) => SourceError::NotYet { what, wait: Duration::from_secs(seconds) },
            Fault::Forbidden => SourceError::Forbidden { what, cause },
            Fault::Unauthorized => SourceError::Unauthorized { what, cause },
            Fault::Silence => std::future::pending().await,
            Fault::Circle | Fault::AgainPending => SourceError::Malformed { what, cause },
        }
    }
}

pub(super) fn stream(name: &str, objects: &[Object], cadence: Cadence) -> Stream {
    let fingerprint = "1".to_owned();
    Stream { name: name.to_owned(), objects: objects.to_vec(), cadence, fingerprint, details_batch: 2 }
}

fn cursor(at: usize) -> Cursor {
    Cursor(at.to_string())
}

/// A page of a stream; where it leads is decided when it is asked for.
pub(super) fn page(records: impl IntoIterator<Item = Stamped>) -> Page {
    Page { records: records.into_iter().collect(), ..Page::empty(Next::UpToDate(cursor(0))) }
}

pub(super) fn deal(id: &str, name: &str, version: i64) -> Stamped {
    let record = Deal { name: Some(name.to_owned()), stage: Some("s".to_owned()), ..Deal::default() };
    Stamped { id: id.to_owned(), version: Timestamp(version), record: record.into() }
}

pub(super) fn stage(id: &str) -> Stamped {
    let record = Stage { name: Some(id.to_owned()), ..Stage::default() };
    Stamped { id: id.to_owned(), version: Timestamp(1), record: record.into() }
}

fn stage_change(deal: &str) -> Stamped {
    let record = StageChange { deal: Some(deal.to_owned()), stage: Some("s".to_owned()), ..StageChange::default() };
    Stamped { id: format!("{deal}/1"), version: Timestamp(1), record: record.into() }
}

/// The same page, whose records ask for their details.
pub(super) fn with_details(page: Page) -> Page {
    let pending = |stamped: &Stamped| PendingId { object: stamped.record.object(), id: stamped.id.clone() };
    Page { pending: page.records.iter().map(pending).collect(), ..page }
}

pub(super) fn unreadable(count: usize) -> Page {
    let record = |at| Unreadable {
        object: Object::Deal,
        id: format!("deals.csv:{at}"),
        reason: Reason::InvalidValue,
        detail: "column close_date is no date".to_owned(),
    };
    Page { unreadable: (0..count).map(record).collect(), ..page([]) }
}
