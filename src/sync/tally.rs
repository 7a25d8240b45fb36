//! Which records are to be counted again, and when that is worth its cost.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::Object;

/// Counting rests for so many times as long as it took. A large table takes seconds; small ones are counted at each
/// poll.
const REST: u32 = 100;

/// Which objects' records have changed since they were last counted, and what counting them costs.
#[derive(Debug, Default)]
pub(super) struct Tally {
    changed: BTreeSet<Object>,
    not_before: BTreeMap<Object, Instant>,
}

impl Tally {
    /// Notes that records of these objects have changed.
    pub(super) fn touch(&mut self, objects: impl IntoIterator<Item = Object>) {
        self.changed.extend(objects);
    }

    /// What is worth counting now.
    pub(super) fn due(&self, now: Instant) -> BTreeSet<Object> {
        let rests = |object: &Object| self.not_before.get(object).is_some_and(|instant| now < *instant);
        self.changed.iter().copied().filter(|object| !rests(object)).collect()
    }

    /// Notes that an object was counted just now, which took that long.
    pub(super) fn counted(&mut self, object: Object, now: Instant, took: Duration) {
        self.changed.remove(&object);
        self.not_before.insert(object, now + took.saturating_mul(REST));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dear_to_count_is_counted_seldom_and_in_the_end() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut tally = Tally::default();
        tally.touch([Object::Activity, Object::Deal]);
        assert_eq!(tally.due(start), BTreeSet::from([Object::Activity, Object::Deal]));
        tally.counted(Object::Activity, start, Duration::from_secs(2));
        tally.counted(Object::Deal, start, Duration::ZERO);
        assert_eq!(tally.due(start), BTreeSet::new());
        tally.touch([Object::Activity, Object::Deal]);
        assert_eq!(tally.due(after(1)), BTreeSet::from([Object::Deal]));
        assert_eq!(tally.due(after(199)), BTreeSet::from([Object::Deal]));
        assert_eq!(tally.due(after(200)), BTreeSet::from([Object::Activity, Object::Deal]));
    }
}
