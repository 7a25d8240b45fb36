//! Grafana's dashboards, as far as ours need them: a thin layer over their JSON.
//!
//! Boards are classic JSON of schema version 41, which Grafana 11 to 13 import, provision and take by their API alike. The
//! data source is a variable, because an import, a provisioned file and a sidecar resolve nothing else.

mod board;
mod layout;
mod look;
mod panel;
mod query;
mod style;
mod transform;
mod variable;

pub use board::{Board, Place};
pub use layout::Row;
pub use look::Look;
pub use panel::{Kind, Panel};
pub use query::Query;
pub use style::{AHEAD, AT_RISK, BEHIND, Colour, NEUTRAL, ON_PACE, PACE, QUIET, Steps, Unit, words};
pub use transform::Transform;
pub use variable::Variable;
