//! Teams, pipelines and stages: no file lists them, but users, deals and the settings name them.

use std::collections::BTreeSet;

use super::mapping::{Mapping, stage_id};
use crate::domain::{Object, Pipeline, Record, Stage, Team};

/// Something that a row or the settings name. The order is that in which they are best stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mention {
    /// The team of a user.
    Team(String),
    /// The pipeline of a deal.
    Pipeline(String),
    /// The stage of a deal, after its pipeline.
    Stage(Option<String>, String),
}

/// What the settings of deals name, whether or not a deal is in it.
pub(super) fn listed(mapping: &Mapping) -> BTreeSet<Mention> {
    if mapping.object != Object::Deal {
        return BTreeSet::new();
    }
    let pipelines = mapping.stages.by_pipeline.keys().chain(&mapping.pipeline);
    let mut mentions: BTreeSet<Mention> = pipelines.cloned().map(Mention::Pipeline).collect();
    if mapping.pipeline.is_none() && mapping.pipeline_field.is_none() {
        mentions.extend(mapping.stages.common.keys().map(|stage| Mention::Stage(None, stage.clone())));
    }
    mentions
}

/// The ids and records of what was mentioned, with all listed stages of the pipelines among it.
///
/// What is not listed stands behind what is, at one and the same position: so its record is the same on whichever page.
pub(super) fn records(mentions: &BTreeSet<Mention>, mapping: &Mapping) -> Vec<(String, Record<String>)> {
    let mut all = mentions.clone();
    for mention in mentions {
        if let Mention::Pipeline(name) = mention {
            let stages = mapping.stages.of(Some(name)).keys();
            all.extend(stages.map(|stage| Mention::Stage(Some(name.clone()), stage.clone())));
        }
    }
    all.into_iter().map(|mention| record(mention, mapping)).collect()
}

fn record(mention: Mention, mapping: &Mapping) -> (String, Record<String>) {
    let position = |listed: Option<usize>, length: usize| i64::try_from(listed.unwrap_or(length)).ok();
    match mention {
        Mention::Team(name) => (name.clone(), Team { name: Some(name), ..Team::default() }.into()),
        Mention::Pipeline(name) => {
            let listed = &mapping.stages.by_pipeline;
            let position = position(listed.get_index_of(&name), listed.len());
            (name.clone(), Pipeline { name: Some(name), position, ..Pipeline::default() }.into())
        }
        Mention::Stage(pipeline, name) => {
            let listed = mapping.stages.of(pipeline.as_deref());
            let position = position(listed.get_index_of(&name), listed.len());
            let outcome = listed.get(&name).cloned();
            let id = stage_id(pipeline.as_deref(), &name);
            (id, Stage { pipeline, name: Some(name), position, outcome, ..Stage::default() }.into())
        }
    }
}
