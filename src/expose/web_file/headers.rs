//! `http_server_config.headers`: what is added to every response.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use indexmap::IndexMap;

use crate::setting::{self, Problem};

/// The headers that can be set, with the values that make sense where these are few.
const KNOWN: [(&str, &[&str]); 5] = [
    ("Content-Security-Policy", &[]),
    ("Strict-Transport-Security", &[]),
    ("X-Content-Type-Options", &["nosniff"]),
    ("X-Frame-Options", &["deny", "sameorigin"]),
    ("X-XSS-Protection", &[]),
];

/// The headers as they are sent; blank ones are not.
pub(super) fn headers(written: &IndexMap<String, String>) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    for (name, value) in written {
        let problem = |text: String| Problem::new(name, text);
        let Some((known, values)) = KNOWN.iter().find(|(known, _)| known == name) else {
            let names = KNOWN.map(|(name, _)| name);
            return Err(problem(format!("this header cannot be set; {}", setting::instead(name, &names))));
        };
        if !values.is_empty() && !values.contains(&value.as_str()) {
            return Err(problem(format!("`{value}` has no meaning here; write {}", values.join(" or "))));
        }
        if value.is_empty() {
            continue;
        }
        let sent = HeaderValue::from_str(value).map_err(|_| {
            problem("has signs that no header may have; write it in one line of plain ASCII".to_owned())
        })?;
        let name = HeaderName::from_bytes(known.as_bytes()).map_err(|error| problem(error.to_string()))?;
        headers.insert(name, sent);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<HeaderMap, String> {
        headers(&[(name.to_owned(), value.to_owned())].into()).map_err(|problem| problem.to_string())
    }

    #[test]
    fn known_headers_are_set_unless_they_are_blank() {
        assert_eq!(read("X-Frame-Options", "deny").unwrap()["x-frame-options"], "deny");
        let policy = "default-src 'self' *.example.com";
        assert_eq!(read("Content-Security-Policy", policy).unwrap()["content-security-policy"], policy);
        assert!(read("X-XSS-Protection", "").unwrap().is_empty());
    }

    #[test]
    fn other_headers_and_values_are_refused() {
        for (name, value, said) in [
            ("X-Frame-Option", "deny", "X-Frame-Option: this header cannot be set; did you mean `X-Frame-Options`?"),
            ("X-Frame-Options", "DENY", "X-Frame-Options: `DENY` has no meaning here; write deny or sameorigin"),
            ("X-Content-Type-Options", "", "X-Content-Type-Options: `` has no meaning here; write nosniff"),
            (
                "X-XSS-Protection",
                "1\r\nSet-Cookie: a=b",
                "X-XSS-Protection: has signs that no header may have; write it in one line of plain ASCII",
            ),
        ] {
            assert_eq!(read(name, value).unwrap_err(), said);
        }
    }
}
