//! What pipelines and stages are called in labels.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::column::link;
use super::naming::{distinct, id_order};
use super::{Facts, NONE};
use crate::domain::{DealStatus, Object};

/// What a pipeline or stage is called of which nothing is known.
pub(super) const UNKNOWN: &str = "unknown";

/// Names of pipelines and stages, by key.
#[derive(Debug)]
pub struct Labels {
    pipelines: HashMap<u32, String>,
    stages: HashMap<u32, String>,
    /// Live open stages per pipeline (of merged ones: the survivor), and under [`NONE`] those that all pipelines share.
    open: BTreeMap<u32, Vec<u32>>,
}

impl Labels {
    /// Names everything that records mention. Several pipelines, or stages of one pipeline, that share a name are numbered
    /// in the order of sources and ids, whether or not the CRM still has them: a name must not change hands.
    pub fn new(facts: &Facts) -> Labels {
        let directory = &facts.directory;
        let order = |source, id| (facts.rules.source_order(source), id_order(id));
        let mut pipelines: Vec<_> = directory.pipelines.iter().collect();
        pipelines.sort_by_key(|(_, pipeline)| order(pipeline.source, pipeline.id.as_str()));
        let mut stages: Vec<_> = directory.stages.iter().collect();
        stages.sort_by_key(|(_, stage)| order(stage.source, stage.id.as_str()));
        let mut open: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut by_pipeline: BTreeMap<u32, Vec<(u32, &str)>> = BTreeMap::new();
        for (key, stage) in stages {
            let pipeline = facts.merges.survivor(Object::Pipeline, link(stage.stage.pipeline));
            by_pipeline.entry(pipeline).or_default().push((*key, stage.name().trim()));
            if stage.live && stage.outcome == DealStatus::Open {
                open.entry(pipeline).or_default().push(*key);
            }
        }
        let pipelines: Vec<_> = pipelines.iter().map(|(key, pipeline)| (**key, pipeline.name().trim())).collect();
        Labels {
            pipelines: named(&pipelines).collect(),
            stages: by_pipeline.values().flat_map(|stages| named(stages)).collect(),
            open,
        }
    }

    /// Label of a pipeline, or of none.
    pub fn pipeline(&self, pipeline: u32) -> &str {
        self.pipelines.get(&pipeline).map_or(UNKNOWN, String::as_str)
    }

    /// Label of a stage, or of none.
    pub fn stage(&self, stage: u32) -> &str {
        self.stages.get(&stage).map_or(UNKNOWN, String::as_str)
    }

    /// The open stages that a pipeline has in the CRM.
    pub fn open_stages(&self, pipeline: u32) -> BTreeSet<u32> {
        let own = self.open.get(&pipeline).into_iter().flatten();
        own.chain(self.open.get(&NONE).into_iter().flatten()).copied().collect()
    }
}

fn named<'a>(entries: &'a [(u32, &str)]) -> impl Iterator<Item = (u32, String)> + use<'a> {
    let names: Vec<&str> = entries.iter().map(|(_, name)| *name).collect();
    let labels = distinct(&names, &[UNKNOWN]);
    entries.iter().map(|(key, _)| *key).zip(labels)
}
