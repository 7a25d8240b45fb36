//! Whatever happens in the CRM arrives.

use crm_exporter::sync::Verdict;

use super::{Act, Subject, figures};

const HOUR: i64 = 3_600_000;

/// After the first load and after each act, once everything that is asked for hourly was asked for, the store equals the
/// CRM and the figures equal those of CSV files.
pub(crate) async fn everything_arrives(subject: &mut impl Subject) {
    let outcome = subject.poll(0).await;
    assert_eq!(outcome.verdict, Verdict::Complete, "first load: {:?}", outcome.errors);
    subject.assert_true();
    figures::assert_equal_those_of_csv(subject, "first load").await;
    for act in Act::ALL {
        let outcome = subject.poll(HOUR).await;
        assert_eq!(outcome.verdict, Verdict::Complete, "before {act:?}: {:?}", outcome.errors);
        subject.act(act);
        let outcome = subject.poll(2 * HOUR).await;
        assert_eq!(outcome.verdict, Verdict::Complete, "{act:?}: {:?}", outcome.errors);
        if act != Act::Garble {
            subject.assert_true();
        }
        // A stage in a file belongs to a pipeline; of one that a CRM does not list, nobody knows to which.
        if ![Act::Garble, Act::NameUnknown].contains(&act) {
            figures::assert_equal_those_of_csv(subject, &format!("{act:?}")).await;
        }
        assert_eq!(outcome.unreadable > 0, act == Act::Garble, "{act:?}");
    }
}
