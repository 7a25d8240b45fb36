//! What people see and what reaches managers, as files: dashboards, playlists, rules, routing, provisioning.
//!
//! Pure functions of the settings: the same code writes the files of the repository (from the default settings), those of
//! `crm_exporter grafana render`, and what `crm_exporter grafana apply` puts into a Grafana. Queries are PromQL as people
//! write it; tests hold every expression against the catalogue. Whoever wants to see other figures changes a board here,
//! never a figure.

pub mod dashboard;
mod desks;
mod file;
mod gaps;
mod playlists;
mod provisioning;
mod routing;
mod rules;
pub mod settings;
mod walls;
mod yaml;

use indexmap::IndexMap;

use crate::calendar::Calendar;
use crate::domain::Currency;
use crate::goals::settings::Goal;
use crate::setting::Lasting;

pub use dashboard::{Board, Place};
pub use file::File;
pub use gaps::gaps;
pub use rules::check as check_alerts;
pub use yaml::yaml;

/// What of the settings is written into the files.
#[derive(Clone, Copy)]
pub struct Display<'a> {
    /// What money is reported in: a unit in Grafana cannot be a variable.
    pub currency: Currency,
    /// The business time zone, with weeks, fiscal years and working time.
    pub calendar: &'a Calendar,
    /// How often figures change.
    pub refresh_interval: Lasting,
    /// `grafana`.
    pub grafana: &'a settings::Grafana,
    /// `alerts`.
    pub alerts: &'a settings::Alerts,
    /// `goals`.
    pub goals: &'a IndexMap<String, Goal>,
    /// `routing`.
    pub routing: &'a settings::Routing,
}

impl Display<'_> {
    /// Every board: those for the wall, then those for desks.
    pub fn boards(&self) -> Vec<Board> {
        let mut boards = walls::all();
        boards.extend(desks::all());
        boards
    }
}

/// Every file, by path. Those below `grafana/` are for Grafana, those below `deploy/` for what runs beside it.
///
/// The same settings give the same bytes.
pub fn files(display: &Display<'_>) -> Vec<File> {
    let boards = display.boards();
    let mut files: Vec<File> = boards.iter().map(|board| board.file(display)).collect();
    files.extend(playlists::files(&boards));
    files.extend(provisioning::files(display));
    files.extend(rules::files(display));
    files.extend(routing::files(display));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}
