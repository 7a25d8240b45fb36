//! The periods of a goal: the current one, and those before it as far as records are held.

use crate::calendar::Period;
use crate::domain::{Object, Span, Timestamp};
use crate::facts::View;
use crate::measures::Spans;

/// Streaks look back over at most 52 periods, passing over those without working time.
const EARLIER: usize = 60;

/// The current period, the one before it, and so on; all whole.
#[derive(Debug, Clone)]
pub(super) struct Periods {
    spans: Vec<Span>,
}

impl Periods {
    /// The periods at the view's instant that begin where records of that kind are held already.
    ///
    /// Before the first record of the kind nobody could reach or miss anything: periods that ended before it are left
    /// out, but for the current and the previous one. Empty if even the current period is not held.
    pub(super) fn new(view: &View<'_>, period: Period, object: Object) -> Periods {
        let held_since = if object == Object::Activity { view.coverage.activities_since } else { None };
        let first = view.first(object).unwrap_or(Timestamp::MAX);
        let mut spans = vec![view.calendar().period(period, view.now)];
        while spans.len() <= EARLIER {
            let earlier = view.calendar().previous(period, spans[spans.len() - 1].start);
            if spans.len() > 1 && earlier.end <= first {
                break;
            }
            spans.push(earlier);
        }
        spans.retain(|span| held_since.is_none_or(|since| span.start >= since));
        Periods { spans }
    }

    /// All of them, the current one first.
    pub(super) fn all(&self) -> &[Span] {
        &self.spans
    }

    /// For folds.
    pub(super) fn spans(&self) -> Spans {
        Spans::new(self.spans.clone())
    }

    /// The period so many before the current one.
    pub(super) fn get(&self, back: usize) -> Option<Span> {
        self.spans.get(back).copied()
    }
}
