//! The business calendar: time zones, holidays, working time, periods and windows.
//!
//! It says when; what is counted belongs to `measures`. Nothing here reads a clock: `now` is an argument.

mod absences;
mod holidays;
mod hours;
mod ical;
mod naming;
mod period;
mod schedule;
mod settings;
mod window;
mod zone;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use chrono::{Days, Month, NaiveDate, Weekday};
use chrono_tz::Tz;
use indexmap::IndexMap;

use crate::domain::{Span, Timestamp, When};
use crate::setting::Problem;

pub use absences::Absences;
pub use period::Period;
pub use schedule::Schedule;
pub use settings::{Settings, TeamSettings};
pub use window::{ParseWindowError, Window};

use hours::Hours;
use naming::YearNamedBy;
use period::Starts;
use zone::Zone;

/// The business calendar: the business time zone with its periods, the schedules of the teams, and who is away.
#[derive(Debug)]
pub struct Calendar {
    zone: Arc<Zone>,
    starts: Starts,
    year_named_by: YearNamedBy,
    default: Schedule,
    teams: IndexMap<String, Schedule>,
    absences: IndexMap<String, Absences>,
}

impl Calendar {
    /// Makes the calendar that the settings describe; relative paths of holiday files start from `directory`.
    ///
    /// # Errors
    ///
    /// The first value that is wrong: unknown zones, wrong dates, hours or days, files that cannot be read. Keys are
    /// seen from the settings' `calendar`.
    pub fn new(settings: &Settings, directory: &Path) -> Result<Calendar, Problem> {
        let mut zones = Zones::default();
        let zone = zones.get(settings::time_zone(&settings.time_zone)?);
        let starts = Starts {
            week: settings::weekday("week_starts_on", &settings.week_starts_on)?,
            year: settings::month("fiscal_year_starts_in", &settings.fiscal_year_starts_in)?,
        };
        let year_named_by = settings::year_named_by("fiscal_year_named_by", &settings.fiscal_year_named_by)?;
        let default = schedule(settings, directory, &mut zones)?;
        let mut teams = IndexMap::new();
        for (name, team) in &settings.teams {
            let team = schedule(&merged(settings, team), directory, &mut zones)
                .map_err(|problem| problem.under(&format!("teams.{name}")))?;
            teams.insert(name.clone(), team);
        }
        let mut absences: IndexMap<String, Absences> = IndexMap::new();
        for (person, entries) in &settings.absences {
            let away = Absences::parse(&format!("absences.{person}"), entries)?;
            if absences.insert(person.to_lowercase(), away).is_some() {
                let text = "the same person is named twice; write all absences under one key";
                return Err(Problem::new(format!("absences.{person}"), text));
            }
        }
        Ok(Calendar { zone, starts, year_named_by, default, teams, absences })
    }

    /// First day of a week.
    pub fn week_starts_on(&self) -> Weekday {
        self.starts.week
    }

    /// First month of the fiscal year.
    pub fn fiscal_year_starts_in(&self) -> Month {
        self.starts.year
    }

    /// The business time zone.
    pub fn zone(&self) -> Tz {
        self.zone.tz()
    }

    /// The local date of an instant in the business time zone: the last one that has begun. Instants outside the years
    /// 1 to 9999 count as the first or last date.
    pub fn date(&self, at: Timestamp) -> NaiveDate {
        self.zone.date(at)
    }

    /// First instant of a local date of the business time zone; of a date that the zone skipped, the next date's.
    pub fn start_of(&self, date: NaiveDate) -> Timestamp {
        self.zone.start_of(date)
    }

    /// The instant, or the first one of the local date.
    pub fn instant(&self, when: When) -> Timestamp {
        match when {
            When::At(at) => at,
            When::On(date) => self.start_of(date),
        }
    }

    /// The whole period that contains `at`.
    pub fn period(&self, period: Period, at: Timestamp) -> Span {
        let date = self.date(at);
        let start = self.start_of(self.starts.first(period, date));
        Span { start, end: self.start_of(self.starts.next(period, date)) }
    }

