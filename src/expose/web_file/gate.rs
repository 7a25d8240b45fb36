//! What happens to a request before it is answered: the rate limit, the password, the headers.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use super::WebFile;
use super::rules::Rules;
use super::users::Credentials;

/// What browsers show when they ask for a password, and the encoding of what is typed.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Basic realm=\"crm_exporter\", charset=\"UTF-8\"");

impl WebFile {
    /// Answers a request of `peer` by `router` if it may be answered, and says why otherwise.
    pub(in crate::expose) async fn answer(&self, peer: IpAddr, router: Router, request: Request) -> Response {
        let rules = self.rules();
        let refused = match rules.limit.as_ref().is_none_or(|limit| limit.allows(Instant::now())) {
            true => self.unauthorised(&rules, peer, request.headers()).await,
            false => Some((StatusCode::TOO_MANY_REQUESTS, "too many requests\n").into_response()),
        };
        let mut response = match refused {
            Some(response) => response,
            None => reply(router, request).await,
        };
        response.headers_mut().extend(rules.headers.clone());
        response
    }

    /// The refusal of a request that does not come from one of the users.
    async fn unauthorised(&self, rules: &Arc<Rules>, peer: IpAddr, headers: &HeaderMap) -> Option<Response> {
        let users = rules.users.as_ref()?;
        let credentials = headers.get(AUTHORIZATION).and_then(|header| Credentials::read(header.as_bytes()));
        if let Some(credentials) = credentials
            && (users.remember(&credentials) || self.check(rules.clone(), credentials, peer).await)
        {
            return None;
        }
        let text = "unauthorised: send the name and password of a user in basic_auth_users\n";
        Some((StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, CHALLENGE)], text).into_response())
    }

    /// Has a password checked on a thread that may take its time.
    async fn check(&self, rules: Arc<Rules>, credentials: Credentials, peer: IpAddr) -> bool {
        let turn = self.turns.next(peer).await;
        let check = spawn_blocking(move || {
            let _turn = turn;
            // While this one waited, another request may have shown that the password is right.
            rules.users.as_ref().is_some_and(|users| users.remember(&credentials) || users.check(&credentials))
        });
        check.await.unwrap_or_else(|error| {
            tracing::error!(%error, "checking a password has failed");
            false
        })
    }
}

async fn reply(router: Router, request: Request) -> Response {
    match TowerToHyperService::new(router).call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use axum::body::Body;
    use axum::routing::get;
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn web_file() -> WebFile {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("web.yml");
        let hash = bcrypt::hash("one", 4).unwrap();
        std::fs::write(&file, format!("basic_auth_users: {{ana: {hash}}}")).unwrap();
        WebFile::open(Some(&file)).unwrap()
    }

    async fn ask(web_file: &WebFile, password: &str) -> StatusCode {
        let router = Router::new().route("/", get(|| async { "figures" }));
        let credentials = BASE64_STANDARD.encode(format!("ana:{password}"));
        let request = Request::get("/").header(AUTHORIZATION, format!("Basic {credentials}"));
        web_file.answer(PEER, router, request.body(Body::empty()).unwrap()).await.status()
    }

    #[tokio::test]
    async fn a_password_that_was_right_waits_for_nobody() {
        let web_file = web_file();
        assert_eq!(ask(&web_file, "one").await, StatusCode::OK);
        // As if a flood of others were being checked, of this very address.
        let turn = web_file.turns.next(PEER).await;
        assert_eq!(ask(&web_file, "one").await, StatusCode::OK);
        let mut wrong = Box::pin(ask(&web_file, "two"));
        let waits = std::future::poll_fn(|cx| Poll::Ready(wrong.as_mut().poll(cx).is_pending())).await;
        assert!(waits, "checked beside the one that is under way");
        drop(turn);
        assert_eq!(wrong.await, StatusCode::UNAUTHORIZED);
    }
}
