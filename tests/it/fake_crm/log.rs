//! What the fake was asked, and what it said.

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use crm_exporter::domain::Timestamp;
use serde_json::{Value, json};

use super::message::{Answer, Request};

/// A request and its answer. Tokens are not kept.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// When it came, by the fake's clock.
    pub(crate) at: Timestamp,
    pub(crate) method: String,
    /// The path without the query.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) status: u16,
    /// The body of the answer, where the server keeps them.
    pub(crate) answer: Option<Vec<u8>>,
    content_type: Option<String>,
    authorized: bool,
}

impl Entry {
    pub(super) fn new(at: Timestamp, request: &Request, answer: &Answer, keep_answer: bool) -> Entry {
        let is_form = request.header(CONTENT_TYPE.as_str()).is_some_and(|kind| kind.contains("form"));
        let body = if is_form { names_only(request) } else { String::from_utf8_lossy(&request.body).into_owned() };
        Entry {
            at,
            method: request.method.to_string(),
            path: request.path.clone(),
            query: request.query.clone(),
            body,
            status: answer.status,
            // What a token endpoint says is secret as well.
            answer: (keep_answer && !is_form).then(|| answer.body.clone()),
            content_type: request.header(CONTENT_TYPE.as_str()).map(str::to_owned),
            authorized: request.header(AUTHORIZATION.as_str()).is_some(),
        }
    }

    /// Method and path, such as `GET /crm/owners/2026-03`.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// A line for the checker of requests.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "at": self.at.0,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "content_type": self.content_type,
            "authorized": self.authorized,
            "body": self.body,
            "status": self.status,
            "answer": self.answer.as_deref().map(String::from_utf8_lossy),
        })
    }
}

/// A form with its secrets blotted out; what kind of grant is asked for stays.
fn names_only(request: &Request) -> String {
    let field = |(name, value): &(String, String)| {
        let shown = if name == "grant_type" { value } else { "x" };
        format!("{name}={shown}")
    };
    request.form().iter().map(field).collect::<Vec<_>>().join("&")
}
