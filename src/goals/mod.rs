//! Goals: what is to be reached by whom in which period, and how it stands.
//!
//! A goal asks a measure over periods of its own and for populations of its own; it never reads an exposed sample. What
//! is owed follows the working time of each person: start, end, ramp and absences. Which metric stands for which measure
//! is the catalogue's matter, so settings are read with its help.

mod days;
mod goal;
mod making;
mod outcome;
mod pace;
mod past;
mod periods;
pub mod plan;
mod quotas;
mod records;
mod scorecard;
mod service;
pub mod settings;
mod streak;
mod target;
mod timeline;
mod usual;

pub use goal::{Goal, Goals, Resolve, Resolved};
pub use making::{Making, finished};
pub use outcome::{Attainers, Figure, Outcome, evaluate};
pub use pace::Basis;
pub use past::{Attempt, Cell, Panel, Row, attempts};
pub use records::{Best, RecordRules, best};
pub use scorecard::{Scorecard, Scored};
pub use streak::Finished;
pub use target::{GroupTarget, Origin, RepTarget, Targets};
pub use usual::Usual;
pub(crate) use usual::usual;
