//! Alertmanager with the rendered configuration, and with chat and mail on loopback.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use crm_exporter::app::Shown;
use crm_exporter::display::{self, File};
use crm_exporter::settings::Settings;
use reqwest::blocking::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::chat::Chat;
use super::mailbox::Mailbox;
use crate::daemon::{Process, serve, until_within};
use crate::runs::is_there;

/// What is shortened, so that a test takes seconds: how long groups wait. Chat has another address, and nothing else of
/// what is rendered is changed.
const SHORTENED: [(&str, &str); 4] = [
    ("group_wait: '1m'", "group_wait: 200ms"),
    ("group_wait: '30s'", "group_wait: 200ms"),
    ("group_interval: '15m'", "group_interval: 1s"),
    ("group_interval: '5m'", "group_interval: 1s"),
];

/// Longer than any wait that a test has: for the next minute, at most.
const DEADLINE: Duration = Duration::from_secs(120);

/// An Alertmanager, and those whom it reaches.
pub(super) struct Site {
    pub(super) chat: Chat,
    pub(super) mail: Mailbox,
    /// Where Prometheus sends alerts to.
    pub(super) address: String,
    _directory: TempDir,
    client: Client,
    log: mpsc::Receiver<String>,
    _process: Process,
}

impl Site {
    /// With the configuration of these settings; none where there is no Alertmanager.
    pub(super) fn start(settings: &str) -> Option<Site> {
        let program = ["alertmanager", "prometheus-alertmanager"].into_iter().find(|program| is_there(program));
        let Some(program) = program else {
            eprintln!("skipped: there is no alertmanager");
            return None;
        };
        let (chat, mail) = (Chat::open(), Mailbox::open());
        let directory = tempfile::tempdir().unwrap();
        render(&directory, settings, &chat, &mail);
        let mut command = Command::new(program);
        command.args(["--config.file=alertmanager.yml", "--storage.path=data", "--web.listen-address=127.0.0.1:0"]);
        command.args(["--cluster.listen-address=", "--log.level=debug"]).current_dir(directory.path());
        let (process, address, log) = serve(command);
        crate::use_cryptography_of_the_program();
        let client = Client::builder().no_proxy().build().unwrap();
        Some(Site { chat, mail, address, _directory: directory, client, log, _process: process })
    }

    /// Posts alerts as Prometheus does.
    pub(super) fn post(&self, alerts: &[Value]) {
        let url = format!("http://{}/api/v2/alerts", self.address);
        let request = self.client.post(url).header("Content-Type", "application/json");
        request.body(json!(alerts).to_string()).send().unwrap().error_for_status().unwrap();
    }

    /// Ends alerts.
    pub(super) fn resolve(&self, alerts: &[Value]) {
        let now = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        let ended = alerts.iter().map(|alert| {
            let mut alert = alert.clone();
            alert["endsAt"] = json!(now);
            alert
        });
        self.post(&ended.collect::<Vec<_>>());
    }

    /// Names of the alerts that another mutes at present.
    pub(super) fn inhibited(&self) -> Vec<String> {
        let url = format!("http://{}/api/v2/alerts", self.address);
        let alerts: Value = serde_json::from_str(&self.client.get(url).send().unwrap().text().unwrap()).unwrap();
        let alerts = alerts.as_array().unwrap().iter();
        let muted = alerts.filter(|alert| alert["status"]["inhibitedBy"].as_array().is_some_and(|by| !by.is_empty()));
        muted.map(|alert| alert["labels"]["alertname"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until the log has a line with this.
    pub(super) fn await_log(&self, text: &str) {
        while !self.log.recv_timeout(DEADLINE).unwrap().contains(text) {}
    }
}

/// Asks until there is an answer.
pub(super) fn until<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    until_within(DEADLINE, what, ask)
}

/// Writes those of the files that are below `place` into a directory.
pub(super) fn write_below(place: &str, files: &[File], directory: &Path) {
    for file in files {
        let Some(path) = file.path.strip_prefix(place) else { continue };
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
    }
}

/// The rendered configuration and its templates.
fn render(directory: &TempDir, settings: &str, chat: &Chat, mail: &Mailbox) {
    let token = directory.path().join("token");
    fs::write(&token, "of-the-app").unwrap();
    let file = directory.path().join("crm_exporter.yaml");
    let routing = json!({
        "slack_token_file": token,
        "mail": {"smarthost": mail.address, "require_tls": false},
    });
    fs::write(&file, format!("{settings}\nrouting: {routing}\n")).unwrap();
    let shown = Shown::new(Settings::load(&file, &[]).unwrap()).unwrap();
    write_below("deploy/alertmanager/", &display::files(&shown.display()), directory.path());
    let path = directory.path().join("alertmanager.yml");
    let mut text = fs::read_to_string(&path).unwrap();
    let slack = "https://slack.com/".to_owned();
    let chat = format!("http://{}/", chat.address);
    for (long, short) in SHORTENED.into_iter().chain([(&*slack, &*chat)]) {
        assert!(text.contains(long), "{long} is no longer rendered");
        text = text.replace(long, short);
    }
    fs::write(path, text).unwrap();
}
