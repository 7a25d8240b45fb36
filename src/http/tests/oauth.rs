//! Access tokens: fetched once for all, renewed in time, and lost by nothing short of a kill in the very answer.

use std::collections::HashSet;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;

const REFRESH_TOKEN: &str = "refresh-9876543210";
const CLIENT_SECRET: &str = "client-secret-abc";

fn oauth(server: &Server, grant: Grant) -> OAuth {
    OAuth {
        token_base: base(server),
        token_path: "/oauth/token".to_owned(),
        grant,
        fields: vec![("client_id", "exporter".to_owned())],
        client_secret: Some(secret(CLIENT_SECRET)),
        lifetime: Duration::from_secs(1800),
        header: ("authorization", "Bearer "),
    }
}

fn refresh_token(state: Option<StateFile>) -> Grant {
    Grant::RefreshToken { token: secret(REFRESH_TOKEN), state }
}

fn client_of(server: &Server, grant: Grant) -> Arc<Client> {
    let auth = Auth::oauth(oauth(server, grant)).unwrap();
    Arc::new(client_with(server, |setup| (setup.auth, setup.concurrency) = (auth, 100)).0)
}

fn state_file(directory: &Path) -> StateFile {
    StateFile::required(Some(Path::new("token.json")), directory).unwrap()
}

