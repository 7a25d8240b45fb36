//! `grafana render`: the files, into a directory.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::cli::{Global, load};
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
}

pub(super) fn run(global: &Global, arguments: &RenderArgs) -> anyhow::Result<()> {
    let settings = match arguments.defaults {
        true => {
            global.refuse_config_file("grafana render --defaults", "leave one of them out")?;
            Settings::default()
        }
        false => load(global)?,
    };
    let shown = super::shown(global, settings)?;
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
