//! The periods of a goal: the current one and those before it, or those of a stretch of time, as far as records are held.

use crate::calendar::Period;
use crate::domain::{Span, Timestamp};
use crate::facts::View;
use crate::measures::{Fold, Intervals, Measure};

/// Streaks look back over at most 52 periods, passing over those without working time, and those in which somebody was
/// away. Of days two in seven or more are passed over.
fn earlier(period: Period) -> usize {
    if period == Period::Day { 120 } else { 60 }
}

/// The current period, the one before it, and so on; all whole.
#[derive(Debug, Clone)]
pub(super) struct Periods {
    spans: Vec<Span>,
}

impl Periods {
    /// The periods at the view's instant that begin where the records that a measure looks at are held already.
    ///
    /// Before the first record that it is made of nobody could reach or miss anything: periods that ended before it are left
    /// out, but for the current and the previous one. Empty if even the current period is not held.
    pub(super) fn new(view: &View<'_>, period: Period, measure: &Measure) -> Periods {
        let held_since = view.held_since(measure.history());
        let first = view.first(measure.object()).unwrap_or(Timestamp::MAX);
        let mut spans = vec![view.calendar().period(period, view.now)];
        while spans.len() <= earlier(period) {
            let before = view.calendar().previous(period, spans[spans.len() - 1].start);
            if spans.len() > 1 && before.end <= first {
                break;
            }
            spans.push(before);
        }
        spans.retain(|span| held_since.is_none_or(|since| span.start >= since));
        Periods { spans }
    }

    /// The whole periods inside a stretch of time in which records are held and the first one that the measure is made of was
    /// there already. None for levels, of which only the present is known.
    pub(super) fn within(view: &View<'_>, period: Period, measure: &Measure, inside: Span) -> Periods {
        let held_since = view.held_since(measure.history()).unwrap_or(Timestamp::MIN);
        let first = view.first(measure.object()).unwrap_or(Timestamp::MAX);
        let mut spans = Vec::new();
        let mut span = view.calendar().previous(period, inside.end);
        let is_level = matches!(measure.fold, Fold::Level(_));
        while !is_level && span.start >= inside.start.max(held_since) && span.end > first {
            spans.push(span);
            span = view.calendar().previous(period, span.start);
        }
        Periods { spans }
    }

    /// One span as if it were a period.
    pub(super) fn only(span: Span) -> Periods {
        Periods { spans: vec![span] }
    }

    /// All of them, the latest first.
    pub(super) fn all(&self) -> &[Span] {
        &self.spans
    }

    /// The period so many before the current one.
    pub(super) fn get(&self, back: usize) -> Option<Span> {
        self.spans.get(back).copied()
    }
}

/// The place of a period is how many it lies before the current one.
impl Intervals for Periods {
    fn count(&self) -> usize {
        self.spans.len()
    }

    fn since(&self) -> Timestamp {
        self.spans.last().map_or(Timestamp::MAX, |span| span.start)
    }

    fn containing(&self, at: Timestamp) -> impl Iterator<Item = usize> {
        let place = self.spans.partition_point(|span| span.start > at);
        self.spans.get(place).filter(|span| span.contains(at)).map(|_| place).into_iter()
    }
}
