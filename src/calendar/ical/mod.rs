//! Holidays in an iCalendar file (RFC 5545): its all-day events, once or recurring, of one day or several.
//!
//! Events with a time of day are no holidays, unless they run from one midnight to another by their own clock, as some
//! programs write all-day events. Cancelled events are none. What cannot be understood is an error that names the event:
//! a holiday left out in silence would make figures wrong in silence.

mod event;
mod recurrence;

use std::collections::{BTreeSet, HashMap};

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use icalendar::parser::{Component, read_calendar_simple, unfold};

use event::Event;

/// Why a text holds no usable holidays.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum IcalError {
    #[error("what starts at line {line} is not as RFC 5545 has it; export the calendar once more")]
    Syntax { line: usize },
    #[error("it holds no VCALENDAR; name an iCalendar file")]
    NoCalendar,
    #[error("event {number}{uid}: {text}")]
    Event { number: usize, uid: String, text: String },
}

/// The dates of all holidays in the text of an iCalendar file. Times in UTC are read on the clocks of `zone`.
pub(super) fn holidays(text: &str, zone: Tz) -> Result<BTreeSet<NaiveDate>, IcalError> {
    let text = text.trim_start_matches('\u{feff}');
    let unfolded = unfold(text);
    let roots = read_calendar_simple(&unfolded)
        .map_err(|error| IcalError::Syntax { line: line_of(text, &unfolded, error.input.len()) })?;
    let calendars: Vec<&Component> = roots.iter().filter(|root| is_named(root, "VCALENDAR")).collect();
    if calendars.is_empty() {
        return Err(IcalError::NoCalendar);
    }
    let components = calendars.iter().flat_map(|calendar| &calendar.components);
    let mut events = Vec::new();
    for (index, component) in components.filter(|component| is_named(component, "VEVENT")).enumerate() {
        let event = Event::read(component, zone).map_err(|text| fault(index, component, text))?;
        events.push((index, component, event));
    }
    let replaced = replaced(events.iter().map(|(_, _, event)| event));
    let mut dates = BTreeSet::new();
    for (index, component, event) in &events {
        let starts = event.starts(&replaced).map_err(|text| fault(*index, component, text))?;
        dates.extend(starts.iter().flat_map(|start| (0..event.days).map(|day| *start + Days::new(day))));
    }
    Ok(dates)
}

/// The occurrences, by the event's UID, that the file tells apart from their series.
fn replaced<'a>(events: impl Iterator<Item = &'a Event<'a>>) -> HashMap<&'a str, BTreeSet<NaiveDate>> {
    let mut replaced: HashMap<&str, BTreeSet<NaiveDate>> = HashMap::new();
    for event in events {
        if let (Some(uid), Some(date)) = (event.uid, event.replaces) {
            replaced.entry(uid).or_default().insert(date);
        }
    }
    replaced
}

fn is_named(component: &Component, name: &str) -> bool {
    component.name.as_str().eq_ignore_ascii_case(name)
}

fn fault(index: usize, component: &Component, text: String) -> IcalError {
    let uid = event::value(component, "UID").map(|uid| format!(" (UID {uid})")).unwrap_or_default();
    IcalError::Event { number: index + 1, uid, text }
}

/// The line of the file that holds the place `rest` bytes before the end of the unfolded text.
fn line_of(text: &str, unfolded: &str, rest: usize) -> usize {
    let read = &unfolded.as_bytes()[..unfolded.len().saturating_sub(rest)];
    let unfolded_line = read.iter().filter(|byte| **byte == b'\n').count();
    let starts = text.lines().enumerate().filter(|(_, line)| !line.starts_with([' ', '\t']));
    starts.map(|(index, _)| index + 1).nth(unfolded_line).unwrap_or_else(|| text.lines().count().max(1))
}

#[cfg(test)]
mod tests;
