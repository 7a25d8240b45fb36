//! When a floor works: its hours on the working days of its zone, less holidays.
//!
//! An instant is working time when its local date is a working day and the clock then shows a working hour. So time
//! across a clock change is real time: an hour that the clock skips is none, one that it repeats is two.
//!
//! Working time is asked for once a record at every refresh. It is counted in closed form from a fixed day: whole weeks,
//! less the days off, plus what clock changes added or took; no day is walked, however long the span.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;

use super::absences::Absences;
use super::hours::Hours;
use super::zone::{DAY, Zone, date_of, day_of};
use crate::domain::{Span, Timestamp};

const MINUTE: i64 = 60_000;

/// A Monday, as days since 1970-01-01: weeks are counted from it.
const MONDAY: i64 = -3;

/// After this day (9999-12-31) no working time is looked for.
const LAST_DAY: i64 = 2_932_896;

/// Working days and hours of a team, or of the default calendar.
#[derive(Debug)]
pub struct Schedule {
    zone: Arc<Zone>,
    hours: Hours,
    week: Week,
    /// Days that the week would have worked and that are holidays or that the zone skipped; in order.
    off: Vec<i64>,
    /// Working days whose length a clock change altered, in order, each with the sum of the changes to its end.
    altered: Vec<(i64, i64)>,
}

impl Schedule {
    pub(super) fn new(zone: Arc<Zone>, hours: Hours, weekdays: &[Weekday], holidays: &BTreeSet<NaiveDate>) -> Schedule {
        let week = Week::new(weekdays);
        let odd = zone.odd_days();
        let skipped = odd.iter().copied().filter(|day| skips(&zone, *day));
        let mut off: Vec<i64> = holidays.iter().map(|date| day_of(*date)).chain(skipped).collect();
        off.retain(|day| week.works_on(*day));
        off.sort_unstable();
        off.dedup();
        let mut schedule = Schedule { zone, hours, week, off, altered: Vec::new() };
        schedule.altered = schedule.alterations(&odd);
        schedule
    }

    /// The zone of the working hours and dates.
    pub fn zone(&self) -> Tz {
        self.zone.tz()
    }

    /// The local date of an instant.
    pub fn date(&self, at: Timestamp) -> NaiveDate {
        self.zone.date(at)
    }

    /// First instant of a local date.
    pub fn start_of(&self, date: NaiveDate) -> Timestamp {
        self.zone.start_of(date)
    }

    /// Days of the week on which the floor works, from Monday on.
    pub fn weekdays(&self) -> impl Iterator<Item = Weekday> {
        let days = (0_u8..7).filter_map(|day| Weekday::try_from(day).ok());
        days.zip(self.week.works).filter_map(|(day, works)| works.then_some(day))
    }

    /// First minute and end of each range of working hours, in minutes since midnight by the clock on the wall, in order.
    pub fn hours(&self) -> impl Iterator<Item = (u32, u32)> {
        // Hours are read to the minute, up to 24:00.
        let minutes = |millis: i64| (millis / MINUTE) as u32;
        self.hours.ranges().iter().map(move |(start, end)| (minutes(*start), minutes(*end)))
    }

    /// The holidays that the week would have worked, in order.
    pub fn holidays(&self) -> impl Iterator<Item = NaiveDate> {
        self.off.iter().filter(|day| !skips(&self.zone, **day)).map(|day| date_of(*day))
    }

