//! What tells the program to stop, or to read its settings again.

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A token that is cancelled at SIGTERM or SIGINT (Ctrl-C).
pub(super) fn shutdown() -> anyhow::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        cancelled.cancel();
    });
    Ok(token)
}

/// Receives at SIGHUP. Several of them before the first is looked at are one.
pub(super) fn hangups() -> anyhow::Result<mpsc::Receiver<()>> {
    let mut hangup = signal(SignalKind::hangup()).context("cannot listen for SIGHUP")?;
    let (tell, told) = mpsc::channel(1);
    tokio::spawn(async move { while hangup.recv().await.is_some() && tell.send(()).await.is_ok() {} });
    Ok(told)
}
