//! How a figure that adds up grew: its contributions in the order of time, by slot.

use std::collections::HashSet;

use crate::domain::{Span, Timestamp};
use crate::facts::View;
use crate::measures::{Contribution, Fold, Measure, Unit};

/// The contributions to a measure since an instant.
pub(super) struct Timeline {
    /// By slot, oldest first.
    entries: Vec<Vec<Entry>>,
    is_distinct: bool,
    /// How many of its amounts make one of a sample.
    per_sample: f64,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    at: Timestamp,
    record: u32,
    amount: f64,
}

impl Timeline {
    /// Those from `since` up to the view's instant that `keep` wants, by slot and instant. None for a measure that does not
    /// add up.
    pub(super) fn new(
        view: &View<'_>,
        measure: &Measure,
        since: Timestamp,
        keep: impl Fn(u32, Timestamp) -> bool,
    ) -> Option<Timeline> {
        let (sum, is_distinct) = match measure.fold {
            Fold::Sum(sum) => (sum, false),
            Fold::Distinct(sum) => (sum, true),
            Fold::Level(_) | Fold::Ratio(..) | Fold::PerDistinct(..) | Fold::Stat(..) => return None,
        };
        let mut entries = vec![Vec::new(); view.people.slots.len()];
        let mut filter = measure.filter(view, sum.dims);
        (sum.each)(view, since, &mut |contribution| {
            let Contribution { at, slot, .. } = contribution;
            if at >= since && keep(slot, at) && filter.takes(contribution.dims) {
                let entry = Entry { at, record: contribution.record, amount: contribution.amount };
                entries[slot as usize].push(entry);
            }
        });
        entries.iter_mut().for_each(|entries| entries.sort_by_key(|entry| (entry.at, entry.record)));
        let unit = if is_distinct { Unit::Count } else { sum.unit };
        Some(Timeline { entries, is_distinct, per_sample: unit.per_sample(view) })
    }

    /// The figure of a population over a span.
    pub(super) fn total(&self, slots: &[u32], span: Span) -> f64 {
        let inside = slots.iter().flat_map(|slot| self.within(*slot, span));
        match self.is_distinct {
            true => inside.map(|entry| entry.record).collect::<HashSet<_>>().len() as f64,
            false => inside.map(|entry| entry.amount).sum::<f64>() / self.per_sample,
        }
    }

    /// When the running total of a population over a span first reached `target`: not before the start of the span.
    pub(super) fn reached(&self, slots: &[u32], span: Span, target: f64) -> Option<Timestamp> {
        let mut total = 0.0;
        if total >= target {
            return Some(span.start);
        }
        let mut entries: Vec<&Entry> = slots.iter().flat_map(|slot| self.within(*slot, span)).collect();
        entries.sort_by_key(|entry| entry.at);
        let mut seen = HashSet::new();
        // What happens at one instant happens at once.
        for moment in entries.chunk_by(|one, next| one.at == next.at) {
            for entry in moment {
                total += match self.is_distinct {
                    true => f64::from(u8::from(seen.insert(entry.record))),
                    false => entry.amount,
                };
            }
            let reached = if self.is_distinct { total } else { total / self.per_sample };
            if reached >= target {
                return Some(moment[0].at);
            }
        }
        None
    }

    /// The contributions of a slot inside a span.
    fn within(&self, slot: u32, span: Span) -> &[Entry] {
        let entries = &self.entries[slot as usize];
        let first = entries.partition_point(|entry| entry.at < span.start);
        let behind = entries.partition_point(|entry| entry.at < span.end);
        &entries[first..behind.max(first)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(at: i64, record: u32, amount: f64) -> Entry {
        Entry { at: Timestamp(at), record, amount }
    }

    const SPAN: Span = Span { start: Timestamp(10), end: Timestamp(20) };

    #[test]
    fn a_total_is_of_the_population_and_the_span() {
        let entries = vec![
            vec![entry(9, 1, 1.0), entry(10, 2, 2.0), entry(19, 3, 4.0), entry(20, 4, 8.0)],
            vec![entry(12, 5, 16.0)],
        ];
        let timeline = Timeline { entries, is_distinct: false, per_sample: 2.0 };
        assert_eq!(timeline.total(&[0], SPAN), 3.0);
        assert_eq!(timeline.total(&[0, 1], SPAN), 11.0);
        assert_eq!(timeline.total(&[], SPAN), 0.0);
        let nothing = Span { end: Timestamp(5), ..SPAN };
        assert_eq!(timeline.total(&[0, 1], nothing), 0.0);
    }

    #[test]
    fn a_running_total_may_fall_again() {
        // A credit takes back what had been reached; it was reached all the same.
        let entries = vec![vec![entry(11, 1, 3.0), entry(12, 2, -2.0), entry(13, 3, 2.0)]];
        let timeline = Timeline { entries, is_distinct: false, per_sample: 1.0 };
        let reached = |target| timeline.reached(&[0], SPAN, target).map(|at| at.0);
        assert_eq!([0.0, 3.0, 3.5].map(reached), [Some(10), Some(11), None]);
    }

    #[test]
    fn what_happens_at_one_instant_is_reached_together() {
        let entries = vec![vec![entry(11, 1, 3.0)], vec![entry(11, 2, -2.0), entry(12, 3, 2.0)]];
        let timeline = Timeline { entries, is_distinct: false, per_sample: 1.0 };
        // The whole is at 1 and then at 3; never between.
        assert_eq!(timeline.reached(&[0, 1], SPAN, 3.0), Some(Timestamp(12)));
        assert_eq!(timeline.reached(&[0], SPAN, 3.0), Some(Timestamp(11)));
    }

    #[test]
    fn a_distinct_count_takes_a_record_once() {
        let entries = vec![
            vec![entry(8, 3, 1.0), entry(11, 1, 1.0), entry(12, 1, 1.0)],
            vec![entry(13, 1, 1.0), entry(14, 2, 1.0)],
        ];
        let timeline = Timeline { entries, is_distinct: true, per_sample: 1.0 };
        assert_eq!(timeline.total(&[0, 1], SPAN), 2.0);
        assert_eq!(timeline.reached(&[0, 1], SPAN, 2.0), Some(Timestamp(14)));
        assert_eq!(timeline.reached(&[0], SPAN, 2.0), None);
    }
}
