//! Contests: who is ahead, by a measure or by points for several, from one day to another.
//!
//! A contest asks measures over days of its own, and of goals only their targets. Standings are folded anew for every
//! instant, hidden contests' as well: whether they are exposed is the catalogue's matter.

mod contest;
pub mod settings;
mod standings;

pub use contest::{Contest, Contests};
pub use standings::{Making, Standing, population, standings};
