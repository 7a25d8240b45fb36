//! Faults, the log and the clock of the shared server.

use std::io::Read as _;
use std::time::Duration;

use super::hubspot::{HubSpot, Kind, TOKEN};
use super::{Answer, Clock, Fault, When};

/// Long enough for any answer that comes at all.
const PATIENCE: Duration = Duration::from_secs(30);

fn get(hubspot: &HubSpot, path: &str) -> reqwest::blocking::Response {
    get_within(hubspot, path, PATIENCE)
}

fn get_within(hubspot: &HubSpot, path: &str, patience: Duration) -> reqwest::blocking::Response {
    crate::use_cryptography_of_the_program();
    let client = reqwest::blocking::Client::builder().no_proxy().timeout(patience).build().unwrap();
    client.get(format!("{}{path}", hubspot.url())).bearer_auth(TOKEN).send().unwrap()
}

const OWNERS: &str = "/crm/owners/2026-03";

fn with_owners() -> HubSpot {
    let hubspot = HubSpot::start();
    for number in 0..10 {
        hubspot.account().add_owner("Rep", &number.to_string(), None);
    }
    hubspot
}

#[test]
fn faults_strike_the_requests_that_they_are_planned_for() {
    let hubspot = with_owners();
    hubspot.plan(When::nth(2, "/crm/owners/"), Fault::html(502));
    hubspot.plan(When::first("POST /"), Fault::html(200));
    let statuses: Vec<u16> = (0..3).map(|_| get(&hubspot, OWNERS).status().as_u16()).collect();
    assert_eq!(statuses, [200, 502, 200]);
    hubspot.plan(When::every("/teams"), Fault::html(500));
    hubspot.plan(When::times(2, OWNERS), Fault::Instead(Answer::text(503, "text/plain", "busy")));
    let statuses: Vec<u16> = (0..3).map(|_| get(&hubspot, OWNERS).status().as_u16()).collect();
    assert_eq!(statuses, [503, 503, 200]);
}

#[test]
fn html_comes_with_any_status() {
    let hubspot = with_owners();
    hubspot.plan(When::first(OWNERS), Fault::html(200));
    let answer = get(&hubspot, OWNERS);
    assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, "text/html"));
    assert!(answer.text().unwrap().starts_with("<html>"));
}

#[test]
fn bodies_arrive_slowly_in_part_or_cut() {
    let hubspot = with_owners();
    let whole = get(&hubspot, OWNERS).text().unwrap();
    hubspot.plan(When::nth(1, OWNERS), Fault::slow());
    hubspot.plan(When::nth(2, OWNERS), Fault::broken());
    hubspot.plan(When::nth(3, OWNERS), Fault::stalled());
    hubspot.plan(When::nth(4, OWNERS), Fault::Truncated);
    assert_eq!(get(&hubspot, OWNERS).text().unwrap(), whole);
    // A second is the price of seeing that nothing more comes.
    for patience in [PATIENCE, Duration::from_secs(1)] {
        let mut body = Vec::new();
        let mut answer = get_within(&hubspot, OWNERS, patience);
        assert_eq!(answer.content_length(), Some(whole.len() as u64));
        assert!(answer.read_to_end(&mut body).is_err());
        assert!(body.len() <= whole.len() / 2);
    }
    let cut = get(&hubspot, OWNERS).text().unwrap();
    assert_eq!(cut, whole[..whole.len() / 2]);
}

#[test]
fn something_happens_just_before_an_answer() {
    let hubspot = HubSpot::start();
    hubspot.plan(When::nth(2, "/deals"), Fault::before(hubspot.doing(|account| _ = account.create(Kind::Deals, &[]))));
    let list = "/crm/objects/2026-03/deals";
    let count = || get(&hubspot, list).text().unwrap().matches("\"archived\"").count();
    assert_eq!([count(), count(), count()], [0, 1, 1]);
}

#[test]
fn the_log_tells_what_was_asked_and_no_token() {
    let hubspot = with_owners();
    get(&hubspot, &format!("{OWNERS}?limit=2&email=a%40b"));
    hubspot.clock().advance(1000);
    hubspot.keep_answers();
    get(&hubspot, "/nowhere");
    let log = hubspot.take_log();
    assert_eq!((log[0].line(), log[0].status), (format!("GET {OWNERS}"), 200));
    assert_eq!(log[0].query, [("limit".into(), "2".into()), ("email".into(), "a@b".into())]);
    assert_eq!((log[1].status, log[1].at.millis_since(log[0].at)), (404, 1000));
    assert!(log[0].answer.is_none() && log[1].answer.is_some());
    let lines: Vec<String> = log.iter().map(|entry| entry.to_json().to_string()).collect();
    assert!(lines[0].contains("\"authorized\":true") && !lines.concat().contains(TOKEN));
    assert!(hubspot.take_log().is_empty());
}

#[test]
fn answers_are_dated_by_the_fakes_clock() {
    let hubspot = with_owners();
    let date = || get(&hubspot, OWNERS).headers()["date"].to_str().unwrap().to_owned();
    assert_eq!(date(), "Sat, 21 Nov 2026 17:00:00 GMT");
    hubspot.clock().advance(-10 * 60 * 1000);
    assert_eq!(date(), "Sat, 21 Nov 2026 16:50:00 GMT");
}

#[test]
fn a_clock_that_runs_can_be_moved() {
    let (moved, running) = (Clock::running(), Clock::running());
    moved.advance(-600_000);
    let apart = running.now().millis_since(moved.now());
    assert!((599_000..=600_000).contains(&apart), "{apart}");
}
