//! Reports for people: readers of the same measures that figures are folded from.

mod explain;
#[cfg(test)]
mod tests;

pub use explain::{Explanation, NotExplained, Part, RecordLine, explain};
