//! What HubSpot's answers mean, and what their headers tell of its limits.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::wire::Failure;
use crate::domain::Timestamp;
use crate::http::{Answer, Bucket, Budget, Meaning, Quota, meaning_of_status};

/// Requests in ten seconds that every plan allows; the headers tell the plan's own.
const REQUESTS: u32 = 100;

/// What HubSpot calls the limit of a day.
const DAILY: &str = "DAILY";

/// The limits that requests keep to.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    /// All requests.
    pub(super) requests: Arc<Bucket>,
    /// Searches, besides.
    pub(super) searches: Arc<Bucket>,
    /// The day's requests.
    pub(super) day: Arc<Budget>,
    /// The day ends at midnight in the account's zone, for which the business zone stands.
    zone: Tz,
}

impl Limits {
    /// The limits of which nothing is known yet but what holds for every plan.
    /// No header tells the limit of searches.
    pub(super) fn new(day: Arc<Budget>, searches_per_second: u32, zone: Tz) -> Limits {
        Limits {
            requests: Bucket::new(REQUESTS, Duration::from_secs(10)),
            searches: Bucket::new(searches_per_second, Duration::from_secs(1)),
            day,
            zone,
        }
    }

    /// Takes over what the headers say, and tells what the answer means.
    pub(super) fn read(&self, answer: &Answer) -> Meaning {
        self.note(answer);
        let meaning = meaning(answer);
        if let (Meaning::Busy(_, Some(wait)), true) = (&meaning, is_daily(answer)) {
            self.day.hold(*wait);
        }
        meaning
    }

    fn note(&self, answer: &Answer) {
        let number = |name: &str| answer.number::<u32>(name);
        let interval = answer.number("x-hubspot-ratelimit-interval-milliseconds").map(Duration::from_millis);
        if let (Some(most), Some(interval)) = (number("x-hubspot-ratelimit-max"), interval) {
            self.requests.set_limit(most, interval);
            if let Some(remaining) = number("x-hubspot-ratelimit-remaining") {
                self.requests.set_remaining(remaining, interval);
            }
        }
        let daily = (answer.number("x-hubspot-ratelimit-daily"), answer.number("x-hubspot-ratelimit-daily-remaining"));
        if let ((Some(limit), Some(remaining)), Some(date)) = (daily, answer.date()) {
            self.day.tell(Quota { limit, remaining, resets_in: until_midnight(date, self.zone) });
        }
    }
}

/// From an instant to the end of its day.
fn until_midnight(at: Timestamp, zone: Tz) -> Duration {
    let at: DateTime<Utc> = at.utc();
    let tomorrow = at.with_timezone(&zone).date_naive().checked_add_days(Days::new(1));
    let midnight = tomorrow.and_then(|day| zone.from_local_datetime(&day.and_time(chrono::NaiveTime::MIN)).earliest());
    let left = midnight.and_then(|midnight| (midnight.to_utc() - at).to_std().ok());
    left.unwrap_or(Duration::from_secs(24 * 3600))
}

/// What an answer means.
fn meaning(answer: &Answer) -> Meaning {
    if answer.status() < 400 {
        return meaning_of_status(answer);
    }
    let said: Failure = serde_json::from_slice(answer.body()).unwrap_or_default();
    let status = answer.status();
    let category = said.category.text().unwrap_or("no category");
    match status {
        // What HubSpot's edge says to a token or host that cannot be right.
        401 | 530 => Meaning::Unauthorized(format!(
            "HTTP {status}, {category}; check the token, or make a new one and put it where the old one was"
        )),
        403 => Meaning::Forbidden(forbidden(&said, category)),
        423 => Meaning::Busy("the record is locked".to_owned(), Some(Duration::from_secs(2))),
        429 => too_many(answer, &said),
        477 => {
            let wait = answer.retry_after().unwrap_or(Duration::from_secs(60));
            Meaning::Busy("the account is being moved to another data centre".to_owned(), Some(wait))
        }
        400 | 405..=407 | 409..=422 => Meaning::Rejected(format!("HTTP {status}, {category}")),
        _ => meaning_of_status(answer),
    }
}

fn forbidden(said: &Failure, category: &str) -> String {
    match said.required_scopes().as_slice() {
        [] => format!("HTTP 403, {category}; the account's plan may not have it"),
        scopes => format!("the scope {} is missing; add it to the app or key", scopes.join(" or ")),
    }
}

/// Whether the day's requests are used up.
fn is_daily(answer: &Answer) -> bool {
    let policy = || serde_json::from_slice::<Failure>(answer.body()).ok()?.policy_name.0;
    answer.status() == 429 && policy().is_some_and(|policy| policy == DAILY)
}

fn too_many(answer: &Answer, said: &Failure) -> Meaning {
    let policy = said.policy_name.text().unwrap_or("unnamed");
    let usual = match policy {
        // Until midnight in a zone that is not told: asked again now and then.
        DAILY => Duration::from_secs(3600),
        "SECONDLY" => Duration::from_secs(1),
        _ => Duration::from_secs(10),
    };
    let wait = answer.retry_after().unwrap_or(usual);
    Meaning::Busy(format!("the limit {policy} is reached"), Some(wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_ends_at_local_midnight() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let hours = |text, zone| until_midnight(at(text), zone).as_secs() / 3600;
        assert_eq!(hours("2026-11-21T00:00:00Z", Tz::UTC), 24);
        assert_eq!(hours("2026-11-21T23:00:00Z", Tz::America__New_York), 6);
        // The day on which clocks go back has 25 hours.
        assert_eq!(hours("2026-11-01T04:00:00Z", Tz::America__New_York), 25);
    }
}
