//! What runs once and ends: catching up, a snapshot, an explanation.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, bail};
use tokio_util::sync::CancellationToken;

use super::in_force::InForce;
use super::parts::Parts;
use super::{figures, now};
use crate::calendar::Period;
use crate::domain::{Key, Timestamp, When};
use crate::facts::{Coverage, Facts, View};
use crate::goals::Usual;
use crate::goals::plan::Plan;
use crate::metrics::{self, Frame, Horizon};
use crate::reports::{self, Backtest, Explanation, Replay};
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

/// The records behind one figure, from the store alone.
pub struct Explained {
    /// The figure.
    pub explanation: Explanation,
    /// The instant that it was asked for.
    pub at: Timestamp,
    /// For every record of every part: what its CRM calls it.
    pub records: Vec<Vec<ExplainedRecord>>,
}

/// A record as its CRM knows it.
pub struct ExplainedRecord {
    /// Name of its source.
    pub source: String,
    /// The CRM's id.
    pub id: String,
    /// Its page in the CRM, where there is one.
    pub url: Option<String>,
}

/// Finds the records behind one figure.
pub fn explain(parts: &Arc<Parts>, selector: &Selector, instant: Instant) -> anyhow::Result<Explained> {
    let stored = Stored::open(parts)?;
    let at = instant.of(parts);
    let view = View::new(&stored.facts, &parts.people, &stored.coverage, at);
    let explanation = reports::explain(&Frame::new(&view, &parts.options), selector)?;
    let known = stored.reader.sources()?;
    let record = |line: &reports::RecordLine| -> anyhow::Result<ExplainedRecord> {
        let (key, id) =
            stored.reader.id_of(line.object, Key(line.record))?.context("the store has lost a record that counts")?;
        let name = known.iter().find(|info| info.key == key).map_or("", |info| info.name.as_str());
        let source = parts.sources.iter().find(|source| source.name == name);
        let url = source.and_then(|source| source.source.page_url(line.object, &id));
        Ok(ExplainedRecord { source: name.to_owned(), id, url })
    };
    let part = |part: &reports::Part| part.records.iter().map(record).collect::<anyhow::Result<Vec<_>>>();
    let records = explanation.parts.iter().map(part).collect::<anyhow::Result<_>>()?;
    Ok(Explained { explanation, at, records })
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
