//! Checks of the quality of data: which records are looked at, and which of them fail.

use std::cell::LazyCell;
use std::collections::HashMap;

use super::{Dim, Level, Standing, Unit};
use crate::domain::{DealStatus, Object, Timestamp};
use crate::facts::{NONE, Slot, SlotKind, View};

/// A check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// A deal has no amount.
    DealWithoutAmount,
    /// There is no rate for a deal's amount.
    DealUnknownCurrency,
    /// An open deal has no expected, a closed one no close date.
    DealWithoutCloseDate,
    /// The expected close date of an open deal is over.
    DealOverdue,
    /// A deal was closed before it was created.
    DealClosedBeforeCreated,
    /// Nobody owns a deal, lead or account.
    RecordWithoutOwner,
    /// Whoever owns an open deal, an open lead or an account is deactivated.
    OwnerInactive,
    /// A call, email or meeting with nobody.
    ActivityWithoutContact,
    /// A call, email or meeting was recorded too long after it took place.
    ActivityLoggedLate,
    /// An outbound call was over before anybody can have spoken.
    CallTooShort,
    /// Nobody says where a lead came from.
    LeadWithoutSource,
    /// Another account has the domain or the name of an account.
    AccountDuplicate,
}

impl Check {
    /// All checks, each at the place of its number.
    pub const ALL: [Check; 12] = [
        Check::DealWithoutAmount,
        Check::DealUnknownCurrency,
        Check::DealWithoutCloseDate,
        Check::DealOverdue,
        Check::DealClosedBeforeCreated,
        Check::RecordWithoutOwner,
        Check::OwnerInactive,
        Check::ActivityWithoutContact,
        Check::ActivityLoggedLate,
        Check::CallTooShort,
        Check::LeadWithoutSource,
        Check::AccountDuplicate,
    ];

    /// Value of the label `check`.
    pub const fn name(self) -> &'static str {
        match self {
            Check::DealWithoutAmount => "deal_without_amount",
            Check::DealUnknownCurrency => "deal_unknown_currency",
            Check::DealWithoutCloseDate => "deal_without_close_date",
            Check::DealOverdue => "deal_overdue",
            Check::DealClosedBeforeCreated => "deal_closed_before_created",
            Check::RecordWithoutOwner => "record_without_owner",
            Check::OwnerInactive => "owner_inactive",
            Check::ActivityWithoutContact => "activity_without_contact",
            Check::ActivityLoggedLate => "activity_logged_late",
            Check::CallTooShort => "call_too_short",
            Check::LeadWithoutSource => "lead_without_source",
            Check::AccountDuplicate => "account_duplicate",
        }
    }

    /// Whether any records are delivered that it looks at, and what it looks for in them.
    pub fn is_known(self, view: &View<'_>) -> bool {
        let owned = || [Object::Deal, Object::Lead, Object::Account].into_iter().any(|object| view.has(object));
        match self {
            Check::DealWithoutAmount
            | Check::DealUnknownCurrency
            | Check::DealWithoutCloseDate
            | Check::DealOverdue
            | Check::DealClosedBeforeCreated => view.has(Object::Deal),
            Check::RecordWithoutOwner => owned(),
            Check::OwnerInactive => owned() && view.has(Object::User),
            Check::ActivityWithoutContact => {
                view.has(Object::Activity) && (view.has(Object::Contact) || view.has(Object::Lead))
            }
            Check::ActivityLoggedLate | Check::CallTooShort => view.has(Object::Activity),
            Check::LeadWithoutSource => view.has(Object::Lead),
            Check::AccountDuplicate => view.has(Object::Account),
        }
    }
}

/// Records that checks look at.
pub static CHECKED: Level = Level {
    object: Object::Deal,
    dims: &[Dim::Check],
    unit: Unit::Count,
    each: |view, sink| each(view, &mut |looked, _| sink(looked.standing(view))),
};

/// Records that fail them.
pub static ISSUES: Level = Level {
    object: Object::Deal,
    dims: &[Dim::Check],
    unit: Unit::Count,
    each: |view, sink| {
        each(view, &mut |looked, fails| {
            if fails() {
                sink(looked.standing(view));
            }
        });
    },
};

/// A record that a check looks at.
#[derive(Clone, Copy)]
struct Looked {
    check: Check,
    object: Object,
    record: usize,
    /// Owner's key.
    owner: u32,
}

impl Looked {
    fn standing(self, view: &View<'_>) -> Standing {
        Standing {
            object: self.object,
            record: self.record as u32,
            from: Timestamp::MIN,
            to: Timestamp::MAX,
            slot: view.slot(self.owner),
            dims: [self.check as u32, 0],
            amount: 1.0,
        }
    }
}

/// Takes a record that a check looks at, and what tells whether it fails.
type Look<'l> = &'l mut dyn FnMut(Looked, &dyn Fn() -> bool);

