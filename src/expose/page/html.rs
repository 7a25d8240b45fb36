//! The frame around every page.

use std::fmt::{self, Display, Write as _};

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

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

/// Text as it is written in HTML, in elements and in quoted attributes.
pub(super) struct Escaped<T>(pub(super) T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character {
                '&' => self.0.write_str("&amp;")?,
                '<' => self.0.write_str("&lt;")?,
                '>' => self.0.write_str("&gt;")?,
                '"' => self.0.write_str("&quot;")?,
                '\'' => self.0.write_str("&#39;")?,
                // Not allowed in HTML, nor of use to a reader.
                control if control.is_control() => self.0.write_char(' ')?,
                plain => self.0.write_char(plain)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        let written = Escaped("<a href=\"x\" title='y'>\u{0}&amp;é\n</a>").to_string();
        assert_eq!(written, "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt; &amp;amp;é &lt;/a&gt;");
    }
}
