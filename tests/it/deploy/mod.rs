//! What runs the program beside Prometheus, Alertmanager and Grafana: containers, the service of a machine, and the chain
//! as a whole. No container engine is needed: files are held against what they are for, and the same parts run natively
//! with the same configuration.

mod chain;
mod compose;
mod image;
mod page;
mod scripts;
mod service;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn compose_directory() -> PathBuf {
    root().join("deploy/compose")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
