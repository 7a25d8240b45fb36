//! Recording and alerting rules for Prometheus: who is behind pace, what lies idle, what is to be celebrated, and whether
//! the exporter does its work.
//!
//! docs/alerts.md tells of each alert what it means and what to do. All numbers are settings (`alerts`); what is joined and
//! guarded is decided here. Who receives an alert is decided by routing, from its labels.

mod celebrations;
mod exporter;
mod guards;
mod outlook;
mod pacing;
mod pipeline;
mod quality;
mod rule;
mod scope;
mod text;
mod values;

use indexmap::IndexMap;

use super::settings::Alerts;
use super::{Display, File};
use crate::goals::plan::PLANNED;
use crate::goals::settings::Goal;
use crate::metrics;
use crate::setting::{self, Problem};
use rule::{Group, Links, Rule};

/// What every file begins with.
const COMMENT: &str = "Written by `crm_exporter grafana render`: change the settings (`alerts`), not this file. All files of this \
                       directory\nbelong together: alerts read the guards. What each alert means: docs/alerts.md.";

/// The files of rules, one a group.
pub(super) fn files(display: &Display<'_>) -> Vec<File> {
    let links =
        Links { grafana: display.grafana.url.as_deref().unwrap_or_default(), runbook: &display.alerts.runbook_url };
    let groups = groups(display.alerts, &forecast_goals(display.alerts, display.goals)).into_iter();
    let wanted = groups.map(|group| without(group, &display.alerts.disable)).filter(|group| !group.rules.is_empty());
    wanted
        .map(|group| File::yaml(format!("deploy/prometheus/rules/{}.yml", group.name), COMMENT, &group.value(&links)))
        .collect()
}

/// Whether alerts can be made from these settings.
///
/// # Errors
/// Limits that make no sense, and names of what does not exist, by their key below `alerts`.
pub fn check(alerts: &Alerts, goals: &IndexMap<String, Goal>) -> Result<(), Problem> {
    alerts.check()?;
    let defaults = Alerts::default();
    let groups = groups(&defaults, &[]);
    let names: Vec<&str> = groups.iter().flat_map(|group| &group.rules).filter_map(Rule::alert_name).collect();
    let goals: Vec<&str> = goals.keys().map(String::as_str).collect();
    let checks: Vec<&str> = metrics::checks_of_quality().collect();
    for (index, name) in alerts.disable.iter().enumerate() {
        known(&format!("disable[{index}]"), name, "alert", &names)?;
    }
    for (index, goal) in alerts.forecast.goals.iter().enumerate() {
        known(&format!("forecast.goals[{index}]"), goal, "goal", &goals)?;
    }
    alerts.quality.checks.keys().try_for_each(|check| known("quality.checks", check, "check", &checks))
}

fn known(key: &str, name: &str, what: &str, names: &[&str]) -> Result<(), Problem> {
    match names.contains(&name) {
        true => Ok(()),
        false => Err(Problem::new(key, format!("there is no {what} `{name}`; {}", setting::instead(name, names)))),
    }
}

fn groups(alerts: &Alerts, forecast_goals: &[String]) -> Vec<Group> {
    vec![
        guards::group(alerts),
        pacing::group(alerts),
        pipeline::group(alerts),
        outlook::group(alerts, forecast_goals),
        quality::group(alerts),
        celebrations::group(alerts),
        exporter::group(alerts),
    ]
}

fn without(group: Group, disabled: &[String]) -> Group {
    let is_wanted = |rule: &Rule| rule.alert_name().is_none_or(|name| !disabled.iter().any(|other| other == name));
    Group { rules: group.rules.into_iter().filter(is_wanted).collect(), ..group }
}

/// The goals that the forecast, which is one of all value won, is held against.
fn forecast_goals(alerts: &Alerts, goals: &IndexMap<String, Goal>) -> Vec<String> {
    match &alerts.forecast.goals[..] {
        [] => goals.iter().filter(|(_, goal)| goal.measure.trim() == PLANNED).map(|(name, _)| name.clone()).collect(),
        named => named.to_vec(),
    }
}
