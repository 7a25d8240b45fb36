//! Access tokens that are kept until shortly before they end, and fetched once however many ask.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Credentials;
use super::oauth::{Granted, OAuth};
use crate::http::wire::Wire;
use crate::http::{Error, Secret};

/// A token is renewed so long before it ends; one that ends soon, when a quarter of its life is left.
const EARLY: Duration = Duration::from_secs(60);

/// The access tokens of a source.
pub(super) struct Tokens {
    oauth: OAuth,
    flight: Flight,
}

impl Tokens {
    pub(super) fn new(oauth: OAuth) -> Tokens {
        Tokens { oauth, flight: Flight::default() }
    }

    /// A token that is good, fetched if need be.
    pub(super) async fn credentials(self: &Arc<Tokens>, wire: &Arc<Wire>) -> Result<Credentials, Error> {
        match self.flight.held(None) {
            Some(credentials) => Ok(credentials),
            None => self.fetch(wire, None).await,
        }
    }

    /// Another token than `refused`.
    pub(super) async fn renew(
        self: &Arc<Tokens>,
        wire: &Arc<Wire>,
        refused: &Credentials,
    ) -> Result<Credentials, Error> {
        self.fetch(wire, Some(refused.clone())).await
    }

    /// On a task of its own: if whoever asks goes away, the answer may still hold a refresh token that must be kept.
    async fn fetch(self: &Arc<Tokens>, wire: &Arc<Wire>, refused: Option<Credentials>) -> Result<Credentials, Error> {
        let (tokens, wire) = (self.clone(), wire.clone());
        let fetching = tokio::spawn(async move {
            let fetch = async || {
                let asked = Instant::now();
                let granted = tokens.oauth.fetch(&wire).await?;
                tokens.held(&granted, asked)
            };
            tokens.flight.get(refused.as_ref(), fetch).await
        });
        fetching.await.unwrap_or_else(|error| {
            let what = "fetching an access token".to_owned();
            Err(Error::Unavailable { what, cause: error.to_string() })
        })
    }

    fn held(&self, granted: &Granted, asked: Instant) -> Result<Held, Error> {
        let (name, prefix) = self.oauth.header;
        let secret: &Secret = &granted.token;
        let credentials = Credentials::new(name, prefix, secret)?;
        let good_for = granted.lifetime.saturating_sub(EARLY.min(granted.lifetime / 4));
        Ok(Held { credentials, renew_at: asked + good_for })
    }
}

/// Something that is fetched by one for all who wait for it.
#[derive(Default)]
struct Flight {
    turn: tokio::sync::Mutex<()>,
    /// How many fetches have ended.
    ended: AtomicU64,
    last: Mutex<Option<Result<Held, Error>>>,
}

#[derive(Clone)]
struct Held {
    credentials: Credentials,
    renew_at: Instant,
}

impl Flight {
    /// What is held, unless it is to be renewed or is what was `refused`.
    fn held(&self, refused: Option<&Credentials>) -> Option<Credentials> {
        let last = self.last();
        let held = last.as_ref()?.as_ref().ok()?;
        let good = Instant::now() < held.renew_at && refused != Some(&held.credentials);
        good.then(|| held.credentials.clone())
    }

    /// What is held, or else what `fetch` brings. All who come before a fetch ends share its outcome, also a failure.
    async fn get(
        &self,
        refused: Option<&Credentials>,
        fetch: impl AsyncFnOnce() -> Result<Held, Error>,
    ) -> Result<Credentials, Error> {
        let came = self.ended.load(Ordering::Acquire);
        let _turn = self.turn.lock().await;
        if let Some(credentials) = self.held(refused) {
            return Ok(credentials);
        }
        if self.ended.load(Ordering::Acquire) > came
            && let Some(Err(error)) = &*self.last()
        {
            return Err(error.clone());
        }
        let outcome = fetch().await;
        *self.last() = Some(outcome.clone());
        self.ended.fetch_add(1, Ordering::AcqRel);
        outcome.map(|held| held.credentials)
    }

    fn last(&self) -> MutexGuard<'_, Option<Result<Held, Error>>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use tokio::time::advance;

    use super::*;
    use crate::http::{BaseUrl, Grant, SecretSource};

    fn tokens() -> Tokens {
        Tokens::new(OAuth {
            token_base: BaseUrl::new("base_url", "https://api.example.com").unwrap(),
            token_path: "/token".to_owned(),
            grant: Grant::ClientCredentials,
            fields: Vec::new(),
            client_secret: Some(SecretSource::here(Secret::new("secret"))),
            lifetime: Duration::from_secs(1800),
            header: ("authorization", "Bearer "),
        })
    }

    /// How many seconds a token that is good for `lifetime` seconds is used.
    async fn used_for(lifetime: u64) -> u64 {
        let tokens = tokens();
        let fetched = AtomicUsize::new(0);
        let fetch = async || {
            let number = fetched.fetch_add(1, Ordering::Relaxed);
            let token = Secret::new(format!("token-{number}"));
            tokens.held(&Granted { token, lifetime: Duration::from_secs(lifetime) }, Instant::now())
        };
        let mut seconds = 0;
        tokens.flight.get(None, &fetch).await.unwrap();
        while tokens.flight.held(None).is_some() {
            seconds += 1;
            advance(Duration::from_secs(1)).await;
        }
        tokens.flight.get(None, &fetch).await.unwrap();
        assert_eq!(fetched.load(Ordering::Relaxed), 2);
        seconds
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_a_minute_before_it_ends() {
        assert_eq!(used_for(1800).await, 1740);
        assert_eq!(used_for(40).await, 30);
        assert_eq!(used_for(0).await, 0);
    }
}
