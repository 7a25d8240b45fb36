//! The invented world: what all its parts share, and how much happens on a day.

use chrono::{Datelike as _, NaiveDate};

use super::cast::{Cast, PEOPLE};
use super::random::Dice;
use super::settings::USUAL_YEARS;
use super::time::{DAY, date, day_of, quarter_start};

/// What dice are thrown for: their first key.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub(super) enum Topic {
    Account = 1,
    Contact,
    Duplicate,
    LeadCount,
    LeadFate,
    Lead,
    DealCount,
    Deal,
    DealFate,
    DealActivity,
    Focus,
    Calls,
    Emails,
    Executives,
    Tasks,
    Rate,
}

/// A world. Its state at any instant follows from these alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct World {
    seed: u64,
    /// How much happens, as a multiple of what is usual.
    pub(super) pace: f64,
    /// First day of its history, from 1970: that of a quarter, at least so many years before the anchor as are told.
    pub(super) start: i64,
    pub(super) cast: Cast,
    anchor: i64,
}

/// Planted: calls grew from so many days before the anchor to so many before it.
const GROWTH: (i64, i64) = (430, 190);

/// Per month: how many leads come and deals begin, against the mean of the year.
const SEASON: [f64; 12] = [1.0, 1.05, 1.1, 1.05, 1.0, 0.95, 0.85, 0.8, 1.1, 1.15, 1.1, 0.85];

impl World {
    /// The world of a seed with a history of so many years, whose newest stories are told from the day `anchor`.
    pub(super) fn new(seed: u64, pace: f64, anchor: NaiveDate, years: u32) -> World {
        let anchor = day_of(anchor);
        let more = i64::from(years.saturating_sub(USUAL_YEARS)) * 366;
        World { seed, pace, start: quarter_start(anchor - 731 - more), cast: Cast::new(anchor, more), anchor }
    }

    /// First instant of its history.
    pub(super) fn begins_at(&self) -> i64 {
        self.start * DAY
    }

    /// First instant of the so many days before the anchor.
    pub(super) fn days_before(&self, days: u32) -> i64 {
        (self.anchor - i64::from(days)) * DAY
    }

    /// How far calls have grown on a day: from 0 to 1.
    pub(super) fn growth(&self, day: i64) -> f64 {
        let (from, to) = GROWTH;
        let grown = (day - (self.anchor - from)) as f64 / (from - to) as f64;
        grown.clamp(0.0, 1.0)
    }

    pub(super) fn dice(&self, topic: Topic, a: i64, b: u64) -> Dice {
        Dice::new(self.seed, [topic as u64, a.cast_unsigned(), b])
    }

    /// How much a day of this season brings, with the pace.
    pub(super) fn season(&self, day: i64) -> f64 {
        SEASON[date(day).month0() as usize] * self.pace
    }

    /// Planted: how many executives a closer meets in a month, against what is usual. What the month before brought
    /// counts for the odds of a deal.
    pub(super) fn focus(&self, person: usize, month: i64) -> f64 {
        let swing = 0.4 + 1.2 * self.dice(Topic::Focus, month, person as u64).unit();
        f64::from(PEOPLE[person].focus) / 100.0 * swing
    }
}

/// Ids of records: the kind of record, the day that it belongs to and its number on that day, in decimal places.
pub(super) fn id(kind: u64, day: i64, number: u64) -> u64 {
    (kind * 100_000 + day.unsigned_abs() % 100_000) * 1_000_000 + number
}

/// The id of a person's user.
pub(super) fn user_id(person: usize) -> String {
    (101 + person).to_string()
}
