//! From a selector to the one figure that it means.

use super::explain::{NotExplained, fits};
use crate::calendar::Window;
use crate::domain::Span;
use crate::facts::{Slot, View};
use crate::measures::fold::Scope;
use crate::metrics::{Frame, Metric, Shape, windows_of};
use crate::setting::Selector;

/// A figure that is determined.
pub(super) struct Question {
    /// The labels that are given or follow from those given.
    pub(super) selector: Selector,
    /// The population.
    pub(super) scope: Scope,
    /// The window, if there is one.
    pub(super) window: Option<(Window, Span)>,
}

impl Question {
    /// What `selector` means among the `samples` of the metric's family.
    pub(super) fn new(
        frame: &Frame<'_>,
        metric: &'static Metric,
        selector: &Selector,
        samples: &[(Selector, f64)],
    ) -> Result<Question, NotExplained> {
        let known = metric.labels();
        // Some labels are shown by some settings only.
        let is_shown = |label: &str| samples.first().is_some_and(|(series, _)| series.label(label).is_some());
        let stranger = selector.labels.iter().find(|(label, _)| !known.contains(&label.as_str()) && !is_shown(label));
        if let Some((label, _)) = stranger {
            let labels = known.join(", ");
            return Err(NotExplained::UnknownLabel { metric: metric.name, label: label.clone(), labels });
        }
        let mut selector = selector.clone();
        let scope = scope(frame.view, metric, &selector)?;
        if known.contains(&"scope") {
            let people = &frame.view.people;
            let (name, team, rep) = match scope {
                Scope::Org => ("org", "", ""),
                Scope::Team(team) => ("team", people.teams[team as usize].label.as_str(), ""),
                Scope::Rep(slot) => {
                    let slot = &people.slots[slot as usize];
                    ("rep", people.teams[slot.team as usize].label.as_str(), slot.rep.as_str())
                }
            };
            for (label, value) in [("scope", name), ("team", team), ("rep", rep)] {
                if known.contains(&label) {
                    set(&mut selector, label, value);
                }
            }
        }
        if matches!(metric.shape, Shape::Own(_) | Shape::Latest(_)) {
            selector = completed(frame, metric, &selector, samples)?;
        }
        if let Shape::Stats(_, stats) = &metric.shape {
            let names = || stats.iter().map(|stat| stat.to_string()).collect::<Vec<_>>();
            given(metric, &selector, "stat", names)?;
        }
        if let Shape::Means(means) = &metric.shape {
            let names = || means.iter().map(|(stat, _)| (*stat).to_owned()).collect::<Vec<_>>();
            given(metric, &selector, "stat", names)?;
        }
        let window = window(frame, metric, &selector)?;
        // Labels that follow may say whose it is.
        let scope = self::scope(frame.view, metric, &selector)?;
        Ok(Question { selector, scope, window })
    }
}

fn set(selector: &mut Selector, label: &str, value: &str) {
    match selector.labels.iter_mut().find(|(known, _)| known == label) {
        Some((_, known)) => *known = value.to_owned(),
        None => selector.labels.push((label.to_owned(), value.to_owned())),
    }
}

/// The labels of the only series that fits; of a series that is not there, those that are given, if these are all.
fn completed(
    frame: &Frame<'_>,
    metric: &'static Metric,
    selector: &Selector,
    samples: &[(Selector, f64)],
) -> Result<Selector, NotExplained> {
    let fitting: Vec<&Selector> = samples.iter().map(|(series, _)| series).filter(|own| fits(own, selector)).collect();
    let values = |label: &str| {
        let mut values: Vec<&str> = fitting.iter().filter_map(|series| series.label(label)).collect();
        values.sort_unstable();
        values.dedup();
        values.join(", ")
    };
    match fitting.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let is_given = |label: &&str| selector.label(label).is_some();
            match metric.labels().iter().all(is_given) {
                true => Ok(selector.clone()),
                false => {
                    let why = metric.unknown(frame);
                    let why = why.unwrap_or_else(|| "no series of the metric has these labels".to_owned());
                    Err(NotExplained::NoSeries { series: selector.to_string(), why })
                }
            }
        }
        [first, ..] => {
            let differs = |label: &&&str| fitting.iter().any(|other| other.label(label) != first.label(label));
            let labels = metric.labels();
            let label = labels.iter().find(differs).copied().unwrap_or("team");
            Err(NotExplained::Ambiguous { metric: metric.name, label, known: values(label) })
        }
    }
}

