//! The files below `grafana/provisioning/`. Grafana takes `$NAME` in them for variables of its environment, so that a `$`
//! of a text is written `$$`: <https://grafana.com/docs/grafana/latest/administration/provisioning/>.

use serde_json::json;

use super::{BOARDS, scrape_interval};
use crate::display::{Display, File};

/// What is a text for Grafana, and no variable.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

/// The Prometheus that boards ask.
pub(super) fn data_source(display: &Display<'_>) -> File {
    let about = "The Prometheus that boards ask: for Grafana's directory provisioning/datasources.";
    let value = json!({
        "apiVersion": 1,
        "datasources": [{
            "name": "Prometheus",
            "uid": "crm-prometheus",
            "type": "prometheus",
            "access": "proxy",
            "url": literal(&display.grafana.prometheus_url),
            "isDefault": true,
            "editable": false,
            "jsonData": {"httpMethod": "POST", "timeInterval": scrape_interval(display)},
        }],
    });
    File::yaml("grafana/provisioning/datasources/crm_exporter.yaml", about, &value)
}

/// Where the boards are, and that files win over what is clicked.
pub(super) fn provider(display: &Display<'_>) -> File {
    let about = "The boards: for Grafana's directory provisioning/dashboards. `path` is where grafana/dashboards lies.";
    let value = json!({
        "apiVersion": 1,
        "providers": [{
            "name": "crm_exporter",
            "orgId": 1,
            "folder": literal(&display.grafana.folder),
            "type": "file",
            "disableDeletion": false,
            "allowUiUpdates": false,
            "updateIntervalSeconds": 30,
            "options": {"path": BOARDS, "foldersFromFilesStructure": false},
        }],
    });
    File::yaml("grafana/provisioning/dashboards/crm_exporter.yaml", about, &value)
}
