//! Alerts as the rules raise them.

use serde_json::{Value, json};

/// An alert with its labels, a line of text in `summary`, and the same with a full stop in `description`.
pub(super) fn alert(name: &str, labels: &[(&str, &str)], summary: &str) -> Value {
    let mut all = json!({"alertname": name, "app": "crm_exporter"});
    for (label, value) in labels {
        all[*label] = json!(value);
    }
    let annotations = json!({
        "summary": summary,
        "description": format!("{summary}."),
        "dashboard_url": "https://grafana.example.com/d/crm-manager?var-team=EMEA",
        "runbook_url": "https://example.com/alerts.md",
    });
    json!({"labels": all, "annotations": annotations})
}

const PACING: &[(&str, &str)] =
    &[("category", "pacing"), ("audience", "sales"), ("severity", "warning"), ("goal", "calls")];

/// A rep behind pace. Whatever is joined by mistake is in `more`.
pub(super) fn rep_behind(team: &str, rep: &str, more: &[(&str, &str)]) -> Value {
    let labels = [PACING, &[("team", team), ("rep", rep)], more].concat();
    alert("CrmRepBehindPace", &labels, &format!("{rep} ({team}) is behind pace: calls at 62%"))
}

/// A team behind pace, with whom to tell.
pub(super) fn team_behind(team: &str, contact: &[(&str, &str)]) -> Value {
    let labels = [PACING, &[("team", team)], contact].concat();
    alert("CrmTeamBehindPace", &labels, &format!("{team} is behind pace: calls at 71%"))
}

/// The whole floor behind pace.
pub(super) fn floor_behind() -> Value {
    alert("CrmFloorBehindPace", PACING, "The whole floor is behind pace: calls at 79%")
}

/// Good news.
pub(super) fn news(name: &str, labels: &[(&str, &str)], summary: &str) -> Value {
    let all = [&[("category", "celebration"), ("audience", "sales"), ("severity", "info")], labels].concat();
    alert(name, &all, summary)
}

/// Something about the exporter.
pub(super) fn ops(name: &str, labels: &[(&str, &str)], summary: &str) -> Value {
    let all = [&[("category", "exporter"), ("audience", "ops"), ("severity", "warning")], labels].concat();
    alert(name, &all, summary)
}
