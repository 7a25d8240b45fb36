//! `health`: asks a running daemon how it is. An image that holds nothing but this program has nobody else to ask.

use std::time::Duration;

use clap::Args;
use reqwest::Url;

use super::print;
use super::remote::{self, AccessArgs};
use crate::expose;

/// Answers come at once; who waits longer than this has one that hangs.
const PATIENCE: Duration = Duration::from_secs(5);
const HERE: &str = "http://127.0.0.1:10094";

/// Of `health`.
#[derive(Debug, Args)]
pub struct HealthArgs {
    /// Where the daemon serves [default: http://127.0.0.1:10094]
    #[arg(long, value_name = "URL")]
    pub url: Option<Url>,
    /// Ask whether complete figures are served, and not only whether anything answers
    #[arg(long)]
    pub ready: bool,
    /// How it is asked.
    #[command(flatten)]
    pub access: AccessArgs,
}

/// Prints what the daemon says of itself; an error unless all is well.
pub(super) async fn run(arguments: &HealthArgs) -> anyhow::Result<()> {
    let url = arguments.url.clone().map_or_else(|| HERE.parse(), Ok)?;
    let path = if arguments.ready { expose::READY } else { expose::HEALTHY };
    let (status, body) = remote::get(&url, &arguments.access, path, &[], PATIENCE).await?;
    anyhow::ensure!(status.is_success(), "{url} is not well ({status}): {}", remote::first_lines(&body));
    print(&body)
}
