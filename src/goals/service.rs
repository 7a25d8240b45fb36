//! When a person owes work: from the first day to the last, less absences, and less while still learning.

use chrono::{Months, NaiveDate};

use crate::calendar::{Absences, Schedule};
use crate::domain::{Span, Timestamp, When};
use crate::facts::{Slot, View};

/// A person's time of service in the calendar of the team. Dates are those of the calendar's zone.
pub(super) struct Service<'a> {
    pub(super) schedule: &'a Schedule,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    absences: &'a Absences,
}

impl<'a> Service<'a> {
    /// None for whoever has left and nobody knows when.
    pub(super) fn new(view: &'a View<'_>, slot: &'a Slot) -> Option<Service<'a>> {
        let schedule = view.schedule(slot.team);
        let last = match slot.left {
            _ if slot.is_active => None,
            Some(When::On(date)) => Some(date),
            Some(When::At(at)) => Some(schedule.date(at)),
            None => return None,
        };
        Some(Service { schedule, first: slot.started_on, last, absences: &slot.absences })
    }

    /// Whether the person had begun before a span and has not left inside it.
    pub(super) fn covers(&self, span: Span) -> bool {
        self.within(span) == span
    }

    /// Whether the person had not begun by the end of a span.
    pub(super) fn begins_after(&self, span: Span) -> bool {
        self.first.is_some_and(|first| self.schedule.start_of(first) >= span.end)
    }

    /// Working time inside a span, in milliseconds.
    pub(super) fn present_millis(&self, span: Span) -> i64 {
        let span = self.within(span);
        if span.is_empty() { 0 } else { self.schedule.present_millis(span, self.absences) }
    }

    /// Working time inside a span, weighted with the ramp's share of each month since the first day, in milliseconds.
    pub(super) fn ramped_millis(&self, span: Span, ramp: &[f64]) -> f64 {
        let Some(first) = self.first.filter(|_| !ramp.is_empty()) else { return self.present_millis(span) as f64 };
        // The n-th month begins on the day of the start date, or on the last day of a shorter month.
        let month = |nth: usize| {
            let months = Months::new(u32::try_from(nth).unwrap_or(u32::MAX));
            self.schedule.start_of(first.checked_add_months(months).unwrap_or(NaiveDate::MAX))
        };
        let part = |from, to| self.present_millis(Span { start: span.start.max(from), end: span.end.min(to) }) as f64;
        let learning = ramp.iter().enumerate().map(|(nth, share)| share * part(month(nth), month(nth + 1)));
        learning.sum::<f64>() + part(month(ramp.len()), span.end)
    }

    /// First instant of a span at which so much working time has passed; its end where there is less.
    pub(super) fn instant_after(&self, span: Span, millis: i64) -> Timestamp {
        let is_away = |(first, last): &(NaiveDate, NaiveDate)| {
            self.schedule.start_of(*first) < span.end && *last >= self.schedule.date(span.start)
        };
        if self.covers(span) && !self.absences.ranges().iter().any(is_away) {
            return self.schedule.instant_within(span, millis);
        }
        let (mut low, mut high) = (span.start.0, span.end.0);
        while low < high {
            let middle = low + (high - low) / 2;
            let passed = self.present_millis(Span { end: Timestamp(middle), ..span });
            if passed >= millis { high = middle } else { low = middle + 1 }
        }
        Timestamp(low)
    }

    /// Working days from one date to another, both included.
    pub(super) fn days(&self, first: NaiveDate, last: NaiveDate) -> u32 {
        let first = self.first.map_or(first, |own| own.max(first));
        let last = self.last.map_or(last, |own| own.min(last));
        if first > last { 0 } else { self.schedule.present_days(first, last, self.absences) }
    }

    fn within(&self, span: Span) -> Span {
        let begins = self.first.map(|first| self.schedule.start_of(first));
        let ends = self.last.and_then(|last| last.succ_opt()).map(|next| self.schedule.start_of(next));
        Span {
            start: begins.map_or(span.start, |begins| begins.max(span.start)),
            end: ends.map_or(span.end, |ends| ends.min(span.end)),
        }
    }
}
