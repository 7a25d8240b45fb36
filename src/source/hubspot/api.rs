//! The requests: paths, parameters, and the form of their answers.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answers::Limits;
use super::types::{End, Type};
use super::wire::{
    Account, Disposition, Entries, ExchangeRate, Linked, List, Owner, Pipeline, Property, PropertyOption, Row, Team,
    Total, Usage,
};
use crate::domain::{Object, Timestamp};
use crate::http::{Answer, Client, Error, Request};

/// Records of a listing.
pub(super) const LIST: usize = 100;
/// Records of a listing with former values, and of a batch with them.
pub(super) const HISTORY: usize = 50;
/// Records of a batch.
pub(super) const BATCH: usize = 100;
/// Records of a search.
pub(super) const SEARCH: usize = 200;
/// Records whose links are asked for at once.
pub(super) const LINKS: usize = 1_000;
/// Owners of a listing.
const OWNERS: usize = 500;

/// HubSpot's API in one version.
pub(super) struct Api {
    client: Client,
    limits: Limits,
    version: String,
}

/// Which records a listing shows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Listing<'a> {
    /// Behind which place it goes on.
    pub(super) after: Option<&'a str>,
    /// The properties that are wanted.
    pub(super) properties: &'a [&'a str],
    /// The properties whose former values are wanted.
    pub(super) history: &'a [&'static str],
    /// The links that are wanted.
    pub(super) ends: &'a [End],
    /// Whether it is of the recycle bin.
    pub(super) archived: bool,
}

/// The records that were changed in a window of time, in the order of their ids.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'a> {
    /// First instant of the window.
    pub(super) from: Timestamp,
    /// Last instant of the window.
    pub(super) to: Timestamp,
    /// Only records with greater ids.
    pub(super) behind: u64,
    /// The properties that are wanted.
    pub(super) properties: &'a [&'a str],
}

impl Api {
    pub(super) fn new(client: Client, limits: Limits, version: String) -> Api {
        Api { client, limits, version }
    }

    /// The limits that requests keep to.
    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// A page of all records of a type.
    pub(super) async fn list(&self, kind: Type, listing: Listing<'_>) -> Result<Entries<Row>, Error> {
        let most = if listing.history.is_empty() { LIST } else { HISTORY };
        let mut request = Request::get(kind.object().name(), format!("/crm/objects/{}/{}", self.version, kind.name()))
            .query("limit", most);
        let ends: Vec<&str> = listing.ends.iter().map(|end| end.name()).collect();
        let lists =
            [("properties", listing.properties), ("propertiesWithHistory", listing.history), ("associations", &ends)];
        for (name, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
            request = request.query(name, values.join(","));
        }
        if listing.archived {
            request = request.query("archived", true);
        }
        if let Some(after) = listing.after {
            request = request.query("after", after);
        }
        self.entries(request).await
    }

