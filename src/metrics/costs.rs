//! Costs per calendar month, accruing evenly over the month's time.

use chrono::{Datelike as _, Months, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::calendar::Calendar;
use crate::domain::Span;

/// The cost inside `span` at monthly costs that each hold from a date on, oldest first. Months are those of the business
/// zone; time before the first step costs nothing.
pub(super) fn accrued(calendar: &Calendar, steps: &[(NaiveDate, Decimal)], span: Span) -> f64 {
    let mut total = 0.0;
    let Some(mut month) = calendar.date(span.start).with_day(1) else { return total };
    while calendar.start_of(month) < span.end {
        let Some(next) = month.checked_add_months(Months::new(1)) else { break };
        let whole = Span { start: calendar.start_of(month), end: calendar.start_of(next) };
        for (index, (from, monthly)) in steps.iter().enumerate() {
            let until = steps.get(index + 1).map_or(whole.end, |(next, _)| calendar.start_of(*next));
            let start = whole.start.max(span.start).max(calendar.start_of(*from));
            let end = whole.end.min(span.end).min(until);
            let (passed, all) = (end.millis_since(start).max(0), whole.end.millis_since(whole.start));
            total += monthly.to_f64().unwrap_or(0.0) * passed as f64 / all as f64;
        }
        month = next;
    }
    total
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn cost(steps: &[(&str, i64)], from: &str, to: &str) -> f64 {
        let calendar = Calendar::new(&Default::default(), Path::new(".")).unwrap();
        let steps: Vec<_> = steps.iter().map(|(from, cost)| (from.parse().unwrap(), Decimal::from(*cost))).collect();
        accrued(&calendar, &steps, Span { start: from.parse().unwrap(), end: to.parse().unwrap() })
    }

    #[test]
    fn costs_accrue_evenly_over_each_month() {
        let steps = [("2026-01-01", 3100)];
        assert_eq!(cost(&steps, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"), 3100.0);
        assert_eq!(cost(&steps, "2026-01-01T00:00:00Z", "2026-01-02T12:00:00Z"), 150.0);
        // Ten days of January at 100 a day, half of February.
        assert_eq!(cost(&steps, "2026-01-22T00:00:00Z", "2026-02-15T00:00:00Z"), 1000.0 + 1550.0);
    }

    #[test]
    fn a_step_holds_from_its_day_to_the_next() {
        let steps = [("2026-01-11", 310), ("2026-01-21", 3100)];
        assert_eq!(cost(&steps, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").round(), 100.0 + 1100.0);
        assert_eq!(cost(&steps, "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"), 0.0);
    }
}
