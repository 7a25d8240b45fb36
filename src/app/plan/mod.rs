//! What changed settings ask for, found by comparing them: nothing is done here.

use super::parts::{Configured, Parts};
use crate::setting::Problem;

/// What is to become of the sources.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// What is to be done about each of the new sources, in their order.
    pub steps: Vec<Step>,
    /// Names of sources that are no longer there.
    pub removed: Vec<String>,
}

/// What is to be done about a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// It was not there: its poller starts.
    Start,
    /// It is asked for the same things: its poller goes on, perhaps at another interval.
    Keep,
    /// Only its name differs, from this one: its poller goes on under the new one.
    Rename(String),
    /// It is asked otherwise. It had this name, perhaps the same: its poller starts anew.
    Restart(String),
}

impl Step {
    /// The name that the source had, which is now called `name`; none if it was not there.
    pub(super) fn former<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        match self {
            Step::Start => None,
            Step::Keep => Some(name),
            Step::Rename(former) | Step::Restart(former) => Some(former),
        }
    }
}

impl Plan {
    /// How to come from the settings `old` to `new`.
    ///
    /// # Errors
    /// The first key whose value cannot change while the program runs.
    pub(super) fn between(old: &Parts, new: &Parts) -> Result<Plan, Problem> {
        for ((key, before), (_, after)) in old.fixed().into_iter().zip(new.fixed()) {
            if before != after {
                let text =
                    format!("cannot change from {before} to {after} while the program runs: restart to change it");
                return Err(Problem::new(key, text));
            }
        }
        let steps = new.sources.iter().map(|source| step(old, new, source)).collect::<Result<Vec<_>, _>>()?;
        let goes_on = |name: &str| {
            let mut sources = new.sources.iter().zip(&steps);
            sources.any(|(source, step)| step.former(&source.name) == Some(name))
        };
        let removed = old.sources.iter().map(|source| &source.name).filter(|name| !goes_on(name)).cloned().collect();
        Ok(Plan { steps, removed })
    }
}

fn step(old: &Parts, new: &Parts, source: &Configured) -> Result<Step, Problem> {
    let named = |name: &str| old.sources.iter().find(|old| old.name == name);
    let former = named(&source.name).or_else(|| source.renamed_from.as_deref().and_then(named));
    let Some(former) = former else { return Ok(Step::Start) };
    if former.kind.name != source.kind.name {
        let (before, after) = (former.kind.name, source.kind.name);
        let text = format!("`{after}` cannot take the place of `{before}`: give the new source another name");
        return Err(Problem::new(format!("sources.{}.kind", source.name), text));
    }
    let name = former.name.clone();
    Ok(match old.asks_as(&name, new, &source.name) {
        false => Step::Restart(name),
        true if name == source.name => Step::Keep,
        true => Step::Rename(name),
    })
}

#[cfg(test)]
mod tests;
