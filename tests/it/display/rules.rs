//! Alerting rules: expressions against the catalogue, what each of them does against made-up series (`tests/rules`, run by
//! promtool), and the page about them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use yaml_rust2::{Yaml, YamlLoader};

use super::{expressions, files};

/// A rule as it is in its file.
struct Rule {
    /// The name of an alert, or of a recorded series.
    name: String,
    is_alert: bool,
    yaml: Yaml,
}

impl Rule {
    fn text(&self, path: &[&str]) -> &str {
        path.iter()
            .fold(&self.yaml, |value, key| &value[*key])
            .as_str()
            .unwrap_or_else(|| panic!("{}: {path:?}", self.name))
    }
}

fn rules() -> Vec<Rule> {
    let mut rules = Vec::new();
    for file in files().into_iter().filter(|file| file.path.starts_with("deploy/prometheus/rules/")) {
        let document = &YamlLoader::load_from_str(&file.text).unwrap()[0];
        for yaml in document["groups"][0]["rules"].as_vec().unwrap() {
            let alert = yaml["alert"].as_str();
            let name = alert.or(yaml["record"].as_str()).unwrap().to_owned();
            rules.push(Rule { name, is_alert: alert.is_some(), yaml: yaml.clone() });
        }
    }
    rules
}

fn alerts() -> impl Iterator<Item = Rule> {
    rules().into_iter().filter(|rule| rule.is_alert)
}

