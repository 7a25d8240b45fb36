//! Networks and servers that fail.

use std::time::Duration;

use super::*;

/// Why an answer is not available, and how it is counted.
async fn unavailable(reply: Reply, change: impl FnOnce(&mut Setup)) -> String {
    let server = saying(reply).await;
    let (client, meter) = client_with(&server, change);
    let error = client.send(get("/deals")).await.unwrap_err();
    let Error::Unavailable { what, cause } = error else { panic!("{error}") };
    assert_eq!(what, "GET /deals");
    let expected = [r#"{code="error",object="deals",source="crm"} 1"#];
    assert_eq!(counted(&meter, "crm_exporter_api_requests_total"), expected);
    cause
}

#[tokio::test]
async fn a_connection_that_breaks_in_mid_body_is_told() {
    for reply in [
        Reply::raw(200, &["content-length: 100"]).and(b"{\"results\":"),
        Reply::raw(200, &["transfer-encoding: chunked"]).and(b"b\r\n{\"results\":\r\n"),
    ] {
        let cause = unavailable(reply, |_| ()).await;
        assert!(cause.starts_with("the answer broke off after 11 bytes"), "{cause}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_told() {
    for (said, told) in
        [("", "connection closed before message completed"), ("SSH-2.0\r\n\r\n", "invalid HTTP version parsed")]
    {
        let cause = unavailable(Reply::bytes(said), |_| ()).await;
        assert_eq!(cause, told, "{said}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for_without_end() {
    let timeouts =
        Timeouts { connect: Duration::from_millis(5), headers: Duration::from_millis(5), ..Timeouts::default() };
    let cause = unavailable(Reply::silence(), |setup| setup.timeouts = timeouts).await;
    assert_eq!(cause, "no answer within 10ms");
}

#[tokio::test]
async fn a_body_that_does_not_end_is_not_waited_for_without_end() {
    let timeouts = Timeouts { body: Duration::from_millis(5), ..Timeouts::default() };
    let reply = Reply::raw(200, &["content-length: 100"]).and(b"{").and_hangs();
    let cause = unavailable(reply, |setup| setup.timeouts = timeouts).await;
    assert_eq!(cause, "the answer took over 5ms");
}

#[tokio::test]
async fn a_closed_port_is_told_without_the_query() {
    let server = saying(Reply::json("{}")).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = BaseUrl::new("base_url", &format!("http://{}", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let (client, _) = client_with(&server, |setup| setup.base = nobody);
    let error = client.send(get("/deals").query("email", "ana@example.com")).await.unwrap_err().to_string();
    assert!(error.starts_with("GET /deals is not available: ") && error.contains("refused"), "{error}");
    assert!(!error.contains("ana") && !error.contains(TOKEN), "{error}");
}

#[tokio::test]
async fn bodies_are_limited_also_when_they_are_packed() {
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b' '; 1_000_001]).unwrap();
    let packed = packed.finish().unwrap();
    for reply in [Reply::new(200, &[], vec![b' '; 1_000_001]), Reply::new(200, &["content-encoding: gzip"], packed)] {
        let server = saying(reply).await;
        let (client, _) = client_with(&server, |setup| setup.longest_body = 1_000_000);
        let error = client.send(get("/deals")).await.unwrap_err();
        let cause = "the answer is longer than 1000000 bytes".to_owned();
        assert_eq!(error, Error::Rejected { what: "GET /deals".to_owned(), cause });
    }
    let server = saying(Reply::new(200, &[], vec![b' '; 1_000_000])).await;
    let (client, _) = client_with(&server, |setup| setup.longest_body = 1_000_000);
    assert_eq!(client.send(get("/deals")).await.unwrap().body().len(), 1_000_000);
}

#[tokio::test]
async fn never_more_requests_are_under_way_than_allowed() {
    let server = saying(Reply::silence()).await;
    let (client, _) = client_with(&server, |setup| setup.concurrency = 2);
    let client = Arc::new(client);
    for _ in 0..5 {
        let client = client.clone();
        tokio::spawn(async move { client.send(get("/deals")).await });
    }
    while server.seen().len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.free_places(), 0);
    assert_eq!(server.seen().len(), 2);
}
