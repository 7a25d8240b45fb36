//! Working days that are left of a period.

use chrono::NaiveDate;

use crate::calendar::Schedule;
use crate::domain::{Span, Timestamp};

/// First and last date of the days of a period that are left at `now`, in the zone of the schedule, today included whatever
/// the hour. None where the period is over. Periods are those of the business zone: a last date of which no working time
/// lies in the period is not counted.
pub(super) fn left(schedule: &Schedule, period: Span, now: Timestamp) -> Option<(NaiveDate, NaiveDate)> {
    let first = schedule.date(now);
    let mut last = schedule.date(period.end.plus_millis(-1));
    if schedule.working_millis(Span { start: schedule.start_of(last), end: period.end }) == 0 {
        last = last.pred_opt()?;
    }
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::calendar::{Calendar, Settings};

    #[test]
    fn days_of_another_zone_count_where_their_working_time_lies_in_the_period() {
        let in_zone = |zone: &str| Settings { time_zone: zone.to_owned(), ..Settings::default() };
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // September in New York ends at 04:00 UTC: 05:00 in London, 13:00 in Tokyo.
        let september = Span { start: at("2026-09-01T04:00:00Z"), end: at("2026-10-01T04:00:00Z") };
        let left = |zone: &str, now: &str| {
            let calendar = Calendar::new(&in_zone(zone), Path::new(".")).unwrap();
            let left = left(calendar.default_schedule(), september, at(now));
            left.map(|(first, last)| format!("{first} {last}"))
        };
        assert_eq!(left("Europe/London", "2026-09-29T22:59:00Z").as_deref(), Some("2026-09-29 2026-09-30"));
        assert_eq!(left("Asia/Tokyo", "2026-09-29T22:59:00Z").as_deref(), Some("2026-09-30 2026-10-01"));
        assert_eq!(left("Europe/London", "2026-10-01T01:00:00Z"), None, "no hour of October 1 lies in September");
    }
}
