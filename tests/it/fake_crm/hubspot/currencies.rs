//! The account's currency, others that it uses, and their rates through time.

use crm_exporter::domain::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::Account;
use super::{arguments, cursor, time};
use crate::fake_crm::{Answer, Request};

#[derive(Debug, Clone)]
struct Rate {
    id: u64,
    from: String,
    /// Units of the account's currency for one of `from`.
    rate: Decimal,
    effective_at: Timestamp,
}

/// The currencies of an account.
#[derive(Debug)]
pub(super) struct Currencies {
    home: String,
    since: Timestamp,
    rates: Vec<Rate>,
}

impl Currencies {
    pub(super) fn new(home: &str, since: Timestamp) -> Currencies {
        Currencies { home: home.to_owned(), since, rates: Vec::new() }
    }

    pub(super) fn home(&self) -> &str {
        &self.home
    }

    /// Currencies with a rate, each once.
    pub(super) fn others(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = self.rates.iter().map(|rate| rate.from.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The rate in force at an instant.
    pub(super) fn rate(&self, from: &str, at: Timestamp) -> Option<Decimal> {
        if from == self.home {
            return Some(Decimal::ONE);
        }
        self.in_force(from, at).map(|rate| rate.rate)
    }

    fn in_force(&self, from: &str, at: Timestamp) -> Option<&Rate> {
        let begun = self.rates.iter().filter(|rate| rate.from == from && rate.effective_at <= at);
        begun.max_by_key(|rate| (rate.effective_at, rate.id))
    }

    fn to_json(&self, rate: &Rate) -> Value {
        json!({
            "id": rate.id.to_string(),
            "fromCurrencyCode": rate.from,
            "toCurrencyCode": self.home,
            "conversionRate": rate.rate.to_string().parse::<f64>().unwrap(),
            "effectiveAt": time::iso(rate.effective_at),
            "visibleInUI": true,
            "createdAt": time::iso(rate.effective_at),
            "updatedAt": time::iso(rate.effective_at),
        })
    }
}

impl Account {
    /// Sets the account's own currency.
    pub(crate) fn set_home_currency(&mut self, code: &str) {
        self.currencies.home = code.to_owned();
    }

    /// Sets what one unit of a currency is worth in the account's, from an instant on.
    pub(crate) fn set_rate(&mut self, from: &str, rate: &str, effective_at: Timestamp) {
        let id = 77 + self.currencies.rates.len() as u64;
        self.currencies.rates.push(Rate { id, from: from.to_owned(), rate: rate.parse().unwrap(), effective_at });
    }
}

/// `GET .../exchange-rates`: all that ever were.
pub(super) fn rates(account: &Account, request: &Request) -> Result<Answer, Answer> {
    let limit = arguments::limit(request, 100, 100)?;
    let after = cursor::read(request.parameter("after"))?;
    let currencies = &account.currencies;
    let wanted = |rate: &&Rate| {
        request.parameter("fromCurrencyCode").is_none_or(|code| code == rate.from)
            && request.parameter("toCurrencyCode").is_none_or(|code| code == currencies.home)
    };
    let rates = currencies.rates.iter().filter(wanted);
    Ok(Answer::json(200, &cursor::slice(rates, |rate| rate.id, after, limit, |rate| currencies.to_json(rate))))
}

/// `GET .../exchange-rates/current`: those in force.
pub(super) fn current(account: &Account) -> Answer {
    let currencies = &account.currencies;
    let in_force = currencies.others().into_iter().filter_map(|from| currencies.in_force(from, account.now()));
    Answer::json(200, &json!({"results": in_force.map(|rate| currencies.to_json(rate)).collect::<Vec<_>>()}))
}

/// `GET .../company-currency`: the code is the id.
pub(super) fn company(account: &Account) -> Answer {
    let Currencies { home, since, .. } = &account.currencies;
    Answer::json(200, &json!({"id": home, "createdAt": time::iso(*since)}))
}
