//! Who belongs to whom: associations, their types and labels.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::account::Account;
use super::kind::Kind;
use super::{arguments, cursor, time};
use crate::fake_crm::{Answer, Request};

/// Inputs of a batch.
const MOST_INPUTS: usize = 1000;

/// An end of an association.
type End = (Kind, u64);

/// One record of another kind that a record is associated with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    to: u64,
    /// A deal or contact has one primary company.
    primary: bool,
    /// Number of a label that the account made itself.
    label: Option<u16>,
}

/// All associations, from both ends.
#[derive(Debug, Default)]
pub(super) struct Links {
    by_end: BTreeMap<(Kind, u64, Kind), Vec<Link>>,
    labels: Vec<String>,
}

impl Links {
    fn of(&self, from: End, to: Kind) -> &[Link] {
        self.by_end.get(&(from.0, from.1, to)).map_or(&[], Vec::as_slice)
    }

    fn put(&mut self, from: End, to: End, primary: bool, label: Option<u16>) {
        let links = self.by_end.entry((from.0, from.1, to.0)).or_default();
        links.retain(|link| link.to != to.1);
        links.push(Link { to: to.1, primary, label });
    }

    fn cut(&mut self, from: End, to: End) {
        let key = (from.0, from.1, to.0);
        if let Some(links) = self.by_end.get_mut(&key) {
            links.retain(|link| link.to != to.1);
            if links.is_empty() {
                self.by_end.remove(&key);
            }
        }
    }

    /// Cuts all associations of a record.
    pub(super) fn forget(&mut self, end: End) {
        for (other, _) in self.others(end) {
            self.cut(end, other);
            self.cut(other, end);
        }
    }

    /// Hands all associations of a record to another of its kind.
    pub(super) fn rename(&mut self, end: End, id: u64) {
        for (other, link) in self.others(end) {
            self.cut(end, other);
            self.cut(other, end);
            self.put((end.0, id), other, link.primary, link.label);
            self.put(other, (end.0, id), link.primary, link.label);
        }
    }

    fn others(&self, end: End) -> Vec<(End, Link)> {
        let kinds = Kind::ALL.into_iter();
        kinds.flat_map(|kind| self.of(end, kind).iter().map(move |link| ((kind, link.to), *link))).collect()
    }
}

impl Account {
    /// Associates two records. Neither's date of modification moves. A company that is the first becomes the primary one.
    pub(crate) fn link(&mut self, from: End, to: End) {
        let is_first = |from: End, to: Kind| to == Kind::Companies && self.links.of(from, to).is_empty();
        let primary = is_first(from, to.0) || is_first(to, from.0);
        self.links.put(from, to, primary, None);
        self.links.put(to, from, primary, None);
    }

    /// Associates two records under a label of the account's own.
    pub(crate) fn link_labelled(&mut self, from: End, to: End, label: &str) {
        let known = self.links.labels.iter().position(|known| known == label);
        let number = known.unwrap_or_else(|| {
            self.links.labels.push(label.to_owned());
            self.links.labels.len() - 1
        });
        let number = u16::try_from(number).unwrap();
        self.links.put(from, to, false, Some(number));
        self.links.put(to, from, false, Some(number));
    }

    /// Ends an association. Neither's date of modification moves.
    pub(crate) fn unlink(&mut self, from: End, to: End) {
        self.links.cut(from, to);
        self.links.cut(to, from);
    }

    /// The ids of the records of a kind that a record is associated with, in no order to rely on.
    pub(crate) fn linked(&self, from: End, to: Kind) -> Vec<u64> {
        self.links.of(from, to).iter().map(|link| link.to).collect()
    }
}

/// Category and number of a type of association, with its label.
fn association_types(account: &Account, from: Kind, to: Kind, link: Link) -> Vec<Value> {
    let given = |id: u32, label: Option<&str>| json!({"category": "HUBSPOT_DEFINED", "typeId": id, "label": label});
    let mut types = Vec::new();
    if let Some(id) = primary_type(from, to).filter(|_| link.primary) {
        types.push(given(id, Some("Primary")));
    }
    if let Some(number) = link.label {
        types.push(label_json(number, &account.links.labels[usize::from(number)]));
    }
    types.push(given(plain_type(from, to), None));
    types
}

fn label_json(number: u16, label: &str) -> Value {
    json!({"category": "USER_DEFINED", "typeId": 36 + 2 * number, "label": label})
}

fn primary_type(from: Kind, to: Kind) -> Option<u32> {
    match (from, to) {
        (Kind::Contacts, Kind::Companies) => Some(1),
        (Kind::Companies, Kind::Contacts) => Some(2),
        (Kind::Deals, Kind::Companies) => Some(5),
        (Kind::Companies, Kind::Deals) => Some(6),
        _ => None,
    }
}

