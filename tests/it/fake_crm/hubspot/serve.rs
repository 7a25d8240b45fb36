//! The fake as a program of its own, so that other programs can be measured against it: `benches/hubspot.sh` starts it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, Write as _};

use super::{HubSpot, Kind, Limits, Organisation, TOKEN};

/// So many that no reader comes near, but told by headers: without these, readers keep to a pace of their own.
const WIDE: Limits =
    Limits { burst: Some(10_000_000), oauth_burst: Some(10_000_000), daily: None, searches: None, retry_after: None };

/// How many of something are asked for by the environment.
fn wanted(name: &str) -> usize {
    std::env::var(name).map_or(0, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// Writes its address, token and numbers of records to the standard output, and answers until its input ends. Each line
/// of input is answered by the number of requests since the last, by path.
#[test]
#[ignore = "serves until its input ends: benches/hubspot.sh runs it"]
fn serve() {
    let hubspot = HubSpot::start_in_real_time();
    hubspot.set_limits(WIDE);
    hubspot.account().fill(&Organisation {
        seed: 1,
        owners: wanted("OWNERS"),
        deals: wanted("DEALS"),
        contacts: wanted("CONTACTS"),
        companies: wanted("COMPANIES"),
        leads: wanted("LEADS"),
        // Every fifth is a note, which is no activity that is measured.
        activities: wanted("ACTIVITIES") / 4 * 5,
    });
    println!("\nurl {}\ntoken {TOKEN}", hubspot.url());
    for kind in Kind::ALL {
        println!("holds {} {}", kind.name(), hubspot.account().truth(kind).count());
    }
    let stages: usize = hubspot.account().truth(Kind::Deals).map(|deal| deal.history("dealstage").len()).sum();
    println!("holds stages-of-deals {stages}\nready");
    for line in std::io::stdin().lock().lines() {
        line.unwrap();
        report(&hubspot);
    }
}

/// Tells what was asked for, ids left out.
fn report(hubspot: &HubSpot) {
    let mut counts = BTreeMap::<String, usize>::new();
    for entry in hubspot.take_log() {
        *counts.entry(format!("{} {}", entry.status, entry.line())).or_default() += 1;
    }
    for (line, count) in &counts {
        println!("asked {count} {line}");
    }
    println!("asked {} in all", counts.values().sum::<usize>());
    std::io::stdout().flush().unwrap();
}
