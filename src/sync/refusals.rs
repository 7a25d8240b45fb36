//! Streams that the CRM does not let us read: how often they are asked for all the same, and said so.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// A permission is seldom granted from one poll to the next, and CRMs count refused requests against us.
const REST: Duration = Duration::from_secs(3600);

/// What was refused, by the names of the streams.
#[derive(Debug, Default)]
pub(super) struct Refusals(HashMap<String, Refusal>);

#[derive(Debug)]
struct Refusal {
    why: String,
    ask_again: Instant,
}

impl Refusals {
    /// Whether it is too early to ask for the stream again.
    pub(super) fn rests(&self, stream: &str, now: Instant) -> bool {
        self.0.get(stream).is_some_and(|refusal| now < refusal.ask_again)
    }

    /// Notes that the stream was refused. Whether that, or the reason, is new.
    pub(super) fn note(&mut self, stream: &str, why: String, now: Instant) -> bool {
        let is_new = self.0.get(stream).is_none_or(|refusal| refusal.why != why);
        self.0.insert(stream.to_owned(), Refusal { why, ask_again: now + REST });
        is_new
    }

    /// Notes that the stream was read.
    pub(super) fn lift(&mut self, stream: &str) {
        self.0.remove(stream);
    }
}
