//! The CRMs' own exchange rates and default currencies.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::domain::{Currency, CurrencyRate, Key, Timestamp};

use crate::calendar::Calendar;

#[derive(Debug, Clone)]
struct Entry {
    source: u32,
    currency: String,
    to: Option<String>,
    rate: Option<Decimal>,
    from: Timestamp,
    is_default: bool,
}

/// Currency records by key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rates {
    entries: BTreeMap<u32, Entry>,
}

impl Rates {
    /// Takes a record out.
    pub(crate) fn remove(&mut self, key: Key) {
        self.entries.remove(&key.0);
    }

    /// Puts a record in, in place of what was there.
    pub(crate) fn put(&mut self, key: Key, source: u32, rate: &CurrencyRate<Key>, calendar: &Calendar) {
        let Some(currency) = rate.currency.as_deref().map(code) else { return self.remove(key) };
        let entry = Entry {
            source,
            currency,
            to: rate.to.as_deref().map(code),
            rate: rate.rate,
            from: rate.effective_at.map_or(Timestamp::MIN, |when| calendar.instant(when)),
            is_default: rate.is_default.unwrap_or(false),
        };
        self.entries.insert(key.0, entry);
    }

    /// The currency of a source's amounts that name none.
    pub(crate) fn default_of(&self, source: u32) -> Option<&str> {
        let mut entries = self.entries.values().filter(|entry| entry.source == source && entry.is_default);
        entries.next().map(|entry| entry.currency.as_str())
    }

    /// The source's rate from `currency` to the reporting currency that is in force at `at`.
    pub(crate) fn in_force(&self, source: u32, currency: &str, to: Currency, at: Timestamp) -> Option<Decimal> {
        let fits = |entry: &&Entry| {
            entry.source == source
                && entry.currency == currency
                && entry.to.as_deref() == Some(to.code())
                && entry.from <= at
        };
        self.entries.values().filter(fits).max_by_key(|entry| entry.from)?.rate
    }
}

fn code(text: &str) -> String {
    text.trim().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::When;

    #[test]
    fn the_latest_rate_that_has_begun_is_in_force() {
        let calendar = Calendar::new(&Default::default(), std::path::Path::new(".")).unwrap();
        let mut rates = Rates::default();
        let usd = Currency::new("USD").unwrap();
        for (key, rate, from) in [(0, "1.1", None), (1, "1.2", Some(10)), (2, "1.3", Some(20))] {
            let record = CurrencyRate {
                currency: Some("eur".into()),
                to: Some("USD".into()),
                rate: Some(rate.parse().unwrap()),
                effective_at: from.map(|at| When::At(Timestamp(at))),
                ..Default::default()
            };
            rates.put(Key(key), 7, &record, &calendar);
        }
        let at = |at| rates.in_force(7, "EUR", usd, Timestamp(at)).map(|rate| rate.to_string());
        assert_eq!(at(9).as_deref(), Some("1.1"));
        assert_eq!(at(10).as_deref(), Some("1.2"));
        assert_eq!(at(99).as_deref(), Some("1.3"));
        assert_eq!(rates.in_force(8, "EUR", usd, Timestamp(99)), None);
        assert_eq!(rates.in_force(7, "GBP", usd, Timestamp(99)), None);
    }
}
