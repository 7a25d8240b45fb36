//! Which request is meant by a path, in all versions of it.

use super::account::Behaviour;
use super::errors;
use super::kind::Kind;
use crate::fake_crm::{Answer, Request};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    List(Kind),
    Get(Kind, String),
    BatchRead(Kind),
    Search(Kind),
    /// From, to, and whether the version of the path writes ids as numbers.
    Associations(Kind, Kind, bool),
    AssociationLabels(Kind, Kind),
    Owners,
    Owner(String),
    Pipelines(Kind),
    Stages(Kind, String),
    PipelineAudit(Kind, String),
    Properties(Kind),
    Schemas,
    Users,
    Teams,
    Rates,
    CurrentRates,
    CompanyCurrency,
    DealSplits,
    Details,
    Usage,
    Dispositions,
    Token,
    Introspect,
}

/// Areas with dated versions, and at which part of the path the version stands.
const DATED: [(&str, usize); 11] = [
    ("crm/objects", 2),
    ("crm/associations", 2),
    ("crm/owners", 2),
    ("crm/pipelines", 2),
    ("crm/properties", 2),
    ("crm-object-schemas", 1),
    ("settings/users", 2),
    ("settings/currencies", 2),
    ("account-info", 1),
    ("deal-splits", 1),
    ("oauth", 1),
];

/// Areas with numbered versions, which are still there: before and behind the version.
const LEGACY: [(&str, &str, &str); 8] = [
    ("crm", "v3", "objects"),
    ("crm", "v4", "associations"),
    ("crm", "v3", "owners"),
    ("crm", "v3", "pipelines"),
    ("crm", "v3", "properties"),
    ("settings", "v3", "users"),
    ("account-info", "v3", ""),
    ("oauth", "v1", ""),
];

