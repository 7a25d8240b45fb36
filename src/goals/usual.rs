//! What is usual on a floor: what a first target can be taken from. Nothing here looks at targets.

use super::goal::Resolved;
use super::periods::Periods;
use crate::calendar::Period;
use crate::facts::View;
use crate::measures::Tally;
use crate::measures::stats::quantile;

/// Below so many periods nobody can say what is usual for somebody.
const FEWEST_PERIODS: usize = 2;

/// Fewer reps are no floor, unless there are no more.
const FEWEST_REPS: usize = 3;

/// What active reps usually reach in a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// Median of the reps' own medians, in the unit of the metric.
    pub median: f64,
    /// A quarter of the reps' own medians are at most this.
    pub lower_quartile: f64,
    /// Three quarters of the reps' own medians are at most this.
    pub upper_quartile: f64,
    /// How many reps it is made of.
    pub reps: usize,
    /// Over how many finished periods, at most.
    pub periods: usize,
}

/// What active reps reached in the last `most` finished periods that are held: the median over reps of each one's median.
///
/// A rep's periods begin with the first one with something in it, so that those who came later do not pull the figure
/// down; from then on idle ones count. None where fewer than three reps have
/// two such periods (all of them, on a smaller floor), and for what stands at an instant.
pub(crate) fn usual(view: &View<'_>, measured: &Resolved, period: Period, most: usize) -> Option<Usual> {
    let periods = Periods::new(view, period, &measured.measure);
    let finished = periods.all().len().saturating_sub(1).min(most);
    let actuals = Tally::new(view, &measured.measure, &periods);
    let own_median = |slot: u32| {
        let figures = (1..=finished).rev().map(|back| actuals.of(&[slot], back));
        let mut figures: Vec<f64> = figures.flatten().skip_while(|figure| *figure == 0.0).collect();
        figures.sort_unstable_by(f64::total_cmp);
        if figures.len() < FEWEST_PERIODS { None } else { quantile(&figures, 0.5) }
    };
    let slots = view.people.slots.iter().enumerate();
    let reps: Vec<u32> = slots.filter(|(_, slot)| slot.has_zeros()).map(|(slot, _)| slot as u32).collect();
    let mut medians: Vec<f64> = reps.iter().filter_map(|rep| own_median(*rep)).collect();
    if medians.len() < FEWEST_REPS.min(reps.len()) {
        return None;
    }
    medians.sort_unstable_by(f64::total_cmp);
    Some(Usual {
        median: quantile(&medians, 0.5)?,
        lower_quartile: quantile(&medians, 0.25)?,
        upper_quartile: quantile(&medians, 0.75)?,
        reps: medians.len(),
        periods: finished,
    })
}
