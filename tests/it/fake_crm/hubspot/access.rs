//! Tokens: who may read what, and for how long.

use std::collections::{BTreeMap, BTreeSet};

use crm_exporter::domain::Timestamp;

use super::account::Account;
use super::errors;
use crate::fake_crm::{Answer, Request};

/// What a token is good for.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    /// The app that burst limits are counted for.
    pub(super) app: String,
    /// Tokens of OAuth apps have other limits.
    pub(super) is_oauth: bool,
    pub(super) scopes: BTreeSet<String>,
    pub(super) expires_at: Option<Timestamp>,
}

/// All tokens, and the apps that get new ones by OAuth.
#[derive(Debug, Default)]
pub(super) struct Access {
    pub(super) tokens: BTreeMap<String, Grant>,
    pub(super) oauth: super::oauth::Apps,
}

/// Everything that reading can take.
pub(crate) const ALL_SCOPES: [&str; 15] = [
    "crm.objects.contacts.read",
    "crm.objects.companies.read",
    "crm.objects.deals.read",
    "crm.objects.leads.read",
    "crm.objects.goals.read",
    "crm.objects.owners.read",
    "crm.objects.users.read",
    "crm.schemas.contacts.read",
    "crm.schemas.companies.read",
    "crm.schemas.deals.read",
    "settings.users.read",
    "settings.users.teams.read",
    "settings.currencies.read",
    "sales-email-read",
    "tickets",
];

impl Access {
    /// The grant behind a request's token.
    pub(super) fn authenticate(&self, request: &Request, now: Timestamp) -> Result<&Grant, Answer> {
        let token = request.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
        let grant = token.and_then(|token| self.tokens.get(token)).ok_or_else(errors::unauthenticated)?;
        match grant.expires_at {
            Some(end) if end <= now => Err(errors::expired()),
            _ => Ok(grant),
        }
    }
}

impl Grant {
    /// Refuses unless the grant has one scope of every group.
    pub(super) fn permits(&self, groups: &[Vec<&str>]) -> Result<(), Answer> {
        let lacks = |group: &&Vec<&str>| !group.is_empty() && !group.iter().any(|scope| self.scopes.contains(*scope));
        match groups.iter().find(lacks) {
            Some(group) => Err(errors::missing_scopes(group)),
            None => Ok(()),
        }
    }
}

impl Account {
    /// Gives out the token of a private app, or a service key: it does not expire. Each is an app of its own.
    pub(crate) fn add_token(&mut self, token: &str, scopes: &[&str]) {
        let grant = Grant { app: token.to_owned(), is_oauth: false, scopes: owned(scopes), expires_at: None };
        self.access.tokens.insert(token.to_owned(), grant);
    }

    /// Takes back a token: it is as if it had never been.
    pub(crate) fn revoke_token(&mut self, token: &str) {
        self.access.tokens.remove(token);
    }

    /// Takes a scope from all tokens, those that OAuth apps get later included.
    pub(crate) fn withdraw_scope(&mut self, scope: &str) {
        self.access.tokens.values_mut().for_each(|grant| _ = grant.scopes.remove(scope));
        self.access.oauth.withdraw_scope(scope);
    }

    /// Ends all tokens that can expire, at once.
    pub(crate) fn expire_tokens(&mut self) {
        let now = self.now();
        self.access.tokens.values_mut().filter_map(|grant| grant.expires_at.as_mut()).for_each(|end| *end = now);
    }
}

pub(super) fn owned(scopes: &[&str]) -> BTreeSet<String> {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}
