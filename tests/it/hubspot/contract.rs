//! HubSpot in the suite that every connector runs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crm_exporter::domain::Timestamp;
use crm_exporter::sync::PollOutcome;

use super::{Floor, WIDE, csv};
use crate::contract::kills::{Killed, age};
use crate::contract::{Act, Subject, acts, faults};
use crate::fake_crm::hubspot::{Account, HubSpot, Kind, Organisation, Policy, TOKEN, faults as hubspot};
use crate::fake_crm::{Fault, Server};

/// Kinds of which something is deleted.
const KINDS: [Kind; 5] = [Kind::Deals, Kind::Contacts, Kind::Companies, Kind::Leads, Kind::Calls];

struct Subjected {
    floor: Floor,
    settings: PathBuf,
}

impl Subjected {
    fn new() -> Subjected {
        let floor = Floor::new();
        floor.hub.account().fill(&Organisation { deals: 120, ..Organisation::SMALL });
        let settings = floor.directory.path().join("crm_exporter.yml");
        Subjected { floor, settings }
    }
}

impl Subject for Subjected {
    fn server(&self) -> &Server {
        &self.floor.hub
    }

    fn now(&self) -> Timestamp {
        self.floor.now()
    }

    fn act(&self, act: Act) {
        perform(&mut self.floor.hub.account(), act);
    }

    async fn poll(&mut self, millis: i64) -> PollOutcome {
        self.floor.try_poll_after(millis).await.0
    }

    fn assert_true(&self) {
        self.floor.assert_true();
    }

    fn settings(&self) -> &Path {
        &self.settings
    }

    fn write_csv(&self, directory: &Path) -> String {
        csv::write(&self.floor.hub.account(), directory)
    }

    fn activity_kinds(&self) -> &'static str {
        "{SMS: sms, WHATS_APP: whatsapp, LINKEDIN_MESSAGE: linkedin}"
    }
}

/// The first records of a kind that can be read, the deleted ones or the others.
fn ids(account: &Account, kind: Kind, deleted: bool) -> Vec<u64> {
    let fitting = account.truth(kind).filter(|record| record.archived_at().is_some() == deleted);
    fitting.filter(|record| record.property("amount").as_deref() != Some("N/A")).map(|record| record.id()).collect()
}

fn perform(account: &mut Account, act: Act) {
    let deals = ids(account, Kind::Deals, false);
    match act {
        Act::Nothing => {}
        Act::ChangeOne => account.change(Kind::Deals, deals[0], &[("dealstage", "closedlost"), ("amount", "77.70")]),
        Act::ChangeAll => account.change_all(Kind::Deals, &deals, &[("closed_lost_reason", "Timing")]),
        Act::Add => add(account, deals[1]),
        Act::Delete => KINDS.iter().for_each(|kind| account.archive(*kind, ids(account, *kind, false)[2])),
        Act::Undelete => KINDS.iter().for_each(|kind| account.restore(*kind, ids(account, *kind, true)[0])),
        Act::Merge => {
            for kind in [Kind::Deals, Kind::Contacts, Kind::Companies] {
                let ids = ids(account, kind, false);
                account.merge(kind, ids[3], ids[4]);
            }
        }
        Act::NameUnknown => {
            let fields = [("hubspot_owner_id", "999999"), ("deal_currency_code", "XBT"), ("dealstage", "1234567")];
            account.change(Kind::Deals, deals[5], &fields);
        }
        Act::Garble => account.change(Kind::Deals, deals[6], &[("amount", "a lot")]),
        Act::Leave => {
            let owner = account.owners()[0].id;
            account.leave(owner);
        }
    }
}

fn add(account: &mut Account, deal: u64) {
    let now = account.now().0.to_string();
    let owner = account.owners()[1].id.to_string();
    let company = account.create(Kind::Companies, &[("name", "New")]);
    let contact = account.create(Kind::Contacts, &[("jobtitle", "CEO"), ("hubspot_owner_id", &owner)]);
    let fields = [("dealname", "New"), ("pipeline", "default"), ("dealstage", "qualifiedtobuy"), ("amount", "12")];
    let new = account.create(Kind::Deals, &fields);
    account.link((Kind::Deals, new), (Kind::Companies, company));
    let fields = [("hs_timestamp", now.as_str()), ("hubspot_owner_id", &owner)];
    for kind in [Kind::Calls, Kind::Emails, Kind::Tasks] {
        account.log_activity(kind, &fields, &[(Kind::Deals, deal), (Kind::Contacts, contact)]);
    }
}

#[tokio::test]
async fn everything_arrives() {
    acts::everything_arrives(&mut Subjected::new()).await;
}

#[tokio::test]
async fn any_request_may_fail() {
    for (name, fault) in [
        ("429 with Retry-After", hubspot::too_many(Policy::TenSecondly, Some(0))),
        ("500", hubspot::server_error()),
        ("HTML with 502", Fault::html(502)),
        ("HTML with 200", Fault::html(200)),
        ("truncated", Fault::Truncated),
        ("broken", Fault::broken()),
        ("slow", Fault::slow()),
    ] {
        faults::every_request_fails_once(&mut Subjected::new(), &fault, name, 23).await;
    }
}

#[tokio::test]
async fn a_stalled_body_is_given_up() {
    faults::a_stalled_body_is_given_up(&mut Subjected::new(), "GET /crm/objects/2026-03/deals").await;
}

/// Kills of each of the two stories unless `KILLS` says how many.
const FEW: u32 = 4;

#[test]
fn a_killed_sync_loses_nothing() {
    let hub = HubSpot::start_in_real_time();
    hub.set_limits(WIDE);
    hub.account().fill(&Organisation { deals: 400, activities: 1000, ..Organisation::SMALL });
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("token"), TOKEN).unwrap();
    let settings = directory.path().join("crm_exporter.yml");
    let source = format!("kind: hubspot\n    base_url: {}\n    token_file: token\n    settle: 0s", hub.url());
    std::fs::write(&settings, format!("sources:\n  hub:\n    {source}\n    searches_per_second: 100000\n")).unwrap();
    let killed = Killed::new(&settings, FEW);
    let of_first_loads = killed.repeat(None);
    let loaded = killed.load("loaded");
    age(&loaded, Duration::from_secs(8 * 86_400));
    for act in Act::ALL {
        perform(&mut hub.account(), act);
    }
    let of_increments = killed.repeat(Some(&loaded));
    eprintln!("{of_first_loads} kills of first loads, {of_increments} of increments");
}
