//! A measure over spans of time, kept by slot, so that the figure of any population can be made of it: what goals, contests
//! and benchmarks ask.

use super::fold;
use super::stats::{Stat, ratio};
use super::{Contribution, Fold, Measure, Spans, Sum, Unit};
use crate::domain::Timestamp;
use crate::facts::View;

/// Spans of time by which a measure is divided, each at a place from 0 on.
pub trait Intervals {
    /// How many there are.
    fn count(&self) -> usize;

    /// First instant of any; without intervals, after every instant.
    fn since(&self) -> Timestamp;

    /// Places of those that contain `at`.
    fn containing(&self, at: Timestamp) -> impl Iterator<Item = usize>;
}

impl Intervals for Spans {
    fn count(&self) -> usize {
        self.len()
    }

    fn since(&self) -> Timestamp {
        Spans::since(self)
    }

    fn containing(&self, at: Timestamp) -> impl Iterator<Item = usize> {
        Spans::containing(self, at)
    }
}

/// A measure over intervals, by slot.
pub struct Tally {
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
    /// What stands now: of the first interval only.
    Standing(Vec<f64>),
}

impl Tally {
    /// What `measure` comes to in each interval. A level has no history: it is known as it stands now, which counts as the
    /// first interval's.
    pub fn new(view: &View<'_>, measure: &Measure, intervals: &impl Intervals) -> Tally {
        let sums = |sum| sums(view, measure, sum, intervals);
        let records = |sum| lists(view, measure, sum, intervals, |contribution| contribution.record);
        let data = match measure.fold {
            Fold::Sum(sum) => Data::Sums(sums(sum)),
            Fold::Distinct(sum) => Data::Distinct(records(sum)),
            Fold::Ratio(over, under) => Data::Ratios { over: sums(over), under: sums(under) },
            Fold::PerDistinct(over, under) => Data::PerDistinct { over: sums(over), under: records(under) },
            Fold::Stat(sum, stat) => {
                Data::Stat(stat, lists(view, measure, sum, intervals, |contribution| contribution.amount))
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
        Tally { width: intervals.count(), data, per_sample }
    }

    /// The figure of a population in the interval at a place, in samples' units. None where it has none: a ratio without a
    /// denominator, a statistic without samples, an interval that is not there.
    pub fn of(&self, slots: &[u32], interval: usize) -> Option<f64> {
        let place = |slot: &u32| *slot as usize * self.width + interval;
        let total = |sums: &[f64]| slots.iter().map(|slot| sums[place(slot)]).sum::<f64>();
        let distinct = |lists: &[Vec<u32>]| {
            let mut all: Vec<u32> = slots.iter().flat_map(|slot| lists[place(slot)].iter().copied()).collect();
            all.sort_unstable();
            all.dedup();
            all.len() as f64
        };
        match &self.data {
            _ if interval >= self.width => None,
            Data::Sums(sums) => Some(total(sums) / self.per_sample),
            Data::Distinct(lists) => Some(distinct(lists)),
            Data::Ratios { over, under } => ratio(total(over), total(under)),
            Data::PerDistinct { over, under } => ratio(total(over), distinct(under)),
            Data::Stat(stat, lists) => {
                let mut all: Vec<f64> = slots.iter().flat_map(|slot| lists[place(slot)].iter().copied()).collect();
                all.sort_unstable_by(f64::total_cmp);
                stat.of(&all).map(|value| value / self.per_sample)
            }
            Data::Standing(standing) if interval == 0 => {
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
    intervals: &impl Intervals,
    mut take: impl FnMut(&Contribution, usize),
) {
    let (mut filter, width) = (measure.filter(view, sum.dims), intervals.count());
    (sum.each)(view, intervals.since(), &mut |contribution| {
        let mut places = intervals.containing(contribution.at).peekable();
        if places.peek().is_some() && filter.takes(contribution.dims) {
            places.for_each(|place| take(&contribution, contribution.slot as usize * width + place));
        }
    });
}

fn sums(view: &View<'_>, measure: &Measure, sum: &'static Sum, intervals: &impl Intervals) -> Vec<f64> {
    let mut sums = vec![0.0; view.people.slots.len() * intervals.count()];
    each(view, measure, sum, intervals, |contribution, place| sums[place] += contribution.amount);
    sums
}

fn lists<T: Clone>(
    view: &View<'_>,
    measure: &Measure,
    sum: &'static Sum,
    intervals: &impl Intervals,
    part: impl Fn(&Contribution) -> T,
) -> Vec<Vec<T>> {
    let mut lists = vec![Vec::new(); view.people.slots.len() * intervals.count()];
    each(view, measure, sum, intervals, |contribution, place| lists[place].push(part(contribution)));
    lists
}
