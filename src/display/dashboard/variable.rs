//! What can be chosen on a board for desks.

use serde_json::{Value, json};

use super::board::data_source;

/// A choice among the values of a label.
#[derive(Debug, Clone)]
pub struct Variable {
    name: &'static str,
    title: &'static str,
    query: String,
    has_all: bool,
}

impl Variable {
    /// One or several values of a label, all at first.
    pub fn any(name: &'static str, title: &'static str, label_values: impl Into<String>) -> Variable {
        Variable { name, title, query: label_values.into(), has_all: true }
    }

    /// One value of a label, the first at first.
    pub fn one(name: &'static str, title: &'static str, label_values: impl Into<String>) -> Variable {
        Variable { name, title, query: label_values.into(), has_all: false }
    }

    pub(super) fn json(&self) -> Value {
        let current = match self.has_all {
            true => json!({"text": ["All"], "value": ["$__all"]}),
            false => json!({}),
        };
        json!({
            "type": "query",
            "name": self.name,
            "label": self.title,
            "datasource": data_source(),
            "definition": self.query,
            "query": {"qryType": 1, "query": self.query, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
            "multi": self.has_all,
            "includeAll": self.has_all,
            // People and teams with any letter in their names: what is asked is escaped by Grafana, and all is every value.
            "allValue": if self.has_all { json!(".*") } else { Value::Null },
            "current": current,
            // Whenever the time range changes, which includes every load.
            "refresh": 2,
            "regex": "",
            "sort": 5,
            "hide": 0,
            "options": [],
        })
    }
}
