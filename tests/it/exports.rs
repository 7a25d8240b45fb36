//! An invented sales floor as CSV files, of any size, with the settings to read it: what the program itself is run on.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::program;

const OWNERS: usize = 12;

/// How long a file has to have been left alone.
pub(crate) const SETTLE: Duration = Duration::from_secs(3);

/// A directory with settings, files and a store.
pub(crate) struct Exports {
    directory: PathBuf,
}

impl Exports {
    /// A floor of so many deals and as many activities in a directory, which is made.
    pub(crate) fn new(directory: &Path, deals: usize) -> Exports {
        fs::create_dir_all(directory).unwrap();
        let exports = Exports { directory: directory.to_owned() };
        exports.write_settled("crm_exporter.yaml", &SETTINGS.replace("SETTLE", &format!("{}s", SETTLE.as_secs())));
        exports.write_settled("users.csv", &users());
        exports.write_settled("deals.csv", &rows(DEALS, 0..deals, deal));
        exports.write_settled("activities.csv", &rows(ACTIVITIES, 0..deals, activity));
        exports
    }

    /// A file of the directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Puts a file in place in one go, as one that was written an hour ago and so need not be waited for.
    pub(crate) fn write_settled(&self, name: &str, text: &str) {
        let draft = self.path(&format!("{name}.draft"));
        fs::write(&draft, text).unwrap();
        let written = SystemTime::now() - Duration::from_secs(3600);
        File::options().write(true).open(&draft).unwrap().set_modified(written).unwrap();
        fs::rename(draft, self.path(name)).unwrap();
    }

    /// The program on this floor with the store of that name.
    pub(crate) fn program(&self, arguments: &[&str], store: &Path) -> Command {
        let mut command = program();
        command.args(arguments).arg("--config.file").arg(self.path("crm_exporter.yaml")).arg("--store.path").arg(store);
        command
    }
}

const SETTINGS: &str = r#"
refresh_interval: 1s
sources:
  floor:
    kind: csv
    directory: .
    interval: 1s
    settle: SETTLE
    objects:
      users: {file: users.csv, columns: {id: id, name: name, team: team}}
      deals:
        file: deals.csv
        columns:
          {id: id, owner: owner, stage: stage, amount: amount, created_at: created, closed_at: closed, contacts: {column: contacts, split: ";"}}
        pipeline: Sales
        stages: {New: open, Talk: open, Won: won, Lost: lost}
      activities: {file: activities.csv, columns: {id: id, kind: kind, owner: owner, at: at, deals: deal}}
"#;

const DEALS: &str = "id,owner,stage,amount,created,closed,contacts";

const ACTIVITIES: &str = "id,kind,owner,at,deal";

fn users() -> String {
    let mut text = "id,name,team\n".to_owned();
    for number in 0..OWNERS {
        writeln!(text, "u{number},Rep {number},Team {}", number % 3).unwrap();
    }
    text
}

/// A file of rows with these numbers.
pub(crate) fn rows(heading: &str, numbers: impl Iterator<Item = usize>, row: fn(usize) -> String) -> String {
    let rows: Vec<String> = numbers.map(row).collect();
    format!("{heading}\n{}\n", rows.join("\n"))
}

/// The file of deals with these numbers.
pub(crate) fn deals(numbers: impl Iterator<Item = usize>) -> String {
    rows(DEALS, numbers, deal)
}

fn deal(number: usize) -> String {
    let stage = ["New", "Talk", "Won", "Lost", "Won"][number % 5];
    let (month, day) = (number % 12 + 1, number % 28 + 1);
    let closed = if number % 5 < 2 { String::new() } else { format!("2025-{month:02}-28") };
    let contacts = format!("c{};c{}", number % 97, number % 89);
    let owner = number % OWNERS;
    format!("d{number},u{owner},{stage},{}.25,2025-{month:02}-{day:02},{closed},{contacts}", number % 1000)
}

fn activity(number: usize) -> String {
    let kind = ["call", "email", "meeting"][number % 3];
    let (month, day) = (number % 12 + 1, number % 28 + 1);
    format!("{number},{kind},u{},2025-{month:02}-{day:02}T10:00:00Z,d{}", number % OWNERS, number / 2)
}
