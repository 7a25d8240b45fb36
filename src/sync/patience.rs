//! How long a failing source is borne: pauses between tries, and the end of it.
//!
//! This is the outer of two bounds: a page that failed is asked for again as a whole. Connectors over HTTP repeat single
//! requests first, as `http::Retries` says, a few times and while good answers pay for it. Both together, a CRM that
//! answers nothing sees of each stream and poll [`Patience::tries`] requests, and ten more of the client in all.

use std::time::Duration;

use crate::source::{Reaction, SourceError};

/// How long a failing source is borne.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How often a page is asked for before it has failed.
    pub tries: u32,
    /// Pause after the first failure; it doubles with each further one. Also the least time that is ever waited.
    pub first_pause: Duration,
    /// Longest pause between tries.
    pub longest_pause: Duration,
    /// How long, all in all, a page is put off when the source says to come back later. Beyond it the poll ends and the
    /// next one is late.
    pub longest_wait: Duration,
}

impl Patience {
    /// For the daemon: there is time, but a source that puts us off for longer shall be seen to be down, and must not
    /// keep its other streams waiting.
    pub const DAEMON: Patience = Patience {
        tries: 5,
        first_pause: Duration::from_secs(1),
        longest_pause: Duration::from_secs(60),
        longest_wait: Duration::from_secs(900),
    };

    /// For a single catch-up: somebody waits for its end.
    pub const ONE_SHOT: Patience = Patience { longest_wait: Duration::from_secs(300), ..Patience::DAEMON };
}

/// What one page has cost in patience so far.
#[derive(Debug, Default)]
pub(super) struct Spent {
    failures: u32,
    waited: Duration,
}

impl Spent {
    /// How long to pause before the page is asked for again; none when it has failed for good.
    ///
    /// `jitter`, from 0 to 1, spreads the pauses of a back-off over their upper half, so that many clients that lost
    /// the same server do not come back at once.
    pub(super) fn next_pause(&mut self, patience: &Patience, error: &SourceError, jitter: f64) -> Option<Duration> {
        match error.reaction() {
            Reaction::Retry => {
                self.failures += 1;
                (self.failures < patience.tries).then(|| self.back_off(patience, jitter))
            }
            Reaction::Wait(wait) => {
                let wait = wait.max(patience.first_pause);
                self.waited = self.waited.saturating_add(wait);
                (self.waited <= patience.longest_wait).then_some(wait)
            }
            Reaction::SkipStream | Reaction::Stop => None,
        }
    }

    fn back_off(&self, patience: &Patience, jitter: f64) -> Duration {
        let doublings = self.failures.saturating_sub(1).min(31);
        let full = patience.first_pause.saturating_mul(1 << doublings).min(patience.longest_pause);
        full / 2 + (full / 2).mul_f64(jitter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unavailable() -> SourceError {
        SourceError::Unavailable { what: "deals".into(), cause: "HTTP 503".into() }
    }

    fn not_yet(seconds: u64) -> SourceError {
        SourceError::NotYet { what: "rate limit reached".into(), wait: Duration::from_secs(seconds) }
    }

    fn pauses(patience: &Patience, errors: &[SourceError], jitter: f64) -> Vec<Option<u64>> {
        let mut spent = Spent::default();
        let mut pause = |error| spent.next_pause(patience, error, jitter).map(|pause| pause.as_millis() as u64);
        errors.iter().map(&mut pause).collect()
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_end_after_the_last_try() {
        let patience = Patience { longest_pause: Duration::from_secs(5), ..Patience::DAEMON };
        let errors: Vec<_> = std::iter::repeat_with(unavailable).take(6).collect();
        let full = [Some(1_000), Some(2_000), Some(4_000), Some(5_000), None, None];
        let half = [Some(500), Some(1_000), Some(2_000), Some(2_500), None, None];
        assert_eq!(pauses(&patience, &errors, 1.0), full);
        assert_eq!(pauses(&patience, &errors, 0.0), half);
    }

    #[test]
    fn waits_are_obeyed_until_they_add_up_to_too_much() {
        let waits = [not_yet(200), not_yet(99), not_yet(0), not_yet(0)];
        assert_eq!(pauses(&Patience::ONE_SHOT, &waits, 0.5), [Some(200_000), Some(99_000), Some(1_000), None]);
        assert_eq!(pauses(&Patience::ONE_SHOT, &[not_yet(301)], 0.5), [None]);
        assert_eq!(pauses(&Patience::DAEMON, &[not_yet(u64::MAX)], 0.5), [None]);
    }

    #[test]
    fn a_wait_costs_no_try() {
        let errors = [unavailable(), not_yet(10), unavailable(), unavailable(), unavailable(), unavailable()];
        let expected = [Some(1_000), Some(10_000), Some(2_000), Some(4_000), Some(8_000), None];
        assert_eq!(pauses(&Patience::DAEMON, &errors, 1.0), expected);
    }

    #[test]
    fn what_cannot_get_better_is_not_tried_again() {
        let refused = SourceError::Unauthorized { what: "deals".into(), cause: "HTTP 401".into() };
        let forbidden = SourceError::Forbidden { what: "goals".into(), cause: "no scope".into() };
        assert_eq!(pauses(&Patience::DAEMON, &[refused, forbidden], 1.0), [None, None]);
    }

    #[test]
    fn many_failures_do_not_overflow() {
        let patience = Patience { tries: u32::MAX, ..Patience::DAEMON };
        let mut spent = Spent { failures: 4_000_000, ..Spent::default() };
        assert_eq!(spent.next_pause(&patience, &unavailable(), 1.0), Some(patience.longest_pause));
    }
}
