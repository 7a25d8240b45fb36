//! Wrong settings, and what `crm_exporter check` says of them.
//!
//! `wrong/NAME.yaml` is refused with exit code 1 and with `wrong/NAME.stderr`, to the letter. To see the text that a
//! new or changed file gives: `UPDATE_EXPECTED=1 cargo test --test it settings`, then read the difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::program;

fn wrong() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/settings/wrong")
}

fn names_ending_in(ending: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(wrong()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect()
}

fn check(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = program();
    command.arg("check").args(arguments).envs(variables.iter().copied()).current_dir(wrong());
    command.output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn every_wrong_file_is_told_from_its_neighbours() {
    assert_eq!(
        names_ending_in(".yaml"),
        names_ending_in(".stderr"),
        "a file without its message, or the other way round"
    );
    let mut seen = BTreeSet::new();
    for name in names_ending_in(".stderr") {
        let message = std::fs::read_to_string(wrong().join(format!("{name}.stderr"))).unwrap();
        assert!(seen.insert(message.replace(&name, "")), "{name} is told as another file is");
    }
}

#[test]
fn wrong_files_are_refused_with_a_remedy() {
    let mut failures = Vec::new();
    for name in names_ending_in(".yaml") {
        let output = check(&["--config.file", &format!("{name}.yaml")], &[]);
        let expected = wrong().join(format!("{name}.stderr"));
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&expected, &output.stderr).unwrap();
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        if output.status.code() != Some(1) || stderr(&output) != expected || !output.stdout.is_empty() {
            failures.push(format!("{name}: {}\n{}instead of\n{expected}", output.status, stderr(&output)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn wrong_variables_and_flags_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("good.yaml");
    std::fs::write(&file, "refresh_interval: 15s\n").unwrap();
    let file = file.to_str().unwrap();
    for (variable, value, expected) in [
        (
            "CRM_EXPORTER__REFRESH_INTERVAL",
            "15",
            "CRM_EXPORTER__REFRESH_INTERVAL: refresh_interval: `15` is no duration: write a number and its unit, such \
             as 15s, 2m, 1h or 800d\n",
        ),
        (
            "CRM_EXPORTER__REFRESH",
            "15s",
            "CRM_EXPORTER__REFRESH: refresh: unknown key; known here: web, store, refresh_interval, currency, calendar, \
             sources, people, activities, leads, deals, data_quality, accounts, costs, goals, scorecards, records, \
             contests, benchmarks, metrics, limits, grafana, alerts, routing\n",
        ),
        (
            "CRM_EXPORTER__METRICS__DISABLE",
            "crm_activities",
            "CRM_EXPORTER__METRICS__DISABLE: `metrics.disable` is no single value: write it in the settings file\n",
        ),
    ] {
        let output = check(&["--config.file", file], &[(variable, value)]);
        assert_eq!((stderr(&output).as_str(), output.status.code()), (expected, Some(1)));
    }
    let output = check(&["--config.file", file, "--web.listen-address", "10094"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--web.listen-address"), "{}", stderr(&output));
}

#[test]
fn a_missing_file_comes_with_a_way_to_begin() {
    let output = check(&["--config.file", "nowhere.yaml"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        "nowhere.yaml: there is no such file; name one with --config.file, or begin one with the options that \
         `crm_exporter check --print-defaults` shows\n"
    );
}

#[test]
fn a_file_that_is_no_text_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("latin1.yaml");
    std::fs::write(&file, b"currency: {reporting: \xa3}\n").unwrap();
    let file = file.to_str().unwrap();
    let output = check(&["--config.file", file], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), format!("{file}: is not UTF-8; save it in that encoding\n"));
}

#[test]
fn good_settings_are_called_good() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("good.yaml");
    let defaults = check(&["--print-defaults"], &[]);
    assert!(defaults.status.success());
    std::fs::write(&file, &defaults.stdout).unwrap();
    let file = file.to_str().unwrap();
    let output = check(&["--config.file", file], &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{file}: no problem found; sources: none\n"));
}

#[test]
fn doubtful_goals_are_warned_of_and_are_no_problem() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("doubtful.yaml");
    let goals = "people: {roles: {ana@example.com: ae}}\n\
                 goals:\n  \
                   quota: {measure: crm_deals_won_value, window: quarter, target: {roles: {ae: 100}}, reviewed_on: 2019-06-01}\n  \
                   wins: {measure: crm_deals_won, window: month, target: {org: 20}}\n";
    std::fs::write(&file, goals).unwrap();
    let file = file.to_str().unwrap();
    let output = check(&["--config.file", file], &[]);
    assert!(output.status.success());
    let remedy = "ask whether it is still the right goal, and write the day as";
    assert_eq!(
        stderr(&output),
        format!(
            "warning: the role ae has 1 goal, fewer than 5: what has none is easily left undone; add those that drive results\n\
             warning: the role ae has no leading goal, only quota: they tell when it is too late to act; add one on what people \
             do, such as crm_activities or crm_leads_qualified\n\
             warning: the goal quota was last reviewed on 2019-06-01, more than a year ago; {remedy} goals.quota.reviewed_on\n\
             warning: the goal wins was never reviewed; {remedy} goals.wins.reviewed_on\n"
        )
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{file}: no problem found; sources: none\n"));
}

#[test]
fn wrong_usage_has_an_exit_code_of_its_own() {
    for arguments in [&["--no-such-flag"][..], &["--log.level", "loud"]] {
        let output = check(arguments, &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("--help") || stderr(&output).contains("possible values"));
    }
}
