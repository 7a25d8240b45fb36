//! What a rule is, and how it is written into a file of Prometheus.
//!
//! Only what Prometheus 2.42 knows: no labels of groups, no `query_offset`.

use serde_json::{Map, Value, json};

use crate::setting::Lasting;

/// Rules that are evaluated one after the other, and the name of their file.
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) rules: Vec<Rule>,
}

pub(super) enum Rule {
    Record(Record),
    Alert(Alert),
}

/// A series that other rules read.
pub(super) struct Record {
    /// `level:metric:what_was_done`.
    pub(super) name: &'static str,
    pub(super) labels: Vec<(&'static str, &'static str)>,
    pub(super) expr: String,
}

/// Something that somebody is told.
pub(super) struct Alert {
    pub(super) name: &'static str,
    /// Its series have the labels that alerts have beside those below, and no others.
    pub(super) expr: String,
    pub(super) timing: Timing,
    pub(super) severity: Severity,
    pub(super) category: Category,
    pub(super) audience: Audience,
    /// One line: who, what, by how much. A template of Prometheus, as is the description.
    pub(super) summary: String,
    /// What to know and what it takes.
    pub(super) description: String,
    pub(super) board: Board,
}

/// How long something has to be so before somebody is told, and how long it counts as so afterwards. Zero: not at all.
#[derive(Clone, Copy)]
pub(super) struct Timing {
    pub(super) after: Lasting,
    pub(super) keep: Lasting,
}

impl Timing {
    /// Told at the first evaluation: for what is true for a few minutes only.
    pub(super) const AT_ONCE: Timing = Timing { after: Lasting::seconds(0), keep: Lasting::seconds(0) };

    pub(super) fn after(after: Lasting) -> Timing {
        Timing { after, ..Timing::AT_ONCE }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    Info,
    Warning,
    Critical,
}

impl Severity {
    pub(super) fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        }
    }
}

/// What an alert is about: routes are chosen by it.
#[derive(Clone, Copy)]
pub(super) enum Category {
    Pacing,
    Pipeline,
    Quality,
    Celebration,
    Exporter,
}

impl Category {
    fn name(self) -> &'static str {
        match self {
            Category::Pacing => "pacing",
            Category::Pipeline => "pipeline",
            Category::Quality => "quality",
            Category::Celebration => "celebration",
            Category::Exporter => "exporter",
        }
    }
}

/// Who is to act.
#[derive(Clone, Copy)]
pub(super) enum Audience {
    /// Managers and their teams.
    Sales,
    /// Whoever runs the exporter.
    Ops,
}

impl Audience {
    fn name(self) -> &'static str {
        match self {
            Audience::Sales => "sales",
            Audience::Ops => "ops",
        }
    }
}

/// Where to look next: a dashboard, and the labels that choose what it shows.
#[derive(Clone, Copy)]
pub(super) struct Board {
    pub(super) uid: &'static str,
    pub(super) labels: &'static [&'static str],
}

impl Board {
    /// Its address, below that of Grafana (without one: the path alone).
    fn url(self, grafana: &str) -> String {
        let mut url = format!("{}/d/{}", grafana.trim_end_matches('/'), self.uid);
        for (index, label) in self.labels.iter().enumerate() {
            let sign = if index == 0 { '?' } else { '&' };
            // What Prometheus makes of a blank is "+", which is one in forms only.
            let value = format!(r#"{{{{ reReplaceAll "[+]" "%20" (urlquery $labels.{label}) }}}}"#);
            url.push_str(&format!("{sign}var-{label}={value}"));
        }
        url
    }
}

/// Where the texts of alerts lead.
pub(super) struct Links<'a> {
    /// Address of Grafana.
    pub(super) grafana: &'a str,
    /// Address of docs/alerts.md.
    pub(super) runbook: &'a str,
}

impl Group {
    /// The content of its file.
    pub(super) fn value(&self, links: &Links<'_>) -> Value {
        let rules: Vec<Value> = self.rules.iter().map(|rule| rule.value(links)).collect();
        json!({"groups": [{"name": format!("crm_{}", self.name), "rules": rules}]})
    }
}

impl Rule {
    /// The name of an alert; nothing is known by that of a recorded series.
    pub(super) fn alert_name(&self) -> Option<&'static str> {
        match self {
            Rule::Record(_) => None,
            Rule::Alert(alert) => Some(alert.name),
        }
    }

    fn value(&self, links: &Links<'_>) -> Value {
        match self {
            Rule::Record(record) => record.value(),
            Rule::Alert(alert) => alert.value(links),
        }
    }
}

impl Record {
    fn value(&self) -> Value {
        let mut rule = Map::new();
        rule.insert("record".to_owned(), self.name.into());
        rule.insert("expr".to_owned(), self.expr.as_str().into());
        if !self.labels.is_empty() {
            let labels = self.labels.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
            rule.insert("labels".to_owned(), Value::Object(labels.collect()));
        }
        Value::Object(rule)
    }
}

impl Alert {
    fn value(&self, links: &Links<'_>) -> Value {
        let mut rule = Map::new();
        rule.insert("alert".to_owned(), self.name.into());
        rule.insert("expr".to_owned(), self.expr.as_str().into());
        for (key, lasting) in [("for", self.timing.after), ("keep_firing_for", self.timing.keep)] {
            if !lasting.0.is_zero() {
                rule.insert(key.to_owned(), duration(lasting).into());
            }
        }
        let labels = json!({
            "app": "crm_exporter",
            "severity": self.severity.name(),
            "category": self.category.name(),
            "audience": self.audience.name(),
        });
        rule.insert("labels".to_owned(), labels);
        let annotations = json!({
            "summary": self.summary,
            "description": self.description,
            "dashboard_url": self.board.url(links.grafana),
            "runbook_url": format!("{}#{}", links.runbook, self.name.to_lowercase()),
        });
        rule.insert("annotations".to_owned(), annotations);
        Value::Object(rule)
    }
}

/// As Prometheus writes durations: with the largest unit that it is a whole number of.
pub(super) fn duration(lasting: Lasting) -> String {
    let millis = lasting.millis();
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
    match units.into_iter().find(|(unit, _)| millis % unit == 0) {
        Some((unit, name)) => format!("{}{name}", millis / unit),
        None => format!("{millis}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_that_prometheus_knows() {
        for (text, written) in
            [("15s", "15s"), ("90s", "90s"), ("120m", "2h"), ("36h", "36h"), ("7d", "7d"), ("1500ms", "1500ms")]
        {
            assert_eq!(duration(text.parse().unwrap()), written, "{text}");
        }
    }

    #[test]
    fn addresses_carry_what_is_looked_at() {
        let board = Board { uid: "crm-one-rep", labels: &["team", "rep"] };
        let (team, rep) = (
            r#"{{ reReplaceAll "[+]" "%20" (urlquery $labels.team) }}"#,
            r#"{{ reReplaceAll "[+]" "%20" (urlquery $labels.rep) }}"#,
        );
        assert_eq!(board.url(""), format!("/d/crm-one-rep?var-team={team}&var-rep={rep}"));
        let board = Board { uid: "crm-exporter", labels: &[] };
        assert_eq!(board.url("https://tv.example/"), "https://tv.example/d/crm-exporter");
    }
}
