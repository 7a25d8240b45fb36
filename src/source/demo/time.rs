//! Days and instants as plain numbers: days from 1970-01-01, milliseconds from its first instant.

use chrono::{Datelike as _, NaiveDate};

use crate::domain::{Timestamp, When};

pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// The date of a day.
pub(super) fn date(day: i64) -> NaiveDate {
    Timestamp(day * DAY).utc().date_naive()
}

/// The day of a date.
pub(super) fn day_of(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}

/// The UTC day of an instant.
pub(super) fn utc_day(at: i64) -> i64 {
    at.div_euclid(DAY)
}

/// The number of the month of a day, counted from the year 0.
pub(super) fn month(day: i64) -> i64 {
    let date = date(day);
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// First day of the calendar quarter of a day.
pub(super) fn quarter_start(day: i64) -> i64 {
    let date = date(day);
    let first = NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1);
    first.map_or(day, day_of)
}

/// First day of the quarter after the one of a day.
pub(super) fn next_quarter(day: i64) -> i64 {
    // A quarter has at most 92 days, and so has the next.
    quarter_start(quarter_start(day) + 95)
}

/// A field that holds an instant.
pub(super) fn at(instant: i64) -> Option<When> {
    Some(When::At(Timestamp(instant)))
}

/// A field that holds a date.
pub(super) fn on(day: i64) -> Option<When> {
    Some(When::On(date(day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_months_and_quarters_are_those_of_the_calendar() {
        let day = |text: &str| day_of(text.parse().unwrap());
        assert_eq!(date(day("2024-02-29")).to_string(), "2024-02-29");
        assert_eq!(month(day("2026-01-01")) - month(day("2025-12-31")), 1);
        for (text, quarter, next) in [
            ("2026-01-01", "2026-01-01", "2026-04-01"),
            ("2026-09-30", "2026-07-01", "2026-10-01"),
            ("2026-11-21", "2026-10-01", "2027-01-01"),
        ] {
            assert_eq!(date(quarter_start(day(text))).to_string(), quarter);
            assert_eq!(date(next_quarter(day(text))).to_string(), next);
        }
    }
}
