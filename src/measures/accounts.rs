//! Measures of accounts: what is done about the key accounts, and what is won from whom.

use super::deals::leave_out;
use super::{Contribution, Dim, Sink, Sum, Unit};
use crate::domain::{DealStatus, Object, Timestamp};
use crate::facts::{LeftOut, NONE, View};

const ACCOUNT: &[Dim] = &[Dim::Account];

/// Done calls, emails and meetings that concern a key account, inbound ones too: once an account.
pub static INTERACTIONS: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: ACCOUNT,
    unit: Unit::Count,
    each: |view, since, sink| each_interaction(view, since, |_| Some(1.0), sink),
};

/// Their durations, where known: the whole of it for each account.
pub static SECONDS: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: ACCOUNT,
    unit: Unit::Millis,
    each: |view, since, sink| {
        let millis = |activity| view.facts.activities.seconds(activity).map(|seconds| f64::from(seconds) * 1000.0);
        each_interaction(view, since, millis, sink);
    },
};

/// Value won from key accounts.
pub static KEY_WON_VALUE: Sum = Sum {
    object: Object::Deal,
    history: Object::Deal,
    dims: ACCOUNT,
    unit: Unit::Money,
    each: |view, since, sink| {
        let key_accounts = view.key_accounts();
        each_won(view, since, |deal| key_accounts.of_deal(deal), sink);
    },
};

/// Value won from any account that is known.
pub static WON_VALUE: Sum = Sum {
    object: Object::Deal,
    history: Object::Deal,
    dims: ACCOUNT,
    unit: Unit::Money,
    each: |view, since, sink| each_won(view, since, |deal| view.account(deal as u32), sink),
};

/// Done calls, emails and meetings with key accounts from `since` on that have an amount.
fn each_interaction(view: &View<'_>, since: Timestamp, amount: impl Fn(usize) -> Option<f64>, sink: Sink<'_>) {
    let key_accounts = view.key_accounts();
    if key_accounts.ranked().is_empty() {
        return;
    }
    let activities = &view.facts.activities;
    let is_interaction = |kind: &String| matches!(kind.as_str(), "call" | "email" | "meeting");
    let is_interaction: Vec<bool> = view.rules().kinds().iter().map(is_interaction).collect();
    let mut accounts = Vec::new();
    for (activity, kind, at) in activities.dated() {
        if at < since || !is_interaction[usize::from(kind)] {
            continue;
        }
        key_accounts.linked(view.facts, activity, &mut accounts);
        if accounts.is_empty() {
            continue;
        }
        let done = view.done(activity).and_then(|at| Ok((at, amount(activity).ok_or("without a duration")?)));
        for dims in accounts.iter().map(|account| [*account, 0]) {
            match done {
                Ok((at, amount)) => {
                    let slot = view.slot(activities.owner(activity));
                    sink(Contribution { record: activity as u32, at, slot, dims, amount });
                }
                Err(why) => view
                    .leave_out(|| LeftOut { dims: Some(dims), ..activities.left_out(view, activity, Some(at), why) }),
            }
        }
    }
}

/// Deals won from `since` on, with their accounts; those without one are left out.
fn each_won(view: &View<'_>, since: Timestamp, account: impl Fn(usize) -> u32, sink: Sink<'_>) {
    for (deal, state) in view.deals().filter(|(_, state)| state.status == DealStatus::Won) {
        let Some(at) = state.closed_at else {
            leave_out(view, deal, None, None, "no date says when it was closed");
            continue;
        };
        let account = account(deal);
        match () {
            () if at < since => {}
            () if account == NONE => leave_out(view, deal, Some(at), None, "of no account that counts here"),
            () => {
                // A deal without an amount or a rate adds 0.
                let amount = view.value(deal, state.closed_at).unwrap_or(0) as f64;
                sink(Contribution { record: deal as u32, at, slot: view.deal_slot(deal), dims: [account, 0], amount });
            }
        }
    }
}
