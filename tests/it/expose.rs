//! The server as a client sees it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Read as _;
use std::sync::Arc;

use axum::body::Bytes;
use crm_exporter::domain::{Object, Timestamp};
use crm_exporter::expose::{self, Explained, Published, Reloaded, SourceStatus, State, Status};
use crm_exporter::exposition::{Body, Encoder};
use crm_exporter::setting::Lasting;
use reqwest::header::{ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use reqwest::{Client, Method, Response, StatusCode};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const OWN: &str = "# TYPE crm_exporter_series gauge\ncrm_exporter_series 3\n";

const HOSTILE: &str = "<script>alert(\"1\")</script>";

/// A server with what it serves in the test's hands.
struct Server {
    url: String,
    client: Client,
    snapshot: watch::Sender<Option<Arc<Published>>>,
    status: watch::Sender<Status>,
    /// How the next reload ends.
    reloaded: watch::Sender<Reloaded>,
    /// How the next explanation ends; none: it repeats the question.
    explained: watch::Sender<Option<Explained>>,
    shutdown: CancellationToken,
    ended: JoinHandle<()>,
}

impl Server {
    async fn start() -> Server {
        let (snapshot, served) = watch::channel(None);
        let (status, told) = watch::channel(status());
        let (reloaded, outcome) = watch::channel(Reloaded::NotEnabled);
        let (explained, explanation) = watch::channel(None);
        let state = State {
            snapshot: served,
            own: Arc::new(|| OWN.as_bytes().to_vec()),
            status: Arc::new(move || told.borrow().clone()),
            reload: Arc::new(move || Box::pin(std::future::ready(outcome.borrow().clone()))),
            explain: Arc::new(move |asked| {
                let how = explanation.borrow().clone();
                let echo = || Explained::Done(format!("{{\"asked\":\"{}\"}}", asked.selector));
                Box::pin(std::future::ready(how.unwrap_or_else(echo)))
            }),
        };
        let listener = expose::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shutdown = CancellationToken::new();
        let ended = tokio::spawn(expose::serve(listener, expose::router(state), Arc::default(), shutdown.clone()));
        // No decompression: what is sent is looked at.
        crate::use_cryptography_of_the_program();
        let client = Client::builder().no_proxy().no_gzip().build().unwrap();
        Server { url, client, snapshot, status, reloaded, explained, shutdown, ended }
    }

    fn publish(&self, text: Vec<u8>) {
        let at = Timestamp(1_795_280_400_000);
        self.snapshot.send_replace(Some(Arc::new(Published {
            body: Body::new(text),
            at,
            series: 20_000,
            complete: true,
        })));
    }

    async fn request(&self, method: Method, path: &str, accept_encoding: Option<&str>) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(accepted) = accept_encoding {
            request = request.header(ACCEPT_ENCODING, accepted);
        }
        request.send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path, None).await
    }
}

fn status() -> Status {
    Status {
        now: Timestamp(1_795_280_404_000),
        version: "1.2.3".to_owned(),
        docs: None,
        ready: Ok(()),
        settings_read: Some(Timestamp(1_795_280_000_000)),
        reload_failed: None,
        sources: vec![SourceStatus {
            name: HOSTILE.to_owned(),
            kind: "hubspot".to_owned(),
            up: Some(false),
            last_success: None,
            last_error: Some(HOSTILE.to_owned()),
            interval: Lasting::seconds(60),
            records: vec![(Object::Deal, 8_800)],
            forbidden: vec![HOSTILE.to_owned()],
        }],
    }
}

/// A snapshot of so many series.
fn figures(series: usize) -> Vec<u8> {
    let mut encoder = Encoder::default();
    encoder.family("crm_activities", "Activities done.");
    for n in 0..series {
        encoder.sample(&[("rep", &format!("Rep {n}")), ("window", "day")], (n * 7 % 100) as f64);
    }
    encoder.finish()
}

fn header(response: &Response, name: impl reqwest::header::AsHeaderName) -> Option<&str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

fn unzipped(bytes: &Bytes) -> Vec<u8> {
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_ref()).read_to_end(&mut text).unwrap();
    text
}

