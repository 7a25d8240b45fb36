//! The CRM's ids, compactly: most CRMs number their records, which takes 8 bytes; other ids are kept as text.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use super::column::Column;

const TEXT: u64 = u64::MAX;

/// An id, as it is kept.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Id {
    /// A number, written as numbers are, so that it can be written again. Never [`TEXT`].
    Number(u64),
    /// Any other.
    Text(Box<str>),
}

impl Id {
    /// The id of that text.
    pub(super) fn new(text: &str) -> Id {
        let is_plain = text == "0" || !text.starts_with(['0', '+']);
        match text.parse() {
            Ok(number) if is_plain && number != TEXT => Id::Number(number),
            _ => Id::Text(text.into()),
        }
    }
}

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
        match Id::new(id) {
            Id::Number(number) => {
                self.numbers.set(index, number);
                self.texts.remove(&(index as u32));
            }
            Id::Text(text) => {
                self.numbers.set(index, TEXT);
                self.texts.insert(index as u32, text);
            }
        }
    }

    /// The id of a key that was set.
    pub(super) fn text(&self, index: usize) -> Cow<'_, str> {
        match self.numbers.get(index) {
            TEXT => self.texts.get(&(index as u32)).map_or("", |text| text).into(),
            number => number.to_string().into(),
        }
    }

    /// The same, to be compared with others.
    pub(super) fn id(&self, index: usize) -> Id {
        match self.numbers.get(index) {
            TEXT => Id::Text(self.texts.get(&(index as u32)).cloned().unwrap_or_default()),
            number => Id::Number(number),
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
    fn an_id_is_written_as_it_was() {
        let mut ids = Ids::default();
        for (index, id) in ["0", "42", "007", "+7", "18446744073709551615", "x"].into_iter().enumerate() {
            ids.set(index, id);
            assert_eq!(ids.text(index), id);
            assert!(ids.id(index) == Id::new(id) && ids.id(index) != Id::new("7"));
        }
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
