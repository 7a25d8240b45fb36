//! What an answer means. Connectors look at what only they know, and leave the rest to the usual table.

use std::sync::Arc;
use std::time::Duration;

use super::{Answer, Error};

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// It is what was asked for.
    Good,
    /// The credentials are not accepted; they are renewed once, if they can be.
    Unauthorized(String),
    /// The credentials or the CRM's plan do not reach that far.
    Forbidden(String),
    /// There is nothing at that address.
    NotFound,
    /// Come back after so long; none: after a pause that grows with each try.
    Busy(String, Option<Duration>),
    /// Something is wrong at the CRM that may be right the next time.
    Unavailable(String),
    /// The same request would always fail.
    Rejected(String),
    /// The answer is not in the expected form, which may be better the next time.
    Malformed(String),
}

/// Tells what an answer means. It sees every answer first, also failures, so it is also where limits are read from
/// headers and told to [`Bucket`](super::Bucket)s and the [`Budget`](super::Budget).
pub type Reader = Arc<dyn Fn(&Answer) -> Meaning + Send + Sync>;

/// What a status means unless the connector knows better.
///
/// | status | meaning |
/// | --- | --- |
/// | 2xx | good |
/// | 401 | unauthorized |
/// | 403 | forbidden |
/// | 404, 410 | not found |
/// | 429 | busy, as long as `Retry-After` says |
/// | 503 with `Retry-After` | busy, as long as it says |
/// | 408, 423, 425, other 5xx (also a gateway's 52x) | unavailable |
/// | 3xx (also a redirect to another host, which is not followed) and other 4xx | rejected |
pub fn meaning_of_status(answer: &Answer) -> Meaning {
    let said = format!("HTTP {}", answer.status());
    match answer.status() {
        200..=299 => Meaning::Good,
        300..=399 => Meaning::Rejected(format!("{said}: a redirect that is not followed; check the base address")),
        401 => Meaning::Unauthorized(said),
        403 => Meaning::Forbidden(said),
        404 | 410 => Meaning::NotFound,
        429 => Meaning::Busy(said, answer.retry_after()),
        503 if answer.retry_after().is_some() => Meaning::Busy(said, answer.retry_after()),
        408 | 423 | 425 | 500.. => Meaning::Unavailable(said),
        _ => Meaning::Rejected(said),
    }
}

impl Meaning {
    /// The error that it is for the request `what`; none when it is good.
    pub(super) fn into_error(self, what: &str) -> Option<Error> {
        let what = what.to_owned();
        Some(match self {
            Meaning::Good => return None,
            Meaning::Unauthorized(cause) => Error::Unauthorized { what, cause },
            Meaning::Forbidden(cause) => Error::Forbidden { what, cause },
            Meaning::NotFound => Error::NotFound { what },
            Meaning::Busy(cause, Some(wait)) => Error::Busy { what, cause, wait },
            Meaning::Busy(cause, None) | Meaning::Unavailable(cause) => Error::Unavailable { what, cause },
            Meaning::Rejected(cause) => Error::Rejected { what, cause },
            Meaning::Malformed(cause) => Error::Malformed { what, cause },
        })
    }
}
