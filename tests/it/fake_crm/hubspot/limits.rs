//! Rate limits: in ten seconds per app, in a second for search and in a day for the account.

use std::collections::{HashMap, VecDeque};

use chrono::{Days, NaiveTime, TimeZone as _};
use chrono_tz::Tz;
use crm_exporter::domain::Timestamp;
use serde_json::json;

use super::access::Grant;
use super::errors::CORRELATION_ID;
use crate::fake_crm::Answer;

/// What the subscription allows; nothing is no limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Requests of a private app or service key in ten seconds.
    pub(crate) burst: Option<usize>,
    /// Requests of an OAuth app in ten seconds.
    pub(crate) oauth_burst: Option<usize>,
    /// Requests of all private apps from midnight to midnight of the account's zone.
    pub(crate) daily: Option<usize>,
    /// Searches of all apps in a second.
    pub(crate) searches: Option<usize>,
    /// What `Retry-After` says on refusals; it is not always sent.
    pub(crate) retry_after: Option<u32>,
}

impl Limits {
    /// Those of a Professional account.
    pub(crate) const PROFESSIONAL: Limits =
        Limits { burst: Some(190), oauth_burst: Some(110), daily: Some(650_000), searches: Some(5), retry_after: None };

    /// No limit at all, for tests that run in real time.
    pub(crate) const NONE: Limits =
        Limits { burst: None, oauth_burst: None, daily: None, searches: None, retry_after: None };
}

/// Which limit was hit, as answers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    TenSecondly,
    Secondly,
    Daily,
}

const TEN_SECONDS: i64 = 10_000;
const SECOND: i64 = 1000;

/// Counts requests against the limits.
#[derive(Debug)]
pub(super) struct Limiter {
    pub(super) limits: Limits,
    bursts: HashMap<String, VecDeque<Timestamp>>,
    searches: VecDeque<Timestamp>,
    used_today: usize,
    day_ends: Timestamp,
}

impl Default for Limiter {
    fn default() -> Limiter {
        Limiter {
            limits: Limits::PROFESSIONAL,
            bursts: HashMap::new(),
            searches: VecDeque::new(),
            used_today: 0,
            day_ends: Timestamp::MIN,
        }
    }
}

impl Limiter {
    /// Counts a request, or refuses it with a 429 and does not count it.
    pub(super) fn admit(&mut self, grant: &Grant, is_search: bool, now: Timestamp, zone: Tz) -> Result<(), Answer> {
        if self.day_ends <= now {
            (self.used_today, self.day_ends) = (0, next_midnight(now, zone));
        }
        let retry_after = self.limits.retry_after;
        let refuse = |policy| Err(refusal(policy, retry_after));
        if !grant.is_oauth && self.limits.daily.is_some_and(|most| self.used_today >= most) {
            return refuse(Policy::Daily);
        }
        if is_search && is_full(&mut self.searches, self.limits.searches, SECOND, now) {
            return refuse(Policy::Secondly);
        }
        let most = if grant.is_oauth { self.limits.oauth_burst } else { self.limits.burst };
        let burst = self.bursts.entry(grant.app.clone()).or_default();
        if is_full(burst, most, TEN_SECONDS, now) {
            return refuse(Policy::TenSecondly);
        }
        burst.push_back(now);
        if is_search {
            self.searches.push_back(now);
        }
        self.used_today += usize::from(!grant.is_oauth);
        Ok(())
    }

    /// The headers that tell what is left. Answers to searches have none.
    pub(super) fn headers(&self, grant: &Grant) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        let most = if grant.is_oauth { self.limits.oauth_burst } else { self.limits.burst };
        if let Some(most) = most {
            let used = self.bursts.get(&grant.app).map_or(0, VecDeque::len);
            headers.push(("X-HubSpot-RateLimit-Max", most.to_string()));
            headers.push(("X-HubSpot-RateLimit-Remaining", most.saturating_sub(used).to_string()));
            headers.push(("X-HubSpot-RateLimit-Interval-Milliseconds", TEN_SECONDS.to_string()));
        }
        if let Some(most) = self.limits.daily.filter(|_| !grant.is_oauth) {
            headers.push(("X-HubSpot-RateLimit-Daily", most.to_string()));
            let left = most.saturating_sub(self.used_today);
            headers.push(("X-HubSpot-RateLimit-Daily-Remaining", left.to_string()));
        }
        headers
    }

    pub(super) fn used_today(&self) -> usize {
        self.used_today
    }

    /// Lets other programs use up some of the day's budget.
    pub(super) fn use_up(&mut self, requests: usize) {
        self.used_today += requests;
    }
}

/// Whether a window that rolls has no room for one more.
fn is_full(window: &mut VecDeque<Timestamp>, most: Option<usize>, length: i64, now: Timestamp) -> bool {
    while window.front().is_some_and(|at| now.millis_since(*at) >= length) {
        window.pop_front();
    }
    most.is_some_and(|most| window.len() >= most)
}

/// The end of the day in a zone.
pub(super) fn next_midnight(now: Timestamp, zone: Tz) -> Timestamp {
    let tomorrow = zone.from_utc_datetime(&now.utc().naive_utc()).date_naive() + Days::new(1);
    let midnight = zone.from_local_datetime(&tomorrow.and_time(NaiveTime::MIN)).earliest();
    midnight.map_or(Timestamp::MAX, |midnight| midnight.to_utc().into())
}

/// A 429.
pub(super) fn refusal(policy: Policy, retry_after: Option<u32>) -> Answer {
    let (name, words) = match policy {
        Policy::TenSecondly => ("TEN_SECONDLY_ROLLING", "ten_secondly_rolling"),
        Policy::Secondly => ("SECONDLY", "secondly"),
        Policy::Daily => ("DAILY", "daily"),
    };
    let body = json!({
        "status": "error",
        "message": format!("You have reached your {words} limit."),
        "errorType": "RATE_LIMIT",
        "correlationId": CORRELATION_ID,
        "policyName": name,
        "requestId": CORRELATION_ID,
    });
    let answer = Answer::json(429, &body);
    match retry_after {
        Some(seconds) => answer.header("Retry-After", seconds),
        None => answer,
    }
}
