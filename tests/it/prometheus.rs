//! Prometheus itself, where it is installed: it scrapes what is served and answers queries.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use reqwest::Url;
use reqwest::blocking::Client;
use serde_json::Value;

use crate::daemon::Process;

/// A server that scrapes one target every second.
pub(crate) struct Prometheus {
    _process: Process,
    /// Host and port.
    pub(crate) address: String,
    client: Client,
}

impl Prometheus {
    /// Begins to scrape `target` as the job `crm`, with blocks in `data`. None, which is said, where Prometheus is not
    /// installed.
    pub(crate) fn start(directory: &Path, data: &Path, target: &str) -> Option<Prometheus> {
        let scrape = format!("{{job_name: crm, honor_labels: true, static_configs: [{{targets: ['{target}']}}]}}");
        let config = format!("global: {{scrape_interval: 1s}}\nscrape_configs: [{scrape}]\n");
        Prometheus::with_config(directory, data, &config)
    }

    /// Begins as `config` says.
    pub(crate) fn with_config(directory: &Path, data: &Path, config: &str) -> Option<Prometheus> {
        let file = directory.join("prometheus.yml");
        fs::write(&file, config).unwrap();
        // It tells no port that it chose by itself, so it gets one that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let started = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", data.display()))
            .args(["--storage.tsdb.retention.time=100y", "--rules.alert.resend-delay=2s"])
            .arg(format!("--web.listen-address={address}"))
            .current_dir(directory)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(child) = started else {
            eprintln!("skipped: there is no prometheus");
            return None;
        };
        crate::use_cryptography_of_the_program();
        Some(Prometheus { _process: Process(child), address, client: Client::new() })
    }

    /// What it answers below `/api/v1/`; none while it cannot.
    ///
    /// # Panics
    /// If it calls the question wrong.
    pub(crate) fn ask(&self, path: &str, parameters: &[(&str, &str)]) -> Option<Value> {
        let url = Url::parse_with_params(&format!("http://{}/api/v1/{path}", self.address), parameters).unwrap();
        let answer = self.client.get(url).send().ok()?;
        let is_wrong = answer.status().is_client_error();
        let text = answer.text().ok()?;
        assert!(!is_wrong, "{parameters:?}: {text}");
        let answer: Value = serde_json::from_str(&text).ok()?;
        (answer["status"] == "success").then(|| answer["data"].clone())
    }

    /// The present series of an expression, with their values.
    pub(crate) fn now(&self, expr: &str) -> Option<Vec<Value>> {
        Some(self.ask("query", &[("query", expr)])?["result"].as_array()?.clone())
    }
}
