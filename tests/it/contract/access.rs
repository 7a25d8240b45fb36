//! Credentials that end, and a day's requests that are used up.

use std::time::Duration;

use super::{Act, HOUR, MINUTE, Subject};
use crate::fake_crm::{Fault, When};
use crm_exporter::sync::Verdict;

/// A token is taken back in mid-listing: the source stops at once. Once there is another one in its place, everything goes
/// on where it was.
pub(crate) async fn a_token_is_replaced(subject: &mut impl Subject) {
    subject.server().plan(When::nth(5, ""), Fault::before(subject.end_credentials()));
    for (requests, story) in [(5, "taken back"), (1, "not yet replaced")] {
        let polled = subject.poll(MINUTE).await;
        assert_eq!((polled.outcome.verdict, polled.requests), (Verdict::Failed, requests), "{story}");
        assert!(polled.outcome.errors.iter().any(|error| error.ends_poll()), "{:?}", polled.outcome.errors);
    }
    subject.replace_token();
    subject.act(Act::ChangeOne);
    subject.poll(2 * MINUTE).await.assert_complete("replaced");
    subject.poll(2 * MINUTE).await.assert_complete("later");
    subject.assert_true();
}

/// Access tokens end every few requests: each is renewed, and no poll notices.
pub(crate) async fn tokens_are_renewed(subject: &mut impl Subject) {
    subject.server().plan(When::each(7, ""), Fault::before(subject.end_credentials()));
    for act in [Act::Nothing, Act::ChangeAll, Act::Add, Act::Delete, Act::Merge] {
        subject.act(act);
        subject.poll(2 * HOUR).await.assert_complete(&format!("{act:?}"));
        subject.assert_true();
    }
}

/// The CRM says that the requests of the day are used up: it is left alone until it may have some again.
pub(crate) async fn a_used_up_day_is_left_alone(subject: &mut impl Subject) {
    subject.poll(0).await.assert_complete("first load");
    subject.act(Act::ChangeOne);
    subject.server().plan(When::every(""), subject.used_up());
    for requests in [1, 0, 0] {
        let polled = subject.poll(2 * MINUTE).await;
        assert_eq!(
            (polled.outcome.verdict, polled.requests),
            (Verdict::Failed, requests),
            "{:?}",
            polled.outcome.errors
        );
    }
    subject.server().lift();
    // Waiting goes by tokio's time, which jumps, so that nobody waits.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(86_400)).await;
    tokio::time::resume();
    subject.poll(2 * MINUTE).await.assert_complete("the next day");
    subject.assert_true();
}
