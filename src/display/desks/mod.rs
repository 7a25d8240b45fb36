//! Boards for desks: one question each, answered on one screen, for somebody who can choose and click.
//!
//! Tables are welcome here, and names: a manager sees who needs help. Figures are those of the teams that are chosen; what
//! does not add up over teams is shown team by team.

mod accounts;
mod benchmarks;
mod cells;
mod common;
mod executive;
mod exporter;
mod forecast;
mod funnel;
mod leads;
mod manager;
mod quality;
mod quota;
mod rep;
mod tiles;

use super::dashboard::Board;

/// All of them.
pub(super) fn all() -> Vec<Board> {
    vec![
        manager::board(),
        rep::board(),
        funnel::board(),
        leads::board(),
        accounts::board(),
        executive::board(),
        forecast::board(),
        benchmarks::board(),
        quality::board(),
        exporter::board(),
    ]
}
