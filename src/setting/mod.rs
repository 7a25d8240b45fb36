//! What settings are made of: YAML, durations with a unit, exact numbers, lists, selectors, and problems that name their key.
//!
//! Each module declares its own settings with these; `settings` composes them.

mod day;
mod duration;
mod hint;
mod list;
mod number;
mod problem;
mod read;
mod selector;
mod yaml;

pub use day::{day, days, some_day};
pub use duration::{Lasting, ParseLastingError};
pub use hint::{did_you_mean, instead, nearest};
pub use list::OneOrMany;
pub use number::Number;
pub use problem::Problem;
pub use read::read;
pub use selector::{Selector, SelectorError};
pub use yaml::parse_yaml;
