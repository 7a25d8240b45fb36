//! One request to Grafana, and what its answer means.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::{Client, Method, StatusCode, Url, redirect};
use serde_json::Value;

use super::{Access, Error};
use crate::version;

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long a whole exchange may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// Characters that are told of what Grafana says.
const LONGEST_SAYING: usize = 300;

const WHERE: &str = "is the address right, with the path that Grafana is served under, such as /grafana?";
const BEFORE: &str = "somebody before Grafana refuses; give an address at which Grafana itself answers to a token";

/// Sends requests with the token, to one Grafana only.
pub(super) struct Wire {
    http: Client,
    base: Url,
    authorization: HeaderValue,
}

impl Wire {
    /// Connects to nothing.
    pub(super) fn new(access: &Access) -> Result<Wire, Error> {
        // Whoever was first has chosen; ours is the only one in this program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(format!("crm_exporter/{}", version::VERSION))
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            // The token must not follow, and a page to log in at is no answer.
            .redirect(redirect::Policy::none());
        if let Some(authorities) = &access.authorities {
            builder = builder.tls_certs_only(authorities.clone());
        }
        // Proxies of the environment know nothing of this machine.
        let builder = if access.is_here() { builder.no_proxy() } else { builder };
        let http = builder.build().map_err(|error| Error::Setup(cause(&error)))?;
        let token = HeaderValue::from_str(&format!("Bearer {}", access.token.expose()));
        let mut authorization = token.map_err(|_| {
            Error::Setup("the token has characters that no header can hold; look at its file".to_owned())
        })?;
        authorization.set_sensitive(true);
        Ok(Wire { http, base: access.url.clone(), authorization })
    }

    /// The address of `path`, which may have a query, below that of Grafana.
    pub(super) fn address(&self, path: &str) -> String {
        self.url(path).to_string()
    }

    /// Reads what must be there.
    pub(super) async fn get(&self, path: &str) -> Result<Value, Error> {
        self.exchange(Method::GET, path, None).await
    }

