//! Whatever happens in the CRM arrives, in few requests.

use super::{Act, DAY, HOUR, MINUTE, Subject, figures};

/// So long after an act everything that is asked for hourly has been asked for; what was erased is found within a week.
const fn found_within(act: Act) -> i64 {
    match act {
        Act::Erase => 8 * DAY,
        _ => HOUR,
    }
}

/// After the first load and after each act, once everything was asked for that shows it, the store equals the CRM and the
/// figures equal those of CSV files, and no more was asked for than the act takes.
pub(crate) async fn everything_arrives(subject: &mut impl Subject) {
    subject.poll(0).await.assert_complete("first load");
    subject.assert_true();
    figures::assert_equal_those_of_csv(subject, "first load").await;
    let of_all_listings = subject.poll(8 * DAY).await.requests;
    // All acts together take less than a day, so that none of them has to pay for what is asked for daily.
    let idle = subject.poll(HOUR).await.requests;
    for act in Act::ALL {
        subject.poll(20 * MINUTE).await.assert_complete(&format!("before {act:?}"));
        subject.act(act);
        let polled = subject.poll(found_within(act)).await;
        polled.assert_complete(&format!("{act:?}"));
        let (most, without) = (subject.requests_of(act), if act == Act::Erase { of_all_listings } else { idle });
        assert!(polled.requests <= without + most, "{act:?}: {} requests, {without} and {most}", polled.requests);
        let garbled = [Act::Garble, Act::Erase].contains(&act);
        if !garbled {
            subject.assert_true();
        }
        // A stage in a file belongs to a pipeline; of one that a CRM does not list, nobody knows to which.
        if !garbled && act != Act::NameUnknown {
            figures::assert_equal_those_of_csv(subject, &format!("{act:?}")).await;
        }
        assert_eq!(polled.outcome.unreadable > 0, act == Act::Garble, "{act:?}");
    }
}

/// What is erased for good leaves nothing that tells of it but its absence.
pub(crate) async fn what_is_erased_goes(subject: &mut impl Subject) {
    subject.poll(0).await.assert_complete("first load");
    subject.act(Act::Erase);
    subject.poll(found_within(Act::Erase)).await.assert_complete("erased");
    subject.assert_true();
}

/// More records change within one instant than any listing of changes shows.
pub(crate) async fn a_crowd_of_changes_arrives(subject: &mut impl Subject, deals: usize) {
    subject.add_deals(deals);
    subject.poll(0).await.assert_complete("first load");
    let idle = subject.poll(HOUR).await.requests;
    subject.act(Act::ChangeAll);
    let polled = subject.poll(HOUR).await;
    polled.assert_complete("changed");
    subject.assert_true();
    let most = subject.requests_of(Act::ChangeAll);
    assert!(polled.requests <= idle + most, "{} requests, {idle} and {most}", polled.requests);
    // They are known when they are shown once more.
    let again = subject.poll(MINUTE).await;
    assert!(again.requests < polled.requests / 3, "{} requests after {}", again.requests, polled.requests);
}
