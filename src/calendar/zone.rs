//! A time zone as a partition of time into local dates.
//!
//! A date starts at its first instant and lasts until the next date's first: where clocks go back over midnight, the
//! time they repeat belongs to the date that had already begun; a date that the zone skipped (Apia, 2011-12-30) has no
//! instants. The partition is kept as the list of clock changes, so a look-up is one binary search.

use chrono::{NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;

use crate::domain::{Span, Timestamp};

/// Milliseconds of a day whose clocks do not change.
pub(super) const DAY: i64 = 86_400_000;

/// Days since 1970-01-01 of 1900-01-01 and 2101-01-01: between them clock changes are looked for. chrono-tz knows none
/// after 2100, and no record is from before 1900.
const SEARCHED: std::ops::Range<i64> = -25_567..47_847;

/// Days between two looks: no zone has changed its clocks twice within six.
const STEP: usize = 5;

/// Days since 1970-01-01 of 0001-01-01 and 9999-12-31: earlier and later instants count as these dates.
const DATES: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;

/// A time zone: which local date an instant lies on, and when a local date starts.
#[derive(Debug)]
pub(super) struct Zone {
    tz: Tz,
    segments: Vec<Segment>,
}

/// Time during which the clocks did not change.
#[derive(Debug, Clone, Copy)]
struct Segment {
    /// First instant, in milliseconds since 1970; lasts until the next segment's.
    from: i64,
    /// Milliseconds by which local clocks are ahead of UTC.
    offset: i64,
    /// The last date that had begun when the segment began.
    begun: i64,
}

/// Where an instant lies in local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The local date, as days since 1970-01-01.
    pub(super) day: i64,
    /// Milliseconds since midnight, unless clocks have been changed on that date before.
    pub(super) since_midnight: Option<i64>,
}

/// A part of a local date during which clocks did not change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) offset: i64,
}

impl Zone {
    /// Lists the zone's clock changes. Takes some milliseconds.
    pub(super) fn new(tz: Tz) -> Zone {
        let first = offset(tz, SEARCHED.start * DAY);
        let mut segments = vec![Segment { from: i64::MIN, offset: first, begun: i64::MIN }];
        for day in SEARCHED.step_by(STEP) {
            let (low, high) = (day * DAY, (day + STEP as i64) * DAY);
            if offset(tz, low) != offset(tz, high) {
                segments.push(segment_after(&segments[segments.len() - 1], tz, low, high));
            }
        }
        Zone { tz, segments }
    }

    /// The zone's name and rules.
    pub(super) fn tz(&self) -> Tz {
        self.tz
    }

    /// The local date of an instant.
    pub(super) fn date(&self, at: Timestamp) -> NaiveDate {
        date_of(self.place(at).day)
    }

    /// First instant of a local date; of one that the zone skipped, the next date's.
    pub(super) fn start_of(&self, date: NaiveDate) -> Timestamp {
        Timestamp(self.start_of_day(day_of(date)))
    }

    /// All instants of the local dates from `first` to `last`.
    pub(super) fn dates(&self, first: NaiveDate, last: NaiveDate) -> Span {
        Span { start: self.start_of(first), end: Timestamp(self.start_of_day(day_of(last) + 1)) }
    }

    /// The local date, and the time on its clock.
    pub(super) fn place(&self, at: Timestamp) -> Place {
        let at = at.0.clamp((DATES.start() + 1) * DAY, DATES.end() * DAY);
        let segment = self.segments[self.segments.partition_point(|s| s.from <= at) - 1];
        let clock = at + segment.offset;
        let day = clock.div_euclid(DAY).max(segment.begun);
        let midnight = day * DAY - segment.offset;
        let unchanged = segment.from <= midnight && segment.begun < day;
        Place { day, since_midnight: unchanged.then_some(at - midnight) }
    }

    /// First instant of a day, in milliseconds since 1970.
    pub(super) fn start_of_day(&self, day: i64) -> i64 {
        let day = day.clamp(*DATES.start(), DATES.end() + 1);
        let segment = self.segments[self.segments[1..].partition_point(|next| next.begun < day)];
        segment.from.max(day * DAY - segment.offset)
    }

