//! The command line: what can be written there and what it means.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use tracing::level_filters::LevelFilter;

use super::grafana::GrafanaCommand;
use super::health::HealthArgs;
use super::remote::RemoteArgs;
use super::review::ReviewArgs;
use crate::app::parse_when;
use crate::domain::{Timestamp, When};
use crate::logging;
use crate::metrics;
use crate::setting::Lasting;
use crate::settings::{ListenAddress, Override};

/// Sales figures from CRMs for Prometheus.
#[derive(Debug, Parser)]
#[command(
    name = "crm_exporter",
    disable_version_flag = true,
    disable_help_subcommand = true,
    override_usage = "crm_exporter [OPTIONS] [COMMAND]",
    max_term_width = 100,
    after_help = "Single settings can also be set by variables: CRM_EXPORTER__STORE__PATH is store.path.\n\
                  SIGHUP makes `run` read its settings again while it serves; wrong ones change nothing.\n\
                  Exit codes: 0 done, 1 failed or wrong settings, 2 wrong usage."
)]
pub struct Cli {
    /// What to do; `run` if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Print the version
    #[arg(long, short = 'V')]
    pub version: bool,
    /// What all commands share.
    #[command(flatten)]
    pub global: Global,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options for every command")]
pub struct Global {
    /// Settings file [default: crm_exporter.yaml]
    #[arg(long = "config.file", value_name = "FILE", global = true)]
    pub config_file: Option<PathBuf>,
    /// Where to serve, instead of web.listen_address
    #[arg(long = "web.listen-address", value_name = "HOST:PORT", global = true)]
    pub listen_address: Option<ListenAddress>,
    /// File with TLS, passwords and the like, instead of web.config_file; empty: none
    #[arg(long = "web.config.file", value_name = "FILE", global = true)]
    pub web_config_file: Option<String>,
    /// Let a POST to /-/reload read the settings again, as web.enable_lifecycle does
    #[arg(long = "web.enable-lifecycle", global = true)]
    pub enable_lifecycle: bool,
    /// Let /api/v1/explain tell which records figures are made of, as web.enable_explain does
    #[arg(long = "web.enable-explain", global = true)]
    pub enable_explain: bool,
    /// SQLite file with the records, instead of store.path
    #[arg(long = "store.path", value_name = "FILE", global = true)]
    pub store_path: Option<PathBuf>,
    /// Log from this level on: debug, info, warn or error [default: info for run, else warn]
    #[arg(long = "log.level", value_name = "LEVEL", hide_possible_values = true, global = true)]
    pub log_level: Option<LogLevel>,
    /// Write logs as logfmt or json
    #[arg(
        long = "log.format",
        value_name = "FORMAT",
        default_value = "logfmt",
        hide_possible_values = true,
        global = true
    )]
    pub log_format: LogFormat,
}

impl Global {
    /// The settings file.
    pub fn config_file(&self) -> &Path {
        self.config_file.as_deref().unwrap_or(Path::new("crm_exporter.yaml"))
    }

    /// For commands that read no settings file: refuses one that is named rather than ignoring it.
    ///
    /// # Errors
    /// Says that `command` reads none, and what to do instead.
    pub fn refuse_config_file(&self, command: &str, instead: &str) -> anyhow::Result<()> {
        anyhow::ensure!(self.config_file.is_none(), "--config.file: {command} reads no settings file; {instead}");
        Ok(())
    }

    /// The flags that stand for settings.
    pub fn overrides(&self) -> Vec<Override> {
        let address = self.listen_address.as_ref();
        let web_file = self.web_config_file.as_ref();
        let store = self.store_path.as_ref();
        let flags = [
            address.map(|address| Override::flag("--web.listen-address", "web.listen_address", address.as_str())),
            web_file.map(|path| Override::flag("--web.config.file", "web.config_file", path)),
            self.enable_lifecycle.then(|| Override::flag("--web.enable-lifecycle", "web.enable_lifecycle", "true")),
            self.enable_explain.then(|| Override::flag("--web.enable-explain", "web.enable_explain", "true")),
            store.map(|path| Override::flag("--store.path", "store.path", path.to_string_lossy())),
        ];
        flags.into_iter().flatten().collect()
    }
}

/// `--log.level`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LogLevel {
    /// Everything.
    Debug,
    /// What happens.
    Info,
    /// What went wrong and was dealt with.
    Warn,
    /// What someone must look at.
    Error,
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> LevelFilter {
        match level {
            LogLevel::Debug => LevelFilter::DEBUG,
            LogLevel::Info => LevelFilter::INFO,
            LogLevel::Warn => LevelFilter::WARN,
            LogLevel::Error => LevelFilter::ERROR,
        }
    }
}

/// `--log.format`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LogFormat {
    /// `key=value` pairs.
    Logfmt,
    /// A JSON object a line.
    Json,
}

