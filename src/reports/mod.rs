//! Readers of the same measures that figures are folded from: for people, and for Prometheus' past.

pub mod backfill;
mod backtest;
mod explain;
pub mod review;
#[cfg(test)]
mod tests;

pub use backtest::{Backtest, Replay, Replayed, backtest};
pub use explain::{Explanation, NotExplained, Part, RecordLine, explain};
