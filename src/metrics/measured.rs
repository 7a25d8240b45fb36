//! From a metric selector of the settings to the measure behind the metric.

use super::frame::unknown_metric;
use super::{Metric, Shape, find};
use crate::goals::Resolved;
use crate::measures::stats::Stat;
use crate::measures::{Dim, Fold, Measure};
use crate::setting::{Selector, instead};

/// Finds what a selector such as `crm_activities{kind="call"}` stands for. A text tells what is wrong with it.
pub fn resolve(text: &str) -> Result<Resolved, String> {
    let selector: Selector = text.parse().map_err(|error: crate::setting::SelectorError| error.to_string())?;
    let metric = find(&selector.name).ok_or_else(|| unknown_metric(&selector.name))?;
    let (fold, dims) = fold(metric, &selector)?;
    let mut only = Vec::new();
    for (label, value) in selector.labels.iter().filter(|(label, _)| label != "stat" || !has_stats(metric)) {
        match dims.iter().find(|dim| dim.label() == label) {
            Some(dim) => only.push((*dim, value.clone())),
            None => return Err(no_such_label(metric, dims, label)),
        }
    }
    Ok(Resolved { metric: metric.name, selector: selector.to_string(), measure: Measure { fold, only } })
}

fn has_stats(metric: &Metric) -> bool {
    matches!(metric.shape, Shape::Stats(..) | Shape::Means(_))
}

/// What a metric folds, and the labels by which its measure can be narrowed.
fn fold(metric: &Metric, selector: &Selector) -> Result<(Fold, &'static [Dim]), String> {
    Ok(match &metric.shape {
        Shape::Sum(sum) | Shape::TeamSum(sum, _) | Shape::AccountSum(sum, _) => (Fold::Sum(sum), sum.dims),
        Shape::Level(level) => (Fold::Level(level), level.dims),
        Shape::Distinct(sum) => (Fold::Distinct(sum), sum.dims),
        Shape::Ratio(over, under) => (Fold::Ratio(over, under), over.dims),
        Shape::PerDistinct(over, under) => (Fold::PerDistinct(over, under), over.dims),
        Shape::Mean(sum) => (Fold::Stat(sum, Stat::Mean), sum.dims),
        Shape::Stats(sum, stats) => {
            let names: Vec<String> = stats.iter().map(Stat::to_string).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            (Fold::Stat(sum, stats[statistic(metric, selector, &names)?]), sum.dims)
        }
        Shape::Means(parts) => {
            let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
            let (_, sum) = parts[statistic(metric, selector, &names)?];
            (Fold::Stat(sum, Stat::Mean), sum.dims)
        }
        Shape::Latest(_) | Shape::Own(_) => {
            return Err(format!(
                "{} cannot be measured over other periods than its own; take another metric",
                metric.name
            ));
        }
    })
}

/// Place of the statistic that a selector means.
fn statistic(metric: &Metric, selector: &Selector, names: &[&str]) -> Result<usize, String> {
    let name = metric.name;
    let Some(wanted) = selector.label("stat") else {
        return Err(format!("{name} needs a statistic: write {name}{{stat=\"{}\"}}", names[0]));
    };
    let place = names.iter().position(|known| *known == wanted);
    place.ok_or_else(|| format!("{name} has no stat=\"{wanted}\"; {}", instead(wanted, names)))
}

fn no_such_label(metric: &Metric, dims: &[Dim], label: &str) -> String {
    let name = metric.name;
    if ["scope", "team", "rep"].contains(&label) {
        return format!("take {label} out of the selector: whom it is for is said beside it");
    }
    if label == "window" {
        return "take window out of the selector: the period is said beside it".to_owned();
    }
    let known: Vec<&str> = dims.iter().map(|dim| dim.label()).collect();
    match known.is_empty() {
        true => format!("{name} cannot be narrowed by {label}: it has no such label"),
        false => format!("{name} has no label `{label}`; {}", instead(label, &known)),
    }
}
