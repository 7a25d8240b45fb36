//! When a stream is due, and what its rounds so far amount to.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Object, Timestamp};
use crate::source::{Cadence, Stream};
use crate::store::StreamState;

/// Whether a stream in this state is to be asked for at `now`.
///
/// What is still being loaded, for the first time or again, always is; and so is what was loaded later than `now`: the
/// clock was set back, and nobody knows how long ago that was.
pub(super) fn is_due(cadence: Cadence, state: &StreamState, now: Timestamp) -> bool {
    match state.last_complete {
        Some(last) => {
            let elapsed = now.millis_since(last);
            elapsed < 0 || elapsed >= cadence.millis()
        }
        None => true,
    }
}

/// Since when at least all streams have been as fresh as their cadence demands: the oldest last round of those that are
/// asked for most often. None while a stream is still being loaded. Streams that the CRM never let us read do not count.
pub fn last_success<'a>(streams: impl Iterator<Item = (Cadence, &'a StreamState)> + Clone) -> Option<Timestamp> {
    let streams = streams.filter(|(_, state)| !was_never_permitted(state));
    if streams.clone().any(|(_, state)| state.last_complete.is_none()) {
        return None;
    }
    let most_often = streams.clone().map(|(cadence, _)| cadence).min()?;
    let of_those = streams.filter(|(cadence, _)| *cadence == most_often);
    of_those.map(|(_, state)| state.last_complete).min().flatten()
}

/// Whether the CRM does not let us read the stream, and never has: what it would bring is in no figure.
pub fn was_never_permitted(state: &StreamState) -> bool {
    state.forbidden && !state.complete
}

/// Every object, and whether it is complete: whether all streams that bring it have been up to date once. Streams that
/// the CRM never let us read do not count, unless there are no others.
pub fn completeness(streams: &[Stream], states: &[StreamState]) -> BTreeMap<Object, bool> {
    let mut objects = BTreeMap::new();
    for (stream, state) in streams.iter().zip(states) {
        for object in &stream.objects {
            let complete = objects.entry(*object).or_insert(None);
            if !was_never_permitted(state) {
                *complete = Some(complete.unwrap_or(true) && state.complete);
            }
        }
    }
    objects.into_iter().map(|(object, complete)| (object, complete.unwrap_or(false))).collect()
}

/// The objects that only streams bring which `is_forbidden`.
pub fn withheld(streams: &[Stream], is_forbidden: impl Fn(&Stream) -> bool) -> BTreeSet<Object> {
    let brought = |stream: &Stream| stream.objects.clone();
    let (forbidden, permitted): (Vec<&Stream>, Vec<&Stream>) = streams.iter().partition(|stream| is_forbidden(stream));
    let permitted: BTreeSet<Object> = permitted.into_iter().flat_map(brought).collect();
    forbidden.into_iter().flat_map(brought).filter(|object| !permitted.contains(object)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Cursor;

    const HOUR: i64 = 3_600_000;
    const NOW: Timestamp = Timestamp(1_000 * HOUR);

    fn loaded(hours_ago: i64) -> StreamState {
        let last_complete = Some(NOW.plus_millis(-hours_ago * HOUR));
        StreamState { cursor: Some(Cursor("c".into())), complete: true, last_complete, forbidden: false }
    }

    #[test]
    fn a_loaded_stream_is_due_by_its_cadence() {
        for (cadence, not_due, due) in
            [(Cadence::Hourly, 0, 1), (Cadence::Daily, 23, 24), (Cadence::Weekly, 7 * 24 - 1, 7 * 24)]
        {
            assert!(!is_due(cadence, &loaded(not_due), NOW), "{cadence:?}");
            assert!(is_due(cadence, &loaded(due), NOW), "{cadence:?}");
        }
        assert!(is_due(Cadence::EveryPoll, &loaded(0), NOW));
        assert!(!is_due(Cadence::Hourly, &loaded(1), NOW.plus_millis(-1)));
    }

    #[test]
    fn what_is_not_loaded_to_its_end_is_always_due() {
        let never = StreamState { cursor: None, complete: false, last_complete: None, forbidden: false };
        let begun = StreamState { cursor: Some(Cursor("c".into())), ..never.clone() };
        let again = StreamState { complete: true, ..begun.clone() };
        for state in [never, begun, again] {
            assert!(is_due(Cadence::Weekly, &state, NOW), "{state:?}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_makes_due() {
        assert!(is_due(Cadence::Weekly, &loaded(-1), NOW));
    }

    fn success(streams: &[(Cadence, StreamState)]) -> Option<Timestamp> {
        last_success(streams.iter().map(|(cadence, state)| (*cadence, state)))
    }

    #[test]
    fn the_last_success_is_that_of_the_stalest_frequent_stream() {
        let streams = [(Cadence::EveryPoll, loaded(2)), (Cadence::EveryPoll, loaded(3)), (Cadence::Daily, loaded(20))];
        assert_eq!(success(&streams), loaded(3).last_complete);
        assert_eq!(success(&streams[2..]), loaded(20).last_complete);
        assert_eq!(success(&[]), None);
    }

    #[test]
    fn there_is_no_last_success_before_everything_was_loaded() {
        let never = StreamState { cursor: None, complete: false, last_complete: None, forbidden: false };
        assert_eq!(success(&[(Cadence::EveryPoll, loaded(2)), (Cadence::Weekly, never)]), None);
    }

    #[test]
    fn streams_that_were_never_permitted_do_not_count() {
        let stream = |name: &str, objects: &[Object]| Stream {
            name: name.to_owned(),
            objects: objects.to_vec(),
            cadence: Cadence::EveryPoll,
            fingerprint: String::new(),
            details_batch: 0,
        };
        let forbidden = StreamState { cursor: None, complete: false, last_complete: None, forbidden: true };
        let lost = StreamState { forbidden: true, ..loaded(1) };
        let streams = [
            stream("calls", &[Object::Activity]),
            stream("emails", &[Object::Activity]),
            stream("goals", &[Object::Account]),
            stream("leads", &[Object::Lead]),
        ];
        let states = [loaded(2), forbidden.clone(), forbidden, lost];
        let complete = completeness(&streams, &states);
        assert_eq!(complete, [(Object::Activity, true), (Object::Account, false), (Object::Lead, true)].into());
        let is_forbidden = |name: &Stream| ["emails", "goals"].contains(&name.name.as_str());
        assert_eq!(withheld(&streams, is_forbidden), [Object::Account].into());
        let all = states.map(|state| (Cadence::EveryPoll, state));
        assert_eq!(success(&all), loaded(2).last_complete);
        assert_eq!(success(&all[1..3]), None);
    }
}
