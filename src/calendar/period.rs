//! Days, weeks, months, quarters and years of the business calendar, as dates.
//!
//! Only dates here: at which instant a date starts is the zone's matter.

use chrono::{Datelike, Days, Month, Months, NaiveDate, Weekday};

/// A unit of the business calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A local date.
    Day,
    /// Seven days from the configured first day of the week.
    Week,
    /// A month.
    Month,
    /// Three months of the fiscal year.
    Quarter,
    /// A fiscal year: twelve months from the configured first one.
    Year,
}

impl Period {
    /// Every period, from short to long.
    pub const ALL: [Period; 5] = [Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year];

    /// Name in the settings and in the label `window`.
    pub const fn name(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        }
    }
}

/// Where weeks and fiscal years start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Starts {
    pub(super) week: Weekday,
    pub(super) year: Month,
}

impl Starts {
    /// First date of the period that contains `date`.
    pub(super) fn first(self, period: Period, date: NaiveDate) -> NaiveDate {
        let first_of_month = date - Days::new(date.day0().into());
        let fiscal_month = self.fiscal_month(date);
        match period {
            Period::Day => date,
            Period::Week => date - Days::new(date.weekday().days_since(self.week).into()),
            Period::Month => first_of_month,
            Period::Quarter => first_of_month - Months::new(fiscal_month % 3),
            Period::Year => first_of_month - Months::new(fiscal_month),
        }
    }

    /// First date of the period after the one that contains `date`.
    pub(super) fn next(self, period: Period, date: NaiveDate) -> NaiveDate {
        let first = self.first(period, date);
        match period {
            Period::Day => first + Days::new(1),
            Period::Week => first + Days::new(7),
            Period::Month => first + Months::new(1),
            Period::Quarter => first + Months::new(3),
            Period::Year => first + Months::new(12),
        }
    }

    /// Last date of the period that contains `date`.
    pub(super) fn last(self, period: Period, date: NaiveDate) -> NaiveDate {
        self.next(period, date) - Days::new(1)
    }

    /// Which quarter of its fiscal year contains `date`: 1 to 4.
    pub(super) fn quarter(self, date: NaiveDate) -> u32 {
        self.fiscal_month(date) / 3 + 1
    }

    /// Months between the start of the fiscal year and that of the month of `date`: 0 to 11.
    fn fiscal_month(self, date: NaiveDate) -> u32 {
        (date.month() + 12 - self.year.number_from_month()) % 12
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(starts: Starts, date: &str, expected: [(&str, &str); 5]) {
        let date: NaiveDate = date.parse().unwrap();
        for (period, (first, next)) in Period::ALL.into_iter().zip(expected) {
            assert_eq!(starts.first(period, date).to_string(), first, "{} of {date}", period.name());
            assert_eq!(starts.next(period, date).to_string(), next, "{} after {date}", period.name());
        }
    }

    #[test]
    fn periods_from_monday_and_january() {
        let starts = Starts { week: Weekday::Mon, year: Month::January };
        // A leap day, a Thursday.
        check(
            starts,
            "2024-02-29",
            [
                ("2024-02-29", "2024-03-01"),
                ("2024-02-26", "2024-03-04"),
                ("2024-02-01", "2024-03-01"),
                ("2024-01-01", "2024-04-01"),
                ("2024-01-01", "2025-01-01"),
            ],
        );
        // The last day of a year, a Sunday.
        check(
            starts,
            "2023-12-31",
            [
                ("2023-12-31", "2024-01-01"),
                ("2023-12-25", "2024-01-01"),
                ("2023-12-01", "2024-01-01"),
                ("2023-10-01", "2024-01-01"),
                ("2023-01-01", "2024-01-01"),
            ],
        );
    }

    #[test]
    fn periods_from_sunday_and_february() {
        let starts = Starts { week: Weekday::Sun, year: Month::February };
        // The last day of the fiscal year, a Saturday.
        check(
            starts,
            "2026-01-31",
            [
                ("2026-01-31", "2026-02-01"),
                ("2026-01-25", "2026-02-01"),
                ("2026-01-01", "2026-02-01"),
                ("2025-11-01", "2026-02-01"),
                ("2025-02-01", "2026-02-01"),
            ],
        );
        // Its first day, a Sunday.
        check(
            starts,
            "2026-02-01",
            [
                ("2026-02-01", "2026-02-02"),
                ("2026-02-01", "2026-02-08"),
                ("2026-02-01", "2026-03-01"),
                ("2026-02-01", "2026-05-01"),
                ("2026-02-01", "2027-02-01"),
            ],
        );
        // A quarter over the turn of the year, with a leap day behind it.
        check(
            Starts { week: Weekday::Sat, year: Month::December },
            "2028-01-15",
            [
                ("2028-01-15", "2028-01-16"),
                ("2028-01-15", "2028-01-22"),
                ("2028-01-01", "2028-02-01"),
                ("2027-12-01", "2028-03-01"),
                ("2027-12-01", "2028-12-01"),
            ],
        );
    }
}
