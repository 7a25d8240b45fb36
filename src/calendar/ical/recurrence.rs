//! On which dates an event of whole days starts: once, or by its rules.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use icalendar::parser::Component;
use rrule::{RRule, RRuleSet, Unvalidated};

use super::event::{moment, properties, value};

/// Recurring holidays are known to the end of this year.
const LAST_YEAR: i32 = 2100;

/// The rules by which an event recurs, and its dates that no rule gives.
pub(super) struct Recurrence<'a> {
    rules: Vec<Rule<'a>>,
    added: BTreeSet<NaiveDate>,
    excluded: BTreeSet<NaiveDate>,
}

struct Rule<'a> {
    /// As the file has it.
    text: &'a str,
    rule: RRule<Unvalidated>,
}

impl<'a> Recurrence<'a> {
    /// Reads the properties by which an event recurs.
    pub(super) fn read(component: &'a Component<'a>, zone: Tz) -> Result<Recurrence<'a>, String> {
        if value(component, "EXRULE").is_some() {
            return Err("EXRULE is not supported; list the dates that it takes out as EXDATE".to_owned());
        }
        Ok(Recurrence {
            rules: properties(component, "RRULE")
                .map(|rule| Rule::read(rule.val.as_str(), zone))
                .collect::<Result<_, _>>()?,
            added: dates(component, "RDATE", zone)?,
            excluded: dates(component, "EXDATE", zone)?,
        })
    }

    /// All dates of an event that starts on `first`; that one is among them unless it is excluded.
    pub(super) fn dates(&self, first: NaiveDate) -> Result<BTreeSet<NaiveDate>, String> {
        let mut dates = self.added.clone();
        dates.insert(first);
        for rule in &self.rules {
            dates.extend(rule.dates(first)?);
        }
        dates.retain(|date| !self.excluded.contains(date));
        Ok(dates)
    }
}

impl<'a> Rule<'a> {
    fn read(text: &'a str, zone: Tz) -> Result<Rule<'a>, String> {
        let rule = by_date(text, zone)?.parse().map_err(|error| fault(text, &error))?;
        Ok(Rule { text, rule })
    }

    /// All dates of the rule to the end of the last year.
    fn dates(&self, first: NaiveDate) -> Result<Vec<NaiveDate>, String> {
        let end = NaiveDate::from_ymd_opt(LAST_YEAR + 1, 1, 1).unwrap_or_default();
        let start = midnight(first);
        let rule = self.rule.clone().validate(start).map_err(|error| fault(self.text, &error))?;
        let found = RRuleSet::new(start).rrule(rule).before(midnight(end)).all(u16::MAX);
        if found.limited {
            return Err(format!(
                "RRULE `{}` gives too many dates, or none; a holiday recurs by days or longer",
                self.text
            ));
        }
        Ok(found.dates.iter().map(|date| date.date_naive()).filter(|date| *date < end).collect())
    }
}

/// The rule with its end as a date at midnight UTC, as the starts are: otherwise the end would depend on the zone of the
/// machine.
fn by_date(rule: &str, zone: Tz) -> Result<String, String> {
    let parts = rule.split(';').map(|part| match part.split_once('=') {
        Some((key, until)) if key.eq_ignore_ascii_case("UNTIL") => {
            let until = moment(until, zone).map_err(|text| format!("RRULE: UNTIL: {text}"))?;
            Ok(until.date().format("UNTIL=%Y%m%dT000000Z").to_string())
        }
        _ => Ok(part.to_owned()),
    });
    Ok(parts.collect::<Result<Vec<_>, String>>()?.join(";"))
}

fn fault(rule: &str, error: &rrule::RRuleError) -> String {
    format!("RRULE `{rule}` is not understood: {error}; write it as RFC 5545 has it, such as FREQ=YEARLY")
}

/// The dates of a property that lists some, and that an event may have several times.
fn dates(component: &Component, name: &str, zone: Tz) -> Result<BTreeSet<NaiveDate>, String> {
    let lists = properties(component, name).flat_map(|property| property.val.as_str().split(','));
    lists
        .map(|text| match moment(text.trim(), zone) {
            Ok(moment) => Ok(moment.date()),
            Err(text) => Err(format!("{name}: {text}")),
        })
        .collect()
}

fn midnight(date: NaiveDate) -> DateTime<rrule::Tz> {
    date.and_time(NaiveTime::MIN).and_utc().with_timezone(&rrule::Tz::UTC)
}
