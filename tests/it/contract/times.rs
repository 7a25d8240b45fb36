//! Clocks, and things that happen while something else is asked for.

use super::{Act, HOUR, MINUTE, Subject};
use crate::fake_crm::{Fault, When};

/// Something changes or is added every minute and is asked for as often; at last everything is there. For clocks that are
/// apart, and for CRMs that find what was changed only after a while.
pub(crate) async fn what_happens_each_minute_arrives(subject: &mut impl Subject) {
    subject.poll(0).await.assert_complete("first load");
    for minute in 0..30 {
        subject.act(if minute % 2 == 0 { Act::Add } else { Act::ChangeOne });
        subject.poll(MINUTE).await.assert_complete("meanwhile");
    }
    for _ in 0..15 {
        subject.poll(MINUTE).await.assert_complete("afterwards");
    }
    subject.assert_true();
}

/// A record changes again and again while everything is read for the first time, and while changes are.
pub(crate) async fn what_changes_meanwhile_arrives(subject: &mut impl Subject) {
    for after in [0, 2 * MINUTE, HOUR] {
        subject.server().plan(When::each(3, ""), Fault::before(subject.acting(Act::ChangeOne)));
        subject.poll(after).await.assert_complete("meanwhile");
        subject.server().lift();
    }
    subject.poll(2 * MINUTE).await.assert_complete("afterwards");
    subject.assert_true();
}
