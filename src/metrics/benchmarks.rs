//! Benchmarks and drivers: how figures of reps spread, and which rise together with results.

use std::collections::BTreeMap;

use super::explain::{Asked, Explain, Part};
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::benchmarks::{QUANTILES, RepFigures, correlation, spreads};
use crate::exposition::Encoder;
use crate::measures::stats::quantile;

/// What a benchmark needs is what its measure needs, which differs from one to the next.
const NOTHING: Needs = Needs { all: &[], any: &[], also: &[] };

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_benchmark",
        help: "Spread of a measure among the active reps of a role; at least 4 of them have a figure.",
        group: Group::Benchmarks,
        needs: NOTHING,
        shape: Shape::Own(Own {
            labels: &["measure", "role", "stat", "window"],
            write: benchmarks,
            explain: Explain::Parts(benchmark_parts),
        }),
        as_of: AsOf::Attributes,
        drop_order: 60,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_driver_correlation",
        help: "Spearman's rank correlation between a measure and an outcome over active reps; at least 8 have both figures.",
        group: Group::Benchmarks,
        needs: NOTHING,
        shape: Shape::Own(Own {
            labels: &["measure", "outcome", "window"],
            write: drivers,
            explain: Explain::Parts(driver_parts),
        }),
        as_of: AsOf::Attributes,
        drop_order: 60,
        nature: Nature::Descriptive,
    },
];

fn benchmarks(frame: &Frame<'_>, out: &mut Encoder) {
    for figures in frame.benchmarked() {
        for spread in spreads(figures) {
            let (measure, window) = (&figures.measured.selector, spread.window.to_string());
            for ((stat, _), value) in QUANTILES.iter().zip(spread.values) {
                let labels =
                    [("measure", measure.as_str()), ("role", spread.role), ("stat", stat), ("window", &window)];
                out.sample(&labels, value);
            }
        }
    }
}

fn benchmark_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let figures = frame.benchmarked().iter().find(|figures| asked.label("measure") == Some(&figures.measured.selector));
    let share = QUANTILES.iter().find(|(stat, _)| asked.label("stat") == Some(stat));
    let (Some(figures), Some((stat, share)), Some((window, _))) = (figures, share, asked.window) else {
        return Vec::new();
    };
    let of_role = figures.by_rep(window).filter(|(_, role, _)| asked.label("role") == Some(role));
    let mut of_role: Vec<(u32, f64)> = of_role.map(|(slot, _, figure)| (slot, figure)).collect();
    of_role.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let ascending: Vec<f64> = of_role.iter().map(|(_, figure)| *figure).collect();
    let part = Part::figure(format!("{stat} of {} reps", ascending.len()), quantile(&ascending, *share));
    let name = |slot: u32| frame.view.people.slots[slot as usize].rep.as_str();
    vec![of_role.into_iter().fold(part, |part, (slot, figure)| part.step(name(slot), figure.to_string()))]
}

fn driver_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let named = |figures: &&RepFigures<'_>, label| asked.label(label) == Some(&figures.measured.selector);
    let measure = frame.benchmarked().iter().find(|figures| named(figures, "measure"));
    let outcomes = frame.rep_figures(&frame.options.benchmarks.outcomes);
    let outcome = outcomes.iter().find(|figures| named(figures, "outcome"));
    let (Some(measure), Some(outcome), Some((window, _))) = (measure, outcome, asked.window) else { return Vec::new() };
    let results: BTreeMap<u32, f64> = outcome.by_rep(window).map(|(slot, _, figure)| (slot, figure)).collect();
    let part = Part::figure("correlation of the ranks", correlation(measure, outcome, window));
    let pairs = measure.by_rep(window).filter_map(|(slot, _, figure)| Some((slot, figure, results.get(&slot)?)));
    vec![pairs.fold(part, |part, (slot, figure, result)| {
        part.step(&frame.view.people.slots[slot as usize].rep, format!("{figure} and {result}"))
    })]
}

fn drivers(frame: &Frame<'_>, out: &mut Encoder) {
    if frame.benchmarked().is_empty() {
        return;
    }
    let outcomes: Vec<_> = frame.rep_figures(&frame.options.benchmarks.outcomes);
    for measure in frame.benchmarked() {
        for outcome in &outcomes {
            for window in measure.windows() {
                let Some(value) = correlation(measure, outcome, window) else { continue };
                let (measure, outcome) = (&measure.measured.selector, &outcome.measured.selector);
                out.sample(&[("measure", measure), ("outcome", outcome), ("window", &window.to_string())], value);
            }
        }
    }
}
