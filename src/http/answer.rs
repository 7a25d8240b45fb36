//! An answer that came whole: status, headers, body.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::Error;
use crate::domain::Timestamp;

/// However long a CRM wants us to wait, we ask again after a day.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// An answer that came whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked for: method and path.
    pub(super) what: String,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header's value, where it is there and readable. Names know no case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }

    /// A header's value as a number.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.header(name)?.parse().ok()
    }

    /// The body, unpacked.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON. What does not fit is told by its place alone: the body may hold personal data.
    ///
    /// # Errors
    /// [`Error::Malformed`], which tells HTML from truncated JSON and from JSON of another form.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| self.malformed(&self.why_no_json(&error)))
    }

    /// This answer as an error: `cause` says in which way it is not what was expected.
    pub fn malformed(&self, cause: &str) -> Error {
        let kind = self.header("content-type").unwrap_or("no content type");
        let (status, length) = (self.status, self.body.len());
        let cause = format!("{cause} (HTTP {status}, {kind}, {length} bytes)");
        Error::Malformed { what: self.what.clone(), cause }
    }

    /// How long `Retry-After` asks to wait, a day at most. A date is measured against the answer's own, so that it does
    /// not matter what our clock says.
    pub fn retry_after(&self) -> Option<Duration> {
        let value = self.header("retry-after")?;
        let wait = match value.parse::<f64>() {
            Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
            Err(_) => {
                let millis = http_date(value)?.millis_since(self.date()?);
                Some(Duration::from_millis(u64::try_from(millis).unwrap_or(0)))
            }
        };
        wait.map(|wait| wait.min(LONGEST_WAIT))
    }

    /// When it was answered, by the clock of the CRM.
    pub fn date(&self) -> Option<Timestamp> {
        http_date(self.header("date")?)
    }

    fn why_no_json(&self, error: &serde_json::Error) -> String {
        use serde_json::error::Category;
        let begins = self.body.trim_ascii_start();
        let place = format!("line {} column {}", error.line(), error.column());
        match error.classify() {
            _ if begins.is_empty() => "an empty body instead of JSON".to_owned(),
            _ if begins.starts_with(b"<") => "HTML or XML instead of JSON".to_owned(),
            Category::Eof | Category::Io => "JSON that ends too early".to_owned(),
            Category::Syntax => format!("what is no JSON at {place}"),
            Category::Data => format!("JSON in another form than expected at {place}"),
        }
    }
}

/// An instant as HTTP writes it, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some(date.with_timezone(&Utc).into())
}
