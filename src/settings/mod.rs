//! The settings as a whole: composed of the parts that the other modules declare, read from a file, amended by
//! environment variables and flags.
//!
//! What a value means, and whether it makes sense, is decided where it is used; here it is only asked for, so that
//! `crm_exporter check` and the daemon tell every problem at once, with the place where it was written.

mod check;
mod doubts;
mod failure;
mod layers;
mod overrides;
mod parts;
mod source;
mod web;

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Deserialize;

use crate::facts::settings::Readings;
use crate::metrics::settings::Sections;
use crate::setting::Lasting;
use crate::{benchmarks, calendar, contests, display, facts, goals, metrics};

pub use failure::Failure;
pub use layers::DEFAULTS;
pub use overrides::Override;
pub use source::{Source, source_name};
pub use web::{ListenAddress, Web};

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where figures are served.
    pub web: Web,
    /// Where records are kept.
    pub store: Store,
    /// Figures are derived anew at least this often.
    pub refresh_interval: Lasting,
    /// What money is reported in.
    pub currency: facts::settings::Money,
    /// When the floor works, and what a week, a quarter, a year is.
    pub calendar: calendar::Settings,
    /// The sources by name, in the order of the file.
    pub sources: IndexMap<String, Source>,
    /// Who is who.
    pub people: facts::settings::People,
    /// What counts as which activity.
    pub activities: facts::settings::Activities,
    /// How leads are read.
    pub leads: facts::settings::Leads,
    /// Which deals count where.
    pub deals: facts::settings::Deals,
    /// From where on records fail a check.
    pub data_quality: facts::settings::DataQuality,
    /// Which accounts are key accounts.
    pub accounts: facts::settings::Accounts,
    /// What teams cost.
    pub costs: IndexMap<String, Vec<facts::settings::CostStep>>,
    /// What is to be reached.
    pub goals: IndexMap<String, goals::settings::Goal>,
    /// Several goals as one figure.
    pub scorecards: IndexMap<String, goals::settings::Scorecard>,
    /// Personal bests.
    pub records: goals::settings::Records,
    /// Who competes for what.
    pub contests: IndexMap<String, contests::settings::Contest>,
    /// Which figures of reps are compared.
    pub benchmarks: benchmarks::settings::Settings,
    /// Which figures are exposed.
    pub metrics: metrics::settings::Settings,
    /// How many series there may be.
    pub limits: metrics::settings::Limits,
    /// Where the boards are.
    pub grafana: display::settings::Grafana,
    /// When somebody is told.
    pub alerts: display::settings::Alerts,
    /// Whom alerts reach.
    pub routing: display::settings::Routing,
    /// Directory of the settings file: relative paths in the settings start there.
    pub directory: PathBuf,
}

/// `store`: where records are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// The SQLite file. After [`Settings::load`] it needs no directory in front.
    pub path: PathBuf,
}

impl Default for Store {
    fn default() -> Self {
        Store { path: "crm_exporter.db".into() }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            web: Web::default(),
            store: Store::default(),
            refresh_interval: Lasting::seconds(15),
            currency: facts::settings::Money::default(),
            calendar: calendar::Settings::default(),
            sources: IndexMap::new(),
            people: facts::settings::People::default(),
            activities: facts::settings::Activities::default(),
            leads: facts::settings::Leads::default(),
            deals: facts::settings::Deals::default(),
            data_quality: facts::settings::DataQuality::default(),
            accounts: facts::settings::Accounts::default(),
            costs: IndexMap::new(),
            goals: IndexMap::new(),
            scorecards: IndexMap::new(),
            records: goals::settings::Records::default(),
            contests: IndexMap::new(),
            benchmarks: benchmarks::settings::Settings::default(),
            metrics: metrics::settings::Settings::default(),
            limits: metrics::settings::Limits::default(),
            grafana: display::settings::Grafana::default(),
            alerts: display::settings::Alerts::default(),
            routing: display::settings::Routing::default(),
            directory: PathBuf::new(),
        }
    }
}

impl Settings {
    /// Reads `file` over the defaults and `overrides` over both, and checks the whole.
    ///
    /// # Errors
    /// Tells every problem that could be found, not only the first.
    pub fn load(file: &Path, overrides: &[Override]) -> Result<Settings, Failure> {
        let directory = file.parent().map(Path::to_path_buf).unwrap_or_default();
        let layers = layers::read(file, overrides)?;
        let (mut settings, mut problems) = parts::compose(layers.values, directory);
        problems.extend(check::problems(&settings));
        if !problems.is_empty() {
            return Err(Failure::located(file, &layers.places, problems));
        }
        // A path on the command line or in a variable is the shell's, one in the file is the file's.
        if !layers.places.contains_key("store.path") {
            settings.store.path = settings.directory.join(&settings.store.path);
        }
        // Whoever starts exporters from templates writes an empty flag for none.
        settings.web.config_file = settings.web.config_file.filter(|file| !file.as_os_str().is_empty());
        if !layers.places.contains_key("web.config_file") {
            settings.web.config_file = settings.web.config_file.map(|file| settings.directory.join(file));
        }
        Ok(settings)
    }

    /// The sections that say how records are read.
    pub fn readings(&self) -> Readings<'_> {
        Readings {
            activities: &self.activities,
            leads: &self.leads,
            deals: &self.deals,
            data_quality: &self.data_quality,
            accounts: &self.accounts,
            currency: &self.currency,
        }
    }

    /// The sections that say which figures there are.
    pub fn figures(&self) -> Sections<'_> {
        Sections {
            metrics: &self.metrics,
            limits: &self.limits,
            deals: &self.deals,
            costs: &self.costs,
            goals: &self.goals,
            scorecards: &self.scorecards,
            records: &self.records,
            contests: &self.contests,
            benchmarks: &self.benchmarks,
        }
    }
}

#[cfg(test)]
mod tests;
