//! The catalogue in print: `crm_exporter metrics` and the reference page. What is said of a metric is decided here, how it
//! is set in `page` and `terminal`.

mod page;
mod terminal;

use serde::Serialize;

use super::{AsOf, Group, Metric, Nature, SECTIONS, Shape};

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

/// A family that is counted as things happen, rather than derived from records.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// Name.
    pub name: &'static str,
    /// Type: `gauge`, `counter` or `histogram`.
    pub kind: &'static str,
    /// What it means.
    pub help: &'static str,
    /// Label names.
    pub labels: &'static [&'static str],
}

/// What is said of a metric.
#[derive(Serialize)]
struct Entry {
    section: &'static str,
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    help: &'static str,
    labels: Vec<&'static str>,
    /// What only metrics that are derived from records have.
    #[serde(flatten)]
    derived: Option<Derived>,
}

#[derive(Serialize)]
struct Derived {
    shape: &'static str,
    /// Key below `metrics.windows`, or whose they are.
    windows: Option<&'static str>,
    as_of: &'static str,
    nature: &'static str,
    drop_order: u8,
}

impl Entry {
    fn new(section: &'static str, metric: &Metric) -> Entry {
        let derived = Derived {
            shape: shape(metric),
            windows: windows(metric.group),
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
        };
        let labels = metric.labels();
        Entry { section, name: metric.name, kind: "gauge", help: metric.help, labels, derived: Some(derived) }
    }

    fn counted(family: Counted) -> Entry {
        Entry {
            section: "The exporter itself",
            name: family.name,
            kind: family.kind,
            help: family.help,
            labels: family.labels.to_vec(),
            derived: None,
        }
    }
}

fn shape(metric: &Metric) -> &'static str {
    match metric.shape {
        Shape::Sum(_) | Shape::TeamSum(..) | Shape::AccountSum(..) => "sum",
        Shape::Level(_) => "level",
        Shape::Latest(_) => "instant",
        Shape::Ratio(..) | Shape::PerDistinct(..) => "ratio",
        Shape::Distinct(_) => "distinct count",
        Shape::Mean(_) | Shape::Means(_) => "mean",
        Shape::Stats(..) => "statistics",
        Shape::Own(_) if metric.group == Group::Goals => "goal",
        Shape::Own(_) if metric.group == Group::Benchmarks => "comparison of reps",
        Shape::Own(_) if metric.group == Group::Forecast => "statistics",
        Shape::Own(_) => own_shape(metric.name),
    }
}

/// What a metric with a computation of its own is, which its name tells.
fn own_shape(name: &str) -> &'static str {
    match name {
        "crm_customers" => "distinct count",
        name if name.ends_with("_info") => "information",
        name if name.ends_with("_value") => "amount of a record",
        name if name.ends_with("_timestamp_seconds") => "instant",
        name if name.starts_with("crm_contest_") => "standing",
        _ => "ratio",
    }
}

/// The key of a group's windows below `metrics.windows`, or whose they are.
fn windows(group: Group) -> Option<&'static str> {
    match group {
        Group::Goals => Some("each goal's own"),
        _ => group.windows_key(),
    }
}

/// The whole catalogue in that form, and behind it `counted`; ends in a line feed.
pub fn print(format: Format, counted: impl Iterator<Item = Counted>) -> String {
    let in_section = |(name, parts): &(&'static str, &'static [&'static [Metric]])| {
        let name = *name;
        parts.iter().copied().flatten().map(move |metric| Entry::new(name, metric))
    };
    let derived = SECTIONS.iter().flat_map(in_section);
    let entries: Vec<Entry> = derived.chain(counted.map(Entry::counted)).collect();
    match format {
        Format::Table => terminal::write(&entries),
        Format::Markdown => page::write(&entries),
        Format::Json => serde_json::to_string_pretty(&entries).map(|text| text + "\n").unwrap_or_default(),
    }
}
