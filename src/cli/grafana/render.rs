//! `grafana render`: the files, into a directory.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::cli::{Global, demo, load};
use crate::settings::Settings;
use crate::{app, display};

/// Of `grafana render`.
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// Directory that grafana/ and deploy/ are written into; files of the same names are replaced
    #[arg(long, value_name = "DIRECTORY")]
    pub output: PathBuf,
    /// Render for the default settings instead of those of a file
    #[arg(long)]
    pub defaults: bool,
    /// Render for the floor that `demo` shows instead
    #[arg(long, conflicts_with = "defaults")]
    pub demo: bool,
}

pub(super) fn run(global: &Global, arguments: &RenderArgs) -> anyhow::Result<()> {
    let settings = settings(global, arguments)?;
    let shown = super::shown(global, settings)?;
    // The defaults are for any floor: which goals it has is not known.
    if !arguments.defaults {
        super::warn_of(&shown.gaps()?);
    }
    let files = display::files(&shown.display());
    let mut changed = 0;
    for file in &files {
        let path = arguments.output.join(&file.path);
        if fs::read(&path).is_ok_and(|there| there == file.text.as_bytes()) {
            continue;
        }
        let directory = path.parent().context("a file is in a directory")?;
        fs::create_dir_all(directory).with_context(|| format!("cannot make the directory {}", directory.display()))?;
        app::replace(&path, file.text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
        changed += 1;
    }
    eprintln!("{} files in {}, {changed} of them written", files.len(), arguments.output.display());
    Ok(())
}

fn settings(global: &Global, arguments: &RenderArgs) -> anyhow::Result<Settings> {
    let instead = "leave one of them out";
    if arguments.defaults {
        global.refuse_config_file("grafana render --defaults", instead)?;
        return Ok(Settings::default());
    }
    if arguments.demo {
        global.refuse_config_file("grafana render --demo", instead)?;
        return demo::settings();
    }
    load(global)
}
