//! Which ids a listing has shown so far, so that a second row of one id is known wherever pages are cut.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// The ids of the rows of a listing up to some place: some ten bytes a row, kept while the listing lasts. It can be made
/// again by reading the rows before that place, so nothing is lost with it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    seen: HashSet<u64>,
    repeated: HashMap<u64, u64>,
}

impl Ledger {
    /// Notes an id and tells how often it has been noted, with this time.
    pub(super) fn note(&mut self, id: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let hash = hasher.finish();
        if self.seen.insert(hash) {
            return 1;
        }
        let times = self.repeated.entry(hash).or_insert(1);
        *times += 1;
        *times
    }
}

/// A number that stands for `parts` on every machine and in every release (FNV-1a, 64 bits).
pub(super) fn stable_hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for part in parts {
        part.bytes().for_each(&mut add);
        // No text contains this byte, so ["ab", "c"] and ["a", "bc"] differ.
        add(0xff);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_counted() {
        let mut ledger = Ledger::default();
        assert_eq!(["a", "b", "a", "a", "b"].map(|id| ledger.note(id)), [1, 1, 2, 3, 2]);
    }

    #[test]
    fn stable_hashes_never_change() {
        // Computed apart; ids in stores depend on it.
        assert_eq!(format!("{:016x}", stable_hash(["a"])), "089bc907b544c769");
        assert_ne!(stable_hash(["ab", "c"]), stable_hash(["a", "bc"]));
    }
}
