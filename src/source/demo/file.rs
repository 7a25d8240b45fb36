//! The settings file of the demo: a fixed text, into which go the dates that follow from the day on which it is made.

use std::fmt::Write as _;

use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::cast::{Cast, PEOPLE, TEAMS};
use super::time::{date, day_of};
use super::world::World;
use crate::domain::Timestamp;

/// The text, with a word between `@` for whatever follows from the day.
const TEXT: &str = include_str!("demo.yaml");

/// How far back a living floor tells activities.
const HISTORY: &str = "370d";

/// The goals were reviewed so many days before the anchor.
const REVIEWED_DAYS_AGO: u64 = 120;

/// Which invented floor the settings are for.
#[derive(Debug, Clone, Copy)]
pub struct DemoFloor {
    /// Another seed is another history of the same people.
    pub seed: u64,
    /// How much happens, as a multiple of what is usual.
    pub pace: f64,
    /// Years of history.
    pub years: u32,
    /// The instant that the settings are made for: people's stories are told from its UTC day.
    pub now: Timestamp,
    /// Whether the floor stands still from `now` on.
    pub stands_still: bool,
}

/// A complete settings file for the floor. Whether seed, pace and years make sense is said when it is read.
pub fn demo_settings(floor: &DemoFloor) -> String {
    let anchor = floor.now.utc().date_naive();
    let world = World::new(floor.seed, floor.pace, anchor, floor.years);
    let month_begins = anchor.with_day(1).unwrap_or(anchor);
    // How far back figures may look counts from the last poll, which for a floor that stands still may be any time later:
    // only with its whole history are its figures always the same.
    let (until, history) = match floor.stands_still {
        true => (format!("\"{}\"", floor.now), String::new()),
        false => (String::new(), HISTORY.to_owned()),
    };
    let fill = [
        ("@SEED@", floor.seed.to_string()),
        ("@PACE@", floor.pace.to_string()),
        ("@YEARS@", floor.years.to_string()),
        ("@ANCHOR@", anchor.to_string()),
        ("@UNTIL@", until),
        ("@HISTORY@", history),
        ("@TEAMS@", teams(&world, anchor)),
        ("@ABSENCES@", absences(world.cast)),
        ("@START@", date(world.start).to_string()),
        ("@MONTH_BEGINS@", month_begins.to_string()),
        ("@MONTH_ENDS@", (month_begins + Months::new(1) - Days::new(1)).to_string()),
        ("@REVIEWED@", (anchor - Days::new(REVIEWED_DAYS_AGO)).to_string()),
    ];
    let filled = fill.iter().fold(TEXT.to_owned(), |text, (word, value)| text.replace(word, value));
    // An empty value leaves its blank behind.
    filled.replace(": \n", ":\n")
}

/// The calendar of each team, with its holidays from the beginning of the history to two years after the anchor.
fn teams(world: &World, anchor: NaiveDate) -> String {
    let (first, last) = (world.start, day_of(anchor) + 731);
    let mut text = String::new();
    for (number, team) in TEAMS.iter().enumerate() {
        let holidays: Vec<String> = (first..=last)
            .filter(|day| super::cast::is_holiday(number, *day))
            .map(|day| date(day).to_string())
            .collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    {}:", team.name);
        let _ = writeln!(text, "      time_zone: {}", team.zone.name());
        let _ = writeln!(text, "      working_hours: \"08:00-17:00\"");
        let _ = writeln!(text, "      holidays: [{}]", holidays.join(", "));
    }
    text.trim_end().to_owned()
}

fn absences(cast: Cast) -> String {
    let away = |(number, person): (usize, &super::cast::Person)| {
        let (first, last) = cast.holiday(number)?;
        Some(format!("    {}: [{}/{}]", person.email(), date(first), date(last)))
    };
    PEOPLE.iter().enumerate().filter_map(away).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::demo::cast::Role;

    fn text(stands_still: bool) -> String {
        demo_settings(&DemoFloor {
            seed: 7,
            pace: 0.5,
            years: 2,
            now: "2026-03-10T12:00:00Z".parse().unwrap(),
            stands_still,
        })
    }

    #[test]
    fn every_word_is_filled_in() {
        let text = text(true);
        assert!(!text.replace("@example.com", "").contains('@'), "{text}");
        for line in [
            "    seed: 7\n",
            "    pace: 0.5\n",
            "    years: 2\n",
            "    anchor: 2026-03-10\n",
            "    until: \"2026-03-10T12:00:00Z\"\n",
            "    history:\n",
            "      time_zone: America/Los_Angeles\n",
            "      holidays: [2024-08-09, 2025-08-09, 2026-08-09, 2027-08-09]\n",
            "    emeka@example.com: [2026-03-06/2026-03-19]\n",
        ] {
            assert!(text.contains(line), "{line}{text}");
        }
    }

    #[test]
    fn a_living_floor_has_no_end() {
        let text = text(false);
        assert!(text.contains("    until:\n") && text.contains("    history: 370d\n"), "{text}");
    }

    #[test]
    fn managers_and_teams_are_those_of_the_cast() {
        let text = text(false);
        for person in PEOPLE.iter().filter(|person| person.role == Role::Manager) {
            let line = format!("    {}: {{manager: {},", TEAMS[person.team].name, person.email());
            assert!(text.contains(&line), "{line}");
        }
    }
}
