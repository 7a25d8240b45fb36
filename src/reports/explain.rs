//! The records behind one figure.

use crate::calendar::Window;
use crate::domain::{Object, Span, Timestamp};
use crate::exposition::{Encoder, Labels};
use crate::facts::{Slot, View};
use crate::measures::fold::{Scope, scopes_of};
use crate::measures::{Dim, Dims, Level, Standing, Sum, Unit};
use crate::metrics::{Frame, Metric, Shape, find, windows_of};
use crate::setting::Selector;

/// A figure, and what it is made of.
pub struct Explanation {
    /// The metric.
    pub metric: &'static Metric,
    /// The series as it is exposed: its labels in order. Labels that are left open are not there.
    pub labels: Vec<(String, String)>,
    /// The figure as it is exposed, summed over the labels that are left open; none where it is absent.
    pub value: Option<f64>,
    /// The bounds of its window; none for figures without one.
    pub bounds: Option<Span>,
    /// What it is made of.
    pub parts: Vec<Part>,
}

/// A part of a figure, such as the numerator of a ratio.
#[derive(Debug)]
pub struct Part {
    /// What it is.
    pub name: &'static str,
    /// The records, oldest first.
    pub records: Vec<RecordLine>,
    /// Their sum in base units; none where the figure is no sum.
    pub total: Option<f64>,
}

/// A record that adds to a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordLine {
    /// Its kind.
    pub object: Object,
    /// The store's number of it.
    pub record: u32,
    /// When it counts; for what stands now, since when, if known.
    pub at: Option<Timestamp>,
    /// What it adds, in base units.
    pub amount: f64,
}

/// Why a figure cannot be explained.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotExplained {
    /// There is no such metric.
    #[error("there is no metric `{0}`; `crm_exporter metrics` lists them")]
    UnknownMetric(String),
    /// The metric is not a fold of records.
    #[error("the records behind {0} cannot be shown yet")]
    NoRecords(&'static str),
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
}

/// Which records a series is about.
struct Wanted<'a> {
    selector: &'a Selector,
    scope: Scope,
    window: Option<(Window, Span)>,
}

/// Finds the records behind the figure that `selector` names.
///
/// Of a sum, labels may be left open: then all series that fit are explained together. Ratios, averages and quantiles are
/// those of the rep, else the team, else everybody.
pub fn explain(frame: &Frame<'_>, selector: &Selector) -> Result<Explanation, NotExplained> {
    let metric = find(&selector.name).ok_or_else(|| NotExplained::UnknownMetric(selector.name.clone()))?;
    let known = metric.labels();
    if let Some((label, _)) = selector.labels.iter().find(|(label, _)| !known.contains(&label.as_str())) {
        let labels = known.join(", ");
        return Err(NotExplained::UnknownLabel { metric: metric.name, label: label.clone(), labels });
    }
    let scope = scope(frame.view, metric, selector)?;
    let wanted = Wanted { selector, scope, window: window(frame, metric, selector)? };
    let view = frame.view;
    let parts = match &metric.shape {
        Shape::Sum(sum) | Shape::AccountSum(sum, _) => vec![wanted.sum(view, "records", sum, true)],
        Shape::Level(level) => vec![wanted.level(view, level)],
        Shape::Ratio(over, under) => {
            vec![wanted.sum(view, "numerator", over, true), wanted.sum(view, "denominator", under, true)]
        }
        Shape::Mean(sum) | Shape::Stats(sum, _) => vec![wanted.sum(view, "samples", sum, false)],
        Shape::Means(parts) => {
            let (_, sum) = part_of(metric, selector, parts)?;
            vec![wanted.sum(view, "samples", sum, false)]
        }
        Shape::TeamSum(..) | Shape::Latest(_) | Shape::PerDistinct(..) | Shape::Distinct(_) | Shape::Own(_) => {
            return Err(NotExplained::NoRecords(metric.name));
        }
    };
    let labels = wanted.labels(view, metric);
    let value = exposed(frame, metric, &labels);
    Ok(Explanation { metric, labels, value, bounds: wanted.window.map(|(_, span)| span), parts })
}

fn window(frame: &Frame<'_>, metric: &Metric, selector: &Selector) -> Result<Option<(Window, Span)>, NotExplained> {
    let sum = match &metric.shape {
        Shape::Sum(sum)
        | Shape::AccountSum(sum, _)
        | Shape::Ratio(sum, _)
        | Shape::Mean(sum)
        | Shape::Stats(sum, _) => sum,
        Shape::Means(parts) => part_of(metric, selector, parts)?.1,
        _ => return Ok(None),
    };
    let windows = windows_of(frame, metric.group, sum.history);
    let known = || windows.iter().map(|(window, _)| window.to_string()).collect::<Vec<_>>().join(", ");
    let Some(name) = selector.label("window") else {
        return Err(NotExplained::Ambiguous { metric: metric.name, label: "window", known: known() });
    };
    let found = windows.iter().find(|(window, _)| window.to_string() == name);
    found.map(Some).ok_or_else(|| NotExplained::UnknownValue {
        metric: metric.name,
        label: "window",
        value: name.to_owned(),
        known: known(),
    })
}

/// The mean that a selector means.
fn part_of<'p>(
    metric: &Metric,
    selector: &Selector,
    parts: &'p [(&'static str, &'static Sum)],
) -> Result<&'p (&'static str, &'static Sum), NotExplained> {
    let known = || parts.iter().map(|(stat, _)| *stat).collect::<Vec<_>>().join(", ");
    let Some(wanted) = selector.label("stat") else {
        return Err(NotExplained::Ambiguous { metric: metric.name, label: "stat", known: known() });
    };
    let unknown =
        || NotExplained::UnknownValue { metric: metric.name, label: "stat", value: wanted.to_owned(), known: known() };
    parts.iter().find(|(stat, _)| *stat == wanted).ok_or_else(unknown)
}

