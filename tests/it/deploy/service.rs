//! `deploy/systemd/`: the service, judged by systemd's own tool where there is one.

use std::fs;
use std::process::Command;

use super::{read, root};

const HERE: &str = env!("CARGO_BIN_EXE_crm_exporter");

/// The unit in a directory of its own, with the program where it is.
fn unit() -> (tempfile::TempDir, std::path::PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let unit = directory.path().join("crm_exporter.service");
    let text = read(&root().join("deploy/systemd/crm_exporter.service"));
    assert!(text.contains("\nExecStart=/usr/local/bin/crm_exporter run "));
    fs::write(&unit, text.replace("/usr/local/bin/crm_exporter", HERE)).unwrap();
    (directory, unit)
}

fn analyze(arguments: &[&str]) -> Option<(bool, String)> {
    let Ok(output) = Command::new("systemd-analyze").args(arguments).output() else {
        eprintln!("skipped: there is no systemd-analyze");
        return None;
    };
    Some((output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap()))
}

#[test]
fn systemd_reads_every_line_of_it() {
    let (_directory, unit) = unit();
    let Some((is_well, said)) = analyze(&["verify", unit.to_str().unwrap()]) else { return };
    assert!(is_well && said.is_empty(), "{said}");
}

/// The exposure goes from 0 to 10; what is left is that it speaks TCP and has a user of its own.
#[test]
fn little_is_open_to_it() {
    let (_directory, unit) = unit();
    let judged = analyze(&["security", "--offline=true", "--threshold=15", unit.to_str().unwrap()]);
    let Some((is_well, said)) = judged else { return };
    assert!(is_well, "{said}");
}

/// Its command line is understood, and its variable is a setting.
#[test]
fn it_starts_what_there_is() {
    let text = read(&root().join("deploy/systemd/crm_exporter.service"));
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let settings = directory.path().join("crm_exporter.yaml");
    fs::write(&settings, "refresh_interval: 15s\n").unwrap();
    let mut words = value("ExecStart=/usr/local/bin/crm_exporter ").split(' ');
    assert_eq!(words.next(), Some("run"));
    assert_eq!(words.next(), Some("--config.file=/etc/crm_exporter/crm_exporter.yaml"));
    let (name, path) = value("Environment=").split_once('=').unwrap();
    let mut check = crate::program();
    check.args(["check", "--config.file"]).arg(settings).env(name, path);
    let output = check.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
