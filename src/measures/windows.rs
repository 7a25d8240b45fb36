//! Which of several windows an instant lies in.

use std::ops::Deref;

use crate::calendar::{Calendar, Window};
use crate::domain::{Span, Timestamp};

/// Spans of time, of which any may overlap. At most 64.
#[derive(Debug, Clone)]
pub struct Spans {
    spans: Vec<Span>,
    /// Instants at which a span begins or ends, with a bit for every span that contains the time from there on.
    edges: Vec<(Timestamp, u64)>,
}

impl Spans {
    /// At most so many spans can be told apart.
    pub const MAX: usize = 64;

    /// The spans; those behind the first 64 are left out.
    pub fn new(mut spans: Vec<Span>) -> Spans {
        spans.truncate(Spans::MAX);
        let mut instants: Vec<Timestamp> = spans.iter().flat_map(|span| [span.start, span.end]).collect();
        instants.sort_unstable();
        instants.dedup();
        let mask = |at: Timestamp| {
            let inside = spans.iter().enumerate().filter(|(_, span)| span.contains(at));
            inside.fold(0, |mask, (bit, _)| mask | 1 << bit)
        };
        let edges = instants.iter().map(|at| (*at, mask(*at))).collect();
        Spans { spans, edges }
    }

    /// Number of spans.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The span at a place.
    pub fn get(&self, index: usize) -> Option<Span> {
        self.spans.get(index).copied()
    }

    /// First instant of any span; without spans, after every instant.
    pub fn since(&self) -> Timestamp {
        self.edges.first().map_or(Timestamp::MAX, |(at, _)| *at)
    }

    /// Indices of the spans that contain `at`.
    pub fn containing(&self, at: Timestamp) -> impl Iterator<Item = usize> + use<> {
        let after = self.edges.partition_point(|(edge, _)| *edge <= at);
        let mut mask = if after == 0 { 0 } else { self.edges[after - 1].1 };
        std::iter::from_fn(move || {
            let bit = mask.trailing_zeros() as usize;
            mask &= mask.wrapping_sub(1);
            (bit < 64).then_some(bit)
        })
    }
}

/// Windows for one instant, in the order of the settings, and the spans that they cover.
#[derive(Debug, Clone)]
pub struct Windows {
    names: Vec<Window>,
    spans: Spans,
}

impl Windows {
    /// The spans of `windows` at `now`; those that reach back before `since` are left out.
    pub fn new(calendar: &Calendar, windows: &[Window], now: Timestamp, since: Option<Timestamp>) -> Windows {
        let spans = windows.iter().map(|window| (*window, calendar.span(*window, now)));
        let held = spans.filter(|(_, span)| since.is_none_or(|since| span.start >= since));
        let (names, spans) = held.take(Spans::MAX).unzip();
        Windows { names, spans: Spans::new(spans) }
    }

    /// The windows with their spans.
    pub fn iter(&self) -> impl Iterator<Item = (Window, Span)> + '_ {
        self.names.iter().copied().zip(self.spans.spans.iter().copied())
    }
}

impl Deref for Windows {
    type Target = Spans;

    fn deref(&self) -> &Spans {
        &self.spans
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn an_instant_lies_in_the_windows_whose_spans_contain_it() {
        let calendar = Calendar::new(&Default::default(), Path::new(".")).unwrap();
        let now: Timestamp = "2026-03-18T10:00:00Z".parse().unwrap();
        let names = ["day", "week", "month", "previous_week", "previous_month_to_date", "28d"];
        let list: Vec<Window> = names.iter().map(|name| name.parse().unwrap()).collect();
        let windows = Windows::new(&calendar, &list, now, None);
        let spans: Vec<_> = windows.iter().collect();
        // Every edge, and the instants beside it.
        let edges = spans.iter().flat_map(|(_, span)| [span.start, span.end]);
        for at in edges.flat_map(|edge| [-1, 0, 1].map(|millis| edge.plus_millis(millis))) {
            let slow: Vec<usize> = (0..spans.len()).filter(|index| spans[*index].1.contains(at)).collect();
            assert_eq!(windows.containing(at).collect::<Vec<_>>(), slow, "{at}");
        }
        assert_eq!(windows.containing(now).collect::<Vec<_>>(), [0, 1, 2, 5]);
        assert_eq!(windows.since(), spans.iter().map(|(_, span)| span.start).min().unwrap());
    }

    #[test]
    fn windows_that_reach_back_too_far_are_left_out() {
        let calendar = Calendar::new(&Default::default(), Path::new(".")).unwrap();
        let now: Timestamp = "2026-03-18T10:00:00Z".parse().unwrap();
        let list = ["day".parse().unwrap(), "month".parse().unwrap()];
        let windows = Windows::new(&calendar, &list, now, Some("2026-03-02T00:00:00Z".parse().unwrap()));
        assert_eq!(windows.iter().map(|(window, _)| window.to_string()).collect::<Vec<_>>(), ["day"]);
    }
}
