//! Instants as HubSpot writes them.

use chrono::SecondsFormat;
use crm_exporter::domain::Timestamp;

/// ISO 8601 in UTC, always with milliseconds.
pub(super) fn iso(at: Timestamp) -> String {
    at.utc().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// An instant in ISO 8601 or as milliseconds since 1970.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    text.parse().map(Timestamp).ok().or_else(|| text.parse().ok())
}