fn recorded() -> BTreeSet<String> {
    rules().into_iter().filter(|rule| !rule.is_alert).map(|rule| rule.name).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files with made-up series.
fn tests() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root().join("tests/rules")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Runs promtool, if there is one, over files below the root of the repository.
fn promtool(arguments: &[&str], paths: &[PathBuf]) {
    let Ok(output) = Command::new("promtool").args(arguments).args(paths).current_dir(root()).output() else {
        return eprintln!("skipped: there is no promtool");
    };
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{said}");
}

#[test]
fn expressions_ask_for_what_there_is() {
    let recorded = recorded();
    let problems: Vec<String> = rules()
        .iter()
        .flat_map(|rule| {
            expressions::problems(rule.text(&["expr"]), &recorded).into_iter().map(|p| format!("{}: {p}", rule.name))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn prometheus_takes_the_rules() {
    let rules = files().into_iter().filter(|file| file.path.starts_with("deploy/prometheus/rules/"));
    promtool(
        &["check", "rules", "--lint=all", "--lint-fatal"],
        &rules.map(|file| root().join(file.path)).collect::<Vec<_>>(),
    );
}

#[test]
fn alerts_do_what_is_said_of_them() {
    promtool(&["test", "rules"], &tests());
}

#[test]
fn every_alert_is_seen_to_fire_and_to_be_quiet() {
    let mut fired = BTreeSet::new();
    let mut quiet = BTreeSet::new();
    for path in tests() {
        let text = std::fs::read_to_string(path).unwrap();
        for test in YamlLoader::load_from_str(&text).unwrap()[0]["tests"].as_vec().unwrap() {
            for case in test["alert_rule_test"].as_vec().into_iter().flatten() {
                let name = case["alertname"].as_str().unwrap().to_owned();
                let seen = if case["exp_alerts"].as_vec().unwrap().is_empty() { &mut quiet } else { &mut fired };
                seen.insert(name);
            }
            // An empty answer is one about the alerts that the expression is about, which here is all of the file.
            let is_empty = |case: &Yaml| case["exp_samples"].as_vec().unwrap().is_empty();
            if test["promql_expr_test"].as_vec().into_iter().flatten().any(is_empty) {
                quiet.extend(fired.iter().cloned());
            }
        }
    }
    let names: BTreeSet<String> = alerts().map(|alert| alert.name).collect();
    assert_eq!(fired, names, "with its labels and texts");
    assert_eq!(quiet, names);
}

/// Made-up series that no exporter serves would prove nothing.
#[test]
fn made_up_series_are_those_of_the_catalogue() {
    let recorded = recorded();
    for path in tests() {
        let text = std::fs::read_to_string(&path).unwrap();
        for test in YamlLoader::load_from_str(&text).unwrap()[0]["tests"].as_vec().unwrap() {
            for series in test["input_series"].as_vec().unwrap() {
                let series = series["series"].as_str().unwrap();
                let problems = expressions::problems(series, &recorded);
                assert!(problems.is_empty(), "{}: {series}: {problems:?}", path.display());
            }
        }
    }
}

#[test]
fn alerts_carry_what_routes_are_chosen_by() {
    for alert in alerts() {
        let name = &alert.name;
        assert_eq!(alert.text(&["labels", "app"]), "crm_exporter", "{name}");
        let category = alert.text(&["labels", "category"]);
        let audience = alert.text(&["labels", "audience"]);
        assert_eq!(audience == "ops", category == "exporter", "{name}");
        let expr = alert.text(&["expr"]);
        // Whoever falls behind is nobody's business but the manager's.
        assert!(!expr.contains("rep") || !expr.contains("chat_channel"), "{name}");
        for key in ["summary", "description", "dashboard_url"] {
            assert!(!alert.text(&["annotations", key]).contains('@'), "{name}: {key} has a value left out");
        }
        assert_eq!(alert.text(&["annotations", "runbook_url"]), format!("docs/alerts.md#{}", name.to_lowercase()));
    }
}

#[test]
fn links_begin_where_the_settings_say() {
    use crm_exporter::app::Shown;
    use crm_exporter::settings::Settings;

    let mut settings = Settings::default();
    settings.grafana.url = Some("https://grafana.example.com/".to_owned());
    settings.alerts.runbook_url = "https://wiki.example.com/alerts".to_owned();
    settings.alerts.disable = vec!["CrmTeamBehindPace".to_owned()];
    let shown = Shown::new(settings).unwrap();
    let files = crm_exporter::display::files(&shown.display());
    let pacing = &files.iter().find(|file| file.path.ends_with("rules/pacing.yml")).unwrap().text;
    assert!(pacing.contains("dashboard_url: 'https://grafana.example.com/d/crm-executive'"), "{pacing}");
    assert!(pacing.contains("runbook_url: 'https://wiki.example.com/alerts#crmrepbehindpace'"), "{pacing}");
    assert!(!pacing.contains("CrmTeamBehindPace"), "it is disabled");
}

#[test]
fn the_page_of_alerts_has_every_one_of_them() {
    let page = std::fs::read_to_string(root().join("docs/alerts.md")).unwrap();
    let told: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let names: BTreeSet<String> = alerts().map(|alert| alert.name).collect();
    assert_eq!(told.len(), names.len(), "each once");
    assert_eq!(told.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), names);
}

/// An address that chooses what its board does not ask for, or leads to no board, is of no use.
#[test]
fn alerts_lead_to_boards_that_show_what_they_are_about() {
    let boards: Vec<(String, serde_json::Value)> = files()
        .into_iter()
        .filter(|file| file.path.starts_with("grafana/dashboards/"))
        .map(|file| (file.path, serde_json::from_str(&file.text).unwrap()))
        .collect();
    for alert in alerts() {
        let url = alert.text(&["annotations", "dashboard_url"]).strip_prefix("/d/").unwrap().to_owned();
        let (uid, query) = url.split_once('?').unwrap_or((&url, ""));
        let board = boards.iter().find(|(_, board)| board["uid"] == uid);
        let (_, board) = board.unwrap_or_else(|| panic!("{}: there is no board {uid}", alert.name));
        let asked = board["templating"]["list"].as_array().unwrap();
        for chosen in query.split("var-").skip(1).filter_map(|part| part.split('=').next()) {
            assert!(
                asked.iter().any(|variable| variable["name"] == chosen),
                "{}: {uid} does not ask for {chosen}",
                alert.name
            );
        }
    }
}
