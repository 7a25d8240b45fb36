//! The catalogue in print: `crm_exporter metrics` and the reference page.

use std::fmt::Write as _;

use serde::Serialize;

use super::{AsOf, Group, Metric, Nature, Shape, catalogue};

/// A form of print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Table,
    /// For the docs.
    Markdown,
    /// For programs.
    Json,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    help: &'static str,
    labels: Vec<&'static str>,
    shape: &'static str,
    windows: &'static str,
    as_of: &'static str,
    nature: &'static str,
    drop_order: u8,
}

impl Entry {
    fn new(metric: &Metric) -> Entry {
        Entry {
            name: metric.name,
            help: metric.help,
            labels: metric.labels(),
            shape: match metric.shape {
                Shape::Sum(_) | Shape::TeamSum(_) => "sum",
                Shape::Level(_) => "level",
                Shape::Latest(_) => "instant",
                Shape::Ratio(..) | Shape::PerDistinct(..) => "ratio",
                Shape::Distinct(_) => "distinct count",
                Shape::Mean(_) => "mean",
                Shape::Stats(..) => "statistics",
                Shape::Own(_) if metric.nature == Nature::Descriptive => "information",
                Shape::Own(_) => "ratio",
            },
            windows: match metric.group {
                Group::Now => "",
                Group::Activities => "activities",
                Group::Deals => "deals",
                Group::DealRatios => "deals_ratios",
                Group::Funnel => "funnel",
            },
            as_of: match metric.as_of {
                AsOf::Exact => "exact",
                AsOf::Attributes => "attributes",
                AsOf::None => "none",
            },
            nature: match metric.nature {
                Nature::Leading => "leading",
                Nature::Lagging => "lagging",
                Nature::Descriptive => "descriptive",
            },
            drop_order: metric.drop_order,
        }
    }
}

/// The whole catalogue in that form, ending in a line feed.
pub fn print(format: Format) -> String {
    let entries: Vec<Entry> = catalogue().map(Entry::new).collect();
    match format {
        Format::Table => table(&entries),
        Format::Markdown => markdown(&entries),
        Format::Json => serde_json::to_string_pretty(&entries).map(|text| text + "\n").unwrap_or_default(),
    }
}

fn table(entries: &[Entry]) -> String {
    let width = entries.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for entry in entries {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:width$}  {:<11}  {}", entry.name, entry.nature, entry.labels.join(", "));
        let _ = writeln!(text, "{:width$}  {}", "", entry.help);
    }
    text
}

fn markdown(entries: &[Entry]) -> String {
    let mut text = String::from(
        "# Metrics\n\nWritten by `crm_exporter metrics --format markdown`. All are gauges.\n\n\
         | metric | labels | definition | windows | shape | in the past | tells | dropped |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for entry in entries {
        let labels: Vec<String> = entry.labels.iter().map(|label| format!("`{label}`")).collect();
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} | {} | {} |",
            entry.name,
            labels.join(" "),
            entry.help,
            entry.windows,
            entry.shape,
            entry.as_of,
            entry.nature,
            entry.drop_order
        );
    }
    text
}
