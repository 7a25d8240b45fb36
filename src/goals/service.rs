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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::calendar::{Calendar, Settings};

    const HOUR: i64 = 3_600_000;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn span(from: &str, to: &str) -> Span {
        let at = |text: &str| format!("{text}T00:00:00Z").parse().unwrap();
        Span { start: at(from), end: at(to) }
    }

    /// Runs a test with somebody's service in a week of 40 hours.
    fn with_service(first: Option<&str>, last: Option<&str>, away: &[(&str, &str)], test: impl FnOnce(&Service<'_>)) {
        let calendar = Calendar::new(&Settings::default(), Path::new(".")).unwrap();
        let absences = away.iter().map(|(from, to)| (day(from), day(to))).collect();
        test(&Service {
            schedule: calendar.default_schedule(),
            first: first.map(day),
            last: last.map(day),
            absences: &absences,
        });
    }

    const WEEK: (&str, &str) = ("2026-03-16", "2026-03-23");

    #[test]
    fn both_the_first_and_the_last_day_count() {
        let week = span(WEEK.0, WEEK.1);
        for (first, last, hours, covers) in [
            (None, None, 40, true),
            (Some("2026-03-16"), Some("2026-03-22"), 40, true),
            (Some("2026-03-17"), None, 32, false),
            (None, Some("2026-03-17"), 16, false),
            (Some("2026-03-18"), Some("2026-03-18"), 8, false),
            // Left before the start, as wrong data says.
            (Some("2026-03-18"), Some("2026-03-17"), 0, false),
            (Some("2026-03-23"), None, 0, false),
            (None, Some("2026-03-15"), 0, false),
        ] {
            with_service(first, last, &[], |service| {
                let found = (service.present_millis(week), service.covers(week));
                assert_eq!(found, (hours * HOUR, covers), "{first:?} {last:?}");
                assert_eq!(i64::from(service.days(day(WEEK.0), day("2026-03-22"))) * 8, hours, "{first:?} {last:?}");
            });
        }
    }

    #[test]
    fn ramped_time_is_weighted_by_month() {
        // The first month ends with Tuesday: 2 days at a quarter, 3 at a half; the second goes on.
        let week = span(WEEK.0, WEEK.1);
        with_service(Some("2026-02-18"), None, &[("2026-03-20", "2026-03-20")], |service| {
            assert_eq!(service.ramped_millis(week, &[0.25, 0.5]), (2.0 * 0.25 + 2.0 * 0.5) * 8.0 * HOUR as f64);
            assert_eq!(service.ramped_millis(week, &[0.25]), (2.0 * 0.25 + 2.0) * 8.0 * HOUR as f64);
            assert_eq!(service.ramped_millis(week, &[]), 32.0 * HOUR as f64);
        });
        // Whose start is unknown has learned.
        with_service(None, None, &[], |service| {
            assert_eq!(service.ramped_millis(week, &[0.0]), 40.0 * HOUR as f64);
        });
    }

    #[test]
    fn instants_are_those_at_which_ones_own_time_has_passed() {
        let week = span(WEEK.0, WEEK.1);
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // Away on Tuesday and Wednesday.
        with_service(None, None, &[("2026-03-17", "2026-03-18")], |service| {
            assert_eq!(service.instant_after(week, 0), week.start);
            assert_eq!(service.instant_after(week, 8 * HOUR), at("2026-03-16T17:00:00Z"));
            assert_eq!(service.instant_after(week, 9 * HOUR), at("2026-03-19T10:00:00Z"));
            assert_eq!(service.instant_after(week, 24 * HOUR), at("2026-03-20T17:00:00Z"));
            // Less than that is in it.
            assert_eq!(service.instant_after(week, 25 * HOUR), week.end);
        });
        with_service(None, None, &[("2026-03-14", "2026-03-15")], |service| {
            assert_eq!(service.instant_after(week, 9 * HOUR), at("2026-03-17T10:00:00Z"));
            assert_eq!(service.instant_after(week, 41 * HOUR), week.end);
        });
    }
}