#[tokio::test]
async fn a_scrape_is_the_snapshot_and_the_exporters_own() {
    let server = Server::start().await;
    let snapshot = figures(20_000);
    server.publish(snapshot.clone());
    let whole = [snapshot.as_slice(), OWN.as_bytes()].concat();

    for (accepted, encoding) in [
        (None, None),
        (Some("gzip"), Some("gzip")),
        (Some("deflate, gzip;q=0.8, *;q=0.1"), Some("gzip")),
        (Some("*"), Some("gzip")),
        (Some("gzip;q=0"), None),
        (Some("br, zstd"), None),
        (Some("identity"), None),
    ] {
        let response = server.request(Method::GET, "/metrics", accepted).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, CONTENT_TYPE), Some("text/plain; version=0.0.4; charset=utf-8"));
        assert_eq!(header(&response, VARY), Some("Accept-Encoding"));
        assert_eq!(header(&response, CONTENT_ENCODING), encoding, "{accepted:?}");
        let length = header(&response, CONTENT_LENGTH).unwrap().parse::<usize>().unwrap();
        let bytes = response.bytes().await.unwrap();
        assert_eq!(bytes.len(), length);
        let text = if encoding.is_some() { unzipped(&bytes) } else { bytes.to_vec() };
        assert!(text == whole, "{accepted:?}: another text");
    }
}

#[tokio::test]
async fn the_latest_snapshot_is_served_and_none_before_the_first() {
    let server = Server::start().await;
    for accepted in ["identity", "gzip"] {
        let response = server.request(Method::GET, "/metrics", Some(accepted)).await;
        assert_eq!(response.status(), StatusCode::OK);
        let bytes = response.bytes().await.unwrap();
        let text = if accepted == "gzip" { unzipped(&bytes) } else { bytes.to_vec() };
        assert_eq!(text, OWN.as_bytes());
    }
    server.publish(figures(1));
    server.publish(figures(2));
    let text = server.get("/metrics").await.bytes().await.unwrap();
    assert_eq!(text, [figures(2).as_slice(), OWN.as_bytes()].concat());
}

#[tokio::test]
async fn health_and_readiness_are_told_apart() {
    let server = Server::start().await;
    let ready = server.get("/-/ready").await;
    assert_eq!(ready.status(), StatusCode::OK);
    assert_eq!(ready.text().await.unwrap(), "ready\n");

    server.status.send_modify(|status| status.ready = Err("the first load of emea: deals, activities".to_owned()));
    let ready = server.get("/-/ready").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.text().await.unwrap(), "not ready: waiting for the first load of emea: deals, activities\n");

    let healthy = server.get("/-/healthy").await;
    assert_eq!(healthy.status(), StatusCode::OK);
    assert_eq!(healthy.text().await.unwrap(), "healthy\n");
}

#[tokio::test]
async fn the_landing_page_is_html_in_which_names_are_text() {
    let server = Server::start().await;
    server.publish(figures(1));
    let page = server.get("/").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(header(&page, CONTENT_TYPE), Some("text/html; charset=utf-8"));
    assert!(header(&page, "content-security-policy").unwrap().contains("default-src 'none'"));
    let html = page.text().await.unwrap();
    assert!(html.starts_with("<!doctype html>") && html.contains("4 seconds ago") && html.contains("20,000"));
    assert!(!html.contains("<script"));
    assert_eq!(html.matches("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;").count(), 3);
}

#[tokio::test]
async fn an_unknown_path_gets_the_list_of_paths() {
    let server = Server::start().await;
    for path in ["/metrics/", "/favicon.ico", "/-/", "/%3Cscript%3E"] {
        let page = server.get(path).await;
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(page.text().await.unwrap().contains("<a href=\"/metrics\">"), "{path}");
    }
}

