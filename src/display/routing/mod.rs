//! Alert routing: a fragment of a configuration of Alertmanager, and a configuration that is complete.
//!
//! Users have one file with one root; ours is a sub-route that merges into it. Which alerts there are, and what they say, is
//! the rules' business: here they are known by their labels (and, where one mutes others, by name). Alertmanager 0.25 reads
//! all of it; it rejects a whole file for one key that it does not know, so what later versions bring is in files of their
//! own (`deploy/alertmanager/examples/`).

mod entry;
mod holidays;
mod hours;
mod inhibition;
mod matcher;
mod receivers;
mod tree;

use serde_json::{Value, json};

use super::{Display, File, settings, yaml};
use entry::{Entry, comment, list};

/// Messages: sentences are made in the annotations of rules, these join them.
const TEMPLATES: &str = include_str!("crm_exporter.tmpl");

/// The complete configuration, the fragment of it that merges into another, and the templates of both.
pub(super) fn files(display: &Display<'_>) -> Vec<File> {
    let parts = Parts::new(display);
    let file = |path: &str, text: String| File { path: format!("deploy/alertmanager/{path}"), text };
    vec![
        file("alertmanager.yml", parts.complete(display.routing)),
        file("crm_exporter.fragment.yml", parts.fragment()),
        file("templates/crm_exporter.tmpl", TEMPLATES.to_owned()),
    ]
}

/// What the complete configuration and the fragment have in common.
struct Parts {
    route: Entry,
    receivers: Vec<Entry>,
    time_intervals: Vec<Entry>,
    inhibit_rules: Vec<Entry>,
}

impl Parts {
    fn new(display: &Display<'_>) -> Parts {
        let hours = hours::of_all_teams(display.calendar);
        let time_intervals = hours.iter().flat_map(hours::Hours::time_intervals);
        Parts {
            route: tree::sub_route(&hours),
            receivers: receivers::all(display.routing),
            time_intervals: time_intervals.map(|interval| Entry::new("", interval)).collect(),
            inhibit_rules: inhibition::all(),
        }
    }

    fn complete(&self, routing: &settings::Routing) -> String {
        let about = "Alertmanager's whole configuration, for whoever has none: crm_exporter's alerts, and one channel for all\n\
                     others. docs/routing.md tells of it. Whoever has a configuration merges crm_exporter.fragment.yml.";
        let root = json!({
            "receiver": receivers::OPS,
            "group_by": ["alertname", "job"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "12h",
        });
        let route = format!("  {}", yaml(&root).trim_end().replace('\n', "\n  "));
        [
            comment(about),
            yaml(&json!({"global": global(&routing.mail)})),
            self.with_route(&format!("route:\n{route}\n  routes:\n")),
        ]
        .join("\n")
    }

    fn fragment(&self) -> String {
        let about = "What crm_exporter's alerts need of Alertmanager's configuration, to be merged into one that has a root: the\n\
                     entries of each list go into the list of that name, the sub-route before those that might take its alerts.\n\
                     `yq` does it in one go (the one by Mike Farah; ours first, since yours may have a route that takes all):\n\
                     \n\
                     yq eval-all '. as $item ireduce ({}; . *+ $item)' crm_exporter.fragment.yml alertmanager.yml\n\
                     \n\
                     Paths are seen from the file that it becomes. Check that with `amtool check-config`.";
        [comment(about), self.with_route("route:\n  routes:\n")].join("\n")
    }

    fn with_route(&self, route: &str) -> String {
        let section = |key: &str, entries: &[Entry]| format!("{key}:\n{}", list(entries, 0));
        let templates: Value = json!({"templates": ["templates/crm_exporter.tmpl"]});
        [
            yaml(&templates),
            format!("{route}{}", list(std::slice::from_ref(&self.route), 2)),
            section("inhibit_rules", &self.inhibit_rules),
            section("time_intervals", &self.time_intervals),
            section("receivers", &self.receivers),
        ]
        .join("\n")
    }
}

/// What holds for all receivers.
fn global(mail: &settings::Mail) -> Value {
    let mut global = json!({
        "smtp_smarthost": mail.smarthost,
        "smtp_require_tls": mail.require_tls,
        "smtp_from": mail.from,
    });
    if !mail.username.is_empty() {
        global["smtp_auth_username"] = json!(mail.username);
        global["smtp_auth_password_file"] = json!(mail.password_file);
    }
    global
}
