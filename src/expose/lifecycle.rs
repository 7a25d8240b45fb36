//! Reading the settings again, asked for over HTTP.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract;
use axum::http::StatusCode;

use super::State;

/// Reads the settings again and ends when they are in force, or will not be. It is done also if nobody waits for its end.
pub type Reload = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Reloaded> + Send>> + Send + Sync>;

/// How that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reloaded {
    /// The new settings are in force.
    Done,
    /// The settings in force do not allow to ask for it over HTTP.
    NotEnabled,
    /// Everything is as it was; why, with what to do about it.
    Failed(String),
}

/// Reads the settings again.
pub(super) async fn reload(extract::State(state): extract::State<State>) -> (StatusCode, String) {
    match (state.reload)().await {
        Reloaded::Done => (StatusCode::OK, "the settings have been read again\n".to_owned()),
        Reloaded::NotEnabled => (
            StatusCode::FORBIDDEN,
            "/-/reload is not enabled: set web.enable_lifecycle or --web.enable-lifecycle, or send SIGHUP instead\n"
                .to_owned(),
        ),
        Reloaded::Failed(why) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("the settings cannot be used, everything stays as it was:\n{why}\n"),
        ),
    }
}
