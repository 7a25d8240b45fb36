//! The part of the settings that a source of kind `hubspot` has: as it is written, and what follows from it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::types::{ACTIVITIES, Type};
use crate::domain::Object;
use crate::http::{Auth, BaseUrl, Grant, OAuth, Reserve, SecretSource, StateFile};
use crate::setting::{self, Lasting, OneOrMany, Problem};
use crate::source::Context;

/// The settings of one source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    /// Where the API is; the same for accounts of all regions.
    pub(super) base_url: String,
    /// Where people see the records.
    pub(super) ui_url: String,
    /// Number of the account, for links to records.
    pub(super) portal_id: Option<u64>,
    /// Version of the API, such as `2026-03`.
    pub(super) api_version: String,
    /// File that holds a service key or the token of a private app.
    pub(super) token_file: Option<PathBuf>,
    /// Variable that holds it.
    pub(super) token_env: Option<String>,
    /// Id of an OAuth app, in place of a token.
    pub(super) client_id: Option<String>,
    /// File that holds the app's secret.
    pub(super) client_secret_file: Option<PathBuf>,
    /// Variable that holds it.
    pub(super) client_secret_env: Option<String>,
    /// File that holds the refresh token.
    pub(super) refresh_token_file: Option<PathBuf>,
    /// Variable that holds it.
    pub(super) refresh_token_env: Option<String>,
    /// File in which newer refresh tokens are kept.
    pub(super) token_state_file: Option<PathBuf>,
    /// What is read.
    pub(super) objects: OneOrMany,
    /// Which types of activity are read.
    pub(super) activity_types: OneOrMany,
    /// What leads are.
    pub(super) leads: Leads,
    /// The property of companies that holds their tier.
    pub(super) tier_property: String,
    /// Changes younger than this are left to the next poll, since the search may not know them yet.
    pub(super) settle: Lasting,
    /// Changes of this long before are asked for again, since the search may have come to know them late.
    pub(super) overlap: Lasting,
    /// Links of what was changed in so long are read again once a day, since a new link does not always change a record.
    pub(super) reread: Lasting,
    /// Searches in a second. The account allows five, to all apps together; leave some to others that search.
    pub(super) searches_per_second: u32,
    /// Share of the day's requests that is left for others.
    pub(super) daily_reserve: Reserve,
}

/// What leads are.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Leads {
    /// Records of the leads object.
    Object,
    /// Contacts, by the stage of their life cycle.
    Lifecycle,
}

/// What can be left out.
const OBJECTS: [Object; 7] = [
    Object::Account,
    Object::Contact,
    Object::Lead,
    Object::Deal,
    Object::Activity,
    Object::Goal,
    Object::CurrencyRate,
];

impl Default for Settings {
    fn default() -> Self {
        let names = |names: &[&str]| OneOrMany(names.iter().map(|name| (*name).to_owned()).collect());
        Settings {
            base_url: "https://api.hubapi.com".to_owned(),
            ui_url: "https://app.hubspot.com".to_owned(),
            portal_id: None,
            api_version: "2026-03".to_owned(),
            token_file: None,
            token_env: None,
            client_id: None,
            client_secret_file: None,
            client_secret_env: None,
            refresh_token_file: None,
            refresh_token_env: None,
            token_state_file: None,
            objects: names(&OBJECTS.map(Object::name)),
            activity_types: names(&["calls", "meetings", "emails", "tasks"]),
            leads: Leads::Object,
            tier_property: "hs_ideal_customer_profile".to_owned(),
            settle: Lasting::seconds(60),
            overlap: Lasting::seconds(600),
            reread: Lasting::days(3),
            searches_per_second: 5,
            daily_reserve: Reserve::default(),
        }
    }
}

/// What is read, and how.
#[derive(Debug, Clone)]
pub(super) struct Options {
    /// The types of object that are read, in the order in which they are best loaded.
    pub(super) types: Vec<Type>,
    /// Whether currencies are read.
    pub(super) currencies: bool,
    /// Whether contacts are leads.
    pub(super) life_cycle: bool,
    /// The property of companies that holds their tier.
    pub(super) tier_property: String,
    /// As in the settings, in milliseconds.
    pub(super) settle: i64,
    /// As in the settings, in milliseconds.
    pub(super) overlap: i64,
    /// As in the settings, in milliseconds.
    pub(super) reread: i64,
}

impl Settings {
    /// What is read, and how.
    pub(super) fn options(&self) -> Result<Options, Problem> {
        let objects = chosen("objects", &self.objects, &OBJECTS.map(|object| (object.name(), object)))?;
        let activities = chosen("activity_types", &self.activity_types, &ACTIVITIES.map(|kind| (kind.name(), kind)))?;
        let life_cycle = self.leads == Leads::Lifecycle && objects.contains(&Object::Lead);
        if life_cycle && !objects.contains(&Object::Contact) {
            let text = "with `leads: lifecycle`, leads are contacts: name contacts too, or leave leads out";
            return Err(Problem::new("objects", text));
        }
        let mut types: Vec<Type> = [
            (Type::Companies, objects.contains(&Object::Account)),
            (Type::Contacts, objects.contains(&Object::Contact)),
            (Type::Leads, objects.contains(&Object::Lead) && !life_cycle),
            (Type::Deals, objects.contains(&Object::Deal)),
        ]
        .into_iter()
        .filter_map(|(kind, wanted)| wanted.then_some(kind))
        .collect();
        if objects.contains(&Object::Activity) {
            types.extend(ACTIVITIES.into_iter().filter(|kind| activities.contains(kind)));
        }
        if objects.contains(&Object::Goal) {
            types.push(Type::Goals);
        }
        Ok(Options {
            types,
            currencies: objects.contains(&Object::CurrencyRate),
            life_cycle,
            tier_property: self.tier_property()?,
            settle: self.settle.millis(),
            overlap: self.overlap.millis(),
            reread: self.reread.millis(),
        })
    }

