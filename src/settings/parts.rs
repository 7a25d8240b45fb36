//! From the tree of values to the parts, each read by its own type.

use std::path::PathBuf;

use config::{Map, Value};
use serde::de::DeserializeOwned;

use super::{Settings, Source};
use crate::setting::{self, Problem};

/// The sections in the order of `defaults.yaml`.
pub(super) const SECTIONS: [&str; 23] = [
    "web",
    "store",
    "refresh_interval",
    "currency",
    "calendar",
    "sources",
    "people",
    "activities",
    "leads",
    "deals",
    "data_quality",
    "accounts",
    "costs",
    "goals",
    "scorecards",
    "records",
    "contests",
    "benchmarks",
    "metrics",
    "limits",
    "grafana",
    "alerts",
    "routing",
];

/// The settings that `values` hold. A part that cannot be read is told and has its defaults instead, so that the other
/// parts can still be looked at.
pub(super) fn compose(values: Map<String, Value>, directory: PathBuf) -> (Settings, Vec<Problem>) {
    let mut parts = Parts { values, problems: Vec::new() };
    let mut settings = Settings { directory, ..Settings::default() };
    parts.take("web", &mut settings.web);
    parts.take("store", &mut settings.store);
    parts.take("refresh_interval", &mut settings.refresh_interval);
    parts.take("currency", &mut settings.currency);
    parts.take("calendar", &mut settings.calendar);
    parts.sources(&mut settings);
    parts.take("people", &mut settings.people);
    parts.take("activities", &mut settings.activities);
    parts.take("leads", &mut settings.leads);
    parts.take("deals", &mut settings.deals);
    parts.take("data_quality", &mut settings.data_quality);
    parts.take("accounts", &mut settings.accounts);
    parts.take("costs", &mut settings.costs);
    parts.take("goals", &mut settings.goals);
    parts.take("scorecards", &mut settings.scorecards);
    parts.take("records", &mut settings.records);
    parts.take("contests", &mut settings.contests);
    parts.take("benchmarks", &mut settings.benchmarks);
    parts.take("metrics", &mut settings.metrics);
    parts.take("limits", &mut settings.limits);
    parts.take("grafana", &mut settings.grafana);
    parts.take("alerts", &mut settings.alerts);
    parts.take("routing", &mut settings.routing);
    parts.strangers();
    (settings, parts.problems)
}

struct Parts {
    values: Map<String, Value>,
    problems: Vec<Problem>,
}

impl Parts {
    fn take<T: DeserializeOwned>(&mut self, key: &str, part: &mut T) {
        let Some(value) = self.values.shift_remove(key) else { return };
        match setting::read(value) {
            Ok(read) => *part = read,
            Err(problem) => self.problems.push(problem.under(key)),
        }
    }

    fn sources(&mut self, settings: &mut Settings) {
        let Some(value) = self.values.shift_remove("sources") else { return };
        let tables: Map<String, Value> = match setting::read(value) {
            Ok(tables) => tables,
            Err(problem) => return self.problems.push(problem.under("sources")),
        };
        for (name, part) in tables {
            match Source::read(&name, part) {
                Ok(source) => {
                    settings.sources.insert(name, source);
                }
                Err(problem) => self.problems.push(problem.under(&name).under("sources")),
            }
        }
    }

    fn strangers(&mut self) {
        for key in self.values.keys() {
            let text = format!("unknown key; {}", setting::instead(key, &SECTIONS));
            self.problems.push(Problem::new(key, text));
        }
    }
}
