//! Requests that fail by chance, and are sent again.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;

use super::super::retry::ALLOWANCE;
use super::*;

/// Pauses that a test need not notice.
const QUICK: Retries = Retries {
    tries: 4,
    first_pause: Duration::from_millis(1),
    longest_pause: Duration::from_millis(1),
    deadline: Duration::from_secs(60),
};

/// A server that says these things one after the other, and `{}` from then on.
async fn saying_in_turn(replies: impl IntoIterator<Item = Reply>) -> Server {
    let mut replies: VecDeque<Reply> = replies.into_iter().collect();
    Server::start(move |_: &Seen| replies.pop_front().unwrap_or(Reply::json("{}"))).await
}

fn patient(server: &Server) -> (Client, Arc<Meter>) {
    client_with(server, |setup| setup.retries = QUICK)
}

fn status(status: u16) -> Reply {
    Reply::new(status, &[], "")
}

#[tokio::test]
async fn what_fails_by_chance_is_repeated_and_each_repetition_is_counted_once() {
    let broken = Reply::raw(200, &["content-length: 100"]).and(b"{");
    let told = ["retry-after: 0"];
    let server = saying_in_turn([
        status(503),
        broken,
        Reply::bytes("SSH-2.0\r\n\r\n"),
        Reply::json("{}"),
        Reply::new(429, &told, ""),
        status(429),
    ])
    .await;
    let (client, meter) = patient(&server);
    client.send(get("/deals")).await.unwrap();
    assert_eq!(server.lines().len(), 4);
    client.send(get("/deals")).await.unwrap();
    assert_eq!(server.lines().len(), 4 + 3);
    assert_eq!(
        counted(&meter, "crm_exporter_api_retries_total"),
        [r#"{reason="not_yet",source="crm"} 1"#, r#"{reason="unavailable",source="crm"} 4"#]
    );
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_asked_for_again() {
    let html = Reply::new(200, &["content-type: text/html"], "<html></html>");
    let server = saying_in_turn([html, Reply::json(r#"{"results": ["#), Reply::json("[1]")]).await;
    let (client, meter) = patient(&server);
    let found: Value = client.read(get("/deals"), |answer| answer.json()).await.unwrap();
    assert_eq!((found, server.lines().len()), (serde_json::json!([1]), 3));
    assert_eq!(counted(&meter, "crm_exporter_api_retries_total"), [r#"{reason="malformed",source="crm"} 2"#]);
}

#[tokio::test]
async fn a_request_is_sent_so_often_and_no_more() {
    let server = saying(status(503)).await;
    let (client, meter) = patient(&server);
    let error = client.send(get("/deals")).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    assert_eq!(server.lines().len(), 4);
    assert_eq!(counted(&meter, "crm_exporter_api_retries_total"), [r#"{reason="unavailable",source="crm"} 3"#]);
}

#[tokio::test]
async fn what_would_fail_again_is_sent_once() {
    for refused in [400, 401, 403, 404, 414] {
        let server = saying(status(refused)).await;
        patient(&server).0.send(get("/deals")).await.unwrap_err();
        assert_eq!(server.lines().len(), 1, "{refused}");
    }
    let server = saying(Reply::new(429, &["retry-after: 61"], "")).await;
    let error = patient(&server).0.send(get("/deals")).await.unwrap_err();
    assert!(matches!(error, Error::Busy { wait, .. } if wait == Duration::from_secs(61)), "{error}");
    assert_eq!(server.lines().len(), 1, "the wait is beyond the deadline");
}

#[tokio::test]
async fn what_may_change_something_is_sent_once() {
    let server = saying_in_turn([status(503), status(503)]).await;
    let (client, _) = patient(&server);
    client.send(Request::post("deals", "/deals")).await.unwrap_err();
    assert_eq!(server.lines().len(), 1);
    client.send(Request::post("deals", "/deals/search").safe()).await.unwrap();
    assert_eq!(server.lines().len(), 3);
}

#[tokio::test]
async fn credentials_are_renewed_once_for_a_request() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token");
    std::fs::write(&file, "first").unwrap();
    let source = SecretSource::required("token", Some(&file), None, directory.path()).unwrap();
    let mut number = 0;
    let server = Server::start(move |_: &Seen| {
        number += 1;
        // Each time, somebody has just replaced the token.
        std::fs::write(&file, format!("token-{number}")).unwrap();
        status(if number == 2 { 503 } else { 401 })
    })
    .await;
    let (client, _) = client_with(&server, |setup| {
        setup.auth = Auth::bearer(source);
        setup.retries = QUICK;
    });
    let error = client.send(get("/deals")).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error}");
    // Refused, renewed and failed, repeated and refused.
    assert_eq!(server.lines().len(), 3);
}

#[tokio::test]
async fn a_crm_that_is_down_sees_no_storm() {
    let down = Arc::new(Mutex::new(true));
    let seen = down.clone();
    let server = Server::start(move |_: &Seen| match *seen.lock().unwrap() {
        true => status(503),
        false => Reply::json("{}"),
    })
    .await;
    let (client, _) = patient(&server);
    for _ in 0..30 {
        client.send(get("/deals")).await.unwrap_err();
    }
    assert_eq!(server.lines().len(), 30 + ALLOWANCE as usize);
    *down.lock().unwrap() = false;
    client.send(get("/deals")).await.unwrap();
    *down.lock().unwrap() = true;
    client.send(get("/deals")).await.unwrap_err();
    assert_eq!(server.lines().len(), 30 + ALLOWANCE as usize + 1 + 2, "one good answer pays for one repetition");
}
