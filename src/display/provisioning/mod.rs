//! Provisioning: what Grafana and Prometheus are told at their start, so that boards and figures are there without a click.
//!
//! The addresses are those of `deploy/compose/`; whoever has a Prometheus already takes the job of the fragment.
//! What is shown, and what alerts, is elsewhere.

mod grafana;
mod prometheus;

use super::{Display, File};

/// Where Grafana looks for boards: below the directory that everything is rendered into, as the guide has it.
const BOARDS: &str = "/etc/crm_exporter/grafana/dashboards";

/// All of them.
pub(super) fn files(display: &Display<'_>) -> Vec<File> {
    vec![
        grafana::data_source(display),
        grafana::provider(display),
        prometheus::complete(display),
        prometheus::fragment(display),
    ]
}

/// How often figures are scraped, as Prometheus and Grafana write it: no more often than they change, and at most every
/// half minute, which is as often as boards ask for them.
fn scrape_interval(display: &Display<'_>) -> String {
    let seconds = display.refresh_interval.0.as_secs_f64().ceil().max(30.0);
    format!("{seconds}s")
}

#[cfg(test)]
mod tests;
