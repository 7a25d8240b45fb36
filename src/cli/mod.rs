//! The command line: one short function per command. What they do is in `app`.

mod args;
mod backfill;
mod backtest;
mod connect;
mod demo;
mod explained;
mod grafana;
mod health;
mod init;
mod plan;
pub mod progress;
pub mod remote;
mod review;
mod signals;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser as _;
use tokio::runtime::Builder;

use crate::app::{self, Instant, Parts, Reload};
use crate::domain::When;
use crate::expose::WebFile;
use crate::meter::Meter;
use crate::reports::Replay;
use crate::settings::{self, Override, Settings};
use crate::{logging, metrics, version};

pub use args::{
    BackfillArgs, BacktestArgs, BacktestFormat, CatalogueFormat, CheckArgs, Cli, Command, DemoArgs, ExplainArgs,
    ExplainFormat, ForecastCommand, Global, InitArgs, LogLevel, MetricsArgs, PlanArgs, PruneArgs, SnapshotArgs,
    StoreCommand,
};

pub use health::HealthArgs;
pub use review::{ReviewArgs, ReviewFormat};

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
    // Commands that end tell their progress themselves.
    let is_daemon = matches!(cli.command, None | Some(Command::Run | Command::Demo(_)));
    let usual = if is_daemon { LogLevel::Info } else { LogLevel::Warn };
    logging::init(cli.global.log_level.unwrap_or(usual).into(), cli.global.log_format.into())?;
    match cli.command {
        None | Some(Command::Run) => run(cli.global),
        Some(Command::Demo(arguments)) => demo::run(cli.global, &arguments),
        Some(Command::Init(arguments)) => init::run(&cli.global, &arguments),
        Some(Command::Check(arguments)) => check(&cli.global, &arguments),
        Some(Command::Sync) => sync(&cli.global),
        Some(Command::Snapshot(arguments)) => snapshot(&cli.global, &arguments),
        Some(Command::Backfill(arguments)) => backfill::run(&cli.global, &arguments),
        Some(Command::Metrics(arguments)) => print(&catalogue(&arguments)),
        Some(Command::Forecast(ForecastCommand::Backtest(arguments))) => forecast_backtest(&cli.global, &arguments),
        Some(Command::Health(arguments)) => block_on(health::run(&arguments)),
        Some(Command::Explain(arguments)) => explain(&cli.global, &arguments),
        Some(Command::Plan(arguments)) => plan::run(&cli.global, &arguments),
        Some(Command::Review(arguments)) => review::run(&cli.global, &arguments),
        Some(Command::Grafana(command)) => grafana::run(&cli.global, &command),
        Some(Command::Store(StoreCommand::Prune(arguments))) => prune(&cli.global, &arguments),
    }
}

fn run(global: Global) -> anyhow::Result<()> {
    let parts = parts(&global)?;
    let meter = parts.meter.clone();
    let read = Arc::new(move || counting_on(&global, &meter));
    block_on(async {
        let asked = signals::hangups()?;
        app::run(parts, Reload { read, asked }, signals::shutdown()?).await
    })
}

fn sync(global: &Global) -> anyhow::Result<()> {
    catch_up(&parts(global)?)
}

fn catch_up(parts: &Parts) -> anyhow::Result<()> {
    let progress = progress::to_stderr();
    block_on(async { app::sync(parts, progress.as_ref(), &signals::shutdown()?).await })
}

fn snapshot(global: &Global, arguments: &SnapshotArgs) -> anyhow::Result<()> {
    let parts = Arc::new(parts(global)?);
    if arguments.sync {
        catch_up(&parts)?;
    }
    let snapshot = app::snapshot(&parts, instant(arguments.now))?;
    for (family, series) in &snapshot.dropped {
        tracing::warn!(family, series, "left out: limits.max_series is reached");
    }
    match &arguments.output {
        Some(path) => app::replace(path, &snapshot.text),
        None => print(std::str::from_utf8(&snapshot.text)?),
    }
}

