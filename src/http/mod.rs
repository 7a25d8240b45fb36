//! What all connectors over HTTP share: requests out, answers in, and what an answer means.
//!
//! A connector composes it: it says which headers carry the credentials, how the CRM's limits are told, and what its
//! answers mean; it keeps paging and the form of records to itself. A request that fails by chance is repeated here a few
//! times, as [`Retries`] says; what is still wrong then is an [`Error`] that says what to do, and `sync` does it.
//!
//! - [`Client`] sends a [`Request`] and gives the [`Answer`]; [`Setup`] is what it is made of.
//! - [`BaseUrl`], [`Secret`] and [`SecretSource`] are read from settings.
//! - [`Retries`] say how often and how long a request is repeated.
//! - [`Auth`] are the ways to prove who asks.
//! - [`Bucket`]s keep to rates, a [`Budget`] to a day's quota.
//! - [`Meaning`] sorts answers; [`meaning_of_status`] is the usual table.

mod address;
mod answer;
mod auth;
mod bucket;
mod budget;
mod client;
mod error;
mod meaning;
mod request;
mod retry;
mod secret;
mod surroundings;
#[cfg(test)]
mod tests;
mod wire;

pub use address::{BaseUrl, segment};
pub use answer::Answer;
pub use auth::{Auth, Grant, OAuth, StateFile};
pub use bucket::Bucket;
pub use budget::{Budget, Quota, Reserve, stretched};
pub use client::{Client, Setup, Timeouts};
pub use error::Error;
pub use meaning::{Meaning, Reader, meaning_of_status};
pub use request::Request;
pub use retry::Retries;
pub use secret::{Secret, SecretSource};
pub use surroundings::{Clock, Surroundings};
