//! Former values of properties as changes: of a deal's stage, a lead's status, and of owners.

use crate::domain::{OwnerChange, Record, StageChange, Stamped, StatusChange, When};
use crate::source::hubspot::fields::instant;
use crate::source::hubspot::types::Type;
use crate::source::hubspot::wire::{FormerValue, Row};

/// The changes that a record's former values tell. HubSpot keeps a bounded number of them; what was read once stays.
///
/// A change never changes, so its time is its version, and its id is made of what it says: reading it again, from
/// whatever listing, gives the same record. An entry without a readable time says nothing that could be used.
pub(in crate::source::hubspot) fn changes(kind: Type, row: &Row) -> Vec<Stamped> {
    let (Some(id), Some(history)) = (row.id.text(), &row.properties_with_history) else { return Vec::new() };
    let former = |property: &str| history.get(property).map(Vec::as_slice).unwrap_or_default();
    let mut found = Vec::new();
    for property in kind.history() {
        let entries = former(property).iter();
        found.extend(entries.filter_map(|entry| change(kind, id, property, entry)));
    }
    found
}

fn change(kind: Type, id: &str, property: &str, entry: &FormerValue) -> Option<Stamped> {
    let at = instant(entry.timestamp.text()?)?;
    let value = entry.value.text();
    let (own, when) = (Some(id.to_owned()), Some(When::At(at)));
    let record: Record<String> = match (kind, property) {
        (Type::Deals, "dealstage") => {
            StageChange { deal: own, stage: Some(value?.to_owned()), at: when, ..StageChange::default() }.into()
        }
        (Type::Leads, "hs_pipeline_stage") => {
            StatusChange { lead: own, status: Some(value?.to_owned()), at: when, ..StatusChange::default() }.into()
        }
        _ => {
            let (deal, lead) = if kind == Type::Deals { (own, None) } else { (None, own) };
            OwnerChange { deal, lead, owner: value.map(str::to_owned), at: when, ..OwnerChange::default() }.into()
        }
    };
    let id = format!("{}/{id}/{}/{}", kind.name(), at.0, value.unwrap_or_default());
    Some(Stamped { id, version: at, record })
}
