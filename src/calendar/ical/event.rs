//! One event of an iCalendar file, as far as it concerns holidays.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use icalendar::parser::{Component, Property};

use super::recurrence::Recurrence;

/// A holiday that lasts longer is taken for a mistake.
const MOST_DAYS: i64 = 366;

/// An event of whole days. One that is no holiday lasts 0 days.
pub(super) struct Event<'a> {
    pub(super) uid: Option<&'a str>,
    /// The date of the occurrence of its series that this event stands for.
    pub(super) replaces: Option<NaiveDate>,
    pub(super) days: u64,
    first: NaiveDate,
    recurrence: Recurrence<'a>,
}

impl<'a> Event<'a> {
    /// Reads an event. The error says what is wrong with it and what to do.
    pub(super) fn read(component: &'a Component<'a>, zone: Tz) -> Result<Event<'a>, String> {
        let start = property(component, "DTSTART").ok_or("it has no DTSTART; add one or remove the event")?;
        let start = moment(start.val.as_str(), zone).map_err(|text| format!("DTSTART: {text}"))?;
        let cancelled = value(component, "STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED"));
        let replaces =
            property(component, "RECURRENCE-ID").map(|property| replaced_date(property, zone)).transpose()?;
        Ok(Event {
            uid: value(component, "UID"),
            replaces,
            days: if cancelled { 0 } else { whole_days(component, start, zone)? },
            first: start.date(),
            recurrence: Recurrence::read(component, zone)?,
        })
    }

    /// The first date of every occurrence that no other event replaces.
    pub(super) fn starts(&self, replaced: &HashMap<&str, BTreeSet<NaiveDate>>) -> Result<BTreeSet<NaiveDate>, String> {
        if self.days == 0 {
            return Ok(BTreeSet::new());
        }
        let mut starts = self.recurrence.dates(self.first)?;
        let others = self.uid.filter(|_| self.replaces.is_none()).and_then(|uid| replaced.get(uid));
        starts.retain(|date| !others.is_some_and(|others| others.contains(date)));
        Ok(starts)
    }
}

/// The value of a property, if the component has it.
pub(super) fn value<'a>(component: &'a Component<'a>, name: &str) -> Option<&'a str> {
    property(component, name).map(|property| property.val.as_str())
}

fn property<'a>(component: &'a Component<'a>, name: &str) -> Option<&'a Property<'a>> {
    properties(component, name).next()
}

/// Every property of a name.
pub(super) fn properties<'a>(component: &'a Component<'a>, name: &str) -> impl Iterator<Item = &'a Property<'a>> {
    component.properties.iter().filter(move |property| property.name.as_str().eq_ignore_ascii_case(name))
}

/// A date, or a time on the event's own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Date(NaiveDate),
    Time(NaiveDateTime),
}

impl Moment {
    pub(super) fn date(self) -> NaiveDate {
        match self {
            Moment::Date(date) => date,
            Moment::Time(time) => time.date(),
        }
    }

    /// The date, if a whole day can start or end here.
    fn midnight(self) -> Option<NaiveDate> {
        match self {
            Moment::Date(date) => Some(date),
            Moment::Time(time) => (time.time() == NaiveTime::MIN).then(|| time.date()),
        }
    }
}

/// Reads a date (`20261225`), a time on the event's clock (`20261225T090000`) or one in UTC (`20261225T090000Z`), which
/// becomes a time on the clocks of `zone`.
pub(super) fn moment(text: &str, zone: Tz) -> Result<Moment, String> {
    let moment = match (text.len(), text.strip_suffix('Z')) {
        (8, _) => NaiveDate::parse_from_str(text, "%Y%m%d").map(Moment::Date),
        (_, Some(utc)) => NaiveDateTime::parse_from_str(utc, "%Y%m%dT%H%M%S").map(|utc| {
            let at = DateTime::<Utc>::from_naive_utc_and_offset(utc, Utc);
            Moment::Time(at.with_timezone(&zone).naive_local())
        }),
        (_, None) => NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").map(Moment::Time),
    };
    moment.map_err(|_| format!("`{text}` is no date; write one such as 20261225"))
}

fn replaced_date(property: &Property, zone: Tz) -> Result<NaiveDate, String> {
    if property.params.iter().any(|param| param.key.as_str().eq_ignore_ascii_case("RANGE")) {
        return Err(
            "a RECURRENCE-ID with RANGE is not supported; end the series with UNTIL and start another".to_owned()
        );
    }
    let moment = moment(property.val.as_str(), zone).map_err(|text| format!("RECURRENCE-ID: {text}"))?;
    Ok(moment.date())
}

/// How many whole days the event lasts; 0 where it is one with a time of day.
fn whole_days(component: &Component, start: Moment, zone: Tz) -> Result<u64, String> {
    let Some(first) = start.midnight() else { return Ok(0) };
    let days = match (value(component, "DTEND"), value(component, "DURATION")) {
        (Some(end), _) => {
            let end = moment(end, zone).map_err(|text| format!("DTEND: {text}"))?;
            end.midnight().map(|end| (end - first).num_days())
        }
        (None, Some(duration)) => days_of(duration),
        (None, None) => Some(i64::from(matches!(start, Moment::Date(_)))),
    };
    match (days, start) {
        (None, Moment::Time(_)) => Ok(0),
        (None, Moment::Date(_)) => Err("it starts on a date and does not last whole days; end it on a date".to_owned()),
        (Some(days), _) if days < 0 => Err("it ends before it starts; swap DTSTART and DTEND".to_owned()),
        (Some(days), _) if days > MOST_DAYS => Err(format!("it lasts {days} days; a holiday lasts a year at most")),
        // Some programs write the last day of an all-day event as its end.
        (Some(0), Moment::Date(_)) => Ok(1),
        (Some(days), _) => Ok(days.unsigned_abs()),
    }
}

/// The days of a duration of whole days or weeks: `P1D`, `P2W`.
fn days_of(duration: &str) -> Option<i64> {
    let number = |text: &str| text.parse::<u16>().ok().map(i64::from);
    let text = duration.strip_prefix('+').unwrap_or(duration).strip_prefix('P')?;
    match (text.strip_suffix('D'), text.strip_suffix('W')) {
        (Some(days), _) => number(days),
        (_, Some(weeks)) => number(weeks).map(|weeks| weeks * 7),
        _ => None,
    }
}
