//! Figures of the past are what snapshots of those instants say, whatever the organisation, to the byte.

use std::collections::{BTreeMap, BTreeSet};

use crm_exporter::domain::Timestamp;
use crm_exporter::metrics::{AsOf, Options, catalogue, find};
use crm_exporter::reports::backfill::{Backfill, Choice};
use crm_exporter::settings::Settings;
use proptest::collection::btree_set;
use proptest::prelude::*;
use serde_json::json;

use super::cases;
use super::delivery::{Manner, deliver};
use super::floor::{Floor, settings};
use super::organisation::{FIRST_DAY, organisation};

/// Days that instants are taken from: from four before the first record to the last one before the poll.
const DAYS: i64 = 63;

/// Goals of every fold, with and without a memory.
fn options() -> Options {
    let windows = ["day", "quarter", "28d", "previous_week"];
    let settings = Settings {
        metrics: settings(json!({"windows": {"activities": windows, "deals": windows, "leads": windows}})),
        goals: settings(json!({
            "calls": {"measure": "crm_activities{kind=\"call\"}", "window": "week", "target": {"default": "3"}},
            "quota": {"measure": "crm_deals_won_value", "window": "month", "target": {"default": "100"}, "pace": "history"},
            "touched": {"measure": "crm_contacts_touched", "window": "day", "target": {"default": "1"}, "ramp": ["0.5"]},
            "wins": {"measure": "crm_win_ratio", "window": "quarter", "target": {"default": "0.5"}},
            "open": {"measure": "crm_open_deals", "window": "week", "target": {"default": "2"}, "lower_is_better": true},
        })),
        scorecards: settings(json!({"all": {"weights": {"calls": "50", "quota": "50"}}})),
        records: settings(json!({"measures": ["crm_deals_won"], "windows": ["month"]})),
        ..Settings::default()
    };
    Options::new(&settings.figures()).unwrap()
}

/// Samples by instant: series and value as they are written.
type Written = BTreeMap<Timestamp, BTreeSet<String>>;

/// The samples of OpenMetrics text, whose instants stand in whole seconds.
fn by_instant(text: &str) -> Written {
    let mut written = Written::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (sample, seconds) = line.rsplit_once(' ').unwrap();
        let at = Timestamp(seconds.parse::<i64>().unwrap() * 1000);
        assert!(written.entry(at).or_default().insert(sample.to_owned()), "{line} is there twice");
    }
    written
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn the_past_is_what_snapshots_of_it_say(
        organisation in organisation(),
        minutes in btree_set(0..DAYS * 1440, 1..8),
    ) {
        let mut floor = Floor::new();
        floor.options = options();
        deliver(&organisation, &Manner::plain()).iter().for_each(|page| floor.apply(page));
        let first: Timestamp = format!("{FIRST_DAY}T00:00:00Z").parse().unwrap();
        let instants: Vec<Timestamp> = minutes.into_iter().map(|minute| first.plus_millis((minute - 4 * 1440) * 60_000)).collect();
        let past = floor.past();
        let record = |metrics: &str| {
            let choice = Choice::new(&[metrics.to_owned()], past.options).unwrap();
            let mut text = Vec::new();
            Backfill::new(choice, &[]).unwrap().record(past, instants.iter().copied()).write(&mut text).unwrap();
            by_instant(std::str::from_utf8(&text).unwrap())
        };
        let (all, usual) = (record("all"), record("default"));
        for at in &instants {
            let text = floor.kept(&at.to_string());
            let lines: BTreeSet<String> = text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
            let of = |written: &Written| written.get(at).cloned().unwrap_or_default();
            prop_assert_eq!(&of(&all), &lines, "at {}", at);
            let is_scoped = |line: &&String| line.contains("scope=\"org\"") || line.contains("scope=\"team\"");
            let scoped: BTreeSet<String> = lines.iter().filter(is_scoped).cloned().collect();
            let usual = of(&usual);
            prop_assert!(usual.is_subset(&lines) && scoped.is_subset(&usual), "at {}", at);
        }
    }
}

#[test]
fn no_snapshot_of_the_past_says_more() {
    // What the property above compares is only what is asked for: everything that tells of the past.
    for metric in catalogue().filter(|metric| metric.as_of == AsOf::None) {
        let asked = Choice::new(&[metric.name.to_owned()], &options());
        let said = asked.err().unwrap().to_string();
        assert_eq!(said, format!("{} says nothing of the past: leave it out", find(metric.name).unwrap().name));
    }
}
