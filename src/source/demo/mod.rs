//! An invented sales floor that goes on living: for a first look, for trying settings out, and for tests.
//!
//! Three teams in three time zones work round the clock and every day. Nothing is stored and nothing is drawn from a
//! clock: the floor at any instant follows from the seed, the pace, the anchor (the day that people's stories are told
//! from) and that instant alone. Whoever polls it in small steps holds what one late load brings.
//!
//! Who works there is in `cast`, how much happens in `world`; `market`, `leads`, `deals` (with `path` and `pipelines`),
//! `day` (with `calls`), `money` and `people` make the records, each of which goes through `activity` or `news`.
//!
//! # Planted truths
//!
//! Known causes, so that analyses can be judged by whether they find them (docs/demo.md tells them to users):
//!
//! - *New business* loses far more deals in *Proposal* than in any other stage (`pipelines`).
//! - Amara Okonjola wins far more of her deals than others, Piers Holloway-Finch far fewer (`cast`).
//! - Meetings with executives drive wins: how many a closer had in a month moves the odds in the next (`path`).
//! - E-mails do nothing: who writes many wins as often as who writes few (`cast`).
//! - Calls grew for eight months and have been flat for the last six before the anchor (`day`).
//! - EMEA answers leads hours later than the others (`leads`).
//! - Wins bunch in the last days of a quarter (`path`).

mod activity;
mod calls;
mod cast;
mod cursor;
mod day;
mod deals;
mod file;
mod leads;
mod market;
mod money;
mod news;
mod path;
mod people;
mod pipelines;
mod random;
mod settings;
mod time;
mod world;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use chrono::NaiveDate;
use config::Value;

use self::cursor::State;
use self::news::News;
use self::settings::Settings;
use self::time::DAY;
use self::world::World;
use super::{Cadence, Context, Kind, Source, SourceError, Stream};
use crate::domain::{Cursor, Dictionary, Next, Object, Page, Timestamp};
use crate::setting::{self, Problem};

pub use self::file::{DemoFloor, demo_settings};

/// About so many records come with a usual day, with and without activities.
const RECORDS_A_DAY: (f64, f64) = (800.0, 220.0);
/// About so many records make a page: few enough to take little memory.
const RECORDS_A_PAGE: f64 = 500.0;

/// The kind `demo`.
pub(super) const KIND: Kind = Kind {
    name: "demo",
    whole_history: true,
    // It speaks the product's own words.
    dictionary: Dictionary::EMPTY,
    build,
};

fn build(settings: Value, context: &Context) -> Result<Box<dyn Source>, Problem> {
    Ok(Box::new(Demo::new(&setting::read(settings)?, context.history_days)?))
}

/// The floor.
#[derive(Debug)]
struct Demo {
    seed: u64,
    pace: f64,
    /// Years of history.
    years: u32,
    anchor: Option<NaiveDate>,
    until: Option<Timestamp>,
    /// Activities of so many days before the anchor are told.
    history_days: Option<u32>,
    streams: Vec<Stream>,
}

impl Demo {
    fn new(settings: &Settings, history_days: Option<u32>) -> Result<Demo, Problem> {
        let (pace, years) = (settings.pace()?, settings.years()?);
        let (seed, anchor, until) = (settings.seed, settings.anchor, settings.until()?);
        let fingerprint = format!("demo/{}/{seed}/{pace}/{anchor:?}/{history_days:?}/{years}", cursor::FORM);
        // One stream, so that there is one anchor.
        let stream = Stream {
            name: "floor".to_owned(),
            objects: Object::ALL.to_vec(),
            cadence: Cadence::EveryPoll,
            fingerprint,
            details_batch: 0,
        };
        Ok(Demo { seed, pace, years, anchor, until, history_days, streams: vec![stream] })
    }

    /// What has changed since the cursor, as far as it fits on a page.
    fn page_after(&self, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError> {
        let now = self.until.map_or(now, |until| now.min(until));
        let from = from.map(State::read).transpose()?;
        let anchor = from.map(|state| state.anchor).or(self.anchor).unwrap_or_else(|| now.utc().date_naive());
        let world = World::new(self.seed, self.pace, anchor, self.years);
        let after = from.map_or(world.begins_at() - 1, |state| state.told_until);
        let activities_since = self.history_days.map_or(i64::MIN, |days| world.days_before(days));
        let (busy, calm) = RECORDS_A_DAY;
        let records_a_day = if after < activities_since { calm } else { busy };
        let days = (RECORDS_A_PAGE / records_a_day / self.pace).max(0.5);
        let until = now.0.min(after.saturating_add((days * DAY as f64) as i64)).max(after);
        let news = tell(&world, after, until, activities_since);
        let next = State::at(anchor, Timestamp(until)).write();
        let next = if until < now.0 { Next::More(next) } else { Next::UpToDate(next) };
        Ok(Page { records: news.records, gone: news.gone, merged: news.merged, ..Page::empty(next) })
    }
}

/// Everything that has changed after one instant and up to another; of activities, those since a third.
fn tell(world: &World, after: i64, until: i64, activities_since: i64) -> News {
    let mut news = News::new(after, until, activities_since);
    if after < until {
        money::tell(world, &mut news);
        people::tell(world, &mut news);
        pipelines::tell(world, &mut news);
        market::tell(world, &mut news);
        leads::tell(world, &mut news);
        deals::tell(world, &mut news);
        day::tell(world, &mut news);
    }
    news
}

#[async_trait]
impl Source for Demo {
    fn streams(&self) -> &[Stream] {
        &self.streams
    }

    async fn page(&self, _stream: &Stream, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError> {
        // A page takes some milliseconds; making it needs no thread of its own.
        self.page_after(from, now)
    }
}
