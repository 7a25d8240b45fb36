//! Key accounts: what is done about them, and what is won from them. Customers are in `customers`.

use std::collections::{BTreeMap, HashMap};

use super::explain::{Asked, Explain, Part};
use super::shape::window_labels;
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::domain::{Object, Timestamp};
use crate::exposition::{Encoder, Labels};
use crate::facts::SlotKind;
use crate::measures::fold::{self, Cells};
use crate::measures::{Sum, Windows, accounts as measure};

/// Whatever may lead from an activity to an account, and decide whether that is a key account.
const INTERACTIONS: Needs = Needs {
    all: &[Object::Activity],
    any: &[],
    also: &[
        Object::User,
        Object::Team,
        Object::Account,
        Object::Contact,
        Object::Lead,
        Object::Deal,
        Object::Pipeline,
        Object::Stage,
        Object::StageChange,
        Object::CurrencyRate,
    ],
};
/// Where accounts are delivered, deals are won from those.
pub(super) const WINS: Needs = Needs {
    all: &[Object::Deal],
    any: &[],
    also: &[
        Object::User,
        Object::Team,
        Object::Account,
        Object::Pipeline,
        Object::Stage,
        Object::StageChange,
        Object::CurrencyRate,
    ],
};

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_key_account_interactions",
        help: "Done calls, emails and meetings whose account, or whose deal's, contact's or lead's account, it is; for the \
               activity's owner. The account's owner, if known, reads 0 where he did nothing.",
        group: Group::Accounts,
        needs: INTERACTIONS,
        shape: Shape::AccountSum(&measure::INTERACTIONS, OwnersZero::Written),
        as_of: AsOf::Attributes,
        drop_order: 30,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_key_account_seconds",
        help: "Sum of their durations, where known.",
        group: Group::Accounts,
        needs: INTERACTIONS,
        shape: Shape::AccountSum(&measure::SECONDS, OwnersZero::Written),
        as_of: AsOf::Attributes,
        drop_order: 30,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_key_account_last_interaction_timestamp_seconds",
        help: "Date of the latest of them.",
        group: Group::Now,
        needs: INTERACTIONS,
        shape: Shape::Own(Own {
            labels: &["account", "team", "rep"],
            write: last_interaction,
            explain: Explain::Parts(latest),
        }),
        as_of: AsOf::Attributes,
        drop_order: 30,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_key_account_won_value",
        help: "Value won from the account in the window, in the reporting currency; for the deal's owner.",
        group: Group::Accounts,
        needs: WINS,
        shape: Shape::AccountSum(&measure::KEY_WON_VALUE, OwnersZero::None),
        as_of: AsOf::Attributes,
        drop_order: 30,
        nature: Nature::Lagging,
    },
];

/// Whether the owner of an account reads 0 rather than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnersZero {
    /// Yes, also where others did something.
    Written,
    /// No.
    None,
}

/// What is written of the key accounts that are shown: `limits.key_accounts` of them, the largest.
fn shown<'v>(frame: &Frame<'v>) -> HashMap<u32, &'v str> {
    let key_accounts = frame.view.key_accounts();
    let largest = key_accounts.ranked().iter().take(frame.options.limits.key_accounts);
    largest.filter_map(|account| Some((*account, key_accounts.label(*account)?))).collect()
}

/// Writes a sum per key account and rep.
pub(super) fn write_sums(frame: &Frame<'_>, sum: &Sum, zero: OwnersZero, windows: &Windows, out: &mut Encoder) {
    let view = frame.view;
    let shown = shown(frame);
    let mut cells = Cells::new(windows.len());
    fold::each_inside(view, sum, windows, |contribution, window| {
        if shown.contains_key(&contribution.dims[0]) {
            cells.add((contribution.slot, contribution.dims), window, contribution.amount);
        }
    });
    if zero == OwnersZero::Written {
        for account in shown.keys() {
            let slot = view.slot(view.owner_of_account(*account));
            if view.people.slots[slot as usize].kind != SlotKind::Unassigned {
                cells.zero((slot, [*account, 0]));
            }
        }
    }
    let cells = cells.shown(view);
    let mut rows: Vec<_> = cells.iter().map(|((slot, dims), values)| (shown[&dims[0]], slot, values)).collect();
    rows.sort_by_key(|(account, slot, _)| (*account, *slot));
    let windows = window_labels(windows);
    let mut labels = Labels::default();
    for (account, slot, values) in rows {
        put_labels(frame, account, slot, &mut labels);
        let mark = labels.mark();
        for (window, amount) in values {
            labels.append(&windows[window]);
            out.sample_with(&labels, sum.unit.sample(view, amount));
            labels.truncate(mark);
        }
    }
}

fn put_labels(frame: &Frame<'_>, account: &str, slot: u32, labels: &mut Labels) {
    let people = &frame.view.people;
    let slot = &people.slots[slot as usize];
    labels.clear();
    labels.push("account", account).push("team", &people.teams[slot.team as usize].label).push("rep", &slot.rep);
}

fn latest(_: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    vec![asked.gather().latest(&measure::INTERACTIONS)]
}

fn last_interaction(frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    let shown = shown(frame);
    let mut latest: BTreeMap<(&str, u32), Timestamp> = BTreeMap::new();
    (measure::INTERACTIONS.each)(view, Timestamp::MIN, &mut |contribution| {
        let Some(account) = shown.get(&contribution.dims[0]) else { return };
        let known = latest.entry((*account, view.people.shown(contribution.slot))).or_insert(contribution.at);
        *known = (*known).max(contribution.at);
    });
    let mut labels = Labels::default();
    for ((account, slot), at) in latest {
        put_labels(frame, account, slot, &mut labels);
        out.sample_with(&labels, at.seconds());
    }
}
