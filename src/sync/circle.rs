//! Noticing that a stream goes round in a circle, so that it is not asked the same again for ever.

use crate::domain::Cursor;

/// The way of a stream from page to page.
///
/// One cursor is remembered, and after 1, 2, 4, 8... pages another one (Brent's algorithm): a circle of any length is
/// noticed before it has been gone round a few times, and nothing else has to be kept.
#[derive(Debug)]
pub(super) struct Way {
    kept: Option<Cursor>,
    /// Pages since then.
    pages: usize,
    /// Pages after which another cursor is kept.
    most: usize,
}

impl Way {
    /// One that begins behind `cursor`.
    pub(super) fn new(cursor: Option<Cursor>) -> Way {
        Way { kept: cursor, pages: 0, most: 1 }
    }

    /// Goes on to `next`; tells whether the way has been there before, as far as is remembered.
    pub(super) fn comes_round(&mut self, next: &Cursor) -> bool {
        if self.kept.as_ref() == Some(next) {
            return true;
        }
        self.pages += 1;
        if self.pages == self.most {
            *self = Way { kept: Some(next.clone()), pages: 0, most: self.most.saturating_mul(2) };
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After how many pages it is noticed that a way of `before` pages leads into a circle of `length`.
    fn noticed(before: usize, length: usize) -> usize {
        let place = |page: usize| if page < before { page } else { before + (page - before) % length };
        let cursor = |page| Cursor(place(page).to_string());
        let mut way = Way::new(None);
        (0..).find(|page| way.comes_round(&cursor(*page))).unwrap()
    }

    #[test]
    fn circles_of_every_length_are_noticed() {
        assert_eq!((noticed(0, 1), noticed(0, 2)), (1, 2));
        for before in 0..50 {
            for length in 1..50 {
                let pages = noticed(before, length);
                assert!(pages <= 2 * (before + 1).max(length) + 2 * length, "{before} {length}: {pages}");
            }
        }
    }

    #[test]
    fn a_way_that_goes_on_is_no_circle() {
        let mut way = Way::new(Some(Cursor("begin".into())));
        assert!((0..1000).all(|page: u32| !way.comes_round(&Cursor(page.to_string()))));
        let mut way = Way::new(Some(Cursor("begin".into())));
        assert!(way.comes_round(&Cursor("begin".into())));
    }
}
