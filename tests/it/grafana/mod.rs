//! `crm_exporter grafana apply`, the real program against a Grafana that is not there.

mod applying;
mod fake;
mod faults;
mod page;
mod refusals;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use crm_exporter::app::Shown;
use crm_exporter::display;
use crm_exporter::settings::Settings;
use serde_json::{Value, json};
use tempfile::TempDir;

use self::fake::{Edition, Grafana, TOKEN};
use crate::program;

/// Every Grafana that boards can be brought into.
const EDITIONS: [Edition; 4] = [Edition::V11, Edition::V12, Edition::V12_4, Edition::V13];
/// The folder of our boards.
const FOLDER: &str = "crm-exporter-boards";

/// Settings that are the default ones but for Grafana, and a token.
struct Desk {
    directory: TempDir,
}

impl Desk {
    fn new(grafana: &Grafana) -> Desk {
        let desk = Desk { directory: TempDir::new().unwrap() };
        desk.write("token", &format!("{TOKEN}\n"));
        desk.keep_secret("token");
        desk.settings(grafana, "");
        desk
    }

    /// Settings with that Grafana and more lines of the section. They have the goal that boards show.
    fn settings(&self, grafana: &Grafana, more: &str) {
        let goal = "goals: {wins: {measure: crm_deals_won, window: month, target: {default: 5}, primary: true}}";
        let text = format!("{goal}\ngrafana:\n  url: {}\n  token_file: token\n{more}", grafana.url());
        self.write("crm_exporter.yaml", &text);
    }

    /// Takes a file from the eyes of others, so that nobody is warned of it.
    fn keep_secret(&self, name: &str) {
        fs::set_permissions(self.directory.path().join(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.directory.path().join(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.current_dir(self.directory.path()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        let said = format!("{output:?}");
        assert!(!said.contains(TOKEN), "the token is shown: {said}");
        output
    }

    fn apply(&self, more: &[&str]) -> Output {
        self.run(&[&["grafana", "apply"], more].concat())
    }

    /// What an apply that succeeds says.
    fn applied(&self, more: &[&str]) -> String {
        let output = self.apply(more);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What an apply that fails says.
    fn refused(&self, more: &[&str]) -> String {
        let output = self.apply(more);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// The boards that are to be there, by uid.
    fn boards(&self) -> Vec<(String, Value)> {
        let boards = rendered("grafana/dashboards/");
        boards.into_iter().map(|board| (board["uid"].as_str().unwrap().to_owned(), board)).collect()
    }

    /// Uids of the boards, and how many playlists there are to be.
    fn names(&self) -> (Vec<String>, usize) {
        (self.boards().into_iter().map(|(uid, _)| uid).collect(), rendered("grafana/playlists/").len())
    }
}

/// What is rendered from the default settings below that directory.
fn rendered(directory: &str) -> Vec<Value> {
    let shown = Shown::new(Settings::default()).unwrap();
    let files = display::files(&shown.display());
    let files = files.iter().filter(|file| file.path.starts_with(directory) && file.path.ends_with(".json"));
    let values: Vec<Value> = files.map(|file| serde_json::from_str(&file.text).unwrap()).collect();
    assert!(!values.is_empty(), "{directory}");
    values
}

/// The line that `grafana apply` leaves in a description.
fn mark(uid: &str) -> String {
    format!("Kept by crm_exporter, which overwrites changes made here ({uid} 9be0d3aa1122 save 1)")
}

/// A board that an earlier version of the settings had.
fn former_board() -> Value {
    json!({"title": "Former", "tags": ["crm_exporter"], "description": mark("crm-former"), "panels": []})
}
