//! The cumulative incidence of winning: of the deals that have been in a stage for so long, the share won within some time.
//!
//! The estimator of Aalen and Johansen (1978) with two competing risks, won and lost, from a landmark on: at each close, the
//! share of those still at risk that were won, times the probability of having come so far. Deals that are still open leave
//! the risk set when they are no longer followed. Without such it is the plain share.

use super::history::{Fate, Followed};

/// The share won, and on how many deals it rests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share {
    pub(super) won: f64,
    /// Deals whose fate within the time is known.
    pub(super) deals: f64,
}

/// Of the stays that lasted longer than `age`, the share whose deal was won within the next `left` milliseconds.
///
/// `stays` are in the order of their `until`; closed ones before open ones.
pub(super) fn won_within<'s>(stays: impl Iterator<Item = &'s Followed> + Clone, age: i64, left: i64) -> Share {
    let at_risk = || stays.clone().filter(|stay| stay.stayed > age && stay.until > age);
    let mut remaining = at_risk().count();
    let (mut won, mut surviving, mut deals) = (0.0, 1.0, remaining);
    for stay in at_risk().take_while(|stay| stay.until <= age.saturating_add(left)) {
        match stay.fate {
            Fate::Open => deals -= 1,
            Fate::Won => won += surviving / remaining as f64,
            Fate::Lost => {}
        }
        if stay.fate != Fate::Open {
            surviving *= 1.0 - 1.0 / remaining as f64;
        }
        remaining -= 1;
    }
    Share { won, deals: deals as f64 }
}

#[cfg(test)]
mod tests {
    use super::super::tests::stay;
    use super::*;

    fn share(stays: &[Followed], age: i64, left: i64) -> (f64, f64) {
        let Share { won, deals } = won_within(stays.iter(), age, left);
        ((won * 1e6).round() / 1e6, deals)
    }

    #[test]
    fn without_open_deals_it_is_the_plain_share() {
        let stays = [stay(2, 3, Fate::Lost), stay(2, 5, Fate::Won), stay(4, 6, Fate::Won), stay(4, 9, Fate::Won)];
        assert_eq!(share(&stays, 0, 100), (0.75, 4.0));
        assert_eq!(share(&stays, 0, 6), (0.5, 4.0));
        assert_eq!(share(&stays, 0, 4), (0.0, 4.0));
        // Two had left the stage by then.
        assert_eq!(share(&stays, 3, 3), (0.5, 2.0));
        assert_eq!(share(&stays, 4, 100), (0.0, 0.0));
    }

    #[test]
    fn open_deals_count_as_long_as_they_are_followed() {
        // Of four one is lost on day 1: 3/4 go on. One is followed to day 2 only. Of the two left, one is won on day 3.
        let stays = [stay(1, 1, Fate::Lost), stay(2, 2, Fate::Open), stay(2, 3, Fate::Won), stay(9, 9, Fate::Open)];
        assert_eq!(share(&stays, 0, 3), (0.375, 3.0));
        // From day 1 on: three at risk, of whom one is followed to day 2, and of two one is won.
        assert_eq!(share(&stays, 1, 2), (0.5, 2.0));
    }

    #[test]
    fn deals_closed_at_once_weigh_the_same_in_any_order() {
        let won = [stay(1, 4, Fate::Won), stay(1, 4, Fate::Lost), stay(1, 4, Fate::Lost), stay(1, 6, Fate::Won)];
        let lost = [won[1], won[0], won[2], won[3]];
        assert_eq!(share(&won, 0, 4), (0.25, 4.0));
        assert_eq!(share(&lost, 0, 4), (0.25, 4.0));
    }
}
