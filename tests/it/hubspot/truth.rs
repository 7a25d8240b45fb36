//! What the account truly holds, in the words of the store: worked out from the fake's own state, not from its answers.

use std::collections::{BTreeMap, BTreeSet};

use crm_exporter::domain::{Object, Record, Row, Timestamp, When};
use rust_decimal::Decimal;

use super::Floor;
use crate::fake_crm::hubspot::{Account, Kind};

/// What is compared of a record: its fields by name, as texts.
type Seen = BTreeMap<&'static str, String>;

impl Floor {
    /// Holds every object of the store against the account.
    pub(super) fn assert_true(&self) {
        let account = self.hub.account();
        for (object, kinds) in [
            (Object::Deal, &[Kind::Deals][..]),
            (Object::Contact, &[Kind::Contacts]),
            (Object::Account, &[Kind::Companies]),
            (Object::Lead, &[Kind::Leads]),
            (Object::Activity, &[Kind::Calls, Kind::Meetings, Kind::Emails, Kind::Tasks]),
            (Object::Goal, &[Kind::GoalTargets]),
        ] {
            let truth = kinds.iter().flat_map(|kind| expected(&account, *kind)).collect();
            let ids = Ids::new(self);
            let held = self.rows(object).into_iter().filter(|row| row.live);
            let held = held.map(|row| (row.id.clone(), seen(&row, &ids))).collect();
            assert_same(object, &truth, &held);
        }
        assert_eq!(self.stage_changes(), true_stage_changes(&account));
    }

    /// Deal, stage and instant of every stage change of deals that are there.
    fn stage_changes(&self) -> BTreeSet<(String, String, i64)> {
        let ids = Ids::new(self);
        let deals: BTreeSet<String> = self.live(Object::Deal).into_iter().collect();
        let change = |row: Row| match row.record {
            Record::StageChange(change) => {
                let When::At(at) = change.at.unwrap() else { panic!("a date without a time") };
                Some((ids.of(Object::Deal, change.deal?.0), ids.of(Object::Stage, change.stage?.0), at.0))
            }
            _ => None,
        };
        let changes = self.rows(Object::StageChange).into_iter().filter(|row| row.live).filter_map(change);
        changes.filter(|(deal, ..)| deals.contains(deal)).collect()
    }
}

fn assert_same(object: Object, truth: &BTreeMap<String, Seen>, held: &BTreeMap<String, Seen>) {
    let missing: Vec<_> = truth.keys().filter(|id| !held.contains_key(*id)).take(5).collect();
    let surplus: Vec<_> = held.keys().filter(|id| !truth.contains_key(*id)).take(5).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "{object}: missing {missing:?}, too many {surplus:?}");
    for (id, truth) in truth {
        assert_eq!(&held[id], truth, "{object} {id}");
    }
}

/// The records of a kind that can be read, as they are to be held.
fn expected(account: &Account, kind: Kind) -> Vec<(String, Seen)> {
    let there = account.truth(kind).filter(|record| record.archived_at().is_none());
    let readable = there.filter(|record| is_readable(record.property("amount")));
    let fields = |id, property: &dyn Fn(&str) -> Option<String>| expected_fields(account, kind, id, property);
    readable.map(|record| (id(kind, record.id()), fields(record.id(), &|name| record.property(name)))).collect()
}

/// Whether a deal of that amount can be read.
fn is_readable(amount: Option<String>) -> bool {
    amount.is_none_or(|amount| amount.is_empty() || amount.parse::<Decimal>().is_ok())
}

fn id(kind: Kind, id: u64) -> String {
    if kind.is_activity() { format!("{}/{id}", kind.name()) } else { id.to_string() }
}

/// The properties that are compared, and the fields that they become.
fn expected_fields(account: &Account, kind: Kind, id: u64, property: &dyn Fn(&str) -> Option<String>) -> Seen {
    let pairs: &[(&'static str, &str)] = match kind {
        Kind::Deals => &[
            ("name", "dealname"),
            ("owner", "hubspot_owner_id"),
            ("stage", "dealstage"),
            ("pipeline", "pipeline"),
            ("amount", "amount"),
            ("currency", "deal_currency_code"),
            ("converted_amount", "amount_in_home_currency"),
            ("closed_at", "closedate"),
            ("lost_reason", "closed_lost_reason"),
        ],
        Kind::Contacts => &[("title", "jobtitle"), ("owner", "hubspot_owner_id")],
        Kind::Companies => &[("name", "name"), ("employees", "numberofemployees")],
        Kind::Leads => &[("status", "hs_pipeline_stage"), ("contact", "hs_primary_contact_id")],
        Kind::Calls => &[("outcome", "hs_call_disposition"), ("at", "hs_timestamp"), ("owner", "hubspot_owner_id")],
        Kind::Meetings => &[("status", "hs_meeting_outcome"), ("at", "hs_meeting_start_time")],
        Kind::Emails => &[("direction", "hs_email_direction"), ("at", "hs_timestamp")],
        Kind::Tasks => &[("status", "hs_task_status"), ("due", "hs_timestamp")],
        _ => &[("target", "hs_target_amount"), ("owner", "hubspot_owner_id")],
    };
    let mut seen = Seen::new();
    for (field, name) in pairs {
        let value = property(name).filter(|value| !value.is_empty());
        seen.extend(value.map(|value| (*field, plain(field, &value))));
    }
    for (field, other) in links(kind) {
        let mut ids = account.linked((kind, id), *other);
        let there = |id: &u64| {
            let other = account.truth(*other).find(|other| other.id() == *id);
            other.is_some_and(|other| other.archived_at().is_none() && is_readable(other.property("amount")))
        };
        ids.retain(there);
        ids.sort_unstable();
        seen.insert(field, ids.iter().map(u64::to_string).collect::<Vec<_>>().join(","));
    }
    seen
}

fn links(kind: Kind) -> &'static [(&'static str, Kind)] {
    match kind {
        Kind::Deals => &[("contacts", Kind::Contacts)],
        Kind::Calls | Kind::Meetings | Kind::Emails | Kind::Tasks => {
            &[("contacts", Kind::Contacts), ("deals", Kind::Deals), ("accounts", Kind::Companies)]
        }
        _ => &[],
    }
}