/// The population that a selector means: a rep's, a team's, or everybody's.
fn scope(view: &View<'_>, metric: &Metric, selector: &Selector) -> Result<Scope, NotExplained> {
    let people = &view.people;
    let given = |label| selector.label(label).filter(|value| !value.is_empty());
    let unknown = |label, value: &str, known: Vec<&str>| NotExplained::UnknownValue {
        metric: metric.name,
        label,
        value: value.to_owned(),
        known: known.join(", "),
    };
    let team = given("team").map(|name| {
        let place = people.teams.iter().position(|team| team.label == name);
        place.ok_or_else(|| unknown("team", name, people.teams.iter().map(|team| team.label.as_str()).collect()))
    });
    let team = team.transpose()?.map(|team| team as u32);
    let Some(name) = given("rep") else { return Ok(team.map_or(Scope::Org, Scope::Team)) };
    let fits = |slot: &Slot| team.is_none_or(|team| slot.team == team);
    let place = people.slots.iter().position(|slot| slot.rep == name && fits(slot));
    let known = || people.slots.iter().filter(|slot| fits(slot)).map(|slot| slot.rep.as_str()).collect();
    Ok(Scope::Rep(place.ok_or_else(|| unknown("rep", name, known()))? as u32))
}

impl Wanted<'_> {
    fn sum(&self, view: &View<'_>, name: &'static str, sum: &Sum, has_total: bool) -> Part {
        let mut records = Vec::new();
        let since = self.window.map_or(Timestamp::MAX, |(_, span)| span.start);
        (sum.each)(view, since, &mut |contribution| {
            let inside = self.window.is_some_and(|(_, span)| span.contains(contribution.at));
            if inside && self.fits(view, contribution.slot, sum.dims, contribution.dims) {
                records.push(RecordLine {
                    object: sum.object,
                    record: contribution.record,
                    at: Some(contribution.at),
                    amount: contribution.amount,
                });
            }
        });
        part(view, name, sum.unit, records, has_total)
    }

    fn level(&self, view: &View<'_>, level: &Level) -> Part {
        let mut records = Vec::new();
        (level.each)(view, &mut |standing| {
            let stands = standing.from <= view.now && view.now < standing.to;
            if stands && self.fits(view, standing.slot, level.dims, standing.dims) {
                let at = (standing.from > Timestamp::MIN).then_some(standing.from);
                let Standing { object, record, amount, .. } = standing;
                records.push(RecordLine { object, record, at, amount });
            }
        });
        part(view, "records", level.unit, records, true)
    }

    fn fits(&self, view: &View<'_>, slot: u32, dims: &[Dim], values: Dims) -> bool {
        // Hidden people have no population of their own, but share labels that sums name.
        let in_scope =
            self.scope == Scope::Rep(view.people.shown(slot)) || scopes_of(view, slot).any(|own| own == self.scope);
        let has = |(dim, value): (&Dim, u32)| {
            self.selector.label(dim.label()).is_none_or(|wanted| dim.shown(view, value) == wanted)
        };
        in_scope && dims.iter().zip(values).all(has)
    }

    /// The labels of the series, in order; those that the selector leaves open are left out.
    fn labels(&self, view: &View<'_>, metric: &Metric) -> Vec<(String, String)> {
        let people = &view.people;
        let team_label = |team: u32| people.teams[team as usize].label.as_str();
        let (scope, team, rep) = match self.scope {
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
        let value = |label| match label {
            "scope" => Some(scope),
            "team" => named(team),
            "rep" => named(rep),
            label => self.selector.label(label),
        };
        let labels = metric.labels().into_iter();
        labels.filter_map(|label| Some((label.to_owned(), value(label)?.to_owned()))).collect()
    }
}

fn part(view: &View<'_>, name: &'static str, unit: Unit, mut records: Vec<RecordLine>, has_total: bool) -> Part {
    records.sort_by_key(|line| (line.at, line.record));
    let total = records.iter().fold(0.0, |total, line| total + line.amount);
    records.iter_mut().for_each(|line| line.amount = unit.sample(view, line.amount));
    Part { name, records, total: has_total.then(|| unit.sample(view, total)) }
}

/// The figure as the exposition has it: of a sum, that of all samples that have these labels.
fn exposed(frame: &Frame<'_>, metric: &Metric, labels: &[(String, String)]) -> Option<f64> {
    let mut encoder = Encoder::default();
    metric.write(frame, &mut encoder);
    let text = String::from_utf8(encoder.finish()).ok()?;
    let written = |(label, value): &(String, String)| {
        let mut labels = Labels::default();
        labels.push(label, value);
        labels.as_str().to_owned()
    };
    let wanted: Vec<String> = labels.iter().map(written).collect();
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let fitting = samples.filter(|line| wanted.iter().all(|label| line.contains(label.as_str())));
    let values: Vec<f64> = fitting.filter_map(|line| line.rsplit(' ').next()?.parse().ok()).collect();
    let is_sum = matches!(metric.shape, Shape::Sum(_) | Shape::AccountSum(..) | Shape::Level(_));
    match values.as_slice() {
        [] => None,
        [value] => Some(*value),
        several => is_sum.then(|| several.iter().sum()),
    }
}
