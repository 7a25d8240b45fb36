//! The settings of what people see.

use serde::Deserialize;

/// `grafana`: where the boards are, and how they get there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grafana {
    /// Title of the folder that the boards are in.
    pub folder: String,
}

impl Default for Grafana {
    fn default() -> Self {
        Grafana { folder: "Sales".to_owned() }
    }
}
