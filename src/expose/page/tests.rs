//! Pages are well-formed, tell every state, and let no text become markup.

use super::*;
use crate::domain::{Object, Timestamp};
use crate::expose::{Published, SourceStatus, Status};
use crate::exposition::Body;
use crate::setting::Lasting;

const NOW: Timestamp = Timestamp(1_795_280_400_000);

fn source(name: &str, up: Option<bool>) -> SourceStatus {
    SourceStatus {
        name: name.to_owned(),
        kind: "hubspot".to_owned(),
        up,
        last_success: up.map(|_| NOW.plus_millis(-12_000)),
        last_error: None,
        interval: Lasting::seconds(60),
        records: vec![(Object::Deal, 8_800), (Object::StageChange, 1_234_567)],
        forbidden: vec![],
    }
}

fn status(sources: Vec<SourceStatus>) -> Status {
    Status {
        now: NOW,
        version: "1.2.3".to_owned(),
        docs: None,
        ready: Ok(()),
        settings_read: Some(NOW.plus_millis(-3_600_000)),
        reload_failed: None,
        sources,
    }
}

fn published() -> Published {
    Published { body: Body::default(), at: NOW.plus_millis(-4_000), series: 98_214, complete: true }
}

/// Elements that are closed in the right order and hold no attribute twice; panics otherwise.
fn assert_well_formed(html: &str) {
    const VOID: [&str; 2] = ["meta", "link"];
    let mut open = Vec::new();
    let mut rest = html.strip_prefix("<!doctype html>").unwrap_or(html);
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, behind) = after.split_once('>').expect("a tag is not closed");
        assert!(!tag.contains('<'), "a bare < before {tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "</{name}> closes another element");
        } else {
            assert_eq!(tag.matches('"').count() % 2, 0, "quotes of <{tag}>");
            let name = tag.split_ascii_whitespace().next().unwrap();
            if !VOID.contains(&name) {
                open.push(name);
            }
        }
        rest = behind;
    }
    assert!(open.is_empty(), "never closed: {open:?}");
}

#[test]
fn settings_that_could_not_be_read_again_are_told() {
    let failed = Status { reload_failed: Some(NOW.plus_millis(-60_000)), ..status(vec![source("emea", Some(true))]) };
    let html = landing::content(&failed, Some(&published()));
    assert_well_formed(&html);
    assert!(html.contains("The settings could not be read again 60 seconds ago"), "{html}");
    assert!(html.contains(r#"settings read at <time datetime="2026-11-21T16:00:00Z">"#), "{html}");
    let html = landing::content(&status(vec![]), Some(&published()));
    assert!(!html.contains("could not be read again") && html.contains("settings read at"), "{html}");
}

#[test]
fn a_healthy_floor_is_told() {
    let html = landing::content(&status(vec![source("emea", Some(true))]), Some(&published()));
    assert_well_formed(&html);
    for told in [
        "1.2.3",
        ">Ready<",
        "4 seconds ago",
        "98,214",
        "1 of 1",
        "1,243,367",
        ">emea<",
        ">hubspot<",
        ">Up<",
        "12 seconds ago",
        "<time datetime=\"2026-11-21T16:59:48Z\">2026-11-21 16:59:48 UTC</time>",
        "polled every 1m",
        "<dt>deals</dt><dd>8,800</dd>",
        "<dt>stage changes</dt><dd>1,234,567</dd>",
        "href=\"/metrics\"",
        "href=\"/-/healthy\"",
        "href=\"/-/ready\"",
    ] {
        assert!(html.contains(told), "{told} is missing in\n{html}");
    }
    assert!(!html.contains("Last error") && !html.contains("Waiting for") && !html.contains("Documentation"));
}

#[test]
fn trouble_is_told() {
    let mut down = source("emea", Some(false));
    down.last_error = Some("401 from https://api.example.com: the token is not valid".to_owned());
    let mut status = status(vec![down, source("apac", None)]);
    status.ready = Err("the first load of apac".to_owned());
    status.docs = Some("https://example.com/docs?a=1&b=2".to_owned());
    let html = landing::content(&status, None);
    assert_well_formed(&html);
    for told in [
        "Not ready",
        "Waiting for the first load of apac.",
        "None yet",
        "0 of 2",
        ">Down<",
        "<strong>Last error</strong> 401 from https://api.example.com: the token is not valid",
        ">First poll<",
        "No poll has succeeded yet",
        "href=\"https://example.com/docs?a=1&amp;b=2\"",
    ] {
        assert!(html.contains(told), "{told} is missing in\n{html}");
    }
}

#[test]
fn having_nothing_is_told() {
    let html = landing::content(&status(vec![]), None);
    assert_well_formed(&html);
    assert!(
        html.contains("<dd>None <small>configured")
            && html.contains("No source is configured.")
            && html.contains("crm_exporter demo")
    );

    let mut bare = source("emea", None);
    bare.records.clear();
    assert!(landing::content(&status(vec![bare]), None).contains("No records yet"));
}

#[test]
fn no_text_becomes_markup() {
    const HOSTILE: &str = "</p><script>alert('x')</script>\"&<!--";
    let mut source = source(HOSTILE, Some(false));
    source.kind = HOSTILE.to_owned();
    source.last_error = Some(HOSTILE.to_owned());
    let mut status = status(vec![source]);
    status.version = HOSTILE.to_owned();
    status.docs = Some(HOSTILE.to_owned());
    status.ready = Err(HOSTILE.to_owned());
    let html = landing::content(&status, Some(&published()));
    assert_well_formed(&html);
    assert!(!html.contains("<script") && !html.contains("<!--"));
    assert_eq!(html.matches("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;&lt;!--").count(), 6);
}

#[tokio::test]
async fn dead_ends_are_whole_pages_and_name_every_path() {
    for response in [
        not_found(Uri::from_static("/a'b&c")).await,
        wrong_method(Method::from_bytes(b"M-SEARCH").unwrap(), Uri::from_static("/metrics")).await,
    ] {
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let html = std::str::from_utf8(&bytes).unwrap();
        assert_well_formed(html);
        for (path, what) in PATHS {
            assert!(html.contains(&format!("<a href=\"{path}\">{path}</a>")) && html.contains(what), "{path}");
        }
        assert!(html.contains("a&#39;b&amp;c") || html.contains("M-SEARCH"));
    }
}

#[test]
fn streams_that_are_not_permitted_are_named() {
    let mut forbidden = source("emea", Some(true));
    let html = landing::content(&status(vec![forbidden.clone()]), None);
    assert!(!html.contains("Not permitted"));
    forbidden.forbidden = vec!["goals".to_owned(), "leads".to_owned()];
    let html = landing::content(&status(vec![forbidden]), None);
    assert!(html.contains("<strong>Not permitted</strong> goals, leads"), "{html}");
}
