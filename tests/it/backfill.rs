//! Figures of the past as files: what snapshots say, what Prometheus makes of them, and how a run is taken up again.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::daemon::{Daemon, until};
use crate::exports::Exports;
use crate::prometheus::Prometheus;
use crate::runs::{are_there, to_the_end};
use crate::samples::{Labels, Samples};

/// A floor whose records have been read.
struct Floor {
    directory: TempDir,
    exports: Exports,
}

/// Two days and a bit around the end of daylight saving time, every six hours.
const SPAN: [&str; 6] = ["--from", "2025-10-25T20:00:00Z", "--to", "2025-10-27T08:00:00Z", "--step", "6h"];

/// Goals, so that there is something by default.
const GOALS: &str = r#"
calendar: {time_zone: Europe/Berlin}
goals:
  calls: {measure: 'crm_activities{kind="call"}', window: month, target: {default: 2}}
"#;

impl Floor {
    fn new() -> Floor {
        let directory = tempfile::tempdir().unwrap();
        let exports = Exports::new(&directory.path().join("floor"), 300);
        let settings = fs::read_to_string(exports.path("crm_exporter.yaml")).unwrap();
        exports.write_settled("crm_exporter.yaml", &(settings + GOALS));
        let floor = Floor { directory, exports };
        to_the_end(floor.program(&["sync"]));
        floor
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn program(&self, arguments: &[&str]) -> Command {
        self.exports.program(arguments, &self.path("crm.db"))
    }

    fn backfill(&self, arguments: &[&str]) -> Output {
        let output = self.path("past");
        self.program(&[&["backfill", "--output", output.to_str().unwrap()], arguments].concat()).output().unwrap()
    }

    /// What it says when it succeeds, on standard output and on standard error.
    fn backfilled(&self, arguments: &[&str]) -> (String, String) {
        let output = self.backfill(arguments);
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap());
        assert!(output.status.success(), "{}", said[1]);
        said.into()
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.backfill(arguments);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    }

    fn snapshot(&self, now: &str) -> String {
        let output = self.program(&["snapshot", "--now", now]).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    fn file(&self, day: &str) -> String {
        fs::read_to_string(self.path("past").join(format!("{day}.om"))).unwrap()
    }
}

/// The samples at an instant in seconds, as they are written without it.
fn at<'t>(text: &'t str, seconds: &str) -> Vec<&'t str> {
    let lines = text.lines().filter_map(|line| line.rsplit_once(' '));
    let mut lines: Vec<&str> = lines.filter(|(_, at)| *at == seconds).map(|(sample, _)| sample).collect();
    lines.sort_unstable();
    lines
}

