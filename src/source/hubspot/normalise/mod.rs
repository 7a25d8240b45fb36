//! HubSpot's JSON into our records, with HubSpot's own values: stage ids, statuses, dispositions. Pure.
//!
//! What the values mean is decided in `facts`, by the dictionary of this source and the settings.

mod activity;
mod deal;
mod directory;
mod goal;
mod history;
mod prospect;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::fields::{Fault, ids};
use super::links::Links;
use super::types::Type;
use super::wire::Row;
use crate::domain::{Merged, Object, Record, Stamped, Timestamp};

pub(super) use directory::{Entry, account, exchange_rate, owner, pipeline, team};
pub(super) use history::changes;

/// What has to be known to read records.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// Whether contacts are leads too.
    pub(super) life_cycle: bool,
    /// The property of companies that holds their tier.
    pub(super) tier_property: String,
    /// The business time zone.
    pub(super) zone: Tz,
    /// Activities from before are not wanted.
    pub(super) horizon: Option<Timestamp>,
    /// The currency that HubSpot converts amounts to.
    pub(super) home_currency: Option<String>,
    /// Names of the account's own call results, by their ids.
    pub(super) dispositions: BTreeMap<String, String>,
}

/// What a record of HubSpot becomes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Found {
    /// The records.
    pub(super) records: Vec<Stamped>,
    /// What was merged into them.
    pub(super) merged: Vec<Merged>,
}

/// Reads a record with its links.
///
/// # Errors
/// The first property that cannot be read.
pub(super) fn record(kind: Type, row: &Row, links: &Links, reading: &Reading) -> Result<Found, Fault> {
    let id = row.record_id()?;
    let version = row.version(kind.modified())?;
    let mut found = Found::default();
    let mut put = |record: Option<Record<String>>| {
        found.records.extend(record.map(|record| Stamped { id: kind.record_id(id), version, record }));
    };
    match kind {
        Type::Companies => put(Some(prospect::company(row, &reading.tier_property)?.into())),
        Type::Contacts => put(Some(prospect::contact(row)?.into())),
        Type::Leads => put(Some(prospect::lead(row, links)?.into())),
        Type::Deals => put(Some(deal::deal(row, links, reading)?.into())),
        Type::Goals => put(Some(goal::goal(row, reading)?.into())),
        Type::Calls | Type::Meetings | Type::Emails | Type::Tasks | Type::Communications => {
            put(activity::activity(kind, row, links, reading)?.map(Record::from));
        }
    }
    let mut objects = vec![kind.object()];
    if kind == Type::Contacts && reading.life_cycle {
        found.records.extend(prospect::life_cycle(row, id, version)?);
        objects.push(Object::Lead);
    }
    for object in objects {
        found.merged.extend(merged(kind, row, id).map(|old| Merged {
            object,
            id: kind.record_id(old),
            into: kind.record_id(id),
            at: version,
        }));
    }
    Ok(found)
}

/// The ids that were merged into a record. Contacts have two lists of them, of which neither is whole.
fn merged<'r>(kind: Type, row: &'r Row, id: &'r str) -> impl Iterator<Item = &'r str> {
    let lists: &[&str] = match kind {
        Type::Contacts => &["hs_merged_object_ids", "hs_calculated_merged_vids"],
        _ => &["hs_merged_object_ids"],
    };
    let all = lists.iter().filter_map(|list| row.properties.get(list)).flat_map(ids);
    let mut seen = std::collections::BTreeSet::new();
    all.filter(move |old| *old != id && seen.insert(*old))
}