fn explain(global: &Global, arguments: &ExplainArgs) -> anyhow::Result<()> {
    let answer = match &arguments.remote.url {
        Some(url) => {
            let mut parameters = vec![("selector", arguments.selector.clone()), ("limit", arguments.limit.to_string())];
            parameters.extend(arguments.now.clone().map(|now| ("now", now)));
            block_on(remote::ask(url, &arguments.remote.access, &parameters))?
        }
        None => {
            let selector = arguments.selector.parse()?;
            let now = arguments.now.as_deref().map(app::parse_when).transpose().map_err(anyhow::Error::msg)?;
            app::explain(&Arc::new(parts(global)?), &selector, instant(now), arguments.limit)?
        }
    };
    match arguments.format {
        ExplainFormat::Text => print(&explained::text(&answer)),
        ExplainFormat::Json => print(&format!("{}\n", serde_json::to_string_pretty(&answer)?)),
    }
}

fn forecast_backtest(global: &Global, arguments: &BacktestArgs) -> anyhow::Result<()> {
    let parts = Arc::new(parts(global)?);
    let replay = Replay { quarters: arguments.quarters, every_days: arguments.every };
    let backtest = app::backtest(&parts, replay, instant(arguments.now))?;
    match arguments.format {
        BacktestFormat::Table => print(&backtest::text(&backtest)),
        BacktestFormat::Json => print(&(serde_json::to_string_pretty(&backtest)? + "\n")),
    }
}

fn prune(global: &Global, arguments: &PruneArgs) -> anyhow::Result<()> {
    let rows = app::prune(&parts(global)?, &arguments.source)?;
    print(&format!("deleted {rows} records of {}\n", arguments.source))
}

/// Every figure, and what the exporter counts of itself.
fn catalogue(arguments: &MetricsArgs) -> String {
    metrics::print(arguments.format.into(), app::counted().into_iter())
}

/// What the settings describe, built.
fn parts(global: &Global) -> anyhow::Result<Parts> {
    counting_on(global, &meter()?)
}

/// A meter that nothing has been counted on.
fn meter() -> anyhow::Result<Arc<Meter>> {
    Ok(Arc::new(Meter::new().context("cannot declare the exporter's own metrics")?))
}

/// What the settings describe, built to count what happens on `meter`.
fn counting_on(global: &Global, meter: &Arc<Meter>) -> anyhow::Result<Parts> {
    let settings = load(global)?;
    Parts::new(settings, meter).with_context(|| global.config_file().display().to_string())
}

fn instant(given: Option<When>) -> Instant {
    given.map_or(Instant::Now, Instant::At)
}

/// Runs a command to its end, and no longer: a file or store that does not answer may hold a thread for ever, and the end
/// of the process is as good as any for it. The store survives that at every point.
fn block_on<T>(command: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
    let result = runtime.block_on(command);
    runtime.shutdown_background();
    result
}

fn check(global: &Global, arguments: &CheckArgs) -> anyhow::Result<()> {
    if arguments.print_defaults {
        return print(settings::DEFAULTS);
    }
    let settings = load(global)?;
    WebFile::open(settings.web.config_file.as_deref())?;
    let sources = settings.sources.iter().map(|(name, source)| format!("{name} ({})", source.kind.name));
    let sources = sources.collect::<Vec<_>>();
    let sources = if sources.is_empty() { "none".to_owned() } else { sources.join(", ") };
    print(&format!("{}: no problem found; sources: {sources}\n", global.config_file().display()))?;
    for doubt in settings.doubts(chrono::Utc::now().into())? {
        eprintln!("warning: {doubt}");
    }
    if arguments.connect { check_connections(global) } else { Ok(()) }
}

fn check_connections(global: &Global) -> anyhow::Result<()> {
    let parts = parts(global)?;
    block_on(async {
        let (lines, is_well) = connect::text(&app::probe(&parts).await);
        print(&lines)?;
        anyhow::ensure!(is_well, "not everything that is wanted can be read; leave it out, or grant what is missing");
        Ok(())
    })
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
    let mut overrides = environment();
    overrides.extend(global.overrides());
    Ok(Settings::load(global.config_file(), &overrides)?)
}

/// The settings among the environment's variables.
fn environment() -> Vec<Override> {
    let variables = std::env::vars_os();
    let variables = variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Override::from_variables(variables)
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