    /// The parts of a day between clock changes, in order; none for a date that the zone skipped.
    pub(super) fn pieces(&self, day: i64) -> impl Iterator<Item = Piece> {
        let (start, end) = (self.start_of_day(day), self.start_of_day(day + 1));
        let first = self.segments.partition_point(|s| s.from <= start) - 1;
        let ends = self.segments[first + 1..].iter().map(|next| next.from).chain([i64::MAX]);
        self.segments[first..]
            .iter()
            .zip(ends)
            .take_while(move |(segment, _)| segment.from < end)
            .map(move |(segment, next)| Piece {
                start: segment.from.max(start),
                end: next.min(end),
                offset: segment.offset,
            })
            .filter(|piece| piece.start < piece.end)
    }

    /// Every day that is longer or shorter than others, and those between which clocks changed; in order, each once.
    pub(super) fn odd_days(&self) -> Vec<i64> {
        let changes = self.segments[1..].iter();
        let mut days: Vec<i64> =
            changes.flat_map(|change| change.begun..=self.place(Timestamp(change.from)).day).collect();
        days.dedup();
        days
    }
}

/// The segment that begins at the clock change between two instants.
fn segment_after(previous: &Segment, tz: Tz, mut low: i64, mut high: i64) -> Segment {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if offset(tz, middle) == previous.offset { low = middle } else { high = middle }
    }
    let clock = high - 1 + previous.offset;
    Segment { from: high, offset: offset(tz, high), begun: clock.div_euclid(DAY).max(previous.begun) }
}

/// Milliseconds by which the zone's clocks are ahead of UTC.
fn offset(tz: Tz, at: i64) -> i64 {
    let utc = Timestamp(at).utc().naive_utc();
    i64::from(tz.offset_from_utc_datetime(&utc).fix().local_minus_utc()) * 1000
}

