//! Tells the program what it was built from: `CRM_EXPORTER_REVISION` and `CRM_EXPORTER_RUSTVERSION` for `meter`.
//!
//! Works without git and outside a checkout; what cannot be found out is `unknown`.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CRM_EXPORTER_REVISION");
    let revision = env::var("CRM_EXPORTER_REVISION").ok().or_else(checked_out_revision);
    tell("CRM_EXPORTER_REVISION", revision);
    tell("CRM_EXPORTER_RUSTVERSION", compiler_version());
}

fn tell(name: &str, value: Option<String>) {
    println!("cargo::rustc-env={name}={}", value.as_deref().unwrap_or("unknown"));
}

/// The commit that is checked out here. A checkout that merely surrounds the package (a vendored copy) does not count.
fn checked_out_revision() -> Option<String> {
    if !Path::new(".git").exists() {
        return None;
    }
    // The log grows with every commit, checkout and rebase; HEAD itself only names the branch.
    if let Some(log) = output("git", &["rev-parse", "--git-path", "logs/HEAD"])
        && Path::new(&log).exists()
    {
        println!("cargo::rerun-if-changed={log}");
    }
    output("git", &["rev-parse", "HEAD"])
}

/// `1.90.0` of `rustc 1.90.0 (1159e78c4 2025-09-14)`.
fn compiler_version() -> Option<String> {
    let compiler = env::var("RUSTC").ok()?;
    output(&compiler, &["--version"])?.split(' ').nth(1).map(str::to_owned)
}

/// The one line that a command prints, if it can be run and succeeds.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.trim();
    (output.status.success() && !line.is_empty()).then(|| line.to_owned())
}
