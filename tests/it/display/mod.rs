//! What people see, as files: those of the repository against the program, and against the rules of what reads them.

mod answers;
mod boards;
mod committed;
mod expressions;
mod routing;
mod rules;

use crm_exporter::app::Shown;
use crm_exporter::display::{self, File};
use crm_exporter::settings::Settings;

/// What is shown by default.
fn shown() -> Shown {
    Shown::new(Settings::default()).unwrap()
}

/// The files that are rendered from the default settings.
fn files() -> Vec<File> {
    display::files(&shown().display())
}