    /// The first records, by their ids, that were changed in a window of time.
    ///
    /// A search ends after 10,000 records. Paging by ids inside a window whose end is fixed has no such end, and many
    /// records of one instant do no harm.
    pub(super) async fn search(&self, kind: Type, search: Search<'_>) -> Result<Entries<Row>, Error> {
        let filter = |property: &str, operator: &str, value: String| json!({"propertyName": property, "operator": operator, "value": value});
        let body = json!({
            "filterGroups": [{"filters": [
                filter(kind.modified(), "GTE", search.from.0.to_string()),
                filter(kind.modified(), "LTE", search.to.0.to_string()),
                filter("hs_object_id", "GT", search.behind.to_string()),
            ]}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": search.properties,
            "limit": SEARCH,
        });
        let path = format!("/crm/objects/{}/{}/search", self.version, kind.name());
        let request = reading(kind, path, &body).through(&self.limits.searches);
        self.entries(request).await
    }

    /// How many records of a type the search knows.
    pub(super) async fn total(&self, kind: Type) -> Result<u64, Error> {
        let body = json!({
            "filterGroups": [{"filters": [{"propertyName": "hs_object_id", "operator": "GT", "value": "0"}]}],
            "properties": ["hs_object_id"],
            "limit": 1,
        });
        let path = format!("/crm/objects/{}/{}/search", self.version, kind.name());
        let request = reading(kind, path, &body).through(&self.limits.searches);
        self.read::<Total>(request).await.map(|found| found.total)
    }

    /// Some records, as far as they are there: at most [`BATCH`] of them.
    pub(super) async fn batch(&self, kind: Type, ids: &[&str], properties: &[&str]) -> Result<Entries<Row>, Error> {
        self.batch_read(kind, json!({"inputs": inputs(ids), "properties": properties})).await
    }

    /// The former values of some records: at most [`HISTORY`] of them.
    pub(super) async fn history(&self, kind: Type, ids: &[&str]) -> Result<Entries<Row>, Error> {
        let body = json!({
            "inputs": inputs(ids),
            "properties": [kind.modified()],
            "propertiesWithHistory": kind.history(),
        });
        self.batch_read(kind, body).await
    }

    async fn batch_read(&self, kind: Type, body: Value) -> Result<Entries<Row>, Error> {
        let path = format!("/crm/objects/{}/{}/batch/read", self.version, kind.name());
        self.entries(reading(kind, path, &body)).await
    }

    /// What some records are linked to; the second of an input says where to go on.
    pub(super) async fn links(
        &self,
        kind: Type,
        end: End,
        inputs: &[(String, Option<String>)],
    ) -> Result<Vec<Linked>, Error> {
        let input = |(id, after): &(String, Option<String>)| match after {
            None => json!({"id": id}),
            Some(after) => json!({"id": id, "after": after}),
        };
        let body = json!({"inputs": inputs.iter().map(input).collect::<Vec<_>>()});
        let path = format!("/crm/associations/{}/{}/{}/batch/read", self.version, kind.name(), end.name());
        let list: List<Linked> = self.read(reading(kind, path, &body)).await?;
        Ok(list.results)
    }

    /// Whether the records of a type may be read: asks for a single id.
    pub(super) async fn may_read(&self, kind: Type) -> Result<(), Error> {
        let request = Request::get(kind.object().name(), format!("/crm/objects/{}/{}", self.version, kind.name()));
        self.client.send(request.query("limit", 1).query("properties", "hs_object_id")).await.map(drop)
    }

    /// How many requests private apps have sent today, and how many they may.
    pub(super) async fn usage(&self) -> Result<List<Usage>, Error> {
        let path = format!("/account-info/{}/api-usage/daily/private-apps", self.version);
        self.read(Request::get("account", path)).await
    }

    /// A page of the owners: of those who are there, or of those who have left.
    pub(super) async fn owners(&self, archived: bool, after: Option<&str>) -> Result<Entries<Owner>, Error> {
        let request = Request::get(Object::User.name(), format!("/crm/owners/{}", self.version))
            .query("limit", OWNERS)
            .query("archived", archived);
        self.entries(match after {
            Some(after) => request.query("after", after),
            None => request,
        })
        .await
    }

    /// All teams.
    pub(super) async fn teams(&self) -> Result<Entries<Team>, Error> {
        self.entries(Request::get(Object::Team.name(), format!("/settings/users/{}/teams", self.version))).await
    }

    /// All pipelines of a type, with their stages.
    pub(super) async fn pipelines(&self, kind: Type) -> Result<Entries<Pipeline>, Error> {
        let path = format!("/crm/pipelines/{}/{}", self.version, kind.name());
        self.entries(Request::get(Object::Pipeline.name(), path)).await
    }

    /// The account.
    pub(super) async fn account(&self) -> Result<Account, Error> {
        self.read(Request::get("account", format!("/account-info/{}/details", self.version))).await
    }

    /// A page of all exchange rates that there have been.
    pub(super) async fn exchange_rates(&self, after: Option<&str>) -> Result<Entries<ExchangeRate>, Error> {
        let path = format!("/settings/currencies/{}/exchange-rates", self.version);
        let request = Request::get(Object::CurrencyRate.name(), path).query("limit", LIST);
        self.entries(match after {
            Some(after) => request.query("after", after),
            None => request,
        })
        .await
    }

    /// The results that a call can have.
    pub(super) async fn dispositions(&self) -> Result<Vec<Disposition>, Error> {
        self.read(Request::get(Object::Activity.name(), "/calling/v1/dispositions")).await
    }

    /// The values that a property can have.
    pub(super) async fn options(&self, kind: Type, property: &str) -> Result<Vec<PropertyOption>, Error> {
        let path = format!("/crm/properties/{}/{}", self.version, kind.name());
        let list: List<Property> = self.read(Request::get(kind.object().name(), path)).await?;
        let found = list.results.into_iter().find(|found| found.name.text() == Some(property));
        Ok(found.map(|property| property.options).unwrap_or_default())
    }

    async fn entries<T: DeserializeOwned>(&self, request: Request) -> Result<Entries<T>, Error> {
        // Nearly always every entry has the expected form; only otherwise are they looked at one by one.
        let read = |answer: Answer| match answer.json::<List<T>>() {
            Ok(list) => Ok(list.into()),
            Err(_) => answer.json().map(Entries::loose),
        };
        self.client.read(request, read).await
    }

    async fn read<T: DeserializeOwned>(&self, request: Request) -> Result<T, Error> {
        self.client.read(request, |answer| answer.json()).await
    }
}

/// A request that asks for something by its body. HubSpot's searches and batches change nothing.
fn reading(kind: Type, path: String, body: &Value) -> Request {
    Request::post(kind.object().name(), path).json(body).safe()
}

fn inputs(ids: &[&str]) -> Vec<Value> {
    ids.iter().map(|id| json!({"id": id})).collect()
}

/// A client shared by all streams keeps to limits that its reader is told.
pub(super) fn reader(limits: &Limits) -> crate::http::Reader {
    let limits = limits.clone();
    Arc::new(move |answer| limits.read(answer))
}
