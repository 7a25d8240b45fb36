//! Which series a backfill has.

use indexmap::IndexMap;

use crate::exposition::Labels;
use crate::metrics::{AsOf, Group, Metric, Nature, Options, Shape, catalogue, find, unknown_metric};
use crate::setting::{Selector, instead};

/// What is asked for by word instead of by selector.
const USUAL: &str = "default";
const EVERYTHING: &str = "all";

/// Of these, single reps have series by default: the line of what was reached, and how it compares with what was due.
pub(super) const BY_REP: [&str; 2] = ["crm_goal_actual", "crm_pacing_ratio"];

/// Why a series cannot be backfilled.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChoiceError {
    /// It is not read.
    #[error("{0}")]
    NoSelector(#[from] crate::setting::SelectorError),
    /// There is no such metric.
    #[error("{0}")]
    UnknownMetric(String),
    /// The metric has no such label.
    #[error("{metric} has no label `{label}`; {instead}")]
    UnknownLabel {
        /// The metric.
        metric: &'static str,
        /// The label that it does not have.
        label: String,
        /// Those that it has.
        instead: String,
    },
    /// Nothing is known of the past.
    #[error("{0} says nothing of the past: leave it out")]
    NoPast(&'static str),
    /// The settings leave it out.
    #[error("{0} is not exposed: take it out of metrics.disable, or leave it out here")]
    Disabled(&'static str),
}

/// The metrics wanted, each with the labels of the series wanted: those that fit any of the alternatives.
pub struct Choice(IndexMap<&'static str, (&'static Metric, Vec<Alternative>)>);

/// Labels that a series has to have, as they are written.
type Alternative = Vec<String>;

impl Choice {
    /// The series that any of `texts` asks for: selectors such as `crm_activities{kind="call"}`, `default`, or `all`.
    ///
    /// By default these are the organisation and the teams of every metric that has scopes, what goals have reached and
    /// their pace by rep, and what describes goals, periods and teams.
    ///
    /// # Errors
    ///
    /// The first text that asks for what there cannot be.
    pub fn new(texts: &[String], options: &Options) -> Result<Choice, ChoiceError> {
        let mut choice = Choice(IndexMap::new());
        let exposed = || catalogue().filter(|metric| tells_past(metric) && !options.is_disabled(metric.name));
        for text in texts {
            match text.trim() {
                USUAL => exposed().for_each(|metric| usual(metric).for_each(|labels| choice.add(metric, labels))),
                EVERYTHING => exposed().for_each(|metric| choice.add(metric, Vec::new())),
                text => {
                    let (metric, labels) = selected(&text.parse()?, options)?;
                    choice.add(metric, labels);
                }
            }
        }
        Ok(choice)
    }

    fn add(&mut self, metric: &'static Metric, labels: Alternative) {
        self.0.entry(metric.name).or_insert((metric, Vec::new())).1.push(labels);
    }

    /// The metrics.
    pub(super) fn metrics(&self) -> impl Iterator<Item = (&'static Metric, &[Alternative])> {
        self.0.values().map(|(metric, alternatives)| (*metric, alternatives.as_slice()))
    }

    /// A metric that has that label, if any.
    pub(super) fn with_label(&self, label: &str) -> Option<&'static str> {
        self.metrics().find(|(metric, _)| has_label(metric, label)).map(|(metric, _)| metric.name)
    }
}

/// Whether a series with these labels, as they are written, fits any of the alternatives.
pub(super) fn fits(labels: &str, alternatives: &[Alternative]) -> bool {
    // A quote inside a value is escaped, so that what looks like a label is one.
    let has = |wanted: &String| {
        let places = labels.match_indices(wanted.as_str());
        places.into_iter().any(|(place, _)| place == 0 || labels.as_bytes()[place - 1] == b',')
    };
    alternatives.iter().any(|alternative| alternative.iter().all(has))
}

fn tells_past(metric: &Metric) -> bool {
    metric.as_of != AsOf::None
}

/// `crm_rep_info` may have one label more, where the settings show addresses.
fn has_label(metric: &Metric, label: &str) -> bool {
    metric.labels().contains(&label) || (metric.name == "crm_rep_info" && label == "email")
}

/// The series that a metric has by default.
fn usual(metric: &'static Metric) -> impl Iterator<Item = Alternative> {
    let labels = metric.labels();
    let has = |label: &str| labels.contains(&label);
    let scopes: &[&str] = match has("scope") {
        true if BY_REP.contains(&metric.name) => &["org", "team", "rep"],
        true => &["org", "team"],
        false => &[],
    };
    let describes = metric.nature == Nature::Descriptive && matches!(metric.shape, Shape::Own(_));
    let is_small = !["scope", "rep", "account", "deal"].into_iter().any(has);
    let in_general = describes && is_small && matches!(metric.group, Group::Now | Group::Goals);
    let by_scope = scopes.iter().map(|scope| vec![written("scope", scope)]);
    by_scope.chain(in_general.then(Vec::new)).collect::<Vec<_>>().into_iter()
}

fn selected(selector: &Selector, options: &Options) -> Result<(&'static Metric, Alternative), ChoiceError> {
    let unknown = || ChoiceError::UnknownMetric(unknown_metric(&selector.name));
    let metric = find(&selector.name).ok_or_else(unknown)?;
    if !tells_past(metric) {
        return Err(ChoiceError::NoPast(metric.name));
    }
    if options.is_disabled(metric.name) {
        return Err(ChoiceError::Disabled(metric.name));
    }
    if let Some((label, _)) = selector.labels.iter().find(|(label, _)| !has_label(metric, label)) {
        let instead = instead(label, &metric.labels());
        return Err(ChoiceError::UnknownLabel { metric: metric.name, label: label.clone(), instead });
    }
    Ok((metric, selector.labels.iter().map(|(label, value)| written(label, value)).collect()))
}

/// A label as it is written.
fn written(label: &str, value: &str) -> String {
    let mut labels = Labels::default();
    labels.push(label, value);
    labels.as_str().to_owned()
}
