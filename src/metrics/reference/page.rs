//! The catalogue as a page of the docs: the rules that hold for all metrics, then a heading and a few lines for each.

use std::fmt::Write as _;

use super::{Derived, Entry};
use crate::metrics::settings::Windows;

/// The head of the page, up to the windows.
const GROUND_RULES: &str = include_str!("ground_rules.md");

pub(super) fn write(entries: &[Entry]) -> String {
    let mut text = GROUND_RULES.to_owned();
    text.push_str(&default_windows());
    let mut section = "";
    for entry in entries {
        if entry.section != section {
            section = entry.section;
            // Writing to a string cannot fail.
            let _ = writeln!(text, "\n## {section}");
        }
        let _ = write!(text, "\n### {}\n\n{}\n\n", entry.name, entry.help);
        let labels: Vec<String> = entry.labels.iter().map(|label| format!("`{label}`")).collect();
        let labels = if labels.is_empty() { "none".to_owned() } else { labels.join(", ") };
        let _ = writeln!(text, "- labels: {labels}");
        match &entry.derived {
            Some(derived) => text.push_str(&of_derived(derived)),
            None => drop(writeln!(text, "- type: {}", entry.kind)),
        }
    }
    text.push_str("\nOn Linux, `process_*` tell of the process: CPU time, memory, open files, start time.\n");
    text
}

fn default_windows() -> String {
    let Windows { activities, leads, deals, deals_ratios, funnel, coverage, forecast, benchmarks, accounts, customers } =
        Windows::default();
    let groups = [
        ("activities", activities),
        ("leads", leads),
        ("deals", deals),
        ("deals_ratios", deals_ratios),
        ("funnel", funnel),
        ("coverage", coverage),
        ("forecast", forecast),
        ("benchmarks", benchmarks),
        ("accounts", accounts),
        ("customers", customers),
    ];
    let mut text = String::from("\n| `metrics.windows.` | default |\n| --- | --- |\n");
    for (key, names) in groups {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(text, "| `{key}` | {} |", names.join(" "));
    }
    text
}

fn of_derived(derived: &Derived) -> String {
    let windows = match derived.windows {
        Some(key) if key.contains(' ') => format!("- windows: {key}\n"),
        Some(key) => format!("- windows: `{key}`\n"),
        None => String::new(),
    };
    let Derived { shape, nature, as_of, drop_order, .. } = derived;
    format!("{windows}- {shape}, {nature}; as of the past: {as_of}; drop order {drop_order}\n")
}
