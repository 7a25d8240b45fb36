//! Accepts connections, limits what slow clients may hold, and stops in time.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::slow::Unstalled;
use super::web_file::WebFile;

/// How long clients may take.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// To agree on how a connection is encrypted.
    handshake: Duration,
    /// From the end of one request (or the start of the connection) to the end of the next one's header. Longer than the
    /// usual minute between scrapes, so that Prometheus keeps its connection.
    header: Duration,
    /// Without taking any byte of a response.
    stall: Duration,
    /// To take the rest of a response once the server is to stop.
    grace: Duration,
    /// After no connection could be accepted, until it is tried again.
    pause: Duration,
    /// Connections at a time; more wait to be accepted. Half of what a process may usually open.
    connections: usize,
}

const LIMITS: Limits = Limits {
    handshake: Duration::from_secs(10),
    header: Duration::from_secs(75),
    stall: Duration::from_secs(30),
    grace: Duration::from_secs(3),
    pause: Duration::from_secs(1),
    connections: 512,
};

/// What is served to whom. Clones share it.
#[derive(Clone)]
struct Site {
    router: Router,
    web_file: Arc<WebFile>,
}

/// Serves until `shutdown`, as the web file says, which is followed when it changes.
///
/// Then nothing more is accepted, idle connections are closed, and responses under way are finished, for 3 seconds at
/// most: what is not taken by then is cut. A failure to accept is logged and tried again; it never ends the server.
pub async fn serve(listener: TcpListener, router: Router, web_file: Arc<WebFile>, shutdown: CancellationToken) {
    let site = Site { router, web_file: web_file.clone() };
    tokio::select! {
        () = serve_within(LIMITS, listener, site, shutdown) => {}
        () = web_file.follow() => {}
    }
}

async fn serve_within(limits: Limits, listener: TcpListener, site: Site, shutdown: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            Some(ended) = connections.join_next() => note(ended),
            accepted = listener.accept(), if connections.len() < limits.connections => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(limits, stream, peer.ip(), site.clone(), shutdown.clone()));
                }
                Err(error) => pause(limits.pause, &error, &shutdown).await,
            },
        }
    }
    drop(listener);
    let all_ended = async {
        while let Some(ended) = connections.join_next().await {
            note(ended);
        }
    };
    if timeout(limits.grace, all_ended).await.is_err() {
        tracing::warn!(connections = connections.len(), "closing connections that did not end in time");
        connections.shutdown().await;
    }
}

/// Serves one client, encrypted if that is what the web file says.
async fn connection(limits: Limits, stream: TcpStream, peer: IpAddr, site: Site, shutdown: CancellationToken) {
    // Headers and the first piece go out together anyway; a refusal costs a delay, nothing more.
    let _ = stream.set_nodelay(true);
    let stream = Unstalled::new(stream, limits.stall);
    let Some(config) = site.web_file.tls() else {
        return requests(limits, stream, peer, site, shutdown).await;
    };
    let handshake = timeout(limits.handshake, TlsAcceptor::from(config).accept(stream));
    match shutdown.run_until_cancelled(handshake).await {
        Some(Ok(Ok(stream))) => requests(limits, stream, peer, site, shutdown).await,
        Some(Ok(Err(error))) => tracing::debug!(%error, "a client could not agree on TLS"),
        Some(Err(_)) => tracing::debug!("a client took too long to agree on TLS"),
        None => {}
    }
}

/// Answers the requests of one client, until it leaves, is too slow, or its response at the time of `shutdown` is sent.
async fn requests<S>(limits: Limits, stream: S, peer: IpAddr, site: Site, shutdown: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let service = service_fn(|request: Request<Incoming>| {
        let Site { router, web_file } = site.clone();
        async move { Ok::<_, Infallible>(web_file.answer(peer, router, request.map(Body::new)).await) }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header)
            .serve_connection(TokioIo::new(stream), service)
    );
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// A panic while answering costs its connection alone, but must not go unseen.
fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection's task failed");
    }
}

/// Waits for file descriptors or memory to come free, which is what accepting lacks when it fails.
async fn pause(time: Duration, error: &io::Error, shutdown: &CancellationToken) {
    tracing::warn!(%error, "cannot accept a connection, trying again");
    // Over either way: by time, or because of the stop that the caller sees next.
    let _ = timeout(time, shutdown.cancelled()).await;
}

#[cfg(test)]
mod tests;
