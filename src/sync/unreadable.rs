//! Records that could not be read: each is counted, the first ones of a poll are logged.

use crate::domain::Unreadable;
use crate::meter::Meter;

/// How many of a poll's unreadable records are logged one by one.
const LOGGED: u64 = 20;

/// The unreadable records of one poll.
#[derive(Debug, Default)]
pub(super) struct UnreadableCount(u64);

impl UnreadableCount {
    /// Counts and logs the unreadable records of a page that has been stored.
    pub(super) fn add(&mut self, meter: &Meter, source: &str, unreadable: &[Unreadable]) {
        for record in unreadable {
            meter.count_record_error(source, record.object, record.reason);
            if self.0 < LOGGED {
                tracing::warn!(
                    source,
                    object = record.object.name(),
                    id = record.id,
                    reason = record.reason.name(),
                    detail = record.detail,
                    "a record could not be read and is skipped"
                );
            }
            self.0 += 1;
        }
    }

    /// Tells how many there were.
    pub(super) fn finish(&self, source: &str) -> u64 {
        if self.0 > 0 {
            let logged = self.0.min(LOGGED);
            tracing::warn!(source, records = self.0, logged, "records could not be read and were skipped");
        }
        self.0
    }
}
