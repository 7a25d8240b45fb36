//! `docs/deploy.md`: what can be copied from it is right.

use std::fs;
use std::process::Command;

use super::{read, root};
use crate::program;
use crate::runs::are_there;

fn page() -> String {
    read(&root().join("docs/deploy.md"))
}

/// The blocks in that language, without their indentation.
fn blocks(language: &str) -> Vec<String> {
    let page = page();
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line.trim_start() == format!("```{language}") {
            let indent = line.len() - line.trim_start().len();
            let block = lines.by_ref().take_while(|line| line.trim() != "```");
            blocks.push(block.map(|line| line.get(indent..).unwrap_or("").to_owned() + "\n").collect());
        }
    }
    blocks
}

#[test]
fn prometheus_takes_the_jobs_of_the_page() {
    if !are_there(&["promtool"]) {
        return;
    }
    let jobs: Vec<String> = blocks("yaml").into_iter().filter(|block| block.contains("scrape_configs:")).collect();
    assert_eq!(jobs.len(), 2);
    for job in jobs {
        assert!(job.contains("honor_labels: true"), "{job}");
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("prometheus.yml");
        fs::write(&file, &job).unwrap();
        let output = Command::new("promtool").args(["check", "config", "--syntax-only"]).arg(&file).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_settings_of_the_page_are_right() {
    let settings = blocks("yaml").into_iter().find(|block| block.contains("sources:")).unwrap();
    assert!(settings.contains("token_file: /run/secrets/hubspot"), "{settings}");
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("crm_exporter.yaml", &settings.replace("/run/secrets/hubspot", "token"));
    write("token", "pat-eu1-example\n");
    let output = program().arg("check").current_dir(directory.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn commands_of_the_page_have_the_flags_that_they_are_given() {
    let text = blocks("sh").concat().replace("\\\n", " ");
    let commands = text.lines().filter_map(|line| {
        let start = line.find("crm_exporter health").or_else(|| line.find("crm_exporter grafana"));
        let words = match start {
            Some(start) => &line[start + "crm_exporter ".len()..],
            None => &line[line.find("exporter backfill")? + "exporter ".len()..],
        };
        Some(words.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    });
    let commands: Vec<Vec<String>> = commands.collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    for words in commands {
        let (flags, rest): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| word.starts_with("--"));
        let subcommand = rest.iter().take(if rest[0] == "grafana" { 2 } else { 1 });
        let output = program().args(subcommand).arg("--help").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        for flag in flags {
            let flag = flag.split('=').next().unwrap();
            assert!(help.contains(&format!("{flag} <")), "{words:?}: {flag}");
        }
    }
}

#[test]
fn the_files_of_the_page_are_there() {
    let page = page();
    let paths = page
        .split(['`', ' ', '(', ')', '"', '\n'])
        .filter(|word| word.starts_with("deploy/") || word.starts_with("../"));
    let paths: Vec<&str> = paths.filter(|path| !path.contains('*')).collect();
    assert!(paths.len() > 10, "{paths:?}");
    for path in paths {
        // What people put there is in none of the directories of the repository.
        let is_theirs = path.contains("/secrets/") || path.ends_with("settings/crm_exporter.yaml");
        let from = if path.starts_with("../") { root().join("docs") } else { root().to_owned() };
        assert!(is_theirs || from.join(path).exists(), "{path}");
    }
}
