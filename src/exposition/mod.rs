//! The text format that Prometheus reads, version 0.0.4: families and samples in, bytes out, plain and compressed.
//!
//! Nothing here knows what a figure means; which families exist is decided in `metrics`. A text that many scrapes share
//! is compressed once, as a [`Body`]; what differs from scrape to scrape is appended to it. A [`Recording`] writes the same
//! samples of many instants as OpenMetrics, the one format in which samples of the past are read.

mod body;
mod encoder;
mod labels;
mod recording;
#[cfg(test)]
mod tests;

pub use body::Body;
pub use encoder::Encoder;
pub use labels::{Labels, Mark};
pub use recording::Recording;

/// Media type of the format.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
