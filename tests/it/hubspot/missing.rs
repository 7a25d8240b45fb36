//! What is deleted, restored, merged or erased.

use crm_exporter::domain::Object;

use super::{DAY, Floor, HOUR, MINUTE};
use crate::fake_crm::hubspot::{Kind, Organisation};

async fn loaded() -> Floor {
    let mut floor = Floor::new();
    floor.hub.account().fill(&Organisation::SMALL);
    floor.poll_after(0).await;
    floor
}

const KINDS: [Kind; 9] = [
    Kind::Deals,
    Kind::Contacts,
    Kind::Companies,
    Kind::Leads,
    Kind::Calls,
    Kind::Meetings,
    Kind::Emails,
    Kind::Tasks,
    Kind::GoalTargets,
];

fn first(floor: &Floor, kind: Kind) -> u64 {
    floor.hub.account().truth(kind).next().unwrap().id()
}

#[tokio::test]
async fn what_is_put_into_the_bin_is_gone_within_the_hour_and_back_when_restored() {
    let mut floor = loaded().await;
    floor.hub.clock().advance(20 * MINUTE);
    let ids = KINDS.map(|kind| (kind, first(&floor, kind)));
    for (kind, id) in ids {
        floor.hub.account().archive(kind, id);
    }
    floor.poll_after(HOUR).await;
    floor.assert_true();
    for (kind, id) in ids {
        floor.hub.account().restore(kind, id);
    }
    let lines = floor.poll_after(HOUR).await;
    floor.assert_true();
    // One request for each type of which something had left its bin, and the history of the deal and the lead.
    let batches = lines.iter().filter(|line| line.contains("/crm/objects/") && line.contains("/batch/read"));
    assert_eq!(batches.count(), 9 + 2, "{lines:#?}");
    floor.hub.account().change(Kind::Deals, ids[0].1, &[("amount", "3")]);
    floor.poll_after(2 * MINUTE).await;
    floor.assert_true();
}

#[tokio::test]
async fn what_lay_in_the_bin_before_the_first_load_comes_back_with_its_history() {
    let mut floor = Floor::with("objects: [deals]");
    let deal = {
        let mut account = floor.hub.account();
        let deal = account.create(Kind::Deals, &[("dealname", "a"), ("dealstage", "qualifiedtobuy")]);
        account.archive(Kind::Deals, deal);
        deal
    };
    floor.poll_after(HOUR).await;
    assert!(floor.live(Object::Deal).is_empty());
    floor.hub.account().restore(Kind::Deals, deal);
    floor.poll_after(HOUR).await;
    assert_eq!(floor.live(Object::Deal), [deal.to_string()]);
    floor.assert_true();
}

#[tokio::test]
async fn what_is_erased_is_found_by_its_absence() {
    let mut floor = loaded().await;
    floor.hub.clock().advance(HOUR);
    for kind in KINDS {
        let id = first(&floor, kind);
        floor.hub.account().erase(kind, id);
    }
    // Deals within a day, the rest within a week.
    floor.poll_after(DAY).await;
    let deals = floor.hub.account().truth(Kind::Deals).count();
    assert_eq!(floor.live(Object::Deal).len(), deals - unreadable(&floor));
    floor.poll_after(7 * DAY).await;
    floor.assert_true();
}

/// Deals whose amount is no number.
fn unreadable(floor: &Floor) -> usize {
    let account = floor.hub.account();
    account.truth(Kind::Deals).filter(|deal| deal.property("amount").as_deref() == Some("N/A")).count()
}

#[tokio::test]
async fn what_is_merged_is_held_once() {
    let mut floor = loaded().await;
    floor.hub.clock().advance(HOUR);
    let merged: Vec<(Kind, Vec<u64>)> = [Kind::Deals, Kind::Contacts, Kind::Companies]
        .into_iter()
        .map(|kind| {
            let mut account = floor.hub.account();
            let readable = |amount: Option<String>| amount.is_none_or(|amount| amount != "N/A");
            let ids: Vec<u64> = account
                .truth(kind)
                .filter(|record| readable(record.property("amount")))
                .map(|record| record.id())
                .take(3)
                .collect();
            let survivor = account.merge(kind, ids[0], ids[1]);
            let survivor = account.merge(kind, survivor, ids[2]);
            (kind, ids.into_iter().filter(|id| *id != survivor).collect())
        })
        .collect();
    floor.poll_after(2 * MINUTE).await;
    floor.assert_true();
    for (kind, ids) in merged {
        let object = match kind {
            Kind::Deals => Object::Deal,
            Kind::Contacts => Object::Contact,
            _ => Object::Account,
        };
        for id in ids {
            let rows = floor.rows(object);
            let row = rows.iter().find(|row| row.id == id.to_string()).unwrap();
            assert!(!row.live && row.merged_into.is_some(), "{kind:?} {id}");
        }
    }
}

#[tokio::test]
async fn owners_who_leave_stay_known() {
    let mut floor = Floor::with("objects: [deals]");
    let owner = floor.hub.account().add_owner("Ana", "Silva", None);
    floor.poll_after(0).await;
    floor.hub.account().leave(owner);
    floor.poll_after(HOUR).await;
    let rows = floor.rows(Object::User);
    let crm_exporter::domain::Record::User(user) = &rows[0].record else { panic!("{rows:?}") };
    assert_eq!((rows[0].live, user.active, user.name.as_deref()), (true, Some(false), Some("Ana Silva")));
}
