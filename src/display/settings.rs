//! The settings of what people see.

pub mod alerts;

use serde::Deserialize;

pub use alerts::Alerts;

/// `grafana`: where the boards are, and how they get there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grafana {
    /// Title of the folder that the boards are in.
    pub folder: String,
    /// Where people open Grafana: alerts link there.
    pub url: Option<String>,
    /// Where Grafana finds Prometheus, for the data source that is provisioned.
    pub prometheus_url: String,
}

impl Default for Grafana {
    fn default() -> Self {
        Grafana { folder: "Sales".to_owned(), url: None, prometheus_url: "http://prometheus:9090".to_owned() }
    }
}
