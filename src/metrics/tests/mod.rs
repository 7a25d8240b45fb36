//! Figures worked by hand: records in, lines of the exposition out. One file a group of metrics.

mod accounts;
pub(crate) mod activities;
mod benchmarks;
mod contests;
mod coverage;
mod customers;
pub(crate) mod deals;
mod forecast;
mod funnel;
mod goals;
mod info;
mod key_activities;
mod leads;
mod past;
mod people;
mod periods;
mod plan;
mod quality;
mod rules;
mod value;
mod wins;

use std::collections::BTreeSet;

use super::settings::Sections;
use super::{Options, catalogue};
use crate::facts::testing::{Org, yaml};
use crate::snapshot::Snapshot;

/// What is exposed of an organisation, and how it is asked for.
pub(crate) struct Asked {
    pub(crate) org: Org,
    /// Settings `metrics`, as YAML.
    pub(crate) metrics: &'static str,
    /// Settings `limits`, as YAML.
    pub(crate) limits: &'static str,
    /// Settings `costs`, as YAML.
    pub(crate) costs: &'static str,
    /// Settings `goals`, as YAML.
    pub(crate) goals: &'static str,
    /// Settings `scorecards`, as YAML.
    pub(crate) scorecards: &'static str,
    /// Settings `records`, as YAML.
    pub(crate) records: &'static str,
    /// Settings `contests`, as YAML.
    pub(crate) contests: &'static str,
    /// Settings `benchmarks`, as YAML.
    pub(crate) benchmarks: &'static str,
}

/// What is exposed of an organisation with these settings `metrics`, as YAML.
pub(crate) fn asked(org: Org, metrics: &'static str) -> Asked {
    Asked { metrics, ..Asked::new(org) }
}

impl Asked {
    pub(crate) fn new(org: Org) -> Asked {
        Asked {
            org,
            metrics: "{}",
            limits: "{}",
            costs: "{}",
            goals: "{}",
            scorecards: "{}",
            records: "{}",
            contests: "{}",
            benchmarks: "{}",
        }
    }

    /// The settings of figures.
    pub(crate) fn options(&self) -> Options {
        let (metrics, limits, costs) = (yaml(self.metrics), yaml(self.limits), yaml(self.costs));
        let (goals, scorecards, records) = (yaml(self.goals), yaml(self.scorecards), yaml(self.records));
        let deals = yaml(self.org.deals);
        let (contests, benchmarks) = (yaml(self.contests), yaml(self.benchmarks));
        let sections = Sections {
            metrics: &metrics,
            limits: &limits,
            deals: &deals,
            costs: &costs,
            goals: &goals,
            scorecards: &scorecards,
            records: &records,
            contests: &contests,
            benchmarks: &benchmarks,
        };
        Options::new(&sections).unwrap()
    }

    /// The snapshot at `now`.
    pub(crate) fn snapshot(&self, now: &str) -> Snapshot {
        let (options, facts) = (self.options(), self.org.facts());
        Snapshot::new(&facts, &self.org.people(), &options, &self.org.coverage, now.parse().unwrap())
    }

    /// The samples of a family at `now`: what stands behind its name, a line each.
    pub(crate) fn lines(&self, name: &str, now: &str) -> Vec<String> {
        let snapshot = self.snapshot(now);
        let text = String::from_utf8(snapshot.text).unwrap();
        let own = text.lines().filter_map(|line| line.strip_prefix(name).filter(|rest| rest.starts_with(['{', ' '])));
        own.map(str::to_owned).collect()
    }

    /// Asserts what a snapshot at `now` exposes of every family that `expected` names, a sample a line: those and no
    /// others, but for samples of 0, which are not shown. `NAME absent` is a family without any sample.
    pub(crate) fn figures(&self, now: &str, expected: &str) {
        self.compare(now, expected, |line| !line.ends_with(" 0"));
    }

    /// [`Asked::figures`] with the samples of 0.
    pub(crate) fn figures_and_zeros(&self, now: &str, expected: &str) {
        self.compare(now, expected, |_| true);
    }

    fn compare(&self, now: &str, expected: &str, is_shown: impl Fn(&str) -> bool) {
        let snapshot = self.snapshot(now);
        let text = String::from_utf8(snapshot.text).unwrap();
        let expected = expected.lines().map(str::trim).filter(|line| !line.is_empty());
        let (absent, expected): (Vec<&str>, Vec<&str>) = expected.partition(|line| line.ends_with(" absent"));
        let name = |line: &str| line.split(['{', ' ']).next().unwrap().to_owned();
        for family in absent.iter().map(|line| name(line)) {
            assert!(!text.lines().any(|line| name(line) == family), "{family} is there:\n{text}");
        }
        let families: BTreeSet<String> = expected.iter().map(|line| name(line)).collect();
        let series = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.rsplit_once(' ').unwrap().0);
        let mut known = BTreeSet::new();
        series.for_each(|series| assert!(known.insert(series), "{series} is there twice"));
        let exposed = text.lines().filter(|line| families.contains(&name(line)) && is_shown(line));
        let exposed: BTreeSet<&str> = exposed.collect();
        let expected: BTreeSet<&str> = expected.into_iter().collect();
        let missing: Vec<_> = expected.difference(&exposed).collect();
        let surplus: Vec<_> = exposed.difference(&expected).collect();
        assert!(missing.is_empty() && surplus.is_empty(), "missing: {missing:#?}\nsurplus: {surplus:#?}");
    }

    /// The value of the one sample of a family that has all these labels; none if there is no such sample.
    pub(crate) fn value(&self, name: &str, labels: &[(&str, &str)], now: &str) -> Option<f64> {
        let wanted: Vec<String> = labels.iter().map(|(label, value)| format!("{label}=\"{value}\"")).collect();
        let lines = self.lines(name, now);
        let mut fitting = lines.iter().filter(|line| wanted.iter().all(|label| line.contains(label)));
        let line = fitting.next()?;
        assert!(fitting.next().is_none(), "several samples of {name} have {wanted:?}");
        Some(line.rsplit(' ').next().unwrap().parse().unwrap())
    }
}

#[test]
fn names_are_unique_and_in_style() {
    let names: Vec<&str> = catalogue().map(|metric| metric.name).collect();
    let distinct: BTreeSet<_> = names.iter().collect();
    assert_eq!(names.len(), distinct.len());
    for metric in catalogue() {
        assert!(metric.name.starts_with("crm_"), "{}", metric.name);
        assert!(metric.help.ends_with('.'), "{}", metric.name);
    }
}
