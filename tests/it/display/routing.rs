//! Alertmanager's configuration as its own tool reads it: who gets which alert, and how the fragment merges.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use config::{Config, FileFormat};
use crm_exporter::app::Shown;
use crm_exporter::display;
use crm_exporter::settings::Settings;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Teams with names that matchers have to quote, and calendars of all kinds.
const SETTINGS: &str = r##"
calendar:
  time_zone: America/New_York
  working_hours: "09:00-12:00, 13:00-17:00"
  holidays: [2026-11-26, 2026-12-25, 2027-12-25]
  teams:
    EMEA: {time_zone: Europe/London, holidays: [2026-12-25, 2026-12-28]}
    A.B (new): {time_zone: Europe/London, holidays: [2026-12-25, 2026-12-28]}
    R&D "x": {time_zone: Europe/London, working_hours: "22:00-24:00", working_days: [sun], holidays: []}
    Größe: {time_zone: Asia/Tokyo}
routing:
  floor_channel: "#floor"
  mail: {smarthost: "127.0.0.1:25", username: crm}
"##;

/// The rendered configuration of some settings, in a directory.
struct Rendered {
    directory: TempDir,
}

impl Rendered {
    fn new(settings: &str) -> Rendered {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("crm_exporter.yaml");
        fs::write(&file, settings).unwrap();
        let shown = Shown::new(Settings::load(&file, &[]).unwrap()).unwrap();
        for file in display::files(&shown.display()) {
            let Some(path) = file.path.strip_prefix("deploy/alertmanager/") else { continue };
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.text).unwrap();
        }
        Rendered { directory }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn read(&self, name: &str) -> Value {
        read(&fs::read_to_string(self.path(name)).unwrap())
    }
}

/// YAML, with its comments.
fn read(text: &str) -> Value {
    let file = config::File::from_str(text, FileFormat::Yaml);
    Config::builder().add_source(file).build().unwrap().try_deserialize().unwrap()
}

/// What amtool says, if it agrees; `None` where there is none.
fn amtool(arguments: &[&str]) -> Option<String> {
    let Ok(output) = Command::new("amtool").args(arguments).output() else {
        eprintln!("skipped: there is no amtool");
        return None;
    };
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {said}");
    Some(said)
}

fn checked(file: &Path) {
    if let Some(said) = amtool(&["check-config", file.to_str().unwrap()]) {
        assert!(said.contains("SUCCESS"), "{said}");
    }
}

/// Holds against `amtool` that alerts with these labels reach these receivers.
fn reaches(file: &Path, labels: &[(&str, &str)], receivers: &str) {
    let config = format!("--config.file={}", file.display());
    let wanted = format!("--verify.receivers={receivers}");
    let quoted = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"");
    let labels: Vec<String> = labels.iter().map(|(label, value)| format!("{label}=\"{}\"", quoted(value))).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    amtool(&[&["config", "routes", "test", &config, &wanted], &labels[..]].concat());
}

/// Alerts of every kind of a team, and whom they reach.
fn every_kind_is_routed(file: &Path, team: &str) {
    let manager = ("manager_email", "lee@example.com");
    let channel = ("chat_channel", "#team");
    let sales = |category: &'static str, more: &[(&'static str, &'static str)]| {
        [&[("category", category), ("audience", "sales"), ("goal", "calls")], more].concat()
    };
    let ops = |category: &'static str| vec![("category", category), ("audience", "ops")];
    for (labels, receivers) in [
        (sales("celebration", &[("rep", "Ana"), ("alertname", "CrmDealWon")]), "crm-floor"),
        (sales("celebration", &[("rep", "Ana"), ("alertname", "CrmGoalStreak"), manager]), "crm-floor"),
        (sales("celebration", &[channel]), "crm-floor"),
        (ops("exporter"), "crm-ops"),
        (ops("quality"), "crm-ops"),
        (sales("pacing", &[("rep", "Ana"), manager]), "crm-manager"),
        (sales("pacing", &[("rep", "Ana"), manager, channel]), "crm-manager"),
        (sales("pacing", &[("rep", "Ana"), channel]), "crm-leaders"),
        (sales("pacing", &[manager, channel]), "crm-team,crm-manager"),
        (sales("pipeline", &[manager, channel]), "crm-team,crm-manager"),
        (sales("quality", &[manager, channel]), "crm-team,crm-manager"),
        (sales("pipeline", &[manager]), "crm-manager"),
        (sales("pipeline", &[channel]), "crm-team"),
        (sales("pacing", &[]), "crm-leaders"),
    ] {
        reaches(file, &[&labels[..], &[("app", "crm_exporter"), ("team", team)]].concat(), receivers);
    }
}

