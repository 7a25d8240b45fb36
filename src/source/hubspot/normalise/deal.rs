//! Deals.

use super::Reading;
use crate::domain::Deal;
use crate::source::hubspot::fields::Fault;
use crate::source::hubspot::links::Links;
use crate::source::hubspot::types::End;
use crate::source::hubspot::wire::Row;

/// Reads a deal.
pub(super) fn deal(row: &Row, links: &Links, reading: &Reading) -> Result<Deal<String>, Fault> {
    let converted_amount = row.decimal("amount_in_home_currency")?;
    Ok(Deal {
        name: row.text("dealname"),
        owner: row.text("hubspot_owner_id"),
        account: links.main(End::Companies),
        contacts: links.ids(End::Contacts),
        pipeline: row.text("pipeline"),
        stage: row.text("dealstage"),
        status: status(row)?.map(str::to_owned),
        amount: row.decimal("amount")?,
        currency: row.text("deal_currency_code"),
        converted_amount,
        converted_currency: reading.home_currency.clone().filter(|_| converted_amount.is_some()),
        probability: row.decimal("hs_deal_stage_probability")?,
        created_at: row.when("createdate")?,
        closed_at: row.when("closedate")?,
        lost_reason: row.text("closed_lost_reason"),
        source: row.text("hs_analytics_source"),
        ..Deal::default()
    })
}

/// What HubSpot itself says of the deal; it tells also where the stage has been deleted.
fn status(row: &Row) -> Result<Option<&'static str>, Fault> {
    let (won, lost) = (row.flag("hs_is_closed_won")?, row.flag("hs_is_closed_lost")?);
    Ok(match (won, lost, row.flag("hs_is_closed")?) {
        (Some(true), ..) => Some("won"),
        (_, Some(true), _) => Some("lost"),
        // Closed with a probability between won and lost: its stage decides.
        (.., Some(true)) => None,
        (.., Some(false)) => Some("open"),
        (.., None) => None,
    })
}
