//! `docs/grafana.md`, held against the program.

use std::path::Path;

use serde_json::json;

use super::Desk;
use super::fake::{Edition, Grafana};

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/grafana.md")).unwrap()
}

/// The block of code in that language that is the only one.
fn block(page: &str, language: &str) -> String {
    let mut blocks = page.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix(language));
    let block = blocks.next().unwrap_or_else(|| panic!("no block of {language}"));
    assert!(blocks.next().is_none(), "several blocks of {language}");
    block.trim_start_matches('\n').to_owned()
}

/// Numbers of boards change with the boards.
fn without_digits(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[test]
fn the_dry_run_of_the_page_is_what_is_printed() {
    let grafana = Grafana::start_below(Edition::V13, "/grafana");
    let desk = Desk::new(&grafana);
    desk.applied(&[]);
    grafana.content().edit("crm-today", |model| {
        model["title"] = json!("Mine");
        model["refresh"] = json!("5m");
    });
    let said = desk.applied(&["--dry-run"]).replace(&grafana.url(), "https://example.com/grafana");
    let said = without_digits(&said);
    for line in without_digits(&block(&page(), "text")).lines() {
        assert!(said.lines().any(|said| said == line), "{line}\n{said}");
    }
}

#[test]
fn settings_and_flags_of_the_page_are_right() {
    let desk = Desk::new(&Grafana::start(Edition::V13));
    desk.write("crm_exporter.yaml", &block(&page(), "yaml"));
    assert!(desk.run(&["check"]).status.success());
    let page = page();
    let help = String::from_utf8(desk.run(&["grafana", "apply", "--help"]).stdout).unwrap();
    let flags = help.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_whitespace().next());
    let own: Vec<&str> = flags.take_while(|flag| !flag.contains('.')).collect();
    assert!(own.contains(&"dry-run"), "{help}");
    own.iter().for_each(|flag| assert!(page.contains(&format!("`--{flag}")), "{flag}"));
}
