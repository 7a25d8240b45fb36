//! Why there is no good answer, sorted by what to do next.

use std::time::Duration;

/// A request that was not answered as it should be. `what` is the method and the path, without the query, which may hold
/// personal data; no variant holds a credential or an answer's body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No answer, or one that says to come back: network, time-out, 5xx.
    #[error("{what} is not available: {cause}")]
    Unavailable {
        /// What was attempted.
        what: String,
        /// Why it failed.
        cause: String,
    },
    /// Too early: a rate limit, or the day's budget.
    #[error("{what} has to wait: {cause}")]
    Busy {
        /// What was attempted.
        what: String,
        /// Which limit.
        cause: String,
        /// For how long.
        wait: Duration,
    },
    /// An answer that is not in the expected form.
    #[error("{what} was answered in an unexpected form: {cause}")]
    Malformed {
        /// What was attempted.
        what: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The credentials are not accepted, also when renewed.
    #[error("{what} was refused: {cause}")]
    Unauthorized {
        /// What was attempted.
        what: String,
        /// What the CRM said, and what to do.
        cause: String,
    },
    /// The credentials do not reach that far, or the CRM's plan does not.
    #[error("{what} is not permitted: {cause}")]
    Forbidden {
        /// What was attempted.
        what: String,
        /// What is missing, such as a scope.
        cause: String,
    },
    /// There is nothing at that address.
    #[error("{what} was not found")]
    NotFound {
        /// What was attempted.
        what: String,
    },
    /// The CRM understood the request and will not do it; the same request would fail again.
    #[error("{what} was rejected: {cause}")]
    Rejected {
        /// What was attempted.
        what: String,
        /// What the CRM said.
        cause: String,
    },
}

impl Error {
    /// The value of the label `reason` of repeated requests.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Error::Unavailable { .. } => "unavailable",
            Error::Busy { .. } => "not_yet",
            Error::Malformed { .. } => "malformed",
            Error::Unauthorized { .. } => "unauthorized",
            Error::Forbidden { .. } => "forbidden",
            Error::NotFound { .. } | Error::Rejected { .. } => "rejected",
        }
    }
}
