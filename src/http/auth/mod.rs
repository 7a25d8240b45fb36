//! Ways to prove who asks.

mod assertion;
mod oauth;
mod state_file;
mod tokens;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderName, HeaderValue};

use super::wire::Wire;
use super::{Error, Secret, SecretSource};
use crate::setting::Problem;

pub use oauth::{Grant, OAuth};
pub use state_file::StateFile;
use tokens::Tokens;

/// A way to prove who asks.
pub struct Auth(Way);

enum Way {
    None,
    Fixed(Fixed),
    OAuth(Arc<Tokens>),
}

struct Fixed {
    source: SecretSource,
    form: Form,
    last: Mutex<Option<Secret>>,
}

enum Form {
    Header { name: &'static str, prefix: &'static str },
    BasicUser,
}

impl Auth {
    /// Nobody in particular asks.
    pub fn none() -> Auth {
        Auth(Way::None)
    }

    /// A token in the header `name` (lower case) behind `prefix`, such as `authorization` and `Bearer ` (with the blank).
    /// When it is refused, its file is read again: somebody may have replaced it.
    pub fn token(name: &'static str, prefix: &'static str, source: SecretSource) -> Auth {
        Auth::fixed(source, Form::Header { name, prefix })
    }

    /// `Authorization: Bearer TOKEN`.
    pub fn bearer(source: SecretSource) -> Auth {
        Auth::token("authorization", "Bearer ", source)
    }

    /// Basic authentication with the secret as the user and no password.
    pub fn basic_user(source: SecretSource) -> Auth {
        Auth::fixed(source, Form::BasicUser)
    }

    /// Access tokens that are fetched, kept, and renewed a minute before they end or when one is refused.
    ///
    /// # Errors
    /// If a key cannot be used or a state file cannot be read. Connects to nothing.
    pub fn oauth(oauth: OAuth) -> Result<Auth, Problem> {
        oauth.check()?;
        Ok(Auth(Way::OAuth(Arc::new(Tokens::new(oauth)))))
    }

    fn fixed(source: SecretSource, form: Form) -> Auth {
        Auth(Way::Fixed(Fixed { source, form, last: Mutex::default() }))
    }

    /// What to send with a request now.
    pub(super) async fn credentials(&self, wire: &Arc<Wire>) -> Result<Credentials, Error> {
        match &self.0 {
            Way::None => Ok(Credentials::none()),
            Way::Fixed(fixed) => fixed.current(),
            Way::OAuth(oauth) => oauth.credentials(wire).await,
        }
    }

    /// What to send instead of `refused`; none: there is nothing else.
    pub(super) async fn renew(&self, wire: &Arc<Wire>, refused: &Credentials) -> Result<Option<Credentials>, Error> {
        match &self.0 {
            Way::None => Ok(None),
            Way::Fixed(fixed) => fixed.reread(refused),
            Way::OAuth(oauth) => oauth.renew(wire, refused).await.map(Some),
        }
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Way::None => "no credentials",
            Way::Fixed(_) => "a token",
            Way::OAuth(_) => "OAuth",
        })
    }
}

impl Fixed {
    fn current(&self) -> Result<Credentials, Error> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let secret = match last.take() {
            Some(secret) => secret,
            None => self.read()?,
        };
        *last = Some(secret.clone());
        self.credentials(&secret)
    }

    fn reread(&self, refused: &Credentials) -> Result<Option<Credentials>, Error> {
        let secret = self.read()?;
        let credentials = self.credentials(&secret)?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret);
        Ok((credentials != *refused).then_some(credentials))
    }

    fn read(&self) -> Result<Secret, Error> {
        self.source
            .read()
            .map_err(|problem| Error::Unauthorized { what: "reading the token".to_owned(), cause: problem.to_string() })
    }

    fn credentials(&self, secret: &Secret) -> Result<Credentials, Error> {
        match self.form {
            Form::Header { name, prefix } => Credentials::new(name, prefix, secret),
            Form::BasicUser => {
                let pair = Secret::new(STANDARD.encode(format!("{}:", secret.expose())));
                Credentials::new("authorization", "Basic ", &pair)
            }
        }
    }
}

/// The header that proves who asks.
#[derive(Clone, PartialEq)]
pub(super) struct Credentials(Option<(HeaderName, HeaderValue)>);

impl Credentials {
    pub(super) fn none() -> Credentials {
        Credentials(None)
    }

    /// `secret` behind `prefix` in the header `name`.
    pub(super) fn new(name: &'static str, prefix: &str, secret: &Secret) -> Result<Credentials, Error> {
        let value = HeaderValue::from_str(&format!("{prefix}{}", secret.expose()));
        let mut value = value.map_err(|_| Error::Unauthorized {
            what: "sending the token".to_owned(),
            cause: "it has characters that no header can hold; check the file or the variable".to_owned(),
        })?;
        value.set_sensitive(true);
        Ok(Credentials(Some((HeaderName::from_static(name), value))))
    }

    pub(super) fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        self.0.clone()
    }
}
