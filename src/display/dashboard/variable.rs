//! What can be chosen on a board for desks.

use serde_json::{Value, json};

use super::board::data_source;

/// A choice.
#[derive(Debug, Clone)]
pub struct Variable {
    name: &'static str,
    title: &'static str,
    values: Values,
}

/// What there is to choose from.
#[derive(Debug, Clone)]
enum Values {
    /// One or several of those that a label has.
    Any(String),
    /// One of those that a label has.
    One(String),
    /// One of these.
    Given(Vec<&'static str>),
}

impl Variable {
    /// One or several values of a label, all at first.
    pub fn any(name: &'static str, title: &'static str, label_values: impl Into<String>) -> Variable {
        Variable { name, title, values: Values::Any(label_values.into()) }
    }

    /// One value of a label, the first at first.
    pub fn one(name: &'static str, title: &'static str, label_values: impl Into<String>) -> Variable {
        Variable { name, title, values: Values::One(label_values.into()) }
    }

    /// One of given values, the first at first.
    pub fn choice(name: &'static str, title: &'static str, values: &[&'static str]) -> Variable {
        Variable { name, title, values: Values::Given(values.to_vec()) }
    }

    pub(super) fn json(&self) -> Value {
        match &self.values {
            Values::Any(query) => self.of_label(query, true),
            Values::One(query) => self.of_label(query, false),
            Values::Given(values) => self.given(values),
        }
    }

    fn given(&self, values: &[&str]) -> Value {
        let option = |(place, value): (usize, &&str)| json!({"text": value, "value": value, "selected": place == 0});
        let options: Vec<Value> = values.iter().enumerate().map(option).collect();
        json!({
            "type": "custom",
            "name": self.name,
            "label": self.title,
            "query": values.join(","),
            "multi": false,
            "includeAll": false,
            "current": options.first(),
            "hide": 0,
            "options": options,
        })
    }

    fn of_label(&self, query: &str, has_all: bool) -> Value {
        let mut variable = json!({
            "type": "query",
            "name": self.name,
            "label": self.title,
            "datasource": data_source(),
            "definition": query,
            "query": {"qryType": 1, "query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
            "multi": has_all,
            "includeAll": has_all,
            // Whenever the time range changes, which includes every load.
            "refresh": 2,
            "regex": "",
            "sort": 5,
            "hide": 0,
            "options": [],
        });
        if has_all {
            // Names have any letters: Grafana escapes those that are chosen, and all is every value.
            variable["allValue"] = ".*".into();
            variable["current"] = json!({"text": ["All"], "value": ["$__all"]});
        }
        variable
    }
}