/// A value in the one form in which both sides are compared.
fn plain(field: &str, value: &str) -> String {
    match field {
        "closed_at" | "at" | "due" => {
            let at = value.parse::<i64>().map(Timestamp).or_else(|_| value.parse::<Timestamp>());
            at.unwrap().0.to_string()
        }
        "amount" | "converted_amount" | "target" => value.parse::<Decimal>().unwrap().normalize().to_string(),
        _ => value.to_owned(),
    }
}

/// Rows by their keys, for what is linked to them.
struct Ids(BTreeMap<(Object, u32), Row>);

impl Ids {
    fn new(floor: &Floor) -> Ids {
        let rows = |object| floor.rows(object).into_iter().map(move |row| ((object, row.key.0), row));
        Ids(Object::ALL.into_iter().flat_map(rows).collect())
    }

    fn of(&self, object: Object, key: u32) -> String {
        self.0[&(object, key)].id.clone()
    }

    /// As readers of the store follow a link: what was merged is its survivor, what is gone is not linked.
    fn there(&self, object: Object, key: u32) -> Option<u64> {
        let row = &self.0[&(object, key)];
        match row.merged_into {
            Some(survivor) if !row.live => self.there(object, survivor.0),
            _ => row.live.then(|| row.id.parse().unwrap()),
        }
    }
}

/// What is compared of a row.
fn seen(row: &Row, ids: &Ids) -> Seen {
    let mut seen = Seen::new();
    let mut text = |field, value: &Option<String>| {
        seen.extend(value.clone().map(|value| (field, value)));
    };
    let link = |object, key: Option<crm_exporter::domain::Key>| key.map(|key| ids.of(object, key.0));
    let when = |when: &Option<When>| {
        when.map(|when| match when {
            When::At(at) => at.0.to_string(),
            When::On(day) => day.to_string(),
        })
    };
    let number = |number: &Option<Decimal>| number.map(|number| number.normalize().to_string());
    let all = |object, keys: &Option<Vec<crm_exporter::domain::Key>>| {
        let ids = keys.iter().flatten().filter_map(|key| ids.there(object, key.0));
        let ids: BTreeSet<u64> = ids.collect();
        Some(ids.iter().map(u64::to_string).collect::<Vec<_>>().join(","))
    };
    match &row.record {
        Record::Deal(deal) => {
            text("name", &deal.name);
            text("owner", &link(Object::User, deal.owner));
            text("stage", &link(Object::Stage, deal.stage));
            text("pipeline", &link(Object::Pipeline, deal.pipeline));
            text("amount", &number(&deal.amount));
            text("currency", &deal.currency);
            text("converted_amount", &number(&deal.converted_amount));
            text("closed_at", &when(&deal.closed_at));
            text("lost_reason", &deal.lost_reason);
            text("contacts", &all(Object::Contact, &deal.contacts));
        }
        Record::Contact(contact) => {
            text("title", &contact.title);
            text("owner", &link(Object::User, contact.owner));
        }
        Record::Account(account) => {
            text("name", &account.name);
            text("employees", &account.employees.map(|number| number.to_string()));
        }
        Record::Lead(lead) => {
            text("status", &lead.status);
            text("contact", &link(Object::Contact, lead.contact));
        }
        Record::Activity(activity) => {
            match activity.kind.as_deref() {
                Some("calls") => {
                    text("outcome", &activity.outcome);
                    text("owner", &link(Object::User, activity.owner));
                    text("at", &when(&activity.at));
                }
                Some("meetings") => {
                    text("status", &activity.status);
                    text("at", &when(&activity.at));
                }
                Some("emails") => {
                    text("direction", &activity.direction);
                    text("at", &when(&activity.at));
                }
                _ => {
                    text("status", &activity.status);
                    text("due", &when(&activity.due));
                }
            }
            text("contacts", &all(Object::Contact, &activity.contacts));
            text("deals", &all(Object::Deal, &activity.deals));
            text("accounts", &all(Object::Account, &activity.accounts));
        }
        Record::Goal(goal) => {
            text("target", &number(&goal.target));
            text("owner", &link(Object::User, goal.owner));
        }
        other => panic!("{other:?} is not compared"),
    }
    seen
}

/// Deal, stage and instant of every stage change of the deals that can be read.
fn true_stage_changes(account: &Account) -> BTreeSet<(String, String, i64)> {
    let readable: BTreeSet<String> = expected(account, Kind::Deals).into_iter().map(|(id, _)| id).collect();
    let deals = account.truth(Kind::Deals).filter(|deal| readable.contains(&deal.id().to_string()));
    let changes = deals.flat_map(|deal| {
        let id = deal.id().to_string();
        let history = deal.history("dealstage").into_iter();
        history.filter_map(move |(at, stage)| Some((id.clone(), stage.filter(|stage| !stage.is_empty())?, at.0)))
    });
    changes.collect()
}
