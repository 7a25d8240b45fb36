//! What a client may use of the program around it.

use std::fmt;
use std::sync::Arc;

use super::Retries;
use crate::domain::Timestamp;
use crate::meter::Meter;

/// Tells the time of day.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a client may use of the program around it: the name of its source, a meter to count on, a clock for signed
/// assertions, and how much patience there is.
#[derive(Clone)]
pub struct Surroundings {
    source: String,
    inner: Option<(Arc<Meter>, Clock)>,
    retries: Retries,
}

impl Surroundings {
    /// Those of the source of this name.
    pub fn new(source: &str, meter: Arc<Meter>, clock: Clock) -> Surroundings {
        Surroundings { source: source.to_owned(), inner: Some((meter, clock)), retries: Retries::default() }
    }

    /// For a source that is only built to see whether its settings are right: nothing is counted, and nothing can be
    /// signed.
    pub fn none(source: &str) -> Surroundings {
        Surroundings { source: source.to_owned(), inner: None, retries: Retries::default() }
    }

    /// With other patience than usual.
    #[must_use]
    pub fn with_retries(self, retries: Retries) -> Surroundings {
        Surroundings { retries, ..self }
    }

    /// How long requests that fail by chance are repeated.
    pub fn retries(&self) -> Retries {
        self.retries
    }

    /// Name of the source.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Where to count.
    pub(super) fn meter(&self) -> Option<&Meter> {
        self.inner.as_ref().map(|(meter, _)| &**meter)
    }

    /// The time of day.
    pub(super) fn now(&self) -> Option<Timestamp> {
        self.inner.as_ref().map(|(_, clock)| clock())
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("source", &self.source).finish_non_exhaustive()
    }
}
