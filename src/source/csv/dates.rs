//! Dates and times as files write them, and what instants local times are.

use chrono::{
    DateTime, Datelike as _, Duration, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset as _,
    TimeZone as _, Utc,
};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::number::NumberStyle;
use crate::domain::{Timestamp, When};

/// How dates or times are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DateFormat {
    /// `2018-02-26`, or with a time: `2018-02-26 19:58:54.123`, `2018-02-26T19:58Z`, `... UTC`, `... +02:00`.
    Standard,
    /// Seconds since 1970, also with a fraction.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
    /// A pattern of chrono's `strftime`.
    Pattern {
        /// The pattern.
        pattern: String,
        /// What it tells.
        tells: Tells,
    },
}

/// What a pattern tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    /// A date.
    Date,
    /// A date and a local time.
    LocalTime,
    /// A date and a time whose pattern ends in a literal `UTC` or `Z`.
    Utc,
    /// A date, a time and an offset.
    Instant,
}

/// The zones that texts without an offset are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zones {
    /// Of times.
    pub(super) local: Tz,
    /// Of dates.
    pub(super) business: Tz,
}

impl DateFormat {
    /// The format of that name or pattern; an error says what is wrong with it.
    pub(super) fn new(text: &str) -> Result<DateFormat, String> {
        match text {
            "epoch_seconds" => return Ok(DateFormat::EpochSeconds),
            "epoch_millis" => return Ok(DateFormat::EpochMillis),
            _ => (),
        }
        let advice = "write a pattern such as \"%d.%m.%Y %H:%M\", epoch_seconds or epoch_millis";
        let tells = pattern_tells(text).ok_or_else(|| format!("`{text}` does not tell a whole date: {advice}"))?;
        Ok(DateFormat::Pattern { pattern: text.to_owned(), tells })
    }

    /// What `text` says, if it is in this format and between the years 1900 and 9999.
    pub(super) fn parse(&self, text: &str, zones: Zones) -> Option<When> {
        let when = match self {
            DateFormat::Standard => standard(text, zones.local)?,
            DateFormat::EpochSeconds => epoch(text, Decimal::ONE_THOUSAND)?,
            DateFormat::EpochMillis => epoch(text, Decimal::ONE)?,
            DateFormat::Pattern { pattern, tells } => match tells {
                Tells::Date => When::On(NaiveDate::parse_from_str(text, pattern).ok()?),
                Tells::LocalTime => {
                    local_instant(NaiveDateTime::parse_from_str(text, pattern).ok()?, zones.local).map(When::At)?
                }
                Tells::Utc => When::At(NaiveDateTime::parse_from_str(text, pattern).ok()?.and_utc().into()),
                Tells::Instant => When::At(DateTime::parse_from_str(text, pattern).ok()?.to_utc().into()),
            },
        };
        let year = match when {
            When::At(at) => at.utc().year(),
            When::On(day) => day.year(),
        };
        (1900..=9999).contains(&year).then_some(when)
    }
}

/// What a pattern tells, found by writing instants with it and reading them again; nothing if it cannot be read again.
fn pattern_tells(pattern: &str) -> Option<Tells> {
    use chrono::format::{Item, StrftimeItems};

    let items: Vec<Item<'_>> = StrftimeItems::new(pattern).collect();
    if items.contains(&Item::Error) {
        return None;
    }
    let sample = NaiveDate::from_ymd_opt(2001, 2, 3)?.and_hms_opt(16, 5, 6)?;
    let written = |at: NaiveDateTime| at.and_utc().fixed_offset().format_with_items(items.iter()).to_string();
    let text = written(sample);
    if DateTime::parse_from_str(&text, pattern).is_ok() {
        return Some(Tells::Instant);
    }
    if NaiveDateTime::parse_from_str(&text, pattern).is_ok() {
        let end = pattern.trim_end();
        let utc = end.ends_with("UTC") || (end.ends_with('Z') && !end.ends_with("%Z"));
        return Some(if utc { Tells::Utc } else { Tells::LocalTime });
    }
    // A pattern with an hour that does not make a whole time would lose the hour.
    let loses_time = text != written(sample - Duration::hours(9));
    (!loses_time && NaiveDate::parse_from_str(&text, pattern) == Ok(sample.date())).then_some(Tells::Date)
}

