//! What can go wrong at a source, sorted by what to do next.

use std::time::Duration;

use crate::http;

/// A failed call of a source.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// No answer, or one that says to come back: network, 5xx, a file that cannot be opened just now.
    #[error("{what} is not available: {cause}")]
    Unavailable {
        /// What was attempted.
        what: String,
        /// Why it failed.
        cause: String,
    },
    /// Too early: a rate limit, or a file that is still being written.
    #[error("{what}; waiting {}", humantime::format_duration(*wait))]
    NotYet {
        /// What has to be waited for.
        what: String,
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
    /// The credentials are not accepted.
    #[error("{what} was refused: {cause}")]
    Unauthorized {
        /// What was attempted.
        what: String,
        /// What the CRM said.
        cause: String,
    },
    /// This stream is not allowed or not part of the plan; others may be.
    #[error("{what} is not permitted: {cause}")]
    Forbidden {
        /// What was attempted.
        what: String,
        /// What is missing, such as a scope.
        cause: String,
    },
    /// The CRM understood what was asked and will not do it, or has nothing there: the same would fail again.
    #[error("{what} was rejected: {cause}")]
    Rejected {
        /// What was attempted.
        what: String,
        /// What the CRM said.
        cause: String,
    },
    /// The settings do not fit what the source finds.
    #[error("{what}")]
    Misconfigured {
        /// What is wrong, and what to do.
        what: String,
    },
}

/// What to do about a failed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// Try again, a little later each time.
    Retry,
    /// Try again after this long.
    Wait(Duration),
    /// Leave this stream out until the next poll; go on with the others.
    SkipStream,
    /// Leave the source alone until the next poll.
    Stop,
}

impl SourceError {
    /// What to do about it.
    pub fn reaction(&self) -> Reaction {
        match self {
            SourceError::Unavailable { .. } | SourceError::Malformed { .. } => Reaction::Retry,
            SourceError::NotYet { wait, .. } => Reaction::Wait(*wait),
            SourceError::Forbidden { .. } | SourceError::Rejected { .. } => Reaction::SkipStream,
            SourceError::Unauthorized { .. } | SourceError::Misconfigured { .. } => Reaction::Stop,
        }
    }

    /// The value of the label `reason`.
    pub fn reason(&self) -> &'static str {
        match self {
            SourceError::Unavailable { .. } => "unavailable",
            SourceError::NotYet { .. } => "not_yet",
            SourceError::Malformed { .. } => "malformed",
            SourceError::Unauthorized { .. } => "unauthorized",
            SourceError::Forbidden { .. } => "forbidden",
            SourceError::Rejected { .. } => "rejected",
            SourceError::Misconfigured { .. } => "misconfigured",
        }
    }
}

impl From<http::Error> for SourceError {
    /// What is not found or rejected may have been said of one record, so a connector looks at it where it matters; here
    /// it was said of a whole page, which cannot be had.
    fn from(error: http::Error) -> SourceError {
        match error {
            http::Error::Unavailable { what, cause } => SourceError::Unavailable { what, cause },
            http::Error::Busy { what, cause, wait } => SourceError::NotYet { what: format!("{what}: {cause}"), wait },
            http::Error::Malformed { what, cause } => SourceError::Malformed { what, cause },
            http::Error::Unauthorized { what, cause } => SourceError::Unauthorized { what, cause },
            http::Error::Forbidden { what, cause } => SourceError::Forbidden { what, cause },
            http::Error::NotFound { what } => SourceError::Rejected { what, cause: "nothing is there".to_owned() },
            http::Error::Rejected { what, cause } => SourceError::Rejected { what, cause },
        }
    }
}
