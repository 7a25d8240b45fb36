//! The receivers: a chat by the token of one Slack app, and e-mail by the server that the file as a whole names.

use serde_json::{Value, json};

use super::entry::Entry;
use crate::display::settings::Routing;

/// Good news.
pub(super) const FLOOR: &str = "crm-floor";
/// Whoever runs the exporter.
pub(super) const OPS: &str = "crm-ops";
/// The channel of the team that the alert is of.
pub(super) const TEAM: &str = "crm-team";
/// The manager of the team that the alert is of.
pub(super) const MANAGER: &str = "crm-manager";
/// What has no manager.
pub(super) const LEADERS: &str = "crm-leaders";

/// All that the sub-route names.
pub(super) fn all(routing: &Routing) -> Vec<Entry> {
    let slack = |channel: &str, with_end: bool| json!([slack(routing, channel, with_end)]);
    vec![
        Entry::new(
            "All channels are reached with the token of one Slack app (scope chat:write; invite it to each channel).\n\
             Incoming webhooks of Slack reach one channel each, so they cannot take the team's from a label.",
            json!({"name": FLOOR, "slack_configs": slack(&routing.floor_channel, false)}),
        ),
        Entry::new("", json!({"name": OPS, "slack_configs": slack(&routing.ops_channel, true)})),
        Entry::new("", json!({"name": TEAM, "slack_configs": slack("{{ .GroupLabels.chat_channel }}", true)})),
        Entry::new(
            "E-mail goes by global.smtp_smarthost and global.smtp_from.",
            json!({"name": MANAGER, "email_configs": [email("{{ .GroupLabels.manager_email }}")]}),
        ),
        Entry::new("", json!({"name": LEADERS, "email_configs": [email(&routing.leaders)]})),
    ]
}

fn slack(routing: &Routing, channel: &str, with_end: bool) -> Value {
    json!({
        "api_url": "https://slack.com/api/chat.postMessage",
        "http_config": {"authorization": {"credentials_file": routing.slack_token_file}},
        "channel": channel,
        "send_resolved": with_end,
        // The app's own name; another takes one more scope.
        "username": "",
        "color": "{{ template \"crm.color\" . }}",
        "fallback": "{{ template \"crm.slack.title\" . }}",
        "title": "{{ template \"crm.slack.title\" . }}",
        "title_link": "{{ template \"crm.link\" . }}",
        "text": "{{ template \"crm.slack.text\" . }}",
    })
}

fn email(to: &str) -> Value {
    json!({
        "to": to,
        "send_resolved": true,
        "headers": {"Subject": "{{ template \"crm.title\" . }}"},
        "text": "{{ template \"crm.text\" . }}",
        "html": "{{ template \"crm.html\" . }}",
    })
}
