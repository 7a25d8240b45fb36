//! The yearly review of the metrics themselves.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{Global, parts, print};
use crate::app;
use crate::reports::review::{markdown, page};

/// Of `review`.
#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// First day, such as 2025-11-01 [default: that of the month a year before the last whole one]
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day, such as 2026-10-31; only whole months are looked at [default: today]
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Write the review as html or markdown
    #[arg(long, value_name = "FORMAT", default_value = "html", hide_possible_values = true)]
    pub format: ReviewFormat,
    /// Name the reps who could gain most from coaching, as far as settings let them be named
    #[arg(long)]
    pub coaching: bool,
    /// Write to this file, replacing it in one go, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `--format` of `review`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReviewFormat {
    /// A page that needs nothing else.
    Html,
    /// Text.
    Markdown,
}

pub(super) fn run(global: &Global, arguments: &ReviewArgs) -> anyhow::Result<()> {
    let parts = Arc::new(parts(global)?);
    let days = app::Days { first: arguments.from, last: arguments.to };
    let review = app::review(&parts, days, arguments.coaching)?;
    let text = match arguments.format {
        ReviewFormat::Html => page(&review),
        ReviewFormat::Markdown => markdown(&review),
    };
    match &arguments.output {
        Some(path) => app::replace(path, text.as_bytes()),
        None => print(&text),
    }
}
