//! The settings of what people see, and of whom alerts reach.

pub mod alerts;
mod routing;

use std::path::PathBuf;

use serde::Deserialize;

pub use alerts::Alerts;
pub use routing::{Mail, Routing};

/// `grafana`: where the boards are, and how they get there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grafana {
    /// Title of the folder that the boards are in.
    pub folder: String,
    /// Where people open Grafana, with the path that it is served under: alerts link there, `grafana apply` writes there.
    pub url: Option<String>,
    /// File that holds the token of a service account there, for `grafana apply`.
    pub token_file: Option<PathBuf>,
    /// Variable that holds it.
    pub token_env: Option<String>,
    /// Certificates (PEM) to know that Grafana by, instead of those of this machine.
    pub ca_file: Option<PathBuf>,
    /// Where Grafana finds Prometheus, for the data source that is provisioned.
    pub prometheus_url: String,
}

impl Default for Grafana {
    fn default() -> Self {
        Grafana {
            folder: "Sales".to_owned(),
            url: None,
            token_file: None,
            token_env: None,
            ca_file: None,
            prometheus_url: "http://prometheus:9090".to_owned(),
        }
    }
}
