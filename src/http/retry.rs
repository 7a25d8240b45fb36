//! Repeating requests that failed by chance: how often, after which pause, and when no longer.
//!
//! This is the inner of two bounds. A request is sent at most [`Retries::tries`] times, and no repetition begins after
//! [`Retries::deadline`]. Whoever asked may then ask for the whole page again, which is the outer bound and belongs to
//! `sync`. So that both together make no storm, repetitions are paid from an [`Allowance`] that all requests of a client
//! share and that good answers refill: while a CRM answers nothing, its client repeats [`ALLOWANCE`] requests in all, and
//! from then on sends each request once, however many streams ask.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Error;

/// Repetitions that a client has in hand when all goes well. Each costs one; each good answer gives one back.
pub(super) const ALLOWANCE: u32 = 10;

/// How long a request that fails by chance is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// How often one request is sent at most, the first time included.
    pub tries: u32,
    /// Pause after the first failure; it doubles with each further one. Also the least time that is ever waited.
    pub first_pause: Duration,
    /// Longest pause that grew by doubling.
    pub longest_pause: Duration,
    /// No repetition begins later than this after the request was first sent. A CRM that wants us to wait beyond it is
    /// obeyed by whoever asked: nothing is sent meanwhile here.
    pub deadline: Duration,
}

impl Default for Retries {
    fn default() -> Retries {
        Retries {
            tries: 4,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(10),
            deadline: Duration::from_secs(120),
        }
    }
}

impl Retries {
    /// Nothing is repeated.
    pub const NONE: Retries =
        Retries { tries: 1, first_pause: Duration::ZERO, longest_pause: Duration::ZERO, deadline: Duration::ZERO };

    /// How long to pause before a request that has been sent `sent` times, the first time `since` ago, is sent again;
    /// none when it is not to be.
    ///
    /// `jitter`, from 0 to 1, spreads pauses over the upper half of a back-off, and lengthens what the CRM asks for by up
    /// to a tenth: it is never shortened.
    pub(super) fn pause(&self, error: &Error, sent: u32, since: Duration, jitter: f64) -> Option<Duration> {
        let pause = match error {
            Error::Unavailable { .. } | Error::Malformed { .. } => {
                let doublings = sent.saturating_sub(1).min(31);
                let full = self.first_pause.saturating_mul(1 << doublings).min(self.longest_pause);
                full / 2 + (full / 2).mul_f64(jitter)
            }
            Error::Busy { wait, .. } => {
                let wait = (*wait).max(self.first_pause);
                wait + (wait / 10).mul_f64(jitter)
            }
            Error::Unauthorized { .. } | Error::Forbidden { .. } | Error::NotFound { .. } | Error::Rejected { .. } => {
                return None;
            }
        };
        (sent < self.tries && since.saturating_add(pause) <= self.deadline).then_some(pause)
    }
}

/// Repetitions that the requests of a client may still make.
#[derive(Debug)]
pub(super) struct Allowance(Mutex<u32>);

impl Default for Allowance {
    fn default() -> Allowance {
        Allowance(Mutex::new(ALLOWANCE))
    }
}

impl Allowance {
    /// Pays for a repetition; false if nothing is left to pay with.
    pub(super) fn pay(&self) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let affordable = *left > 0;
        *left = left.saturating_sub(1);
        affordable
    }

    /// Notes a good answer.
    pub(super) fn refill(&self) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_add(1).min(ALLOWANCE);
    }
}

/// What became of one request so far.
#[derive(Debug)]
pub(super) struct Course {
    began: Instant,
    /// How often it was sent.
    pub(super) sent: u32,
    /// Whether the credentials were renewed for it: that is done once.
    pub(super) renewed: bool,
}

impl Course {
    /// That of a request that is about to be sent.
    pub(super) fn new() -> Course {
        Course { began: Instant::now(), sent: 0, renewed: false }
    }

    /// How long ago it began.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn unavailable() -> Error {
        Error::Unavailable { what: "GET /deals".into(), cause: "HTTP 503".into() }
    }

    fn busy(seconds: u32) -> Error {
        Error::Busy { what: "GET /deals".into(), cause: "HTTP 429".into(), wait: seconds * SECOND }
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_end_with_the_last_try() {
        let retries = Retries { tries: 5, longest_pause: 3 * SECOND, ..Retries::default() };
        let pauses = |jitter| [1, 2, 3, 4, 5].map(|sent| retries.pause(&unavailable(), sent, SECOND, jitter));
        assert_eq!(pauses(1.0), [Some(SECOND), Some(2 * SECOND), Some(3 * SECOND), Some(3 * SECOND), None]);
        assert_eq!(pauses(0.0), [Some(SECOND / 2), Some(SECOND), Some(3 * SECOND / 2), Some(3 * SECOND / 2), None]);
    }

    #[test]
    fn what_the_crm_asks_for_is_waited_for_and_never_less() {
        let pause = |seconds, jitter| Retries::default().pause(&busy(seconds), 1, Duration::ZERO, jitter);
        assert_eq!(pause(30, 0.0), Some(30 * SECOND));
        assert_eq!(pause(30, 1.0), Some(33 * SECOND));
        assert_eq!(pause(0, 0.0), Some(SECOND));
    }

    #[test]
    fn no_repetition_begins_after_the_deadline() {
        let pause = |seconds, since| Retries::default().pause(&busy(seconds), 1, since * SECOND, 0.0);
        assert_eq!(pause(120, 0), Some(120 * SECOND));
        assert_eq!((pause(121, 0), pause(60, 61), pause(3600, 0)), (None, None, None));
        assert_eq!(Retries::default().pause(&unavailable(), 1, 120 * SECOND, 0.0), None);
    }

    #[test]
    fn what_would_fail_again_is_not_repeated() {
        let (what, cause) = ("GET /deals".to_owned(), "no".to_owned());
        for error in [
            Error::Unauthorized { what: what.clone(), cause: cause.clone() },
            Error::Forbidden { what: what.clone(), cause: cause.clone() },
            Error::NotFound { what: what.clone() },
            Error::Rejected { what, cause },
        ] {
            assert_eq!(Retries::default().pause(&error, 1, Duration::ZERO, 0.0), None, "{error}");
        }
        assert_eq!(Retries::NONE.pause(&unavailable(), 1, Duration::ZERO, 0.0), None);
    }

    #[test]
    fn an_allowance_is_used_up_by_failures_and_refilled_by_answers() {
        let allowance = Allowance::default();
        assert_eq!((0..100).filter(|_| allowance.pay()).count(), ALLOWANCE as usize);
        allowance.refill();
        assert!(allowance.pay() && !allowance.pay());
        (0..100).for_each(|_| allowance.refill());
        assert_eq!((0..100).filter(|_| allowance.pay()).count(), ALLOWANCE as usize);
    }
}