/// The value that a label must be given, which must be one of `known`.
fn given<'s>(
    metric: &'static Metric,
    selector: &'s Selector,
    label: &'static str,
    known: impl Fn() -> Vec<String>,
) -> Result<&'s str, NotExplained> {
    let name = metric.name;
    let Some(value) = selector.label(label) else {
        return Err(NotExplained::Ambiguous { metric: name, label, known: known().join(", ") });
    };
    let names = known();
    match names.iter().any(|known| known == value) {
        true => Ok(value),
        false => {
            let (value, known) = (value.to_owned(), names.join(", "));
            Err(NotExplained::UnknownValue { metric: name, label, value, known })
        }
    }
}

fn window(
    frame: &Frame<'_>,
    metric: &'static Metric,
    selector: &Selector,
) -> Result<Option<(Window, Span)>, NotExplained> {
    let (Shape::Sum(sum)
    | Shape::TeamSum(sum, _)
    | Shape::AccountSum(sum, _)
    | Shape::Means([(_, sum), ..])
    | Shape::Distinct(sum)
    | Shape::Ratio(sum, _)
    | Shape::PerDistinct(sum, _)
    | Shape::Mean(sum)
    | Shape::Stats(sum, _)) = &metric.shape
    else {
        let named = selector.label("window").and_then(|name| name.parse::<Window>().ok());
        return Ok(named.map(|window| (window, frame.view.calendar().span(window, frame.view.now))));
    };
    let windows = windows_of(frame, metric.group, sum.history);
    let names = || windows.iter().map(|(window, _)| window.to_string()).collect::<Vec<_>>();
    let name = given(metric, selector, "window", names)?;
    Ok(windows.iter().find(|(window, _)| window.to_string() == name))
}

/// The population that a selector means: a rep's, a team's, or everybody's.
fn scope(view: &View<'_>, metric: &'static Metric, selector: &Selector) -> Result<Scope, NotExplained> {
    let people = &view.people;
    let given = |label| selector.label(label).filter(|value| !value.is_empty());
    let unknown = |label, value: &str, known: Vec<&str>| NotExplained::UnknownValue {
        metric: metric.name,
        label,
        value: value.to_owned(),
        known: known.join(", "),
    };
    let teams = || people.teams.iter().map(|team| team.label.as_str()).collect::<Vec<_>>();
    let team = given("team").map(|name| {
        let place = people.teams.iter().position(|team| team.label == name);
        place.ok_or_else(|| unknown("team", name, teams()))
    });
    let team = team.transpose()?.map(|team| team as u32);
    let fits = |slot: &Slot| team.is_none_or(|team| slot.team == team);
    let known = || people.slots.iter().filter(|slot| fits(slot)).map(|slot| slot.rep.as_str()).collect::<Vec<_>>();
    let missing =
        |label, known: Vec<&str>| NotExplained::Ambiguous { metric: metric.name, label, known: known.join(", ") };
    let Some(name) = given("rep") else {
        return match (selector.label("scope"), team) {
            (Some("rep"), _) => Err(missing("rep", known())),
            (Some("team"), None) => Err(missing("team", teams())),
            (_, team) => Ok(team.map_or(Scope::Org, Scope::Team)),
        };
    };
    let place = people.slots.iter().position(|slot| slot.rep == name && fits(slot));
    Ok(Scope::Rep(place.ok_or_else(|| unknown("rep", name, known()))? as u32))
}
