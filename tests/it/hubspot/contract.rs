//! HubSpot in the suite that every connector runs.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crm_exporter::domain::Timestamp;
use rust_decimal::Decimal;

use super::{DAY, Floor, MINUTE, SECOND, WIDE, csv};
use crate::contract::faults::Mishap;
use crate::contract::kills::{Killed, age};
use crate::contract::{Act, Happening, Polled, Subject, access, acts, faults, listings, times};
use crate::fake_crm::hubspot::{ALL_SCOPES, Account, HubSpot, Kind, Organisation, Policy, TOKEN, faults as hubspot};
use crate::fake_crm::{Fault, Server};

/// Kinds of which something is deleted.
const KINDS: [Kind; 5] = [Kind::Deals, Kind::Contacts, Kind::Companies, Kind::Leads, Kind::Calls];

/// An OAuth app in place of a token.
const OAUTH: &str = "client_id: app\nclient_secret_file: client_secret\nrefresh_token_file: refresh_token\n\
                     token_state_file: state";

struct Subjected {
    floor: Floor,
    settings: PathBuf,
    /// The token in use.
    token: RefCell<String>,
}

impl Subjected {
    fn new() -> Subjected {
        let subject = Subjected::ahead(0, "token_file: token");
        subject.floor.hub.account().fill(&Organisation { deals: 120, ..Organisation::SMALL });
        subject
    }

    /// Read with an OAuth app.
    fn with_app() -> Subjected {
        let subject = Subjected::ahead(0, OAUTH);
        let mut account = subject.floor.hub.account();
        account.fill(&Organisation { deals: 120, ..Organisation::SMALL });
        account.connect_app("app", "secret", "refresh", &ALL_SCOPES);
        drop(account);
        subject
    }

    /// An empty account, read by a clock so far ahead of its own, with these settings besides.
    fn ahead(millis: i64, settings: &str) -> Subjected {
        let floor = Floor::ahead(millis, settings);
        let settings = floor.directory.path().join("crm_exporter.yml");
        Subjected { floor, settings, token: RefCell::new(TOKEN.to_owned()) }
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

    fn acting(&self, act: Act) -> Happening {
        let hub = self.floor.hub.clone();
        Box::new(move || {
            hub.clock().advance(SECOND);
            perform(&mut hub.account(), act);
        })
    }

    async fn poll(&mut self, millis: i64) -> Polled {
        let (outcome, lines) = self.floor.try_poll_after(millis).await;
        Polled { outcome, requests: lines.len() }
    }

    fn requests_of(&self, act: Act) -> usize {
        let deals = self.floor.hub.account().truth(Kind::Deals).count();
        match act {
            Act::Nothing | Act::Leave => 0,
            // Links to contacts and to companies, and the history.
            Act::ChangeOne | Act::NameUnknown | Act::Garble => 2 + 1,
            Act::ChangeAll => deals / 200 + 2 * deals.div_ceil(1_000) + deals.div_ceil(50),
            // Links and history of deals, and links of three kinds of activity.
            Act::Add => 2 + 1 + 3 * 4,
            Act::Delete => 0,
            // Five kinds are read, with the links of deals, leads and calls, the history of deals and leads, and what has
            // to be known besides deals and calls.
            Act::Undelete => 5 + (2 + 2 + 4) + 2 + 2,
            // Of the deal that has come.
            Act::Merge => 2 + 1,
            Act::Erase => 0,
        }
    }

    fn add_deals(&self, count: usize) {
        let mut account = self.floor.hub.account();
        let long_ago = account.now().plus_millis(-300 * DAY);
        let fields = [("dealname", "a"), ("pipeline", "default"), ("dealstage", "qualifiedtobuy")];
        (0..count).for_each(|_| _ = account.create_at(Kind::Deals, long_ago, &fields));
    }

    fn set_lag(&self, millis: i64) {
        self.floor.hub.account().behaviour.index_lag_millis = millis;
    }

    fn end_credentials(&self) -> Happening {
        let token = self.token.borrow().clone();
        Box::new(self.floor.hub.doing(move |account| {
            account.expire_tokens();
            account.revoke_token(&token);
        }))
    }

    fn replace_token(&self) {
        let token = format!("{}-again", self.token.borrow());
        self.floor.hub.account().add_token(&token, &ALL_SCOPES);
        std::fs::write(self.floor.directory.path().join("token"), &token).unwrap();
        self.token.replace(token);
    }

    fn listings(&self) -> &'static [&'static str] {
        &["GET /crm/objects/", "GET /crm/owners/", "GET /settings/currencies/2026-03/exchange-rates"]
    }

