//! Boards for the wall: one question each, answered in five seconds from ten metres.
//!
//! Only stat and bar gauge grow with their panel, so they carry what has to be read. Grafana's kiosk mode shows no title of
//! a board, so its question is a panel of its own. Nobody is shamed: leaders are shown and never the end of a list, and
//! no person is painted in the colour of falling behind.

mod common;
mod pace;

use super::Display;
use super::dashboard::Board;

/// All of them, in the order in which a TV shows them.
pub(super) fn all(_display: &Display<'_>) -> Vec<Board> {
    vec![pace::board()]
}
