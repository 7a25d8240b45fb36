//! The past as files: which days, checked against what is held, written by all cores, taken up again where it was left.

mod directory;
mod request;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::once::Stored;
use super::parts::Parts;
use crate::domain::{Span, Timestamp};
use crate::reports::backfill::{Backfill, Choice, Instants, Past};
use directory::Directory;

pub use request::PastAsked;

/// What is told while the past is written.
#[derive(Debug)]
pub enum Step {
    /// What is to be done.
    Begun(Outline),
    /// One more day is done.
    DayDone,
}

/// What a backfill comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outline {
    /// The first instant.
    pub first: Timestamp,
    /// The last one.
    pub last: Timestamp,
    /// Number of instants.
    pub instants: u64,
    /// Number of days, which is that of files.
    pub days: usize,
    /// How many of them an earlier run has made.
    pub made_before: usize,
    /// Number of series at the last instant. Earlier there may be others.
    pub series: usize,
    /// About how long all files are together.
    pub bytes: u64,
    /// Figures of activities begin here, where that is later than the first instant.
    pub activities_since: Option<Timestamp>,
}

/// What a run has made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Made {
    /// Number of files.
    pub files: usize,
    /// Number of samples.
    pub samples: u64,
}

/// Writes the figures of the past, one file a day of UTC. Days of which a file is there already are passed over.
///
/// # Errors
///
/// When it is asked for what cannot be told, and when files cannot be read or written.
pub fn backfill(parts: &Arc<Parts>, asked: &PastAsked, told: &(dyn Fn(Step) + Sync)) -> anyhow::Result<Made> {
    let choice = Choice::new(&asked.metrics, &parts.options)?;
    let backfill = Backfill::new(choice, &asked.labels)?;
    let instants = asked.instants(parts)?;
    let stored = Stored::open(parts)?;
    request::check(&instants, &stored, parts, super::now())?;
    let past =
        Past { facts: &stored.facts, people: &parts.people, options: &parts.options, coverage: &stored.coverage };
    let outline = outline(&backfill, past, &instants)?;
    let directory = Directory::open(&asked.output, asked, &instants, parts.fingerprint())?;
    let days: Vec<Span> = instants.days().filter(|day| !directory.has(*day)).collect();
    told(Step::Begun(Outline { made_before: outline.days - days.len(), ..outline }));
    let work = Work { backfill: &backfill, past, instants: &instants, directory: &directory };
    work.on_all_cores(&days, told)
}

/// What it comes to, judged by the last instant.
fn outline(backfill: &Backfill, past: Past<'_>, instants: &Instants) -> anyhow::Result<Outline> {
    let probe = backfill.record(past, [instants.last()]);
    anyhow::ensure!(probe.series() > 0, "at {} there is no series of those that are wanted", instants.last());
    let mut text = Vec::new();
    probe.write(&mut text)?;
    Ok(Outline {
        first: instants.first(),
        last: instants.last(),
        instants: instants.count(),
        days: instants.days().count(),
        made_before: 0,
        series: probe.series(),
        bytes: text.len() as u64 * instants.count(),
        activities_since: past.coverage.activities_since.filter(|since| *since > instants.first()),
    })
}

/// What threads share that write days.
struct Work<'a> {
    backfill: &'a Backfill,
    past: Past<'a>,
    instants: &'a Instants,
    directory: &'a Directory,
}

impl Work<'_> {
    /// Writes the days, as many at once as there are cores. The first failure ends it.
    fn on_all_cores(&self, days: &[Span], told: &(dyn Fn(Step) + Sync)) -> anyhow::Result<Made> {
        let next = AtomicUsize::new(0);
        let result = Mutex::new(Ok(Made::default()));
        let worker = || {
            while let Some(day) = days.get(next.fetch_add(1, Ordering::Relaxed)) {
                let written = self.write(*day);
                let mut result = result.lock().unwrap_or_else(PoisonError::into_inner);
                match (&mut *result, written) {
                    (Ok(made), Ok(more)) => made.add(more),
                    (Ok(_), Err(error)) => *result = Err(error),
                    (Err(_), _) => {}
                }
                if result.is_err() {
                    return;
                }
                drop(result);
                told(Step::DayDone);
            }
        };
        let cores = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            (0..cores.min(days.len())).for_each(|_| drop(scope.spawn(worker)));
        });
        result.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, day: Span) -> anyhow::Result<Made> {
        let recording = self.backfill.record(self.past, self.instants.within(day));
        self.directory.write(day, &recording)?;
        Ok(Made { files: 1, samples: recording.samples() })
    }
}

impl Made {
    fn add(&mut self, more: Made) {
        self.files += more.files;
        self.samples += more.samples;
    }
}
