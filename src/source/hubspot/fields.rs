//! The values of a record's properties, which HubSpot writes as texts, by the types of our fields.

use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use super::wire::Row;
use crate::domain::{Reason, Timestamp, When};

/// A property that does not hold what its type allows, or is missing where it must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// What is wrong, in a word.
    pub(super) reason: Reason,
    /// What is wrong, in a sentence. It does not quote the value, which may be personal.
    pub(super) detail: String,
}

impl Fault {
    fn invalid(property: &str, expected: &str) -> Fault {
        Fault { reason: Reason::InvalidValue, detail: format!("property `{property}` holds {expected}") }
    }
}

impl Row {
    /// A text.
    pub(super) fn text(&self, property: &str) -> Option<String> {
        self.properties.get(property).map(str::to_owned)
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, property: &str) -> Result<Option<bool>, Fault> {
        let parse = |text: &str| match text {
            _ if text.eq_ignore_ascii_case("true") => Ok(true),
            _ if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(Fault::invalid(property, "neither `true` nor `false`")),
        };
        self.properties.get(property).map(parse).transpose()
    }

    /// A number.
    pub(super) fn decimal(&self, property: &str) -> Result<Option<Decimal>, Fault> {
        let parse = |text| decimal(text).ok_or_else(|| Fault::invalid(property, "no number"));
        self.properties.get(property).map(parse).transpose()
    }

    /// A number, rounded to a whole one.
    pub(super) fn whole(&self, property: &str) -> Result<Option<i64>, Fault> {
        let Some(number) = self.decimal(property)? else { return Ok(None) };
        rounded(number).map(Some).ok_or_else(|| Fault::invalid(property, "too large a number"))
    }

    /// A length in milliseconds, as seconds.
    pub(super) fn seconds(&self, property: &str) -> Result<Option<i64>, Fault> {
        let Some(millis) = self.decimal(property)? else { return Ok(None) };
        let seconds = rounded(millis / Decimal::ONE_THOUSAND);
        seconds.map(Some).ok_or_else(|| Fault::invalid(property, "too large a number"))
    }

    /// An instant or a date.
    pub(super) fn when(&self, property: &str) -> Result<Option<When>, Fault> {
        let parse = |text| when(text).ok_or_else(|| Fault::invalid(property, "no time"));
        self.properties.get(property).map(parse).transpose()
    }

    /// The first of these properties that has a value.
    pub(super) fn first_when(&self, properties: &[&str]) -> Result<Option<When>, Fault> {
        let found = properties.iter().find(|property| self.properties.get(property).is_some());
        found.map_or(Ok(None), |property| self.when(property))
    }

    /// The record's id.
    pub(super) fn record_id(&self) -> Result<&str, Fault> {
        self.id.text().ok_or_else(|| Fault { reason: Reason::MissingId, detail: "it has no `id`".to_owned() })
    }

    /// When the record was last changed: what decides between two versions of it.
    pub(super) fn version(&self, modified: &str) -> Result<Timestamp, Fault> {
        let text = self.properties.get(modified).or(self.updated_at.text());
        let text = text.ok_or_else(|| Fault {
            reason: Reason::MissingField,
            detail: format!("neither `{modified}` nor `updatedAt` has a value"),
        })?;
        instant(text).ok_or_else(|| Fault::invalid(modified, "no time"))
    }
}

/// A number, also with an exponent.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

fn rounded(number: Decimal) -> Option<i64> {
    number.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven).to_i64()
}

/// An instant: ISO 8601, or milliseconds since 1970; the midnight in UTC that begins a date.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    match when(text)? {
        When::At(at) => Some(at),
        When::On(day) => Some(day.and_time(chrono::NaiveTime::MIN).and_utc().into()),
    }
}

/// An instant (ISO 8601, or milliseconds since 1970) or a date.
pub(super) fn when(text: &str) -> Option<When> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(When::At(at));
    }
    if let Ok(millis) = text.parse::<i64>() {
        return Some(When::At(Timestamp(millis)));
    }
    text.parse::<NaiveDate>().ok().map(When::On)
}