    fn empty_page(&self) -> Fault {
        hubspot::empty_page()
    }

    fn empty_listing(&self) -> Fault {
        hubspot::empty_listing()
    }

    fn used_up(&self) -> Fault {
        hubspot::too_many(Policy::Daily, None)
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
        Act::ChangeOne => {
            let mut truth = account.truth(Kind::Deals);
            let amount = truth.find(|deal| deal.id() == deals[0]).and_then(|deal| deal.property("amount"));
            let other = amount.and_then(|amount| amount.parse().ok()).unwrap_or(Decimal::ZERO) + Decimal::ONE;
            drop(truth);
            account.change(Kind::Deals, deals[0], &[("dealstage", "closedlost"), ("amount", &other.to_string())]);
        }
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
        Act::Erase => KINDS.iter().for_each(|kind| account.erase(*kind, ids(account, *kind, false)[7])),
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
async fn what_is_erased_goes() {
    acts::what_is_erased_goes(&mut Subjected::new()).await;
}

#[tokio::test]
async fn twelve_thousand_changes_of_one_instant_arrive() {
    let mut subject = Subjected::ahead(0, "token_file: token\nobjects: [deals]");
    acts::a_crowd_of_changes_arrives(&mut subject, 12_000).await;
}

#[tokio::test]
async fn what_happens_each_minute_arrives_with_clocks_ten_minutes_apart() {
    for ahead in [-10 * MINUTE, 10 * MINUTE] {
        let mut subject = Subjected::ahead(ahead, "token_file: token");
        subject.floor.hub.account().fill(&Organisation::SMALL);
        times::what_happens_each_minute_arrives(&mut subject).await;
    }
}

#[tokio::test]
async fn what_happens_each_minute_arrives_though_the_search_lags() {
    let mut subject = Subjected::new();
    subject.set_lag(5 * MINUTE);
    times::what_happens_each_minute_arrives(&mut subject).await;
}

#[tokio::test]
async fn what_changes_meanwhile_arrives() {
    times::what_changes_meanwhile_arrives(&mut Subjected::new()).await;
}

#[tokio::test]
async fn a_token_is_replaced() {
    access::a_token_is_replaced(&mut Subjected::new()).await;
}

#[tokio::test]
async fn tokens_are_renewed() {
    access::tokens_are_renewed(&mut Subjected::with_app()).await;
}

#[tokio::test]
async fn a_used_up_day_is_left_alone() {
    access::a_used_up_day_is_left_alone(&mut Subjected::new()).await;
}

#[tokio::test]
async fn an_empty_page_is_not_the_end() {
    listings::an_empty_page_is_not_the_end(&mut Subjected::new()).await;
}

#[tokio::test]
async fn pages_that_lead_nowhere_are_given_up() {
    for fault in [hubspot::repeating_cursor(), hubspot::circling_cursors()] {
        listings::pages_that_lead_nowhere_are_given_up(&mut Subjected::new(), &fault).await;
    }
}

#[tokio::test]
async fn listings_that_are_wrongly_empty_delete_nothing() {
    listings::listings_that_are_wrongly_empty_delete_nothing(&mut Subjected::new()).await;
}

/// Each of these strikes every third and every seventh request.
async fn strike(mishaps: impl IntoIterator<Item = Mishap>) {
    let undisturbed = faults::nothing_fails(&mut Subjected::new()).await;
    for mishap in mishaps {
        for stride in [3, 7] {
            faults::requests_fail(&mut Subjected::new(), &mishap, stride, undisturbed).await;
        }
    }
}

#[tokio::test]
async fn any_request_may_be_refused_for_now() {
    strike([
        Mishap::new("429 with Retry-After", hubspot::too_many(Policy::TenSecondly, Some(0))),
        Mishap { wait: 2, ..Mishap::new("429 without", hubspot::too_many(Policy::Secondly, None)) },
        Mishap { wait: 6, ..Mishap::new("477", hubspot::migrating(5)) },
        Mishap::new("500", hubspot::server_error()),
    ])
    .await;
}

#[tokio::test]
async fn any_answer_may_be_damaged() {
    strike([
        Mishap::new("HTML with 502", Fault::html(502)),
        Mishap::new("HTML with 200", Fault::html(200)),
        Mishap::new("truncated", Fault::Truncated),
        Mishap::new("broken", Fault::broken()),
        Mishap { costs_a_request: false, ..Mishap::new("slow", Fault::slow()) },
    ])
    .await;
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
