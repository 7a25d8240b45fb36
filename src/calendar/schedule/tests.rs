use chrono::{NaiveTime, Timelike};
use proptest::prelude::*;

use super::*;

const HOUR: i64 = 60 * MINUTE;
const WEEKDAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
const EVERY_DAY: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn span(start: &str, end: &str) -> Span {
    Span { start: at(start), end: at(end) }
}

fn schedule(tz: Tz, hours: &str, weekdays: &[Weekday], holidays: &[&str]) -> Schedule {
    let holidays = holidays.iter().map(|text| date(text)).collect();
    Schedule::new(Arc::new(Zone::new(tz)), Hours::parse(hours).unwrap(), weekdays, &holidays)
}

fn office(tz: Tz) -> Schedule {
    schedule(tz, "09:00-17:00", &WEEKDAYS, &[])
}

/// Open on Sundays at night, when clocks change.
fn around_the_clock(tz: Tz) -> Schedule {
    schedule(tz, "00:00-24:00", &EVERY_DAY, &[])
}

#[test]
fn working_time_of_single_days() {
    let york = schedule(Tz::America__New_York, "09:00-12:00, 13:00-17:00", &WEEKDAYS, &["2026-11-26"]);
    let minutes = |start, end| york.working_millis(span(start, end)) / MINUTE;
    // Wednesday 2026-11-25, five hours behind UTC.
    assert_eq!(minutes("2026-11-25T05:00:00Z", "2026-11-26T05:00:00Z"), 420);
    assert_eq!(minutes("2026-11-25T14:00:00Z", "2026-11-25T14:01:00Z"), 1);
    assert_eq!(minutes("2026-11-25T13:59:00Z", "2026-11-25T14:00:00Z"), 0);
    assert_eq!(minutes("2026-11-25T16:30:00Z", "2026-11-25T18:30:00Z"), 60, "lunch is no work");
    assert_eq!(minutes("2026-11-26T05:00:00Z", "2026-11-27T05:00:00Z"), 0, "a holiday");
    assert_eq!(minutes("2026-11-28T05:00:00Z", "2026-11-30T05:00:00Z"), 0, "a weekend");
    assert_eq!(minutes("2026-11-23T05:00:00Z", "2026-11-30T05:00:00Z"), 4 * 420);
    assert_eq!(york.working_millis(span("2026-11-25T14:00:00Z", "2026-11-25T14:00:00.001Z")), 1);
    assert_eq!(york.working_millis(span("2026-11-25T15:00:00Z", "2026-11-25T14:00:00Z")), 0, "nothing runs backwards");
}

/// Length of whole local dates, and of an office day, where clocks change.
#[test]
fn time_across_a_clock_change_is_real_time() {
    for (tz, day, minutes) in [
        (Tz::America__New_York, "2026-03-08", 23 * 60),
        (Tz::America__New_York, "2026-11-01", 25 * 60),
        (Tz::Europe__London, "2026-03-29", 23 * 60),
        (Tz::Europe__London, "2026-10-25", 25 * 60),
        (Tz::Australia__Lord_Howe, "2026-10-04", 23 * 60 + 30),
        (Tz::Australia__Lord_Howe, "2026-04-05", 24 * 60 + 30),
        (Tz::America__Sao_Paulo, "2018-11-04", 23 * 60),
        (Tz::America__Sao_Paulo, "2018-02-17", 25 * 60),
        (Tz::America__St_Johns, "2009-11-01", 25 * 60),
        (Tz::America__Nuuk, "2024-03-30", 23 * 60),
        (Tz::America__Nuuk, "2024-03-31", 24 * 60),
        (Tz::Pacific__Apia, "2011-12-29", 24 * 60),
        (Tz::Pacific__Apia, "2011-12-30", 0),
        (Tz::Pacific__Apia, "2011-12-31", 24 * 60),
        (Tz::Europe__London, "2026-06-01", 24 * 60),
    ] {
        let schedule = around_the_clock(tz);
        let whole = schedule.zone.dates(date(day), date(day));
        assert_eq!(schedule.working_millis(whole) / MINUTE, minutes, "{tz} {day}");
        let office = self::schedule(tz, "09:00-17:00", &EVERY_DAY, &[]);
        assert_eq!(office.working_millis(whole) / MINUTE, if minutes == 0 { 0 } else { 480 }, "{tz} {day}");
    }
}

