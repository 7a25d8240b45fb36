//! Columns laid out by key.

use crate::domain::Key;

/// No record: what a link to nothing is in a column.
pub const NONE: u32 = u32::MAX;

/// A link as it stands in a column.
pub(super) fn link(key: Option<Key>) -> u32 {
    key.map_or(NONE, |key| key.0)
}

/// Values by key; keys that were never set have the value `empty`.
#[derive(Debug, Clone)]
pub(crate) struct Column<T> {
    values: Vec<T>,
    empty: T,
}

impl<T: Copy> Column<T> {
    /// No values.
    pub(crate) fn new(empty: T) -> Column<T> {
        Column { values: Vec::new(), empty }
    }

    /// Makes room for `count` keys at once, which saves growing step by step.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.values.reserve_exact(count.saturating_sub(self.values.len()));
    }

    /// Sets the value of a key.
    pub(crate) fn set(&mut self, index: usize, value: T) {
        if index >= self.values.len() {
            self.values.resize(index + 1, self.empty);
        }
        self.values[index] = value;
    }

    /// The value of a key.
    pub(crate) fn get(&self, index: usize) -> T {
        self.values.get(index).copied().unwrap_or(self.empty)
    }

    /// All values, by key.
    pub(crate) fn as_slice(&self) -> &[T] {
        &self.values
    }

    /// One more than the largest key.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_keys_are_empty() {
        let mut column = Column::new(NONE);
        column.set(2, 7);
        assert_eq!(column.as_slice(), [NONE, NONE, 7]);
        assert_eq!(column.get(9), NONE);
    }
}
