//! What the account holds that settings depend on: its currency and zone, people by team, pipelines, words.

use std::collections::BTreeMap;

use super::types::Type;
use super::wire::{Entries, Pipeline, Scalar};
use super::{HubSpot, words};
use crate::http::Error;
use crate::source::{FoundPipeline, Headcount, Inventory, SourceError, Word};

impl HubSpot {
    /// Asks for the account, its owners, teams, pipelines and words. What may not be read is noted, and the rest read.
    pub(super) async fn take_stock(&self) -> Result<Inventory, SourceError> {
        let mut found = Inventory::default();
        if let Some(account) = allowed(self.api.account().await, "the account", &mut found)? {
            // What is no number cannot be the account's.
            let portal = account.portal_id.text().and_then(|id| id.parse::<u64>().ok());
            found.options.extend(portal.map(|id| ("portal_id", id.to_string())));
            found.currency = account.company_currency.0;
            found.time_zone = account.time_zone.0;
        }
        found.people = self.headcount(&mut found).await?;
        let pipelines = allowed(self.api.pipelines(Type::Deals).await, "pipelines", &mut found)?;
        found.pipelines = in_order(pipelines).iter().filter_map(pipeline).collect();
        let dispositions = allowed(self.all_dispositions().await, "results of calls", &mut found)?;
        let named = |id: Scalar, label: Scalar| common_outcome(id.text()?).map(str::to_owned).or(label.0);
        found.outcomes = dispositions.into_iter().flatten().filter_map(|one| named(one.id, one.label)).collect();
        let options = self.api.options(Type::Meetings, "hs_meeting_outcome").await;
        let options = allowed(options, "outcomes of meetings", &mut found)?.unwrap_or_default();
        found.activity_statuses = options.into_iter().filter_map(|option| word(option.value, option.label)).collect();
        self.leads(&mut found).await?;
        Ok(found)
    }

    /// How many people there are, by team.
    async fn headcount(&self, found: &mut Inventory) -> Result<Option<Headcount>, SourceError> {
        let mut count = Headcount::default();
        let mut teams = BTreeMap::new();
        if let Some(listed) = allowed(self.api.teams().await, "teams without members", found)? {
            let names = listed.entries.into_iter().flatten().filter_map(|team| team.name.0);
            teams.extend(names.map(|name| (name, 0)));
        }
        let mut after = None;
        loop {
            let Some(owners) = allowed(self.api.owners(false, after.as_deref()).await, "people", found)? else {
                return Ok(None);
            };
            for owner in owners.entries.iter().flatten().filter(|owner| !owner.is_queue()) {
                count.people += 1;
                match owner.main_team().and_then(|team| team.name.text()) {
                    Some(team) => *teams.entry(team.to_owned()).or_default() += 1,
                    None => count.without_team += 1,
                }
            }
            if owners.after.is_none() || owners.after == after {
                break;
            }
            after = owners.after;
        }
        count.teams = teams.into_iter().collect();
        Ok(Some(count))
    }

    /// The stages of leads; where the plan has no leads object, leads are contacts by their life cycle.
    async fn leads(&self, found: &mut Inventory) -> Result<(), SourceError> {
        if self.options.life_cycle {
            return Ok(());
        }
        match allowed(self.api.pipelines(Type::Leads).await, "the leads object", found)? {
            None => found.options.push(("leads", "lifecycle".to_owned())),
            listed => {
                let stages = in_order(listed).into_iter().flat_map(|pipeline| pipeline.stages);
                found.lead_statuses = stages.filter_map(|stage| word(stage.id, stage.label)).collect();
            }
        }
        Ok(())
    }
}

/// What was answered; none, and a note, where it may not be read or is not there.
fn allowed<T>(answer: Result<T, Error>, what: &'static str, found: &mut Inventory) -> Result<Option<T>, SourceError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error @ (Error::Forbidden { .. } | Error::NotFound { .. } | Error::Rejected { .. })) => {
            found.refused.push((what, error.into()));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Pipelines and their stages as people see them.
fn in_order(listed: Option<Entries<Pipeline>>) -> Vec<Pipeline> {
    let entries = listed.map(|listed| listed.entries).unwrap_or_default();
    let mut pipelines: Vec<Pipeline> = entries.into_iter().flatten().collect();
    pipelines.sort_by_key(|pipeline| pipeline.display_order);
    pipelines.iter_mut().for_each(|pipeline| pipeline.stages.sort_by_key(|stage| stage.display_order));
    pipelines
}

fn pipeline(pipeline: &Pipeline) -> Option<FoundPipeline> {
    let stages = pipeline.stages.iter().filter_map(|stage| stage.label.0.clone()).collect();
    Some(FoundPipeline { name: pipeline.label.0.clone()?, stages })
}

/// The name in rules of a result that every account has.
fn common_outcome(id: &str) -> Option<&'static str> {
    words::DICTIONARY.outcomes.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

fn word(word: Scalar, label: Scalar) -> Option<Word> {
    let word = word.0?;
    Some(Word { label: label.0.unwrap_or_else(|| word.clone()), word })
}
