//! The current periods.

use super::Asked;
use crate::facts::testing::Org;

const NEW_YORK: &str = "{time_zone: America/New_York, week_starts_on: sunday, fiscal_year_starts_in: february,
                         holidays: ['2026-11-11', '2026-11-26', '2026-12-25']}";
const NIGHT_AND_DAY: &str = "{time_zone: America/New_York, working_hours: '00:00-24:00',
                              working_days: [mon, tue, wed, thu, fri, sat, sun]}";

fn asked(calendar: &'static str) -> Asked {
    Asked::new(Org { calendar, ..Org::default() })
}

/// A Wednesday at 11:00 in New York: two of eight hours have passed. Of working days, 2 of the week's 5 are over, 11 of
/// the month's 19, 11 of the quarter's 62, 206 of the year's 257.
#[test]
fn periods_tell_their_share_end_and_name() {
    asked(NEW_YORK).figures(
        "2026-11-18T16:00:00Z",
        r#"
        crm_period_elapsed_ratio{window="day"} 0.25
        crm_period_elapsed_ratio{window="week"} 0.45
        crm_period_elapsed_ratio{window="month"} 0.5921052631578947
        crm_period_elapsed_ratio{window="quarter"} 0.1814516129032258
        crm_period_elapsed_ratio{window="year"} 0.8025291828793775
        crm_period_end_timestamp_seconds{window="day"} 1795064400
        crm_period_end_timestamp_seconds{window="week"} 1795323600
        crm_period_end_timestamp_seconds{window="month"} 1796101200
        crm_period_end_timestamp_seconds{window="quarter"} 1801458000
        crm_period_end_timestamp_seconds{window="year"} 1801458000
        crm_period_info{window="day",name="18 November 2026",last_day="18 Nov"} 1
        crm_period_info{window="week",name="Week of 15 November 2026",last_day="21 Nov"} 1
        crm_period_info{window="month",name="November 2026",last_day="30 Nov"} 1
        crm_period_info{window="quarter",name="Q4 FY2026",last_day="31 Jan"} 1
        crm_period_info{window="year",name="FY2026",last_day="31 Jan"} 1
        "#,
    );
}

#[test]
fn the_example_of_the_docs_holds() {
    let year = "{fiscal_year_starts_in: february, fiscal_year_named_by: end}";
    for (calendar, quarter) in [("{fiscal_year_starts_in: february}", "Q3 FY2026"), (year, "Q3 FY2027")] {
        let named = |window, name, last_day| {
            let labels = [("window", window), ("name", name), ("last_day", last_day)];
            asked(calendar).value("crm_period_info", &labels, "2026-10-15T12:00:00Z")
        };
        assert_eq!(named("month", "October 2026", "31 Oct"), Some(1.0));
        assert_eq!(named("quarter", quarter, "31 Oct"), Some(1.0));
    }
}

/// Noon on the day clocks go forward: 11 of 23 hours; on the day they go back: 13 of 25.
#[test]
fn hours_across_clock_changes_are_real_time() {
    let day = |now| asked(NIGHT_AND_DAY).value("crm_period_elapsed_ratio", &[("window", "day")], now);
    assert_eq!(day("2026-03-08T16:00:00Z"), Some(11.0 / 23.0));
    assert_eq!(day("2026-11-01T17:00:00Z"), Some(13.0 / 25.0));
    let end = |now| asked(NIGHT_AND_DAY).value("crm_period_end_timestamp_seconds", &[("window", "day")], now);
    assert_eq!(end("2026-03-08T16:00:00Z"), Some(1_773_028_800.0));
    assert_eq!(end("2026-11-01T17:00:00Z"), Some(1_793_595_600.0));
}

/// A Saturday, after a week of three days: 18 of the month's 19 working days are over, 40 of the quarter's 64, 235 of the
/// year's 259.
#[test]
fn a_period_without_working_time_has_no_share() {
    asked("{holidays: ['2026-11-26', '2026-11-27']}").figures(
        "2026-11-28T12:00:00Z",
        r#"
        crm_period_elapsed_ratio{window="week"} 1
        crm_period_elapsed_ratio{window="month"} 0.9473684210526315
        crm_period_elapsed_ratio{window="quarter"} 0.625
        crm_period_elapsed_ratio{window="year"} 0.9073359073359073
        "#,
    );
}

/// The year turns at local midnight: in Auckland it is 2027 while London still has 2026.
#[test]
fn periods_turn_in_the_business_zone() {
    for (calendar, year, share) in
        [("{time_zone: Pacific/Auckland}", "FY2027", 0.0), ("{time_zone: Europe/London}", "FY2026", 1.0)]
    {
        let now = "2026-12-31T18:00:00Z";
        let floor = asked(calendar);
        assert_eq!(floor.value("crm_period_info", &[("window", "year"), ("name", year)], now), Some(1.0));
        assert_eq!(floor.value("crm_period_elapsed_ratio", &[("window", "year")], now), Some(share));
    }
}
