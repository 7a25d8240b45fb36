//! What is sent, and what answers mean.

use std::io::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;

#[tokio::test]
async fn a_request_is_sent_as_it_was_described() {
    let server = saying(Reply::json("{}")).await;
    let client = client(&server);
    let request = Request::post("deals", "/crm/search").query("limit", 200).query("q", "a b&c").header("x-kind", "one");
    client.send(request.json(&json!({"after": 7}))).await.unwrap();
    client.send(Request::post("deals", "form").form([("a", "1 + 1"), ("b", "ü")])).await.unwrap();
    client.send(Request::follow("deals", format!("{}/next?after=8", server.url()))).await.unwrap();
    assert_eq!(server.lines(), ["POST /crm/search?limit=200&q=a+b%26c", "POST /form", "GET /next?after=8"]);
    let [first, second, _] = &server.seen()[..] else { panic!("three requests were sent") };
    assert_eq!(first.header("authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(first.header("user-agent"), format!("crm_exporter/{}", env!("CARGO_PKG_VERSION")));
    assert_eq!((first.header("x-kind"), first.header("content-type")), ("one", "application/json"));
    assert_eq!(first.body, r#"{"after":7}"#);
    assert_eq!(second.header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(second.body, "a=1+%2B+1&b=%C3%BC");
}

#[tokio::test]
async fn answers_come_whole_and_unpacked() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(br#"{"results":[1,2]}"#).unwrap();
    let headers = ["content-encoding: gzip", "X-Left: 17", "date: Sat, 21 Nov 2026 17:00:00 GMT"];
    let server = saying(Reply::new(207, &headers, packed.finish().unwrap())).await;
    let answer = client(&server).send(get("/deals")).await.unwrap();
    assert_eq!(answer.status(), 207);
    assert_eq!(
        (answer.header("x-left"), answer.number::<u32>("x-LEFT"), answer.header("none")),
        (Some("17"), Some(17), None)
    );
    assert_eq!(answer.date(), Some(now()));
    assert_eq!(answer.json::<Value>().unwrap(), json!({"results": [1, 2]}));
    assert!(server.seen()[0].header("accept-encoding").contains("gzip"));
}

/// The error of a `GET /deals` that is answered so.
async fn error_of(reply: Reply) -> Error {
    let server = saying(reply).await;
    client(&server).send(get("/deals")).await.unwrap_err()
}

#[tokio::test]
async fn every_status_has_its_meaning() {
    let what = || "GET /deals".to_owned();
    for status in [408, 423, 425, 429, 500, 502, 503, 504, 520, 521, 524, 529, 530] {
        let expected = Error::Unavailable { what: what(), cause: format!("HTTP {status}") };
        assert_eq!(error_of(Reply::new(status, &[], "")).await, expected);
    }
    for status in [400, 402, 405, 409, 414, 422] {
        let expected = Error::Rejected { what: what(), cause: format!("HTTP {status}") };
        assert_eq!(error_of(Reply::new(status, &[], "")).await, expected);
    }
    for status in [404, 410] {
        assert_eq!(error_of(Reply::new(status, &[], "")).await, Error::NotFound { what: what() });
    }
    let unauthorized = Error::Unauthorized { what: what(), cause: "HTTP 401".to_owned() };
    assert_eq!(error_of(Reply::new(401, &[], "")).await, unauthorized);
    let forbidden = Error::Forbidden { what: what(), cause: "HTTP 403".to_owned() };
    assert_eq!(error_of(Reply::new(403, &[], "")).await, forbidden);
}

#[tokio::test]
async fn both_forms_of_retry_after_are_obeyed() {
    let date = "date: Sun, 22 Nov 2026 23:59:00 GMT";
    for (status, headers, seconds) in [
        (429, &["retry-after: 7"][..], 7.0),
        (429, &["retry-after: 0.5"], 0.5),
        (429, &["retry-after: 999999999"], 86_400.0),
        (429, &["retry-after: Mon, 23 Nov 2026 00:00:30 GMT", date], 90.0),
        (429, &["retry-after: Sun, 22 Nov 2026 23:00:00 GMT", date], 0.0),
        (503, &["retry-after: 30"], 30.0),
    ] {
        let error = error_of(Reply::new(status, headers, "")).await;
        let Error::Busy { wait, .. } = error else { panic!("{headers:?}: {error}") };
        assert_eq!(wait, Duration::from_secs_f64(seconds), "{headers:?}");
    }
    for value in ["soon", "-5", "", "Mon, 23 Nov 2026 00:00:30 GMT", "NaN", "1e300"] {
        let error = error_of(Reply::new(429, &[&format!("retry-after: {value}")], "")).await;
        assert!(matches!(error, Error::Unavailable { .. }), "{value}: {error}");
    }
}

#[tokio::test]
async fn a_connector_reads_answers_its_own_way() {
    let server = saying(Reply::json(r#"{"error": "QUOTA"}"#)).await;
    let (client, _) = client_with(&server, |setup| {
        setup.reader = Arc::new(|answer| match answer.json::<Value>() {
            Ok(body) if body["error"] == "QUOTA" => Meaning::Busy("quota".to_owned(), Some(Duration::from_secs(3))),
            _ => meaning_of_status(answer),
        });
    });
    let error = client.send(get("/deals")).await.unwrap_err();
    let wait = Duration::from_secs(3);
    assert_eq!(error, Error::Busy { what: "GET /deals".to_owned(), cause: "quota".to_owned(), wait });
}

#[tokio::test]
async fn what_is_no_json_is_told_apart_without_showing_it() {
    for (body, said) in [
        ("<html>ana@example.com</html>", "HTML or XML instead of JSON"),
        ("\n <!DOCTYPE html>", "HTML or XML instead of JSON"),
        ("", "an empty body instead of JSON"),
        (r#"[{"email": "ana@example.com"}, {"em"#, "JSON that ends too early"),
        (r#"["ana@example.com""#, "JSON that ends too early"),
        ("ana@example.com", "what is no JSON at line 1 column 1"),
        (r#"{"email": "ana@example.com"}"#, "JSON in another form than expected at line 1 column 0"),
    ] {
        let server = saying(Reply::new(200, &["content-type: text/html"], body)).await;
        let answer = client(&server).send(get("/deals")).await.unwrap();
        let error = match body.starts_with("{") {
            true => answer.json::<Vec<u32>>().unwrap_err(),
            false => answer.json::<Value>().unwrap_err(),
        };
        let expected = format!("{said} (HTTP 200, text/html, {} bytes)", body.len());
        let Error::Malformed { what, cause } = &error else { panic!("{error}") };
        assert_eq!((what.as_str(), cause.as_str()), ("GET /deals", expected.as_str()), "{body}");
        assert!(!error.to_string().contains("ana@"), "{error}");
    }
}

#[tokio::test]
async fn requests_and_quotas_are_counted() {
    let mut first = true;
    let server = Server::start(move |_| match std::mem::take(&mut first) {
        true => Reply::new(503, &[], ""),
        false => Reply::json("{}"),
    })
    .await;
    let (client, meter) = client_with(&server, |_| ());
    client.send(get("/deals")).await.unwrap_err();
    client.send(get("/deals")).await.unwrap();
    client.send(Request::get("owners", "/owners")).await.unwrap();
    assert_eq!(
        counted(&meter, "crm_exporter_api_requests_total"),
        [
            r#"{code="200",object="deals",source="crm"} 1"#,
            r#"{code="200",object="owners",source="crm"} 1"#,
            r#"{code="503",object="deals",source="crm"} 1"#,
        ]
    );
    let (surroundings, meter) = surroundings();
    let quota = Quota { limit: 250_000, remaining: 249_000, resets_in: Duration::from_secs(60) };
    Budget::new("daily", Reserve::default(), &surroundings).tell(quota);
    assert_eq!(counted(&meter, "crm_exporter_api_quota_limit"), [r#"{quota="daily",source="crm"} 250000"#]);
    assert_eq!(counted(&meter, "crm_exporter_api_quota_remaining"), [r#"{quota="daily",source="crm"} 249000"#]);
}
