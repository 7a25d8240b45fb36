//! Dates as people write them.

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, de};

/// For `#[serde(deserialize_with)]`: a date such as `2026-11-26`.
pub fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    Day::deserialize(deserializer).map(|day| day.0)
}

/// For `#[serde(deserialize_with)]`: a date, or nothing.
pub fn some_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    Ok(Option::<Day>::deserialize(deserializer)?.map(|day| day.0))
}

/// For `#[serde(deserialize_with)]`: dates by name.
pub fn days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IndexMap<String, NaiveDate>, D::Error> {
    let days = IndexMap::<String, Day>::deserialize(deserializer)?;
    Ok(days.into_iter().map(|(name, day)| (name, day.0)).collect())
}

struct Day(NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d");
        date.map(Day).map_err(|_| de::Error::custom(format!("`{text}` is no date such as 2026-11-26")))
    }
}
