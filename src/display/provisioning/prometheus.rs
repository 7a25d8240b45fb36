//! `deploy/prometheus/`: a whole configuration for whoever has none, and the job for whoever has one.

use serde_json::{Value, json};

use super::scrape_interval;
use crate::display::{Display, File};

/// Why the labels of figures must stay as they are.
const HONOR_LABELS: &str = "honor_labels: figures have labels such as team and stage. Where targets have labels of these names too (stage: prod),\n\
     Prometheus would rename ours to exported_stage, and no board, rule or route would find them.";

/// The job that scrapes the exporter at this address.
fn job(address: &str, display: &Display<'_>) -> Value {
    json!({
        "job_name": "crm_exporter",
        "honor_labels": true,
        "scrape_interval": scrape_interval(display),
        "static_configs": [{"targets": [address]}],
    })
}

/// Scrapes exporter, Alertmanager and itself, and hands alerts on.
pub(super) fn complete(display: &Display<'_>) -> File {
    let about = format!(
        "Prometheus' whole configuration, for whoever has none: deploy/compose/ runs it. Whoever has one takes\n\
         crm_exporter.scrape.yml and rules/ (docs/deploy.md).\n\
         \n\
         {HONOR_LABELS}"
    );
    let other = |name: &str, address: &str| json!({"job_name": name, "static_configs": [{"targets": [address]}]});
    let interval = scrape_interval(display);
    let value = json!({
        "global": {"scrape_interval": &interval, "evaluation_interval": &interval},
        "rule_files": ["rules/*.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": ["alertmanager:9093"]}]}]},
        "scrape_configs": [
            job("exporter:10094", display),
            other("prometheus", "localhost:9090"),
            other("alertmanager", "alertmanager:9093"),
        ],
    });
    File::yaml("deploy/prometheus/prometheus.yml", &about, &value)
}

/// The job alone.
pub(super) fn fragment(display: &Display<'_>) -> File {
    let about = format!(
        "The job for a Prometheus that is there already: its entry goes below scrape_configs, or from Prometheus 2.43 on\n\
         this file into scrape_config_files. With TLS and a password: docs/deploy.md.\n\
         \n\
         {HONOR_LABELS}"
    );
    let value = json!({"scrape_configs": [job("127.0.0.1:10094", display)]});
    File::yaml("deploy/prometheus/crm_exporter.scrape.yml", &about, &value)
}
