//! Searching records, within the limits of the index.

use crm_exporter::domain::Timestamp;
use serde_json::{Value, json};

use super::account::Account;
use super::filter::{Filter, Operator};
use super::kind::Kind;
use super::objects::Selection;
use super::record::Record;
use super::table::Table;
use super::{arguments, cursor, errors};
use crate::fake_crm::{Answer, Request};

/// How far paging reaches.
const REACH: usize = 10_000;
const MOST: usize = 200;
const MOST_GROUPS: usize = 5;
const MOST_FILTERS: usize = 6;
const MOST_FILTERS_IN_ALL: usize = 18;

/// A search, read from its body.
struct Search {
    /// Any of the groups, all filters of it.
    groups: Vec<Vec<Filter>>,
    query: Option<String>,
    sort: String,
    descending: bool,
    limit: usize,
    offset: usize,
    properties: Vec<String>,
}

impl Search {
    fn read(body: &Value, table: &Table) -> Result<Search, Answer> {
        const KNOWN: [&str; 6] = ["filterGroups", "query", "sorts", "properties", "limit", "after"];
        let mut given = body.as_object().into_iter().flat_map(|body| body.keys());
        if let Some(unknown) = given.find(|name| !KNOWN.contains(&name.as_str())) {
            return Err(errors::bad_request(&format!("Unrecognized field \"{unknown}\"")));
        }
        let (sort, descending) = read_sort(&body["sorts"], table.kind)?;
        let (limit, offset) = (read_limit(&body["limit"])?, read_offset(&body["after"])?);
        if offset + limit > REACH {
            return Err(errors::bad_request("paging through a search ends at 10,000 records"));
        }
        Ok(Search {
            groups: read_groups(&body["filterGroups"], table)?,
            query: body["query"].as_str().map(str::to_lowercase),
            sort,
            descending,
            limit,
            offset,
            properties: arguments::texts(body, "properties")?,
        })
    }

    fn matches(&self, table: &Table, record: &Record, at: Timestamp) -> bool {
        let fits = |filters: &Vec<Filter>| filters.iter().all(|filter| filter.matches(table, record, at));
        (self.groups.is_empty() || self.groups.iter().any(fits))
            && self.query.as_ref().is_none_or(|query| has_text(table, record, at, query))
    }

    /// A period outside which nothing modified last can match.
    fn modified_within(&self, kind: Kind) -> (Timestamp, Timestamp) {
        let [filters] = &self.groups[..] else { return (Timestamp::MIN, Timestamp::MAX) };
        let (mut from, mut to) = (Timestamp::MIN, Timestamp::MAX);
        for filter in filters.iter().filter(|filter| filter.property == kind.modified_property()) {
            let bound = filter.value().and_then(|value| value.parse().ok()).map(Timestamp);
            match (filter.operator, bound) {
                (Operator::Gt | Operator::Gte, Some(bound)) => from = from.max(bound),
                (Operator::Lt | Operator::Lte, Some(bound)) => to = to.min(bound),
                _ => {}
            }
        }
        (from, to)
    }
}

fn read_limit(given: &Value) -> Result<usize, Answer> {
    if given.is_null() {
        return Ok(10);
    }
    let limit = given.as_u64().and_then(|limit| usize::try_from(limit).ok());
    limit
        .filter(|limit| (1..=MOST).contains(limit))
        .ok_or_else(|| errors::bad_request(&format!("limit must be a number from 1 to {MOST}")))
}

/// The cursor of a search is an offset.
fn read_offset(given: &Value) -> Result<usize, Answer> {
    let offset = match given {
        Value::Null => Some(0),
        Value::String(text) if text.is_empty() => Some(0),
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|offset| usize::try_from(offset).ok()),
    };
    offset.ok_or_else(|| errors::bad_request("after must be a number"))
}

