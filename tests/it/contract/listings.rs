//! Listings that are not what they should be: of records, bins, ids and people alike.

use super::{Act, DAY, HOUR, Subject};
use crate::fake_crm::{Fault, When};
use crm_exporter::sync::Verdict;

/// Acts, and after how long whatever lists something has listed them.
const STORY: [(Act, i64); 5] =
    [(Act::Nothing, 0), (Act::Delete, HOUR), (Act::Undelete, HOUR), (Act::Leave, HOUR), (Act::Erase, 8 * DAY)];

/// Requests for each stream that leads nowhere, until that is noticed.
const NOTICED: usize = 60;

/// Every second page of every listing has no record in it, and yet there are more.
pub(crate) async fn an_empty_page_is_not_the_end(subject: &mut impl Subject) {
    plan(subject, 2, &subject.empty_page());
    for (act, after) in STORY {
        subject.act(act);
        subject.poll(after).await.assert_complete(&format!("{act:?}"));
        subject.assert_true();
    }
}

/// No listing ever comes to its end, since by `fault` its pages lead to themselves or round in a circle: streams are given
/// up before long, and lose nothing.
pub(crate) async fn pages_that_lead_nowhere_are_given_up(subject: &mut impl Subject, fault: &Fault) {
    for (act, after) in STORY {
        subject.act(act);
        plan(subject, 1, fault);
        let polled = subject.poll(after).await;
        assert_eq!(polled.outcome.verdict, Verdict::Failed, "{act:?}");
        let chains: Vec<String> = polled.outcome.errors.iter().map(|error| error.chain()).collect();
        assert!(chains.iter().all(|chain| chain.contains("makes no headway")), "{act:?}: {chains:#?}");
        assert!(polled.requests <= NOTICED * chains.len(), "{act:?}: {} requests", polled.requests);
        subject.server().lift();
        subject.poll(after).await.assert_complete(&format!("after {act:?}"));
        subject.assert_true();
    }
}

/// All listings show nothing at all for a while: nothing is taken for deleted because of that.
pub(crate) async fn listings_that_are_wrongly_empty_delete_nothing(subject: &mut impl Subject) {
    subject.poll(0).await.assert_complete("first load");
    subject.act(Act::Delete);
    subject.poll(HOUR).await.assert_complete("some are deleted");
    plan(subject, 1, &subject.empty_listing());
    for _ in 0..2 {
        subject.poll(8 * DAY).await;
        subject.assert_true();
    }
    subject.server().lift();
    subject.act(Act::Erase);
    subject.poll(8 * DAY).await.assert_complete("some are erased");
    subject.assert_true();
}

fn plan(subject: &impl Subject, stride: usize, fault: &Fault) {
    for listing in subject.listings() {
        subject.server().plan(When::each(stride, listing), fault.clone());
    }
}