/// The ids of a list in one text: `1;2`. What stands behind a colon (the time of a merge) is left out.
pub(super) fn ids(text: &str) -> impl Iterator<Item = &str> {
    let ids = text.split(';').map(|part| part.split_once(':').map_or(part, |(id, _)| id).trim());
    ids.filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(properties: &str) -> Row {
        serde_json::from_str(&format!(r#"{{"id":"7","properties":{properties}}}"#)).unwrap()
    }

    #[test]
    fn empty_values_are_no_values() {
        let row = row(r#"{"amount":null,"name":"","blank":"  ","flag":null}"#);
        assert_eq!(row.decimal("amount"), Ok(None));
        assert_eq!(row.text("name"), None);
        assert_eq!(row.text("blank"), None);
        assert_eq!(row.flag("flag"), Ok(None));
        assert_eq!(row.text("never sent"), None);
    }

    #[test]
    fn numbers_and_flags_are_texts() {
        let row = row(r#"{"amount":"12500.50","large":"1.25E7","bare":3,"won":"true","lost":"FALSE","open":false}"#);
        assert_eq!(row.decimal("amount").unwrap().unwrap().to_string(), "12500.50");
        assert_eq!(row.whole("large"), Ok(Some(12_500_000)));
        assert_eq!(row.whole("bare"), Ok(Some(3)));
        assert_eq!(
            [row.flag("won"), row.flag("lost"), row.flag("open")],
            [Ok(Some(true)), Ok(Some(false)), Ok(Some(false))]
        );
    }

    #[test]
    fn what_a_type_does_not_allow_is_told_without_quoting_it() {
        let row = row(r#"{"amount":"N/A","flag":"perhaps","when":"soon","length":"99999999999999999999999"}"#);
        let fault = row.decimal("amount").unwrap_err();
        assert_eq!((fault.reason, fault.detail.as_str()), (Reason::InvalidValue, "property `amount` holds no number"));
        assert!(row.flag("flag").is_err() && row.when("when").is_err() && row.seconds("length").is_err());
    }

    #[test]
    fn times_come_in_three_forms() {
        let at = When::At(Timestamp(1_778_495_400_000));
        let row =
            row(r#"{"iso":"2026-05-11T10:30:00.000Z","offset":"2026-05-11T12:30:00+02:00","millis":"1778495400000",
                          "bare":1778495400000,"date":"2026-05-11"}"#);
        for property in ["iso", "offset", "millis", "bare"] {
            assert_eq!(row.when(property), Ok(Some(at)), "{property}");
        }
        assert_eq!(row.when("date"), Ok(Some(When::On("2026-05-11".parse().unwrap()))));
        assert_eq!(instant("2026-05-11").unwrap().to_string(), "2026-05-11T00:00:00Z");
        assert_eq!(row.first_when(&["none", "date", "iso"]), Ok(Some(When::On("2026-05-11".parse().unwrap()))));
    }

    #[test]
    fn lengths_are_rounded_to_seconds() {
        let row = row(r#"{"call":"312000","short":"1500","half":"2500.0"}"#);
        let seconds = ["call", "short", "half"].map(|property| row.seconds(property).unwrap().unwrap());
        assert_eq!(seconds, [312, 2, 2]);
    }

    #[test]
    fn the_version_is_the_property_else_what_stands_beside_it() {
        let row: Row = serde_json::from_str(
            r#"{"id":7,"properties":{"hs_lastmodifieddate":"2026-05-11T10:30:00.001Z"},"updatedAt":"2026-05-11T10:30:00Z"}"#,
        )
        .unwrap();
        assert_eq!(row.version("hs_lastmodifieddate"), Ok(Timestamp(1_778_495_400_001)));
        assert_eq!(row.version("lastmodifieddate"), Ok(Timestamp(1_778_495_400_000)));
        assert_eq!(row.record_id(), Ok("7"));
        let none = Row::default();
        assert_eq!(none.version("x").unwrap_err().reason, Reason::MissingField);
        assert_eq!(none.record_id().unwrap_err().reason, Reason::MissingId);
    }

    #[test]
    fn lists_of_ids_are_split() {
        let found = |text| ids(text).collect::<Vec<_>>();
        assert_eq!(found("101;102; 103;"), ["101", "102", "103"]);
        assert_eq!(found("201:1688599123000;202:1688599124000"), ["201", "202"]);
        assert!(found(" ").is_empty());
    }
}
