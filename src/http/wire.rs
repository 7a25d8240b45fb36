//! One request on the wire, and its answer as a whole.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Url, redirect};
use tokio::time::timeout;

use super::auth::Credentials;
use super::request::Request;
use super::{Answer, Error, Surroundings, Timeouts};
use crate::setting::Problem;
use crate::version;

/// Redirects that are followed at most.
const REDIRECTS: usize = 5;

pub(super) struct Wire {
    http: reqwest::Client,
    headers_within: Duration,
    body_within: Duration,
    longest_body: usize,
    pub surroundings: Surroundings,
}

impl Wire {
    /// `is_direct`: proxies of the environment do not count.
    pub(super) fn new(
        timeouts: Timeouts,
        longest_body: usize,
        is_direct: bool,
        surroundings: Surroundings,
    ) -> Result<Wire, Problem> {
        // Whoever was first has chosen; ours is the only one in this program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .user_agent(format!("crm_exporter/{}", version::VERSION))
            .connect_timeout(timeouts.connect)
            .redirect(redirect::Policy::custom(same_origin_only));
        let builder = if is_direct { builder.no_proxy() } else { builder };
        let http =
            builder.build().map_err(|error| Problem::new("", format!("HTTP cannot be used: {}", chain(&error))))?;
        let (headers_within, body_within) = (timeouts.connect + timeouts.headers, timeouts.body);
        Ok(Wire { http, headers_within, body_within, longest_body, surroundings })
    }

    /// Sends a request and takes the answer, whatever it is. Counts it.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        url: Url,
        credentials: Option<&Credentials>,
    ) -> Result<Answer, Error> {
        let outcome = self.try_exchange(request, url, credentials).await;
        if let Some(meter) = self.surroundings.meter() {
            let code = outcome.as_ref().map_or_else(|_| "error".to_owned(), |answer| answer.status.to_string());
            meter.count_request(self.surroundings.source(), request.object, &code);
        }
        outcome
    }

    async fn try_exchange(
        &self,
        request: &Request,
        url: Url,
        credentials: Option<&Credentials>,
    ) -> Result<Answer, Error> {
        let what = request.what();
        let unavailable = |cause: String| Error::Unavailable { what: what.clone(), cause };
        let sending = self.http.execute(self.assemble(request, url, credentials)?);
        let answer = timeout(self.headers_within, sending).await;
        let mut answer = answer
            .map_err(|_| unavailable(format!("no answer within {}", seconds(self.headers_within))))?
            .map_err(|error| unavailable(chain(&error)))?;
        let (status, headers) = (answer.status().as_u16(), std::mem::take(answer.headers_mut()));
        let body = timeout(self.body_within, self.body(&mut answer, &what)).await;
        let body = body.map_err(|_| unavailable(format!("the answer took over {}", seconds(self.body_within))))??;
        Ok(Answer { what, status, headers, body })
    }

    fn assemble(
        &self,
        request: &Request,
        mut url: Url,
        credentials: Option<&Credentials>,
    ) -> Result<reqwest::Request, Error> {
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let mut assembled = reqwest::Request::new(request.method.clone(), url);
        let headers = assembled.headers_mut();
        for (name, value) in &request.headers {
            let value = HeaderValue::from_str(value)
                .map_err(|_| request.rejected("a header's value has control characters"))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        if let Some((name, value)) = credentials.and_then(Credentials::header) {
            headers.insert(name, value);
        }
        if let Some(body) = &request.body {
            headers.insert(reqwest::header::CONTENT_TYPE, HeaderValue::from_static(body.content_type));
            *assembled.body_mut() = Some(body.bytes.clone().into());
        }
        Ok(assembled)
    }

    async fn body(&self, answer: &mut reqwest::Response, what: &str) -> Result<Bytes, Error> {
        let mut body = BytesMut::new();
        loop {
            let chunk = answer.chunk().await.map_err(|error| {
                let cause = format!("the answer broke off after {} bytes: {}", body.len(), chain(&error));
                Error::Unavailable { what: what.to_owned(), cause }
            })?;
            let Some(chunk) = chunk else { return Ok(body.freeze()) };
            if body.len() + chunk.len() > self.longest_body {
                let cause = format!("the answer is longer than {} bytes", self.longest_body);
                return Err(Error::Rejected { what: what.to_owned(), cause });
            }
            body.extend_from_slice(&chunk);
        }
    }
}

fn same_origin_only(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let came_from = attempt.previous().last().map(Url::origin);
    match came_from == Some(attempt.url().origin()) && attempt.previous().len() <= REDIRECTS {
        true => attempt.follow(),
        false => attempt.stop(),
    }
}

fn seconds(time: Duration) -> humantime::FormattedDuration {
    humantime::format_duration(time)
}

/// What went wrong and why, without the address, which may hold personal data.
fn chain(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    causes.last().cloned().unwrap_or_else(|| "the request failed".to_owned())
}