impl Route {
    /// Reads method and path; wrong ones are answered with 404 or 405.
    pub(super) fn read(request: &Request, behaviour: &Behaviour) -> Result<Route, Answer> {
        let parts: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).collect();
        let is_legacy_association = parts.starts_with(&["crm", "v4"]);
        let parts = without_version(&parts, behaviour).ok_or_else(errors::not_found)?;
        let (method, route) = Route::named(&parts, is_legacy_association).ok_or_else(errors::not_found)?;
        if request.method.as_str() == method { Ok(route) } else { Err(errors::wrong_method()) }
    }

    /// Method and meaning of the parts of a path, version left out.
    fn named(parts: &[&str], numeric_ids: bool) -> Option<(&'static str, Route)> {
        let named = Kind::named;
        Some(match parts {
            ["crm", "objects", kind] => ("GET", Route::List(named(kind)?)),
            ["crm", "objects", kind, "search"] => ("POST", Route::Search(named(kind)?)),
            ["crm", "objects", kind, "batch", "read"] => ("POST", Route::BatchRead(named(kind)?)),
            ["crm", "objects", kind, id] => ("GET", Route::Get(named(kind)?, (*id).to_owned())),
            ["crm", "associations", from, to, "batch", "read"] => {
                ("POST", Route::Associations(named(from)?, named(to)?, numeric_ids))
            }
            ["crm", "associations", from, to, "labels"] => ("GET", Route::AssociationLabels(named(from)?, named(to)?)),
            ["crm", "owners"] => ("GET", Route::Owners),
            ["crm", "owners", id] => ("GET", Route::Owner((*id).to_owned())),
            ["crm", "pipelines", kind] => ("GET", Route::Pipelines(named(kind)?)),
            ["crm", "pipelines", kind, id, "stages"] => ("GET", Route::Stages(named(kind)?, (*id).to_owned())),
            ["crm", "pipelines", kind, id, "audit"] => ("GET", Route::PipelineAudit(named(kind)?, (*id).to_owned())),
            ["crm", "properties", kind] => ("GET", Route::Properties(named(kind)?)),
            ["crm-object-schemas", "schemas"] => ("GET", Route::Schemas),
            ["settings", "users"] => ("GET", Route::Users),
            ["settings", "users", "teams"] => ("GET", Route::Teams),
            ["settings", "currencies", "exchange-rates"] => ("GET", Route::Rates),
            ["settings", "currencies", "exchange-rates", "current"] => ("GET", Route::CurrentRates),
            ["settings", "currencies", "company-currency"] => ("GET", Route::CompanyCurrency),
            ["deal-splits", "batch", "read"] => ("POST", Route::DealSplits),
            ["account-info", "details"] => ("GET", Route::Details),
            ["account-info", "api-usage", "daily", "private-apps"] => ("GET", Route::Usage),
            ["calling", "v1", "dispositions"] => ("GET", Route::Dispositions),
            ["oauth", "token"] => ("POST", Route::Token),
            ["oauth", "token", "introspect"] => ("POST", Route::Introspect),
            _ => return None,
        })
    }

    /// The scopes that it takes: one of every group.
    pub(super) fn scopes(&self) -> Vec<Vec<&'static str>> {
        match self {
            Route::List(kind) | Route::Get(kind, _) | Route::BatchRead(kind) | Route::Search(kind) => {
                vec![vec![kind.scope()]]
            }
            Route::Associations(from, to, _) | Route::AssociationLabels(from, to) => {
                vec![vec![from.scope()], vec![to.scope()]]
            }
            Route::Pipelines(kind)
            | Route::Stages(kind, _)
            | Route::PipelineAudit(kind, _)
            | Route::Properties(kind) => {
                vec![schema_scopes(*kind)]
            }
            Route::Owners | Route::Owner(_) => vec![vec!["crm.objects.owners.read"]],
            Route::Users => vec![vec!["settings.users.read"]],
            Route::Teams => vec![vec!["settings.users.teams.read"]],
            Route::Rates | Route::CurrentRates | Route::CompanyCurrency => vec![vec!["settings.currencies.read"]],
            Route::DealSplits => vec![vec!["crm.objects.deals.read"]],
            Route::Dispositions => vec![vec!["crm.objects.contacts.read"]],
            Route::Schemas | Route::Details | Route::Usage | Route::Token | Route::Introspect => Vec::new(),
        }
    }

    /// Whether it is about leads, which not every subscription has.
    pub(super) fn is_about_leads(&self) -> bool {
        matches!(
            self,
            Route::List(Kind::Leads)
                | Route::Get(Kind::Leads, _)
                | Route::BatchRead(Kind::Leads)
                | Route::Search(Kind::Leads)
                | Route::Pipelines(Kind::Leads)
                | Route::Associations(Kind::Leads, ..)
                | Route::Associations(_, Kind::Leads, _)
        )
    }
}

fn schema_scopes(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Contacts => vec!["crm.schemas.contacts.read", kind.scope()],
        Kind::Companies => vec!["crm.schemas.companies.read", kind.scope()],
        Kind::Deals => vec!["crm.schemas.deals.read", kind.scope()],
        _ => vec![kind.scope()],
    }
}

/// The parts of a path without its version, if that version is there.
fn without_version<'a>(parts: &[&'a str], behaviour: &Behaviour) -> Option<Vec<&'a str>> {
    if parts.first() == Some(&"calling") {
        return Some(parts.to_vec());
    }
    let path = parts.join("/");
    let lies_in = |area: &str| path == area || path.starts_with(&format!("{area}/"));
    let legacy = LEGACY
        .iter()
        .any(|(before, version, behind)| lies_in(format!("{before}/{version}/{behind}").trim_end_matches('/')));
    let at = if legacy { 1 } else { DATED.iter().find(|(area, _)| lies_in(area))?.1 };
    let version = parts.get(at)?;
    if !legacy && !behaviour.versions.contains(version) {
        return None;
    }
    Some([&parts[..at], &parts[at + 1..]].concat())
}
