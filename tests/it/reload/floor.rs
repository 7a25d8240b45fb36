//! The sales floor of the examples, brought to the present, with a daemon on it whose settings can be changed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Days, NaiveDate, SecondsFormat, Utc};
use tempfile::TempDir;

use crate::daemon::{Daemon, until};
use crate::program;
use crate::samples::Samples;

/// The last day of the example.
const LAST_DAY: &str = "2026-09-30";

/// The settings of the example's source without its directory.
fn objects() -> String {
    let example = fs::read_to_string(root().join("examples/crm_exporter.yaml")).unwrap();
    let (_, objects) = example.split_once("    objects:\n").unwrap();
    let lines = objects.lines().take_while(|line| line.is_empty() || line.starts_with("      "));
    lines.map(|line| format!("{line}\n")).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A settings file, section by section.
#[derive(Clone)]
pub(super) struct Settings {
    sections: Vec<(String, String)>,
    /// Name, options and objects of each source.
    pub(super) sources: Vec<(String, String, String)>,
}

impl Settings {
    /// Nothing is polled again by itself within a test, and figures are made anew only when something has changed.
    fn new() -> Settings {
        let sections = [
            ("web", "{enable_lifecycle: true}"),
            ("refresh_interval", "1h"),
            ("currency", "{reporting: USD, rates: {GBP: 1.27}}"),
            ("calendar", CALENDAR),
            ("people", "{}"),
            ("activities", ACTIVITIES),
            ("deals", "{}"),
            ("data_quality", "{}"),
            ("costs", "{East: [{from: 2026-01-01, monthly: 42000}]}"),
            ("goals", "{}"),
            ("scorecards", "{}"),
            ("metrics", "{}"),
            ("limits", "{}"),
        ];
        let sections = sections.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
        let source = ("floor".to_owned(), "directory: floor, interval: 1h".to_owned(), objects());
        Settings { sections, sources: vec![source] }
    }

    /// The same with another section.
    pub(super) fn with(&self, section: &str, text: &str) -> Settings {
        let mut settings = self.clone();
        let found = settings.sections.iter_mut().find(|(name, _)| name == section);
        found.unwrap_or_else(|| panic!("no section {section}")).1 = text.to_owned();
        settings
    }

    /// The same with another text in place of `from`, in the first source.
    pub(super) fn with_source(&self, from: &str, to: &str) -> Settings {
        let mut settings = self.clone();
        let (_, options, objects) = &mut settings.sources[0];
        assert!(options.contains(from) || objects.contains(from), "{from}");
        (*options, *objects) = (options.replace(from, to), objects.replace(from, to));
        settings
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.sections {
            text += &format!("{name}: {value}\n");
        }
        text += "sources:\n";
        for (name, options, objects) in &self.sources {
            let options = options.replace(", ", "\n    ");
            text += &format!("  {name}:\n    kind: csv\n    {options}\n    objects:\n{objects}");
        }
        text
    }
}

/// Every hour is working time, so that each moment of the month has some behind it.
pub(super) const CALENDAR: &str = r#"{time_zone: America/New_York, working_hours: "00:00-24:00", working_days: [mon, tue, wed, thu, fri, sat, sun], files: [days.ics]}"#;

pub(super) const ACTIVITIES: &str = "{key: {live_conversation: {kind: call, outcome: connected, min_duration: 2m}, \
                                     executive_meeting: {kind: meeting, contact_level: [c_level, vp]}}}";

/// A floor with its files, its store and the daemon on it.
pub(super) struct Floor {
    directory: TempDir,
    pub(super) base: Settings,
    pub(super) daemon: Daemon,
}

impl Floor {
    /// A floor with a daemon that is ready.
    pub(super) fn start() -> Floor {
        let directory = tempfile::tempdir().unwrap();
        let base = Settings::new();
        bring_to_the_present(&directory.path().join("floor"));
        put(&directory.path().join("days.ics"), &holiday(date("2001-01-01"), date("2001-01-02")));
        put(&directory.path().join("crm_exporter.yaml"), &base.text());
        let daemon = run(directory.path(), &[]);
        daemon.await_readiness();
        Floor { directory, base, daemon }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Puts a file in place that was written an hour ago.
    pub(super) fn put(&self, name: &str, text: &str) {
        put(&self.path(name), text);
    }

    pub(super) fn write(&self, settings: &Settings) {
        self.put("crm_exporter.yaml", &settings.text());
    }

    /// Ends the daemon by force and starts another one.
    pub(super) fn kill_and_start(&mut self) {
        self.daemon.process.0.kill().unwrap();
        self.daemon.process.0.wait().unwrap();
        self.daemon = run(self.directory.path(), &[]);
        self.daemon.await_readiness();
    }

    /// Asks for a reload: the status and what is said.
    pub(super) fn ask(&self) -> (u16, String) {
        let url = format!("http://{}/-/reload", self.daemon.address);
        let response = self.daemon.client.post(url).timeout(crate::daemon::DEADLINE).send().unwrap();
        (response.status().as_u16(), response.text().unwrap())
    }

    /// Puts settings in force.
    pub(super) fn reload(&self, settings: &Settings) {
        self.write(settings);
        assert_eq!(self.ask(), (200, "the settings have been read again\n".to_owned()));
    }

    /// What a fresh look at the store by the present settings file says of an instant.
    pub(super) fn fresh(&self, at: DateTime<Utc>) -> String {
        let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let output = command(self.directory.path(), &["snapshot", "--now", &at]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        figures(&String::from_utf8(output.stdout).unwrap())
    }

    /// The figures that are served, and their instant.
    pub(super) fn served(&self) -> (DateTime<Utc>, String) {
        let look = || {
            let text = self.daemon.metrics();
            let at = Samples::read(&text).value("crm_exporter_snapshot_timestamp_seconds", &[])?;
            Some((DateTime::from_timestamp_millis((at * 1000.0).round() as i64)?, figures(&text)))
        };
        // The instant is told a moment before the figures are served.
        until("figures of one instant", || {
            let first = look();
            first.clone().filter(|_| look() == first)
        })
    }

    /// Whether the figures served are what a fresh look says; the first line that differs otherwise.
    pub(super) fn difference(&self) -> Option<String> {
        loop {
            let (at, served) = self.served();
            let fresh = self.fresh(at);
            if served == fresh {
                return None;
            }
            // Made anew meanwhile, perhaps between the two.
            if self.served().0 == at {
                let differing = served.lines().zip(fresh.lines()).find(|(one, other)| one != other);
                let lengths = (served.lines().count(), fresh.lines().count());
                return Some(format!("{lengths:?} lines as of {at}: {differing:?}"));
            }
        }
    }

    /// What the exporter says of itself.
    pub(super) fn own(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        Samples::read(&self.daemon.metrics()).value(&format!("crm_exporter_{name}"), labels)
    }

    /// How often a source has been polled with success.
    pub(super) fn polls(&self, source: &str) -> Option<f64> {
        self.own("polls_total", &[("source", source), ("result", "success")])
    }
}

/// An exposition without what the exporter says of itself.
pub(super) fn figures(text: &str) -> String {
    let is_own = |line: &&str| {
        let name = line.trim_start_matches("# HELP ").trim_start_matches("# TYPE ");
        name.starts_with("crm_exporter_") || name.starts_with("process_")
    };
    text.lines().filter(|line| !is_own(line)).map(|line| format!("{line}\n")).collect()
}

/// Starts the daemon in a directory.
pub(super) fn run(directory: &Path, arguments: &[&str]) -> Daemon {
    let arguments = [&["run", "--web.listen-address", "127.0.0.1:0"], arguments].concat();
    Daemon::spawn(command(directory, &arguments))
}

/// The program in a directory.
pub(super) fn command(directory: &Path, arguments: &[&str]) -> std::process::Command {
    let mut command = program();
    command.args(arguments).current_dir(directory).args(["--store.path", "crm.db"]);
    command
}

pub(super) fn put(path: &Path, text: &str) {
    let draft = path.with_extension("draft");
    fs::write(&draft, text).unwrap();
    let written = SystemTime::now() - Duration::from_secs(3600);
    File::options().write(true).open(&draft).unwrap().set_modified(written).unwrap();
    fs::rename(draft, path).unwrap();
}

/// A calendar file with one event of whole days; the second date is the day after the last.
pub(super) fn holiday(from: NaiveDate, to: NaiveDate) -> String {
    let (from, to) = (from.format("%Y%m%d"), to.format("%Y%m%d"));
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Off\r\n\
         DTSTART;VALUE=DATE:{from}\r\nDTEND;VALUE=DATE:{to}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Writes the example's files with all dates moved so that its last day is yesterday.
fn bring_to_the_present(to: &Path) {
    fs::create_dir_all(to).unwrap();
    let moved = (Utc::now().date_naive() - date(LAST_DAY)).num_days() - 1;
    for entry in fs::read_dir(root().join("examples/sales-floor")).unwrap().map(Result::unwrap) {
        let text = fs::read_to_string(entry.path()).unwrap();
        put(&to.join(entry.file_name()), &with_moved_dates(&text, u64::try_from(moved).unwrap()));
    }
}

/// Cells that begin with a date, with that date so many days later.
fn with_moved_dates(text: &str, days: u64) -> String {
    let cell = |cell: &str| {
        let date = cell.get(..10).and_then(|date| date.parse::<NaiveDate>().ok());
        date.map_or(cell.to_owned(), |date| format!("{}{}", date + Days::new(days), &cell[10..]))
    };
    let line = |line: &str| line.split(',').map(cell).collect::<Vec<_>>().join(",") + "\n";
    text.lines().map(line).collect()
}
