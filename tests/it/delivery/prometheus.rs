//! The whole chain: figures that somebody serves, the rendered rules in a real Prometheus, the rendered routing.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use chrono::Utc;
use crm_exporter::app::Shown;
use crm_exporter::display;
use crm_exporter::settings::Settings;

use super::receivers::ALWAYS;
use super::site::{Site, until, write_below};
use crate::prometheus::Prometheus;

/// A floor on which a team and a rep are behind, a deal was just won, and a source is down. `NOW` is the present.
const FIGURES: &str = r##"
crm_exporter_build_info{version="1"} 1
crm_exporter_snapshot_timestamp_seconds NOW
crm_exporter_source_up{source="crm",kind="csv"} 0
crm_exporter_source_interval_seconds{source="crm"} 60
crm_exporter_source_last_success_timestamp_seconds{source="crm"} NOW
crm_exporter_team_data_timestamp_seconds{team="EMEA"} NOW
crm_team_info{team="EMEA",manager="Lee",manager_email="lee@example.com",chat_channel="#emea"} 1
crm_team_info{team="APAC",manager="",manager_email="",chat_channel=""} 1
crm_reporting_currency_info{currency="USD"} 1
crm_period_elapsed_ratio{window="month"} 0.6
crm_period_info{window="month",name="October 2026",last_day="31 Oct"} 1
crm_goal_info{goal="calls",title="Calls",unit="count",direction="up",primary="true",owner="",objective=""} 1
crm_pacing_ratio{goal="calls",scope="team",team="EMEA",rep="",window="month"} PACE
crm_goal_actual{goal="calls",scope="team",team="EMEA",rep="",window="month"} 310
crm_goal_expected{goal="calls",scope="team",team="EMEA",rep="",window="month"} 500
crm_goal_target{goal="calls",scope="team",team="EMEA",rep="",window="month"} 800
crm_goal_needed_per_working_day{goal="calls",scope="team",team="EMEA",rep="",window="month"} 48
crm_pacing_ratio{goal="calls",scope="rep",team="EMEA",rep="Ana",window="month"} PACE
crm_goal_actual{goal="calls",scope="rep",team="EMEA",rep="Ana",window="month"} 31
crm_goal_expected{goal="calls",scope="rep",team="EMEA",rep="Ana",window="month"} 50
crm_goal_target{goal="calls",scope="rep",team="EMEA",rep="Ana",window="month"} 80
crm_goal_needed_per_working_day{goal="calls",scope="rep",team="EMEA",rep="Ana",window="month"} 5
crm_recent_win_value{deal="Acme",account="Acme Ltd",team="EMEA",rep="Ana"} 12000
crm_recent_win_noticed_timestamp_seconds{deal="Acme",account="Acme Ltd",team="EMEA",rep="Ana"} NOW
"##;

/// Serves the figures on a port of its own: behind pace until `recovered` is set.
fn serve_figures(recovered: &Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let recovered = Arc::clone(recovered);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let pace = if recovered.load(Ordering::Relaxed) { "1" } else { "0.62" };
            let now = Utc::now().timestamp().to_string();
            let figures = FIGURES.trim_start().replace("NOW", &now).replace("PACE", pace);
            // Prometheus connects again for its next scrape.
            let _ = answer(&stream, &figures);
        }
    });
    address
}

fn answer(mut stream: &TcpStream, body: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nConnection: close";
    stream.write_all(format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}").as_bytes())
}

/// Prometheus with the rendered rules. What has to last before somebody is told (`for`), or is kept afterwards
/// (`keep_firing_for`), is left out.
fn prometheus(directory: &Path, figures: &str, alertmanager: &str) -> Option<Prometheus> {
    let shown = Shown::new(Settings::default()).unwrap();
    write_below("deploy/prometheus/", &display::files(&shown.display()), directory);
    for entry in fs::read_dir(directory.join("rules")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let waits = |line: &&str| ["for:", "keep_firing_for:"].iter().any(|key| line.trim_start().starts_with(key));
        let shortened: Vec<&str> = text.lines().filter(|line| !waits(line)).collect();
        fs::write(path, shortened.join("\n")).unwrap();
    }
    let config = format!(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n\
         rule_files: [rules/*.yml]\n\
         alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager}']}}]}}]}}\n\
         scrape_configs: [{{job_name: crm, honor_labels: true, static_configs: [{{targets: ['{figures}']}}]}}]\n"
    );
    Prometheus::with_config(directory, &directory.join("data"), &config)
}

#[test]
fn figures_become_messages() {
    let Some(site) = Site::start(ALWAYS) else { return };
    let recovered = Arc::default();
    let figures = serve_figures(&recovered);
    let directory = tempfile::tempdir().unwrap();
    let Some(_prometheus) = prometheus(directory.path(), &figures, &site.address) else { return };

    // How the sentences go is the rules' own matter: tests/rules/ holds them.
    let title = |channel: &str, start: &str| {
        let messages = site.chat.of(channel);
        messages.into_iter().find(|message| message.title.starts_with(start))
    };
    let win = until("the win", || title("#sales-floor", "Ana "));
    assert!(win.title.contains("Acme") && win.text.contains("Acme Ltd"), "{win:?}");
    let team = until("the team's message", || title("#emea", "EMEA "));
    assert!(team.title.contains("62%") && team.text.contains("310") && team.text.contains("31 Oct"), "{team:?}");
    let source = until("the source that is down", || title("#sales-ops", "The source crm "));
    assert_eq!(source.color, "#D55E00", "it is critical");
    let letter = |start: &str| site.mail.of("lee@example.com").into_iter().find(|l| l.subject.starts_with(start));
    let rep = until("the rep's letter", || letter("Ana "));
    assert!(rep.text.contains("October 2026") && !rep.text.contains("310"), "{rep:?}");
    until("the team's letter", || letter("EMEA "));

    recovered.store(true, Ordering::Relaxed);
    until("the end, in the channel", || title("#emea", "Resolved: EMEA "));
    until("the end of the rep's", || letter("Resolved: Ana "));
    let named = |channel: &str| site.chat.of(channel).iter().any(|message| message.text.contains("Ana"));
    assert!(!named("#emea") && !named("#sales-ops"), "{:?}", site.chat.messages());
}