#[tokio::test]
async fn whoever_asks_for_an_explanation_is_told_how_it_ended() {
    let server = Server::start().await;
    let path = "/api/v1/explain?selector=crm_deals_won%7Bwindow%3D%27day%27%7D";
    let response = server.get(path).await;
    assert_eq!(
        (response.status(), &response.headers()["content-type"]),
        (StatusCode::OK, &"application/json".parse().unwrap())
    );
    assert_eq!(response.text().await.unwrap(), r#"{"asked":"crm_deals_won{window='day'}"}"#);
    assert_eq!(server.get("/api/v1/explain").await.status(), StatusCode::BAD_REQUEST);
    for (explained, status, text) in [
        (Explained::NotEnabled, StatusCode::FORBIDDEN, "explanations name single records, and are not enabled"),
        (Explained::Busy, StatusCode::SERVICE_UNAVAILABLE, "another figure is being explained"),
        (Explained::NotReady, StatusCode::SERVICE_UNAVAILABLE, "the records are being loaded"),
        (Explained::Wrong("no metric".to_owned()), StatusCode::BAD_REQUEST, "no metric\n"),
        (Explained::Failed("no store".to_owned()), StatusCode::INTERNAL_SERVER_ERROR, "no store\n"),
    ] {
        server.explained.send_replace(Some(explained));
        let response = server.get(path).await;
        assert_eq!(response.status(), status);
        let told = response.text().await.unwrap();
        assert!(told.starts_with(text), "{told}");
    }
}

#[tokio::test]
async fn a_reload_is_told_how_it_ended() {
    let server = Server::start().await;
    for (reloaded, status, text) in [
        (
            Reloaded::NotEnabled,
            StatusCode::FORBIDDEN,
            "/-/reload is not enabled: set web.enable_lifecycle or --web.enable-lifecycle, or send SIGHUP instead\n",
        ),
        (Reloaded::Done, StatusCode::OK, "the settings have been read again\n"),
        (
            Reloaded::Failed("crm_exporter.yaml: deals.x: unknown key".to_owned()),
            StatusCode::INTERNAL_SERVER_ERROR,
            "the settings cannot be used, everything stays as it was:\ncrm_exporter.yaml: deals.x: unknown key\n",
        ),
    ] {
        server.reloaded.send_replace(reloaded);
        for method in [Method::POST, Method::PUT] {
            let response = server.request(method, "/-/reload", None).await;
            assert_eq!(response.status(), status);
            assert_eq!(response.text().await.unwrap(), text);
        }
    }
    for method in [Method::GET, Method::HEAD, Method::DELETE] {
        let response = server.request(method.clone(), "/-/reload", None).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(header(&response, ALLOW), Some("POST,PUT"), "{method}");
        let html = response.text().await.unwrap();
        assert!(method == Method::HEAD || html.contains("answers <code>POST</code> and <code>PUT</code>"), "{html}");
    }
}

#[tokio::test]
async fn other_methods_are_refused() {
    let server = Server::start().await;
    for path in ["/", "/metrics", "/-/healthy", "/-/ready"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let response = server.request(method.clone(), path, None).await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(header(&response, ALLOW), Some("GET,HEAD"), "{method} {path}");
        }
    }
    // The body is never read, however long it is said to be.
    let huge = server.client.post(format!("{}/metrics", server.url)).body(vec![0; 1 << 16]).send().await.unwrap();
    assert_eq!(huge.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let server = Server::start().await;
    server.publish(figures(1_000));
    for path in ["/", "/metrics", "/-/healthy", "/-/ready", "/nowhere"] {
        for accepted in ["identity", "gzip"] {
            let get = server.request(Method::GET, path, Some(accepted)).await;
            let head = server.request(Method::HEAD, path, Some(accepted)).await;
            assert_eq!(head.status(), get.status(), "{path}");
            for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, VARY] {
                assert_eq!(head.headers().get(&name), get.headers().get(&name), "{name} of {path}");
            }
            assert!(head.bytes().await.unwrap().is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn a_stop_lets_a_slow_reader_finish() {
    let server = Server::start().await;
    let snapshot = figures(200_000);
    server.publish(snapshot.clone());
    let mut response = server.get("/metrics").await;
    let mut read = response.chunk().await.unwrap().unwrap().to_vec();

    server.shutdown.cancel();
    while let Some(piece) = response.chunk().await.unwrap() {
        read.extend_from_slice(&piece);
    }
    assert!(read == [snapshot.as_slice(), OWN.as_bytes()].concat(), "another text");
    server.ended.await.unwrap();
    assert!(server.client.get(&server.url).send().await.unwrap_err().is_connect());
}
