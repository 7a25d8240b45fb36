//! The CRM's ids, compactly: most CRMs number their records, which takes 8 bytes; other ids are kept as text.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::column::Column;

const TEXT: u64 = u64::MAX;

/// Ids by key.
#[derive(Debug, Clone)]
pub(super) struct Ids {
    numbers: Column<u64>,
    texts: HashMap<u32, Box<str>>,
}

impl Default for Ids {
    fn default() -> Self {
        Ids { numbers: Column::new(TEXT), texts: HashMap::new() }
    }
}

impl Ids {
    /// Makes room for `count` keys.
    pub(super) fn reserve(&mut self, count: usize) {
        self.numbers.reserve(count);
    }

    /// Sets the id of a key.
    pub(super) fn set(&mut self, index: usize, id: &str) {
        let number =
            id.parse().ok().filter(|number: &u64| *number != TEXT && (id == "0" || !id.starts_with(['0', '+'])));
        self.numbers.set(index, number.unwrap_or(TEXT));
        match number {
            Some(_) => drop(self.texts.remove(&(index as u32))),
            None => drop(self.texts.insert(index as u32, id.into())),
        }
    }

    /// Lowest id first: numbers by value and before other ids, those in code point order.
    pub(super) fn compare(&self, left: usize, right: usize) -> Ordering {
        self.numbers.get(left).cmp(&self.numbers.get(right)).then_with(|| {
            let text = |index: usize| self.texts.get(&(index as u32));
            text(left).cmp(&text(right))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_value_and_before_texts() {
        let mut ids = Ids::default();
        for (index, id) in ["10", "9", "b", "a10", "007", "18446744073709551615"].into_iter().enumerate() {
            ids.set(index, id);
        }
        let mut order: Vec<usize> = (0..6).collect();
        order.sort_by(|left, right| ids.compare(*left, *right));
        assert_eq!(order, [1, 0, 4, 5, 3, 2]);
    }

    #[test]
    fn an_id_can_change_its_form() {
        let mut ids = Ids::default();
        ids.set(0, "x");
        ids.set(0, "7");
        ids.set(1, "8");
        assert_eq!(ids.compare(0, 1), Ordering::Less);
    }
}
