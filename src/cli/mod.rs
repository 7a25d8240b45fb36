//! The command line: one short function per command. What they do is in `app`.

mod args;
pub mod progress;

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{CommandFactory as _, Parser as _};

use crate::settings::{self, Override, Settings};
use crate::{logging, version};

pub use args::{CatalogueFormat, CheckArgs, Cli, Command, ExplainArgs, Global, MetricsArgs, SnapshotArgs};

/// Does what the command line says. Wrong usage ends the process with exit code 2.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(cli: Cli) -> anyhow::Result<()> {
    if cli.version {
        return print(&version_text());
    }
    logging::init(cli.global.log_level.into(), cli.global.log_format.into())?;
    match cli.command {
        Some(Command::Check(arguments)) => check(&cli.global, &arguments),
        None => Ok(Cli::command().print_help()?),
    }
}

fn check(global: &Global, arguments: &CheckArgs) -> anyhow::Result<()> {
    if arguments.print_defaults {
        return print(settings::DEFAULTS);
    }
    let settings = load(global)?;
    let sources = settings.sources.iter().map(|(name, source)| format!("{name} ({})", source.kind.name));
    let sources = sources.collect::<Vec<_>>();
    let sources = if sources.is_empty() { "none".to_owned() } else { sources.join(", ") };
    print(&format!("{}: no problem found; sources: {sources}\n", global.config_file.display()))
}

/// Writes to standard output. Whoever reads it may stop early (`| head`): that is no failure.
fn print(text: &str) -> anyhow::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context("cannot write the output"),
        _ => Ok(()),
    }
}

/// The settings of the file, the variables and the flags.
fn load(global: &Global) -> anyhow::Result<Settings> {
    let variables = std::env::vars_os();
    let variables = variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let mut overrides = Override::from_variables(variables);
    overrides.extend(global.overrides());
    Ok(Settings::load(&global.config_file, &overrides)?)
}

fn version_text() -> String {
    format!(
        "crm_exporter, version {} (revision: {})\n  rust version: {}\n  platform: {}/{}\n",
        version::VERSION,
        version::REVISION,
        version::RUST,
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}
