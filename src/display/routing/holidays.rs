//! Holidays as Alertmanager's time intervals write dates: days of a month, months and years apart.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

/// Intervals that contain these dates and no others. Dates that recur, as most do, share one.
pub(super) fn intervals(dates: impl Iterator<Item = NaiveDate>, zone: &str) -> Vec<Value> {
    let mut years: BTreeMap<(u32, u32), Vec<i32>> = BTreeMap::new();
    for date in dates {
        years.entry((date.month(), date.day())).or_default().push(date.year());
    }
    let mut days: BTreeMap<(Vec<i32>, u32), Vec<String>> = BTreeMap::new();
    for ((month, day), years) in years {
        days.entry((years, month)).or_default().push(day.to_string());
    }
    let interval = |((years, month), days): ((Vec<i32>, u32), Vec<String>)| json!({"years": ranges(&years), "months": [month.to_string()], "days_of_month": days, "location": zone});
    days.into_iter().map(interval).collect()
}

/// Years in ascending order, those that follow each other as `2026:2030`.
fn ranges(years: &[i32]) -> Vec<String> {
    let runs = years.chunk_by(|year, next| year + 1 == *next);
    runs.map(|run| match run {
        [first, .., last] => format!("{first}:{last}"),
        single => single.iter().map(i32::to_string).collect(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_that_recur_share_an_interval() {
        let dates = ["2026-11-26", "2026-12-25", "2026-12-28", "2027-12-25", "2029-12-25"].map(date);
        assert_eq!(
            intervals(dates.into_iter(), "Europe/London"),
            [
                json!({"years": ["2026"], "months": ["11"], "days_of_month": ["26"], "location": "Europe/London"}),
                json!({"years": ["2026"], "months": ["12"], "days_of_month": ["28"], "location": "Europe/London"}),
                json!({"years": ["2026:2027", "2029"], "months": ["12"], "days_of_month": ["25"], "location": "Europe/London"}),
            ]
        );
    }

    /// The dates of the years 2025 to 2028 that an interval contains, found by trying each.
    fn contained(interval: &Value) -> Vec<NaiveDate> {
        let bounds = |key: &str| -> Vec<(i32, i32)> {
            let texts = interval[key].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
            texts
                .map(|text| {
                    let (first, last) = text.split_once(':').unwrap_or((text, text));
                    (first.parse().unwrap(), last.parse().unwrap())
                })
                .collect()
        };
        let within = |key: &str, value: i32| bounds(key).iter().any(|(first, last)| (*first..=*last).contains(&value));
        let all = date("2025-01-01").iter_days().take_while(|day| *day < date("2029-01-01"));
        all.filter(|day| {
            within("years", day.year())
                && within("months", day.month() as i32)
                && within("days_of_month", day.day() as i32)
        })
        .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn just_these_dates_are_contained(days in prop::collection::btree_set(0_u64..1461, 0..40)) {
            let dates: BTreeSet<NaiveDate> =
                days.into_iter().map(|day| date("2025-01-01") + chrono::Days::new(day)).collect();
            let written = intervals(dates.iter().copied(), "UTC");
            let found: Vec<NaiveDate> = written.iter().flat_map(contained).collect();
            prop_assert_eq!(found.len(), dates.len(), "no date is written twice");
            prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), dates);
        }
    }
}
