use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn calendar(settings: &Settings) -> Calendar {
    Calendar::new(settings, Path::new("")).unwrap()
}

fn in_zone(zone: &str) -> Settings {
    Settings { time_zone: zone.to_owned(), ..Settings::default() }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// Each window's name, start and end; the end `now` is the millisecond after `now`.
fn check(settings: &Settings, now: &str, windows: &[(&str, &str, &str)]) {
    let calendar = calendar(settings);
    for (name, start, end) in windows {
        let span = calendar.span(name.parse().unwrap(), at(now));
        let end = if *end == "now" { at(now).plus_millis(1) } else { at(end) };
        assert_eq!(span.start, at(start), "start of {name} at {now} in {}", settings.time_zone);
        assert_eq!(span.end, end, "end of {name} at {now} in {}", settings.time_zone);
    }
}

/// New York, weeks from Sunday, fiscal years from February; a Wednesday at 10:30, after summer time has ended.
#[test]
fn every_window_on_an_ordinary_day() {
    let settings = Settings {
        week_starts_on: "sunday".to_owned(),
        fiscal_year_starts_in: "february".to_owned(),
        holidays: texts(&["2026-11-11"]),
        ..in_zone("America/New_York")
    };
    check(
        &settings,
        "2026-11-18T15:30:00Z",
        &[
            ("day", "2026-11-18T05:00:00Z", "now"),
            ("week", "2026-11-15T05:00:00Z", "now"),
            ("month", "2026-11-01T04:00:00Z", "now"),
            ("quarter", "2026-11-01T04:00:00Z", "now"),
            ("year", "2026-02-01T05:00:00Z", "now"),
            ("previous_day", "2026-11-17T05:00:00Z", "2026-11-18T05:00:00Z"),
            ("previous_week", "2026-11-08T05:00:00Z", "2026-11-15T05:00:00Z"),
            ("previous_month", "2026-10-01T04:00:00Z", "2026-11-01T04:00:00Z"),
            ("previous_quarter", "2026-08-01T04:00:00Z", "2026-11-01T04:00:00Z"),
            ("previous_year", "2025-02-01T05:00:00Z", "2026-02-01T05:00:00Z"),
            // An hour and a half of today has passed.
            ("previous_day_to_date", "2026-11-17T05:00:00Z", "2026-11-17T15:30:00Z"),
            // Monday, Tuesday and that; the Wednesday before was a holiday.
            ("previous_week_to_date", "2026-11-08T05:00:00Z", "2026-11-12T15:30:00Z"),
            // Eleven days (2-6, 9, 10, 12, 13, 16, 17) and that; October's twelfth working day is the 16th.
            ("previous_month_to_date", "2026-10-01T04:00:00Z", "2026-10-16T14:30:00Z"),
            // August's twelfth working day is the 18th.
            ("previous_quarter_to_date", "2026-08-01T04:00:00Z", "2026-08-18T14:30:00Z"),
            ("1d", "2026-11-18T05:00:00Z", "now"),
            ("7d", "2026-11-12T05:00:00Z", "now"),
            ("28d", "2026-10-22T04:00:00Z", "now"),
            ("365d", "2025-11-19T05:00:00Z", "now"),
        ],
    );
}

#[test]
fn windows_exactly_at_boundaries() {
    let utc = Settings::default();
    check(
        &utc,
        "2024-03-01T00:00:00Z",
        &[
            ("day", "2024-03-01T00:00:00Z", "now"),
            ("week", "2024-02-26T00:00:00Z", "now"),
            ("month", "2024-03-01T00:00:00Z", "now"),
            ("quarter", "2024-01-01T00:00:00Z", "now"),
            ("previous_day", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"),
            ("previous_month", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
            ("previous_month_to_date", "2024-02-01T00:00:00Z", "2024-02-01T00:00:00Z"),
            ("2d", "2024-02-29T00:00:00Z", "now"),
        ],
    );
    check(
        &utc,
        "2024-02-29T23:59:59.999Z",
        &[
            ("day", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"),
            ("month", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
            ("previous_month", "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"),
            // February's 21 working days have passed; January's 21st is the 29th.
            ("previous_month_to_date", "2024-01-01T00:00:00Z", "2024-01-29T17:00:00Z"),
            ("365d", "2023-03-02T00:00:00Z", "2024-03-01T00:00:00Z"),
        ],
    );
    // 23 working days have passed and December had 21: all of it.
    check(&utc, "2024-01-31T23:00:00Z", &[("previous_month_to_date", "2023-12-01T00:00:00Z", "2024-01-01T00:00:00Z")]);
    // The last instant of a fiscal year, and the first of the next.
    let february = Settings { fiscal_year_starts_in: "Feb".to_owned(), ..Settings::default() };
    check(
        &february,
        "2026-01-31T23:59:59.999Z",
        &[
            ("quarter", "2025-11-01T00:00:00Z", "2026-02-01T00:00:00Z"),
            ("year", "2025-02-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        ],
    );
    check(
        &february,
        "2026-02-01T00:00:00Z",
        &[
            ("quarter", "2026-02-01T00:00:00Z", "now"),
            ("previous_quarter", "2025-11-01T00:00:00Z", "2026-02-01T00:00:00Z"),
            ("year", "2026-02-01T00:00:00Z", "now"),
        ],
    );
}

#[test]
fn windows_where_clocks_change() {
    check(
        &in_zone("Europe/London"),
        "2026-03-30T10:00:00Z",
        &[
            ("day", "2026-03-29T23:00:00Z", "now"),
            ("week", "2026-03-29T23:00:00Z", "now"),
            ("previous_day", "2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z"),
            ("previous_week", "2026-03-23T00:00:00Z", "2026-03-29T23:00:00Z"),
            // Two hours of work have passed since 09:00; a week earlier they had at 11:00 in winter time.
            ("previous_week_to_date", "2026-03-23T00:00:00Z", "2026-03-23T11:00:00Z"),
            ("7d", "2026-03-24T00:00:00Z", "now"),
        ],
    );
    check(
        &in_zone("America/New_York"),
        "2026-11-01T06:30:00Z",
        &[("day", "2026-11-01T04:00:00Z", "now"), ("previous_month", "2026-10-01T04:00:00Z", "2026-11-01T04:00:00Z")],
    );
    check(
        &in_zone("America/New_York"),
        "2026-11-02T05:00:00Z",
        &[("previous_day", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")],
    );
    check(
        &in_zone("Australia/Lord_Howe"),
        "2026-10-05T02:00:00Z",
        &[("day", "2026-10-04T13:00:00Z", "now"), ("previous_day", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z")],
    );
    check(
        &in_zone("America/Sao_Paulo"),
        "2018-11-04T03:00:00Z",
        &[
            ("day", "2018-11-04T03:00:00Z", "now"),
            ("previous_day", "2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z"),
            ("month", "2018-11-01T03:00:00Z", "now"),
        ],
    );
    check(
        &in_zone("America/Sao_Paulo"),
        "2018-11-04T02:59:59.999Z",
        &[("day", "2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z")],
    );
    check(
        &in_zone("Pacific/Apia"),
        "2011-12-30T10:00:00Z",
        &[
            ("day", "2011-12-30T10:00:00Z", "now"),
            // The day before the 31st was the 29th.
            ("previous_day", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"),
            ("week", "2011-12-26T10:00:00Z", "now"),
            ("3d", "2011-12-29T10:00:00Z", "now"),
        ],
    );
}

#[test]
fn dates_without_a_time_are_local() {
    let york = calendar(&in_zone("America/New_York"));
    assert_eq!(york.zone(), Tz::America__New_York);
    let date = "2026-11-02".parse().unwrap();
    assert_eq!(york.instant(When::On(date)), at("2026-11-02T05:00:00Z"));
    assert_eq!(york.instant(When::At(at("2026-11-02T12:00:00Z"))), at("2026-11-02T12:00:00Z"));
    assert_eq!(york.date(at("2026-11-02T04:59:59Z")).to_string(), "2026-11-01");
}

#[test]
fn teams_take_what_they_do_not_set_from_the_default() {
    let team = TeamSettings {
        time_zone: Some("Europe/London".to_owned()),
        working_hours: Some("08:00-12:00".to_owned()),
        ..TeamSettings::default()
    };
    let dates = TeamSettings { holidays: Some(texts(&["2026-12-28"])), ..TeamSettings::default() };
    let settings = Settings {
        holidays: texts(&["2026-11-26"]),
        teams: [("EMEA".to_owned(), team), ("Banks".to_owned(), dates)].into_iter().collect(),
        ..in_zone("America/New_York")
    };
    let calendar = calendar(&settings);
    assert_eq!(calendar.teams().collect::<Vec<_>>(), ["EMEA", "Banks"]);
    let schedule = |team| calendar.own_schedule(team).unwrap_or(calendar.default_schedule());
    let emea = schedule("EMEA");
    assert_eq!(emea.zone(), Tz::Europe__London);
    // 08:00-12:00 in London is before 09:00 in New York.
    let morning = Span { start: at("2026-11-25T08:00:00Z"), end: at("2026-11-25T14:00:00Z") };
    assert_eq!(emea.working_millis(morning), 4 * 3_600_000);
    assert_eq!(calendar.default_schedule().working_millis(morning), 0);
    let (thanksgiving, boxing_day) = ("2026-11-26".parse().unwrap(), "2026-12-28".parse().unwrap());
    let works = |team| [thanksgiving, boxing_day].map(|date| schedule(team).is_working_day(date));
    assert_eq!(works("EMEA"), [false, true], "holidays come from the default");
    assert_eq!(works("Banks"), [true, false], "unless the team has its own");
    assert_eq!(works("unassigned"), [false, true]);
    assert_eq!(schedule("unassigned").zone(), Tz::America__New_York);
}

#[test]
fn absences_go_by_the_key_of_the_person_in_any_case() {
    let absences = [("Ana@Example.com".to_owned(), texts(&["2026-11-23/2026-11-27"]))].into_iter().collect();
    let calendar = calendar(&Settings { absences, ..Settings::default() });
    assert_eq!(calendar.people().collect::<Vec<_>>(), ["ana@example.com"]);
    assert!(calendar.absences("ana@example.COM").contains("2026-11-23".parse().unwrap()));
    assert_eq!(calendar.absences("bo@example.com"), Absences::NONE);
}

#[test]
fn wrong_settings_are_named_with_a_remedy() {
    let team = |team: TeamSettings| Settings {
        teams: [("EMEA".to_owned(), team)].into_iter().collect(),
        ..Settings::default()
    };
    let twice = [("ana".to_owned(), texts(&[])), ("Ana".to_owned(), texts(&[]))].into_iter().collect();
    for (settings, problem) in [
        (
            in_zone("Mars/Base"),
            "time_zone: `Mars/Base` is no IANA time zone; write one such as Europe/London or America/New_York",
        ),
        (
            Settings { week_starts_on: "1".to_owned(), ..Settings::default() },
            "week_starts_on: `1` is no day of the week; write monday to sunday, or mon to sun",
        ),
        (
            Settings { fiscal_year_starts_in: "Q1".to_owned(), ..Settings::default() },
            "fiscal_year_starts_in: `Q1` is no month; write january to december, or jan to dec",
        ),
        (
            Settings { working_days: Vec::new(), ..Settings::default() },
            "working_days: no day is named; write at least one, such as [mon, tue, wed, thu, fri]",
        ),
        (
            Settings { working_days: texts(&["mon", "tuesdy"]), ..Settings::default() },
            "working_days[1]: `tuesdy` is no day of the week; write monday to sunday, or mon to sun",
        ),
        (
            Settings { working_hours: "17:00-09:00".to_owned(), ..Settings::default() },
            "working_hours: `17:00-09:00` ends before it starts; write hours past midnight as two ranges: 00:00-06:00, \
             22:00-24:00",
        ),
        (
            Settings { holidays: texts(&["2026-02-29"]), ..Settings::default() },
            "holidays[0]: `2026-02-29` is no date; write one such as 2026-12-25",
        ),
        (
            team(TeamSettings { time_zone: Some("Europe/Londn".to_owned()), ..TeamSettings::default() }),
            "teams.EMEA.time_zone: `Europe/Londn` is no IANA time zone; did you mean Europe/London?",
        ),
        (
            team(TeamSettings { working_hours: Some("9-5".to_owned()), ..TeamSettings::default() }),
            "teams.EMEA.working_hours: `9-5` is no range of hours; write 09:00-17:00, or 09:00-12:00, 13:00-17:00 with a \
             break",
        ),
        (
            Settings { absences: twice, ..Settings::default() },
            "absences.Ana: the same person is named twice; write all absences under one key",
        ),
    ] {
        assert_eq!(Calendar::new(&settings, Path::new("")).unwrap_err().to_string(), problem);
    }
    let files = Some(vec![PathBuf::from("none.ics")]);
    let missing = team(TeamSettings { files, ..TeamSettings::default() });
    let problem = Calendar::new(&missing, Path::new("/nowhere")).unwrap_err();
    assert_eq!(problem.key, "teams.EMEA.files[0]");
    assert!(problem.text.starts_with("cannot read /nowhere/none.ics: "), "{problem}");
}

/// Working days per month of four countries' calendars agree with counts made by other programs.
#[test]
fn business_days_of_real_calendars() {
    let shared = std::env::var_os("CRM_EXPORTER_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let directory = shared.join("data/holidays");
    let Ok(table) = fs::read_to_string(directory.join("business-days.csv")) else {
        println!("skipped: {} is absent", directory.display());
        return;
    };
    let mut calendars: BTreeMap<&str, Calendar> = BTreeMap::new();
    let mut compared = 0;
    for row in table.lines().skip(1) {
        let [name, month, weekdays, business_days] = row.split(',').collect::<Vec<_>>()[..] else {
            panic!("{row}");
        };
        let calendar = calendars.entry(name).or_insert_with(|| {
            let dates = fs::read_to_string(directory.join(format!("holidays-{name}.csv"))).unwrap();
            let holidays = dates.lines().skip(1).map(|row| row[..10].to_owned()).collect();
            self::calendar(&Settings { holidays, ..Settings::default() })
        });
        let schedule = calendar.default_schedule();
        let first: NaiveDate = format!("{month}-01").parse().unwrap();
        let last = first + chrono::Months::new(1) - Days::new(1);
        assert_eq!(schedule.working_days(first, last).to_string(), business_days, "{row}");
        let span = Span { start: calendar.start_of(first), end: calendar.start_of(last + Days::new(1)) };
        assert_eq!(schedule.working_millis(span) / (8 * 3_600_000), business_days.parse::<i64>().unwrap(), "{row}");
        assert!(weekdays.parse::<u32>().unwrap() >= schedule.working_days(first, last), "{row}");
        compared += 1;
    }
    assert_eq!(compared, 960);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Current windows hold `now`; previous ones end where they start, and hold what is "to date" of them.
    #[test]
    fn windows_fit_together(
        zone in prop::sample::select(vec![
            "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "America/St_Johns", "Pacific/Apia",
        ]),
        week in prop::sample::select(vec!["monday", "sunday", "saturday"]),
        month in prop::sample::select(vec!["january", "february", "july", "december"]),
        nows in prop::collection::vec(1_230_768_000_000..1_893_456_000_000_i64, 100),
    ) {
        let calendar = calendar(&Settings {
            week_starts_on: week.to_owned(),
            fiscal_year_starts_in: month.to_owned(),
            ..in_zone(zone)
        });
        for now in nows.into_iter().map(Timestamp) {
            for period in Period::ALL {
                let current = calendar.span(Window::Current(period), now);
                let whole = calendar.period(period, now);
                let previous = calendar.span(Window::Previous(period), now);
                let to_date = calendar.span(Window::PreviousToDate(period), now);
                prop_assert!(current.contains(now) && whole.contains(now));
                prop_assert_eq!(current.start, whole.start);
                prop_assert_eq!(previous.end, whole.start);
                prop_assert!(!previous.is_empty());
                prop_assert_eq!(to_date.start, previous.start);
                prop_assert!(to_date.start <= to_date.end && to_date.end <= previous.end);
                let worked = |span| calendar.default_schedule().working_millis(span);
                let elapsed = worked(Span { start: whole.start, end: now });
                prop_assert_eq!(worked(to_date), elapsed.min(worked(previous)));
            }
            let days = calendar.span(Window::Days(7), now);
            prop_assert!(days.contains(now) && days.start <= calendar.period(Period::Day, now).start);
        }
    }
}
