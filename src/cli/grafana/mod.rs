//! `grafana`: what people see, as files.

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
}

pub(super) fn run(global: &Global, command: &GrafanaCommand) -> anyhow::Result<()> {
    match command {
        GrafanaCommand::Render(arguments) => render::run(global, arguments),
    }
}

/// What the settings say of it.
fn shown(global: &Global, settings: Settings) -> anyhow::Result<Shown> {
    Shown::new(settings).with_context(|| global.config_file().display().to_string())
}
