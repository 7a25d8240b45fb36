//! Keeping to a rate: so many requests in so much time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// A token bucket: never more than the limit in any period of that length, however requests come.
///
/// To hold that for every period and not only for those of the CRM's clock, a tenth of the limit may come at once, and
/// the rest is spread over the period. Whoever comes first is let through first.
#[derive(Debug)]
pub struct Bucket {
    /// Held by the one who waits for the next token; those behind wait for it in their order.
    turn: tokio::sync::Mutex<()>,
    level: Mutex<Level>,
}

#[derive(Debug)]
struct Level {
    burst: f64,
    /// Tokens a second.
    rate: f64,
    tokens: f64,
    /// When `tokens` were counted.
    at: Instant,
    /// The CRM wants no request before.
    not_before: Instant,
}

impl Bucket {
    /// A full bucket for at most `requests` in any `period`.
    pub fn new(requests: u32, period: Duration) -> Arc<Bucket> {
        let now = Instant::now();
        let (burst, rate) = shape(requests, period);
        let level = Level { burst, rate, tokens: burst, at: now, not_before: now };
        Arc::new(Bucket { turn: tokio::sync::Mutex::default(), level: Mutex::new(level) })
    }

    /// Tells another limit, as the CRM's headers have it.
    pub fn set_limit(&self, requests: u32, period: Duration) {
        let mut level = self.level();
        level.fill(Instant::now());
        (level.burst, level.rate) = shape(requests, period);
        level.tokens = level.tokens.min(level.burst);
    }

    /// Tells how many requests the CRM still lets through until its count begins again `resets_in` from now. Others may
    /// use the same limit: it may be less than we think.
    pub fn set_remaining(&self, remaining: u32, resets_in: Duration) {
        if remaining == 0 {
            self.pause(resets_in);
        }
        let mut level = self.level();
        level.fill(Instant::now());
        level.tokens = level.tokens.min(f64::from(remaining));
    }

    /// Lets nothing through for so long.
    pub fn pause(&self, wait: Duration) {
        let mut level = self.level();
        level.not_before = level.not_before.max(Instant::now() + wait);
    }

    /// Waits until a request may be sent, and counts it.
    pub(super) async fn take(&self) {
        let _turn = self.turn.lock().await;
        loop {
            let wait = self.level().take(Instant::now());
            match wait {
                None => return,
                Some(wait) => sleep(wait).await,
            }
        }
    }

    /// How many requests could be sent at once.
    #[cfg(test)]
    pub(super) fn free(&self) -> f64 {
        self.level().tokens
    }

    /// A panic cannot leave half a level behind.
    fn level(&self) -> MutexGuard<'_, Level> {
        self.level.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many requests may come at once, and how many a second, so that no period sees more than `requests`.
fn shape(requests: u32, period: Duration) -> (f64, f64) {
    let requests = f64::from(requests.max(1));
    let burst = (requests / 10.0).max(1.0);
    // Of a single request a period, nothing is left to spread.
    let spread = if requests > burst { requests - burst } else { requests };
    (burst, spread / period.as_secs_f64().max(0.001))
}

impl Level {
    fn fill(&mut self, now: Instant) {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + since * self.rate).min(self.burst);
        self.at = now;
    }

    /// Takes a token; when there is none, how long to wait for it.
    fn take(&mut self, now: Instant) -> Option<Duration> {
        if now < self.not_before {
            return Some(self.not_before - now);
        }
        self.fill(now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        // A timer may ring a millisecond early at most; rounding up spares the second look.
        let missing = (1.0 - self.tokens) / self.rate;
        Some(Duration::from_secs_f64(missing) + Duration::from_millis(1))
    }
}
