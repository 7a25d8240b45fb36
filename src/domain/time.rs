//! Instants and dates.

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// An instant: milliseconds since 1970-01-01T00:00:00Z. Finer parts are cut off, towards the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Before every instant that a record can carry.
    pub const MIN: Timestamp = Timestamp(i64::MIN);
    /// After every instant that a record can carry.
    pub const MAX: Timestamp = Timestamp(i64::MAX);

    /// As chrono's type; instants beyond what chrono can hold become its first or last.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(if self.0 < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
    }

    /// Whole and fractional seconds since 1970, as Prometheus wants instants.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// This instant moved by so many milliseconds, stopping at the ends.
    pub const fn plus_millis(self, millis: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant.
    pub const fn millis_since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Timestamp(at.timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// Why a text is no instant.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no RFC 3339 instant such as 2026-11-21T17:00:00Z")]
pub struct ParseTimestampError(String);

impl std::str::FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DateTime::parse_from_rfc3339(text)
            .map(|at| at.to_utc().into())
            .map_err(|_| ParseTimestampError(text.to_owned()))
    }
}

/// When something happens, as exactly as the CRM says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// An instant.
    At(Timestamp),
    /// A date without a time: a local date of the business time zone.
    On(NaiveDate),
}

/// The instants from `start`, which it contains, to `end`, which it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// First instant inside.
    pub start: Timestamp,
    /// First instant behind.
    pub end: Timestamp,
}

impl Span {
    /// Whether `at` lies inside.
    pub fn contains(self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether nothing lies inside.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_round_trip_through_text() {
        for text in ["2017-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z", "2016-02-29T00:00:00Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
        assert_eq!("2026-11-21T12:00:00-05:00".parse::<Timestamp>().unwrap().to_string(), "2026-11-21T17:00:00Z");
        assert!("yesterday".parse::<Timestamp>().unwrap_err().to_string().contains("yesterday"));
    }

    #[test]
    fn a_span_holds_its_start_and_not_its_end() {
        let span = Span { start: Timestamp(5), end: Timestamp(7) };
        assert!(!span.contains(Timestamp(4)) && span.contains(Timestamp(5)));
        assert!(span.contains(Timestamp(6)) && !span.contains(Timestamp(7)));
        assert!(Span { start: Timestamp(5), end: Timestamp(5) }.is_empty());
    }
}
