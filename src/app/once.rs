//! What runs once and ends: catching up, a snapshot, an explanation.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::bail;
use chrono::NaiveDate;
use tokio_util::sync::CancellationToken;

use super::explained::Asking;
use super::in_force::InForce;
use super::parts::Parts;
use super::{explained, figures, now};
use crate::calendar::Period;
use crate::domain::{Timestamp, When};
use crate::facts::{Coverage, Facts, View};
use crate::goals::Usual;
use crate::goals::plan::Plan;
use crate::metrics::{self, Frame, Horizon};
use crate::reports::{self, Answer, Backtest, Replay};
use crate::setting::Selector;
use crate::snapshot::Snapshot;
use crate::store::{Reader, Store};
use crate::sync::{Patience, Progress, Shared, Syncer, Verdict};

/// The instant that figures are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instant {
    /// When they are made.
    Now,
    /// That instant, or the last one of that day in the business zone.
    At(When),
}

impl Instant {
    pub(super) fn of(self, parts: &Parts) -> Timestamp {
        match self {
            Instant::Now => now(),
            Instant::At(When::At(at)) => at,
            Instant::At(When::On(date)) => {
                let next = date.succ_opt().unwrap_or(date);
                parts.calendar.start_of(next).plus_millis(-1)
            }
        }
    }
}

/// Reads an instant, or a date, which stands for the whole of that day.
pub fn parse_when(text: &str) -> Result<When, String> {
    let text = text.trim();
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Ok(When::On(date));
    }
    text.parse::<Timestamp>().map(When::At).map_err(|_| {
        "write an instant with its offset, such as 2026-11-21T17:00:00Z or 2026-11-21T12:00:00-05:00, or a date, such \
         as 2026-11-21, for the end of that day"
            .to_owned()
    })
}

/// Catches up with all sources, one after the other. Ends in an error if a source could not be read whole.
pub async fn sync(parts: &Parts, progress: &dyn Progress, shutdown: &CancellationToken) -> anyhow::Result<()> {
    if parts.sources.is_empty() {
        bail!("no source is configured: name one under sources");
    }
    let meter = parts.meter.clone();
    let (store, keys) = figures::open_store(parts)?;
    let shared = Shared { store: Arc::new(Mutex::new(store)), meter, clock: Arc::new(now), sink: Arc::new(|_| {}) };
    let mut failed = Vec::new();
    for (source, key) in parts.sources.iter().zip(keys) {
        let mut syncer = Syncer::new(source.upstream(key), shared.clone(), Patience::ONE_SHOT);
        match syncer.poll(progress, shutdown).await.verdict {
            Verdict::Complete => {}
            Verdict::Failed => failed.push(source.name.as_str()),
            Verdict::Interrupted => bail!("interrupted; what was stored stays, the next sync goes on from there"),
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => bail!("not all could be read from {}; see above", failed.join(", ")),
    }
}

/// Deletes the rows of a source that the settings no longer have, and tells how many there were.
pub fn prune(parts: &Parts, source: &str) -> anyhow::Result<u64> {
    if parts.sources.iter().any(|configured| configured.name == source) {
        bail!("{source} is still in the settings: take it out there first");
    }
    let mut store = Store::open(&existing_store(parts)?, now())?;
    Ok(store.prune(source)?)
}

/// The store's file, which must be there.
fn existing_store(parts: &Parts) -> anyhow::Result<PathBuf> {
    let path = parts.store_path();
    if !path.exists() {
        bail!("there is no store at {} yet: run `crm_exporter sync` first", path.display());
    }
    Ok(path)
}

/// Figures as of an instant, from the store alone.
pub fn snapshot(parts: &Arc<Parts>, instant: Instant) -> anyhow::Result<Snapshot> {
    let stored = Stored::open(parts)?;
    Ok(Snapshot::new(&stored.facts, &parts.people, &parts.options, &stored.coverage, instant.of(parts)))
}

/// A question for what is usual.
pub struct Asked {
    /// What is measured, as a goal's `measure` says it.
    pub selector: &'static str,
    /// In which period.
    pub period: Period,
    /// By how many finished periods at most.
    pub most: usize,
}

/// What is usual on the floor, by the records in the store: an answer for each question, none where nobody can tell.
pub fn usual(parts: &Arc<Parts>, asked: &[Asked]) -> anyhow::Result<Vec<Option<Usual>>> {
    let stored = Stored::open(parts)?;
    let view = View::new(&stored.facts, &parts.people, &stored.coverage, now());
    let frame = Frame::new(&view, &parts.options);
    let answer = |asked: &Asked| frame.usual(asked.selector, asked.period, asked.most).map_err(anyhow::Error::msg);
    asked.iter().map(answer).collect()
}

/// How good the forecast of the quarters finished by an instant has been, from the store alone.
pub fn backtest(parts: &Arc<Parts>, replay: Replay, instant: Instant) -> anyhow::Result<Backtest> {
    let stored = Stored::open(parts)?;
    let backtest = reports::backtest(&stored.facts, &parts.people, &stored.coverage, instant.of(parts), replay);
    if backtest.quarters.is_empty() {
        bail!("no finished quarter has deals of the year before it to learn from: nothing to replay yet");
    }
    Ok(backtest)
}

/// What one figure is made of, from the store alone. At most `limit` records are listed of each part.
pub fn explain(parts: &Arc<Parts>, selector: &Selector, instant: Instant, limit: usize) -> anyhow::Result<Answer> {
    let stored = Stored::open(parts)?;
    let view = View::new(&stored.facts, &parts.people, &stored.coverage, instant.of(parts));
    explained::answer(parts, &view, &stored.reader, None, &Asking { selector: selector.clone(), limit })
}

/// Plans of an instant.
pub struct Planned {
    /// The instant.
    pub at: Timestamp,
    /// In the order of goals and teams.
    pub plans: Vec<Plan>,
}

/// What it takes to reach the targets of goals on value won, from the store alone.
pub fn plan(parts: &Arc<Parts>, horizon: Horizon, instant: Instant) -> anyhow::Result<Planned> {
    let stored = Stored::open(parts)?;
    let at = instant.of(parts);
    let view = View::new(&stored.facts, &parts.people, &stored.coverage, at);
    Ok(Planned { at, plans: metrics::plans(&Frame::new(&view, &parts.options), horizon) })
}

/// The store, opened for reading beside whoever writes it, and its facts.
pub(super) struct Stored {
    reader: Reader,
    /// The facts.
    pub(super) facts: Facts,
    /// What the records are good for.
    pub(super) coverage: Coverage,
}

impl Stored {
    pub(super) fn open(parts: &Arc<Parts>) -> anyhow::Result<Stored> {
        let reader = Reader::open(&existing_store(parts)?)?;
        let keys = figures::source_keys(parts, &reader)?;
        let delivered = figures::delivered(parts, &reader, &keys)?;
        let in_force = InForce::new(parts.clone(), keys, now()).without_withheld(&delivered);
        let facts = figures::load(&in_force, &reader)?;
        let coverage = figures::coverage(&in_force, &delivered);
        Ok(Stored { reader, facts, coverage })
    }
}
