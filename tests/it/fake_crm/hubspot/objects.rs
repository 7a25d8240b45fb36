//! Listing records, reading one, and reading batches.

use serde_json::{Map, Value, json};

use super::account::Account;
use super::kind::Kind;
use super::record::{PropertyNumber, Record};
use super::table::Table;
use super::{arguments, associations, cursor, errors, time};
use crate::fake_crm::{Answer, Request};
use crm_exporter::domain::Timestamp;

/// Records on a page, and with histories.
const MOST: usize = 100;
const MOST_WITH_HISTORY: usize = 50;

/// What of a record an answer shows.
pub(super) struct Selection {
    properties: Vec<(String, PropertyNumber)>,
    histories: Vec<(String, PropertyNumber)>,
    /// As of when values are shown; the search index is behind.
    pub(super) at: Timestamp,
}

impl Selection {
    /// The named properties with id and dates, or the default ones where none is named. Unknown names are dropped.
    pub(super) fn new(table: &Table, properties: &[String], histories: &[String]) -> Selection {
        let kind = table.kind;
        let always = ["hs_object_id", kind.created_property(), kind.modified_property()].map(str::to_owned);
        let mut names: Vec<String> = always.into();
        if properties.is_empty() {
            names.extend(kind.default_properties().iter().map(|name| (*name).to_owned()));
        }
        names.extend(properties.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
        let known = |name: String| table.property(&name).map(|number| (name, number));
        Selection {
            properties: names.into_iter().filter_map(known).collect(),
            histories: histories.iter().cloned().filter_map(known).collect(),
            at: Timestamp::MAX,
        }
    }

    pub(super) fn show(&self, account: &Account, table: &Table, record: &Record) -> Value {
        let text = |number| record.value_at(number, self.at).and_then(super::record::Value::text);
        let id = record.id.to_string();
        let mut properties = Map::new();
        for (name, number) in &self.properties {
            let value = if name == "hs_object_id" { Some(id.clone()) } else { text(*number) };
            properties.insert(name.clone(), value.into());
        }
        let date = |name| table.property(name).and_then(text);
        let mut shown = json!({
            "id": id,
            "properties": properties,
            "createdAt": date(table.kind.created_property()),
            "updatedAt": date(table.kind.modified_property()),
            "archived": record.archived_at.is_some(),
            "url": format!("https://app.hubspot.com/contacts/{}/record/{}/{id}", super::account_info::PORTAL_ID, table.kind.id()),
        });
        if let Some(at) = record.archived_at {
            shown["archivedAt"] = time::iso(at).into();
        }
        if !self.histories.is_empty() {
            shown["propertiesWithHistory"] = self.histories(account, table.kind, record);
        }
        shown
    }

    fn histories(&self, account: &Account, kind: Kind, record: &Record) -> Value {
        let usual = if kind == Kind::Contacts { 45 } else { 20 };
        let bound = account.behaviour.history_versions.unwrap_or(usual);
        let history = |number| record.history(number, bound, account.behaviour.history_in_millis);
        self.histories.iter().map(|(name, number)| (name.clone(), history(*number))).collect::<Map<_, _>>().into()
    }
}

/// `GET .../{kind}`.
pub(super) fn list(account: &Account, kind: Kind, request: &Request) -> Result<Answer, Answer> {
    let histories = request.list("propertiesWithHistory");
    let most = if histories.is_empty() { MOST } else { MOST_WITH_HISTORY };
    let limit = arguments::limit(request, 10, most)?;
    let archived = arguments::flag(request, "archived")?;
    let after = cursor::read(request.parameter("after"))?;
    let associated = associated_kinds(request)?;
    let table = account.table(kind);
    let selection = Selection::new(table, &request.list("properties"), &histories);
    let records = table.from(after + 1).filter(|record| record.archived_at.is_some() == archived);
    let show = |record: &&Record| with_associations(account, kind, record, &associated, &selection);
    Ok(Answer::json(200, &cursor::slice(records, |record| record.id, after, limit, show)))
}

fn associated_kinds(request: &Request) -> Result<Vec<Kind>, Answer> {
    let kind = |name: &String| {
        Kind::named(name).ok_or_else(|| errors::bad_request(&format!("unknown type of association: {name}")))
    };
    request.list("associations").iter().map(kind).collect()
}

fn with_associations(
    account: &Account,
    kind: Kind,
    record: &Record,
    associated: &[Kind],
    selection: &Selection,
) -> Value {
    let mut shown = selection.show(account, account.table(kind), record);
    let associations = associations::inline(account, (kind, record.id), associated);
    if associations.as_object().is_some_and(|kinds| !kinds.is_empty()) {
        shown["associations"] = associations;
    }
    shown
}

/// `GET .../{kind}/{id}`: an id that was merged away answers with the survivor.
pub(super) fn get(account: &Account, kind: Kind, id: &str, request: &Request) -> Result<Answer, Answer> {
    let archived = arguments::flag(request, "archived")?;
    let associated = associated_kinds(request)?;
    let table = account.table(kind);
    let found = find(table, id, request.parameter("idProperty"));
    let record = found.filter(|record| record.archived_at.is_some() == archived).ok_or_else(errors::not_found)?;
    let selection = Selection::new(table, &request.list("properties"), &request.list("propertiesWithHistory"));
    Ok(Answer::json(200, &with_associations(account, kind, record, &associated, &selection)))
}

fn find<'a>(table: &'a Table, id: &str, id_property: Option<&str>) -> Option<&'a Record> {
    match id_property {
        None | Some("hs_object_id") => table.resolve(id.parse().ok()?),
        Some(property) => table.find(property, id),
    }
}

/// `POST .../{kind}/batch/read`.
pub(super) fn batch_read(account: &Account, kind: Kind, request: &Request) -> Result<Answer, Answer> {
    let archived = arguments::flag(request, "archived")?;
    let body = arguments::body(request)?;
    let histories = arguments::texts(&body, "propertiesWithHistory")?;
    let most = if histories.is_empty() { MOST } else { MOST_WITH_HISTORY };
    let inputs = arguments::inputs(&body, most)?;
    let table = account.table(kind);
    let selection = Selection::new(table, &arguments::texts(&body, "properties")?, &histories);
    let (mut results, mut failures) = (Vec::new(), Vec::new());
    let mut seen = Vec::new();
    for input in inputs {
        let id = arguments::input_id(input)?;
        let found = find(table, id, body["idProperty"].as_str());
        let found = found.filter(|record| record.archived_at.is_some() == archived);
        match found {
            Some(record) if account.failing.contains_key(&(kind, record.id)) => {
                failures.push(failure(id, &account.failing[&(kind, record.id)]));
            }
            // Two ids may lead to one record, which comes back once.
            Some(record) if seen.contains(&record.id) => {}
            Some(record) => {
                seen.push(record.id);
                results.push(selection.show(account, table, record));
            }
            None if account.behaviour.absent_ids_fail => failures.push(failure(id, "Could not get some objects")),
            None => {}
        }
    }
    Ok(batch(account, results, failures))
}

fn failure(id: &str, message: &str) -> Value {
    json!({"status": "error", "category": "OBJECT_NOT_FOUND", "message": message, "context": {"ids": [id]}})
}

fn batch(account: &Account, results: Vec<Value>, failures: Vec<Value>) -> Answer {
    let now = time::iso(account.now());
    let mut body = json!({"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now});
    if failures.is_empty() {
        return Answer::json(200, &body);
    }
    body["numErrors"] = failures.len().into();
    body["errors"] = failures.into();
    Answer::json(207, &body)
}
