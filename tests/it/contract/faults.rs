//! Whatever request fails, and however: it is repeated, and nothing is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{advance, pause, resume, sleep};

use super::{Act, HOUR, Polled, Subject};
use crate::fake_crm::{Fault, When};

/// Connectors wait less.
const LONGER_THAN_ANY_BODY: Duration = Duration::from_secs(600);

const ACTS: [Act; 5] = [Act::Nothing, Act::ChangeAll, Act::Add, Act::Delete, Act::Merge];

/// Something that passes when a request is sent again.
pub(crate) struct Mishap {
    /// For messages.
    pub(crate) name: &'static str,
    pub(crate) fault: Fault,
    /// Whether the request has to be sent again.
    pub(crate) costs_a_request: bool,
    /// How many seconds the connector waits before that.
    pub(crate) wait: u32,
}

impl Mishap {
    /// One after which the request is sent again at once.
    pub(crate) fn new(name: &'static str, fault: Fault) -> Mishap {
        Mishap { name, fault, costs_a_request: true, wait: 0 }
    }
}

/// How many requests the story of [`requests_fail`] takes when none of them fails.
pub(crate) async fn nothing_fails(subject: &mut impl Subject) -> usize {
    let mut requests = 0;
    for act in ACTS {
        subject.act(act);
        let polled = subject.poll(2 * HOUR).await;
        polled.assert_complete(&format!("{act:?}"));
        requests += polled.requests;
    }
    requests
}

/// The first request fails and then each `stride`th, whatever it is. No poll notices, the store equals the truth, and
/// nothing is asked for beside the requests that failed: `undisturbed` is what [`nothing_fails`] took.
pub(crate) async fn requests_fail(subject: &mut impl Subject, mishap: &Mishap, stride: usize, undisturbed: usize) {
    let (strikes, mut requests) = (Arc::new(AtomicUsize::new(0)), 0);
    let count = strikes.clone();
    let fault = mishap.fault.clone().after(move || _ = count.fetch_add(1, Ordering::SeqCst));
    subject.server().plan(When::each(stride, ""), fault);
    for act in ACTS {
        subject.act(act);
        let polled = hurried(subject.poll(2 * HOUR), &strikes, mishap.wait).await;
        polled.assert_complete(&format!("{} of each {stride}, {act:?}", mishap.name));
        requests += polled.requests;
        subject.assert_true();
    }
    let struck = strikes.load(Ordering::SeqCst);
    let repeated = if mishap.costs_a_request { struck } else { 0 };
    assert!(struck >= undisturbed / stride, "{struck} strikes");
    assert_eq!(requests, undisturbed + repeated, "{} of each {stride}: {struck} strikes", mishap.name);
}

/// Polls while time jumps by so many seconds after each strike, so that nobody waits. Time is tokio's.
async fn hurried(poll: impl Future<Output = Polled>, strikes: &AtomicUsize, seconds: u32) -> Polled {
    let jumps = async {
        let mut passed = strikes.load(Ordering::SeqCst);
        loop {
            sleep(Duration::from_millis(1)).await;
            let struck = strikes.load(Ordering::SeqCst);
            // The answer may still be under way, so time must not jump over the wait at once.
            for _ in 0..if struck > passed { seconds } else { 0 } {
                sleep(Duration::from_millis(1)).await;
                pause();
                advance(Duration::from_secs(1)).await;
                resume();
            }
            passed = struck;
        }
    };
    tokio::select! {
        polled = poll => polled,
        () = jumps => unreachable!("jumps go on as long as they are let"),
    }
}

/// The body of an answer stops in the middle and the connection stays: the time allowed for it ends the wait. `request` is
/// one of the first load's.
///
/// Time is tokio's, which jumps once the answer is under way, so that nobody waits.
pub(crate) async fn a_stalled_body_is_given_up(subject: &mut impl Subject, request: &str) {
    let stalled = Arc::new(AtomicBool::new(false));
    let seen = stalled.clone();
    let fault = Fault::stalled().after(move || seen.store(true, Ordering::SeqCst));
    subject.server().plan(When::first(request), fault);
    let jump = async {
        while !stalled.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(1)).await;
        }
        pause();
        advance(LONGER_THAN_ANY_BODY).await;
        resume();
    };
    let (polled, ()) = tokio::join!(subject.poll(0), jump);
    polled.assert_complete("stalled");
    subject.assert_true();
}