/// Hours that the clock skips or repeats: 02:00-03:00 and 01:00-02:00 in New York.
#[test]
fn skipped_hours_are_none_and_repeated_ones_two() {
    let night = |hours| schedule(Tz::America__New_York, hours, &EVERY_DAY, &[]);
    let forward = span("2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z");
    let back = span("2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z");
    for (hours, on_forward, on_back) in [
        ("02:00-03:00", 0, 60),
        ("02:15-03:30", 30, 75),
        ("01:00-02:00", 60, 120),
        ("01:30-01:45", 15, 30),
        ("00:00-01:30", 90, 120),
        ("00:00-01:30, 09:00-17:00", 570, 600),
    ] {
        let minutes = |span| night(hours).working_millis(span) / MINUTE;
        assert_eq!([minutes(forward), minutes(back)], [on_forward, on_back], "{hours}");
    }
    // 01:30-01:45 comes at 05:30Z and again at 06:30Z.
    let twice = night("01:30-01:45");
    assert_eq!(twice.working_millis(span("2026-11-01T05:40:00Z", "2026-11-01T06:35:00Z")) / MINUTE, 10);
    let start = at("2026-11-01T05:00:00Z");
    assert_eq!(twice.instant_after(start, 15 * MINUTE), Some(at("2026-11-01T05:45:00Z")));
    assert_eq!(twice.instant_after(start, 15 * MINUTE + 1), Some(at("2026-11-01T06:30:00.001Z")));
}

#[test]
fn working_days_are_counted_with_both_ends() {
    let york = schedule(Tz::America__New_York, "09:00-17:00", &WEEKDAYS, &["2026-11-26", "2026-11-28", "2026-12-25"]);
    let days = |from, to| york.working_days(date(from), date(to));
    assert_eq!(days("2026-11-01", "2026-11-30"), 20, "21 weekdays; a holiday on a Saturday takes none");
    assert_eq!(days("2026-11-25", "2026-11-25"), 1);
    assert_eq!(days("2026-11-26", "2026-11-26"), 0);
    assert_eq!(days("2026-11-27", "2026-11-26"), 0);
    assert_eq!(days("2026-11-30", "2026-11-01"), 0);
    assert_eq!(days("2024-02-26", "2024-03-01"), 5, "over a leap day");
    assert_eq!(days("1969-12-29", "1970-01-04"), 5);
    assert_eq!(days("0001-01-01", "0001-01-07"), 5, "the year 1 starts on a Monday");
    assert!(york.is_working_day(date("2026-11-25")) && !york.is_working_day(date("2026-11-26")));
    assert!(!york.is_working_day(date("2026-11-29")));
}

#[test]
fn a_date_that_the_zone_skipped_is_no_working_day() {
    let apia = office(Tz::Pacific__Apia);
    assert!(!apia.is_working_day(date("2011-12-30")), "a Friday elsewhere");
    assert_eq!(apia.working_days(date("2011-12-26"), date("2012-01-01")), 4);
    assert_eq!(apia.working_millis(span("2011-12-26T10:00:00Z", "2011-12-31T10:00:00Z")), 32 * HOUR);
}

#[test]
fn the_instant_after_some_working_time() {
    let london = schedule(Tz::Europe__London, "09:00-17:00", &WEEKDAYS, &["2026-12-25", "2026-12-28"]);
    let after = |start, hours| london.instant_after(at(start), hours * HOUR).unwrap().to_string();
    assert_eq!(after("2026-12-24T16:00:00Z", 0), "2026-12-24T16:00:00Z");
    assert_eq!(after("2026-12-24T16:00:00Z", 1), "2026-12-24T17:00:00Z", "the end of a day, not the next's start");
    assert_eq!(after("2026-12-24T16:00:00Z", 2), "2026-12-29T10:00:00Z", "over holidays and a weekend");
    assert_eq!(after("2026-12-26T03:00:00Z", 8), "2026-12-29T17:00:00Z");
    assert_eq!(after("2026-03-27T16:00:00Z", 2), "2026-03-30T09:00:00Z", "over the start of summer time");
    assert_eq!(london.instant_after(at("2026-12-24T16:00:00Z"), -5), Some(at("2026-12-24T16:00:00Z")));
    assert_eq!(london.instant_after(at("2026-12-24T16:00:00Z"), i64::MAX), None);
    assert_eq!(london.instant_after(at("2026-12-24T16:00:00Z"), 20_000_000 * HOUR), None, "after the year 9999");
}

