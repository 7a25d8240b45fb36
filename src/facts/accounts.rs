//! Accounts, as columns by key: whose they are, how large they are, what makes two of them look like one,
//! and what their record says of their importance.

use super::amounts::{Amounts, Told};
use super::column::{Column, NONE, link};
use super::names::Names;
use super::rules::Rules;
use crate::calendar::Calendar;
use crate::domain::{Account, Key, Timestamp};

/// Nobody knows how many people it has, or when it was created.
const UNKNOWN: i64 = i64::MIN;

/// What is known of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// The CRM does not have it.
    Absent,
    /// A link mentions it, and nobody has described it.
    Untold,
    /// The CRM has it.
    Live,
}

/// Accounts by key.
#[derive(Debug, Clone)]
pub(crate) struct Accounts {
    presence: Column<Presence>,
    /// Owner's key.
    pub owner: Column<u32>,
    /// Revenue in a year.
    pub revenue: Amounts,
    employees: Column<i64>,
    /// Whether the record alone makes it a key account.
    named: Column<bool>,
    created: Column<i64>,
    sources: Column<u32>,
    /// Numbers of the domain and of the name, both in lower case, or [`NONE`].
    domain: Column<u32>,
    name: Column<u32>,
}

impl Default for Accounts {
    fn default() -> Self {
        Accounts {
            presence: Column::new(Presence::Absent),
            owner: Column::new(NONE),
            revenue: Amounts::default(),
            employees: Column::new(UNKNOWN),
            named: Column::new(false),
            created: Column::new(UNKNOWN),
            sources: Column::new(NONE),
            domain: Column::new(NONE),
            name: Column::new(NONE),
        }
    }
}

impl Accounts {
    /// Makes room for `count` keys.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.presence.reserve(count);
        self.named.reserve(count);
        self.revenue.reserve(count);
        for column in [&mut self.owner, &mut self.sources, &mut self.domain, &mut self.name] {
            column.reserve(count);
        }
        for column in [&mut self.employees, &mut self.created] {
            column.reserve(count);
        }
    }

    /// Takes an account out.
    pub(crate) fn remove(&mut self, key: Key) {
        if key.index() < self.presence.len() {
            self.presence.set(key.index(), Presence::Absent);
        }
        self.revenue.remove(key);
    }

    /// Puts an account in, in place of what was there.
    pub(crate) fn put(
        &mut self,
        key: Key,
        (source, id): (u32, &str),
        account: &Account<Key>,
        rules: &Rules,
        calendar: &Calendar,
        names: &mut Names,
    ) {
        let at = key.index();
        let mut folded = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
            text.map_or(NONE, |text| names.number(&text.to_lowercase()))
        };
        self.domain.set(at, folded(&account.domain));
        self.name.set(at, folded(&account.name));
        self.presence.set(at, Presence::Live);
        self.named.set(at, rules.accounts().is_named(id, account));
        self.sources.set(at, source);
        self.owner.set(at, link(account.owner));
        let (amount, currency) = (account.annual_revenue, account.currency.as_deref());
        self.revenue.put(key, Told { source, amount, currency, converted: None }, rules, names);
        self.employees.set(at, account.employees.unwrap_or(UNKNOWN));
        self.created.set(at, account.created_at.map_or(UNKNOWN, |when| calendar.instant(when).0));
    }

    /// Notes that an account that was put in has only been mentioned.
    pub(crate) fn leave_untold(&mut self, key: Key) {
        self.presence.set(key.index(), Presence::Untold);
    }

    /// Whether there is such an account.
    pub(crate) fn is_live(&self, account: usize) -> bool {
        self.presence.get(account) != Presence::Absent
    }

    /// Keys of the accounts that the CRM has described.
    pub(crate) fn described(&self) -> impl Iterator<Item = usize> + '_ {
        let accounts = self.presence.as_slice().iter().enumerate();
        accounts.filter(|(_, presence)| **presence == Presence::Live).map(|(key, _)| key)
    }

    /// Whether its record alone makes it a key account.
    pub(crate) fn is_named(&self, account: usize) -> bool {
        self.named.get(account)
    }

    /// One more than the largest key.
    pub(crate) fn len(&self) -> usize {
        self.presence.len()
    }

    /// How many people it has.
    pub(crate) fn employees(&self, account: usize) -> Option<i64> {
        Some(self.employees.get(account)).filter(|employees| *employees != UNKNOWN)
    }

    /// When it was created.
    pub(crate) fn created(&self, account: usize) -> Option<Timestamp> {
        Some(self.created.get(account)).filter(|created| *created != UNKNOWN).map(Timestamp)
    }

    /// What marks it: its domain and its name, each with its source and without regard to case. Another account of the same
    /// CRM that has one of them looks like the same company.
    pub(crate) fn marks(&self, account: usize) -> impl Iterator<Item = Mark> + use<> {
        let source = self.sources.get(account);
        let marks = [(MarkKind::Domain, self.domain.get(account)), (MarkKind::Name, self.name.get(account))];
        marks.into_iter().filter(|(_, text)| *text != NONE).map(move |(kind, text)| (source, kind, text))
    }
}

/// Source, kind of the mark, and number of its text.
pub(crate) type Mark = (u32, MarkKind, u32);

/// What a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum MarkKind {
    /// Internet domain.
    Domain,
    /// Name.
    Name,
}