/// A CRM that gives out the tokens `access-1`, `access-2` and so on, and takes those that `good` says.
async fn crm(good: impl Fn(usize) -> bool + Send + 'static) -> Server {
    let mut given = 0;
    Server::start(move |seen| {
        if seen.line == "POST /oauth/token" {
            given += 1;
            return Reply::json(&format!(r#"{{"access_token": "access-{given}", "expires_in": 1800}}"#));
        }
        let token = seen.header("authorization").strip_prefix("Bearer access-").and_then(|n| n.parse().ok());
        if token.is_some_and(&good) { Reply::json("{}") } else { Reply::new(401, &[], "") }
    })
    .await
}

fn fetches(server: &Server) -> usize {
    server.lines().iter().filter(|line| *line == "POST /oauth/token").count()
}

/// Sends fifty requests at once, and gives what became of them.
async fn fifty(client: &Arc<Client>) -> Vec<Result<Answer, Error>> {
    let sending: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.send(get("/deals")).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for sent in sending {
        outcomes.push(sent.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn grants_are_asked_for_by_their_forms() {
    let server = crm(|_| true).await;
    client_of(&server, refresh_token(None)).send(get("/deals")).await.unwrap();
    client_of(&server, Grant::ClientCredentials).send(get("/deals")).await.unwrap();
    let jwt = Grant::JwtBearer {
        key: secret(include_str!("../auth/testdata/rsa_pkcs8.pem")),
        issuer: "exporter".to_owned(),
        subject: "ana@example.com".to_owned(),
        audience: server.url(),
    };
    client_of(&server, jwt).send(get("/deals")).await.unwrap();
    let asked: Vec<Seen> = server.seen().into_iter().filter(|seen| seen.line.starts_with("POST")).collect();
    for seen in &asked {
        assert_eq!(
            (seen.field("client_id").as_str(), seen.field("client_secret").as_str()),
            ("exporter", CLIENT_SECRET)
        );
        assert_eq!(seen.header("authorization"), "");
    }
    assert_eq!(asked[0].field("grant_type"), "refresh_token");
    assert_eq!(asked[0].field("refresh_token"), REFRESH_TOKEN);
    assert_eq!(asked[1].field("grant_type"), "client_credentials");
    assert_eq!(asked[2].field("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!(asked[2].field("assertion").split('.').count(), 3);
}

#[tokio::test]
async fn one_token_serves_all_who_ask_at_once() {
    let server = crm(|_| true).await;
    let client = client_of(&server, refresh_token(None));
    assert!(fifty(&client).await.iter().all(Result::is_ok));
    assert!(fifty(&client).await.iter().all(Result::is_ok));
    assert_eq!(fetches(&server), 1);
    assert_eq!(server.lines().len(), 101);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_all() {
    let server = crm(|token| token >= 2).await;
    let client = client_of(&server, refresh_token(None));
    assert!(fifty(&client).await.iter().all(Result::is_ok));
    assert_eq!(fetches(&server), 2);
}

#[tokio::test]
async fn a_token_that_is_refused_again_is_not_renewed_for_ever() {
    let server = crm(|_| false).await;
    let client = client_of(&server, refresh_token(None));
    let error = client.send(get("/deals")).await.unwrap_err();
    assert_eq!(error, Error::Unauthorized { what: "GET /deals".to_owned(), cause: "HTTP 401".to_owned() });
    assert_eq!((fetches(&server), server.lines().len()), (2, 4));
}

#[tokio::test]
async fn a_revoked_grant_is_asked_for_once_and_tells_no_secret() {
    for (status, body, why) in [
        (
            400,
            r#"{"error": "invalid_grant", "error_description": "refresh-9876543210 of ana@example.com"}"#,
            ", invalid_grant",
        ),
        (400, r#"{"status": "BAD_REFRESH_TOKEN", "message": "ana@example.com"}"#, ", BAD_REFRESH_TOKEN"),
        (200, r#"{"error": "invalid_code"}"#, ", invalid_code"),
        (401, "<html>ana@example.com</html>", ""),
        (403, r#"{"error": "ana@example.com is not known"}"#, ""),
    ] {
        let server = saying(Reply::new(status, &[], body)).await;
        let client = client_of(&server, refresh_token(None));
        let outcomes = fifty(&client).await;
        let remedy = "authorize the exporter again and give it the new refresh token";
        let cause = format!("HTTP {status}{why}; {remedy}");
        let expected = Error::Unauthorized { what: "POST /oauth/token".to_owned(), cause };
        assert!(outcomes.iter().all(|outcome| outcome.as_ref().err() == Some(&expected)), "{:?}", outcomes[0]);
        assert_eq!(server.lines(), ["POST /oauth/token"]);
    }
}

#[tokio::test]
async fn a_failure_of_the_token_server_is_a_passing_one() {
    let (date, later) = ("date: Sat, 21 Nov 2026 17:00:00 GMT", "retry-after: Sat, 21 Nov 2026 17:00:09 GMT");
    for (reply, expected) in [
        (Reply::new(503, &[], "<html>"), "POST /oauth/token is not available: HTTP 503"),
        (Reply::new(429, &[date, later], ""), "POST /oauth/token has to wait: HTTP 429"),
        (
            Reply::new(200, &["content-type: text/html"], "<html>"),
            "POST /oauth/token was answered in an unexpected form: an answer without an access token (HTTP 200, \
             text/html, 6 bytes)",
        ),
    ] {
        let server = saying(reply).await;
        let client = client_of(&server, refresh_token(None));
        assert_eq!(client.send(get("/deals")).await.unwrap_err().to_string(), expected);
        // The next one asks again.
        client.send(get("/deals")).await.unwrap_err();
        assert_eq!(server.lines().len(), 2);
    }
}

/// A CRM that takes each refresh token once, and gives another one for it: `REFRESH_TOKEN`, `r1`, `r2` and so on.
async fn rotating() -> Server {
    let (mut used, mut given) = (HashSet::new(), 0);
    Server::start(move |seen| {
        if seen.line != "POST /oauth/token" {
            return Reply::json("{}");
        }
        let token = seen.field("refresh_token");
        let current = if given == 0 { REFRESH_TOKEN.to_owned() } else { format!("r{given}") };
        if token != current || !used.insert(token) {
            return Reply::new(400, &[], r#"{"error": "invalid_grant"}"#);
        }
        given += 1;
        Reply::json(&format!(r#"{{"access_token": "a{given}", "refresh_token": "r{given}", "expires_in": "1800"}}"#))
    })
    .await
}

#[tokio::test]
async fn a_replaced_refresh_token_survives_restarts() {
    let directory = tempfile::tempdir().unwrap();
    let server = rotating().await;
    for _ in 0..3 {
        let client = client_of(&server, refresh_token(Some(state_file(directory.path()))));
        client.send(get("/deals")).await.unwrap();
    }
    let kept = fs::read_to_string(directory.path().join("token.json")).unwrap();
    assert!(kept.contains(r#""refresh_token":"r3""#), "{kept}");
    assert!(!kept.contains(REFRESH_TOKEN), "{kept}");
}

#[tokio::test]
async fn a_request_that_is_given_up_does_not_lose_the_refresh_token() {
    let directory = tempfile::tempdir().unwrap();
    let server = rotating().await;
    let client = client_of(&server, refresh_token(Some(state_file(directory.path()))));
    let sending = tokio::spawn(async move { client.send(get("/deals")).await });
    while server.lines().is_empty() {
        tokio::task::yield_now().await;
    }
    sending.abort();
    while !directory.path().join("token.json").exists() {
        tokio::task::yield_now().await;
    }
    let client = client_of(&server, refresh_token(Some(state_file(directory.path()))));
    client.send(get("/deals")).await.unwrap();
}

#[tokio::test]
async fn a_wrong_clock_is_made_up_for_when_signing() {
    let claims = Arc::new(Mutex::new(Vec::new()));
    let heard = claims.clone();
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |seen| {
        if seen.line != "POST /oauth/token" {
            return Reply::json("{}");
        }
        heard.lock().unwrap().push(seen.field("assertion").split('.').nth(1).unwrap_or_default().to_owned());
        match asked.fetch_add(1, Ordering::Relaxed) {
            0 => Reply::new(400, &["date: Sat, 21 Nov 2026 17:10:00 GMT"], r#"{"error": "invalid_grant"}"#),
            _ => Reply::json(r#"{"access_token": "a"}"#),
        }
    })
    .await;
    let jwt = Grant::JwtBearer {
        key: secret(include_str!("../auth/testdata/rsa_pkcs8.pem")),
        issuer: "exporter".to_owned(),
        subject: "ana@example.com".to_owned(),
        audience: server.url(),
    };
    client_of(&server, jwt).send(get("/deals")).await.unwrap();
    let claims = claims.lock().unwrap();
    let issued = |part: &String| {
        use base64::Engine as _;
        let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
        serde_json::from_slice::<serde_json::Value>(&json).unwrap()["iat"].as_i64().unwrap()
    };
    let seconds = now().0 / 1000;
    assert_eq!(claims.iter().map(issued).collect::<Vec<_>>(), [seconds, seconds + 600]);
}

#[test]
fn a_key_that_cannot_sign_is_found_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("key.pem"), "no key").unwrap();
    let key = SecretSource::required("private_key", Some(Path::new("key.pem")), None, directory.path()).unwrap();
    let (issuer, subject, audience) = Default::default();
    let oauth = OAuth {
        token_base: BaseUrl::new("login_url", "https://login.example.com").unwrap(),
        token_path: "/token".to_owned(),
        grant: Grant::JwtBearer { key, issuer, subject, audience },
        fields: Vec::new(),
        client_secret: None,
        lifetime: Duration::from_secs(1),
        header: ("authorization", "Bearer "),
    };
    let problem = Auth::oauth(oauth).unwrap_err();
    assert_eq!(problem.key, "private_key_file");
}