#[test]
fn a_person_works_when_the_floor_does_and_he_is_not_away() {
    let berlin = schedule(Tz::Europe__Berlin, "09:00-17:00", &WEEKDAYS, &["2026-12-25"]);
    // Thursday to the Tuesday after next, over two weekends and a holiday.
    let away: Absences =
        [(date("2026-12-24"), date("2026-12-29")), (date("2027-01-05"), date("2027-01-05"))].into_iter().collect();
    let (first, last) = (date("2026-12-21"), date("2027-01-10"));
    assert_eq!(berlin.working_days(first, last), 14);
    assert_eq!(berlin.present_days(first, last, &away), 10);
    assert_eq!(berlin.present_days(first, last, Absences::NONE), 14);
    assert_eq!(berlin.present_days(date("2026-12-28"), date("2026-12-30"), &away), 1);
    let weeks = span("2026-12-20T23:00:00Z", "2027-01-10T23:00:00Z");
    assert_eq!(berlin.present_millis(weeks, &away), 10 * 8 * HOUR);
    // From noon of the last day before to noon of the last day away.
    let partly = span("2026-12-23T11:00:00Z", "2026-12-29T11:00:00Z");
    assert_eq!(berlin.working_millis(partly), 5 * HOUR + 8 * HOUR + 8 * HOUR + 3 * HOUR);
    assert_eq!(berlin.present_millis(partly, &away), 5 * HOUR);
    assert_eq!(berlin.present_millis(span("2026-12-29T11:00:00Z", "2026-12-23T11:00:00Z"), &away), 0);
}

#[test]
fn spans_of_all_time_are_counted() {
    let all = Span { start: Timestamp::MIN, end: Timestamp::MAX };
    let york = office(Tz::America__New_York);
    let days = york.working_millis(all) / (8 * HOUR);
    assert!((days - 9999 * 261).abs() < 9999, "{days} working days in 9,999 years");
    let since_1900 = york.working_millis(span("1900-01-01T05:00:00Z", "2300-01-01T05:00:00Z"));
    assert_eq!(since_1900, 20_871 * 5 * 8 * HOUR, "400 years are 20,871 weeks, whose days off are all weekends");
}

/// The local date that has begun, and the minute on the clock: read from chrono, minute by minute.
fn clock(tz: Tz, minute: i64, begun: &mut NaiveDate) -> (NaiveDate, NaiveTime) {
    let local = Timestamp(minute).utc().with_timezone(&tz).naive_local();
    *begun = (*begun).max(local.date());
    (*begun, local.time())
}

/// Working minutes of a span, counted one by one; the date is followed from two days before.
fn naive_minutes(schedule: &Schedule, hours: &[(u32, u32)], off: &[NaiveDate], from: i64, to: i64) -> i64 {
    let mut begun = NaiveDate::MIN;
    let (mut at, mut count) = (from - 2 * DAY, 0);
    while at < to {
        let (date, time) = clock(schedule.zone(), at, &mut begun);
        let minute = time.num_seconds_from_midnight() / 60;
        let works = schedule.week.works_on(day_of(date)) && !off.contains(&date);
        if at >= from && works && hours.iter().any(|(start, end)| (*start..*end).contains(&minute)) {
            count += 1;
        }
        at += MINUTE;
    }
    count
}

const ZONES: [Tz; 10] = [
    Tz::UTC,
    Tz::America__New_York,
    Tz::Europe__London,
    Tz::Australia__Lord_Howe,
    Tz::America__Sao_Paulo,
    Tz::America__St_Johns,
    Tz::America__Havana,
    Tz::America__Nuuk,
    Tz::Pacific__Apia,
    Tz::Asia__Kolkata,
];

