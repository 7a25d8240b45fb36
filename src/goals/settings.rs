//! The settings of goals, scorecards and records.

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::Deserialize;

use crate::setting::{self, Number};

/// `goals.*`: what is to be reached, by whom, in which period.
#[derive(Debug, Clone, Deserialize, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Goal {
    /// What is measured: a metric, and labels that must have a value, such as `crm_activities{kind="call"}`.
    pub measure: String,
    /// The period: `day`, `week`, `month`, `quarter` or `year`.
    pub window: String,
    /// What is to be reached.
    pub target: Target,
    /// Targets that hold from a date on, in place of `target` as a whole.
    pub effective: Vec<Step>,
    /// Shares of the target in the first, second ... month after the start date.
    pub ramp: Vec<Number>,
    /// How much is expected while the period runs.
    pub pace: Pace,
    /// Whether less is better.
    pub lower_is_better: bool,
    /// What people call it; else its name.
    pub title: Option<String>,
    /// Whether boards show it first.
    pub primary: bool,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is for.
    pub objective: Option<String>,
    /// When it was last asked whether it is still the right goal.
    #[serde(deserialize_with = "setting::some_day")]
    pub reviewed_on: Option<NaiveDate>,
}

/// `goals.*.target`: in units of the measure (values in the reporting currency, durations in seconds, ratios 0 to 1).
#[derive(Debug, Clone, Deserialize, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Target {
    /// Of every rep for whom nothing else is said.
    pub default: Option<Number>,
    /// Of reps with a role.
    pub roles: IndexMap<String, Number>,
    /// Of each rep of a team.
    pub teams: IndexMap<String, Number>,
    /// Of single reps, by e-mail address.
    pub reps: IndexMap<String, Number>,
    /// Of teams as a whole; else the sum of their reps'.
    pub team_totals: IndexMap<String, Number>,
    /// Of the organisation as a whole; else the sum of all reps'.
    pub org: Option<Number>,
    /// The source whose own targets (quotas) count.
    pub source: Option<String>,
    /// Which of its targets count, by the CRM's name of them; else all.
    pub quota: Option<String>,
}

/// `goals.*.effective[]`
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// First day.
    #[serde(deserialize_with = "setting::day")]
    pub from: NaiveDate,
    /// What is to be reached from then on.
    pub target: Target,
}

/// `goals.*.pace`
#[derive(Debug, Clone, Copy, Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// As much of the target as has passed of the working time.
    #[default]
    Linear,
    /// As much as usually was reached by then.
    History,
}

/// `scorecards.*`: one figure for several goals.
#[derive(Debug, Clone, Deserialize, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Scorecard {
    /// Roles that have it; none named: all.
    pub roles: Vec<String>,
    /// Goals with their weights.
    pub weights: IndexMap<String, Number>,
    /// No goal counts for more than this.
    pub cap: Option<Number>,
}

/// `records`: personal bests.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Records {
    /// What is measured: sums, as in `goals.*.measure`.
    pub measures: Vec<String>,
    /// The periods whose best is kept.
    pub windows: Vec<String>,
}

impl Default for Records {
    fn default() -> Self {
        Records { measures: vec!["crm_deals_won_value".to_owned()], windows: vec!["month".to_owned()] }
    }
}
