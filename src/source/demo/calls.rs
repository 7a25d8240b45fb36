//! Calls: whether somebody answers, and how long they last.

use super::activity::{Act, Kind};
use super::random::Dice;

/// A call that was made at an instant.
pub(super) fn call(id: u64, person: usize, at: i64, dice: &mut Dice) -> Act {
    let (outcome, seconds) = match dice.below(100) {
        0..32 => ("connected", dice.between(45, 900)),
        32..76 => ("no_answer", dice.between(8, 30)),
        _ => ("voicemail", dice.between(20, 50)),
    };
    let mut act = Act::done(id, Kind::Call, person, "Call", at, seconds);
    act.outcome = Some(outcome);
    // Customers who call are always spoken to.
    act.inbound = outcome == "connected" && dice.chance(0.15);
    act
}
