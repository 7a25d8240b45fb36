//! Merged records: links to them are links to the survivor.

use std::collections::HashMap;

use crate::domain::{Key, Object};

use super::NONE;

/// Who survived, per kind of record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Merges {
    survivors: HashMap<(Object, u32), u32>,
}

impl Merges {
    /// Notes that a record was, or was not, merged into another.
    pub(crate) fn set(&mut self, object: Object, key: Key, into: Option<Key>) {
        match into {
            Some(into) => drop(self.survivors.insert((object, key.0), into.0)),
            None => drop(self.survivors.remove(&(object, key.0))),
        }
    }

    /// The record that a link leads to; itself unless it was merged. A circle of merges ends where it began.
    pub(crate) fn survivor(&self, object: Object, key: u32) -> u32 {
        if key == NONE || self.survivors.is_empty() {
            return key;
        }
        let mut at = key;
        for _ in 0..=self.survivors.len() {
            match self.survivors.get(&(object, at)) {
                Some(&next) if next != key => at = next,
                _ => break,
            }
        }
        at
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
