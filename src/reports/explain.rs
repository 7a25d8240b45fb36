//! Which figure is meant, its value as it is exposed, and the parts that it is made of.

use super::question::Question;
use crate::domain::{Span, Timestamp};
use crate::exposition::Encoder;
use crate::facts::View;
use crate::measures::fold::Scope;
use crate::metrics::explain::{Asked, Part, Role, joined};
use crate::metrics::{Counted, Frame, Metric, Shape, find};
use crate::setting::Selector;

/// A figure, and what it is made of.
#[derive(Debug)]
pub struct Explanation {
    /// The series as it is exposed: its labels in order. Labels that are left open are not there.
    pub series: Selector,
    /// What it means.
    pub help: &'static str,
    /// The figure as it is exposed, summed over the labels that are left open; none where it is absent.
    pub value: Option<f64>,
    /// Why it is absent, or not exposed although it is known.
    pub remark: Option<String>,
    /// The bounds of its window; none for figures without one.
    pub bounds: Option<Span>,
    /// What it is made of.
    pub parts: Vec<Part>,
}

/// What the exporter counts of itself.
#[derive(Debug, Clone, Copy)]
pub struct Counters<'a> {
    /// What there is.
    pub families: &'a [Counted],
    /// The samples in the text format; none where no exporter is running that could have counted.
    pub text: Option<&'a str>,
}

/// Why a figure cannot be explained.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotExplained {
    /// There is no such metric.
    #[error("there is no metric `{0}`; `crm_exporter metrics` lists them")]
    UnknownMetric(String),
    /// The metric has no such label.
    #[error("{metric} has no label `{label}`; its labels are {labels}")]
    UnknownLabel {
        /// The metric.
        metric: &'static str,
        /// The label that it does not have.
        label: String,
        /// Those that it has.
        labels: String,
    },
    /// No such value.
    #[error("no series of {metric} has {label}=\"{value}\"; there is {known}")]
    UnknownValue {
        /// The metric.
        metric: &'static str,
        /// The label.
        label: &'static str,
        /// The value that it does not have.
        value: String,
        /// Those that it has.
        known: String,
    },
    /// A label without which the figure is not determined.
    #[error("{metric} needs a value for {label}: one of {known}")]
    Ambiguous {
        /// The metric.
        metric: &'static str,
        /// The label that is missing.
        label: &'static str,
        /// Its values.
        known: String,
    },
    /// No series has all these labels.
    #[error("there is no series {series}: {why}")]
    NoSeries {
        /// The series asked for.
        series: String,
        /// Why, as far as it can be told.
        why: String,
    },
}

/// Finds what the figure that `selector` names is made of. At most `limit` records are listed of each part, and for each
/// reason why records are left out.
///
/// Of a sum, labels may be left open: then all series that fit are explained together. Ratios, averages and quantiles are
/// those of the rep, else the team, else everybody. Of other figures labels may be left open that only one series fits.
pub fn explain(
    frame: &Frame<'_>,
    counters: Counters<'_>,
    selector: &Selector,
    limit: usize,
) -> Result<Explanation, NotExplained> {
    if let Some(counted) = counters.families.iter().find(|family| is_of(selector, family)) {
        return super::counted::explain(counted, counters.text, selector);
    }
    if selector.name.starts_with("process_") {
        return super::counted::explain(&super::counted::PROCESS, counters.text, selector);
    }
    let metric = find(&selector.name).ok_or_else(|| NotExplained::UnknownMetric(selector.name.clone()))?;
    let samples = samples(frame, metric);
    let question = Question::new(frame, metric, selector, &samples)?;
    let selector = &question.selector;
    let bounds = question.window.map(|(_, span)| span);
    let (scope, window) = (question.scope, question.window);
    let parts = metric.parts(frame, &Asked { view: frame.view, selector, scope, window, limit });
    let series = series(frame.view, metric, selector, scope);
    let value = exposed(metric, &series, &samples);
    let remark = remark(frame, metric, value, &parts);
    Ok(Explanation { series, help: metric.help, value, remark, bounds, parts })
}

fn is_of(selector: &Selector, family: &Counted) -> bool {
    let suffix = selector.name.strip_prefix(family.name);
    suffix == Some("")
        || (family.kind == "histogram" && suffix.is_some_and(|suffix| super::counted::PARTS.contains(&suffix)))
}

