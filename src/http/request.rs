//! A request, before it is sent.

use std::sync::Arc;

use bytes::Bytes;
use reqwest::Method;

use super::{Bucket, Error};

/// A request to a CRM. Headers of credentials are not its business: the client's [`Auth`](super::Auth) adds them.
#[derive(Debug, Clone)]
pub struct Request {
    pub(super) object: &'static str,
    pub(super) method: Method,
    pub(super) target: Target,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Option<Body>,
    pub(super) buckets: Vec<Arc<Bucket>>,
    /// Whether it changes nothing at the CRM, so that it may be repeated.
    pub(super) safe: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Target {
    /// Below the base address.
    Path(String),
    /// As the CRM gave it.
    Link(String),
}

#[derive(Debug, Clone)]
pub(super) struct Body {
    pub content_type: &'static str,
    pub bytes: Bytes,
}

impl Request {
    /// Asks for what is at `path`, seen from the base address. `object` is the value of the label `object` in the count
    /// of requests. Use [`segment`](super::segment) for parts of the path that come from the CRM.
    pub fn get(object: &'static str, path: impl Into<String>) -> Request {
        Request::new(object, Method::GET, Target::Path(path.into()))
    }

    /// Sends something to `path`; otherwise like [`Request::get`]. It is never repeated unless it is [`Request::safe`].
    pub fn post(object: &'static str, path: impl Into<String>) -> Request {
        Request::new(object, Method::POST, Target::Path(path.into()))
    }

    /// Follows a link from an answer, such as to the next page. It must lead to the host that gave it.
    pub fn follow(object: &'static str, link: impl Into<String>) -> Request {
        Request::new(object, Method::GET, Target::Link(link.into()))
    }

    fn new(object: &'static str, method: Method, target: Target) -> Request {
        let (query, headers, buckets) = Default::default();
        let safe = method.is_safe();
        Request { object, method, target, query, headers, body: None, buckets, safe }
    }

    /// Adds a pair to the query, behind those that are there.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl ToString) -> Request {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// Adds a header that holds no secret.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl ToString) -> Request {
        self.headers.push((name, value.to_string()));
        self
    }

    /// Sends `value` as JSON.
    #[must_use]
    pub fn json(self, value: &serde_json::Value) -> Request {
        self.body("application/json", value.to_string())
    }

    /// Sends pairs like a form does.
    #[must_use]
    pub fn form<N: AsRef<str>, V: AsRef<str>>(self, pairs: impl IntoIterator<Item = (N, V)>) -> Request {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.body("application/x-www-form-urlencoded", form)
    }

    /// Sends `body` as it is.
    #[must_use]
    pub fn body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Request {
        self.body = Some(Body { content_type, bytes: body.into() });
        self
    }

    /// Says that the request changes nothing at the CRM, though its method might: a search, or records that are asked
    /// for by their ids. It is repeated when it fails by chance, as a GET is.
    #[must_use]
    pub fn safe(mut self) -> Request {
        self.safe = true;
        self
    }

    /// Takes a place in `bucket` before it is sent, besides those in the buckets of the client.
    #[must_use]
    pub fn through(mut self, bucket: &Arc<Bucket>) -> Request {
        self.buckets.push(bucket.clone());
        self
    }

    /// Method and path, for errors.
    pub(super) fn what(&self) -> String {
        let path = match &self.target {
            Target::Path(path) => path.as_str(),
            Target::Link(link) => path_of(link),
        };
        format!("{} /{}", self.method, path.trim_start_matches('/'))
    }

    /// An error of this request that it would always have.
    pub(super) fn rejected(&self, cause: &str) -> Error {
        Error::Rejected { what: self.what(), cause: cause.to_owned() }
    }
}

/// The path of a link, without host and query.
fn path_of(link: &str) -> &str {
    let link = link.split(['?', '#']).next().unwrap_or_default();
    match link.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => link,
    }
}
