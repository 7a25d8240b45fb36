//! The defaults, and the layers over them. Wrong files are in `tests/it/settings`.

use std::path::Path;

use config::{Config, File, FileFormat, Value, ValueKind};
use serde::de::DeserializeOwned;

use super::*;
use crate::display::settings::alerts;
use crate::{calendar, facts, metrics, setting};

fn load(yaml: &str, overrides: &[Override]) -> Result<Settings, String> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("crm_exporter.yaml");
    std::fs::write(&file, yaml).unwrap();
    let settings = Settings::load(&file, overrides);
    settings.map_err(|failure| failure.to_string().replace(&file.display().to_string(), "crm_exporter.yaml"))
}

/// The settings as text, without the directory.
fn shown(settings: &Settings) -> String {
    let store = Store { path: settings.store.path.file_name().unwrap().into() };
    format!("{:#?}", Settings { directory: "".into(), store, ..settings.clone() })
}

#[test]
fn the_printed_defaults_are_the_defaults() {
    for empty in ["", "# nothing\n", "{}", "web:\npeople:\n"] {
        assert_eq!(shown(&load(empty, &[]).unwrap()), shown(&Settings::default()), "{empty:?}");
    }
    assert_eq!(shown(&load(DEFAULTS, &[]).unwrap()), shown(&Settings::default()));
}

/// The keys of a part, as its type tells them when it meets one that it does not know.
fn keys_of<T: DeserializeOwned>() -> Vec<String> {
    let stranger: config::Map<String, Value> = [("".to_owned(), Value::from(1))].into();
    let problem = setting::read::<T>(stranger.into()).err().unwrap();
    let (_, known) = problem.text.split_once("known here: ").unwrap();
    known.split(", ").map(str::to_owned).collect()
}

fn keys_at(root: &Value, path: &str) -> Vec<String> {
    let at = path.split('.').filter(|key| !key.is_empty()).fold(root, |value, key| match &value.kind {
        ValueKind::Table(table) => &table[key],
        other => panic!("{path}: {other:?}"),
    });
    match &at.kind {
        ValueKind::Table(table) => table.keys().cloned().collect(),
        other => panic!("{path}: {other:?}"),
    }
}

#[test]
fn the_printed_defaults_name_every_option() {
    let root = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Yaml)).build().unwrap().cache;
    assert_eq!(keys_at(&root, ""), parts::SECTIONS);
    for (path, keys) in [
        ("web", keys_of::<Web>()),
        ("store", keys_of::<Store>()),
        ("currency", keys_of::<facts::settings::Money>()),
        ("calendar", keys_of::<calendar::Settings>()),
        ("people", keys_of::<facts::settings::People>()),
        ("people.reps", keys_of::<facts::settings::Reps>()),
        ("activities", keys_of::<facts::settings::Activities>()),
        ("deals", keys_of::<facts::settings::Deals>()),
        ("accounts", keys_of::<facts::settings::Accounts>()),
        ("accounts.key", keys_of::<facts::settings::KeyAccount>()),
        ("metrics", keys_of::<metrics::settings::Settings>()),
        ("metrics.windows", keys_of::<metrics::settings::Windows>()),
        ("limits", keys_of::<metrics::settings::Limits>()),
        ("alerts", keys_of::<display::settings::Alerts>()),
        ("alerts.fresh", keys_of::<alerts::Fresh>()),
        ("alerts.pace", keys_of::<alerts::Pace>()),
        ("alerts.pace.begins", keys_of::<alerts::Begins>()),
        ("alerts.pace.warning", keys_of::<alerts::Limits>()),
        ("alerts.leads", keys_of::<alerts::Leads>()),
        ("alerts.deals", keys_of::<alerts::Deals>()),
        ("alerts.leakage", keys_of::<alerts::Leakage>()),
        ("alerts.accounts", keys_of::<alerts::Accounts>()),
        ("alerts.coverage", keys_of::<alerts::Coverage>()),
        ("alerts.forecast", keys_of::<alerts::Forecast>()),
        ("alerts.quality", keys_of::<alerts::Quality>()),
        ("alerts.goals", keys_of::<alerts::Reviews>()),
        ("alerts.celebrations", keys_of::<alerts::Celebrations>()),
        ("alerts.exporter", keys_of::<alerts::Exporter>()),
    ] {
        assert_eq!(keys_at(&root, path), keys, "{path}");
    }
    // These have no defaults: they are shown in comments.
    for key in [
        keys_of::<calendar::TeamSettings>(),
        keys_of::<facts::settings::KeyActivity>(),
        keys_of::<facts::settings::TeamContact>(),
    ]
    .concat()
    {
        assert!(DEFAULTS.contains(&format!("{key}: ")), "{key}");
    }
}

#[test]
fn the_file_wins_over_the_defaults_and_overrides_over_both() {
    let variables = [("CRM_EXPORTER__DEALS__ZERO_IS_MISSING", "true"), ("CRM_EXPORTER__STORE__PATH", "variable.db")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut overrides = Override::from_variables(variables);
    overrides.push(Override::flag("--store.path", "store.path", "/var/lib/flag.db"));
    let yaml = "{store: {path: file.db}, metrics: {windows: {funnel: [28d]}}, refresh_interval: 1m}";
    let settings = load(yaml, &overrides).unwrap();
    assert_eq!(settings.store.path, Path::new("/var/lib/flag.db"));
    assert_eq!(settings.deals.zero_is_missing, facts::settings::ZeroIsMissing::All(true));
    assert_eq!(settings.metrics.windows.funnel, ["28d"]);
    assert_eq!(settings.metrics.windows.activities.len(), 4);
    assert_eq!(settings.refresh_interval, Lasting::seconds(60));
}

#[test]
fn paths_in_the_file_start_from_the_file() {
    let settings = load("store: {path: data/crm.db}", &[]).unwrap();
    assert_eq!(settings.store.path, settings.directory.join("data/crm.db"));
    assert!(settings.directory.is_absolute());
}

#[test]
fn names_keep_their_case_their_dots_and_their_order() {
    let yaml = "{costs: {Zone: [], EMEA: []}, people: {roles: {Zoe.B@example.com: Boss, ana@example.com: rep}}}";
    let settings = load(yaml, &[]).unwrap();
    assert_eq!(settings.costs.keys().collect::<Vec<_>>(), ["Zone", "EMEA"]);
    assert_eq!(settings.people.roles.keys().collect::<Vec<_>>(), ["Zoe.B@example.com", "ana@example.com"]);
}

#[test]
fn problems_name_the_variable_or_flag_that_has_them() {
    let variables = [("CRM_EXPORTER__REFRESH_INTERVAL".to_owned(), "15".to_owned())];
    let mut overrides = Override::from_variables(variables);
    overrides.push(Override::flag("--web.listen-address", "web.listen_address", "10094"));
    let problem = load("deals: {stalled_multiple: often}", &overrides).unwrap_err();
    assert_eq!(
        problem.lines().collect::<Vec<_>>(),
        [
            "--web.listen-address: web.listen_address: `10094` is no address to listen on: write host:port, such as \
             127.0.0.1:10094, or :10094 for all interfaces",
            "CRM_EXPORTER__REFRESH_INTERVAL: refresh_interval: `15` is no duration: write a number and its unit, such \
             as 15s, 2m, 1h or 800d",
            "crm_exporter.yaml: deals.stalled_multiple: `often` is no decimal number such as 1.08",
        ]
    );
}
