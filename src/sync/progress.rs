//! What a poll is doing just now, for whoever watches: a progress bar, plain lines, or nobody.

use std::time::Duration;

/// Is told what a poll does. Must return quickly: the poll waits for it.
pub trait Progress: Send + Sync {
    /// Something happened at this source.
    fn tell(&self, source: &str, event: &Event<'_>);
}

/// Nobody watches.
impl Progress for () {
    fn tell(&self, _source: &str, _event: &Event<'_>) {}
}

/// A step of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// A stream is about to be read.
    Begun {
        /// Its name.
        stream: &'a str,
        /// Whether it has never been loaded completely.
        first_load: bool,
    },
    /// A page has been stored.
    Applied {
        /// The stream that it belongs to.
        stream: &'a str,
        /// Records, deletions and merges that this poll has taken over from the stream so far.
        records: u64,
    },
    /// The source has to be asked again after a while.
    Waiting {
        /// The stream that waits.
        stream: &'a str,
        /// For how long.
        pause: Duration,
        /// Why.
        why: String,
    },
    /// A stream is up to date.
    Done {
        /// Its name.
        stream: &'a str,
        /// Records, deletions and merges that this poll has taken over from it.
        records: u64,
    },
    /// A stream has to be left as it is until the next poll.
    Failed {
        /// Its name.
        stream: &'a str,
        /// Why.
        why: String,
    },
}
