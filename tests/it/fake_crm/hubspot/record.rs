//! One record: the log of all that was ever written to it.
//!
//! Current values, histories and the search index, which lags behind, are all read from that log, so they cannot disagree.

use crm_exporter::domain::Timestamp;
use serde_json::{Value as Json, json};

use super::time::iso;

/// The number of a property among the definitions of its kind.
pub(super) type PropertyNumber = u16;

/// What a property holds. Everything leaves as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Text(Box<str>),
    Time(Timestamp),
}

impl Value {
    /// The text that an answer carries.
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Value::Null => None,
            Value::Text(text) => Some(text.to_string()),
            Value::Time(at) => Some(iso(*at)),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text.into())
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Value {
        Value::Time(at)
    }
}

/// By whom a value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    User,
    Calculated,
    Merge,
}

/// A value as it was written.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) property: PropertyNumber,
    pub(super) source: Source,
    pub(super) at: Timestamp,
    pub(super) value: Value,
}

impl Version {
    fn to_json(&self, epoch: bool) -> Json {
        let source = match self.source {
            Source::User => "CRM_UI",
            Source::Calculated => "CALCULATED",
            Source::Merge => "MERGE",
        };
        let timestamp = if epoch { self.at.0.to_string() } else { iso(self.at) };
        let mut version = json!({"value": self.value.text(), "timestamp": timestamp, "sourceType": source});
        if self.source == Source::User {
            version["sourceId"] = "userId:7001".into();
            version["updatedByUserId"] = 7001.into();
        }
        version
    }
}

/// A record of any kind.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) id: u64,
    /// When it came to be, which no user can edit, unlike the property.
    pub(super) born_at: Timestamp,
    pub(super) archived_at: Option<Timestamp>,
    log: Vec<Version>,
}

impl Record {
    pub(super) fn new(id: u64, born_at: Timestamp) -> Record {
        Record { id, born_at, archived_at: None, log: Vec::new() }
    }

    pub(super) fn write(&mut self, property: PropertyNumber, at: Timestamp, source: Source, value: Value) {
        self.log.push(Version { property, source, at, value });
    }

    /// The value at an instant: the one written last until then.
    pub(super) fn value_at(&self, property: PropertyNumber, at: Timestamp) -> Option<&Value> {
        let found = self.log.iter().rev().find(|version| version.property == property && version.at <= at)?;
        Some(&found.value)
    }

    pub(super) fn value(&self, property: PropertyNumber) -> Option<&Value> {
        self.value_at(property, Timestamp::MAX)
    }

    /// All versions of all properties, in the order of writing.
    pub(super) fn versions(&self) -> &[Version] {
        &self.log
    }

    /// The versions of one property as an answer carries them: newest first, not more than `bound`.
    pub(super) fn history(&self, property: PropertyNumber, bound: usize, epoch: bool) -> Json {
        let mut versions: Vec<&Version> = self.log.iter().filter(|version| version.property == property).collect();
        versions.sort_by_key(|version| version.at);
        versions.iter().rev().take(bound).map(|version| version.to_json(epoch)).collect()
    }
}
