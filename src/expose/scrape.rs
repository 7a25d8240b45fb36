//! The scrape: the snapshot's bytes, and behind them the exporter's own metrics.

use std::array;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body as Sent, Bytes};
use axum::extract;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use http_body::{Body, Frame, SizeHint};

use super::State;
use super::accept::accepts_gzip;
use crate::exposition;

/// Serves the snapshot; before there is one, the exporter's own metrics alone.
pub(super) async fn metrics(extract::State(state): extract::State<State>, headers: HeaderMap) -> Response {
    let own = (state.own)();
    let body = state.snapshot.borrow().as_ref().map(|published| published.body.clone()).unwrap_or_default();
    let gzip = accepts_gzip(&headers);
    let (head, tail) = if gzip { body.gzip_with(&own) } else { (body.plain(), own.into()) };

    let mut response = Response::new(Sent::new(Pieces([head, tail].into_iter())));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(exposition::CONTENT_TYPE));
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    if gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// Pieces sent one after the other, without joining them; their length is known beforehand.
struct Pieces(array::IntoIter<Bytes, 2>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.find(|piece| !piece.is_empty()).map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_slice().iter().all(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_slice().iter().map(|piece| piece.len() as u64).sum())
    }
}
