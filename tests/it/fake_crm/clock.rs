//! The time as the fake CRM has it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

use crm_exporter::domain::Timestamp;

/// A clock that stands still until a test moves it, or one that runs some way off the real time.
#[derive(Debug)]
pub(crate) struct Clock {
    /// The instant, or the distance from the real time.
    millis: AtomicI64,
    runs: bool,
}

impl Clock {
    /// A clock that stands at `at`.
    pub(crate) fn standing_at(at: Timestamp) -> Clock {
        Clock { millis: AtomicI64::new(at.0), runs: false }
    }

    /// The real time, for programs that cannot be given another.
    pub(crate) fn running() -> Clock {
        Clock { millis: AtomicI64::new(0), runs: true }
    }

    /// What it shows.
    pub(crate) fn now(&self) -> Timestamp {
        let millis = self.millis.load(Ordering::SeqCst);
        Timestamp(if self.runs { real().plus_millis(millis).0 } else { millis })
    }

    /// Moves it, forwards or back.
    pub(crate) fn advance(&self, millis: i64) {
        self.millis.fetch_add(millis, Ordering::SeqCst);
    }
}

fn real() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp(i64::try_from(since.as_millis()).unwrap())
}
