//! Merged records: links to them are links to the survivor.

use std::collections::HashMap;

use crate::domain::{Key, Object};

use super::NONE;

/// Who survived, per kind of record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Merges {
    survivors: [HashMap<u32, u32>; Object::ALL.len()],
}

impl Merges {
    /// Notes that a record was, or was not, merged into another.
    pub(crate) fn set(&mut self, object: Object, key: Key, into: Option<Key>) {
        let survivors = &mut self.survivors[object as usize];
        match into {
            Some(into) => drop(survivors.insert(key.0, into.0)),
            None => drop(survivors.remove(&key.0)),
        }
    }

    /// The record that a link leads to; itself unless it was merged. A circle of merges ends where it began.
    pub(crate) fn survivor(&self, object: Object, key: u32) -> u32 {
        let survivors = &self.survivors[object as usize];
        if key == NONE || survivors.is_empty() {
            return key;
        }
        let mut at = key;
        for _ in 0..=survivors.len() {
            match survivors.get(&at) {
                Some(&next) if next != key => at = next,
                _ => break,
            }
        }
        at
    }

    /// Keys of the records that were merged into others.
    pub(crate) fn merged(&self, object: Object) -> impl Iterator<Item = u32> + '_ {
        self.survivors[object as usize].keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_follow_merges_to_the_end() {
        let mut merges = Merges::default();
        merges.set(Object::Deal, Key(1), Some(Key(2)));
        merges.set(Object::Deal, Key(2), Some(Key(3)));
        assert_eq!(merges.survivor(Object::Deal, 1), 3);
        assert_eq!(merges.survivor(Object::Contact, 1), 1);
        merges.set(Object::Deal, Key(2), None);
        assert_eq!(merges.survivor(Object::Deal, 1), 2);
    }

    #[test]
    fn a_circle_ends() {
        let mut merges = Merges::default();
        merges.set(Object::Deal, Key(1), Some(Key(2)));
        merges.set(Object::Deal, Key(2), Some(Key(1)));
        assert_eq!(merges.survivor(Object::Deal, 1), 2);
        assert_eq!(merges.survivor(Object::Deal, NONE), NONE);
    }
}
