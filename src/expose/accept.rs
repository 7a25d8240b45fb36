//! Whether a client wants gzip.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;

/// Whether gzip is acceptable and not liked less than plain text (RFC 9110, section 12.5.3).
///
/// Without the header, or with one that cannot be read, plain text is what every client understands.
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let weight = |coding: &str| {
        headers
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(weighted)
            .filter(|(name, _)| name.eq_ignore_ascii_case(coding))
            .map(|(_, weight)| weight)
            .reduce(f32::max)
    };
    let any = weight("*");
    let gzip = weight("gzip").or(weight("x-gzip")).or(any).unwrap_or(0.0);
    let plain = weight("identity").or(any).unwrap_or(0.0);
    gzip > 0.0 && gzip >= plain
}

/// A coding and its weight; none where the weight is unreadable.
fn weighted(item: &str) -> Option<(&str, f32)> {
    let (coding, parameters) = item.split_once(';').unwrap_or((item, ""));
    let weight = match parameters.trim() {
        "" => 1.0,
        parameter => {
            let (name, value) = parameter.split_once('=')?;
            let value = value.trim().parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
            name.trim().eq_ignore_ascii_case("q").then_some(value)?
        }
    };
    Some((coding.trim(), weight))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepted(values: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_str(value).unwrap());
        }
        accepts_gzip(&headers)
    }

    #[test]
    fn gzip_is_sent_where_it_is_wanted() {
        for wanted in [
            "gzip",
            "GZIP",
            "x-gzip",
            "gzip, deflate, br, zstd",
            "deflate;q=1, gzip ; Q=0.5",
            "gzip;q=1.000",
            "gzip;q=0.001",
            "identity, gzip",
            "identity;q=0.5, *;q=0.8",
            "*",
            "br, *;q=0.1",
        ] {
            assert!(accepted(&[wanted]), "{wanted}");
        }
        assert!(accepted(&["br", "deflate, gzip"]));
    }

    #[test]
    fn plain_is_sent_otherwise() {
        for unwanted in [
            "",
            "identity",
            "br",
            "gzip;q=0",
            "gzip;q=0.000, *",
            "*;q=0",
            "gzip;q=0.3, identity;q=0.5",
            "gzip;q=0.3, *;q=0.5",
            "gzip;q=high",
            "gzip;q=2",
            "gzip;q=NaN",
            "gzip;level=9",
            "gzipped",
        ] {
            assert!(!accepted(&[unwanted]), "{unwanted}");
        }
        assert!(!accepted(&[]));
        assert!(!accepted(&["br", "gzip;q=0"]));
    }
}
