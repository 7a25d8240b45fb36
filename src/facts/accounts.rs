//! Accounts, as columns by key: how large they are.

use super::amounts::{Amounts, Told};
use super::column::Column;
use super::names::Names;
use super::rules::Rules;
use crate::domain::{Account, Key};

/// Nobody knows how many people it has.
const UNKNOWN: i64 = i64::MIN;

/// Accounts by key.
#[derive(Debug, Clone)]
pub(crate) struct Accounts {
    live: Column<bool>,
    /// Revenue in a year.
    pub revenue: Amounts,
    employees: Column<i64>,
}

impl Default for Accounts {
    fn default() -> Self {
        Accounts { live: Column::new(false), revenue: Amounts::default(), employees: Column::new(UNKNOWN) }
    }
}

impl Accounts {
    /// Makes room for `count` keys.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.live.reserve(count);
        self.revenue.reserve(count);
        self.employees.reserve(count);
    }

    /// Takes an account out.
    pub(crate) fn remove(&mut self, key: Key) {
        if key.index() < self.live.len() {
            self.live.set(key.index(), false);
        }
        self.revenue.remove(key);
    }

    /// Puts an account in, in place of what was there.
    pub(crate) fn put(&mut self, key: Key, source: u32, account: &Account<Key>, rules: &Rules, names: &mut Names) {
        self.live.set(key.index(), true);
        let (amount, currency) = (account.annual_revenue, account.currency.as_deref());
        self.revenue.put(key, Told { source, amount, currency, converted: None }, rules, names);
        self.employees.set(key.index(), account.employees.unwrap_or(UNKNOWN));
    }

    /// Whether the CRM has it.
    pub(crate) fn is_live(&self, account: usize) -> bool {
        self.live.get(account)
    }

    /// How many people it has.
    pub(crate) fn employees(&self, account: usize) -> Option<i64> {
        Some(self.employees.get(account)).filter(|employees| *employees != UNKNOWN)
    }
}
