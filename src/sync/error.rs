//! Why a stream could not be brought up to date, and how far that reaches.

use std::error::Error;

use crate::source::{Reaction, SourceError};
use crate::store::{OpenError, StoreError};

/// A stream could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The source did not deliver.
    #[error("stream {stream} of source {name} could not be read")]
    Source {
        /// Name of the source.
        name: String,
        /// Name of the stream.
        stream: String,
        /// The last of the failures.
        #[source]
        error: SourceError,
    },
    /// The source would have been asked the same again for ever.
    #[error(
        "stream {stream} of source {name} makes no headway: {what}; this is a fault of the connector, please report it"
    )]
    Stuck {
        /// Name of the source.
        name: String,
        /// Name of the stream.
        stream: String,
        /// What came twice.
        what: &'static str,
    },
    /// What was delivered could not be stored, or what is stored could not be read.
    #[error("source {name} could not be synchronized with the store")]
    Store {
        /// Name of the source.
        name: String,
        /// What the store said.
        #[source]
        error: StoreError,
    },
    /// The records in the store could not be counted.
    #[error("the records of source {name} could not be counted")]
    View {
        /// Name of the source.
        name: String,
        /// What the store said.
        #[source]
        error: OpenError,
    },
}

impl SyncError {
    /// Whether nothing more can be asked of the source until the next poll, also for its other streams.
    pub fn ends_poll(&self) -> bool {
        match self {
            SyncError::Source { error, .. } => error.reaction() == Reaction::Stop,
            SyncError::Stuck { .. } => false,
            SyncError::Store { .. } | SyncError::View { .. } => true,
        }
    }

    /// Name of the stream; empty where it is not about one.
    pub(super) fn stream(&self) -> &str {
        match self {
            SyncError::Source { stream, .. } | SyncError::Stuck { stream, .. } => stream,
            SyncError::Store { .. } | SyncError::View { .. } => "",
        }
    }

    /// Whether the CRM does not let us read the stream at all.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, SyncError::Source { error: SourceError::Forbidden { .. }, .. })
    }

    /// What went wrong and why, in one line.
    pub fn chain(&self) -> String {
        let causes = std::iter::successors(self.source(), |&error| error.source());
        causes.fold(self.to_string(), |line, cause| format!("{line}: {cause}"))
    }
}

/// Why a step of a poll was not finished.
#[derive(Debug)]
pub(super) enum Halt {
    /// The program is to end.
    Shutdown,
    /// It failed.
    Failed(Box<SyncError>),
}

impl From<SyncError> for Halt {
    fn from(error: SyncError) -> Halt {
        Halt::Failed(Box::new(error))
    }
}