#[test]
fn every_kind_of_alert_of_every_team_has_a_receiver() {
    let rendered = Rendered::new(SETTINGS);
    let file = rendered.path("alertmanager.yml");
    checked(&file);
    for team in ["EMEA", "A.B (new)", "R&D \"x\"", "Größe", "Newcomers", "none", ""] {
        every_kind_is_routed(&file, team);
    }
    reaches(&file, &[("alertname", "DiskFull"), ("team", "EMEA")], "crm-ops");
}

/// The routes that take the alerts of a team, in order: their conditions and when they tell.
fn hours_of<'v>(config: &'v Value, team: &str) -> Vec<(&'v Value, &'v Value)> {
    let routes = config["route"]["routes"][0]["routes"].as_array().unwrap();
    let matches = |route: &&Value| {
        let matcher = route["matchers"][0].as_str().unwrap();
        matcher.starts_with("team=~") && matcher.split(['"', '|']).any(|name| name == team)
    };
    let routes = routes.iter().find(matches).map_or(&routes[..], |route| route["routes"].as_array().unwrap());
    let told = routes.iter().filter(|route| matches!(route["receiver"].as_str(), Some("crm-team" | "crm-manager")));
    told.map(|route| (&route["active_time_intervals"], &route["mute_time_intervals"])).collect()
}

#[test]
fn teams_are_told_in_their_own_hours() {
    let config = Rendered::new(SETTINGS).read("alertmanager.yml");
    let (default, default_holidays) = (json!(["crm-hours"]), json!(["crm-holidays"]));
    let (london, london_holidays) = (json!(["crm-europe-london-hours"]), json!(["crm-europe-london-holidays"]));
    let tokyo = json!(["crm-asia-tokyo-hours"]);
    assert_eq!(hours_of(&config, "Newcomers"), [(&default, &default_holidays); 2]);
    assert_eq!(hours_of(&config, "EMEA"), [(&london, &london_holidays); 2]);
    assert_eq!(hours_of(&config, "Größe")[0].0, &tokyo);
    let intervals = config["time_intervals"].as_array().unwrap();
    let named = |name: &str| &intervals.iter().find(|interval| interval["name"] == name).unwrap()["time_intervals"];
    assert_eq!(
        named("crm-europe-london-2-hours"),
        &json!([{
            "times": [{"start_time": "22:00", "end_time": "24:00"}],
            "weekdays": ["sunday"],
            "location": "Europe/London",
        }])
    );
    assert_eq!(
        named("crm-europe-london-holidays"),
        &json!([{
            "years": ["2026"], "months": ["12"], "days_of_month": ["25", "28"], "location": "Europe/London",
        }])
    );
    assert_eq!(named("crm-hours")[0]["times"].as_array().unwrap().len(), 2, "a break at noon");
    assert!(!intervals.iter().any(|interval| interval["name"] == "crm-europe-london-2-holidays"), "it has none");
}

