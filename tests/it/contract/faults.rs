//! Whatever request fails, and however: the next try, or the next poll, goes on, and nothing is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crm_exporter::sync::Verdict;

use super::{Act, Subject};
use crate::fake_crm::{Fault, When};

const HOUR: i64 = 3_600_000;

/// Connectors wait less.
const LONGER_THAN_ANY_BODY: Duration = Duration::from_secs(600);

/// A fault strikes request after request, from the first one of the first load on: each only once, so that whatever is
/// read must stand it. `stride` is the distance between two of them.
///
/// Polls whose patience ends are repeated; what they had read stays.
pub(crate) async fn every_request_fails_once(subject: &mut impl Subject, fault: &Fault, name: &str, stride: usize) {
    for nth in (1..2_000).step_by(stride) {
        subject.server().plan(When::nth(nth, ""), fault.clone());
    }
    let mut polls = 0;
    for act in [Act::Nothing, Act::ChangeAll, Act::Add, Act::Delete, Act::Merge] {
        subject.act(act);
        loop {
            let outcome = subject.poll(2 * HOUR).await;
            if outcome.verdict == Verdict::Complete {
                break;
            }
            polls += 1;
            assert!(polls < 20, "{name}, {act:?}: {:?}", outcome.errors);
        }
        subject.assert_true();
    }
}

/// The body of an answer stops in the middle and the connection stays: the time allowed for it ends the wait. `request` is
/// one of the first load's.
///
/// Time is tokio's, which jumps once the answer is under way, so that nobody waits.
pub(crate) async fn a_stalled_body_is_given_up(subject: &mut impl Subject, request: &str) {
    let stalled = Arc::new(AtomicBool::new(false));
    let seen = stalled.clone();
    subject.server().plan(When::first(request), Fault::stalled_after(move || seen.store(true, Ordering::SeqCst)));
    let jump = async {
        while !stalled.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::pause();
        tokio::time::advance(LONGER_THAN_ANY_BODY).await;
        tokio::time::resume();
    };
    let (outcome, ()) = tokio::join!(subject.poll(0), jump);
    assert_eq!(outcome.verdict, Verdict::Complete, "{:?}", outcome.errors);
    subject.assert_true();
}
