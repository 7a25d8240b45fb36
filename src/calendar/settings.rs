//! The `calendar:` part of the settings, and how its single values are read.
//!
//! Values arrive as texts and are parsed when the calendar is made, so that an error can name the key and a remedy.

use std::path::PathBuf;

use chrono::{Month, NaiveDate, Weekday};
use chrono_tz::{TZ_VARIANTS, Tz};
use indexmap::IndexMap;
use serde::Deserialize;

use super::naming::YearNamedBy;
use crate::setting::Problem;

/// The business calendar as the settings describe it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The business time zone: an IANA name. Windows and dates without a time are in it.
    pub time_zone: String,
    /// First day of a week.
    pub week_starts_on: String,
    /// First month of a fiscal year; a quarter is three fiscal months.
    pub fiscal_year_starts_in: String,
    /// Which calendar year a fiscal year is named after: the one of its `start` or of its `end`.
    pub fiscal_year_named_by: String,
    /// Days of the week on which the floor works.
    pub working_days: Vec<String>,
    /// Working hours in local time: `09:00-17:00`, several ranges with commas between, up to `24:00`.
    pub working_hours: String,
    /// Dates on which the floor does not work.
    pub holidays: Vec<String>,
    /// iCalendar files whose all-day events are holidays too; relative paths start from the settings' directory.
    pub files: Vec<PathBuf>,
    /// Calendars of teams, by the team's name.
    pub teams: IndexMap<String, TeamSettings>,
    /// Dates (`2026-11-23`) and ranges of dates (`2026-11-23/2026-11-27`, both included) of absence, by person.
    pub absences: IndexMap<String, Vec<String>>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            time_zone: "UTC".to_owned(),
            week_starts_on: "monday".to_owned(),
            fiscal_year_starts_in: "january".to_owned(),
            fiscal_year_named_by: "start".to_owned(),
            working_days: ["mon", "tue", "wed", "thu", "fri"].map(str::to_owned).to_vec(),
            working_hours: "09:00-17:00".to_owned(),
            holidays: Vec::new(),
            files: Vec::new(),
            teams: IndexMap::new(),
            absences: IndexMap::new(),
        }
    }
}

/// What is different in the calendar of a team; what is unset is as in the default calendar.
///
/// Holidays and files of holidays are one: a team that sets either has none of the default calendar's, since another
/// country's days off are worse than none.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TeamSettings {
    /// The zone of the team's working hours and dates.
    pub time_zone: Option<String>,
    /// See [`Settings::working_days`].
    pub working_days: Option<Vec<String>>,
    /// See [`Settings::working_hours`].
    pub working_hours: Option<String>,
    /// See [`Settings::holidays`].
    pub holidays: Option<Vec<String>>,
    /// See [`Settings::files`].
    pub files: Option<Vec<PathBuf>>,
}

/// Reads an IANA time zone.
pub(super) fn time_zone(text: &str) -> Result<Tz, Problem> {
    text.trim().parse().map_err(|_| {
        let remedy = match likely_zone(text.trim()) {
            Some(zone) => format!("did you mean {}?", zone.name()),
            None => "write one such as Europe/London or America/New_York".to_owned(),
        };
        Problem::new("time_zone", format!("`{text}` is no IANA time zone; {remedy}"))
    })
}

/// The zone that is written most like `text`, in whole or in the part behind its last slash.
fn likely_zone(text: &str) -> Option<Tz> {
    const MOST_EDITS: usize = 2;
    let wanted = text.to_lowercase().replace(' ', "_");
    let edits = |zone: &Tz| {
        let name = zone.name().to_lowercase();
        let city = name.rsplit('/').next().unwrap_or(&name);
        strsim::levenshtein(&name, &wanted).min(strsim::levenshtein(city, &wanted))
    };
    let (edits, zone) = TZ_VARIANTS.iter().map(|zone| (edits(zone), zone)).min_by_key(|(edits, _)| *edits)?;
    // A short text is a few edits away from many names.
    (edits <= MOST_EDITS && edits * 3 < wanted.len()).then_some(*zone)
}

/// Reads a day of the week.
pub(super) fn weekday(key: &str, text: &str) -> Result<Weekday, Problem> {
    text.trim().parse().map_err(|_| {
        Problem::new(key, format!("`{text}` is no day of the week; write monday to sunday, or mon to sun"))
    })
}

