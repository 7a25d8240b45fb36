//! What settings are made of: durations with a unit, exact numbers, lists, selectors, and problems that name their key.
//!
//! Each module declares its own settings with these; `settings` composes them.

mod duration;
mod list;
mod number;
mod problem;
mod selector;

pub use duration::Lasting;
pub use list::OneOrMany;
pub use number::Number;
pub use problem::Problem;
pub use selector::{Selector, SelectorError};
