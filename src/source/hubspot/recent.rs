//! Which changes have been taken over lately, so that they are known when the next window shows them again.
//!
//! They are part of a cursor, which is written with every page, and an import or a bulk edit brings thousands at once. In
//! a cursor they are therefore a text of differences: in the order of ids, how far each id and each instant lies from the
//! one before. Records that were made or changed together lie close together, so that most take two to seven letters.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::Timestamp;

/// At most so many changes are remembered. Of more, some are taken over again, which changes nothing.
pub(super) const REMEMBERED: usize = 20_000;

/// Ids of records, and the instant of the last change that was taken over, in milliseconds since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Recent(BTreeMap<u64, i64>);

impl Recent {
    /// Whether that change has been taken over already; otherwise notes that it is now. An id that is no number is never
    /// known.
    pub(super) fn is_known(&mut self, id: &str, version: Timestamp) -> bool {
        let Ok(id) = id.parse::<u64>() else { return false };
        if self.0.get(&id) == Some(&version.0) {
            return true;
        }
        if self.0.len() < REMEMBERED || self.0.contains_key(&id) {
            self.0.insert(id, version.0);
        }
        false
    }

    /// Forgets changes from before `first`.
    pub(super) fn forget_before(&mut self, first: i64) {
        self.0.retain(|_, changed| *changed >= first);
    }
}

impl Serialize for Recent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut last = (0, 0);
        let entries = self.0.iter().map(|(id, changed)| {
            let here = (i128::from(*id), i128::from(*changed));
            let further = (here.0 - last.0, here.1 - last.1);
            last = here;
            match further {
                (id, 0) => id.to_string(),
                (id, changed) => format!("{id}:{changed}"),
            }
        });
        serializer.serialize_str(&entries.collect::<Vec<_>>().join(" "))
    }
}

impl<'de> Deserialize<'de> for Recent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Recent, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (mut id, mut changed) = (0_i128, 0_i128);
        let mut read = |entry: &str| {
            let (further, later) = entry.split_once(':').unwrap_or((entry, "0"));
            id = id.checked_add(further.parse().ok()?)?;
            changed = changed.checked_add(later.parse().ok()?)?;
            Some((u64::try_from(id).ok()?, i64::try_from(changed).ok()?))
        };
        let entries: Option<BTreeMap<u64, i64>> = text.split_ascii_whitespace().map(&mut read).collect();
        entries.map(Recent).ok_or_else(|| D::Error::custom("what was taken over lately is no list of differences"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_795_280_400_000;

    fn text(recent: &Recent) -> String {
        serde_json::to_string(recent).unwrap()
    }

    fn of(changes: impl IntoIterator<Item = (u64, i64)>) -> Recent {
        let mut recent = Recent::default();
        for (id, changed) in changes {
            recent.is_known(&id.to_string(), Timestamp(changed));
        }
        recent
    }

    #[test]
    fn a_change_is_known_once_it_was_noted() {
        let mut recent = Recent::default();
        assert!(!recent.is_known("1", Timestamp(5)));
        assert!(recent.is_known("1", Timestamp(5)));
        assert!(!recent.is_known("1", Timestamp(6)));
        assert!(!recent.is_known("2", Timestamp(1)));
        recent.forget_before(6);
        assert_eq!(recent, of([(1, 6)]));
        assert!(!recent.is_known("odd", Timestamp(6)) && !recent.is_known("odd", Timestamp(6)));
    }

    #[test]
    fn differences_are_written() {
        assert_eq!(text(&of([])), r#""""#);
        assert_eq!(text(&of([(37, 36), (38, 36), (40, 35)])), r#""37:36 1 2:-1""#);
        assert!(serde_json::from_str::<Recent>(r#""1:%""#).is_err());
        assert!(serde_json::from_str::<Recent>(r#""-1:0""#).is_err());
    }

    #[test]
    fn an_import_leaves_cursors_small() {
        let import = of((0..50_000).map(|at| (300_000_000_000 + at, NOW)));
        assert_eq!(import.0.len(), REMEMBERED);
        assert!(text(&import).len() < 2 * REMEMBERED + 40);
        let one_by_one = of((0..50_000).map(|at| (300_000_000_000 + 7 * at, NOW + 25 * at as i64)));
        assert!(text(&one_by_one).len() < 6 * REMEMBERED);
        // Changes of all that there is, in no order: this is as large as it gets.
        let scattered = of((0..50_000).map(|at| (at * 7_919_000, NOW + (at as i64 * 7_919) % 600_000)));
        assert!(text(&scattered).len() < 17 * REMEMBERED);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(changes in prop::collection::btree_map(any::<u64>(), any::<i64>(), 0..20)) {
            let recent = of(changes);
            prop_assert_eq!(serde_json::from_str::<Recent>(&text(&recent)).unwrap(), recent);
        }
    }
}
