//! From where on activities fail a check of the quality of data.

use crate::calendar::Calendar;
use crate::domain::When;
use crate::facts::settings::DataQuality;

/// `data_quality` of the settings, ready for use.
#[derive(Debug, Clone)]
pub struct QualityRules {
    late_millis: i64,
    short_millis: i64,
}

const MILLIS_A_DAY: i64 = 86_400_000;

impl QualityRules {
    pub(super) fn new(settings: &DataQuality) -> QualityRules {
        let DataQuality { logged_late_after, call_too_short_below } = settings;
        QualityRules { late_millis: logged_late_after.millis(), short_millis: call_too_short_below.millis() }
    }

    /// Whether an activity of that date was logged late, its record being created then. Two dates without a time are as
    /// many days of 24 hours apart as the calendar says, whatever the clocks do between them.
    pub fn is_late(&self, at: When, created_at: When, calendar: &Calendar) -> bool {
        let millis = match (at, created_at) {
            (When::On(date), When::On(created_on)) => (created_on - date).num_days() * MILLIS_A_DAY,
            _ => calendar.instant(created_at).millis_since(calendar.instant(at)),
        };
        millis > self.late_millis
    }

    /// Whether a call of so many seconds is too short.
    pub fn is_too_short(&self, seconds: u32) -> bool {
        i64::from(seconds) * 1000 < self.short_millis
    }
}
