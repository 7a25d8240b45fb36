//! Stages and pipelines for looking up: what every deal asks of them at each refresh, laid out by key.

use super::column::{Column, NONE};
use super::directory::Directory;
use super::labels::{self, Labels};
use super::merges::Merges;
use super::rules::Rules;
use crate::domain::{DealStatus, Object};

/// What is asked of a stage.
#[derive(Debug, Clone, Copy)]
struct Stage {
    outcome: DealStatus,
    /// Its pipeline after merges, or [`NONE`].
    pipeline: u32,
    position: Option<i64>,
}

/// Stages and pipelines by key.
#[derive(Debug)]
pub(super) struct Stages {
    stages: Column<Stage>,
    pooled: Column<bool>,
}

impl Stages {
    /// Lays out what the directory has.
    pub(super) fn new(directory: &Directory, merges: &Merges, rules: &Rules, labels: &Labels) -> Stages {
        // Unknown stages are open.
        let mut stages = Column::new(Stage { outcome: DealStatus::Open, pipeline: NONE, position: None });
        for (key, facts) in &directory.stages {
            let pipeline = facts.stage.pipeline.map_or(NONE, |pipeline| merges.survivor(Object::Pipeline, pipeline.0));
            let stage = Stage { outcome: facts.outcome, pipeline, position: facts.stage.position };
            stages.set(*key as usize, stage);
        }
        let mut pooled = Column::new(rules.is_pooled(labels::UNKNOWN));
        for (key, facts) in &directory.pipelines {
            let is_pooled = rules.is_pooled(facts.name()) || rules.is_pooled(labels.pipeline(*key));
            pooled.set(*key as usize, is_pooled);
        }
        Stages { stages, pooled }
    }

    /// What a stage says of deals in it; unknown stages are open.
    pub(super) fn outcome(&self, stage: u32) -> DealStatus {
        self.stages.get(stage as usize).outcome
    }

    /// Key of a stage's pipeline after merges, or [`NONE`].
    pub(super) fn pipeline(&self, stage: u32) -> u32 {
        self.stages.get(stage as usize).pipeline
    }

    /// Order of a stage inside its pipeline.
    pub(super) fn position(&self, stage: u32) -> Option<i64> {
        self.stages.get(stage as usize).position
    }

    /// How late a stage comes in the life of a deal: closed ones last.
    pub(super) fn place(&self, stage: u32) -> (bool, Option<i64>) {
        let facts = self.stages.get(stage as usize);
        (facts.outcome != DealStatus::Open, facts.position)
    }

    /// Whether ratios pool the deals of a pipeline.
    pub(super) fn is_pooled(&self, pipeline: u32) -> bool {
        self.pooled.get(pipeline as usize)
    }
}
