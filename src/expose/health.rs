//! Health, for load balancers and orchestrators.

use axum::extract;
use axum::http::StatusCode;

use super::State;

/// Answers as long as anything can answer.
pub(super) async fn healthy() -> &'static str {
    "healthy\n"
}

/// Says whether complete figures are served, and if not, what is awaited.
pub(super) async fn ready(extract::State(state): extract::State<State>) -> (StatusCode, String) {
    match (state.status)().ready {
        Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
        Err(awaited) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: waiting for {awaited}\n")),
    }
}
