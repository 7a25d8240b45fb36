//! A win while the daemon runs: it is noticed by the next poll, once and for all.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::daemon::{Daemon, floor, until};
use crate::exports;
use crate::samples::Samples;

const NOTICED: &str = "crm_recent_win_noticed_timestamp_seconds";

/// The floor's deals, and one more that is younger than all of them.
fn deals_and(stage: &str, amount: u32) -> String {
    exports::deals(0..50) + &format!("d900,u0,{stage},{amount},2025-12-01,2025-12-31,\n")
}

fn seconds_now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

/// When a win was noticed; none but that of the one more deal is.
fn noticed(daemon: &Daemon) -> Option<f64> {
    let samples = Samples::read(&daemon.metrics());
    assert!(samples.of(NOTICED).len() <= 1);
    samples.value(NOTICED, &[("deal", "deal d900"), ("account", "unknown"), ("team", "Team 0"), ("rep", "Rep 0")])
}

fn worth(daemon: &Daemon) -> f64 {
    Samples::read(&daemon.metrics()).sum("crm_recent_win_value", &[("deal", "deal d900")])
}

#[test]
fn a_win_is_noticed_by_the_poll_that_brings_it() {
    let (_directory, exports, store) = floor();
    exports.write_settled("deals.csv", &exports::deals(0..50));
    let daemon = Daemon::start_ready(&exports, &store);
    let first = Samples::read(&daemon.metrics());
    assert_eq!((first.of("crm_recent_win_value").len(), first.of(NOTICED).len()), (10, 0), "wins of the first load");

    let before = seconds_now();
    exports.write_settled("deals.csv", &deals_and("Won", 500));
    let at = until("the win", || noticed(&daemon));
    assert!(before <= at && at <= seconds_now(), "{before} {at}");

    // Killed, so that only what was committed is there.
    drop(daemon);
    let daemon = Daemon::start_ready(&exports, &store);
    assert_eq!(noticed(&daemon), Some(at));
    exports.write_settled("deals.csv", &deals_and("Won", 700));
    until("the new amount", || (worth(&daemon) == 700.0).then_some(()));
    assert_eq!(noticed(&daemon), Some(at));

    exports.write_settled("deals.csv", &deals_and("Talk", 700));
    until("the deal to be open", || noticed(&daemon).is_none().then_some(()));
    exports.write_settled("deals.csv", &deals_and("Won", 700));
    let again = until("the deal to be won again", || noticed(&daemon));
    assert!(again > at, "{at} {again}");
}