fn samples(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_file_a_day_holds_what_snapshots_say() {
    let floor = Floor::new();
    let (said, told) = floor.backfilled(&[&SPAN[..], &["--metrics", "all"]].concat());
    assert!(said.starts_with("wrote 3 files with "), "{said}");
    let outline = "2025-10-25T20:00:00Z to 2025-10-27T08:00:00Z: 7 instants in 3 files, ";
    assert!(told.starts_with(outline), "{told}");
    assert!(told.contains("without --label job=... these series are none of those that Prometheus scrapes"), "{told}");
    for (day, instant, seconds) in [
        ("2025-10-25", "2025-10-25T20:00:00Z", "1761422400"),
        ("2025-10-26", "2025-10-26T02:00:00Z", "1761444000"),
        ("2025-10-26", "2025-10-26T20:00:00Z", "1761508800"),
        ("2025-10-27", "2025-10-27T08:00:00Z", "1761552000"),
    ] {
        let text = floor.file(day);
        let snapshot = floor.snapshot(instant);
        assert!(samples(&snapshot).len() > 500);
        assert_eq!(at(&text, seconds), samples(&snapshot), "{instant}");
        assert!(text.ends_with("\n# EOF\n"));
    }
    let names: Vec<String> = fs::read_dir(floor.path("past"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 4, "{names:?}");
}

#[test]
fn a_run_is_taken_up_where_it_was_left() {
    let floor = Floor::new();
    floor.backfilled(&SPAN);
    let whole = ["2025-10-25", "2025-10-26", "2025-10-27"].map(|day| floor.file(day));
    fs::remove_file(floor.path("past").join("2025-10-26.om")).unwrap();
    // What is there already is not looked at.
    fs::write(floor.path("past").join("2025-10-27.om"), "kept").unwrap();
    let (said, told) = floor.backfilled(&SPAN);
    assert!(said.starts_with("wrote 1 files with ") && told.contains("\n2 files are there already\n"), "{said}{told}");
    assert_eq!([floor.file("2025-10-25"), floor.file("2025-10-26")], whole[..2]);
    assert_eq!(floor.file("2025-10-27"), "kept");

    for (other, what) in [
        (["--metrics", "crm_deals_won"], "metrics"),
        (["--label", "job=crm"], "labels"),
        (["--step", "1h"], "step"),
        (["--from", "2025-10-25T21:00:00Z"], "first instant"),
    ] {
        let kept: Vec<&str> = SPAN.chunks(2).filter(|pair| pair[0] != other[0]).flatten().copied().collect();
        let said = floor.refused(&[&kept[..], &other].concat());
        assert!(said.contains(&format!("past holds files of another backfill: the {what} was another;")), "{said}");
    }
    let settings = fs::read_to_string(floor.exports.path("crm_exporter.yaml")).unwrap();
    floor.exports.write_settled("crm_exporter.yaml", &settings.replace("default: 2}", "default: 3}"));
    assert!(floor.refused(&SPAN).contains("the settings of figures was another"));
    fs::remove_file(floor.path("past").join("backfill.json")).unwrap();
    let said = floor.refused(&SPAN);
    assert!(said.contains(".om is there, but no backfill.json that says what it holds"), "{said}");
}

#[test]
fn what_cannot_be_told_is_refused() {
    let floor = Floor::new();
    for (from, to, problem) in [
        (
            "2024-12-30",
            "2025-02-01",
            "the records begin at 2024-12-31T23:00:00Z: take that or a later instant for --from",
        ),
        (
            "2025-02-02",
            "2025-02-01",
            "the end, 2025-02-01T22:59:59.999Z, lies before the beginning, 2025-02-01T23:00:00Z",
        ),
        ("2025-02-02", "2099-01-01", " is too late: the records are as of "),
    ] {
        let said = floor.refused(&["--from", from, "--to", to, "--step", "12h"]);
        assert!(said.contains(problem), "{said}");
    }
    let said = floor.refused(&[&SPAN[..], &["--metrics", "crm_deals_wonn"]].concat());
    assert_eq!(said, "there is no metric `crm_deals_wonn`; did you mean `crm_deals_won`?\n");
    let said = floor.refused(&[&SPAN[..], &["--metrics", "crm_activities{rep=\"Nobody\"}"]].concat());
    assert_eq!(said, "at 2025-10-27T08:00:00Z there is no series of those that are wanted\n");
    assert!(!floor.path("past").exists(), "nothing is begun that cannot be done");
    fs::remove_file(floor.path("crm.db")).unwrap();
    assert!(floor.refused(&SPAN).starts_with("there is no store at "));
}

/// What Prometheus answers to a query: values by labels.
fn query(prometheus: &Prometheus, query: &str, time: Option<&str>) -> Option<BTreeMap<Labels, f64>> {
    let parameters: Vec<(&str, &str)> = [("query", query)].into_iter().chain(time.map(|time| ("time", time))).collect();
    let answer = prometheus.ask("query", &parameters)?;
    let series = answer["result"].as_array().unwrap().iter().map(|series| {
        let labels = serde_json::from_value(series["metric"].clone()).unwrap();
        (labels, series["value"][1].as_str().unwrap().parse().unwrap())
    });
    Some(series.collect())
}

/// What a snapshot says, as Prometheus knows it: without empty labels, with its name and target.
fn as_scraped(snapshot: &str, target: &str) -> BTreeMap<Labels, f64> {
    let samples = Samples::read(snapshot);
    let families: Vec<String> = samples.families().into_iter().map(str::to_owned).collect();
    let of = |family: &String| {
        let known = |(labels, value): &(Labels, f64)| {
            let mut labels = labels.clone();
            labels.retain(|_, value| !value.is_empty());
            for (label, value) in [("__name__", family.as_str()), ("job", "crm"), ("instance", target)] {
                labels.insert(label.to_owned(), value.to_owned());
            }
            (labels, *value)
        };
        samples.of(family).iter().map(known).collect::<Vec<_>>()
    };
    families.iter().flat_map(of).collect()
}

#[test]
fn prometheus_joins_the_past_to_what_it_scrapes() {
    if !are_there(&["promtool", "prometheus"]) {
        return;
    }
    let floor = Floor::new();
    let daemon = Daemon::spawn(floor.program(&["run", "--web.listen-address", "127.0.0.1:0"]));
    daemon.await_readiness();
    let target = daemon.address.clone();
    let instance = format!("instance={target}");
    let all = [&SPAN[..], &["--metrics", "all", "--label", "job=crm", "--label", &instance]].concat();
    let (_, told) = floor.backfilled(&all);
    assert!(!told.contains("without --label"), "{told}");

    let data = floor.path("data");
    for day in ["2025-10-25", "2025-10-26", "2025-10-27"] {
        let mut command = Command::new("promtool");
        command.args(["tsdb", "create-blocks-from", "openmetrics"]).arg(floor.path("past").join(format!("{day}.om")));
        command.arg(&data);
        to_the_end(command);
    }
    let Some(prometheus) = Prometheus::start(floor.directory.path(), &data, &target) else { return };
    let past = until("the past", || {
        let answer = query(&prometheus, "{job=\"crm\"}", Some("2025-10-26T20:00:00Z"))?;
        (!answer.is_empty()).then_some(answer)
    });
    assert_eq!(past, as_scraped(&floor.snapshot("2025-10-26T20:00:00Z"), &target));

    // The same series now: whoever has a rep's calls has both.
    let selector = "crm_activities{kind=\"call\",window=\"month\",rep=\"Rep 1\"}";
    let live = until("the present", || {
        let answer = query(&prometheus, selector, None)?;
        (!answer.is_empty()).then_some(answer)
    });
    let (labels, _) = live.first_key_value().unwrap();
    assert!(live.len() == 1 && past.contains_key(labels), "{labels:?}");
}
