//! OAuth 2.0: how access tokens are asked for, and what the answer says.

use std::time::Duration;

use serde::Deserialize;

use super::assertion::SigningKey;
use super::state_file::StateFile;
use crate::domain::Timestamp;
use crate::http::wire::Wire;
use crate::http::{Answer, BaseUrl, Error, Meaning, Request, Secret, SecretSource, meaning_of_status};
use crate::setting::Problem;

/// The value of the label `object` for requests of tokens.
const OBJECT: &str = "token";

/// A refused assertion is signed again by the CRM's clock if ours differs by more than this.
const SKEW_MILLIS: u64 = 30_000;

/// How access tokens are got.
#[derive(Debug)]
pub enum Grant {
    /// For a refresh token (RFC 6749, section 6).
    RefreshToken {
        /// The refresh token that the settings give.
        token: SecretSource,
        /// Where newer ones are kept. CRMs that replace refresh tokens need it: [`StateFile::required`].
        state: Option<StateFile>,
    },
    /// For the client's own credentials (section 4.4).
    ClientCredentials,
    /// For an assertion that is signed with RS256 (RFC 7523).
    JwtBearer {
        /// The private key, as PEM: PKCS#8 or PKCS#1.
        key: SecretSource,
        /// Claim `iss`.
        issuer: String,
        /// Claim `sub`.
        subject: String,
        /// Claim `aud`.
        audience: String,
    },
}

/// How access tokens are fetched and shown.
#[derive(Debug)]
pub struct OAuth {
    /// Where they are fetched.
    pub token_base: BaseUrl,
    /// The path below it.
    pub token_path: String,
    /// For what.
    pub grant: Grant,
    /// Further fields of the form, such as `client_id` and `scope`.
    pub fields: Vec<(&'static str, String)>,
    /// The field `client_secret`, where there is one.
    pub client_secret: Option<SecretSource>,
    /// How long a token is taken to be good where the answer does not say.
    pub lifetime: Duration,
    /// The header that takes the token, in lower case, and what stands before it, with its blank.
    pub header: (&'static str, &'static str),
}

/// An access token, as it was given.
pub(super) struct Granted {
    pub token: Secret,
    pub lifetime: Duration,
}

/// The fields of an answer that matter. `error` comes with status 200 from some.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Option<Secret>,
    refresh_token: Option<Secret>,
    #[serde(default)]
    expires_in: serde_json::Value,
    error: Option<String>,
    status: Option<serde_json::Value>,
}

impl OAuth {
    /// Sees whether the secrets can be used.
    pub(super) fn check(&self) -> Result<(), Problem> {
        match &self.grant {
            Grant::JwtBearer { key, .. } => {
                SigningKey::from_pem(&key.read()?).map(drop).map_err(|text| Problem::new(key.key(), text))
            }
            Grant::RefreshToken { token, state: Some(state) } => state.newest(&token.read()?).map(drop),
            Grant::RefreshToken { .. } | Grant::ClientCredentials => Ok(()),
        }
    }

    /// Fetches an access token. Secrets are read anew each time: somebody may have replaced them.
    pub(super) async fn fetch(&self, wire: &Wire) -> Result<Granted, Error> {
        let answer = match &self.grant {
            Grant::RefreshToken { token, state } => return self.refresh(wire, token, state.as_ref()).await,
            Grant::ClientCredentials => self.ask(wire, "client_credentials", Vec::new()).await?,
            Grant::JwtBearer { .. } => self.assert(wire).await?,
        };
        self.granted(&answer).map(|(granted, _)| granted)
    }

    async fn refresh(&self, wire: &Wire, token: &SecretSource, state: Option<&StateFile>) -> Result<Granted, Error> {
        let configured = token.read().map_err(unreadable)?;
        let current = match state {
            Some(state) => state.newest(&configured).map_err(unreadable)?,
            None => configured.clone(),
        };
        let answer = self.ask(wire, "refresh_token", vec![("refresh_token", current.clone())]).await?;
        let (granted, replaced) = self.granted(&answer)?;
        if let Some(newest) = replaced.filter(|newest| *newest != current) {
            keep(state, &configured, newest).await;
        }
        Ok(granted)
    }

    async fn assert(&self, wire: &Wire) -> Result<Answer, Error> {
        let unknown = || Error::Unauthorized { what: self.what(), cause: "there is no clock to sign by".to_owned() };
        let now = wire.surroundings.now().ok_or_else(unknown)?;
        let answer = self.assert_at(wire, now).await?;
        match answer.date() {
            Some(date) if answer.status() >= 400 && date.millis_since(now).unsigned_abs() > SKEW_MILLIS => {
                self.assert_at(wire, date).await
            }
            _ => Ok(answer),
        }
    }

