//! Somebody who scrapes all the time and bears nothing less than everything.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use crate::daemon::Daemon;
use crate::samples::Samples;

/// Families that are there by any settings of these tests.
const ALWAYS: [&str; 7] = [
    "crm_activities",
    "crm_deals_won",
    "crm_deals_won_value",
    "crm_exporter_build_info",
    "crm_exporter_polls_total",
    "crm_open_deals",
    "crm_rep_info",
];

/// Scrapes on a thread until it is stopped.
pub(super) struct Scraper {
    stop: Arc<AtomicBool>,
    scraping: JoinHandle<usize>,
}

impl Scraper {
    /// Begins. `least` is the number of open deals that the figures never fall below.
    pub(super) fn start(daemon: &Daemon, least: f64) -> Scraper {
        let stop = Arc::new(AtomicBool::new(false));
        let (client, address, stopped) = (daemon.client.clone(), daemon.address.clone(), stop.clone());
        let scraping = thread::spawn(move || {
            let get = |path: &str| client.get(format!("http://{address}{path}")).send().unwrap();
            let mut scrapes = 0;
            while !stopped.load(Ordering::Relaxed) {
                let ready = get("/-/ready");
                assert_eq!(ready.status(), 200, "not ready after {scrapes} scrapes: {}", ready.text().unwrap());
                let response = get("/metrics");
                assert_eq!(response.status(), 200);
                let samples = Samples::read(&response.text().unwrap());
                let missing: Vec<&str> = ALWAYS.into_iter().filter(|name| samples.of(name).is_empty()).collect();
                assert!(missing.is_empty(), "after {scrapes} scrapes: {missing:?}");
                let open = samples.sum("crm_open_deals", &[]);
                assert!(open >= least, "after {scrapes} scrapes: {open} open deals");
                scrapes += 1;
            }
            scrapes
        });
        Scraper { stop, scraping }
    }

    /// Ends. What it met is told by a panic.
    pub(super) fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        match self.scraping.join() {
            Ok(scrapes) => assert!(scrapes > 0),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}
