//! Owners, teams, pipelines, currencies: short lists that have no changes of their own. Their stamp is the instant at
//! which they were listed.

use rust_decimal::Decimal;

use crate::domain::{
    CurrencyRate, Object, Pipeline, Reason, Record, Stage, Stamped, Team, Timestamp, Unreadable, User,
};
use crate::source::hubspot::fields::{decimal, when};
use crate::source::hubspot::wire;

/// What an entry of a list becomes: records, or why it cannot be read.
pub(in crate::source::hubspot) type Entry = Result<Vec<Stamped>, Unreadable>;

/// Reads an owner: the user and the teams that it names. Queues are no people.
pub(in crate::source::hubspot) fn owner(owner: &wire::Owner, listed_at: Timestamp) -> Entry {
    if owner.is_queue() {
        return Ok(Vec::new());
    }
    let id = required(Object::User, owner.id.text())?;
    let teams = owner.teams.as_deref().unwrap_or_default();
    let names = [owner.first_name.text(), owner.last_name.text()];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let user = User {
        name: (!name.is_empty()).then_some(name),
        first_name: owner.first_name.text().map(str::to_owned),
        email: owner.email.text().map(str::to_owned),
        team: owner.main_team().and_then(|team| team.id.text()).map(str::to_owned),
        active: Some(!owner.archived),
        ..User::default()
    };
    let teams = teams.iter().filter_map(|team| Some(named_team(team.id.text()?, team.name.text(), listed_at)));
    Ok(teams.chain([stamped(id, listed_at, user)]).collect())
}

/// Reads a team.
pub(in crate::source::hubspot) fn team(team: &wire::Team, listed_at: Timestamp) -> Entry {
    Ok(vec![named_team(required(Object::Team, team.id.text())?, team.name.text(), listed_at)])
}

fn named_team(id: &str, name: Option<&str>, listed_at: Timestamp) -> Stamped {
    stamped(id, listed_at, Team { name: name.map(str::to_owned), ..Team::default() })
}

/// Reads a pipeline and its stages.
pub(in crate::source::hubspot) fn pipeline(pipeline: &wire::Pipeline, listed_at: Timestamp) -> Entry {
    let id = required(Object::Pipeline, pipeline.id.text())?;
    let own = Pipeline {
        name: pipeline.label.text().map(str::to_owned),
        position: pipeline.display_order,
        ..Pipeline::default()
    };
    let stage = |stage: &wire::Stage| {
        let record = Stage {
            pipeline: Some(id.to_owned()),
            name: stage.label.text().map(str::to_owned),
            position: stage.display_order,
            outcome: Some(outcome(stage).to_owned()),
            probability: probability(stage),
            ..Stage::default()
        };
        Some(stamped(stage.id.text()?, listed_at, record))
    };
    Ok(std::iter::once(stamped(id, listed_at, own)).chain(pipeline.stages.iter().filter_map(stage)).collect())
}

fn probability(stage: &wire::Stage) -> Option<Decimal> {
    decimal(stage.metadata.get("probability")?)
}

/// A closed stage is won with certainty or lost with certainty; anything else is open.
fn outcome(stage: &wire::Stage) -> &'static str {
    let closed = stage.metadata.get("isClosed").is_some_and(|closed| closed.eq_ignore_ascii_case("true"));
    match probability(stage) {
        Some(probability) if closed && probability == Decimal::ONE => "won",
        Some(probability) if closed && probability == Decimal::ZERO => "lost",
        _ => "open",
    }
}

/// Reads the account: the currency that amounts without one are in.
pub(in crate::source::hubspot) fn account(account: &wire::Account, listed_at: Timestamp) -> Option<Stamped> {
    let currency = account.company_currency.text()?;
    let rate = CurrencyRate {
        currency: Some(currency.to_owned()),
        rate: Some(Decimal::ONE),
        to: Some(currency.to_owned()),
        is_default: Some(true),
        ..CurrencyRate::default()
    };
    Some(stamped("company", listed_at, rate))
}

/// Reads an exchange rate.
pub(in crate::source::hubspot) fn exchange_rate(rate: &wire::ExchangeRate, listed_at: Timestamp) -> Entry {
    let id = required(Object::CurrencyRate, rate.id.text())?;
    let worth = rate.conversion_rate.text().and_then(decimal).filter(|worth| *worth > Decimal::ZERO);
    let worth = worth.ok_or_else(|| unreadable(Object::CurrencyRate, id, "`conversionRate` is no number above 0"))?;
    let record = CurrencyRate {
        currency: rate.from_currency_code.text().map(str::to_owned),
        rate: Some(worth),
        to: rate.to_currency_code.text().map(str::to_owned),
        effective_at: rate.effective_at.text().and_then(when),
        ..CurrencyRate::default()
    };
    Ok(vec![stamped(id, listed_at, record)])
}

fn stamped(id: &str, version: Timestamp, record: impl Into<Record<String>>) -> Stamped {
    Stamped { id: id.to_owned(), version, record: record.into() }
}

fn required(object: Object, id: Option<&str>) -> Result<&str, Unreadable> {
    id.ok_or_else(|| Unreadable {
        object,
        id: String::new(),
        reason: Reason::MissingId,
        detail: "it has no `id`".to_owned(),
    })
}

fn unreadable(object: Object, id: &str, detail: &str) -> Unreadable {
    Unreadable { object, id: id.to_owned(), reason: Reason::InvalidValue, detail: detail.to_owned() }
}