    /// The whole period before the one that contains `at`.
    pub fn previous(&self, period: Period, at: Timestamp) -> Span {
        self.period(period, self.period(period, at).start.plus_millis(-1))
    }

    /// What a window covers at `now`. One that ends at `now` contains `now`, and so ends a millisecond later.
    pub fn span(&self, window: Window, now: Timestamp) -> Span {
        let after_now = now.plus_millis(1);
        match window {
            Window::Current(period) => Span { start: self.period(period, now).start, end: after_now },
            Window::Previous(period) => self.previous(period, now),
            Window::PreviousToDate(period) => self.previous_to_date(period, now),
            Window::Days(days) => {
                let earlier = Days::new(u64::from(days.saturating_sub(1)));
                let first = self.date(now).checked_sub_days(earlier).unwrap_or(NaiveDate::MIN);
                Span { start: self.start_of(first), end: after_now }
            }
        }
    }

    /// The previous period to the first instant at which as much working time had passed as has in the current one.
    fn previous_to_date(&self, period: Period, now: Timestamp) -> Span {
        let current = Span { start: self.period(period, now).start, end: now };
        let previous = self.previous(period, now);
        let end = self.default.instant_within(previous, self.default.working_millis(current));
        Span { start: previous.start, end }
    }

    /// The schedule of the org, of teams without one of their own, and of records without a team.
    pub fn default_schedule(&self) -> &Schedule {
        &self.default
    }

    /// The schedule that the settings give the team of this name, if any.
    pub fn own_schedule(&self, team: &str) -> Option<&Schedule> {
        self.teams.get(team)
    }

    /// The days on which a person is away, by the key that the settings use for the person, in any case.
    pub fn absences(&self, person: &str) -> &Absences {
        self.absences.get(&person.to_lowercase()).unwrap_or(Absences::NONE)
    }

    /// Names of the teams that have a schedule of their own, as the settings write them.
    pub fn teams(&self) -> impl Iterator<Item = &str> {
        self.teams.keys().map(String::as_str)
    }

    /// Keys of the people whose absences are set, in lower case.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        self.absences.keys().map(String::as_str)
    }
}

/// Zones that are in use: teams often share one, and making it takes a while.
#[derive(Default)]
struct Zones(HashMap<Tz, Arc<Zone>>);

impl Zones {
    fn get(&mut self, tz: Tz) -> Arc<Zone> {
        Arc::clone(self.0.entry(tz).or_insert_with(|| Arc::new(Zone::new(tz))))
    }
}

/// The default calendar with what is different for a team.
fn merged(default: &Settings, team: &TeamSettings) -> Settings {
    let mut merged = default.clone();
    if team.holidays.is_some() || team.files.is_some() {
        merged.holidays = team.holidays.clone().unwrap_or_default();
        merged.files = team.files.clone().unwrap_or_default();
    }
    if let Some(zone) = &team.time_zone {
        merged.time_zone.clone_from(zone);
    }
    if let Some(days) = &team.working_days {
        merged.working_days.clone_from(days);
    }
    if let Some(hours) = &team.working_hours {
        merged.working_hours.clone_from(hours);
    }
    merged
}

fn schedule(settings: &Settings, directory: &Path, zones: &mut Zones) -> Result<Schedule, Problem> {
    let tz = settings::time_zone(&settings.time_zone)?;
    let weekdays = working_days(&settings.working_days)?;
    let hours = Hours::parse(&settings.working_hours).map_err(|text| Problem::new("working_hours", text))?;
    let holidays = holidays::collect(&settings.holidays, &settings.files, directory, tz)?;
    Ok(Schedule::new(zones.get(tz), hours, &weekdays, &holidays))
}

fn working_days(names: &[String]) -> Result<Vec<Weekday>, Problem> {
    if names.is_empty() {
        return Err(Problem::new(
            "working_days",
            "no day is named; write at least one, such as [mon, tue, wed, thu, fri]",
        ));
    }
    let days = names.iter().enumerate();
    days.map(|(index, name)| settings::weekday(&format!("working_days[{index}]"), name)).collect()
}

#[cfg(test)]
mod tests;
