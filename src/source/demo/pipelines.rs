//! The pipelines, their stages, and how hard each stage is to pass.

use super::news::News;
use super::world::World;
use crate::domain::{Pipeline as PipelineRecord, Stage as StageRecord};

/// An open stage.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) name: &'static str,
    /// The share of deals of an average closer that gets on from it.
    pub(super) passes: f64,
    /// Least and most days that a deal usually stays in it.
    pub(super) days: (i64, i64),
}

/// A pipeline; behind its open stages stand *Won* and *Lost*.
#[derive(Debug)]
pub(super) struct Pipeline {
    pub(super) name: &'static str,
    pub(super) stages: &'static [Stage],
    /// Least and most that a deal is worth, in dollars.
    pub(super) worth: (i64, i64),
}

/// Planted: *New business* loses far more in *Proposal* than anywhere else.
pub(super) const PIPELINES: [Pipeline; 2] = [
    Pipeline {
        name: "New business",
        stages: &[
            Stage { name: "Discovery", passes: 0.82, days: (2, 12) },
            Stage { name: "Demo", passes: 0.82, days: (3, 14) },
            Stage { name: "Proposal", passes: 0.46, days: (4, 20) },
            Stage { name: "Negotiation", passes: 0.84, days: (3, 14) },
        ],
        worth: (9_000, 38_000),
    },
    Pipeline {
        name: "Expansion",
        stages: &[
            Stage { name: "Review", passes: 0.86, days: (2, 9) },
            Stage { name: "Quote", passes: 0.86, days: (2, 10) },
            Stage { name: "Agreement", passes: 0.92, days: (2, 8) },
        ],
        worth: (5_000, 22_000),
    },
];

impl Pipeline {
    /// Place of the stage *Won*.
    pub(super) fn won(&self) -> usize {
        self.stages.len()
    }

    /// Place of the stage *Lost*.
    pub(super) fn lost(&self) -> usize {
        self.stages.len() + 1
    }
}

pub(super) fn pipeline_id(pipeline: usize) -> String {
    (pipeline + 1).to_string()
}

/// The id of a stage by its place in a pipeline.
pub(super) fn stage_id(pipeline: usize, place: usize) -> String {
    ((pipeline + 1) * 10 + place).to_string()
}

/// Tells the pipelines and stages, which are there from the beginning.
pub(super) fn tell(world: &World, news: &mut News) {
    let begins = [world.begins_at()];
    for (number, pipeline) in PIPELINES.iter().enumerate() {
        news.tell(pipeline_id(number), begins, |_| {
            let (name, position) = (Some(pipeline.name.to_owned()), Some(number as i64 + 1));
            PipelineRecord { name, position, ..Default::default() }.into()
        });
        let open = pipeline.stages.iter().map(|stage| (stage.name, "open"));
        for (place, (name, outcome)) in open.chain([("Won", "won"), ("Lost", "lost")]).enumerate() {
            news.tell(stage_id(number, place), begins, |_| {
                StageRecord {
                    pipeline: Some(pipeline_id(number)),
                    name: Some(name.to_owned()),
                    position: Some(place as i64 + 1),
                    outcome: Some(outcome.to_owned()),
                    ..Default::default()
                }
                .into()
            });
        }
    }
}
