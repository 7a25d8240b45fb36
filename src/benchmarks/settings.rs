//! The settings of benchmarks.

use serde::Deserialize;

/// `benchmarks`: which figures of reps are compared.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What is measured, as in `goals.*.measure`.
    pub measures: Vec<String>,
    /// What it is held against, to see what rises together.
    pub outcomes: Vec<String>,
    /// Roles that are looked at; none named: all.
    pub roles: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let outcomes = ["crm_deals_won_value", "crm_win_ratio"].map(str::to_owned).to_vec();
        Settings { measures: Vec::new(), outcomes, roles: Vec::new() }
    }
}
