//! The key accounts at one instant: which accounts they are, how they rank, what they are called, and which records
//! concern them.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::activities::Linked;
use super::view::View;
use super::{Facts, NONE};
use crate::calendar::Window;
use crate::domain::{DealStatus, Minor, Object};

/// The key accounts, with what leads to them: a link is looked up once for every activity that there is.
#[derive(Debug, Default)]
pub struct KeyAccounts {
    ranked: Vec<u32>,
    labels: HashMap<u32, String>,
    /// By the key of a linked record: the key account that it leads to, or [`NONE`].
    accounts: Vec<u32>,
    deals: Vec<u32>,
    contacts: Vec<u32>,
    leads: Vec<u32>,
}

impl KeyAccounts {
    /// Finds the accounts that meet any of the conditions of `accounts.key`.
    pub(super) fn new(view: &View<'_>) -> KeyAccounts {
        let ranked = ranked(view);
        if ranked.is_empty() {
            return KeyAccounts::default();
        }
        let facts = view.facts;
        let mut is_key = vec![false; facts.accounts.len()];
        ranked.iter().for_each(|account| is_key[*account as usize] = true);
        let survivor = |account: u32| {
            let account = view.survivor(Object::Account, account);
            if is_key.get(account as usize) == Some(&true) { account } else { NONE }
        };
        let of_deal = |deal: u32| {
            let deal = view.survivor(Object::Deal, deal) as usize;
            view.deal_state(deal).map_or(NONE, |_| survivor(facts.deals.account.get(deal)))
        };
        let of_contact = |contact: u32| {
            let contact = view.survivor(Object::Contact, contact) as usize;
            let known = facts.prospects.has_contact(contact);
            if known { survivor(facts.prospects.account_of(contact)) } else { NONE }
        };
        let of_lead = |lead: u32| {
            let lead = view.survivor(Object::Lead, lead) as usize;
            if view.has_lead(lead) { survivor(facts.leads.account.get(lead)) } else { NONE }
        };
        KeyAccounts {
            accounts: by_key(facts, Object::Account, facts.accounts.len(), survivor),
            deals: by_key(facts, Object::Deal, facts.deals.len(), of_deal),
            contacts: by_key(facts, Object::Contact, facts.prospects.contacts(), of_contact),
            leads: by_key(facts, Object::Lead, facts.prospects.leads(), of_lead),
            labels: view.account_labels(&ranked),
            ranked,
        }
    }

    /// Their keys, the largest first: by revenue in a year, those of which it is not known behind the others; then by
    /// value won in the last 365 days; then in the order of sources and ids.
    pub fn ranked(&self) -> &[u32] {
        &self.ranked
    }

    /// What a key account is called; unique among all accounts.
    pub fn label(&self, account: u32) -> Option<&str> {
        self.labels.get(&account).map(String::as_str)
    }

    /// The key account of a deal, or [`NONE`].
    pub fn of_deal(&self, deal: usize) -> u32 {
        self.deals.get(deal).copied().unwrap_or(NONE)
    }

    /// The distinct key accounts that an activity concerns, put into `found` (which is emptied first): its own, and those of
    /// its deals, contacts and leads.
    pub fn linked(&self, facts: &Facts, activity: usize, found: &mut Vec<u32>) {
        found.clear();
        for link in facts.activities.links(activity) {
            let (accounts, key) = match link {
                Linked::Account(key) => (&self.accounts, key),
                Linked::Deal(key) => (&self.deals, key),
                Linked::Contact(key) => (&self.contacts, key),
                Linked::Lead(key) => (&self.leads, key),
            };
            let account = accounts.get(key as usize).copied().unwrap_or(NONE);
            if account != NONE && !found.contains(&account) {
                found.push(account);
            }
        }
    }
}

/// What `of` gives for every key below `count`, and for those of merged records.
fn by_key(facts: &Facts, object: Object, count: usize, of: impl Fn(u32) -> u32) -> Vec<u32> {
    let merged = facts.merges.merged(object).map(|key| key as usize + 1);
    let count = merged.fold(count, usize::max);
    (0..count as u32).map(of).collect()
}

fn ranked(view: &View<'_>) -> Vec<u32> {
    let (accounts, rules) = (&view.facts.accounts, view.rules().accounts());
    let won = won_in_a_year(view);
    let reaches =
        |value: Option<Minor>, least: Option<Minor>| value.zip(least).is_some_and(|(value, least)| value >= least);
    let exists = |account: usize| {
        accounts.is_live(account) && (view.live || accounts.created(account).is_none_or(|created| created <= view.now))
    };
    let mut ranked: Vec<(Option<Minor>, Option<Minor>, u32)> = (0..accounts.len())
        .filter(|account| exists(*account))
        .filter_map(|account| {
            let (revenue, won) = (view.annual_revenue(account), won.get(&(account as u32)).copied());
            let is_key = accounts.is_named(account)
                || reaches(revenue, rules.min_annual_revenue)
                || reaches(won, rules.min_won_value);
            is_key.then_some((revenue, won, account as u32))
        })
        .collect();
    let size = |(revenue, won, _): &(Option<Minor>, Option<Minor>, u32)| Reverse((*revenue, *won));
    let titles = &view.facts.account_titles;
    ranked.sort_unstable_by(|left, right| size(left).cmp(&size(right)).then_with(|| titles.compare(left.2, right.2)));
    ranked.into_iter().map(|(_, _, account)| account).collect()
}

/// Value won in the last 365 days, by account.
fn won_in_a_year(view: &View<'_>) -> HashMap<u32, Minor> {
    let year = view.calendar().span(Window::Days(365), view.now);
    let mut won: HashMap<u32, Minor> = HashMap::new();
    for (deal, state) in view.deals().filter(|(_, state)| state.status == DealStatus::Won) {
        let account = view.account(deal as u32);
        if account != NONE && state.closed_at.is_some_and(|at| year.contains(at)) {
            let value = view.value(deal, state.closed_at).unwrap_or(0);
            let sum = won.entry(account).or_default();
            *sum = sum.saturating_add(value);
        }
    }
    won
}

impl View<'_> {
    /// Revenue in a year of an account, in minor units of the reporting currency; none if it is not known, or its rate.
    pub fn annual_revenue(&self, account: usize) -> Option<Minor> {
        self.facts.accounts.revenue.get(account).and_then(|amount| self.minor(amount, self.now))
    }

    /// Key of the user who owns an account, or [`NONE`].
    pub fn owner_of_account(&self, account: u32) -> u32 {
        let accounts = &self.facts.accounts;
        if accounts.is_live(account as usize) { accounts.owner.get(account as usize) } else { NONE }
    }
}
