//! Properties that HubSpot works out itself when others are written.

use crm_exporter::domain::Timestamp;
use rust_decimal::Decimal;

use super::account::Account;
use super::kind::Kind;
use super::record::Value;

/// What follows from the properties `written` to a record at `at`. What was written by hand is left alone.
pub(super) fn values(account: &Account, kind: Kind, id: u64, at: Timestamp, written: &[&str]) -> Vec<(String, Value)> {
    let mut derived = Vec::new();
    if let Some((stage, _)) = kind.stage_properties().filter(|(stage, _)| written.contains(stage)) {
        derived.extend(stage_dates(account, kind, id, at, stage));
    }
    if kind == Kind::Deals {
        derived.extend(outcome(account, id, written));
        derived.extend(home_amount(account, id, at, written));
    }
    if written.contains(&"lifecyclestage") {
        derived.extend(lifecycle_date(account, kind, id, at));
    }
    if written.contains(&"hubspot_owner_id") && kind == Kind::Deals {
        derived.push(("hubspot_owner_assigneddate".to_owned(), at.into()));
    }
    derived.retain(|(name, _)| !written.contains(&name.as_str()));
    derived
}

/// Closed, won and lost, and the probability, from the stage.
fn outcome(account: &Account, id: u64, written: &[&str]) -> Vec<(String, Value)> {
    let text = |name| account.table(Kind::Deals).text(id, name);
    let Some(stage) = text("dealstage").filter(|_| written.contains(&"dealstage")) else { return Vec::new() };
    let Some(stage) = account.stage(Kind::Deals, &stage) else { return Vec::new() };
    let closed = stage.metadata_value("isClosed") == Some("true");
    let probability = stage.metadata_value("probability").unwrap_or("0.0");
    vec![
        ("hs_is_closed".to_owned(), closed.to_string().into()),
        ("hs_is_closed_won".to_owned(), (closed && probability == "1.0").to_string().into()),
        ("hs_is_closed_lost".to_owned(), (closed && probability == "0.0").to_string().into()),
        ("hs_deal_stage_probability".to_owned(), probability.into()),
    ]
}

/// The amount in the account's currency, with the rate of that moment. Empty where the amount is empty or junk.
fn home_amount(account: &Account, id: u64, at: Timestamp, written: &[&str]) -> Vec<(String, Value)> {
    if !written.contains(&"amount") && !written.contains(&"deal_currency_code") {
        return Vec::new();
    }
    let text = |name| account.table(Kind::Deals).text(id, name);
    let home = account.currencies.home();
    let currency = text("deal_currency_code").unwrap_or_else(|| home.to_owned());
    let rate = account.currencies.rate(&currency, at);
    let amount = text("amount").and_then(|amount| amount.parse::<Decimal>().ok());
    let converted = amount.zip(rate).map(|(amount, rate)| (amount * rate).normalize().to_string());
    vec![
        ("hs_exchange_rate".to_owned(), rate.map_or(Value::Null, |rate| rate.to_string().into())),
        ("amount_in_home_currency".to_owned(), converted.map_or(Value::Null, Value::from)),
    ]
}

/// When the record entered its stage and left the one before. Only the latest entry into a stage is kept.
fn stage_dates(account: &Account, kind: Kind, id: u64, at: Timestamp, property: &str) -> Vec<(String, Value)> {
    let table = account.table(kind);
    let (Some(record), Some(number)) = (table.record(id), table.property(property)) else { return Vec::new() };
    let stages: Vec<&str> = record
        .versions()
        .iter()
        .filter(|version| version.property == number)
        .filter_map(|version| match &version.value {
            Value::Text(text) => Some(&**text),
            _ => None,
        })
        .collect();
    let suffix = |stage: &str| account.stage(kind, stage).map(|stage| stage.property_suffix.clone());
    let mut dates = Vec::new();
    if let [.., before, _] = stages[..] {
        dates.extend(suffix(before).map(|suffix| (format!("hs_v2_date_exited_{suffix}"), at.into())));
    }
    if let [.., current] = stages[..] {
        dates.extend(suffix(current).map(|suffix| (format!("hs_v2_date_entered_{suffix}"), at.into())));
    }
    if kind == Kind::Deals {
        dates.push(("hs_v2_date_entered_current_stage".to_owned(), at.into()));
    }
    dates
}

/// When a contact or company reached its stage of life.
fn lifecycle_date(account: &Account, kind: Kind, id: u64, at: Timestamp) -> Option<(String, Value)> {
    let stage = account.table(kind).text(id, "lifecyclestage").filter(|stage| !stage.is_empty())?;
    let name = format!("hs_v2_date_entered_{stage}");
    account.table(kind).property(&name)?;
    Some((name, at.into()))
}