/// Hands out every record that exists at the view's instant, once for each check that looks at it.
fn each(view: &View<'_>, look: Look<'_>) {
    let known = Check::ALL.map(|check| check.is_known(view));
    let look: Look<'_> = &mut |looked, fails| {
        if known[looked.check as usize] {
            look(looked, fails);
        }
    };
    each_deal(view, look);
    each_lead(view, look);
    each_account(view, look);
    each_activity(view, look);
}

fn each_deal(view: &View<'_>, look: Look<'_>) {
    let deals = &view.facts.deals;
    for (deal, state) in view.deals() {
        let owner = deals.owner.get(deal);
        let mut look = |check, fails: &dyn Fn() -> bool| {
            look(Looked { check, object: Object::Deal, record: deal, owner }, fails);
        };
        let has_amount = deals.worth.get(deal).is_some();
        look(Check::DealWithoutAmount, &|| !has_amount);
        if has_amount {
            look(Check::DealUnknownCurrency, &|| view.value(deal, state.closed_at).is_none());
        }
        look(Check::RecordWithoutOwner, &|| owner == NONE);
        match state.status {
            DealStatus::Open => {
                look(Check::DealWithoutCloseDate, &|| !view.is_close_expected(deal));
                look(Check::DealOverdue, &|| view.is_overdue(deal));
                look(Check::OwnerInactive, &|| is_inactive(view, owner));
            }
            DealStatus::Won | DealStatus::Lost => {
                let has_date = deals.closed(deal).is_some();
                look(Check::DealWithoutCloseDate, &|| !has_date);
                if let Some(closed) = state.closed_at.filter(|_| has_date) {
                    look(Check::DealClosedBeforeCreated, &|| is_closed_too_early(view, deal, closed));
                }
            }
        }
    }
}

/// Whether a deal was closed before it was created. One that is still to be created was so in any case.
fn is_closed_too_early(view: &View<'_>, deal: usize, closed: Timestamp) -> bool {
    let created = view.facts.deals.created(deal);
    created.is_some_and(|at| view.is_closed_before_created(deal, view.seen(at).unwrap_or(at), closed))
}

fn each_lead(view: &View<'_>, look: Look<'_>) {
    let leads = &view.facts.leads;
    for (lead, state) in view.leads() {
        let owner = leads.owner.get(lead);
        let mut look = |check, fails: &dyn Fn() -> bool| {
            look(Looked { check, object: Object::Lead, record: lead, owner }, fails);
        };
        look(Check::LeadWithoutSource, &|| leads.source.get(lead) == NONE);
        look(Check::RecordWithoutOwner, &|| owner == NONE);
        if !state.disqualified.is() && !state.converted.is() {
            look(Check::OwnerInactive, &|| is_inactive(view, owner));
        }
    }
}

fn each_account(view: &View<'_>, look: Look<'_>) {
    let accounts = &view.facts.accounts;
    let exists = |account: &usize| view.live || accounts.created(*account).is_none_or(|created| created <= view.now);
    let existing = || accounts.described().filter(exists);
    let bearers = LazyCell::new(|| {
        let mut bearers: HashMap<_, u32> = HashMap::new();
        existing().flat_map(|account| accounts.marks(account)).for_each(|mark| *bearers.entry(mark).or_default() += 1);
        bearers
    });
    for account in existing() {
        let owner = accounts.owner.get(account);
        let mut look = |check, fails: &dyn Fn() -> bool| {
            look(Looked { check, object: Object::Account, record: account, owner }, fails);
        };
        look(Check::RecordWithoutOwner, &|| owner == NONE);
        look(Check::OwnerInactive, &|| is_inactive(view, owner));
        look(Check::AccountDuplicate, &|| accounts.marks(account).any(|mark| bearers.get(&mark) > Some(&1)));
    }
}

fn each_activity(view: &View<'_>, look: Look<'_>) {
    let activities = &view.facts.activities;
    let kinds = view.rules().kinds();
    let is_talk: Vec<bool> = kinds.iter().map(|kind| matches!(kind.as_str(), "call" | "email" | "meeting")).collect();
    let call = view.rules().kind("call");
    for (activity, kind, _) in activities.dated().filter(|(_, kind, _)| is_talk[usize::from(*kind)]) {
        if view.done(activity).is_err() {
            continue;
        }
        let owner = activities.owner(activity);
        let mut look = |check, fails: &dyn Fn() -> bool| {
            look(Looked { check, object: Object::Activity, record: activity, owner }, fails);
        };
        look(Check::ActivityWithoutContact, &|| !view.touches().has_prospect(view.facts, activity));
        if let Some(is_late) = activities.is_logged_late(activity) {
            look(Check::ActivityLoggedLate, &|| is_late);
        }
        if let Some(seconds) = activities.seconds(activity).filter(|_| Some(kind) == call)
            && activities.is_outbound(activity)
        {
            look(Check::CallTooShort, &|| view.rules().quality().is_too_short(seconds));
        }
    }
}

/// Whether the owner of a record is somebody who is deactivated.
fn is_inactive(view: &View<'_>, owner: u32) -> bool {
    let Slot { kind, is_active, .. } = view.people.slots[view.slot(owner) as usize];
    kind != SlotKind::Unassigned && !is_active
}
