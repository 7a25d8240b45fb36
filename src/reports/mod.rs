//! Readers of the same measures that figures are folded from: for people, and for Prometheus' past.

pub mod backfill;
mod explain;
#[cfg(test)]
mod tests;

pub use explain::{Explanation, NotExplained, Part, RecordLine, explain};
