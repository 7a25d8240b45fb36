//! Leads, as columns by key: who owns them, where they came from, and how far they came.

use super::amounts::{Amounts, Told};
use super::column::{Column, NONE, link};
use super::names::Names;
use super::rules::Rules;
use crate::calendar::Calendar;
use crate::domain::{Key, Lead, Timestamp, When};

/// No instant, no number.
const NEVER: i64 = i64::MIN;

const LIVE: u8 = 1;
const TELLS_DISQUALIFIED: u8 = 2;
const INBOUND: u8 = 4;

/// Levels that a lead's status stands for, a bit each.
pub(crate) type Levels = u8;
/// Marketing qualified.
pub(crate) const MQL: Levels = 1;
/// Sales qualified.
pub(crate) const SQL: Levels = 2;
/// Disqualified.
pub(crate) const DISQUALIFIED: Levels = 4;

/// Leads by key.
#[derive(Debug, Clone)]
pub(crate) struct Leads {
    flags: Column<u8>,
    /// Levels that the present status stands for.
    pub levels: Column<Levels>,
    /// Owner's key.
    pub owner: Column<u32>,
    /// Creator's key.
    pub creator: Column<u32>,
    /// Number of the name of the source, or [`NONE`].
    pub source: Column<u32>,
    /// Key of the deal that came of it, or [`NONE`].
    pub deal: Column<u32>,
    /// Key of its company, or [`NONE`].
    pub account: Column<u32>,
    /// The company's revenue in a year.
    pub revenue: Amounts,
    employees: Column<i64>,
    created: Column<i64>,
    mql: Column<i64>,
    sql: Column<i64>,
    disqualified: Column<i64>,
    converted: Column<i64>,
}

impl Default for Leads {
    fn default() -> Self {
        Leads {
            flags: Column::new(0),
            levels: Column::new(0),
            owner: Column::new(NONE),
            creator: Column::new(NONE),
            source: Column::new(NONE),
            deal: Column::new(NONE),
            account: Column::new(NONE),
            revenue: Amounts::default(),
            employees: Column::new(NEVER),
            created: Column::new(NEVER),
            mql: Column::new(NEVER),
            sql: Column::new(NEVER),
            disqualified: Column::new(NEVER),
            converted: Column::new(NEVER),
        }
    }
}

impl Leads {
    /// Makes room for `count` keys.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.flags.reserve(count);
        self.levels.reserve(count);
        for column in [&mut self.owner, &mut self.creator, &mut self.source, &mut self.deal, &mut self.account] {
            column.reserve(count);
        }
        self.revenue.reserve(count);
        self.employees.reserve(count);
        for column in [&mut self.created, &mut self.mql, &mut self.sql, &mut self.disqualified, &mut self.converted] {
            column.reserve(count);
        }
    }

    /// Takes a lead out of all figures.
    pub(crate) fn remove(&mut self, key: Key) {
        if key.index() < self.flags.len() {
            self.flags.set(key.index(), 0);
        }
        self.revenue.remove(key);
    }

    /// Puts a lead in, in place of what was there.
    pub(crate) fn put(
        &mut self,
        key: Key,
        source: u32,
        lead: &Lead<Key>,
        rules: &Rules,
        calendar: &Calendar,
        names: &mut Names,
    ) {
        let at = key.index();
        let instant = |when: Option<When>| when.map_or(NEVER, |when| calendar.instant(when).0);
        let filled = |text: &Option<String>| text.as_deref().map(str::trim).is_some_and(|text| !text.is_empty());
        let mut flags = LIVE;
        if filled(&lead.status) && rules.has_disqualified(source) {
            flags |= TELLS_DISQUALIFIED;
        }
        if rules.is_inbound(lead.source.as_deref(), lead.kind.as_deref()) {
            flags |= INBOUND;
        }
        self.flags.set(at, flags);
        self.levels.set(at, rules.lead_levels(source, lead.status.as_deref()));
        self.owner.set(at, link(lead.owner));
        self.creator.set(at, link(lead.creator));
        let origin = lead.source.as_deref().map(str::trim).filter(|text| !text.is_empty());
        self.source.set(at, origin.map_or(NONE, |text| names.number(text)));
        self.deal.set(at, link(lead.deal));
        self.account.set(at, link(lead.account));
        let (amount, currency) = (lead.company_revenue, lead.currency.as_deref());
        self.revenue.put(key, Told { source, amount, currency, converted: None }, rules, names);
        self.employees.set(at, lead.company_employees.unwrap_or(NEVER));
        self.created.set(at, instant(lead.created_at));
        self.mql.set(at, instant(lead.mql_at));
        self.sql.set(at, instant(lead.sql_at));
        self.disqualified.set(at, instant(lead.disqualified_at));
        self.converted.set(at, instant(lead.converted_at));
    }

    /// One more than the largest key.
    pub(crate) fn len(&self) -> usize {
        self.flags.len()
    }

    /// Keys of all leads that exist in the CRM.
    pub(crate) fn keys(&self) -> impl Iterator<Item = usize> + '_ {
        self.flags.as_slice().iter().enumerate().filter(|(_, flags)| **flags & LIVE != 0).map(|(key, _)| key)
    }

    /// Owners of the leads that the CRM has, with repetitions.
    pub(crate) fn owners(&self) -> impl Iterator<Item = u32> + '_ {
        self.keys().map(|lead| self.owner.get(lead))
    }

    /// Whether its status tells whether it is disqualified.
    pub(crate) fn tells_disqualified(&self, lead: usize) -> bool {
        self.flags.get(lead) & TELLS_DISQUALIFIED != 0
    }

    /// Whether it came to us by itself.
    pub(crate) fn is_inbound(&self, lead: usize) -> bool {
        self.flags.get(lead) & INBOUND != 0
    }

    /// When it was created.
    pub(crate) fn created(&self, lead: usize) -> Option<Timestamp> {
        instant(self.created.get(lead))
    }

    /// When it became marketing qualified, where the CRM keeps that date.
    pub(crate) fn mql(&self, lead: usize) -> Option<Timestamp> {
        instant(self.mql.get(lead))
    }

    /// When it became sales qualified, where the CRM keeps that date.
    pub(crate) fn sql(&self, lead: usize) -> Option<Timestamp> {
        instant(self.sql.get(lead))
    }

    /// When it was disqualified, where the CRM keeps that date.
    pub(crate) fn disqualified(&self, lead: usize) -> Option<Timestamp> {
        instant(self.disqualified.get(lead))
    }

    /// The company's number of people, where the lead tells it.
    pub(crate) fn employees(&self, lead: usize) -> Option<i64> {
        Some(self.employees.get(lead)).filter(|employees| *employees != NEVER)
    }

    /// When it was converted, where the CRM keeps that date.
    pub(crate) fn converted(&self, lead: usize) -> Option<Timestamp> {
        instant(self.converted.get(lead))
    }
}

fn instant(millis: i64) -> Option<Timestamp> {
    (millis != NEVER).then_some(Timestamp(millis))
}
