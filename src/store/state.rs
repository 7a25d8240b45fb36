//! One record while a page is applied: its registers, and who wins.
//!
//! A record is two registers in which the last writer wins by its stamp, not by its arrival: the content, stamped by the
//! CRM's modification time, and the deletion. A merger is a deletion that names a survivor. The links of a field are a
//! register of their own, since a version may leave them untold. So the order in which streams arrive does not matter.

use super::rows::is_live;
use super::values::Field;
use crate::domain::{Key, Timestamp};

/// A row of a record table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) id: String,
    /// Stamp of the content; none for a stub.
    pub(super) version: Option<Timestamp>,
    pub(super) deleted_at: Option<Timestamp>,
    pub(super) merged: Option<Merger>,
    pub(super) seq: u64,
    pub(super) fields: Vec<Field>,
}

/// When a record was merged, and into which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merger {
    pub(super) at: Timestamp,
    pub(super) into: Key,
}

impl State {
    /// A record that has only been mentioned.
    pub(super) fn stub(id: &str, fields: usize) -> State {
        State {
            id: id.to_owned(),
            version: None,
            deleted_at: None,
            merged: None,
            seq: 0,
            fields: vec![Field::Missing; fields],
        }
    }

    /// Takes what a version of the record says, as far as nothing newer is known.
    pub(super) fn tell(&mut self, version: Timestamp, fields: Vec<Field>) {
        let newest = self.version <= Some(version);
        for (held, told) in self.fields.iter_mut().zip(fields) {
            let take = match (&*held, &told) {
                (Field::Links(held), Field::Links(told)) => held.told <= told.told,
                (_, Field::Links(_)) => true,
                (Field::Links(_), _) => false,
                _ => newest,
            };
            if take {
                *held = told;
            }
        }
        if newest {
            self.version = Some(version);
        }
    }

    /// Takes a deletion.
    pub(super) fn delete(&mut self, at: Timestamp) {
        self.deleted_at = self.deleted_at.max(Some(at));
    }

    /// Takes a merger.
    pub(super) fn merge(&mut self, at: Timestamp, into: Key) {
        self.delete(at);
        if self.merged.is_none_or(|held| held.at <= at) {
            self.merged = Some(Merger { at, into });
        }
    }

    /// Whether readers see no difference.
    pub(super) fn looks_like(&self, other: &State) -> bool {
        let seen = |state: &State| {
            let live = is_live(state.version, state.deleted_at);
            (state.version, live, state.merged.map(|merger| merger.into).filter(|_| !live))
        };
        seen(self) == seen(other) && self.fields.iter().zip(&other.fields).all(|(one, other)| one.looks_like(other))
    }
}

#[cfg(test)]
mod tests {
    use super::super::values::Links;
    use super::*;

    /// What reaches a record, at a stamp.
    #[derive(Debug, Clone, Copy)]
    enum Event {
        /// A version with this text, and links if they are told.
        Tell(i64, &'static str, Option<&'static [u32]>),
        Delete(i64),
        Merge(i64, u32),
    }
    use Event::{Delete, Merge, Tell};

    fn after(events: &[Event]) -> State {
        let mut state = State::stub("1", 2);
        for event in events {
            match *event {
                Tell(at, text, links) => {
                    let told = Timestamp(at);
                    let links = links.map(|keys| keys.iter().copied().map(Key).collect());
                    let links = links.map_or(Field::Missing, |keys| Field::Links(Links { told, keys }));
                    state.tell(told, vec![Field::Text(text.to_owned()), links]);
                }
                Delete(at) => state.delete(Timestamp(at)),
                Merge(at, into) => state.merge(Timestamp(at), Key(into)),
            }
        }
        state
    }