/// Every part of a configuration of somebody who has one; its route takes whatever is critical.
const USERS: &str = "
global: {smtp_smarthost: 'mail.example.com:587', smtp_from: alerts@example.com}
templates: [/etc/alertmanager/own/*.tmpl]
time_intervals: [{name: nights, time_intervals: [{times: [{start_time: '20:00', end_time: '24:00'}]}]}]
inhibit_rules: [{source_matchers: ['severity=\"critical\"'], target_matchers: ['severity=\"warning\"'], equal: [cluster]}]
receivers: [{name: everybody, webhook_configs: [{url: 'http://127.0.0.1:1/'}]}, {name: pager}]
route: {receiver: everybody, routes: [{matchers: ['severity=\"critical\"'], receiver: pager}]}
";

/// As the head of the fragment tells: tables are joined, lists are appended, ours come first.
fn merged(ours: &Value, theirs: &Value) -> Value {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let mut both = ours.clone();
            for (key, theirs) in theirs {
                let value = both.get(key).map_or_else(|| theirs.clone(), |ours| merged(ours, theirs));
                both.insert(key.clone(), value);
            }
            Value::Object(both)
        }
        (Value::Array(ours), Value::Array(theirs)) => Value::Array([&ours[..], theirs].concat()),
        (_, theirs) => theirs.clone(),
    }
}

#[test]
fn the_fragment_merges_into_a_file_with_a_root() {
    let rendered = Rendered::new(SETTINGS);
    let both = merged(&rendered.read("crm_exporter.fragment.yml"), &read(USERS));
    let file = rendered.path("merged.yml");
    fs::write(&file, display::yaml(&both)).unwrap();
    checked(&file);
    every_kind_is_routed(&file, "EMEA");
    every_kind_is_routed(&file, "Newcomers");
    reaches(&file, &[("alertname", "DiskFull"), ("severity", "critical")], "pager");
    reaches(&file, &[("alertname", "DiskFull")], "everybody");
    reaches(&file, &[("app", "crm_exporter"), ("audience", "ops"), ("severity", "critical")], "crm-ops");
}

#[test]
fn the_complete_file_is_the_fragment_with_a_root() {
    let rendered = Rendered::new(SETTINGS);
    let (mut complete, fragment) = (rendered.read("alertmanager.yml"), rendered.read("crm_exporter.fragment.yml"));
    assert_eq!(complete["global"]["smtp_auth_password_file"], "/etc/alertmanager/secrets/smtp_password");
    complete.as_object_mut().unwrap().remove("global");
    complete["route"].as_object_mut().unwrap().retain(|key, _| key == "routes");
    assert_eq!(complete, fragment);
}

/// Whoever reads the file sees where a secret is, never what it is.
#[test]
fn secrets_are_files() {
    let config = Rendered::new(SETTINGS).read("alertmanager.yml").to_string();
    for key in ["smtp_auth_password", "credentials", "api_key", "token", "password"] {
        assert!(!config.contains(&format!("\"{key}\":")), "{key}");
    }
}

/// What is quoted in the routing and looks like the name of an alert.
fn names_of_alerts(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| word.strip_prefix("Crm").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase())))
}

#[test]
fn alerts_that_are_named_are_those_of_the_rules() {
    let files = super::files();
    let text = |path: &str| -> String {
        files.iter().filter(|file| file.path.starts_with(path)).map(|file| file.text.as_str()).collect()
    };
    let (rules, routing) = (text("deploy/prometheus/rules/"), text("deploy/alertmanager/alertmanager.yml"));
    assert!(names_of_alerts(&routing).count() > 5);
    for name in names_of_alerts(&routing) {
        assert!(rules.contains(&format!("alert: {name}\n")), "no rule raises {name}");
    }
}

/// What the examples say of a receiver and of where they are merged.
#[test]
fn examples_merge_before_the_fragment() {
    let rendered = Rendered::new("{}");
    let ours = rendered.read("alertmanager.yml");
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/alertmanager/examples");
    let mut seen = 0;
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let both = merged(&read(&fs::read_to_string(&path).unwrap()), &ours);
        let names = |key: &str, name: &str| -> Vec<String> {
            let values = both[key].as_array().unwrap().iter();
            values.map(|value| value[name].as_str().unwrap().to_owned()).collect()
        };
        let routes = both["route"]["routes"].as_array().unwrap();
        for route in routes {
            let receiver = route["receiver"].as_str().unwrap().to_owned();
            assert!(names("receivers", "name").contains(&receiver), "{}: {receiver}", path.display());
            for hours in route["active_time_intervals"].as_array().into_iter().flatten() {
                assert!(names("time_intervals", "name").iter().any(|name| hours == name), "{}", path.display());
            }
        }
        // The others are of later versions than the one that may be here.
        if path.ends_with("pagerduty.yml") {
            let file = rendered.path("merged.yml");
            fs::write(&file, display::yaml(&both)).unwrap();
            checked(&file);
            let behind = [("app", "crm_exporter"), ("audience", "sales"), ("severity", "critical"), ("team", "EMEA")];
            let told = [("manager_email", "lee@example.com"), ("chat_channel", "#emea")];
            reaches(
                &file,
                &[behind, [told[0], told[1], ("goal", "calls"), ("category", "pacing")]].concat(),
                "crm-emea-pagerduty,crm-team,crm-manager",
            );
        }
        seen += 1;
    }
    assert_eq!(seen, 3);
}
