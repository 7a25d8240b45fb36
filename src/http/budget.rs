//! Keeping to a day's quota, which others use too.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use super::Surroundings;

/// The polls whose requests tell what the next ones will cost.
const REMEMBERED: usize = 10;

/// The share of a quota that is left for others, from 0 to 1; a fifth unless the settings say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub struct Reserve(f64);

impl Default for Reserve {
    fn default() -> Reserve {
        Reserve(0.2)
    }
}

impl TryFrom<f64> for Reserve {
    type Error = &'static str;

    fn try_from(share: f64) -> Result<Reserve, &'static str> {
        match (0.0..1.0).contains(&share) {
            true => Ok(Reserve(share)),
            false => Err("expected a share from 0 up, below 1, such as 0.2"),
        }
    }
}

/// What a CRM says of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Requests that the quota allows in all.
    pub limit: u64,
    /// Requests that are left of it.
    pub remaining: u64,
    /// How long until it is whole again.
    pub resets_in: Duration,
}

/// A quota, followed from what the CRM tells and what we send. Nothing is held back before the CRM has told anything.
#[derive(Debug)]
pub struct Budget {
    /// The value of the label `quota`.
    name: &'static str,
    reserve: Reserve,
    surroundings: Surroundings,
    account: Mutex<Account>,
}

#[derive(Debug, Default)]
struct Account {
    known: Option<Known>,
    /// The CRM has refused a request because the quota is used up: it wants none before.
    held_until: Option<Instant>,
    /// Requests since the last poll ended.
    sent: u64,
    /// Requests of the last polls.
    polls: VecDeque<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    limit: u64,
    remaining: u64,
    resets: Instant,
}

impl Budget {
    /// A budget of which nothing is known. `name` is the value of the label `quota`, such as `daily`.
    pub fn new(name: &'static str, reserve: Reserve, surroundings: &Surroundings) -> Arc<Budget> {
        Arc::new(Budget { name, reserve, surroundings: surroundings.clone(), account: Mutex::default() })
    }

    /// Takes over what the CRM says.
    pub fn tell(&self, quota: Quota) {
        let resets = Instant::now() + quota.resets_in;
        self.account().known = Some(Known { limit: quota.limit, remaining: quota.remaining, resets });
        if let Some(meter) = self.surroundings.meter() {
            meter.set_quota(self.surroundings.source(), self.name, quota.remaining, quota.limit);
        }
    }

    /// Takes over that the CRM has refused a request because the quota is used up: for so long, nothing is sent.
    pub fn hold(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut account = self.account();
        account.held_until = account.held_until.max(Some(until));
    }

    /// How long to wait between polls: `interval`, or longer where the quota would not last otherwise. To be asked
    /// between polls: what was sent since the last time is taken for the cost of a poll.
    pub fn pace(&self, interval: Duration) -> Duration {
        let now = Instant::now();
        let mut account = self.account();
        let sent = std::mem::take(&mut account.sent);
        if sent > 0 {
            account.polls.push_back(sent);
        }
        if account.polls.len() > REMEMBERED {
            account.polls.pop_front();
        }
        let cost = usual(account.polls.make_contiguous());
        match account.known(now) {
            None => interval,
            Some(known) => stretched(interval, cost, self.free(&known), known.resets - now),
        }
    }

    /// Counts a request that is about to be sent; an error says how long there must not be any.
    pub(super) fn spend(&self) -> Result<(), Duration> {
        let now = Instant::now();
        let mut account = self.account();
        if let Some(until) = account.held_until.filter(|until| now < *until) {
            return Err(until - now);
        }
        if let Some(known) = account.known(now) {
            if self.free(&known) == 0 {
                return Err(known.resets - now);
            }
            account.known = Some(Known { remaining: known.remaining - 1, ..known });
        }
        account.sent += 1;
        Ok(())
    }

    /// What is left for us.
    fn free(&self, known: &Known) -> u64 {
        let reserved = (known.limit as f64 * self.reserve.0).ceil() as u64;
        known.remaining.saturating_sub(reserved)
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Account {
    /// What is known of the quota that runs at `now`.
    fn known(&mut self, now: Instant) -> Option<Known> {
        self.known.take_if(|known| known.resets <= now);
        self.known
    }
}

/// What a poll usually costs: the mean of `polls` without the dearest, which may be a first load or a daily sweep. 0 as
/// long as there was only one.
fn usual(polls: &[u64]) -> f64 {
    let dearest = polls.iter().max().copied().unwrap_or(0);
    let sum: u64 = polls.iter().sum();
    (sum - dearest) as f64 / polls.len().saturating_sub(1).max(1) as f64
}

/// The shortest time between polls, `interval` at least, with which `free` requests last for `until_reset` when a poll
/// costs `cost` requests.
pub fn stretched(interval: Duration, cost: f64, free: u64, until_reset: Duration) -> Duration {
    if cost <= 0.0 {
        return interval;
    }
    let polls = (free as f64 / cost).floor();
    let lasting = if polls < 1.0 { until_reset } else { until_reset.div_f64(polls) };
    interval.max(lasting)
}
