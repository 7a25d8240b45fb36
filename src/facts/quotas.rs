//! Targets that the CRMs keep.

use std::collections::BTreeMap;

use crate::domain::{Goal, Key};

/// A target that a CRM keeps for a person or a team.
#[derive(Debug, Clone)]
pub struct Quota {
    /// The source.
    pub source: u32,
    /// What the CRM says.
    pub goal: Goal<Key>,
}

/// Targets by key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quotas {
    entries: BTreeMap<u32, Quota>,
}

impl Quotas {
    /// Takes a record out.
    pub(crate) fn remove(&mut self, key: Key) {
        self.entries.remove(&key.0);
    }

    /// Puts a record in, in place of what was there.
    pub(crate) fn put(&mut self, key: Key, source: u32, goal: Goal<Key>) {
        self.entries.insert(key.0, Quota { source, goal });
    }

    /// Those of a source.
    pub(crate) fn of(&self, source: u32) -> impl Iterator<Item = &Quota> {
        self.entries.values().filter(move |quota| quota.source == source)
    }
}
