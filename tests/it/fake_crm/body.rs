//! How a body travels: whole, slowly, or not to its end.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};

/// How much of a body arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// All of it.
    Whole,
    /// All of it, a small piece at a time.
    Pieces,
    /// Half, then the connection breaks.
    Broken,
    /// Half, then nothing more while the connection stays.
    Stalled,
}

/// Octets of a piece.
const PIECE: usize = 64;

pub(super) fn deliver(body: Vec<u8>, delivery: Delivery) -> Body {
    if delivery == Delivery::Whole {
        return Body::from(body);
    }
    let length = body.len() as u64;
    let arrives = if delivery == Delivery::Pieces { body.len() } else { body.len() / 2 };
    Body::new(Partial { length, rest: Bytes::from(body).slice(..arrives), delivery, paused: false })
}

/// A body that announces its length and gives only what `rest` holds.
struct Partial {
    length: u64,
    rest: Bytes,
    delivery: Delivery,
    paused: bool,
}

impl http_body::Body for Partial {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        // Giving way before each piece lets the server send what it has.
        if !self.paused {
            self.paused = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.paused = false;
        if !self.rest.is_empty() {
            let length = PIECE.min(self.rest.len());
            return Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))));
        }
        match self.delivery {
            Delivery::Whole | Delivery::Pieces => Poll::Ready(None),
            Delivery::Broken => Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into()))),
            Delivery::Stalled => Poll::Pending,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