/// Spans of some days around clock changes of 2005 to 2026, and anywhere between.
fn any_minutes() -> impl Strategy<Value = (i64, i64)> {
    let near = prop::sample::select(vec![
        "2026-03-08",
        "2026-11-01",
        "2026-03-29",
        "2026-10-25",
        "2026-04-05",
        "2026-10-04",
        "2018-11-04",
        "2018-02-17",
        "2009-11-01",
        "2009-03-08",
        "2011-12-30",
        "2024-02-29",
        "2024-03-30",
    ]);
    let start = near.prop_map(|day| day_of(date(day)) * DAY / MINUTE).prop_flat_map(|day| day - 3000..day + 3000);
    let anywhere = 18_408_960..29_979_360_i64;
    (prop_oneof![3 => start, 1 => anywhere], 0..6000_i64).prop_map(|(start, length)| (start, start + length))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn working_time_is_the_naive_count(
        tz in prop::sample::select(ZONES.to_vec()),
        (hours, ranges) in prop::sample::select(vec![
            ("09:00-17:00", vec![(540, 1020)]),
            ("00:00-24:00", vec![(0, 1440)]),
            ("00:30-01:45, 02:10-02:40, 22:00-24:00", vec![(30, 105), (130, 160), (1320, 1440)]),
        ]),
        weekdays in prop::sample::select(vec![&WEEKDAYS[..], &EVERY_DAY[..], &[Weekday::Sun]]),
        off in prop::sample::subsequence(vec!["2026-11-01", "2018-11-04", "2024-02-29", "2011-12-31"], 0..=4),
        (start, end) in any_minutes(),
        cut in 0.0..1.0,
    ) {
        let schedule = schedule(tz, hours, weekdays, &off);
        let off: Vec<NaiveDate> = off.into_iter().map(date).collect();
        let (from, to) = (start * MINUTE, end * MINUTE);
        let whole = schedule.working_millis(Span { start: Timestamp(from), end: Timestamp(to) });
        prop_assert_eq!(whole, naive_minutes(&schedule, &ranges, &off, from, to) * MINUTE);

        // Additive over any split, also inside a minute.
        let middle = Timestamp(from + ((to - from) as f64 * cut) as i64);
        let before = schedule.working_millis(Span { start: Timestamp(from), end: middle });
        let after = schedule.working_millis(Span { start: middle, end: Timestamp(to) });
        prop_assert_eq!(before + after, whole);

        // The instant after the time before the split is the first that leaves nothing out.
        if before > 0 {
            let reached = schedule.instant_after(Timestamp(from), before).unwrap();
            prop_assert!(reached <= middle);
            let elapsed = |end| schedule.working_millis(Span { start: Timestamp(from), end });
            prop_assert_eq!(elapsed(reached), before);
            prop_assert_eq!(elapsed(reached.plus_millis(-1)), before - 1);
        }
    }

    #[test]
    fn a_floor_that_never_sleeps_works_all_the_time(
        index in 0..chrono_tz::TZ_VARIANTS.len(),
        from in -2_208_988_800_000..7_258_118_400_000_i64,
        length in 0..4_000_000_000_000_i64,
    ) {
        let schedule = around_the_clock(chrono_tz::TZ_VARIANTS[index]);
        let (start, end) = (Timestamp(from), Timestamp(from + length));
        prop_assert_eq!(schedule.working_millis(Span { start, end }), length);
        prop_assert_eq!(schedule.instant_after(start, length), Some(end));
    }
}

#[test]
fn what_a_schedule_is_made_of_is_told() {
    let weekdays = [Weekday::Sun, Weekday::Mon, Weekday::Fri];
    // 2026-12-26 is a Saturday; Apia had no Friday 2011-12-30.
    let apia =
        schedule(Tz::Pacific__Apia, "13:00-24:00, 00:30-12:00", &weekdays, &["2026-12-25", "2026-12-26", "2026-01-02"]);
    assert_eq!(apia.weekdays().collect::<Vec<_>>(), [Weekday::Mon, Weekday::Fri, Weekday::Sun]);
    assert_eq!(apia.hours().collect::<Vec<_>>(), [(30, 720), (780, 1440)]);
    assert_eq!(apia.holidays().collect::<Vec<_>>(), ["2026-01-02", "2026-12-25"].map(date));
}
