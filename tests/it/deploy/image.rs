//! `Dockerfile`: how the image is made, and what it is made of.

use std::fs;
use std::process::Command;

use regex::Regex;

use super::{read, root};

fn dockerfile() -> String {
    // Lines that go on are one.
    read(&root().join("Dockerfile")).replace("\\\n", " ")
}

/// What follows a word at the beginning of lines.
fn instructions(word: &str) -> Vec<String> {
    let text = dockerfile();
    text.lines().filter_map(|line| line.strip_prefix(word)?.strip_prefix(' ').map(str::to_owned)).collect()
}

#[test]
fn it_is_built_from_exact_versions_and_runs_as_nobody() {
    let from = instructions("FROM");
    assert!(Regex::new(r"^rust:\d+\.\d+\.\d+-slim-trixie AS build$").unwrap().is_match(&from[0]), "{from:?}");
    assert_eq!(from[1..], ["gcr.io/distroless/cc-debian13:nonroot"]);
    let compiler = from[0]["rust:".len()..].split('-').next().unwrap();
    let numbers = |version: &str| version.split('.').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>();
    assert!(numbers(compiler) >= numbers(env!("CARGO_PKG_RUST_VERSION")), "{compiler}");
    assert_eq!(instructions("USER"), ["65532:65532"]);
    assert!(instructions("RUN").iter().all(|run| run.contains("cargo build --locked --release")));
}

#[test]
fn its_labels_are_those_of_this_version() {
    let labels = instructions("LABEL").remove(0);
    for (key, value) in [
        ("title", env!("CARGO_PKG_NAME")),
        ("version", env!("CARGO_PKG_VERSION")),
        ("licenses", env!("CARGO_PKG_LICENSE")),
        ("revision", "$REVISION"),
    ] {
        assert!(labels.contains(&format!("org.opencontainers.image.{key}=\"{value}\"")), "{key}: {labels}");
    }
}

/// Cargo refuses a manifest that names files that are not there, so what is copied in has to be enough for it.
#[test]
fn the_build_gets_all_files_that_it_needs_and_no_others() {
    let directory = tempfile::tempdir().unwrap();
    let ignored = read(&root().join(".dockerignore"));
    let mut lines = ignored.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next(), Some("*"));
    let wanted: Vec<&str> = lines.map(|line| line.strip_prefix('!').unwrap()).collect();
    for name in &wanted {
        let (from, to) = (root().join(name), directory.path().join(name));
        let copied = Command::new("cp").arg("-r").args([&from, &to]).status().unwrap();
        assert!(copied.success(), "{name}");
    }
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--no-deps", "--format-version=1"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    // What is compiled in lies in what is copied.
    let embedded = Regex::new(r#"include_(?:str|bytes)!\("((?:\.\./)+[^"]+)""#).unwrap();
    for path in rust_files(&directory.path().join("src")) {
        let text = read(&path);
        let program = text.split("#[cfg(test)]").next().unwrap();
        for found in embedded.captures_iter(program) {
            assert!(path.parent().unwrap().join(&found[1]).exists(), "{}: {}", path.display(), &found[1]);
        }
    }
}

fn rust_files(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let (directories, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files.chain(directories.iter().flat_map(|path| rust_files(path))).collect()
}

/// What the image sets by variables is what the program understands.
#[test]
fn its_variables_are_settings() {
    let variables = instructions("ENV").remove(0);
    let variables: Vec<(&str, &str)> = variables.split_whitespace().map(|each| each.split_once('=').unwrap()).collect();
    assert_eq!(variables.len(), 2);
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("crm_exporter.yaml"), "refresh_interval: 15s\n").unwrap();
    let mut check = crate::program();
    check.arg("check").current_dir(directory.path());
    check.envs(variables.iter().map(|(name, value)| (name, value.trim_matches('"'))));
    let output = check.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // A variable that is no setting would have been refused.
    let unknown = check.env("CRM_EXPORTER__STORE__PLACE", "x").output().unwrap();
    assert_eq!(unknown.status.code(), Some(1));
}
