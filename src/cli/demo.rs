//! `demo`: the daemon on the built-in sales floor, with a store that goes when it ends.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use chrono::Utc;
use tempfile::TempDir;

use super::args::DemoArgs;
use super::{Global, block_on, environment, print, signals};
use crate::app::{self, Parts, Reload};
use crate::domain::Timestamp;
use crate::meter::Meter;
use crate::settings::{Override, Settings};
use crate::source::{DemoFloor, demo_settings};

/// Serves the floor, or prints its settings.
pub(super) fn run(global: Global, arguments: &DemoArgs) -> anyhow::Result<()> {
    let instead =
        "its own settings are printed by --print-config, and served from a file by crm_exporter --config.file";
    global.refuse_config_file("demo", instead)?;
    let floor = DemoFloor {
        seed: arguments.seed,
        pace: arguments.pace,
        years: arguments.years,
        now: arguments.now.unwrap_or_else(|| Timestamp::from(Utc::now())),
        stands_still: arguments.now.is_some(),
    };
    let text = demo_settings(&floor);
    if arguments.print_config {
        return print(&text);
    }
    let (_directory, file) = written(&text)?;
    let meter = super::meter()?;
    let read = Arc::new(move || parts(&global, &floor, &file, &meter));
    let parts = read()?;
    print(&welcome(parts.listen_address()))?;
    block_on(async {
        let asked = signals::hangups()?;
        app::run(parts, Reload { read, asked }, signals::shutdown()?).await
    })
}

/// The settings of the floor that `demo` shows from now on if no flag says otherwise.
pub(super) fn settings() -> anyhow::Result<Settings> {
    let now = Timestamp::from(Utc::now());
    let floor = DemoFloor { seed: 1, pace: 1.0, years: 2, now, stands_still: false };
    let (_directory, file) = written(&demo_settings(&floor))?;
    Ok(Settings::load(&file, &environment())?)
}

/// The settings in a file, and its directory, which is removed when this ends, however it ends but by a kill.
fn written(settings: &str) -> anyhow::Result<(TempDir, PathBuf)> {
    let directory = tempfile::Builder::new().prefix("crm_exporter-demo-").tempdir();
    let directory = directory.context("cannot make a directory for the records of the demo: is TMPDIR writable?")?;
    let file = directory.path().join("demo.yaml");
    std::fs::write(&file, settings).with_context(|| format!("cannot write {}", file.display()))?;
    Ok((directory, file))
}

/// What the settings of the demo describe, read as those of any file are, with the store beside the file.
fn parts(global: &Global, floor: &DemoFloor, file: &Path, meter: &Arc<Meter>) -> anyhow::Result<Parts> {
    let mut overrides = environment();
    let store = file.with_file_name("demo.db");
    overrides.push(Override::flag("demo", "store.path", store.to_string_lossy()));
    // Nobody is meant by what is invented.
    overrides.push(Override::flag("demo", "web.enable_explain", "true"));
    // The text says so already; this way a problem names the flag.
    overrides.push(Override::flag("--demo.pace", "sources.demo.pace", floor.pace.to_string()));
    overrides.extend(global.overrides());
    Ok(Parts::new(Settings::load(file, &overrides)?, meter)?)
}

/// What the demo is and where to look.
fn welcome(address: &str) -> String {
    let address = match address.strip_prefix(':') {
        Some(port) => format!("localhost:{port}"),
        None => address.to_owned(),
    };
    format!(
        "An invented sales floor: three teams in three time zones, two years of history, new calls and wins as you watch.\n\
         \n\
         \x20 http://{address}/         what is going on\n\
         \x20 http://{address}/metrics  the figures, for Prometheus\n\
         \n\
         docs/demo.md tells what there is to be found; `crm_exporter demo --print-config` prints its settings. Ctrl-C ends it\n\
         and removes its records.\n\n"
    )
}

#[cfg(test)]
mod tests {
    use super::welcome;

    #[test]
    fn an_address_without_a_host_is_shown_as_this_machine() {
        assert!(welcome(":10094").contains("  http://localhost:10094/metrics  "));
        assert!(welcome("127.0.0.1:10094").contains("  http://127.0.0.1:10094/  "));
    }
}
