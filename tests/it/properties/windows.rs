//! Every window holds what dates say that it holds: over clock changes, turns of fiscal years, and leap days.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use crm_exporter::domain::{Activity, Deal, Key, Record, Row, Timestamp, User, When};
use crm_exporter::facts::{Coverage, Facts};
use crm_exporter::snapshot::Snapshot;
use proptest::prelude::*;
use serde_json::json;

use super::cases;
use super::floor::{coverage, facts, options, people};
use super::naive::Naive;
use crate::samples::Samples;

const HOUR: i64 = 3_600_000;

/// Times up to so long after a live `now` count as `now`.
const TOLERANCE: i64 = 15 * 60_000;

const WINDOWS: [&str; 18] = [
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "previous_day",
    "previous_week",
    "previous_month",
    "previous_quarter",
    "previous_year",
    "previous_day_to_date",
    "previous_week_to_date",
    "previous_month_to_date",
    "previous_quarter_to_date",
    "previous_year_to_date",
    "1d",
    "28d",
    "366d",
];

/// Zones, first months of fiscal years, and instants around which something happens.
const PLACES: &[(Tz, u32, &[&str])] = &[
    // Clocks go forward and back; the fiscal year turns; a leap day; years end.
    (
        Tz::America__New_York,
        2,
        &[
            "2026-03-08T07:00:00Z",
            "2026-11-01T06:00:00Z",
            "2026-02-01T05:00:00Z",
            "2024-02-29T12:00:00Z",
            "2024-03-01T05:00:00Z",
            "2025-01-01T05:00:00Z",
        ],
    ),
    // Midnight itself is skipped when clocks go forward, and 23:00 comes twice when they go back.
    (Tz::America__Sao_Paulo, 1, &["2018-11-04T03:00:00Z", "2018-02-18T02:00:00Z", "2017-10-15T03:00:00Z"]),
    // Clocks go back over midnight, so that a date begins twice.
    (Tz::America__St_Johns, 4, &["2010-11-07T02:31:00Z", "2011-03-13T03:31:00Z"]),
    // Far from UTC, and with a year that turns in mid-quarter of everybody else.
    (Tz::Pacific__Auckland, 12, &["2026-04-04T14:00:00Z", "2026-09-26T14:00:00Z", "2025-11-30T11:00:00Z"]),
    (Tz::Asia__Kathmandu, 7, &["2026-06-30T18:15:00Z", "2028-02-29T00:00:00Z"]),
];

/// A place, an instant near something that happens there, and instants of records as distances from an edge of a window.
fn cases_of_places() -> impl Strategy<Value = (usize, i64, bool, Vec<(usize, bool, i64)>)> {
    let place = 0..PLACES.len();
    let records = prop::collection::vec((0..WINDOWS.len(), any::<bool>(), distance()), 1..60);
    (place, any::<prop::sample::Index>(), -80..80_i64, 0..60_i64, any::<bool>(), records).prop_map(
        |(place, event, hours, minutes, live, records)| {
            let event: Timestamp = PLACES[place].2[event.index(PLACES[place].2.len())].parse().unwrap();
            (place, event.0 + hours * HOUR / 2 + minutes * 1_000, live, records)
        },
    )
}

fn distance() -> impl Strategy<Value = i64> {
    prop_oneof![-2..3_i64, -2 * TOLERANCE..2 * TOLERANCE, -40 * 24 * HOUR..40 * 24 * HOUR]
}

fn row(key: u32, record: impl Into<Record<Key>>) -> Row {
    let version = Some(Timestamp(0));
    let (id, record) = (key.to_string(), record.into());
    Row { key: Key(key), source: 0, id, version, live: true, merged_into: None, sightings: Vec::new(), record }
}

/// Facts with a call, and a deal won and created, at each of these instants.
fn floor(place: usize, instants: &[i64]) -> Facts {
    let (zone, first_month, _) = PLACES[place];
    let months = "january february march april may june july august september october november december";
    let month = months.split(' ').nth(first_month as usize - 1).unwrap();
    let mut facts = facts(&[0], json!({"time_zone": zone.name(), "fiscal_year_starts_in": month}));
    facts.put(row(0, User { name: Some("Ana".to_owned()), ..Default::default() }));
    for (key, at) in instants.iter().enumerate() {
        let at = Some(When::At(Timestamp(*at)));
        let owner = Some(Key(0));
        let call = Activity { kind: Some("call".to_owned()), owner, at, ..Default::default() };
        facts.put(row(key as u32, call));
        let status = Some("won".to_owned());
        facts.put(row(key as u32, Deal { owner, status, closed_at: at, created_at: at, ..Default::default() }));
    }
    facts
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn windows_hold_what_dates_say((place, now, live, records) in cases_of_places()) {
        let mut naive = Naive::new(PLACES[place].0, PLACES[place].1);
        let windows: BTreeMap<&str, Option<(i64, i64)>> =
            WINDOWS.iter().map(|name| (*name, naive.window(name, now))).collect();
        let instants: Vec<i64> = records
            .iter()
            .map(|(window, at_end, distance)| match windows[WINDOWS[*window]] {
                Some((first, last)) => if *at_end { last + distance } else { first + distance },
                None => now + distance,
            })
            .collect();
        let polled_at = if live { now } else { now + 400 * 24 * HOUR };
        let coverage = Coverage { polled_at: Some(Timestamp(polled_at)), ..coverage() };
        let facts = floor(place, &instants);
        let snapshot = Snapshot::new(&facts, &people(), &options(&WINDOWS), &coverage, Timestamp(now));
        let samples = Samples::read(std::str::from_utf8(&snapshot.text).unwrap());
        samples.check_against_catalogue();
        let seen = |at: &i64| if live && *at > now && *at - now <= TOLERANCE { now } else { *at };
        for (name, bounds) in windows {
            let inside = |at: &i64| *at <= now && bounds.is_some_and(|(first, last)| first <= *at && *at <= last);
            let expected = instants.iter().map(seen).filter(|at| inside(at)).count();
            // Live, what closes later than that counts as closed now: it is closed.
            let closed = |at: i64| if live && at > now { now } else { at };
            let won = instants.iter().map(|at| closed(*at)).filter(|at| inside(at)).count();
            for (family, expected) in [("crm_activities", expected), ("crm_deals_created", expected), ("crm_deals_won", won)] {
                let count = samples.sum(family, &[("window", name)]);
                prop_assert_eq!(count, expected as f64, "{} of {} at {} in {}", family, name, Timestamp(now), naive.zone);
            }
        }
    }
}
