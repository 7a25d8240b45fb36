//! The instants of a backfill, and the days that they are written by.

use crate::domain::{Span, Timestamp};

/// A day of Prometheus, whose blocks begin at even hours of UTC.
const DAY: i64 = 86_400_000;
const SECOND: i64 = 1_000;

/// Instants at equal distances: the first, and as many more as there are up to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instants {
    first: Timestamp,
    last: Timestamp,
    step_millis: i64,
}

/// Why there are no such instants.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InstantsError {
    /// The end lies before the beginning.
    #[error("the end, {to}, lies before the beginning, {from}")]
    Backwards {
        /// The beginning.
        from: Timestamp,
        /// The end.
        to: Timestamp,
    },
    /// The distance is too small.
    #[error("a step of less than a second is too small")]
    SmallStep,
}

impl Instants {
    /// From `from` on every `step_millis`, up to `to` at most.
    ///
    /// # Errors
    ///
    /// An end before the beginning, and a step of less than a second.
    pub fn new(from: Timestamp, to: Timestamp, step_millis: i64) -> Result<Instants, InstantsError> {
        match to.millis_since(from) {
            ..0 => Err(InstantsError::Backwards { from, to }),
            _ if step_millis < SECOND => Err(InstantsError::SmallStep),
            length => Ok(Instants { first: from, last: to.plus_millis(-(length % step_millis)), step_millis }),
        }
    }

    /// The first one.
    pub fn first(&self) -> Timestamp {
        self.first
    }

    /// The last one.
    pub fn last(&self) -> Timestamp {
        self.last
    }

    /// How many there are; at least one.
    pub fn count(&self) -> u64 {
        (self.last.millis_since(self.first) / self.step_millis) as u64 + 1
    }

    /// The days of UTC that have any, in order.
    pub fn days(&self) -> impl Iterator<Item = Span> + '_ {
        let days = self.first.0.div_euclid(DAY)..=self.last.0.div_euclid(DAY);
        let days = days.map(|day| Span { start: Timestamp(day * DAY), end: Timestamp((day + 1) * DAY) });
        days.filter(|day| self.within(*day).next().is_some())
    }

    /// Those inside a span.
    pub fn within(&self, span: Span) -> impl Iterator<Item = Timestamp> + use<> {
        let Instants { first, last, step_millis } = *self;
        let before = span.start.millis_since(first).max(0);
        let nth = before / step_millis + i64::from(before % step_millis > 0);
        let all = (nth..).map(move |nth| first.plus_millis(nth.saturating_mul(step_millis)));
        all.take_while(move |at| *at <= last && *at < span.end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn instants_come_by_days_of_utc() {
        let instants = Instants::new(at("2026-03-17T20:30:00Z"), at("2026-03-19T02:00:00Z"), 4 * 3_600_000).unwrap();
        let days: Vec<Vec<String>> =
            instants.days().map(|day| instants.within(day).map(|at| at.to_string()).collect()).collect();
        assert_eq!(
            days,
            [
                vec!["2026-03-17T20:30:00Z"],
                vec![
                    "2026-03-18T00:30:00Z",
                    "2026-03-18T04:30:00Z",
                    "2026-03-18T08:30:00Z",
                    "2026-03-18T12:30:00Z",
                    "2026-03-18T16:30:00Z",
                    "2026-03-18T20:30:00Z"
                ],
                vec!["2026-03-19T00:30:00Z"],
            ]
        );
        assert_eq!((instants.count(), instants.last()), (8, at("2026-03-19T00:30:00Z")));
    }

    #[test]
    fn days_without_an_instant_are_none() {
        let instants = Instants::new(at("2026-03-01T12:00:00Z"), at("2026-03-20T00:00:00Z"), 7 * DAY).unwrap();
        let days: Vec<String> = instants.days().map(|day| day.start.to_string()).collect();
        assert_eq!(days, ["2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z", "2026-03-15T00:00:00Z"]);
        let one = Instants::new(at("2026-03-01T12:00:00Z"), at("2026-03-01T12:00:00Z"), SECOND).unwrap();
        assert_eq!((one.count(), one.days().count()), (1, 1));
    }

    #[test]
    fn what_makes_no_instants_is_told() {
        let (early, late) = (at("2026-03-01T00:00:00Z"), at("2026-03-02T00:00:00Z"));
        assert_eq!(Instants::new(late, early, SECOND), Err(InstantsError::Backwards { from: late, to: early }));
        assert_eq!(Instants::new(early, late, SECOND - 1), Err(InstantsError::SmallStep));
    }

    proptest! {
        #[test]
        fn days_hold_every_instant_once(first in -3 * DAY..3 * DAY, length in 0..5 * DAY, step in SECOND * 600..2 * DAY) {
            let instants = Instants::new(Timestamp(first), Timestamp(first + length), step).unwrap();
            let by_day: Vec<Timestamp> = instants.days().flat_map(|day| instants.within(day)).collect();
            let plain: Vec<Timestamp> =
                (0..).map(|nth| Timestamp(first + nth * step)).take_while(|at| at.0 <= first + length).collect();
            prop_assert_eq!(instants.count() as usize, plain.len());
            prop_assert_eq!(instants.last(), plain[plain.len() - 1]);
            prop_assert_eq!(by_day, plain);
        }
    }
}
