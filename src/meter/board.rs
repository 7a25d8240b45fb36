//! How the sources fare, for people: what the landing page shows.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::domain::{Object, Timestamp};

/// How one source fares.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceStatus {
    /// Its name in the settings.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// Whether the last poll succeeded; none before the first one ended.
    pub up: Option<bool>,
    /// End of the last complete poll.
    pub last_success: Option<Timestamp>,
    /// The last thing that went wrong. It stays after a success; compare its time with `last_success`.
    pub last_error: Option<LastError>,
    /// Time between polls; none before the daemon has begun to poll.
    pub interval: Option<Duration>,
    /// Records held.
    pub records: BTreeMap<Object, u64>,
    /// What has been loaded completely.
    pub complete: BTreeSet<Object>,
    /// Names of the streams that the CRM does not let us read.
    pub forbidden: BTreeSet<String>,
}

/// What went wrong at a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastError {
    /// When.
    pub at: Timestamp,
    /// What, in a sentence without personal data.
    pub text: String,
}

/// How reading the configuration has gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConfigStatus {
    /// When the one in force was read.
    pub read_at: Option<Timestamp>,
    /// When a later attempt failed; none if the last one succeeded.
    pub failed_at: Option<Timestamp>,
}

impl SourceStatus {
    pub(super) fn new(name: &str, kind: &'static str) -> SourceStatus {
        SourceStatus {
            name: name.to_owned(),
            kind,
            up: None,
            last_success: None,
            last_error: None,
            interval: None,
            records: BTreeMap::new(),
            complete: BTreeSet::new(),
            forbidden: BTreeSet::new(),
        }
    }
}
