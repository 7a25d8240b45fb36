//! What figures of one snapshot share: the facts at an instant, the windows, and the settings of figures.

use chrono::NaiveDate;
use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::Group;
use super::settings::{Limits, Settings};
use crate::calendar::{ParseWindowError, Window};
use crate::facts::View;
use crate::facts::settings::CostStep;
use crate::setting::{self, Problem};

/// The settings of figures, ready for use.
#[derive(Debug, Clone)]
pub struct Options {
    activities: Vec<Window>,
    deals: Vec<Window>,
    deals_ratios: Vec<Window>,
    funnel: Vec<Window>,
    disabled: Vec<String>,
    /// Bounds on the number of series.
    pub limits: Limits,
    /// What teams cost a month, by name, each from a date on, oldest first.
    pub costs: IndexMap<String, Vec<(NaiveDate, Decimal)>>,
}

impl Options {
    /// Checks and prepares the settings. Problems name keys of the whole settings.
    pub fn new(
        settings: &Settings,
        limits: &Limits,
        costs: &IndexMap<String, Vec<CostStep>>,
    ) -> Result<Options, Problem> {
        let windows = |group: &str, names: &[String]| {
            let key = format!("metrics.windows.{group}");
            let mut windows: Vec<Window> = Vec::new();
            for (index, name) in names.iter().enumerate() {
                let problem = |text: String| Problem::new(format!("{key}[{index}]"), text);
                let window = name.parse().map_err(|error: ParseWindowError| problem(error.to_string()))?;
                if windows.contains(&window) {
                    return Err(problem(format!("`{name}` is listed twice; write it once")));
                }
                windows.push(window);
            }
            let most = crate::measures::Spans::MAX;
            match windows.len() > most {
                true => Err(Problem::new(&key, format!("{} windows are more than the {most} possible", windows.len()))),
                false => Ok(windows),
            }
        };
        for (index, name) in settings.disable.iter().enumerate() {
            if super::find(name).is_none() {
                return Err(Problem::new(format!("metrics.disable[{index}]"), unknown_metric(name)));
            }
        }
        let step = |step: &CostStep| (step.from, step.monthly.0);
        let costs = costs.iter().map(|(team, steps)| {
            let mut steps: Vec<_> = steps.iter().map(step).collect();
            steps.sort_by_key(|(from, _)| *from);
            (team.clone(), steps)
        });
        Ok(Options {
            activities: windows("activities", &settings.windows.activities)?,
            deals: windows("deals", &settings.windows.deals)?,
            deals_ratios: windows("deals_ratios", &settings.windows.deals_ratios)?,
            funnel: windows("funnel", &settings.windows.funnel)?,
            disabled: settings.disable.clone(),
            limits: limits.clone(),
            costs: costs.collect(),
        })
    }

    /// The windows of a group.
    pub fn windows(&self, group: Group) -> &[Window] {
        match group {
            Group::Now => &[],
            Group::Activities => &self.activities,
            Group::Deals => &self.deals,
            Group::DealRatios => &self.deals_ratios,
            Group::Funnel => &self.funnel,
        }
    }

    /// Whether a family is to be left out.
    pub fn is_disabled(&self, name: &str) -> bool {
        self.disabled.iter().any(|disabled| disabled == name)
    }
}

fn unknown_metric(name: &str) -> String {
    match setting::nearest(name, super::catalogue().map(|metric| metric.name)) {
        Some(near) => format!("there is no metric `{name}`; did you mean `{near}`?"),
        None => format!("there is no metric `{name}`; `crm_exporter metrics` shows them all"),
    }
}

/// What figures of one snapshot share.
pub struct Frame<'a> {
    /// The facts at the instant.
    pub view: &'a View<'a>,
    /// The settings.
    pub options: &'a Options,
}
