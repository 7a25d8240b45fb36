//! What a figure is made of, asked for over HTTP. It is worked out elsewhere, and never while a scrape waits.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::{self, RawQuery};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::State;

/// Works out what a figure is made of. It must not be done on a thread that serves.
pub type Explain = Arc<dyn Fn(Asked) -> Pin<Box<dyn Future<Output = Explained> + Send>> + Send + Sync>;

/// What is asked, as it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Which figure: `crm_win_ratio{rep="Ana",window="quarter"}`.
    pub selector: String,
    /// The instant or day, if not now.
    pub now: Option<String>,
    /// How many records are to be listed of each part.
    pub limit: Option<String>,
}

/// How that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Explained {
    /// The explanation, as JSON.
    Done(String),
    /// The settings in force do not allow to ask for it over HTTP.
    NotEnabled,
    /// Another one is being worked out.
    Busy,
    /// There are no figures yet.
    NotReady,
    /// What is asked makes no sense: why.
    Wrong(String),
    /// It could not be worked out: why.
    Failed(String),
}

/// Explains the figure that the query names.
pub(super) async fn explain(extract::State(state): extract::State<State>, RawQuery(query): RawQuery) -> Response {
    let explained = match asked(query.as_deref().unwrap_or_default()) {
        Ok(asked) => (state.explain)(asked).await,
        Err(why) => Explained::Wrong(why),
    };
    let text = |status: StatusCode, text: String| (status, text).into_response();
    match explained {
        Explained::Done(json) => {
            let mut response = json.into_response();
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Explained::NotEnabled => text(
            StatusCode::FORBIDDEN,
            "explanations name single records, and are not enabled: set web.enable_explain or --web.enable-explain, or run \
             `crm_exporter explain` beside the store\n"
                .to_owned(),
        ),
        Explained::Busy => {
            let mut response = text(
                StatusCode::SERVICE_UNAVAILABLE,
                "another figure is being explained; ask again in a moment\n".to_owned(),
            );
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
            response
        }
        Explained::NotReady => text(
            StatusCode::SERVICE_UNAVAILABLE,
            "the records are being loaded; /-/ready tells when figures are complete\n".to_owned(),
        ),
        Explained::Wrong(why) => text(StatusCode::BAD_REQUEST, format!("{why}\n")),
        Explained::Failed(why) => text(StatusCode::INTERNAL_SERVER_ERROR, format!("{why}\n")),
    }
}

/// Reads the query.
fn asked(query: &str) -> Result<Asked, String> {
    let mut asked = Asked::default();
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        match key.as_ref() {
            "selector" => asked.selector = value.into_owned(),
            "now" => asked.now = Some(value.into_owned()),
            "limit" => asked.limit = Some(value.into_owned()),
            other => return Err(format!("`{other}` is no parameter; there are selector, now and limit")),
        }
    }
    match asked.selector.is_empty() {
        true => Err("name a figure: ?selector=crm_win_ratio{window=\"quarter\"}".to_owned()),
        false => Ok(asked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read() {
        let asked_for = asked("selector=crm_x%7Brep%3D%22A+B%22%7D&limit=3&now=2026-01-01").unwrap();
        let expected = Asked {
            selector: "crm_x{rep=\"A B\"}".to_owned(),
            now: Some("2026-01-01".to_owned()),
            limit: Some("3".to_owned()),
        };
        assert_eq!(asked_for, expected);
        assert_eq!(asked("").unwrap_err(), "name a figure: ?selector=crm_win_ratio{window=\"quarter\"}");
        assert_eq!(asked("a=b").unwrap_err(), "`a` is no parameter; there are selector, now and limit");
    }
}
