//! What was actually reached: a measure over periods, for any population.

use super::periods::Periods;
use crate::facts::View;
use crate::measures::fold;
use crate::measures::stats::{Stat, ratio};
use crate::measures::{Contribution, Fold, Measure, Sum, Unit};

/// A measure over periods, by slot.
pub(super) struct Actuals {
    width: usize,
    data: Data,
    /// How many of its amounts make one of a sample.
    per_sample: f64,
}

enum Data {
    Sums(Vec<f64>),
    Distinct(Vec<Vec<u32>>),
    Ratios {
        over: Vec<f64>,
        under: Vec<f64>,
    },
    PerDistinct {
        over: Vec<f64>,
        under: Vec<Vec<u32>>,
    },
    Stat(Stat, Vec<Vec<f64>>),
    /// What stands now: the current period's only.
    Standing(Vec<f64>),
}

impl Actuals {
    pub(super) fn new(view: &View<'_>, measure: &Measure, periods: &Periods) -> Actuals {
        let sums = |sum| sums(view, measure, sum, periods);
        let records = |sum| lists(view, measure, sum, periods, |contribution| contribution.record);
        let data = match measure.fold {
            Fold::Sum(sum) => Data::Sums(sums(sum)),
            Fold::Distinct(sum) => Data::Distinct(records(sum)),
            Fold::Ratio(over, under) => Data::Ratios { over: sums(over), under: sums(under) },
            Fold::PerDistinct(over, under) => Data::PerDistinct { over: sums(over), under: records(under) },
            Fold::Stat(sum, stat) => {
                Data::Stat(stat, lists(view, measure, sum, periods, |contribution| contribution.amount))
            }
            Fold::Level(level) => {
                let mut standing = vec![0.0; view.people.slots.len()];
                let mut filter = measure.filter(view, level.dims);
                for ((slot, dims), values) in fold::standing(view, level).iter() {
                    if filter.takes(dims) {
                        standing[slot as usize] += values.map(|(_, amount)| amount).sum::<f64>();
                    }
                }
                Data::Standing(standing)
            }
        };
        let per_sample = measure.unit().unwrap_or(Unit::Count).per_sample(view);
        Actuals { width: periods.all().len(), data, per_sample }
    }

    /// The figure of a population in the period so many before the current one, in samples' units. None where it has none.
    pub(super) fn of(&self, slots: &[u32], back: usize) -> Option<f64> {
        let place = |slot: &u32| *slot as usize * self.width + back;
        let total = |sums: &[f64]| slots.iter().map(|slot| sums[place(slot)]).sum::<f64>();
        let distinct = |lists: &[Vec<u32>]| {
            let mut all: Vec<u32> = slots.iter().flat_map(|slot| lists[place(slot)].iter().copied()).collect();
            all.sort_unstable();
            all.dedup();
            all.len() as f64
        };
        match &self.data {
            _ if back >= self.width => None,
            Data::Sums(sums) => Some(total(sums) / self.per_sample),
            Data::Distinct(lists) => Some(distinct(lists)),
            Data::Ratios { over, under } => ratio(total(over), total(under)),
            Data::PerDistinct { over, under } => ratio(total(over), distinct(under)),
            Data::Stat(stat, lists) => {
                let mut all: Vec<f64> = slots.iter().flat_map(|slot| lists[place(slot)].iter().copied()).collect();
                all.sort_unstable_by(f64::total_cmp);
                stat.of(&all).map(|value| value / self.per_sample)
            }
            Data::Standing(standing) if back == 0 => {
                Some(slots.iter().map(|slot| standing[*slot as usize]).sum::<f64>() / self.per_sample)
            }
            Data::Standing(_) => None,
        }
    }
}

fn each(
    view: &View<'_>,
    measure: &Measure,
    sum: &'static Sum,
    periods: &Periods,
    mut take: impl FnMut(&Contribution, usize),
) {
    let (mut filter, width) = (measure.filter(view, sum.dims), periods.all().len());
    (sum.each)(view, periods.since(), &mut |contribution| {
        let back = periods.containing(contribution.at).filter(|_| filter.takes(contribution.dims));
        if let Some(back) = back {
            take(&contribution, contribution.slot as usize * width + back);
        }
    });
}

fn sums(view: &View<'_>, measure: &Measure, sum: &'static Sum, periods: &Periods) -> Vec<f64> {
    let mut sums = vec![0.0; view.people.slots.len() * periods.all().len()];
    each(view, measure, sum, periods, |contribution, place| sums[place] += contribution.amount);
    sums
}

fn lists<T: Clone>(
    view: &View<'_>,
    measure: &Measure,
    sum: &'static Sum,
    periods: &Periods,
    part: impl Fn(&Contribution) -> T,
) -> Vec<Vec<T>> {
    let mut lists = vec![Vec::new(); view.people.slots.len() * periods.all().len()];
    each(view, measure, sum, periods, |contribution, place| lists[place].push(part(contribution)));
    lists
}