    /// What readers see: text, links, whether live, survivor.
    fn seen(state: &State) -> (Option<&str>, Option<Vec<u32>>, bool, Option<u32>) {
        let text = match &state.fields[0] {
            Field::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let links = match &state.fields[1] {
            Field::Links(links) => Some(links.keys.iter().map(|key| key.0).collect()),
            _ => None,
        };
        let live = is_live(state.version, state.deleted_at);
        (text, links, live, state.merged.map(|merger| merger.into.0).filter(|_| !live))
    }

    #[test]
    fn the_last_writer_wins_by_its_stamp() {
        type Seen = (Option<&'static str>, Option<&'static [u32]>, bool, Option<u32>);
        let cases: &[(&[Event], Seen)] = &[
            (&[], (None, None, false, None)),
            (&[Tell(1, "a", None)], (Some("a"), None, true, None)),
            (&[Tell(1, "a", None), Tell(2, "b", None)], (Some("b"), None, true, None)),
            (&[Tell(2, "b", None), Tell(1, "a", None)], (Some("b"), None, true, None)),
            // At the same instant the later arrival wins.
            (&[Tell(2, "b", None), Tell(2, "c", None)], (Some("c"), None, true, None)),
            // A deletion counts until a newer version; at the same instant it wins.
            (&[Tell(2, "b", None), Delete(2)], (Some("b"), None, false, None)),
            (&[Delete(2), Tell(2, "b", None)], (Some("b"), None, false, None)),
            (&[Delete(2), Tell(3, "b", None)], (Some("b"), None, true, None)),
            (&[Tell(3, "b", None), Delete(2)], (Some("b"), None, true, None)),
            (&[Delete(5), Delete(2), Tell(3, "b", None)], (Some("b"), None, false, None)),
            (&[Delete(2)], (None, None, false, None)),
            // The content of a deleted record goes on being kept.
            (&[Delete(9), Tell(2, "b", None), Tell(1, "a", None)], (Some("b"), None, false, None)),
            // The latest merger names the survivor, as long as the record is not live.
            (&[Tell(1, "a", None), Merge(2, 7)], (Some("a"), None, false, Some(7))),
            (&[Merge(4, 8), Merge(2, 7)], (None, None, false, Some(8))),
            (&[Delete(9), Merge(2, 7)], (None, None, false, Some(7))),
            (&[Merge(2, 7), Tell(3, "b", None)], (Some("b"), None, true, None)),
            (&[Merge(2, 7), Tell(3, "b", None), Delete(4)], (Some("b"), None, false, Some(7))),
            // Links that are not told stay; told ones replace, also by none; older ones never win.
            (&[Tell(1, "a", Some(&[4])), Tell(2, "b", None)], (Some("b"), Some(&[4]), true, None)),
            (&[Tell(2, "b", None), Tell(1, "a", Some(&[4]))], (Some("b"), Some(&[4]), true, None)),
            (&[Tell(1, "a", Some(&[4])), Tell(2, "b", Some(&[]))], (Some("b"), Some(&[]), true, None)),
            (&[Tell(2, "b", Some(&[5])), Tell(1, "a", Some(&[4]))], (Some("b"), Some(&[5]), true, None)),
            (
                &[Tell(3, "c", None), Tell(2, "b", Some(&[5])), Tell(1, "a", Some(&[4]))],
                (Some("c"), Some(&[5]), true, None),
            ),
        ];
        for (events, (text, links, live, survivor)) in cases {
            let expected = (*text, links.map(<[u32]>::to_vec), *live, *survivor);
            assert_eq!(seen(&after(events)), expected, "{events:?}");
        }
    }

    #[test]
    fn only_what_readers_see_is_a_change() {
        let base = after(&[Tell(5, "a", Some(&[1])), Delete(6)]);
        assert!(base.looks_like(&after(&[Tell(5, "a", Some(&[1])), Delete(9)])));
        assert!(base.looks_like(&after(&[Tell(4, "a", Some(&[1])), Tell(5, "a", None), Delete(6)])));
        assert!(!base.looks_like(&after(&[Tell(5, "a", Some(&[1]))])));
        assert!(!base.looks_like(&after(&[Tell(4, "a", Some(&[1])), Delete(6)])));
        assert!(!base.looks_like(&after(&[Tell(5, "b", Some(&[1])), Delete(6)])));
        assert!(!base.looks_like(&after(&[Tell(5, "a", Some(&[1, 2])), Delete(6)])));
        assert!(!base.looks_like(&after(&[Tell(5, "a", Some(&[1])), Merge(6, 3)])));
    }
}