    async fn assert_at(&self, wire: &Wire, now: Timestamp) -> Result<Answer, Error> {
        let Grant::JwtBearer { key, issuer, subject, audience } = &self.grant else {
            return Err(Error::Rejected { what: self.what(), cause: "nothing is to be signed".to_owned() });
        };
        let key = SigningKey::from_pem(&key.read().map_err(unreadable)?)
            .map_err(|cause| Error::Unauthorized { what: self.what(), cause })?;
        let assertion = key.assertion(issuer, subject, audience, now);
        let assertion = assertion.map_err(|cause| Error::Unauthorized { what: self.what(), cause })?;
        self.ask(wire, "urn:ietf:params:oauth:grant-type:jwt-bearer", vec![("assertion", assertion)]).await
    }

    async fn ask(
        &self,
        wire: &Wire,
        grant_type: &str,
        mut secrets: Vec<(&'static str, Secret)>,
    ) -> Result<Answer, Error> {
        if let Some(secret) = &self.client_secret {
            secrets.push(("client_secret", secret.read().map_err(unreadable)?));
        }
        let plain = self.fields.iter().map(|(name, value)| (*name, value.as_str()));
        let secret = secrets.iter().map(|(name, value)| (*name, value.expose()));
        let form = [("grant_type", grant_type)].into_iter().chain(plain).chain(secret);
        let request = Request::post(OBJECT, self.token_path.as_str()).form(form).header("accept", "application/json");
        wire.exchange(&request, self.token_base.below(&self.token_path)?, None).await
    }

    /// The access token of an answer, and the refresh token that comes with it.
    fn granted(&self, answer: &Answer) -> Result<(Granted, Option<Secret>), Error> {
        let said: Option<TokenAnswer> = serde_json::from_slice(answer.body()).ok();
        let why = said.as_ref().and_then(TokenAnswer::why);
        match meaning_of_status(answer) {
            Meaning::Good => {}
            // Whatever the status, a token that is not given will not be given for the same secrets.
            Meaning::Unauthorized(_) | Meaning::Forbidden(_) | Meaning::Rejected(_) => {
                return Err(self.refused(answer, why));
            }
            other => return other.into_error(&answer.what).map_or_else(|| Err(self.refused(answer, why)), Err),
        }
        let Some(TokenAnswer { access_token: Some(token), refresh_token, expires_in, .. }) = said else {
            return Err(match why {
                Some(why) => self.refused(answer, Some(why)),
                None => answer.malformed("an answer without an access token"),
            });
        };
        let lifetime = seconds(&expires_in).unwrap_or(self.lifetime);
        Ok((Granted { token, lifetime }, refresh_token))
    }

    fn refused(&self, answer: &Answer, why: Option<String>) -> Error {
        let why = why.map(|why| format!(", {why}")).unwrap_or_default();
        let remedy = match &self.grant {
            Grant::RefreshToken { .. } => "authorize the exporter again and give it the new refresh token",
            Grant::ClientCredentials => "check the client's id and secret",
            Grant::JwtBearer { .. } => "check the key, the client's id and the user",
        };
        Error::Unauthorized { what: answer.what.clone(), cause: format!("HTTP {}{why}; {remedy}", answer.status()) }
    }

    fn what(&self) -> String {
        format!("POST {}", self.token_path)
    }
}

impl TokenAnswer {
    /// The code of an error; what is no short word is not shown.
    fn why(&self) -> Option<String> {
        let status = self.status.as_ref().and_then(serde_json::Value::as_str);
        let code = self.error.as_deref().or(status)?;
        let plain = code.len() <= 40 && code.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
        plain.then(|| code.to_owned())
    }
}

/// A number of seconds; some write it as a text.
fn seconds(value: &serde_json::Value) -> Option<Duration> {
    let seconds = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn unreadable(problem: Problem) -> Error {
    Error::Unauthorized { what: "fetching an access token".to_owned(), cause: problem.to_string() }
}

/// Keeps a refresh token that took the place of the one before. When that fails, the access token serves all the same.
async fn keep(state: Option<&StateFile>, configured: &Secret, newest: Secret) {
    let Some(state) = state.cloned() else {
        tracing::warn!("the CRM has replaced the refresh token; set token_state_file, or the new one is lost");
        return;
    };
    let configured = configured.clone();
    let saving = tokio::task::spawn_blocking(move || state.save(&configured, &newest)).await;
    match saving {
        Ok(Ok(())) => {}
        Ok(Err(problem)) => tracing::error!("{problem}"),
        Err(error) => tracing::error!(%error, "keeping the new refresh token has failed"),
    }
}
