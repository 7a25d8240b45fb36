//! What is asked for, and whether it can be told.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};

use crate::app::once::{Instant, Stored};
use crate::app::parts::Parts;
use crate::domain::{Object, Timestamp, When};
use crate::facts::View;
use crate::reports::backfill::Instants;
use crate::setting::Lasting;

/// Prometheus holds the last hours in memory (its head: one and a half times two hours). A block that reaches into them
/// makes it forget, at its next start, what it has scraped before the block's end.
const HEAD_MILLIS: i64 = 3 * 3_600_000;

/// Which past is asked for.
#[derive(Debug, Clone)]
pub struct PastAsked {
    /// The first instant, or the beginning of the first day in the business zone.
    pub from: When,
    /// The last instant, or the end of the last day.
    pub to: When,
    /// From one instant to the next.
    pub step: Lasting,
    /// The directory of the files.
    pub output: PathBuf,
    /// Which series, as [`crate::reports::backfill::Choice`] reads it.
    pub metrics: Vec<String>,
    /// Labels for every series, by name and value.
    pub labels: Vec<(String, String)>,
}

impl PastAsked {
    /// The instants.
    pub(super) fn instants(&self, parts: &Parts) -> anyhow::Result<Instants> {
        let from = parts.calendar.instant(self.from);
        let to = Instant::At(self.to).of(parts);
        Ok(Instants::new(from, to, self.step.millis())?)
    }
}

/// Fails unless there are records of the first instant, and the last one has passed for the records and for Prometheus.
pub(super) fn check(instants: &Instants, stored: &Stored, parts: &Arc<Parts>, now: Timestamp) -> anyhow::Result<()> {
    let polled_at = stored.coverage.polled_at.context("nothing has been polled yet: run `crm_exporter sync` first")?;
    let view = View::new(&stored.facts, &parts.people, &stored.coverage, instants.first());
    let firsts = [Object::Deal, Object::Lead, Object::Activity].into_iter().filter_map(|object| view.first(object));
    let Some(begin) = firsts.min() else { bail!("there are no deals, leads or activities: nothing can be told") };
    if instants.first() < begin {
        bail!("the records begin at {begin}: take that or a later instant for --from");
    }
    let latest = polled_at.plus_millis(-1).min(now.plus_millis(-HEAD_MILLIS));
    if instants.last() > latest {
        bail!(
            "{} is too late: the records are as of {polled_at}, and the last three hours belong to what Prometheus scrapes; \
             write --to {} or earlier",
            instants.last(),
            Timestamp(latest.0.div_euclid(1000) * 1000),
        );
    }
    Ok(())
}