/// Reads a month.
pub(super) fn month(key: &str, text: &str) -> Result<Month, Problem> {
    text.trim()
        .parse()
        .map_err(|_| Problem::new(key, format!("`{text}` is no month; write january to december, or jan to dec")))
}

/// Reads after which calendar year a fiscal year is named.
pub(super) fn year_named_by(key: &str, text: &str) -> Result<YearNamedBy, Problem> {
    match text.trim() {
        "start" => Ok(YearNamedBy::Start),
        "end" => Ok(YearNamedBy::End),
        other => {
            Err(Problem::new(key, format!("`{other}` is neither start nor end of the fiscal year; write one of them")))
        }
    }
}

/// Reads a date.
pub(super) fn date(key: &str, text: &str) -> Result<NaiveDate, Problem> {
    let text = text.trim();
    let shape = text.len() == "2026-12-25".len();
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| shape);
    date.ok_or_else(|| Problem::new(key, format!("`{text}` is no date; write one such as 2026-12-25")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(yaml: &str) -> Result<Settings, String> {
        let file = config::File::from_str(yaml, config::FileFormat::Yaml);
        let values = config::Config::builder().add_source(file).build().unwrap();
        values.try_deserialize().map_err(|error| error.to_string())
    }

    #[test]
    fn a_whole_part_is_read() {
        let settings = read(
            r#"
            time_zone: America/New_York
            working_hours: "09:00-12:00, 13:00-17:00"
            working_days: [mon, tue]
            holidays: [2026-11-26, 2026-12-25]
            files: [us.ics]
            teams: {EMEA: {time_zone: Europe/London, holidays: [2026-12-25]}}
            absences: {"ana@example.com": [2026-11-23/2026-11-27]}
            "#,
        )
        .unwrap();
        assert_eq!(settings.holidays, ["2026-11-26", "2026-12-25"]);
        assert_eq!(settings.files, [PathBuf::from("us.ics")]);
        assert_eq!(settings.teams["EMEA"].time_zone.as_deref(), Some("Europe/London"));
        assert_eq!(settings.teams["EMEA"].working_hours, None);
        assert_eq!(settings.absences["ana@example.com"], ["2026-11-23/2026-11-27"]);
        assert_eq!(settings.week_starts_on, "monday", "what is not written has its default");
    }

    #[test]
    fn unknown_keys_are_refused() {
        for yaml in ["timezone: UTC", "teams: {EMEA: {week_starts_on: sunday}}"] {
            let error = read(yaml).unwrap_err();
            assert!(error.contains("unknown field"), "{error}");
        }
    }

    #[test]
    fn zones_written_wrong_get_a_hint() {
        assert_eq!(time_zone("America/New_York").unwrap(), Tz::America__New_York);
        for (text, hint) in [
            ("Europe/Londn", "did you mean Europe/London?"),
            ("london", "did you mean Europe/London?"),
            ("America/New York", "did you mean America/New_York?"),
            ("america/new_york", "did you mean America/New_York?"),
            ("CESTX", "write one such as Europe/London or America/New_York"),
            ("", "write one such as Europe/London or America/New_York"),
        ] {
            let problem = time_zone(text).unwrap_err();
            assert_eq!(problem.key, "time_zone");
            assert_eq!(problem.text, format!("`{text}` is no IANA time zone; {hint}"));
        }
    }

    #[test]
    fn dates_are_real_and_written_in_full() {
        assert_eq!(date("k", " 2024-02-29 ").unwrap(), NaiveDate::from_ymd_opt(2024, 2, 29).unwrap());
        for text in ["2026-02-29", "2026-2-3", "25.12.2026", "2026-12-25T00:00", ""] {
            let problem = date("holidays[0]", text).unwrap_err();
            assert_eq!(problem.to_string(), format!("holidays[0]: `{text}` is no date; write one such as 2026-12-25"));
        }
    }

    #[test]
    fn days_and_months_go_by_their_names() {
        assert_eq!(weekday("k", "Sunday").unwrap(), Weekday::Sun);
        assert_eq!(weekday("k", "mon").unwrap(), Weekday::Mon);
        assert_eq!(month("k", "February").unwrap(), Month::February);
        assert_eq!(
            weekday("working_days[1]", "mo").unwrap_err().to_string(),
            "working_days[1]: `mo` is no day of the week; write monday to sunday, or mon to sun"
        );
        assert_eq!(
            month("fiscal_year_starts_in", "2").unwrap_err().to_string(),
            "fiscal_year_starts_in: `2` is no month; write january to december, or jan to dec"
        );
    }
}
