//! What measures leave out, and why: told while they decide it, so that a reason can never differ from the figure.
//!
//! A measure calls [`View::leave_out`] on the path on which it passes over a record that somebody could expect to count.
//! Only an explanation listens; for everybody else the call costs a look.

use std::cell::RefCell;

use super::view::View;
use crate::domain::{Object, Timestamp};

/// A record that a measure looked at and does not count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeftOut {
    /// Its kind.
    pub object: Object,
    /// The store's number of it.
    pub record: u32,
    /// When it would count; none where that is what is not known.
    pub at: Option<Timestamp>,
    /// For whom it would count: a slot of the view's people.
    pub slot: u32,
    /// Values of the measure's further labels, as far as they are known.
    pub dims: Option<[u32; 2]>,
    /// Why it does not, in a few words that follow "left out:".
    pub why: &'static str,
}

/// Takes what is left out.
type Witness = Box<dyn FnMut(LeftOut)>;

/// Whoever listens at the moment.
#[derive(Default)]
pub(super) struct Listening(RefCell<Option<Witness>>);

impl View<'_> {
    /// Says that a record does not count. `what` is asked only while somebody listens.
    pub fn leave_out(&self, what: impl FnOnce() -> LeftOut) {
        if let Some(witness) = self.listening.0.borrow_mut().as_mut() {
            witness(what());
        }
    }

    /// Whether anybody listens: for what is only looked for to be told.
    pub fn is_listened_to(&self) -> bool {
        self.listening.0.borrow().is_some()
    }

    /// Runs `run` while nobody listens: for what is worked out once and then kept.
    pub fn unheard<T>(&self, run: impl FnOnce() -> T) -> T {
        let former = self.listening.0.take();
        let result = run();
        *self.listening.0.borrow_mut() = former;
        result
    }

    /// Lets `witness` hear what is left out while `run` runs, and nobody else.
    pub fn listen<T>(&self, witness: impl FnMut(LeftOut) + 'static, run: impl FnOnce() -> T) -> T {
        let former = self.listening.0.replace(Some(Box::new(witness)));
        let result = run();
        *self.listening.0.borrow_mut() = former;
        result
    }
}