    /// Reads what may be there. What the token may not see counts as not there: of what is not there Grafana says to all
    /// but administrators that they may not see it, or fails over it, in many versions (grafana/grafana#109608). Nothing
    /// is lost by that, since it also refuses to make a second one of the same name.
    pub(super) async fn find(&self, path: &str) -> Result<Option<Value>, Error> {
        match self.get(path).await {
            Err(Error::NotFound { .. } | Error::Forbidden { .. }) => Ok(None),
            Err(Error::Failed { status: 500, said, .. }) if said.contains("not found") => Ok(None),
            answer => answer.map(Some),
        }
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, Error> {
        self.exchange(Method::POST, path, Some(body)).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> Result<Value, Error> {
        self.exchange(Method::PUT, path, Some(body)).await
    }

    /// Deletes; that it is gone already is as good.
    pub(super) async fn delete(&self, path: &str) -> Result<(), Error> {
        match self.exchange(Method::DELETE, path, None).await {
            Err(Error::NotFound { .. }) => Ok(()),
            answer => answer.map(|_| ()),
        }
    }

    fn url(&self, path: &str) -> Url {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }

    async fn exchange(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Error> {
        let mut url = self.url(path);
        let mut request = self.http.request(method.clone(), url.clone());
        url.set_query(None);
        let what = format!("{method} {url}");
        request = request.header(AUTHORIZATION, self.authorization.clone());
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let answer = request.send().await.map_err(|error| unreachable(&what, &error))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(redirected(what, &url, answer.headers().get(LOCATION)));
        }
        let body = answer.bytes().await.map_err(|error| unreachable(&what, &error))?;
        meaning(what, status, &body)
    }
}

/// Sorts an answer. Grafana says why in `message`, in its older API (`{"message", "status"}`) as in that of resources (a
/// `Status`). A 404 in another form is not Grafana's, and must not pass for "not there yet".
fn meaning(what: String, status: StatusCode, body: &[u8]) -> Result<Value, Error> {
    let json = serde_json::from_slice::<Value>(body).ok();
    if status.is_success() && body.trim_ascii().is_empty() {
        return Ok(Value::Null);
    }
    let message = json.as_ref().and_then(|json| json["message"].as_str()).map(printable);
    let code = status.as_u16();
    match (json, message, code) {
        (Some(json), _, 200..300) => Ok(json),
        (_, message, 500.. | 429) => {
            Err(Error::Failed { what, status: code, said: message.unwrap_or_else(|| described(body)) })
        }
        (_, None, _) | (None, _, _) => {
            let advice = if matches!(code, 401 | 403) { BEFORE } else { WHERE };
            Err(Error::NotGrafana { what, found: format!("HTTP {code}, {}", described(body)), advice })
        }
        (_, Some(said), 401) => Err(Error::Unauthorized { what, said }),
        (_, Some(said), 403) => Err(Error::Forbidden { what, said }),
        (_, Some(said), 404) => Err(Error::NotFound { what, said }),
        (_, Some(said), 409 | 412) => Err(Error::Conflict { what, said }),
        (_, Some(said), _) => Err(Error::Refused { what, status: code, said }),
    }
}

/// What a body without a message is; text is told as it is.
fn described(body: &[u8]) -> String {
    match body.trim_ascii() {
        [] => "an empty body".to_owned(),
        [b'<', ..] => "a page for browsers".to_owned(),
        [b'{' | b'[', ..] => "JSON in another form".to_owned(),
        text => printable(&String::from_utf8_lossy(text)),
    }
}

/// What is told of a message: one line, not too long.
fn printable(message: &str) -> String {
    let line: String = message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(LONGEST_SAYING) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

fn redirected(what: String, from: &Url, location: Option<&HeaderValue>) -> Error {
    let location = location.and_then(|location| location.to_str().ok());
    let to = location.and_then(|location| from.join(location).ok());
    // What stands before the path may have changed; the query may hold secrets of a login.
    let is_login = to
        .as_ref()
        .is_none_or(|to| to.path().contains("login") || to.path().contains("auth") || to.path().contains("signin"));
    let advice = match is_login {
        true => "somebody before Grafana asks for a login; give an address at which Grafana itself answers to a token",
        false => "give the address under which Grafana is served",
    };
    let to = to.map_or_else(
        || "nowhere".to_owned(),
        |mut to| {
            to.set_query(None);
            to.set_fragment(None);
            to.to_string()
        },
    );
    Error::Redirected { what, to, advice }
}

fn unreachable(what: &str, error: &reqwest::Error) -> Error {
    let cause = cause(error);
    let advice = if cause.contains("certificate") {
        "name the certificates of its authority with ca_file"
    } else if cause.contains("InvalidContentType") || cause.contains("corrupt message") {
        "no TLS is spoken there: is it http instead of https?"
    } else {
        "is Grafana running, and is this its address?"
    };
    Error::Unreachable { what: what.to_owned(), cause, advice }
}

/// The innermost reason, without the address.
fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    causes.last().map_or_else(|| "the request failed".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str) -> String {
        let status = StatusCode::from_u16(status).unwrap();
        meaning("GET http://g/api/x".to_owned(), status, body.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn every_answer_says_what_to_do() {
        for (status, body, part) in [
            (401, r#"{"message":"Invalid API key"}"#, "the token is not accepted (Invalid API key): make a token"),
            (403, r#"{"message":"needed: folders:create"}"#, "may not do that (needed: folders:create): give"),
            (404, r#"{"message":"Dashboard not found"}"#, "nothing there (Dashboard not found)"),
            (404, "<html>nginx</html>", "no answer of Grafana (HTTP 404, a page for browsers): is the address right"),
            (
                403,
                "<html>WAF</html>",
                "no answer of Grafana (HTTP 403, a page for browsers): somebody before Grafana refuses",
            ),
            (404, r#"{"error":"no route"}"#, "no answer of Grafana (HTTP 404, JSON in another form)"),
            (200, "<html>", "no answer of Grafana (HTTP 200, a page for browsers)"),
            (409, r#"{"message":"the object has been modified"}"#, "meanwhile (the object has been modified); look"),
            (412, r#"{"message":"changed","status":"version-mismatch"}"#, "meanwhile (changed)"),
            (400, r#"{"message":"uid\ntoo long"}"#, "Grafana refuses (HTTP 400): uid too long"),
            (502, "<html>", "Grafana failed (HTTP 502): a page for browsers; what was done before stays"),
            (429, "", "Grafana failed (HTTP 429): an empty body"),
            (503, "no healthy\nupstream\n", "Grafana failed (HTTP 503): no healthy upstream; what"),
        ] {
            let said = said(status, body);
            assert!(said.starts_with("GET http://g/api/x: ") && said.contains(part), "{status} {body}: {said}");
        }
    }

    #[test]
    fn a_message_stays_short() {
        assert_eq!(printable(&"ä".repeat(LONGEST_SAYING)), "ä".repeat(LONGEST_SAYING));
        assert_eq!(printable(&"ä".repeat(LONGEST_SAYING + 1)), "ä".repeat(LONGEST_SAYING) + "...");
    }

    #[test]
    fn a_redirect_is_told_without_its_query() {
        let from = Url::parse("https://example.com/api/frontend/settings").unwrap();
        let said = |location: &str| {
            redirected("GET x".to_owned(), &from, Some(&HeaderValue::from_str(location).unwrap())).to_string()
        };
        let login = said("https://sso.example.com/oauth2/start?token=geheim");
        assert!(
            login.starts_with("GET x: is sent on to https://sso.example.com/oauth2/start: somebody before"),
            "{login}"
        );
        assert_eq!(
            said("/grafana/"),
            "GET x: is sent on to https://example.com/grafana/: give the address under which Grafana is served"
        );
        assert!(redirected("GET x".to_owned(), &from, None).to_string().contains("sent on to nowhere"));
    }
}
