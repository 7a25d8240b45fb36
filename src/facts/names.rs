//! Interned text: equal texts are one number. They lie one behind the other in one piece of memory, since a million deals
//! have nearly as many names.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;

/// Texts by number. Numbers follow the order of arrival, so nothing that is exposed may be ordered by them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    texts: String,
    /// Where each text ends in `texts`; it starts where the one before it ends.
    ends: Vec<usize>,
    /// The numbers, to be found by their texts.
    numbers: HashTable<u32>,
    hasher: RandomState,
}

impl Names {
    /// The number of a text.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.find(text) {
            return number;
        }
        let number = self.ends.len() as u32;
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        let Names { texts, ends, numbers, hasher } = self;
        numbers.insert_unique(hasher.hash_one(text), number, |&number| {
            hasher.hash_one(slice(texts, ends, number).unwrap_or_default())
        });
        number
    }

    /// The number that a text has, if it was ever given one.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.numbers.find(self.hasher.hash_one(text), |&number| self.text(number) == Some(text)).copied()
    }

    /// The text of a number; none for a number that was never given.
    pub(crate) fn text(&self, number: u32) -> Option<&str> {
        slice(&self.texts, &self.ends, number)
    }

    /// How many numbers were given: all below.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

fn slice<'t>(texts: &'t str, ends: &[usize], number: u32) -> Option<&'t str> {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
    texts.get(start..*ends.get(number)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_number() {
        let mut names = Names::default();
        let texts: Vec<String> = (0..1000).map(|n| format!("Zoë {n}")).chain([String::new()]).collect();
        let numbers: Vec<u32> = texts.iter().map(|text| names.number(text)).collect();
        assert!(numbers.iter().copied().eq(0..1001));
        assert_eq!(names.len(), 1001);
        for (text, number) in texts.iter().zip(numbers) {
            assert_eq!((names.number(text), names.find(text)), (number, Some(number)));
            assert_eq!(names.text(number), Some(text.as_str()));
        }
        assert_eq!((names.find("Zoë"), names.text(1001), names.text(u32::MAX)), (None, None, None));
    }
}
