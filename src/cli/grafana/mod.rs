//! `grafana`: what people see, as files or in a Grafana that runs.

mod apply;
mod render;

use anyhow::Context as _;
use clap::Subcommand;

use super::Global;
use crate::app::Shown;
use crate::settings::Settings;

/// The commands of `grafana`.
#[derive(Debug, Subcommand)]
pub enum GrafanaCommand {
    /// Write dashboards, playlists, rules, routing and provisioning files
    Render(render::RenderArgs),
    /// Bring the folder, the boards and the playlists into a Grafana that runs, and change only what differs
    Apply(apply::ApplyArgs),
}

pub(super) fn run(global: &Global, command: &GrafanaCommand) -> anyhow::Result<()> {
    match command {
        GrafanaCommand::Render(arguments) => render::run(global, arguments),
        GrafanaCommand::Apply(arguments) => apply::run(global, arguments),
    }
}

/// Warns of what the settings let boards and alerts miss.
fn warn_of(gaps: &[String]) {
    for gap in gaps {
        eprintln!("warning: {gap}");
    }
}

/// What the settings say of it.
fn shown(global: &Global, settings: Settings) -> anyhow::Result<Shown> {
    Shown::new(settings).with_context(|| global.config_file().display().to_string())
}
