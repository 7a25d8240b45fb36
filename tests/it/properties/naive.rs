//! Windows by dates alone, worked out in another way than the product's: every local date is looked for minute by
//! minute, and working time is added up day by day. Only for zones whose clocks change outside working hours.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A business calendar: weeks begin on Monday, work is from 09:00 to 17:00 from Monday to Friday.
pub(super) struct Naive {
    pub(super) zone: Tz,
    /// First month of the fiscal year.
    pub(super) first_month: u32,
    starts: HashMap<NaiveDate, i64>,
}

impl Naive {
    pub(super) fn new(zone: Tz, first_month: u32) -> Naive {
        Naive { zone, first_month, starts: HashMap::new() }
    }

    fn local_date(&self, millis: i64) -> NaiveDate {
        DateTime::<Utc>::from_timestamp_millis(millis).unwrap().with_timezone(&self.zone).date_naive()
    }

    /// The first minute whose local date is `date` or later.
    pub(super) fn start_of(&mut self, date: NaiveDate) -> i64 {
        if let Some(start) = self.starts.get(&date) {
            return *start;
        }
        let noon = date.and_hms_opt(12, 0, 0).unwrap().and_utc().timestamp_millis();
        let mut minutes = (-40 * 60..16 * 60).map(|minutes| noon + minutes * MINUTE);
        let start = minutes.find(|minute| self.local_date(*minute) >= date).unwrap();
        self.starts.insert(date, start);
        start
    }

    /// The last date that has begun.
    pub(super) fn today(&mut self, now: i64) -> NaiveDate {
        let mut date = self.local_date(now) + Days::new(2);
        while self.start_of(date) > now {
            date = date - Days::new(1);
        }
        date
    }

    /// First dates of the period that contains `date`, and of the next one.
    fn period(&self, name: &str, date: NaiveDate) -> (NaiveDate, NaiveDate) {
        let month = date.with_day(1).unwrap();
        // How many months of the fiscal year are over.
        let over = (month.month() + 12 - self.first_month) % 12;
        let months = |back: u32, count: u32| {
            let first = month - Months::new(back);
            (first, first + Months::new(count))
        };
        match name {
            "day" => (date, date + Days::new(1)),
            "week" => {
                let monday = date - Days::new(u64::from(date.weekday().number_from_monday() - 1));
                (monday, monday + Days::new(7))
            }
            "month" => months(0, 1),
            "quarter" => months(over % 3, 3),
            "year" => months(over, 12),
            other => panic!("no period {other}"),
        }
    }

    /// First and last instant of a window at `now`; none if it is empty.
    pub(super) fn window(&mut self, name: &str, now: i64) -> Option<(i64, i64)> {
        let today = self.today(now);
        if let Some(days) = name.strip_suffix('d') {
            let first = today - Days::new(days.parse::<u64>().unwrap() - 1);
            return Some((self.start_of(first), now));
        }
        let Some(previous) = name.strip_prefix("previous_") else {
            let (first, _) = self.period(name, today);
            return Some((self.start_of(first), now));
        };
        let period = previous.trim_end_matches("_to_date");
        let (current, _) = self.period(period, today);
        let (first, next) = self.period(period, current - Days::new(1));
        let (start, end) = (self.start_of(first), self.start_of(next));
        let behind = match previous.ends_with("_to_date") {
            true => self.worked_until(first, next, self.worked(current, now)).unwrap_or(end),
            false => end,
        };
        (behind > start).then_some((start, behind - 1))
    }

    /// Working hours of a date, as its first and last instants.
    fn hours(&self, date: NaiveDate) -> Option<(i64, i64)> {
        let at = |hour| {
            let local = date.and_hms_opt(hour, 0, 0).unwrap().and_local_timezone(self.zone);
            local.single().map(|at| at.timestamp_millis())
        };
        if date.weekday().number_from_monday() > 5 { None } else { at(9).zip(at(17)) }
    }

    /// Working time from the start of `first` to `now`.
    fn worked(&self, first: NaiveDate, now: i64) -> i64 {
        let days = first.iter_days().take_while(|date| self.hours_begin(*date) <= now);
        days.filter_map(|date| self.hours(date)).map(|(from, to)| (now.min(to) - from).max(0)).sum()
    }

    fn hours_begin(&self, date: NaiveDate) -> i64 {
        // A day outside work ends the walk no earlier than its own midnight in any zone.
        let midnight = date.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_millis();
        self.hours(date).map_or(midnight - 16 * HOUR, |(from, _)| from)
    }

    /// When so much working time of a period was over; none if it never was.
    fn worked_until(&mut self, first: NaiveDate, next: NaiveDate, worked: i64) -> Option<i64> {
        if worked == 0 {
            return Some(self.start_of(first));
        }
        let mut left = worked;
        for (from, to) in first.iter_days().take_while(|date| *date < next).filter_map(|date| self.hours(date)) {
            if left <= to - from {
                return Some(from + left);
            }
            left -= to - from;
        }
        None
    }
}
