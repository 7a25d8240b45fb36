//! Benchmarks and drivers: how figures of reps spread, and which rise together with results.

use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::benchmarks::{QUANTILES, correlation, spreads};
use crate::exposition::Encoder;

/// What a benchmark needs is what its measure needs, which differs from one to the next.
const NOTHING: Needs = Needs { all: &[], any: &[], also: &[] };

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_benchmark",
        help: "Spread of a measure among the active reps of a role; at least 4 of them have a figure.",
        group: Group::Benchmarks,
        needs: NOTHING,
        shape: Shape::Own(Own { labels: &["measure", "role", "stat", "window"], write: benchmarks }),
        as_of: AsOf::Attributes,
        drop_order: 60,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_driver_correlation",
        help: "Spearman's rank correlation between a measure and an outcome over active reps; at least 8 have both figures.",
        group: Group::Benchmarks,
        needs: NOTHING,
        shape: Shape::Own(Own { labels: &["measure", "outcome", "window"], write: drivers }),
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