fn epoch(text: &str, millis: Decimal) -> Option<When> {
    let number = NumberStyle::PLAIN.parse(text).ok()?;
    Some(When::At(Timestamp(number.checked_mul(millis)?.floor().to_i64()?)))
}

/// ISO 8601 as exports write it, with a `T` or a blank before the time.
fn standard(text: &str, zone: Tz) -> Option<When> {
    let (date, rest) = text.split_at_checked(10)?;
    let digits = |at: std::ops::Range<usize>| date.as_bytes()[at].iter().all(u8::is_ascii_digit);
    if !(digits(0..4) && digits(5..7) && digits(8..10)) {
        return None;
    }
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    if rest.is_empty() {
        return Some(When::On(date));
    }
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let end = clock.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(clock.len());
    let (clock, suffix) = clock.split_at(end);
    let time = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(clock, form).ok())?;
    let local = date.and_time(time);
    match suffix.trim_start() {
        "" => local_instant(local, zone).map(When::At),
        "Z" | "z" | "UTC" | "GMT" => Some(When::At(local.and_utc().into())),
        offset => {
            let at = local.checked_sub_offset(fixed_offset(offset)?)?;
            Some(When::At(at.and_utc().into()))
        }
    }
}

/// `+02:00`, `+0200` or `+02`.
fn fixed_offset(text: &str) -> Option<FixedOffset> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match (digits.len(), digits.split_once(':')) {
        (5, Some(parts)) => parts,
        (4, None) => digits.split_at_checked(2)?,
        (2, None) => (digits, "0"),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

/// The instant of a local time: the earlier one where clocks went back, the first one after a gap where they went
/// forward.
fn local_instant(local: NaiveDateTime, zone: Tz) -> Option<Timestamp> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.to_utc().into()),
        LocalResult::None => after_gap(local, zone).map(Timestamp::from),
    }
}

