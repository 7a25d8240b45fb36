//! The integration tests: one binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod backfill;
mod contract;
mod daemon;
mod delivery;
mod demo;
mod deploy;
mod display;
mod docs;
mod explain;
mod exports;
mod expose;
mod fake_crm;
mod forecast;
mod grafana;
mod health;
mod house;
mod hubspot;
mod kill;
mod maven;
mod prometheus;
mod properties;
mod reload;
mod runs;
mod samples;
mod settings;
mod sql;
mod stored;
mod web_file;
mod wins;

use std::process::Command;

/// The program, without the environment of whoever runs the tests.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crm_exporter"));
    command.env_clear();
    command
}

/// Lets clients of HTTP be built: they use the cryptography of the program, which has to be named once a process.
fn use_cryptography_of_the_program() {
    // A failure means that another test was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
