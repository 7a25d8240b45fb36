//! Companies, contacts and leads: those of the leads object, and contacts by the stage of their life cycle.

use crate::domain::{Account, Contact, Lead, Stamped, StatusChange, Timestamp};
use crate::source::hubspot::fields::Fault;
use crate::source::hubspot::links::Links;
use crate::source::hubspot::types::{End, LIFE_CYCLE};
use crate::source::hubspot::wire::Row;

/// Reads a company.
pub(super) fn company(row: &Row, tier_property: &str) -> Result<Account<String>, Fault> {
    Ok(Account {
        name: row.text("name"),
        domain: row.text("domain"),
        owner: row.text("hubspot_owner_id"),
        annual_revenue: row.decimal("annualrevenue")?,
        employees: row.whole("numberofemployees")?,
        key: row.flag("hs_is_target_account")?,
        tier: row.text(tier_property),
        created_at: row.when("createdate")?,
        ..Account::default()
    })
}

/// Reads a contact.
pub(super) fn contact(row: &Row) -> Result<Contact<String>, Fault> {
    Ok(Contact {
        title: row.text("jobtitle"),
        account: row.text("associatedcompanyid"),
        owner: row.text("hubspot_owner_id"),
        created_at: row.when("createdate")?,
        ..Contact::default()
    })
}

/// Reads a lead of the leads object.
pub(super) fn lead(row: &Row, links: &Links) -> Result<Lead<String>, Fault> {
    Ok(Lead {
        owner: row.text("hubspot_owner_id"),
        source: row.text("hs_lead_source"),
        kind: row.text("hs_lead_type"),
        status: row.text("hs_pipeline_stage"),
        contact: row.text("hs_primary_contact_id"),
        account: links.main(End::Companies),
        deal: links.main(End::Deals),
        created_at: row.when("hs_createdate")?,
        ..Lead::default()
    })
}

/// The lead that a contact is, with its way through the stages; nothing for a contact that never was a lead, such as a
/// subscriber.
///
/// A stage's date is that of its latest entry; clearing a stage takes its date away, so there may be gaps.
pub(super) fn life_cycle(row: &Row, id: &str, version: Timestamp) -> Result<Vec<Stamped>, Fault> {
    let status = row.text("lifecyclestage");
    let mut entries = Vec::new();
    for (stage, dates) in LIFE_CYCLE {
        entries.extend(row.first_when(&dates)?.map(|at| (stage, at)));
    }
    let is_lead = status.as_deref().is_some_and(|status| LIFE_CYCLE.iter().any(|(stage, _)| *stage == status));
    if !is_lead && entries.is_empty() {
        return Ok(Vec::new());
    }
    let entered = |stage: &str| entries.iter().find(|(known, _)| *known == stage).map(|(_, at)| *at);
    let created_at = row.when("createdate")?;
    let lead = Lead {
        owner: row.text("hubspot_owner_id"),
        source: row.text("hs_analytics_source"),
        status,
        title: row.text("jobtitle"),
        contact: Some(id.to_owned()),
        account: row.text("associatedcompanyid"),
        created_at: entered("lead").or(created_at),
        mql_at: entered("marketingqualifiedlead"),
        sql_at: entered("salesqualifiedlead"),
        converted_at: entered("opportunity"),
        ..Lead::default()
    };
    let change = |(stage, at): &(&str, _)| Stamped {
        id: format!("{id}/{stage}"),
        version,
        record: StatusChange {
            lead: Some(id.to_owned()),
            status: Some((*stage).to_owned()),
            at: Some(*at),
            ..StatusChange::default()
        }
        .into(),
    };
    let lead = Stamped { id: id.to_owned(), version, record: lead.into() };
    Ok(std::iter::once(lead).chain(entries.iter().map(change)).collect())
}
