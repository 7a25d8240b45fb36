//! OAuth apps: access tokens for a refresh token, until the grant is revoked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::access::{self, Grant};
use super::account::Account;
use super::{account_info, errors};
use crate::fake_crm::{Answer, Request};

/// How an app's grant stands.
#[derive(Debug, Clone)]
struct App {
    secret: String,
    /// The refresh token that is good now; nothing once the grant is revoked.
    refresh_token: Option<String>,
    scopes: BTreeSet<String>,
    /// Every refresh gives a new refresh token and ends the old one.
    rotates: bool,
    lifetime_seconds: i64,
    tokens_given: u32,
}

/// The apps that the account has been connected to, by client id.
#[derive(Debug, Default)]
pub(super) struct Apps(BTreeMap<String, App>);

impl Apps {
    pub(super) fn withdraw_scope(&mut self, scope: &str) {
        self.0.values_mut().for_each(|app| _ = app.scopes.remove(scope));
    }
}

impl Account {
    /// Connects an OAuth app, whose access tokens are good for half an hour.
    pub(crate) fn connect_app(&mut self, client: &str, secret: &str, refresh_token: &str, scopes: &[&str]) {
        let app = App {
            secret: secret.to_owned(),
            refresh_token: Some(refresh_token.to_owned()),
            scopes: access::owned(scopes),
            rotates: false,
            lifetime_seconds: 1800,
            tokens_given: 0,
        };
        self.access.oauth.0.insert(client.to_owned(), app);
    }

    /// Lets an app's refresh token change with every use.
    pub(crate) fn rotate_refresh_tokens(&mut self, client: &str) {
        self.app_mut(client).rotates = true;
    }

    /// Sets how long an app's access tokens are good from now on.
    pub(crate) fn set_token_lifetime(&mut self, client: &str, seconds: i64) {
        self.app_mut(client).lifetime_seconds = seconds;
    }

    /// Takes back what a user had granted to an app: no refresh any more, and no token of it is good.
    pub(crate) fn revoke(&mut self, client: &str) {
        self.app_mut(client).refresh_token = None;
        self.access.tokens.retain(|_, grant| grant.app != client);
    }

    fn app_mut(&mut self, client: &str) -> &mut App {
        self.access.oauth.0.get_mut(client).unwrap()
    }
}

/// The value of a form's field.
fn field(form: &[(String, String)], name: &str) -> Option<String> {
    form.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone())
}

/// `POST /oauth/{version}/token` with a refresh token.
pub(super) fn token(account: &mut Account, request: &Request) -> Result<Answer, Answer> {
    let is_form =
        request.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let form = request.form();
    if !is_form || field(&form, "grant_type").as_deref() != Some("refresh_token") {
        return Err(errors::bad_request("grant_type must be refresh_token, in a form"));
    }
    let client = field(&form, "client_id").unwrap_or_default();
    let now = account.now();
    let secret = field(&form, "client_secret");
    let known = account.access.oauth.0.get_mut(&client);
    let app = known.filter(|app| Some(&app.secret) == secret.as_ref());
    let app = app.ok_or_else(|| errors::bad_request("unknown client_id or wrong client_secret"))?;
    if app.refresh_token.is_none() || app.refresh_token != field(&form, "refresh_token") {
        return Err(errors::bad_refresh_token());
    }
    app.tokens_given += 1;
    if app.rotates {
        app.refresh_token = Some(format!("{client}-refresh-{}", app.tokens_given));
    }
    let access_token = format!("{client}-access-{}", app.tokens_given);
    let body = json!({
        "access_token": access_token,
        "refresh_token": app.refresh_token,
        "expires_in": app.lifetime_seconds,
        "token_type": "bearer",
        "token_use": "access_token",
        "hub_id": account_info::PORTAL_ID,
        "user_id": 7001,
        "scopes": app.scopes,
    });
    let expires_at = Some(now.plus_millis(app.lifetime_seconds * 1000));
    let grant = Grant { app: client, is_oauth: true, scopes: app.scopes.clone(), expires_at };
    account.access.tokens.insert(access_token, grant);
    Ok(Answer::json(200, &body))
}

/// `POST /oauth/{version}/token/introspect`: what a token is good for.
pub(super) fn introspect(account: &Account, request: &Request) -> Answer {
    let token = field(&request.form(), "token").unwrap_or_default();
    let grant = account.access.tokens.get(&token);
    let Some(grant) = grant.filter(|grant| grant.expires_at.is_none_or(|end| end > account.now())) else {
        return Answer::json(200, &json!({"active": false}));
    };
    let left = grant.expires_at.map(|end| end.millis_since(account.now()) / 1000);
    let mut body = json!({
        "active": true,
        "token_use": "access_token",
        "token_type": "access",
        "hub_id": account_info::PORTAL_ID,
        "user_id": 7001,
        "client_id": grant.app,
        "scopes": grant.scopes,
    });
    if let Some(left) = left {
        body["expires_in"] = left.into();
    }
    Answer::json(200, &body)
}
