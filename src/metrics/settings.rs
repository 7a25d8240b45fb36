//! The settings that say which figures are exposed, over which windows, and how many series at most.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::benchmarks;
use crate::contests::settings::Contest;
use crate::facts::settings::{CostStep, Deals};
use crate::goals::settings::{Goal, Records, Scorecard};

/// The sections of the settings that say which figures there are.
pub struct Sections<'a> {
    /// `metrics`.
    pub metrics: &'a Settings,
    /// `limits`.
    pub limits: &'a Limits,
    /// `deals`.
    pub deals: &'a Deals,
    /// `costs`.
    pub costs: &'a IndexMap<String, Vec<CostStep>>,
    /// `goals`.
    pub goals: &'a IndexMap<String, Goal>,
    /// `scorecards`.
    pub scorecards: &'a IndexMap<String, Scorecard>,
    /// `records`.
    pub records: &'a Records,
    /// `contests`.
    pub contests: &'a IndexMap<String, Contest>,
    /// `benchmarks`.
    pub benchmarks: &'a benchmarks::settings::Settings,
}

/// `metrics`: which figures are exposed.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Windows per group of metrics.
    pub windows: Windows,
    /// Families that are left out.
    pub disable: Vec<String>,
}

/// `metrics.windows`: names such as `week`, `previous_quarter`, `previous_month_to_date` or `28d`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Windows {
    /// Activities and prospecting.
    pub activities: Vec<String>,
    /// Leads.
    pub leads: Vec<String>,
    /// Deals: counts and values.
    pub deals: Vec<String>,
    /// Deals: ratios, averages, cycles.
    pub deals_ratios: Vec<String>,
    /// The funnel.
    pub funnel: Vec<String>,
    /// Coverage of what is missing to a target: current periods only.
    pub coverage: Vec<String>,
    /// The forecast: current periods only.
    pub forecast: Vec<String>,
    /// Benchmarks and drivers.
    pub benchmarks: Vec<String>,
    /// Key accounts and satisfaction.
    pub accounts: Vec<String>,
    /// Customers: windows that cover a year or more.
    pub customers: Vec<String>,
}

impl Default for Windows {
    fn default() -> Self {
        let names = |text: &str| text.split(' ').map(str::to_owned).collect();
        Windows {
            activities: names("day week month previous_week"),
            leads: names("week month quarter 28d"),
            deals: names(
                "day week month quarter year previous_month previous_month_to_date previous_quarter \
                 previous_quarter_to_date previous_year",
            ),
            deals_ratios: names("quarter year 90d 365d previous_quarter"),
            funnel: names("90d previous_quarter"),
            coverage: names("month quarter"),
            forecast: names("month quarter"),
            benchmarks: names("28d 90d"),
            accounts: names("28d 90d 365d"),
            customers: names("365d previous_year"),
        }
    }
}

/// `limits`: bounds on the number of series.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Series exposed at most; beyond it whole families are left out.
    pub max_series: usize,
    /// Values at most of a label that is free text.
    pub label_values: usize,
    /// Key accounts at most that are shown.
    pub key_accounts: usize,
    /// Deals at most that the families of recent wins show.
    pub recent_wins: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_series: 1_000_000, label_values: 20, key_accounts: 100, recent_wins: 10 }
    }
}