    /// The property of companies that holds their tier.
    fn tier_property(&self) -> Result<String, Problem> {
        let name = self.tier_property.trim();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        match !name.is_empty() && name.bytes().all(is_name) {
            true => Ok(name.to_owned()),
            false => {
                let text = format!(
                    "`{name}` is no property: write its internal name, which has letters, digits and `_`, such as \
                     hs_ideal_customer_profile"
                );
                Err(Problem::new("tier_property", text))
            }
        }
    }

    /// The version of the API.
    pub(super) fn version(&self) -> Result<String, Problem> {
        let mut parts = self.api_version.split('-');
        let number = |part: Option<&str>, digits| {
            part.is_some_and(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if number(parts.next(), 4) && number(parts.next(), 2) && parts.next().is_none() {
            return Ok(self.api_version.clone());
        }
        let text = format!("`{}` is no version of the API: write a year and a month such as 2026-03", self.api_version);
        Err(Problem::new("api_version", text))
    }

    /// How many searches there may be in a second.
    pub(super) fn searches(&self) -> Result<u32, Problem> {
        match self.searches_per_second {
            0 => Err(Problem::new("searches_per_second", "without searches nothing is found; write 1 or more")),
            searches => Ok(searches),
        }
    }

    /// How to prove who asks: by a token, or by an OAuth app's refresh token.
    pub(super) fn auth(&self, base: &BaseUrl, version: &str, context: &Context) -> Result<Auth, Problem> {
        let directory = &context.directory;
        let token = SecretSource::optional("token", self.token_file.as_deref(), self.token_env.as_deref(), directory)?;
        match (token, &self.client_id) {
            (Some(_), Some(_)) => {
                Err(Problem::new("client_id", "is for OAuth, but there is a token too; keep one of them"))
            }
            (Some(token), None) => Ok(Auth::bearer(token)),
            (None, None) => {
                let text = "is missing: name the file that holds a service key or the token of a private app, or a \
                            variable with token_env; for OAuth give client_id instead";
                Err(Problem::new("token_file", text))
            }
            (None, Some(client_id)) => self.oauth(base, version, client_id, context),
        }
    }

    fn oauth(&self, base: &BaseUrl, version: &str, client_id: &str, context: &Context) -> Result<Auth, Problem> {
        let directory = &context.directory;
        let (file, variable) = (self.client_secret_file.as_deref(), self.client_secret_env.as_deref());
        let client_secret = SecretSource::required("client_secret", file, variable, directory)?;
        let (file, variable) = (self.refresh_token_file.as_deref(), self.refresh_token_env.as_deref());
        let token = SecretSource::required("refresh_token", file, variable, directory)?;
        let state = StateFile::required(self.token_state_file.as_deref(), directory)?;
        Auth::oauth(OAuth {
            token_base: base.clone(),
            token_path: format!("/oauth/{version}/token"),
            grant: Grant::RefreshToken { token, state: Some(state) },
            fields: vec![("client_id", client_id.to_owned())],
            client_secret: Some(client_secret),
            lifetime: Duration::from_secs(1800),
            header: ("authorization", "Bearer "),
        })
    }
}

/// The things that a list of names stands for.
fn chosen<T: Copy + Ord>(key: &str, names: &OneOrMany, known: &[(&str, T)]) -> Result<BTreeSet<T>, Problem> {
    let find = |name: &String| {
        known.iter().find(|(known, _)| known == name).map(|(_, thing)| *thing).ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            Problem::new(key, format!("`{name}` is not known here; {}", setting::instead(name, &names)))
        })
    };
    names.0.iter().map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_has_every_default() {
        let guide = include_str!("../../../docs/hubspot.md");
        let settings = Settings::default();
        let list = |names: &OneOrMany| names.0.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        for (key, default) in [
            ("base_url", format!("`{}`", settings.base_url)),
            ("ui_url", format!("`{}`", settings.ui_url)),
            ("api_version", format!("`{}`", settings.api_version)),
            ("objects", "all".to_owned()),
            ("activity_types", list(&settings.activity_types)),
            ("leads", "`object`".to_owned()),
            ("tier_property", format!("`{}`", settings.tier_property)),
            ("settle", "60s".to_owned()),
            ("overlap", "10m".to_owned()),
            ("reread", "3d".to_owned()),
            ("searches_per_second", settings.searches_per_second.to_string()),
            ("daily_reserve", "0.2".to_owned()),
            ("portal_id", String::new()),
        ] {
            let row = format!("| `{key}` | {default}{}| ", if default.is_empty() { "" } else { " " });
            assert!(guide.contains(&row), "{row}");
        }
        let lasting = [settings.settle, settings.overlap, settings.reread].map(Lasting::millis);
        assert_eq!(lasting, [60_000, 600_000, 3 * 86_400_000]);
        assert_eq!((settings.leads, settings.objects.0.len()), (Leads::Object, OBJECTS.len()));
    }
}