/// Days since 1970-01-01.
pub(super) fn day_of(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

/// The date so many days after 1970-01-01, which is within the years 1 to 9999.
pub(super) fn date_of(day: i64) -> NaiveDate {
    let day = day.clamp(*DATES.start(), *DATES.end());
    i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Dates and their first instants, worked out from the zones' published rules.
    #[test]
    fn a_date_starts_at_its_first_instant() {
        for (tz, text, start) in [
            (Tz::UTC, "2024-02-29", "2024-02-29T00:00:00Z"),
            // The day clocks go forward starts in winter time, the next in summer time.
            (Tz::America__New_York, "2026-03-08", "2026-03-08T05:00:00Z"),
            (Tz::America__New_York, "2026-03-09", "2026-03-09T04:00:00Z"),
            (Tz::America__New_York, "2026-11-01", "2026-11-01T04:00:00Z"),
            (Tz::America__New_York, "2026-11-02", "2026-11-02T05:00:00Z"),
            // Half an hour of summer time.
            (Tz::Australia__Lord_Howe, "2026-10-04", "2026-10-03T13:30:00Z"),
            (Tz::Australia__Lord_Howe, "2026-10-05", "2026-10-04T13:00:00Z"),
            // At midnight clocks went to 01:00: the day starts there.
            (Tz::America__Sao_Paulo, "2018-11-04", "2018-11-04T03:00:00Z"),
            (Tz::America__Sao_Paulo, "2018-11-05", "2018-11-05T02:00:00Z"),
            // At midnight clocks went back to 23:00: the day starts an hour later.
            (Tz::America__Sao_Paulo, "2018-02-17", "2018-02-17T02:00:00Z"),
            (Tz::America__Sao_Paulo, "2018-02-18", "2018-02-18T03:00:00Z"),
            // At 01:00 clocks went back to midnight, which came twice: the first counts.
            (Tz::America__Havana, "2026-11-01", "2026-11-01T04:00:00Z"),
            // At 00:01 clocks went back to 23:01 of the day before: the day had begun.
            (Tz::America__St_Johns, "2009-11-01", "2009-11-01T02:30:00Z"),
            (Tz::America__St_Johns, "2009-11-02", "2009-11-02T03:30:00Z"),
            // A Friday that never was.
            (Tz::Pacific__Apia, "2011-12-29", "2011-12-29T10:00:00Z"),
            (Tz::Pacific__Apia, "2011-12-30", "2011-12-30T10:00:00Z"),
            (Tz::Pacific__Apia, "2011-12-31", "2011-12-30T10:00:00Z"),
            (Tz::Pacific__Apia, "2012-01-01", "2011-12-31T10:00:00Z"),
        ] {
            assert_eq!(Zone::new(tz).start_of(date(text)), at(start), "{tz} {text}");
        }
    }

    #[test]
    fn an_instant_lies_on_the_date_that_has_begun() {
        for (tz, instant, text) in [
            (Tz::America__New_York, "2026-03-08T04:59:59.999Z", "2026-03-07"),
            (Tz::America__New_York, "2026-03-08T05:00:00Z", "2026-03-08"),
            (Tz::America__Sao_Paulo, "2018-11-04T02:59:59.999Z", "2018-11-03"),
            (Tz::America__Sao_Paulo, "2018-11-04T03:00:00Z", "2018-11-04"),
            (Tz::America__Sao_Paulo, "2018-02-18T02:30:00Z", "2018-02-17"),
            // The clock shows 23:31 of October 31 for the second time, after a minute of November 1.
            (Tz::America__St_Johns, "2009-11-01T03:01:00Z", "2009-11-01"),
            (Tz::Pacific__Apia, "2011-12-30T09:59:59.999Z", "2011-12-29"),
            (Tz::Pacific__Apia, "2011-12-30T10:00:00Z", "2011-12-31"),
        ] {
            assert_eq!(Zone::new(tz).date(at(instant)), date(text), "{tz} {instant}");
        }
    }

    #[test]
    fn odd_days_are_those_around_clock_changes() {
        let odd = |tz, from: &str, to: &str| -> Vec<String> {
            let within = day_of(date(from))..=day_of(date(to));
            let days = Zone::new(tz).odd_days().into_iter().filter(|day| within.contains(day));
            days.map(|day| date_of(day).to_string()).collect()
        };
        assert_eq!(odd(Tz::America__New_York, "2026-01-01", "2026-12-31"), ["2026-03-08", "2026-11-01"]);
        assert_eq!(odd(Tz::America__Sao_Paulo, "2018-01-01", "2018-12-31"), ["2018-02-17", "2018-11-03", "2018-11-04"]);
        assert_eq!(odd(Tz::Pacific__Apia, "2011-12-01", "2012-01-31"), ["2011-12-29", "2011-12-30", "2011-12-31"]);
        // At 23:00 clocks went to midnight: the day before is the short one.
        assert_eq!(odd(Tz::America__Nuuk, "2024-03-01", "2024-04-30"), ["2024-03-30", "2024-03-31"]);
        assert!(odd(Tz::UTC, "1900-01-01", "2100-12-31").is_empty());
    }

    #[test]
    fn the_ends_of_time_do_not_overflow() {
        let zone = Zone::new(Tz::Pacific__Apia);
        assert_eq!(zone.date(Timestamp::MAX), date("9999-12-31"));
        assert_eq!(zone.date(Timestamp::MIN), date("0001-01-01"));
        assert!(zone.start_of(NaiveDate::MAX) > zone.start_of(date("9999-12-30")));
        assert!(zone.start_of(NaiveDate::MIN) < zone.start_of(date("0001-01-02")));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// In every zone a date holds exactly the instants from its start to the next one's, and is the one on the
        /// clock, unless that clock has been put back over midnight.
        #[test]
        fn dates_partition_time(
            index in 0..chrono_tz::TZ_VARIANTS.len(),
            instants in prop::collection::vec(-2_208_988_800_000..7_258_118_400_000_i64, 200),
        ) {
            let zone = Zone::new(chrono_tz::TZ_VARIANTS[index]);
            for at in instants {
                let date = zone.date(Timestamp(at));
                let span = zone.dates(date, date);
                prop_assert!(span.contains(Timestamp(at)), "{} {}", zone.tz, Timestamp(at));
                let clock = Timestamp(at).utc().with_timezone(&zone.tz).date_naive();
                prop_assert!(clock == date || clock == date.pred_opt().unwrap());
                let pieces: Vec<Piece> = zone.pieces(day_of(date)).collect();
                prop_assert_eq!(pieces[0].start, span.start.0);
                prop_assert_eq!(pieces[pieces.len() - 1].end, span.end.0);
                prop_assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start));
            }
        }
    }
}
