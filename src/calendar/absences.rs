//! Days on which a person is away.

use chrono::NaiveDate;

use super::settings::date;
use crate::setting::Problem;

/// Dates of absence: whole local dates of the zone of the person's calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Absences {
    /// First and last date of each, in order, no two overlapping.
    ranges: Vec<(NaiveDate, NaiveDate)>,
}

impl Absences {
    /// Never away.
    pub const NONE: &'static Absences = &Absences { ranges: Vec::new() };

    /// Reads dates and `from/to` ranges. Problems name the entry in the list `key`.
    pub(super) fn parse(key: &str, entries: &[String]) -> Result<Absences, Problem> {
        entries.iter().enumerate().map(|(index, entry)| range(&format!("{key}[{index}]"), entry)).collect()
    }

    /// First and last date of each absence, in order; no two share a date.
    pub fn ranges(&self) -> &[(NaiveDate, NaiveDate)] {
        &self.ranges
    }

    /// Whether the person is away on `date`.
    pub fn contains(&self, date: NaiveDate) -> bool {
        let next = self.ranges.partition_point(|(_, last)| *last < date);
        self.ranges.get(next).is_some_and(|(first, _)| *first <= date)
    }
}

/// Joins ranges of dates, first and last included, in any order: also those of one person's several addresses.
impl FromIterator<(NaiveDate, NaiveDate)> for Absences {
    fn from_iter<I: IntoIterator<Item = (NaiveDate, NaiveDate)>>(ranges: I) -> Self {
        let mut sorted: Vec<_> = ranges.into_iter().collect();
        sorted.sort_unstable();
        let mut ranges: Vec<(NaiveDate, NaiveDate)> = Vec::with_capacity(sorted.len());
        for (first, last) in sorted {
            match ranges.last_mut() {
                Some(previous) if first <= previous.1 => previous.1 = previous.1.max(last),
                _ => ranges.push((first, last)),
            }
        }
        Absences { ranges }
    }
}

fn range(key: &str, text: &str) -> Result<(NaiveDate, NaiveDate), Problem> {
    let (first, last) = text.split_once('/').unwrap_or((text, text));
    let (first, last) = (date(key, first)?, date(key, last)?);
    if first <= last {
        return Ok((first, last));
    }
    Err(Problem::new(key, format!("`{text}` ends before it starts; write the first day before the slash")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(entries: &[&str]) -> Result<Absences, Problem> {
        Absences::parse("absences.ana", &entries.iter().map(|&e| e.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn ranges_hold_both_their_ends() {
        let away = parse(&["2026-12-24", "2026-11-23/2026-11-27"]).unwrap();
        let held = ["2026-11-22", "2026-11-23", "2026-11-27", "2026-11-28", "2026-12-24", "2026-12-25"]
            .map(|date| away.contains(date.parse().unwrap()));
        assert_eq!(held, [false, true, true, false, true, false]);
        assert!(!Absences::NONE.contains("2026-12-24".parse().unwrap()));
    }

    #[test]
    fn overlapping_entries_count_once() {
        let away = parse(&["2026-11-25/2026-12-01", "2026-11-23/2026-11-27", "2026-11-24"]).unwrap();
        assert_eq!(away.ranges(), [("2026-11-23".parse().unwrap(), "2026-12-01".parse().unwrap())]);
    }

    #[test]
    fn wrong_entries_are_named() {
        let text = |entry| parse(&["2026-11-23", entry]).unwrap_err().to_string();
        assert_eq!(text("2026-11-31"), "absences.ana[1]: `2026-11-31` is no date; write one such as 2026-12-25");
        assert_eq!(
            text("2026-11-27/2026-11-23"),
            "absences.ana[1]: `2026-11-27/2026-11-23` ends before it starts; write the first day before the slash"
        );
        assert!(text("2026-11-23/").contains("is no date"));
    }
}
