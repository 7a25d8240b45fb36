//! Bounds of windows, worked out from the contract with chrono alone.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeZone as _, Timelike as _, Utc, Weekday};
use chrono_tz::America::New_York;

const HOLIDAYS: [&str; 2] = ["2026-02-16", "2026-03-02"];

/// First instant of a local date in ms.
pub(super) fn start_of(date: NaiveDate) -> i64 {
    New_York.from_local_datetime(&date.and_hms_opt(0, 0, 0).unwrap()).earliest().unwrap().timestamp_millis()
}

/// The local date of an instant.
pub(super) fn date_of(ms: i64) -> NaiveDate {
    DateTime::<Utc>::from_timestamp_millis(ms).unwrap().with_timezone(&New_York).date_naive()
}

/// Windows by group and name: first instant, and first instant behind.
pub(super) fn all(now: i64) -> Vec<(&'static str, String, i64, i64)> {
    let groups = [
        ("activities", "day week month previous_week"),
        ("leads", "week month quarter 28d"),
        (
            "deals",
            "day week month quarter year previous_month previous_month_to_date previous_quarter previous_quarter_to_date \
             previous_year",
        ),
        ("deals_ratios", "quarter year 90d 365d previous_quarter"),
        ("funnel", "90d previous_quarter"),
        ("accounts", "28d 90d 365d"),
        ("customers", "365d previous_year"),
        ("customers_before", "365d previous_year"),
        ("year", "365d"),
    ];
    let named = groups.into_iter().flat_map(|(group, names)| names.split(' ').map(move |name| (group, name)));
    named
        .map(|(group, name)| {
            let (start, end) = bounds(name, now);
            match group {
                // The year before the window.
                "customers_before" => (group, name.to_owned(), start_of(date_of(start) - Months::new(12)), start),
                _ => (group, name.to_owned(), start, end),
            }
        })
        .collect()
}

fn bounds(name: &str, now: i64) -> (i64, i64) {
    let today = date_of(now);
    if let Some(days) = name.strip_suffix('d').and_then(|days| days.parse::<u64>().ok()) {
        return (start_of(today - Days::new(days - 1)), now + 1);
    }
    let Some(previous) = name.strip_prefix("previous_") else {
        return (start_of(first_day(name, today)), now + 1);
    };
    let period = previous.strip_suffix("_to_date").unwrap_or(previous);
    let current = first_day(period, today);
    let before = first_day(period, current - Days::new(1));
    let (start, end) = (start_of(before), start_of(current));
    match period == previous {
        true => (start, end),
        false => (start, reached(start, end, worked(start_of(current), now))),
    }
}

/// First day of the period that contains a date; the fiscal year begins in February.
fn first_day(period: &str, date: NaiveDate) -> NaiveDate {
    let first = date.with_day(1).unwrap();
    let back = |months: u32| first - Months::new(months);
    match period {
        "day" => date,
        "week" => date.week(Weekday::Mon).first_day(),
        "month" => first,
        "quarter" => back((date.month() + 10) % 12 % 3),
        "year" => back((date.month() + 10) % 12),
        other => panic!("no period {other}"),
    }
}

/// Whether people work in the minute that begins then.
fn is_working(ms: i64) -> bool {
    let local = DateTime::<Utc>::from_timestamp_millis(ms).unwrap().with_timezone(&New_York);
    let holiday = HOLIDAYS.contains(&local.date_naive().to_string().as_str());
    !holiday && local.weekday().num_days_from_monday() < 5 && (9..17).contains(&local.hour())
}

const MINUTE: i64 = 60_000;

/// Working minutes from one instant to another.
fn worked(from: i64, to: i64) -> usize {
    (from..to).step_by(MINUTE as usize).filter(|minute| is_working(*minute)).count()
}

/// The first instant from `start` on at which so many minutes were worked, at the latest `end`.
fn reached(start: i64, end: i64, minutes: usize) -> i64 {
    let mut worked = 0;
    let mut at = start;
    while worked < minutes && at < end {
        worked += usize::from(is_working(at));
        at += MINUTE;
    }
    at
}
