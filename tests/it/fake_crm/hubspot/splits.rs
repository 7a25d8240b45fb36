//! Deals whose credit is shared.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::Account;
use super::kind::Kind;
use super::{arguments, time};
use crate::fake_crm::{Answer, Request};

/// `POST /deal-splits/{version}/batch/read`: deals that are not split are left out.
pub(super) fn batch_read(account: &Account, request: &Request) -> Result<Answer, Answer> {
    let body = arguments::body(request)?;
    let mut results = Vec::new();
    for input in arguments::inputs(&body, 100)? {
        let id: u64 = arguments::input_id(input)?.parse().unwrap_or_default();
        if let Some(shares) = account.splits.get(&id) {
            let splits: Vec<Value> =
                (1..).zip(shares).map(|(number, share)| split(account, id, number, share)).collect();
            results.push(json!({"id": id.to_string(), "splits": splits}));
        }
    }
    let now = time::iso(account.now());
    Ok(Answer::json(200, &json!({"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now})))
}

fn split(account: &Account, deal: u64, number: u64, (owner, share): &(String, String)) -> Value {
    let amount = account.table(Kind::Deals).text(deal, "amount").and_then(|amount| amount.parse::<Decimal>().ok());
    let part = amount.map(|amount| (amount * share.parse::<Decimal>().unwrap()).normalize().to_string());
    let id = (deal * 100 + number).to_string();
    let now = time::iso(account.now());
    json!({
        "id": id,
        "properties": {
            "hs_object_id": id,
            "hubspot_owner_id": owner,
            "hs_deal_split_percentage": share,
            "hs_deal_split_amount": part,
        },
        "createdAt": now,
        "updatedAt": now,
        "archived": false,
    })
}
