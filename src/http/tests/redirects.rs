//! Redirects: only to where the credentials belong.

use super::*;

/// A server that sends `GET /old` to `target`.
async fn redirecting(status: u16, target: String) -> Server {
    Server::start(move |seen| match seen.line.as_str() {
        "GET /new" => Reply::json("{}"),
        _ => Reply::new(status, &[&format!("location: {target}")], ""),
    })
    .await
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let other = saying(Reply::json("{}")).await;
    for status in [301, 302, 303, 307, 308] {
        let server = redirecting(status, format!("{}/new", other.url())).await;
        let error = client(&server).send(get("/old")).await.unwrap_err();
        let Error::Rejected { cause, .. } = error else { panic!("{error}") };
        assert!(cause.contains("a redirect that is not followed"), "{cause}");
    }
    assert!(other.lines().is_empty());
}

#[tokio::test]
async fn a_redirect_on_the_same_host_is_followed_with_the_token() {
    let server = redirecting(302, "/new".to_owned()).await;
    client(&server).send(get("/old")).await.unwrap();
    assert_eq!(server.lines(), ["GET /old", "GET /new"]);
    assert_eq!(server.seen()[1].header("authorization"), format!("Bearer {TOKEN}"));
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let server = redirecting(302, "/old".to_owned()).await;
    assert!(matches!(client(&server).send(get("/old")).await, Err(Error::Rejected { .. })));
    assert_eq!(server.lines().len(), 6);
}

#[tokio::test]
async fn a_link_to_another_host_is_not_followed() {
    let other = saying(Reply::json("{}")).await;
    let server = saying(Reply::json("{}")).await;
    let error = client(&server).send(Request::follow("deals", format!("{}/next", other.url()))).await.unwrap_err();
    assert!(matches!(error, Error::Malformed { .. }), "{error}");
    assert!(other.lines().is_empty() && server.lines().is_empty());
}