impl From<LogFormat> for logging::Format {
    fn from(format: LogFormat) -> logging::Format {
        match format {
            LogFormat::Logfmt => logging::Format::Logfmt,
            LogFormat::Json => logging::Format::Json,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve figures to Prometheus and keep them up to date (what is done if nothing is said)
    Run,
    /// Show an invented sales floor that lives: no account, no settings, no network
    Demo(DemoArgs),
    /// Ask a CRM what it holds, and write settings that fit it
    Init(InitArgs),
    /// Read the settings, tell what is wrong with them
    Check(CheckArgs),
    /// Catch up with all sources once
    Sync,
    /// Print the figures of an instant as Prometheus would read them
    Snapshot(SnapshotArgs),
    /// Write the figures of the past for Prometheus to take in, one file a day
    Backfill(BackfillArgs),
    /// List every metric with its labels and meaning
    Metrics(MetricsArgs),
    /// Show what one figure is made of: its records, and what was left out
    Explain(ExplainArgs),
    /// Ask how good the forecast has been
    #[command(subcommand)]
    Forecast(ForecastCommand),
    /// Tell what it takes to reach a value target: wins, deals, leads and key activities
    Plan(PlanArgs),
    /// Review the metrics themselves: which goals are met, have stopped growing, move results
    Review(ReviewArgs),
    /// Make the boards, playlists, rules and routing of these settings
    #[command(subcommand)]
    Grafana(GrafanaCommand),
    /// Ask a running daemon whether it is well, for health checks of containers
    Health(HealthArgs),
    /// Look after the store
    #[command(subcommand)]
    Store(StoreCommand),
}

/// The commands of `forecast`.
#[derive(Debug, Subcommand)]
pub enum ForecastCommand {
    /// Forecast finished quarters as of their days, and hold that against what came
    Backtest(BacktestArgs),
}

/// Of `forecast backtest`.
#[derive(Debug, Args)]
pub struct BacktestArgs {
    /// At most so many finished quarters, the last ones
    #[arg(long, value_name = "NUMBER", default_value_t = 12)]
    pub quarters: usize,
    /// Days between two instants inside a quarter
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    pub every: u32,
    /// Quarters finished by this instant or by the end of this day [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_when)]
    pub now: Option<When>,
    /// Write table or json
    #[arg(long, value_name = "FORMAT", default_value = "table", hide_possible_values = true)]
    pub format: BacktestFormat,
}

/// `--format` of `forecast backtest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BacktestFormat {
    /// For a terminal or a page.
    Table,
    /// For programs.
    Json,
}

/// The commands of `store`.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Delete the records of a source that the settings no longer have
    Prune(PruneArgs),
}

/// Of `store prune`.
#[derive(Debug, Args)]
pub struct PruneArgs {
    /// The source's name, as it was in the settings
    #[arg(value_name = "SOURCE")]
    pub source: String,
}

/// Of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Another number is another history
    #[arg(long = "demo.seed", value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// How much happens, from 0.1 to 10 times the usual; never a faster clock
    #[arg(long = "demo.pace", value_name = "NUMBER", default_value_t = 1.0)]
    pub pace: f64,
    /// Years of history, from 2 to 10
    #[arg(long = "demo.years", value_name = "NUMBER", default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..=10))]
    pub years: u32,
    /// Print the settings of the demo instead, for other commands to be tried on it
    #[arg(long)]
    pub print_config: bool,
    /// Print settings of a floor that stands still at this instant, such as 2026-11-21T17:00:00Z
    #[arg(long, value_name = "TIME", requires = "print_config")]
    pub now: Option<Timestamp>,
}

/// Of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Kind of the CRM, such as hubspot
    #[arg(long, value_name = "KIND")]
    pub source: String,
    /// Name of the source in the settings [default: the kind]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// File that holds the token
    #[arg(long, value_name = "FILE", conflicts_with = "token_env")]
    pub token_file: Option<PathBuf>,
    /// Variable that holds the token
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,
    /// Where the CRM's API is, if not where it usually is
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Another option of the source, such as api_version=2026-03; can be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_option)]
    pub set: Vec<(String, String)>,
    /// Read no records: the goals that are proposed stay examples
    #[arg(long)]
    pub without_records: bool,
    /// File to write, which must not be there yet; - is standard output, for which no records are read
    #[arg(long, value_name = "FILE", default_value = "crm_exporter.yaml")]
    pub output: PathBuf,
}

/// Of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Also ask every CRM, harmlessly, whether everything that is wanted can be read
    #[arg(long)]
    pub connect: bool,
    /// Print every option with its default and a comment instead; a good beginning of a settings file
    #[arg(long)]
    pub print_defaults: bool,
}