    /// Whether the floor works on a local date.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.works_on(day_of(date))
    }

    /// Working days from `first` to `last`, both included; 0 if `last` is before `first`.
    pub fn working_days(&self, first: NaiveDate, last: NaiveDate) -> u32 {
        let days = self.days_before(day_of(last) + 1) - self.days_before(day_of(first));
        u32::try_from(days).unwrap_or(0)
    }

    /// Working time inside `span`, in milliseconds of real time; 0 if it is empty.
    pub fn working_millis(&self, span: Span) -> i64 {
        if span.is_empty() { 0 } else { self.millis_until(span.end) - self.millis_until(span.start) }
    }

    /// First instant at which `working_millis` of working time have passed since `start`: `start` itself where that is
    /// none. Absent where it lies after the year 9999.
    pub fn instant_after(&self, start: Timestamp, working_millis: i64) -> Option<Timestamp> {
        if working_millis <= 0 {
            return Some(start);
        }
        let target = self.millis_until(start).checked_add(working_millis)?;
        let day = self.day_that_reaches(self.zone.place(start).day, target)?;
        let mut left = target - self.millis_before(day);
        for (from, to) in self.intervals(day) {
            if left <= to - from {
                return Some(Timestamp(from + left));
            }
            left -= to - from;
        }
        None
    }

    /// First instant of `span` at which `working_millis` of its working time have passed; its end where it has less.
    pub fn instant_within(&self, span: Span, working_millis: i64) -> Timestamp {
        self.instant_after(span.start, working_millis).map_or(span.end, |at| at.min(span.end))
    }

    /// [`Schedule::working_days`] of a person who is away at times.
    pub fn present_days(&self, first: NaiveDate, last: NaiveDate, away: &Absences) -> u32 {
        let absent = away.ranges().iter().map(|&(from, to)| self.working_days(from.max(first), to.min(last)));
        self.working_days(first, last) - absent.sum::<u32>()
    }

    /// [`Schedule::working_millis`] of a person who is away at times.
    pub fn present_millis(&self, span: Span, away: &Absences) -> i64 {
        let absent = away.ranges().iter().map(|&(from, to)| {
            let away = self.zone.dates(from, to);
            self.working_millis(Span { start: away.start.max(span.start), end: away.end.min(span.end) })
        });
        self.working_millis(span) - absent.sum::<i64>()
    }

    fn works_on(&self, day: i64) -> bool {
        self.week.works_on(day) && self.off.binary_search(&day).is_err()
    }

    /// Working days before `day`, counted from a fixed one.
    fn days_before(&self, day: i64) -> i64 {
        self.week.days_before(day) - self.off.partition_point(|off| *off < day) as i64
    }

    /// Working milliseconds before `day` begins, counted from a fixed one.
    fn millis_before(&self, day: i64) -> i64 {
        let altered = match self.altered.partition_point(|(altered, _)| *altered < day) {
            0 => 0,
            count => self.altered[count - 1].1,
        };
        self.days_before(day) * self.hours.of_a_day() + altered
    }

    /// Working milliseconds before an instant, counted from a fixed day.
    fn millis_until(&self, at: Timestamp) -> i64 {
        let place = self.zone.place(at);
        let today = match place.since_midnight {
            _ if !self.works_on(place.day) => 0,
            Some(since_midnight) => self.hours.until(since_midnight),
            None => self.intervals(place.day).map(|(from, to)| at.0.clamp(from, to) - from).sum(),
        };
        self.millis_before(place.day) + today
    }

    /// The first day, from `day` on, at whose end `target` has been reached.
    fn day_that_reaches(&self, day: i64, target: i64) -> Option<i64> {
        let reaches = |day: i64| self.millis_before(day + 1) >= target;
        let (mut low, mut step) = (day, 1);
        while !reaches(low + step) {
            low += step;
            step *= 2;
            if low > LAST_DAY {
                return None;
            }
        }
        let mut high = low + step;
        while low < high {
            let middle = low + (high - low) / 2;
            if reaches(middle) { high = middle } else { low = middle + 1 }
        }
        (low <= LAST_DAY).then_some(low)
    }

    /// The working time of a working day in real time: from and to in milliseconds since 1970, in order.
    fn intervals(&self, day: i64) -> impl Iterator<Item = (i64, i64)> {
        // Where clocks went back over midnight, they show the late hours of the day before once more.
        let midnights = [(day - 1) * DAY, day * DAY];
        self.zone.pieces(day).flat_map(move |piece| {
            midnights.into_iter().flat_map(move |midnight| {
                self.hours.ranges().iter().filter_map(move |(start, end)| {
                    let from = (midnight + start - piece.offset).max(piece.start);
                    let to = (midnight + end - piece.offset).min(piece.end);
                    (from < to).then_some((from, to))
                })
            })
        })
    }

    /// What clock changes added to the working time, or took from it, summed up.
    fn alterations(&self, odd_days: &[i64]) -> Vec<(i64, i64)> {
        let mut total = 0;
        let mut altered = Vec::new();
        for &day in odd_days.iter().filter(|day| self.works_on(**day)) {
            let change = self.intervals(day).map(|(from, to)| to - from).sum::<i64>() - self.hours.of_a_day();
            if change != 0 {
                total += change;
                altered.push((day, total));
            }
        }
        altered
    }
}

/// Whether a zone has no such day: clocks were moved from its midnight to the next.
fn skips(zone: &Zone, day: i64) -> bool {
    zone.start_of_day(day) == zone.start_of_day(day + 1)
}

/// The days of a week on which a floor works.
#[derive(Debug)]
struct Week {
    works: [bool; 7],
    /// Working days of a week before each of its days, from Monday; the last is the whole week's.
    before: [i64; 8],
}

impl Week {
    fn new(weekdays: &[Weekday]) -> Week {
        let mut works = [false; 7];
        for weekday in weekdays {
            works[weekday.num_days_from_monday() as usize] = true;
        }
        let mut before = [0; 8];
        for (index, works) in works.iter().enumerate() {
            before[index + 1] = before[index] + i64::from(*works);
        }
        Week { works, before }
    }

    fn works_on(&self, day: i64) -> bool {
        self.works[(day - MONDAY).rem_euclid(7) as usize]
    }

    fn days_before(&self, day: i64) -> i64 {
        let since = day - MONDAY;
        since.div_euclid(7) * self.before[7] + self.before[since.rem_euclid(7) as usize]
    }
}

#[cfg(test)]
mod tests;
