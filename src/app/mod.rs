//! The only place that knows every part: builds them from the settings, starts the tasks, and stops them in order.
//! Only here and in `cli` is it asked what time it is.

mod backfill;
mod daemon;
mod display;
mod explained;
mod explainer;
mod figures;
mod floor;
mod in_force;
mod once;
mod parts;
mod plan;
mod pollers;
mod probe;
mod refresh;
mod reload;
mod replace;
mod review;
mod status;
mod stock;
mod supervisor;
mod worker;

use chrono::Utc;

use crate::domain::Timestamp;

pub use backfill::{Made, Outline, PastAsked, Step, backfill};
pub use daemon::run;
pub use display::Shown;
pub use explained::{Asking, counted};
pub use once::{Asked, Instant, Planned, backtest, explain, parse_when, plan, prune, snapshot, sync, usual};
pub use parts::Parts;
pub use probe::{Probed, probe};
pub use reload::{Read, Reload};
pub use replace::{replace, replace_with};
pub use review::{Days, review};
pub use stock::{Draft, Stock, take_stock};

/// The instant at which this is called.
fn now() -> Timestamp {
    Utc::now().into()
}