fn read_sort(given: &Value, kind: Kind) -> Result<(String, bool), Answer> {
    let sorts = given.as_array().map_or(&[][..], Vec::as_slice);
    match sorts {
        [] => Ok((kind.created_property().to_owned(), false)),
        [Value::String(name)] => match name.strip_prefix('-') {
            Some(name) => Ok((name.to_owned(), true)),
            None => Ok((name.clone(), false)),
        },
        [sort] => match (sort["propertyName"].as_str(), sort["direction"].as_str()) {
            (Some(name), None | Some("ASCENDING")) => Ok((name.to_owned(), false)),
            (Some(name), Some("DESCENDING")) => Ok((name.to_owned(), true)),
            _ => Err(errors::bad_request("a sort is a propertyName and a direction")),
        },
        _ => Err(errors::bad_request("only one sort is possible")),
    }
}

fn read_groups(given: &Value, table: &Table) -> Result<Vec<Vec<Filter>>, Answer> {
    let groups = given.as_array().map_or(&[][..], Vec::as_slice);
    let mut read = Vec::new();
    for group in groups {
        let filters = group["filters"].as_array().ok_or_else(|| errors::bad_request("a group needs filters"))?;
        let filters = filters.iter().map(|filter| Filter::read(filter, table)).collect::<Result<Vec<_>, _>>()?;
        read.push(filters);
    }
    let in_all = read.iter().map(Vec::len).sum::<usize>();
    if read.len() > MOST_GROUPS || read.iter().any(|group| group.len() > MOST_FILTERS) || in_all > MOST_FILTERS_IN_ALL {
        return Err(errors::bad_request("too many filters: 5 groups of 6, and 18 in all, are possible"));
    }
    Ok(read)
}

/// Whether a property shows the text somewhere.
fn has_text(table: &Table, record: &Record, at: Timestamp, query: &str) -> bool {
    let texts = table.definitions.keys().filter_map(|name| record.value_at(table.property(name)?, at)?.text());
    texts.into_iter().any(|text| text.to_lowercase().contains(query))
}

/// `POST .../{kind}/search`: what the index knew of the records that are not archived.
pub(super) fn search(account: &Account, kind: Kind, request: &Request) -> Result<Answer, Answer> {
    let table = account.table(kind);
    let search = Search::read(&arguments::body(request)?, table)?;
    let indexed = account.now().plus_millis(-account.behaviour.index_lag_millis);
    let mut found: Vec<&Record> = candidates(table, &search, indexed)
        .filter(|record| record.archived_at.is_none() && record.born_at <= indexed)
        .filter(|record| search.matches(table, record, indexed))
        .collect();
    sort(&mut found, table, &search, indexed);
    let mut selection = Selection::new(table, &search.properties, &[]);
    selection.at = indexed;
    let page = found.iter().skip(search.offset).take(search.limit);
    let results: Vec<Value> = page.map(|record| selection.show(account, table, record)).collect();
    let behind = search.offset + results.len();
    let mut body = json!({"total": found.len(), "results": results});
    if let Some(paging) = cursor::paging((behind < found.len()).then(|| behind.to_string())) {
        body["paging"] = paging;
    }
    Ok(Answer::json(200, &body))
}

/// The records that can match, found by the date of modification: by what the index knows of it, too, where that is old.
fn candidates<'a>(table: &'a Table, search: &Search, indexed: Timestamp) -> impl Iterator<Item = &'a Record> + use<'a> {
    let (from, to) = search.modified_within(table.kind);
    let not_indexed_yet = table.modified_within(indexed.plus_millis(1).max(to.plus_millis(1)), Timestamp::MAX);
    table.modified_within(from, to).chain(not_indexed_yet)
}

fn sort(found: &mut [&Record], table: &Table, search: &Search, at: Timestamp) {
    if search.sort == "hs_object_id" {
        found.sort_unstable_by_key(|record| record.id);
    } else if let Some(number) = table.property(&search.sort) {
        let is_number = table.definitions[usize::from(number)].value_type == "number";
        found.sort_by_cached_key(|record| {
            let text = record.value_at(number, at).and_then(super::record::Value::text).unwrap_or_default();
            let order = text.parse().unwrap_or(rust_decimal::Decimal::MIN);
            (is_number.then_some(order), text, record.id)
        });
    }
    if search.descending {
        found.reverse();
    }
}
