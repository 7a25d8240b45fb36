//! Deals, as columns by key.

use chrono::Datelike as _;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::amounts::{Amounts, Told};
use super::column::{Column, NONE, link};
use super::names::Names;
use super::rules::Rules;
use crate::calendar::Calendar;
use crate::domain::{Deal, DealStatus, Key, Timestamp, When};

/// No date.
pub(super) const NO_DAY: i32 = i32::MIN;

const LIVE: u8 = 1;
const CLOSED_ON_DATE: u8 = 2;
const STATUS: u8 = 0b11 << 2;

/// Deals by key.
#[derive(Debug, Clone)]
pub(crate) struct Deals {
    flags: Column<u8>,
    /// Owner's key.
    pub owner: Column<u32>,
    /// Account's key.
    pub account: Column<u32>,
    /// Pipeline's key, as the deal itself tells it.
    pub pipeline: Column<u32>,
    /// Present stage's key.
    pub stage: Column<u32>,
    /// What each is worth.
    pub worth: Amounts,
    created: Column<i64>,
    closed: Column<i64>,
    expected: Column<i32>,
    status_changed: Column<i64>,
    probability: Column<f64>,
    reason: Column<u32>,
}

const NEVER: i64 = i64::MIN;

impl Default for Deals {
    fn default() -> Self {
        Deals {
            flags: Column::new(0),
            owner: Column::new(NONE),
            account: Column::new(NONE),
            pipeline: Column::new(NONE),
            stage: Column::new(NONE),
            worth: Amounts::default(),
            created: Column::new(NEVER),
            closed: Column::new(NEVER),
            expected: Column::new(NO_DAY),
            status_changed: Column::new(NEVER),
            probability: Column::new(f64::NAN),
            reason: Column::new(NONE),
        }
    }
}

impl Deals {
    /// Makes room for `count` keys.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.flags.reserve(count);
        self.owner.reserve(count);
        self.account.reserve(count);
        self.pipeline.reserve(count);
        self.stage.reserve(count);
        self.worth.reserve(count);
        self.created.reserve(count);
        self.closed.reserve(count);
        self.expected.reserve(count);
        self.status_changed.reserve(count);
        self.probability.reserve(count);
        self.reason.reserve(count);
    }

    /// Takes a deal out of all figures.
    pub(crate) fn remove(&mut self, key: Key) {
        if key.index() < self.flags.len() {
            self.flags.set(key.index(), 0);
        }
        self.worth.remove(key);
    }

    /// Puts a deal in, in place of what was there.
    pub(crate) fn put(
        &mut self,
        key: Key,
        source: u32,
        deal: &Deal<Key>,
        rules: &Rules,
        calendar: &Calendar,
        names: &mut Names,
    ) {
        let at = key.index();
        let instant = |when: Option<When>| when.map_or(NEVER, |when| calendar.instant(when).0);
        let status = rules.status(source, deal.status.as_deref());
        let status = status.map_or(0, |status| status as u8 + 1) << STATUS.trailing_zeros();
        let on_date = if matches!(deal.closed_at, Some(When::On(_))) { CLOSED_ON_DATE } else { 0 };
        let flags = LIVE | on_date | status;
        self.flags.set(at, flags);
        self.owner.set(at, link(deal.owner));
        self.account.set(at, link(deal.account));
        self.pipeline.set(at, link(deal.pipeline));
        self.stage.set(at, link(deal.stage));
        self.created.set(at, instant(deal.created_at));
        self.closed.set(at, instant(deal.closed_at));
        self.status_changed.set(at, instant(deal.status_changed_at));
        let expected = deal.expected_close.or(deal.closed_at);
        let day = |when| match when {
            When::On(date) => date,
            When::At(at) => calendar.date(at),
        };
        self.expected.set(at, expected.map_or(NO_DAY, |when| day(when).num_days_from_ce()));
        let probability = deal.probability.and_then(|probability| probability.to_f64());
        self.probability.set(at, probability.unwrap_or(f64::NAN));
        let reason = deal.lost_reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        self.reason.set(at, reason.map_or(NONE, |reason| names.number(reason)));
        self.put_worth(key, source, deal, rules, names);
    }

    fn put_worth(&mut self, key: Key, source: u32, deal: &Deal<Key>, rules: &Rules, names: &mut Names) {
        let currency = rules.currency();
        let amount = deal.amount.filter(|amount| !(amount.is_zero() && rules.zero_is_missing(source)));
        let to = deal.converted_currency.as_deref().map(str::trim);
        let converted = deal.converted_amount.filter(|_| to.is_some_and(|to| to.eq_ignore_ascii_case(currency.code())));
        let converted = converted.and_then(|converted| currency.minor(converted, Decimal::ONE));
        let told = Told { source, amount, currency: deal.currency.as_deref(), converted };
        self.worth.put(key, told, rules, names);
    }

    /// One more than the largest key.
    pub(crate) fn len(&self) -> usize {
        self.flags.len()
    }

    /// Keys of all deals that exist in the CRM.
    pub(crate) fn keys(&self) -> impl Iterator<Item = usize> + '_ {
        self.flags.as_slice().iter().enumerate().filter(|(_, flags)| **flags & LIVE != 0).map(|(key, _)| key)
    }

    /// Whether the CRM has it.
    pub(crate) fn is_live(&self, deal: usize) -> bool {
        self.flags.get(deal) & LIVE != 0
    }

    /// The status that the CRM gives beside the stage.
    pub(crate) fn status(&self, deal: usize) -> Option<DealStatus> {
        match (self.flags.get(deal) & STATUS) >> STATUS.trailing_zeros() {
            1 => Some(DealStatus::Open),
            2 => Some(DealStatus::Won),
            3 => Some(DealStatus::Lost),
            _ => None,
        }
    }

    /// When it was created.
    pub(crate) fn created(&self, deal: usize) -> Option<Timestamp> {
        instant(self.created.get(deal))
    }

    /// Whether the close date is a date without a time.
    pub(crate) fn is_closed_on_date(&self, deal: usize) -> bool {
        self.flags.get(deal) & CLOSED_ON_DATE != 0
    }

    /// The CRM's close date; a date's first instant.
    pub(crate) fn closed(&self, deal: usize) -> Option<Timestamp> {
        instant(self.closed.get(deal))
    }

    /// When it was created or closed, whatever was first.
    pub(crate) fn first_instant(&self, deal: usize) -> Option<Timestamp> {
        self.created(deal).into_iter().chain(self.closed(deal)).min()
    }

    /// When the status changed to closed, where the CRM keeps that time.
    pub(crate) fn status_changed(&self, deal: usize) -> Option<Timestamp> {
        instant(self.status_changed.get(deal))
    }

    /// The expected close date as days of the common era, or [`NO_DAY`].
    pub(crate) fn expected(&self, deal: usize) -> i32 {
        self.expected.get(deal)
    }

    /// The deal's own probability of winning.
    pub(crate) fn probability(&self, deal: usize) -> Option<f64> {
        Some(self.probability.get(deal)).filter(|probability| !probability.is_nan())
    }

    /// Number of the name of the loss reason, or [`NONE`].
    pub(crate) fn reason(&self, deal: usize) -> u32 {
        self.reason.get(deal)
    }
}

fn instant(millis: i64) -> Option<Timestamp> {
    (millis != NEVER).then_some(Timestamp(millis))
}
