//! The frame around every page.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::html::Escaped;

const STYLE: &str = include_str!("page.css");

/// Three rising bars.
const ICON: &str = "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%2016%2016'%3E%3Cpath\
                    %20fill='%230f766e'%20d='M1%2010h4v5H1zM6%206h4v9H6zM11%201h4v14h-4z'/%3E%3C/svg%3E";

/// Nothing is loaded from anywhere, and no script runs, whatever a name may hold.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// A page of `content`, which is HTML; `title` is text.
pub(super) fn response(status: StatusCode, title: &str, content: &str) -> Response {
    let mut response = Response::new(Body::from(document(title, content)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn document(title: &str, content: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{ICON}">
<style>
{STYLE}</style>
</head>
<body>
{content}</body>
</html>
"#,
        Escaped(title)
    )
}
