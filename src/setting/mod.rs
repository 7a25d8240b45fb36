//! What settings are made of: durations with a unit, and problems that name their key.
//!
//! Each module declares its own settings with these; `settings` composes them.

mod duration;
mod problem;

pub use duration::Lasting;
pub use problem::Problem;
