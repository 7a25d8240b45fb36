//! Requests and answers in plain form.

use axum::http::header::{CONTENT_TYPE, DATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use crm_exporter::domain::Timestamp;
use serde_json::Value;

use super::body::{self, Delivery};

/// A request, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// The path without the query.
    pub(crate) path: String,
    /// Names and values, decoded, in order.
    pub(crate) query: Vec<(String, String)>,
    /// Octets of path and query as they were sent.
    pub(crate) target_length: usize,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(super) async fn read(request: axum::extract::Request) -> Request {
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        Request {
            method: head.method,
            path: head.uri.path().to_owned(),
            query: pairs(head.uri.query().unwrap_or_default()),
            target_length: head.uri.path_and_query().map_or(0, |target| target.as_str().len()),
            headers: head.headers,
            body: body.into(),
        }
    }

    /// The value of a parameter; the last one where it is repeated.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The items of a parameter that is a list: repeated, separated by commas, or both.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let values = self.query.iter().filter(|(given, _)| given == name);
        values.flat_map(|(_, value)| value.split(',')).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    /// The fields of a form in the body.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        pairs(&String::from_utf8_lossy(&self.body))
    }

    /// The body as JSON, if it is some.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Names and values of a query or form, decoded.
fn pairs(encoded: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("http://localhost/?{encoded}")).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// An answer, before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// An answer in JSON.
    pub(crate) fn json(status: u16, body: &Value) -> Answer {
        Answer::text(status, "application/json;charset=utf-8", &body.to_string())
    }

    /// An answer in some type of text.
    pub(crate) fn text(status: u16, kind: &str, body: &str) -> Answer {
        Answer { status, headers: vec![(CONTENT_TYPE.to_string(), kind.to_owned())], body: body.into() }
    }

    /// With one more header.
    pub(crate) fn header(mut self, name: &str, value: impl ToString) -> Answer {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    pub(super) fn with_date(self, now: Timestamp) -> Answer {
        let date = now.utc().format("%a, %d %b %Y %H:%M:%S GMT");
        self.header(DATE.as_str(), date)
    }

    pub(super) fn into_response(self, delivery: Delivery) -> Response {
        let mut response = Response::new(body::deliver(self.body, delivery));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        for (name, value) in self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            response.headers_mut().append(name, HeaderValue::from_str(&value).unwrap());
        }
        response
    }
}
