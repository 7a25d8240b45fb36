//! Dependencies between modules point one way. A package cannot enforce that; this table does.

use std::collections::BTreeSet;

use super::source::{self, Source};

/// A module and the modules that it may use; `*` is every module.
const ALLOWED: &[(&str, &[&str])] = &[
    ("version", &[]),
    ("logging", &[]),
    ("setting", &[]),
    ("domain", &[]),
    ("exposition", &[]),
    ("html", &[]),
    ("meter", &["domain", "exposition", "version"]),
    ("http", &["domain", "setting", "meter", "version"]),
    ("calendar", &["domain", "setting"]),
    ("store", &["domain"]),
    ("source", &["domain", "setting", "http"]),
    ("sync", &["domain", "source", "store", "meter"]),
    ("facts", &["domain", "calendar", "setting"]),
    ("load", &["domain", "facts", "store"]),
    ("measures", &["domain", "calendar", "facts"]),
    ("goals", &["domain", "calendar", "setting", "facts", "measures"]),
    ("contests", &["domain", "calendar", "setting", "facts", "measures", "goals"]),
    ("benchmarks", &["calendar", "setting", "facts", "measures", "goals"]),
    (
        "metrics",
        &["domain", "calendar", "setting", "exposition", "facts", "measures", "goals", "contests", "benchmarks"],
    ),
    ("display", &["domain", "calendar", "setting", "goals", "contests", "metrics"]),
    ("grafana", &["setting", "http", "version", "display"]),
    ("snapshot", &["domain", "calendar", "exposition", "facts", "metrics"]),
    ("reports", &["domain", "calendar", "setting", "exposition", "html", "facts", "measures", "goals", "metrics"]),
    ("expose", &["domain", "setting", "exposition", "html", "meter", "metrics", "snapshot"]),
    (
        "settings",
        &[
            "domain",
            "setting",
            "http",
            "calendar",
            "source",
            "facts",
            "goals",
            "contests",
            "benchmarks",
            "metrics",
            "display",
            "grafana",
        ],
    ),
    ("app", &["*"]),
    ("cli", &["*"]),
];

/// What is wrong with the uses in `file`, a line each.
fn violations(file: &Source) -> Vec<String> {
    let Some(module) = file.module() else { return Vec::new() };
    let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == module) else {
        return vec![format!("{}: the module `{module}` is not in the table of allowed directions", file.path)];
    };
    let fits = |used: &&String| *used == module || allowed.iter().any(|allowed| allowed == used || *allowed == "*");
    let strangers = used_modules(&file.code);
    strangers
        .iter()
        .filter(|used| !fits(used))
        .map(|used| format!("{}: {module} must not use {used}", file.path))
        .collect()
}

/// The modules of the crate that `code` names, in `use` lines and elsewhere.
fn used_modules(code: &str) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = code[at + path.len()..].trim_start();
        match rest.strip_prefix('{') {
            Some(group) => modules.extend(heads_of_group(group)),
            None => modules.extend(head(rest)),
        }
    }
    modules
}

fn head(path: &str) -> Option<String> {
    let name: String = path.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// The first names of the paths in a group such as `domain::{Key, Object}, facts}`, up to its closing brace.
fn heads_of_group(group: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut begin = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.extend(head(&group[begin..at]));
                begin = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let violations: Vec<String> = source::all().iter().flat_map(violations).collect();
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn the_table_has_no_circle() {
    for (position, (module, allowed)) in ALLOWED.iter().enumerate() {
        let earlier = |name: &&str| *name == "*" || ALLOWED[..position].iter().any(|(earlier, _)| earlier == name);
        assert!(allowed.iter().all(earlier), "{module} uses what stands behind it");
    }
}

/// The rows of the map in ARCHITECTURE.md: module, what it is, what it may use.
fn drawn_map() -> Vec<(String, String)> {
    let text = include_str!("../../../ARCHITECTURE.md");
    let mut rows = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [modules, _, may_use] = cells[..] else { panic!("{line}") };
        rows.extend(modules.split(", ").map(|module| (module.trim_matches('`').to_owned(), may_use.to_owned())));
    }
    rows
}

#[test]
fn the_map_shows_the_table() {
    let shown = |(module, allowed): &(&str, &[&str])| {
        let allowed = if *allowed == ["*"] { "everything".to_owned() } else { allowed.join(", ") };
        ((*module).to_owned(), allowed)
    };
    assert_eq!(drawn_map(), ALLOWED.iter().map(shown).collect::<Vec<_>>());
}

#[test]
fn uses_are_found_however_they_are_written() {
    for (code, modules) in [
        ("use crate::store::Store;", &["store"][..]),
        ("pub(crate) use crate::store;", &["store"]),
        ("use crate::{\n    domain::{Key, Object},\n    facts,\n};\nfn f() {}", &["domain", "facts"]),
        ("fn f() -> crate::sync::Poll { crate::app::poll() }", &["app", "sync"]),
        ("macro_rules! m { () => { $crate::cli::main() } }", &["cli"]),
        ("use super::store;", &[]),
    ] {
        assert_eq!(used_modules(code), modules.iter().map(|name| (*name).to_owned()).collect(), "{code}");
    }
}

#[test]
fn a_wrong_use_is_found() {
    let file = |path: &str, code: &str| Source { path: path.into(), code: code.into() };
    let planted = file("metrics/deals.rs", "use crate::facts::Facts;\nuse crate::store::Store;\n");
    assert_eq!(violations(&planted), ["metrics/deals.rs: metrics must not use store"]);
    let stranger = file("helpers.rs", "");
    assert_eq!(violations(&stranger), ["helpers.rs: the module `helpers` is not in the table of allowed directions"]);
    assert!(violations(&file("app/mod.rs", "use crate::store;")).is_empty());
    assert!(violations(&file("main.rs", "use crate::store;")).is_empty());
}
