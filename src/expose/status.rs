//! How things stand, as people and load balancers are told.

use crate::domain::{Object, Timestamp};
use crate::setting::Lasting;

/// How things stand at one instant.
#[derive(Debug, Clone)]
pub struct Status {
    /// The instant.
    pub now: Timestamp,
    /// Version of the program.
    pub version: String,
    /// Address of the documentation, where it is published.
    pub docs: Option<String>,
    /// Whether complete figures are served; if not, what is awaited (`the first load of emea: deals, activities`).
    pub ready: Result<(), String>,
    /// When the settings in force were read, where that is known.
    pub settings_read: Option<Timestamp>,
    /// When they could last not be read again; none if they have been since, or nobody tried.
    pub reload_failed: Option<Timestamp>,
    /// The sources, in the order of the settings.
    pub sources: Vec<SourceStatus>,
}

/// How one source stands.
#[derive(Debug, Clone)]
pub struct SourceStatus {
    /// Name in the settings.
    pub name: String,
    /// Kind of CRM.
    pub kind: String,
    /// Whether the last poll succeeded; none before the end of the first.
    pub up: Option<bool>,
    /// End of the last complete poll.
    pub last_success: Option<Timestamp>,
    /// What the last poll failed with; none when it succeeded.
    pub last_error: Option<String>,
    /// Poll interval in force.
    pub interval: Lasting,
    /// Number of records held, of each object that the source delivers.
    pub records: Vec<(Object, u64)>,
    /// Names of the streams that the CRM does not let us read.
    pub forbidden: Vec<String>,
}

/// How a source stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceState {
    /// No poll has ended yet.
    Waiting,
    /// The last poll succeeded.
    Up,
    /// The last poll succeeded, but more than three intervals ago.
    Late,
    /// The last poll failed.
    Down,
}

impl SourceStatus {
    /// The state at `now`.
    pub fn state(&self, now: Timestamp) -> SourceState {
        let late_after = self.interval.millis().saturating_mul(3);
        match (self.up, self.last_success) {
            (None, _) => SourceState::Waiting,
            (Some(false), _) => SourceState::Down,
            (Some(true), Some(at)) if now.millis_since(at) > late_after => SourceState::Late,
            (Some(true), _) => SourceState::Up,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_late_after_three_intervals() {
        let mut source = SourceStatus {
            name: "emea".into(),
            kind: "salesforce".into(),
            up: None,
            last_success: None,
            last_error: None,
            interval: Lasting::seconds(60),
            records: vec![],
            forbidden: vec![],
        };
        let now = Timestamp(1_000_000);
        assert_eq!(source.state(now), SourceState::Waiting);
        source.up = Some(true);
        assert_eq!(source.state(now), SourceState::Up);
        source.last_success = Some(now.plus_millis(-180_000));
        assert_eq!(source.state(now), SourceState::Up);
        source.last_success = Some(now.plus_millis(-180_001));
        assert_eq!(source.state(now), SourceState::Late);
        source.up = Some(false);
        assert_eq!(source.state(now), SourceState::Down);
    }
}
