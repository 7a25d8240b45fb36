//! What periods are called, in English: for texts, such as `October 2026` or `Q3 FY2026`.

use chrono::{Datelike as _, NaiveDate};

use super::Calendar;
use super::period::{Period, Starts};
use crate::domain::Timestamp;

/// Which calendar year a fiscal year that lies in two of them is named after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YearNamedBy {
    /// The one in which it starts.
    Start,
    /// The one in which it ends.
    End,
}

impl Calendar {
    /// Name of the period that contains `at`, in the business time zone: `22 November 2026`, `Week of 16 November 2026`
    /// (its first day), `November 2026`, `Q4 FY2026`, `FY2026`.
    pub fn name(&self, period: Period, at: Timestamp) -> String {
        name(self.starts, self.year_named_by, period, self.date(at))
    }

    /// Last date of the period that contains `at`, in the business time zone.
    pub fn last_day(&self, period: Period, at: Timestamp) -> NaiveDate {
        self.starts.last(period, self.date(at))
    }
}

fn name(starts: Starts, named_by: YearNamedBy, period: Period, date: NaiveDate) -> String {
    let first = starts.first(period, date);
    let fiscal_year = || {
        let day = match named_by {
            YearNamedBy::Start => starts.first(Period::Year, date),
            YearNamedBy::End => starts.last(Period::Year, date),
        };
        format!("FY{}", day.year())
    };
    match period {
        Period::Day => first.format("%-d %B %Y").to_string(),
        Period::Week => first.format("Week of %-d %B %Y").to_string(),
        Period::Month => first.format("%B %Y").to_string(),
        Period::Quarter => format!("Q{} {}", starts.quarter(date), fiscal_year()),
        Period::Year => fiscal_year(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Month, Weekday};

    use super::*;

    fn check(starts: Starts, named_by: YearNamedBy, date: &str, expected: [&str; 5]) {
        let date: NaiveDate = date.parse().unwrap();
        let names = Period::ALL.map(|period| name(starts, named_by, period, date));
        assert_eq!(names, expected, "{date}");
    }

    #[test]
    fn a_year_from_january_is_the_calendar_year_either_way() {
        let starts = Starts { week: Weekday::Mon, year: Month::January };
        for named_by in [YearNamedBy::Start, YearNamedBy::End] {
            check(
                starts,
                named_by,
                "2026-11-22",
                ["22 November 2026", "Week of 16 November 2026", "November 2026", "Q4 FY2026", "FY2026"],
            );
            // The week of New Year's Day begins in the old year.
            check(
                starts,
                named_by,
                "2027-01-01",
                ["1 January 2027", "Week of 28 December 2026", "January 2027", "Q1 FY2027", "FY2027"],
            );
        }
    }

    #[test]
    fn a_fiscal_year_in_two_calendar_years_is_named_after_one() {
        let starts = Starts { week: Weekday::Sun, year: Month::February };
        let check_years = |date: &str, by_start: [&str; 2], by_end: [&str; 2]| {
            let date: NaiveDate = date.parse().unwrap();
            let names = |named_by| [Period::Quarter, Period::Year].map(|period| name(starts, named_by, period, date));
            assert_eq!(names(YearNamedBy::Start), by_start, "{date}");
            assert_eq!(names(YearNamedBy::End), by_end, "{date}");
        };
        check_years("2026-10-15", ["Q3 FY2026", "FY2026"], ["Q3 FY2027", "FY2027"]);
        // The first and the last day of the year.
        check_years("2026-02-01", ["Q1 FY2026", "FY2026"], ["Q1 FY2027", "FY2027"]);
        check_years("2026-01-31", ["Q4 FY2025", "FY2025"], ["Q4 FY2026", "FY2026"]);
    }
}
