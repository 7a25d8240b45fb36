//! What a web file says, ready to be applied.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::http::HeaderMap;
use rustls::ServerConfig;

use super::error::WebFileError;
use super::files::{Files, SeenFile};
use super::format::Format;
use super::rate::RateLimit;
use super::users::Users;
use super::{headers, tls};
use crate::setting::{self, Problem};

/// What applies to every connection and request. The default is what applies without a web file: nothing.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) headers: HeaderMap,
    pub(super) users: Option<Users>,
    pub(super) limit: Option<RateLimit>,
}

impl Rules {
    /// Reads the web file and what it names. Gives the files that were asked for as well, whatever came of it.
    pub(super) fn read(file: &Path) -> (Vec<SeenFile>, Result<Rules, WebFileError>) {
        let mut files = Files::of(file);
        let rules = match format(file) {
            Ok(format) => Rules::new(format, &mut files),
            Err(problem) => Err(vec![problem]),
        };
        (files.seen(), rules.map_err(|problems| WebFileError::new(file, problems)))
    }

    fn new(format: Format, files: &mut Files) -> Result<Rules, Vec<Problem>> {
        let mut problems = Vec::new();
        let tls = tls::server_config(&format.tls_server_config, files);
        let headers = headers::headers(&format.http_server_config.headers);
        let users = Users::new(format.basic_auth_users.0);
        let limit = format.rate_limit.as_ref().map(RateLimit::new).transpose();
        let rules = Rules {
            tls: known(tls, "tls_server_config", &mut problems),
            headers: known(headers, "http_server_config.headers", &mut problems),
            users: known(users, "basic_auth_users", &mut problems),
            limit: known(limit, "rate_limit", &mut problems).flatten(),
        };
        if problems.is_empty() { Ok(rules) } else { Err(problems) }
    }

    /// What `self` protects and `new` would not. A file that is half written must not open what was closed, nor can
    /// those who connect without TLS be told that it is there now.
    pub(super) fn given_up_by(&self, new: &Rules) -> Option<Problem> {
        if self.tls.is_some() != new.tls.is_some() {
            return Some(Problem::new("tls_server_config", "TLS is only switched on or off by a restart"));
        }
        (self.users.is_some() && new.users.is_none())
            .then(|| Problem::new("basic_auth_users", "passwords are only given up altogether by a restart"))
    }
}

/// The value, or its default where it is a problem, which is added to the others.
fn known<T: Default>(value: Result<T, Problem>, key: &str, problems: &mut Vec<Problem>) -> T {
    value.unwrap_or_else(|problem| {
        problems.push(problem.under(key));
        T::default()
    })
}

fn format(file: &Path) -> Result<Format, Problem> {
    let unreadable = |error| {
        Problem::new("", format!("cannot be read: {error}; name a file in web.config_file that this user may read"))
    };
    let text = fs::read_to_string(file).map_err(unreadable)?;
    let config = setting::parse_yaml(&text).map_err(|text| Problem::new("", text))?;
    setting::read(config.cache)
}
