//! What the program serves over HTTP: the figures, its health, and a page for people.
//!
//! Everything arrives as values: the snapshot as bytes already encoded, the rest through a few functions. Nothing here
//! sees a record, a source or a clock, and a request makes nothing be computed but the exporter's own few metrics, unless it
//! asks for the settings to be read again or for a figure to be explained.

mod accept;
mod explain;
mod health;
mod lifecycle;
mod listen;
mod page;
mod scrape;
mod server;
mod slow;
mod status;
mod web_file;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tokio::sync::watch;

use crate::domain::Timestamp;
use crate::exposition::Body;

pub use explain::{Asked, Explain, Explained};
pub use lifecycle::{Reload, Reloaded};
pub use listen::{BindError, bind};
pub use server::serve;
pub use status::{SourceState, SourceStatus, Status};
pub use web_file::{WebFile, WebFileError};

/// Figures of one instant, ready to be sent.
#[derive(Debug, Clone)]
pub struct Published {
    /// The text.
    pub body: Body,
    /// The instant whose figures they are.
    pub at: Timestamp,
    /// Number of series in the text.
    pub series: usize,
    /// Whether all that the sources deliver had been loaded completely when they were made.
    pub complete: bool,
}

/// What requests are answered from. Clones share it.
#[derive(Clone)]
pub struct State {
    /// The snapshot served; none before the first one is made.
    pub snapshot: watch::Receiver<Option<Arc<Published>>>,
    /// The exporter's own metrics in the text format. Called at every scrape, on a thread that serves: must be quick,
    /// and must not name a family of the snapshot.
    pub own: Arc<dyn Fn() -> Vec<u8> + Send + Sync>,
    /// How things stand. Called at every request for `/` and `/-/ready`, on a thread that serves: must be quick.
    pub status: Arc<dyn Fn() -> Status + Send + Sync>,
    /// Called when somebody asks for the settings to be read again.
    pub reload: Reload,
    /// Called when somebody asks what a figure is made of.
    pub explain: Explain,
}

const METRICS: &str = "/metrics";
/// Where the program says that it is alive.
pub const HEALTHY: &str = "/-/healthy";
/// Where it says whether complete figures are served.
pub const READY: &str = "/-/ready";
const LANDING: &str = "/";
/// Where a figure is explained.
pub const EXPLAIN: &str = "/api/v1/explain";
const RELOAD: &str = "/-/reload";

/// Every path that can be looked at, with what is there.
const PATHS: [(&str, &str); 4] = [
    (METRICS, "Figures in the text format, for Prometheus to scrape"),
    (HEALTHY, "200 while the process serves"),
    (READY, "200 once figures are complete, 503 before"),
    (LANDING, "What is served, from which sources, and how fresh it is"),
];

/// All paths, answering `GET` and `HEAD`, but `/-/reload`, which answers `POST` and `PUT`. Bodies of requests are never read.
pub fn router(state: State) -> Router {
    Router::new()
        .route(METRICS, get(scrape::metrics))
        .route(HEALTHY, get(health::healthy))
        .route(READY, get(health::ready))
        .route(LANDING, get(page::landing))
        .route(EXPLAIN, get(explain::explain))
        .route(RELOAD, post(lifecycle::reload).put(lifecycle::reload))
        .method_not_allowed_fallback(page::wrong_method)
        .fallback(page::not_found)
        .with_state(state)
}
