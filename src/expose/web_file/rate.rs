//! `rate_limit`: how often may be asked.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::format;
use crate::setting::Problem;

/// A bucket that holds `burst` requests when full and gets a new one every `interval`.
pub(super) struct RateLimit {
    interval: Duration,
    /// How far ahead of its time the bucket may be used up.
    ahead: Duration,
    /// When the bucket is full again.
    full_at: Mutex<Option<Instant>>,
}

impl RateLimit {
    /// None where the limit is switched off, which is what an interval of 0 does.
    pub(super) fn new(written: &format::RateLimit) -> Result<Option<RateLimit>, Problem> {
        let interval = written.interval.0;
        if interval.is_zero() {
            return Ok(None);
        }
        let Some(more) = written.burst.checked_sub(1) else {
            return Err(Problem::new(
                "burst",
                "0 would refuse every request; write how many may come at once, such as 20",
            ));
        };
        let too_long = || Problem::new("interval", "is too long; write the time between two requests, such as 100ms");
        let ahead = interval.checked_mul(more).ok_or_else(too_long)?;
        Ok(Some(RateLimit { interval, ahead, full_at: Mutex::new(None) }))
    }

    /// Takes a request out of the bucket, if there is one.
    pub(super) fn allows(&self, now: Instant) -> bool {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full = full_at.filter(|full| *full > now).unwrap_or(now);
        let allowed = full - now <= self.ahead;
        if allowed {
            *full_at = full.checked_add(self.interval);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting::Lasting;

    fn limit(seconds: u64, burst: u32) -> Result<Option<RateLimit>, Problem> {
        RateLimit::new(&format::RateLimit { interval: Lasting::seconds(seconds), burst })
    }

    #[test]
    fn a_burst_goes_through_and_then_one_an_interval() {
        let limit = limit(2, 3).unwrap().unwrap();
        let start = Instant::now();
        let at = |seconds| limit.allows(start + Duration::from_secs(seconds));
        assert_eq!([at(0), at(0), at(0), at(0), at(1)], [true, true, true, false, false]);
        assert_eq!([at(2), at(2), at(5), at(5)], [true, false, true, false]);
        // Never more than the burst, however long nobody asked.
        assert_eq!([at(900), at(900), at(900), at(900)], [true, true, true, false]);
    }

    #[test]
    fn an_interval_of_zero_is_no_limit_and_a_burst_of_zero_a_mistake() {
        assert!(limit(0, 0).unwrap().is_none());
        assert_eq!(limit(1, 0).err().unwrap().key, "burst");
    }
}
