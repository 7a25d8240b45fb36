//! Every query of every board, asked of Prometheus on the demo: it has an answer, with the labels that the board names.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

use chrono::Utc;
use regex::Regex;
use serde_json::Value;

use super::boards::{boards, panels};
use crate::daemon::{Daemon, until};
use crate::program;
use crate::prometheus::Prometheus;

/// Panels that are rightly empty on the demo, and why.
const EMPTY: &[(&str, &str, &str)] = &[
    ("crm-accounts", "Key accounts at a glance", "no account may be neglected"),
    ("crm-funnel", "Why are they lost? (this quarter)", "a quarter begins without lost deals"),
    ("crm-leads", "Which team keeps the SLA? (28 days)", "a week begins without leads"),
    ("crm-manager", "And amounts?", "nobody is behind when periods have just begun"),
    ("crm-manager", "What does it take a day? Counts", "nobody is behind when periods have just begun"),
    ("crm-manager", "Where is each team behind?", "nobody is behind when periods have just begun"),
    ("crm-manager", "Who is behind on what?", "nobody is behind when periods have just begun"),
    ("crm-exporter", "Request budget left", "the demo sends no requests"),
    ("crm-exporter", "How many requests, with what answer? (a minute)", "the demo sends no requests"),
    ("crm-exporter", "How many were repeated, and why? (a minute)", "the demo sends no requests"),
];

/// What a board asks, with its variables as a viewer finds them: every team, the first person.
struct Asking<'a> {
    prometheus: &'a Prometheus,
    variables: Vec<(String, String)>,
}

impl<'a> Asking<'a> {
    fn new(prometheus: &'a Prometheus, board: &Value) -> Asking<'a> {
        let mut asking = Asking { prometheus, variables: Vec::new() };
        for variable in board["templating"]["list"].as_array().unwrap() {
            let name = variable["name"].as_str().unwrap().to_owned();
            let value = match variable["type"].as_str().unwrap() {
                "query" if variable["includeAll"] == true => variable["allValue"].as_str().unwrap().to_owned(),
                "query" => asking.first_value(variable["definition"].as_str().unwrap()),
                "custom" => variable["query"].as_str().unwrap().split(',').next().unwrap().trim().to_owned(),
                _ => continue,
            };
            asking.variables.push((name, value));
        }
        asking
    }

    /// The first value of `label_values(selector, label)`.
    fn first_value(&self, definition: &str) -> String {
        let inside = definition.strip_prefix("label_values(").and_then(|rest| rest.strip_suffix(')'));
        let (selector, label) = inside.and_then(|inside| inside.rsplit_once(',')).expect(definition);
        let selector = self.filled(selector);
        let values = self.prometheus.ask(&format!("label/{}/values", label.trim()), &[("match[]", &selector)]).unwrap();
        values[0].as_str().unwrap_or_else(|| panic!("{definition} has no value")).to_owned()
    }

    fn filled(&self, expr: &str) -> String {
        let mut filled =
            expr.replace("$__rate_interval", "30s").replace("$__range", "30s").replace("$__interval", "30s");
        for (name, value) in &self.variables {
            let pattern = Regex::new(&format!(r"\$\{{{name}(:\w+)?\}}|\${name}\b")).unwrap();
            filled = pattern.replace_all(&filled, regex::NoExpand(value)).into_owned();
        }
        filled
    }

    /// The labels of what answers a target.
    fn labels(&self, target: &Value) -> Vec<Value> {
        let expr = self.filled(target["expr"].as_str().unwrap());
        let answer = match target["instant"] == true {
            true => self.prometheus.ask("query", &[("query", &expr)]),
            false => {
                let now = Utc::now().timestamp();
                let (from, to) = ((now - 30).to_string(), now.to_string());
                self.prometheus.ask("query_range", &[("query", &expr), ("start", &from), ("end", &to), ("step", "5")])
            }
        };
        let answer = answer.unwrap_or_else(|| panic!("no answer to {expr}"));
        answer["result"].as_array().unwrap().iter().map(|series| series["metric"].clone()).collect()
    }
}

/// Labels that a target names in its legend.
fn in_legend(target: &Value) -> BTreeSet<String> {
    let legend = target["legendFormat"].as_str().unwrap_or_default();
    let names = Regex::new(r"\{\{\s*(\w+)\s*\}\}").unwrap();
    names.captures_iter(legend).map(|found| found[1].to_owned()).collect()
}

/// Labels that a panel shows as columns. One answer may bring one, and another answer the next.
fn columns(panel: &Value) -> BTreeSet<String> {
    let transforms = panel["transformations"].as_array().into_iter().flatten();
    let columns =
        transforms.filter_map(|one| one["options"]["includeByName"].as_object()).flat_map(|named| named.keys());
    columns.filter(|name| name.chars().all(|c| c.is_lowercase() || c == '_')).cloned().collect()
}

#[test]
fn every_query_of_every_board_has_an_answer_on_the_demo() {
    let mut command = program();
    command.args(["demo", "--web.listen-address", "127.0.0.1:0"]).stdout(Stdio::null());
    let directory = tempfile::tempdir().unwrap();
    let daemon = Daemon::spawn(command);
    let data = directory.path().join("data");
    let Some(prometheus) = Prometheus::start(directory.path(), &data, &daemon.address) else { return };
    // A year of activities is made up before the first figures.
    let began = Instant::now();
    while daemon.get("/-/ready").0 != 200 {
        assert!(began.elapsed() < Duration::from_secs(300), "no figures");
        std::thread::sleep(Duration::from_millis(200));
    }
    // Rates need two scrapes of a poll, and how fresh a team is is known a little after its first figures.
    let figures = "crm_open_deals and on () crm_exporter_team_data_timestamp_seconds";
    let polled = &format!("rate(crm_exporter_polls_total[30s]) > 0 and on () ({figures})");
    until("two scrapes", || prometheus.now(polled).filter(|series| !series.is_empty()));

    let mut wrong = Vec::new();
    for (path, board) in boards() {
        let asking = Asking::new(&prometheus, &board);
        let uid = board["uid"].as_str().unwrap();
        for panel in panels(&board) {
            let title = panel["title"].as_str().unwrap();
            let may_be_empty = EMPTY.iter().any(|(board, panel, _)| *board == uid && *panel == title);
            let mut shown = BTreeSet::new();
            for target in panel["targets"].as_array().into_iter().flatten() {
                let labels = asking.labels(target);
                let at = format!("{path}: {title}: {}", asking.filled(target["expr"].as_str().unwrap()));
                if labels.is_empty() && !may_be_empty {
                    wrong.push(format!("{at}: no answer"));
                }
                for label in in_legend(target) {
                    if !labels.is_empty() && labels.iter().all(|series| series.get(&label).is_none()) {
                        wrong.push(format!("{at}: no series has the label {label}"));
                    }
                }
                shown.extend(labels.iter().flat_map(|series| series.as_object().unwrap().keys().cloned()));
            }
            for label in columns(panel).difference(&shown).filter(|_| !shown.is_empty()) {
                wrong.push(format!("{path}: {title}: no series has the label {label}"));
            }
        }
        for mark in board["annotations"]["list"].as_array().unwrap() {
            if asking.labels(&mark["target"]).is_empty() {
                wrong.push(format!("{path}: the mark {} has no answer", mark["name"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