/// The labels of the series, in order; those that are left open are left out.
fn series(view: &View<'_>, metric: &Metric, selector: &Selector, scope: Scope) -> Selector {
    let people = &view.people;
    let team_label = |team: u32| people.teams[team as usize].label.as_str();
    let (scope, team, rep) = match scope {
        Scope::Org => ("org", "", ""),
        Scope::Team(team) => ("team", team_label(team), ""),
        Scope::Rep(slot) => {
            let slot = &people.slots[slot as usize];
            ("rep", team_label(slot.team), slot.rep.as_str())
        }
    };
    let has_scope = metric.labels().contains(&"scope");
    // Leaves have no totals, so an empty team or rep leaves the label open.
    let named = |value| Some(value).filter(|value: &&str| has_scope || !value.is_empty());
    // Of a metric with a computation of its own all labels are given, empty ones too.
    let given = |label| selector.label(label).filter(|_| matches!(metric.shape, Shape::Own(_)));
    let value = |label| match label {
        "scope" => Some(scope),
        "team" => named(team).or(given("team")),
        "rep" => named(rep).or(given("rep")),
        label => selector.label(label),
    };
    let labels = metric.labels().into_iter().filter_map(|label| Some((label.to_owned(), value(label)?.to_owned())));
    // Labels that only some settings show, such as an address, are known from the series alone.
    let others = selector.labels.iter().filter(|(label, _)| !metric.labels().contains(&label.as_str())).cloned();
    Selector { name: metric.name.to_owned(), labels: labels.chain(others).collect() }
}

/// The samples of a family, as the exposition has them.
pub(super) fn samples(frame: &Frame<'_>, metric: &Metric) -> Vec<(Selector, f64)> {
    let mut encoder = Encoder::default();
    metric.write(frame, &mut encoder);
    parsed(&String::from_utf8_lossy(&encoder.finish()))
}

/// Reads samples of the text format.
pub(super) fn parsed(text: &str) -> Vec<(Selector, f64)> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let sample = |line: &str| {
        let (series, value) = line.rsplit_once(' ')?;
        Some((series.parse().ok()?, value.parse().ok()?))
    };
    lines.filter_map(sample).collect()
}

/// Whether a series has all labels that a selector names.
pub(super) fn fits(series: &Selector, wanted: &Selector) -> bool {
    series.name == wanted.name
        && wanted.labels.iter().all(|(label, value)| series.label(label).unwrap_or("") == value.as_str())
}

/// The figure as the exposition has it: of a sum, that of all samples that have these labels.
fn exposed(metric: &Metric, series: &Selector, samples: &[(Selector, f64)]) -> Option<f64> {
    let values: Vec<f64> = samples.iter().filter(|(own, _)| fits(own, series)).map(|(_, value)| *value).collect();
    let is_sum = matches!(metric.shape, Shape::Sum(_) | Shape::Level(_) | Shape::TeamSum(..) | Shape::AccountSum(..));
    match values.as_slice() {
        [] => None,
        [value] => Some(*value),
        several => is_sum.then(|| several.iter().sum()),
    }
}

/// What has to be said of a figure that is not there, or not served.
fn remark(frame: &Frame<'_>, metric: &Metric, value: Option<f64>, parts: &[Part]) -> Option<String> {
    if frame.options.is_disabled(metric.name) {
        return Some("not exposed: metrics.disable names it".to_owned());
    }
    if value.is_some() {
        return None;
    }
    if let Some(why) = metric.unknown(frame) {
        return Some(why);
    }
    let divisor = parts.iter().find(|part| part.role == Role::By && part.value == Some(0.0));
    Some(match divisor {
        Some(part) => format!("{} is 0: there is nothing to divide by", part.name),
        None if joined(parts) == Some(0.0) => {
            "nothing counts, and nobody is an active rep here who would read 0".to_owned()
        }
        None => "there is nothing to take it from".to_owned(),
    })
}

impl Explanation {
    /// The figure that its parts come to; none where they come to none.
    pub fn recomputed(&self) -> Option<f64> {
        joined(&self.parts)
    }

    /// The last instant inside its bounds.
    pub fn until(&self) -> Option<Timestamp> {
        self.bounds.map(|span| span.end.plus_millis(-1))
    }
}
