//! Readers of the same measures that figures are folded from: for people, and for Prometheus' past.

mod answer;
pub mod backfill;
mod backtest;
mod counted;
mod explain;
mod question;
pub mod review;
#[cfg(test)]
mod tests;

pub use answer::{Answer, AnswerPart, AnswerRecord, Named, Omitted, Records};
pub use backtest::{Backtest, Replay, Replayed, backtest};
pub use explain::{Counters, Explanation, NotExplained, explain};