/// The first second whose local time is not before `local`, which the zone's clocks jumped over.
fn after_gap(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    // No gap is longer than a day (Samoa left out one), and no offset is.
    let around = local.and_utc().timestamp();
    let (mut before, mut after) = (around - 172_800, around + 172_800);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        let utc = DateTime::from_timestamp(middle, 0)?.naive_utc();
        let shown = utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix())?;
        if shown < local { before = middle } else { after = middle }
    }
    DateTime::from_timestamp(after, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONES: Zones = Zones { local: Tz::America__New_York, business: Tz::America__New_York };

    fn parse(format: &DateFormat, text: &str) -> Option<String> {
        format.parse(text, ZONES).map(|when| match when {
            When::At(at) => at.to_string(),
            When::On(day) => day.to_string(),
        })
    }

    #[test]
    fn iso_dates_and_times_are_read() {
        let table = [
            ("2017-03-01", "2017-03-01"),
            ("2018-02-26 19:58:54", "2018-02-27T00:58:54Z"),
            ("2018-02-26 19:58:54.125", "2018-02-27T00:58:54.125Z"),
            ("2018-02-26 19:58", "2018-02-27T00:58:00Z"),
            ("2018-02-26T19:58:54Z", "2018-02-26T19:58:54Z"),
            ("2019-10-10 21:08:30.493 UTC", "2019-10-10T21:08:30.493Z"),
            ("2019-05-01 18:26:00 UTC", "2019-05-01T18:26:00Z"),
            ("2018-02-26T19:58:54+02:00", "2018-02-26T17:58:54Z"),
            ("2018-02-26 19:58:54.5 -0530", "2018-02-27T01:28:54.500Z"),
            ("2018-02-26 19:58:54+00", "2018-02-26T19:58:54Z"),
        ];
        for (text, expected) in table {
            assert_eq!(parse(&DateFormat::Standard, text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "17-03-01",
            "2017-3-1",
            "2017-02-30",
            "01.03.2017",
            "2017-03-01x",
            "2017-03-01 25:00:00",
            "2017-03-01 10:00 PST",
            "0001-01-01",
            "2017-03-01 10:00 +99:99",
            "éééééé",
        ] {
            assert_eq!(parse(&DateFormat::Standard, text), None, "{text}");
        }
    }

    #[test]
    fn clock_changes_have_one_reading() {
        let table = [
            // Back at 2:00 on 2017-11-05: 1:30 is there twice.
            ("2017-11-05 01:30:00", "2017-11-05T05:30:00Z"),
            ("2017-11-05 02:00:00", "2017-11-05T07:00:00Z"),
            // Forward from 2:00 to 3:00 on 2017-03-12: 2:30 is not there.
            ("2017-03-12 02:30:00", "2017-03-12T07:00:00Z"),
            ("2017-03-12 01:59:59", "2017-03-12T06:59:59Z"),
            ("2017-03-12 03:00:00", "2017-03-12T07:00:00Z"),
        ];
        for (text, expected) in table {
            assert_eq!(parse(&DateFormat::Standard, text).as_deref(), Some(expected), "{text}");
        }
        // Samoa left out 2011-12-30.
        let apia = Zones { local: Tz::Pacific__Apia, business: Tz::UTC };
        let noon = DateFormat::Standard.parse("2011-12-30 12:00:00", apia);
        assert_eq!(noon, Some(When::At("2011-12-30T10:00:00Z".parse().unwrap())));
    }

    #[test]
    fn patterns_are_read_as_what_they_tell() {
        let table = [
            ("%d.%m.%Y", "26.02.2018", "2018-02-26"),
            ("%m/%d/%y", "02/26/18", "2018-02-26"),
            ("%d.%m.%Y %H:%M", "26.02.2018 19:58", "2018-02-27T00:58:00Z"),
            ("%m/%d/%Y %I:%M %p", "02/26/2018 7:58 PM", "2018-02-27T00:58:00Z"),
            ("%Y-%m-%d %H:%M:%S UTC", "2018-02-26 19:58:54 UTC", "2018-02-26T19:58:54Z"),
            ("%d/%b/%Y:%H:%M:%S %z", "26/Feb/2018:19:58:54 +0200", "2018-02-26T17:58:54Z"),
            ("epoch_millis", "1551736475892", "2019-03-04T21:54:35.892Z"),
            ("epoch_seconds", "1551736475.892", "2019-03-04T21:54:35.892Z"),
            ("epoch_seconds", "-1", "1969-12-31T23:59:59Z"),
        ];
        for (pattern, text, expected) in table {
            let format = DateFormat::new(pattern).unwrap();
            assert_eq!(parse(&format, text).as_deref(), Some(expected), "{text} as {pattern}");
        }
        // Two digits of a year are not the first century.
        assert_eq!(parse(&DateFormat::new("%Y-%m-%d").unwrap(), "17-03-01"), None);
        assert_eq!(parse(&DateFormat::EpochMillis, "soon"), None);
    }

    #[test]
    fn patterns_without_a_whole_date_are_refused() {
        for pattern in ["%Y-%m", "%H:%M", "%Q", "YYYY-MM-DD", "%Y-%m-%d %H", ""] {
            assert_eq!(
                DateFormat::new(pattern).unwrap_err(),
                format!(
                    "`{pattern}` does not tell a whole date: write a pattern such as \"%d.%m.%Y %H:%M\", \
                     epoch_seconds or epoch_millis"
                )
            );
        }
    }
}
