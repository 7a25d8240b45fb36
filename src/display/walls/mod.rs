//! Boards for the wall: one question each, answered in five seconds from ten metres.
//!
//! Only stat and bar gauge grow with their panel, so they carry what has to be read. Grafana's kiosk mode shows no title of
//! a board, so its question is a panel of its own. Nobody is shamed: leaders are shown and never the end of a list, and
//! no person is painted in the colour of falling behind.
//!
//! Boards know no goal by name: they show those that the settings call primary, one a period if boards are to stay calm.

mod common;
mod contest;
mod leaders;
mod pace;
mod quarter;
mod teams;
mod today;
mod wins;

use super::dashboard::Board;

/// All of them, in the order in which a TV shows them.
pub(super) fn all() -> Vec<Board> {
    vec![
        today::board(),
        pace::board(),
        teams::board(),
        leaders::results(),
        leaders::actions(),
        contest::board(),
        wins::board(),
        quarter::board(),
    ]
}