/// The number of the type without a label. Pairs whose number is not published get one of their own.
fn plain_type(from: Kind, to: Kind) -> u32 {
    match (from, to) {
        (Kind::Contacts, Kind::Companies) => 279,
        (Kind::Companies, Kind::Contacts) => 280,
        (Kind::Deals, Kind::Companies) => 341,
        (Kind::Companies, Kind::Deals) => 342,
        (Kind::Deals, Kind::Contacts) => 3,
        (Kind::Contacts, Kind::Deals) => 4,
        (Kind::Notes, Kind::Contacts) => 202,
        (Kind::Notes, Kind::Deals) => 214,
        (Kind::Tasks, Kind::Deals) => 216,
        (Kind::Emails, Kind::Contacts) => 198,
        _ => 10_000 + 100 * from as u32 + to as u32,
    }
}

/// `POST .../{from}/{to}/batch/read`: records without any association are left out.
pub(super) fn batch_read(
    account: &Account,
    from: Kind,
    to: Kind,
    numeric: bool,
    request: &Request,
) -> Result<Answer, Answer> {
    let body = arguments::body(request)?;
    let mut results = Vec::new();
    for input in arguments::inputs(&body, MOST_INPUTS)? {
        let id = arguments::input_id(input)?;
        let after = cursor::read(input["after"].as_str())?;
        let resolved = id.parse().ok().and_then(|id| account.table(from).resolve(id));
        let Some(record) = resolved.filter(|record| record.archived_at.is_none()) else { continue };
        let mut links = shown(account, (from, record.id), to);
        links.sort_unstable_by_key(|link| link.to);
        if links.is_empty() {
            continue;
        }
        let show = |link: &Link| associated(account, from, to, *link, numeric);
        let limit = account.behaviour.associations_per_page;
        let mut page = cursor::slice(links.into_iter(), |link| link.to, after, limit, show);
        let mut result = json!({"from": {"id": record.id.to_string()}, "to": page["results"].take()});
        if !page["paging"].is_null() {
            result["paging"] = page["paging"].take();
        }
        results.push(result);
    }
    let now = time::iso(account.now());
    Ok(Answer::json(200, &json!({"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now})))
}

/// Associations with records that are still there.
fn shown(account: &Account, from: End, to: Kind) -> Vec<Link> {
    let is_there = |link: &&Link| account.table(to).record(link.to).is_some_and(|record| record.archived_at.is_none());
    account.links.of(from, to).iter().filter(is_there).copied().collect()
}

fn associated(account: &Account, from: Kind, to: Kind, link: Link, numeric: bool) -> Value {
    let id = if numeric { Value::from(link.to) } else { link.to.to_string().into() };
    json!({"toObjectId": id, "associationTypes": association_types(account, from, to, link)})
}

/// `GET .../{from}/{to}/labels`.
pub(super) fn labels(account: &Account, from: Kind, to: Kind) -> Answer {
    let mut labels = association_types(account, from, to, Link { to: 0, primary: true, label: None });
    let own = account.links.labels.iter().enumerate();
    labels.extend(own.map(|(number, label)| label_json(u16::try_from(number).unwrap(), label)));
    Answer::json(200, &json!({"results": labels}))
}

/// The associations of a record with some kinds, as listings carry them. A primary company is named twice, once a type.
pub(super) fn inline(account: &Account, from: End, kinds: &[Kind]) -> Value {
    let mut associations = Map::new();
    for to in kinds {
        let mut links = shown(account, from, *to);
        links.sort_unstable_by_key(|link| link.to);
        let is_whole = links.len() <= account.behaviour.associations_per_page;
        links.truncate(account.behaviour.associations_per_page);
        let more = links.last().filter(|_| !is_whole).map(|last| cursor::behind(last.to));
        let results: Vec<Value> = links.iter().flat_map(|link| inline_types(from.0, *to, *link)).collect();
        if !results.is_empty() {
            associations.insert(to.name().to_owned(), cursor::page(results, more));
        }
    }
    Value::Object(associations)
}

fn inline_types(from: Kind, to: Kind, link: Link) -> Vec<Value> {
    let name = format!("{}_to_{}", from.singular(), to.singular());
    let types = match (primary_type(from, to), link.primary) {
        (None, _) => vec![name],
        (Some(_), true) => vec![name.clone(), format!("{name}_unlabeled")],
        (Some(_), false) => vec![format!("{name}_unlabeled")],
    };
    types.into_iter().map(|name| json!({"id": link.to.to_string(), "type": name})).collect()
}
