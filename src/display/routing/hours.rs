//! When teams are told of alerts: the working hours of their calendars, as time intervals that routes refer to.

use serde_json::{Map, Value, json};

use super::holidays;
use crate::calendar::{Calendar, Schedule};

/// A set of hours at which teams work, and the teams.
pub(super) struct Hours {
    /// Name of the interval of working hours.
    name: String,
    /// Name of the holidays; none where there are no holidays.
    holidays: Option<String>,
    intervals: Intervals,
    /// Teams with these hours; of the default calendar, none: it is that of all others.
    pub(super) teams: Vec<String>,
}

#[derive(PartialEq)]
struct Intervals {
    zone: &'static str,
    hours: Value,
    holidays: Vec<Value>,
}

/// The hours of the default calendar, then those of teams that have others, once for all teams that share them.
pub(super) fn of_all_teams(calendar: &Calendar) -> Vec<Hours> {
    let default = Hours::new("crm", Intervals::of(calendar.default_schedule()));
    let mut all = vec![default];
    for team in calendar.teams() {
        let Some(schedule) = calendar.own_schedule(team) else { continue };
        let intervals = Intervals::of(schedule);
        match all.iter_mut().position(|hours| hours.intervals == intervals) {
            Some(0) => {}
            Some(known) => all[known].teams.push(team.to_owned()),
            None => {
                let mut hours = Hours::new(&prefix(&intervals, &all), intervals);
                hours.teams.push(team.to_owned());
                all.push(hours);
            }
        }
    }
    all
}

/// A name after the zone; where hours of that zone have it, one with a number.
fn prefix(intervals: &Intervals, all: &[Hours]) -> String {
    let zone = intervals.zone.to_lowercase().replace(['/', '_'], "-");
    let before = all.iter().skip(1).filter(|hours| hours.intervals.zone == intervals.zone).count();
    if before == 0 { format!("crm-{zone}") } else { format!("crm-{zone}-{}", before + 1) }
}

impl Intervals {
    fn of(schedule: &Schedule) -> Intervals {
        let zone = schedule.zone().name();
        let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let times = schedule.hours().map(|(start, end)| json!({"start_time": clock(start), "end_time": clock(end)}));
        let weekdays = schedule.weekdays().map(full_name);
        let hours = json!({
            "times": times.collect::<Vec<_>>(),
            "weekdays": weekdays.collect::<Vec<_>>(),
            "location": zone,
        });
        Intervals { zone, hours, holidays: holidays::intervals(schedule.holidays(), zone) }
    }
}

fn full_name(day: chrono::Weekday) -> &'static str {
    match day {
        chrono::Weekday::Mon => "monday",
        chrono::Weekday::Tue => "tuesday",
        chrono::Weekday::Wed => "wednesday",
        chrono::Weekday::Thu => "thursday",
        chrono::Weekday::Fri => "friday",
        chrono::Weekday::Sat => "saturday",
        chrono::Weekday::Sun => "sunday",
    }
}

impl Hours {
    fn new(prefix: &str, intervals: Intervals) -> Hours {
        let holidays = (!intervals.holidays.is_empty()).then(|| format!("{prefix}-holidays"));
        Hours { name: format!("{prefix}-hours"), holidays, intervals, teams: Vec::new() }
    }

    /// The time zone of the hours.
    pub(super) fn zone(&self) -> &'static str {
        self.intervals.zone
    }

    /// The entries of `time_intervals`.
    pub(super) fn time_intervals(&self) -> Vec<Value> {
        let mut entries = vec![json!({"name": self.name, "time_intervals": [self.intervals.hours]})];
        if let Some(name) = &self.holidays {
            entries.push(json!({"name": name, "time_intervals": self.intervals.holidays}));
        }
        entries
    }

    /// The route with these hours: what matches it waits for them. Routes below do not inherit them.
    pub(super) fn kept_by(&self, mut route: Map<String, Value>) -> Map<String, Value> {
        route.insert("active_time_intervals".to_owned(), json!([self.name]));
        if let Some(name) = &self.holidays {
            route.insert("mute_time_intervals".to_owned(), json!([name]));
        }
        route
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::calendar::{Settings, TeamSettings};

    fn team(zone: &str) -> TeamSettings {
        TeamSettings { time_zone: Some(zone.to_owned()), ..TeamSettings::default() }
    }

    #[test]
    fn teams_with_the_same_hours_share_them() {
        let mut settings = Settings { holidays: vec!["2026-12-25".to_owned()], ..Settings::default() };
        settings.teams.insert("EMEA".to_owned(), team("Europe/London"));
        settings.teams.insert("Home".to_owned(), team("UTC"));
        settings.teams.insert("Iberia".to_owned(), team("Europe/London"));
        let late = TeamSettings { working_hours: Some("12:00-20:00".to_owned()), ..team("Europe/London") };
        settings.teams.insert("Late".to_owned(), late);
        let calendar = Calendar::new(&settings, Path::new("")).unwrap();
        let all = of_all_teams(&calendar);
        let names: Vec<_> = all.iter().map(|hours| (hours.name.as_str(), hours.teams.join(","))).collect();
        assert_eq!(
            names,
            [
                ("crm-hours", String::new()),
                ("crm-europe-london-hours", "EMEA,Iberia".to_owned()),
                ("crm-europe-london-2-hours", "Late".to_owned()),
            ]
        );
        let route = all[1].kept_by(Map::new());
        assert_eq!(
            Value::Object(route),
            json!({
                "active_time_intervals": ["crm-europe-london-hours"],
                "mute_time_intervals": ["crm-europe-london-holidays"],
            })
        );
        assert_eq!(all[1].time_intervals()[0]["time_intervals"][0]["location"], "Europe/London");
    }
}
