//! Benchmarks: how a figure spreads among the reps of a role, and which figures rise together with results.
//!
//! Both look at one figure a rep. Which windows there are is the catalogue's matter.

mod figures;
pub mod settings;

use crate::facts::Rules;
use crate::goals::{Resolve, Resolved};
use crate::measures::Fold;
use crate::setting::Problem;

pub use figures::{QUANTILES, RepFigures, Spread, correlation, spreads};

/// What is benchmarked, ready for use.
#[derive(Clone, Default)]
pub struct Benchmarks {
    /// What is measured.
    pub measures: Vec<Resolved>,
    /// What it is compared with.
    pub outcomes: Vec<Resolved>,
    /// Roles that are looked at; none: all.
    pub roles: Vec<String>,
}

impl Benchmarks {
    /// Checks and prepares the settings. Problems name keys of the whole settings.
    pub fn new(settings: &settings::Settings, resolve: Resolve<'_>) -> Result<Benchmarks, Problem> {
        let list = |key: &str, texts: &[String]| {
            let all = resolved(texts, resolve);
            all.map_err(|(index, text)| Problem::new(format!("benchmarks.{key}[{index}]"), text))
        };
        Ok(Benchmarks {
            measures: list("measures", &settings.measures)?,
            outcomes: list("outcomes", &settings.outcomes)?,
            roles: settings.roles.clone(),
        })
    }

    /// What the other settings say against them: words that no rule knows.
    pub fn check(&self, rules: &Rules) -> Result<(), Problem> {
        for (key, list) in [("measures", &self.measures), ("outcomes", &self.outcomes)] {
            let strangers = list.iter().enumerate();
            let mut strangers = strangers.filter_map(|(index, measured)| Some((index, measured.stranger(rules)?)));
            if let Some((index, text)) = strangers.next() {
                return Err(Problem::new(format!("benchmarks.{key}[{index}]"), text));
            }
        }
        Ok(())
    }

    /// Whether a role is looked at.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|own| own == role)
    }
}

/// What a list of selectors stands for; else the place of a wrong one, and what is wrong with it.
fn resolved(texts: &[String], resolve: Resolve<'_>) -> Result<Vec<Resolved>, (usize, String)> {
    let mut all: Vec<Resolved> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let measured = resolve(text).map_err(|text| (index, text))?;
        let name = measured.metric;
        if matches!(measured.measure.fold, Fold::Level(_)) {
            return Err((index, format!("{name} is what stands now and has no window; take a metric with windows")));
        }
        if !measured.measure.has_reps() {
            return Err((index, format!("{name} has too few samples a rep for this statistic; take mean or p50")));
        }
        if all.iter().any(|known| known.selector == measured.selector) {
            return Err((index, format!("`{}` is listed twice; write it once", measured.selector)));
        }
        all.push(measured);
    }
    Ok(all)
}
