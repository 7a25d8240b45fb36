//! Amounts of money by key: in the reporting currency where the settings have a rate, else as the CRM has them.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::column::{Column, NONE};
use super::names::Names;
use super::rules::Rules;
use crate::domain::{Key, Minor};

const MISSING: i64 = i64::MIN;
const FOREIGN: i64 = i64::MIN + 1;

/// An amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    /// So many minor units of the reporting currency.
    Minor(Minor),
    /// An amount that needs a rate of the source's.
    Foreign {
        /// The source, whose rates count.
        source: u32,
        /// The amount.
        amount: Decimal,
        /// Number of its currency's name; [`NONE`]: the source's default currency.
        currency: u32,
        /// The CRM's own conversion, which counts unless a rate is configured.
        converted: Option<Minor>,
    },
}

/// What a record says of an amount.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    /// The source of the record.
    pub source: u32,
    /// The amount.
    pub amount: Option<Decimal>,
    /// Code of its currency.
    pub currency: Option<&'a str>,
    /// The CRM's own conversion to the reporting currency.
    pub converted: Option<Minor>,
}

/// Amounts by key.
#[derive(Debug, Clone)]
pub(crate) struct Amounts {
    minors: Column<i64>,
    foreign: HashMap<u32, Amount>,
}

impl Default for Amounts {
    fn default() -> Self {
        Amounts { minors: Column::new(MISSING), foreign: HashMap::new() }
    }
}

impl Amounts {
    /// Makes room for `count` keys.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.minors.reserve(count);
    }

    /// Takes an amount out.
    pub(crate) fn remove(&mut self, key: Key) {
        if key.index() < self.minors.len() {
            self.minors.set(key.index(), MISSING);
        }
        self.foreign.remove(&key.0);
    }

    /// Puts an amount in, in place of what was there.
    pub(crate) fn put(&mut self, key: Key, told: Told<'_>, rules: &Rules, names: &mut Names) {
        let Told { source, amount, currency, converted } = told;
        self.foreign.remove(&key.0);
        let Some(amount) = amount else { return self.minors.set(key.index(), MISSING) };
        let code = currency.map(|code| code.trim().to_uppercase()).filter(|code| !code.is_empty());
        let rate = code.as_deref().and_then(|code| rules.rate(code));
        let by_rate = rate.and_then(|rate| rules.currency().minor(amount, rate));
        // Without a code, a rate may be configured for what turns out to be the source's default currency.
        let minor = by_rate.or(converted.filter(|_| code.is_some()));
        self.minors.set(key.index(), minor.unwrap_or(FOREIGN));
        if minor.is_none() {
            let currency = code.map_or(NONE, |code| names.number(&code));
            self.foreign.insert(key.0, Amount::Foreign { source, amount, currency, converted });
        }
    }

    /// The amount of a key.
    pub(crate) fn get(&self, key: usize) -> Option<Amount> {
        match self.minors.get(key) {
            MISSING => None,
            FOREIGN => self.foreign.get(&(key as u32)).copied(),
            minor => Some(Amount::Minor(minor)),
        }
    }
}