/// Of `snapshot`.
#[derive(Debug, Args)]
pub struct SnapshotArgs {
    /// Figures as of this instant (2026-11-21T17:00:00Z) or of the end of this day (2026-11-21) [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_when)]
    pub now: Option<When>,
    /// Catch up with all sources first
    #[arg(long)]
    pub sync: bool,
    /// Write to this file, replacing it in one go, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Of `backfill`.
#[derive(Debug, Args)]
pub struct BackfillArgs {
    /// First instant (2025-11-21T00:00:00Z), or the beginning of this day (2025-11-21)
    #[arg(long, value_name = "TIME", value_parser = parse_when)]
    pub from: When,
    /// Last instant, or the end of this day: before the last three hours and the last poll
    #[arg(long, value_name = "TIME", value_parser = parse_when)]
    pub to: When,
    /// From one instant to the next
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    pub step: Lasting,
    /// Directory for the files; days whose file is there already are passed over
    #[arg(long, value_name = "DIRECTORY")]
    pub output: PathBuf,
    /// Which series: `default`, `all`, a metric or a selector such as 'crm_activities{kind="call"}'; can be repeated
    #[arg(long, value_name = "SERIES", default_value = "default")]
    pub metrics: Vec<String>,
    /// A label for every series, as Prometheus gives it to those it scrapes: job=..., instance=...; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_label)]
    pub label: Vec<(String, String)>,
}

/// Of `metrics`.
#[derive(Debug, Args)]
pub struct MetricsArgs {
    /// Write the catalogue as table, markdown or json
    #[arg(long, value_name = "FORMAT", default_value = "table", hide_possible_values = true)]
    pub format: CatalogueFormat,
}

/// `--format` of `metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CatalogueFormat {
    /// For a terminal.
    Table,
    /// For a page.
    Markdown,
    /// For programs.
    Json,
}

impl From<CatalogueFormat> for metrics::Format {
    fn from(format: CatalogueFormat) -> metrics::Format {
        match format {
            CatalogueFormat::Table => metrics::Format::Table,
            CatalogueFormat::Markdown => metrics::Format::Markdown,
            CatalogueFormat::Json => metrics::Format::Json,
        }
    }
}

/// Of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// One figure, as in Prometheus: 'crm_win_ratio{rep="Ana",window="quarter"}'
    #[arg(value_name = "SELECTOR")]
    pub selector: String,
    /// The figure as of this instant (2026-11-21T17:00:00Z) or of the end of this day (2026-11-21) [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    pub now: Option<String>,
    /// List so many records of each part, the newest; a running daemon lists 1000 at most
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub limit: usize,
    /// Write the explanation as text or json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub format: ExplainFormat,
    /// Which daemon is asked, if any.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `--format` of `explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
}

/// Checks an instant or a date, which is handed on as it was written.
fn parse_instant(text: &str) -> Result<String, String> {
    parse_when(text).map(|_| text.to_owned())
}

/// Of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Only this goal on crm_deals_won_value
    #[arg(long, value_name = "NAME")]
    pub goal: Option<String>,
    /// Only this team
    #[arg(long, value_name = "NAME")]
    pub team: Option<String>,
    /// Plan the next period as a whole instead of the rest of the current one
    #[arg(long)]
    pub next: bool,
    /// As of this instant (2026-11-21T17:00:00Z) or of the end of this day (2026-11-21) [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_when)]
    pub now: Option<When>,
}

/// Reads an option of a source.
fn parse_option(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
        _ => Err("write a key and its value, such as api_version=2026-03".to_owned()),
    }
}

/// Reads a label of a series.
fn parse_label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !value.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write a name and a value, such as job=crm".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn instants_and_dates_are_read() {
        let date = NaiveDate::from_ymd_opt(2017, 12, 31).unwrap();
        assert_eq!(parse_when("2017-12-31"), Ok(When::On(date)));
        assert_eq!(parse_when("2017-12-31T23:59:59Z"), Ok(When::At(Timestamp(1_514_764_799_000))));
        assert_eq!(parse_when("2017-12-31T18:59:59-05:00"), Ok(When::At(Timestamp(1_514_764_799_000))));
        for text in ["now", "2017-12-31T23:59:59", "31.12.2017", "2017-02-30"] {
            assert!(parse_when(text).unwrap_err().starts_with("write an instant with its offset"), "{text}");
        }
    }

    #[test]
    fn flags_become_overrides() {
        let cli = Cli::parse_from([
            "crm_exporter",
            "check",
            "--store.path",
            "x.db",
            "--web.listen-address=:1",
            "--web.config.file=w.yml",
        ]);
        let overrides = cli.global.overrides();
        assert_eq!(overrides.len(), 3);
        assert_eq!(overrides[0], Override::flag("--web.listen-address", "web.listen_address", ":1"));
        assert_eq!(overrides[1], Override::flag("--web.config.file", "web.config_file", "w.yml"));
        assert_eq!(overrides[2], Override::flag("--store.path", "store.path", "x.db"));
        let cli = Cli::parse_from(["crm_exporter", "--web.enable-lifecycle"]);
        assert_eq!(cli.global.overrides(), [Override::flag("--web.enable-lifecycle", "web.enable_lifecycle", "true")]);
    }
}
