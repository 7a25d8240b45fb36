//! The fake's own rules, one by one, as a client sees them.

mod access;
mod associations;
mod faults;
mod limits;
mod objects;
mod people;
mod pipelines;
mod search;
mod write;

use reqwest::blocking::{RequestBuilder, Response};
use serde_json::Value;

use super::{HubSpot, TOKEN};

/// Somebody who reads the fake with a token.
pub(super) struct Client {
    http: reqwest::blocking::Client,
    url: String,
    token: String,
}

/// An answer, read.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) body: Value,
}

impl Client {
    pub(super) fn new(hubspot: &HubSpot) -> Client {
        Client::with_token(hubspot, TOKEN)
    }

    pub(super) fn with_token(hubspot: &HubSpot, token: &str) -> Client {
        crate::use_cryptography_of_the_program();
        let http = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
        Client { http, url: hubspot.url().to_owned(), token: token.to_owned() }
    }

    pub(super) fn get(&self, path: &str) -> Reply {
        self.send(self.http.get(format!("{}{path}", self.url)))
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Reply {
        let request = self.http.post(format!("{}{path}", self.url)).header("content-type", "application/json");
        self.send(request.body(body.to_string()))
    }

    pub(super) fn post_form(&self, path: &str, form: &str) -> Reply {
        let request = self.http.post(format!("{}{path}", self.url));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(form.to_owned()))
    }

    fn send(&self, request: RequestBuilder) -> Reply {
        Reply::read(request.bearer_auth(&self.token).send().unwrap())
    }

    /// The ids of all records of a listing, page after page.
    pub(super) fn ids(&self, path: &str) -> Vec<String> {
        let mut ids = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.get(&format!("{path}{after}"));
            assert_eq!(page.status, 200, "{}", page.body);
            ids.extend(page.ids());
            let Some(cursor) = page.cursor() else { return ids };
            // The cursor has percent signs, which need escaping.
            after = format!("&after={}", cursor.replace('%', "%25"));
        }
    }
}

impl Reply {
    fn read(response: Response) -> Reply {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = serde_json::from_str(&response.text().unwrap()).unwrap_or_default();
        Reply { status, headers, body }
    }

    pub(super) fn ids(&self) -> Vec<String> {
        let results = self.body["results"].as_array().unwrap();
        results.iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect()
    }

    pub(super) fn cursor(&self) -> Option<String> {
        self.body["paging"]["next"]["after"].as_str().map(str::to_owned)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A property of the first result.
    pub(super) fn property(&self, name: &str) -> &Value {
        &self.body["results"][0]["properties"][name]
    }
}
