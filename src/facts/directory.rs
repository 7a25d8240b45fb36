//! The small tables: users, teams, pipelines and stages, whole and with their names.

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive as _;

use super::Rules;
use crate::domain::{DealStatus, Key, Pipeline, Stage, Team, User};

/// A user record.
#[derive(Debug, Clone)]
pub(crate) struct UserFacts {
    /// Source it came from.
    pub source: u32,
    /// The CRM's id.
    pub id: String,
    /// What the CRM says.
    pub user: User<Key>,
}

/// A team.
#[derive(Debug, Clone)]
pub(crate) struct TeamFacts {
    /// Source it came from.
    pub source: u32,
    /// The CRM's id.
    pub id: String,
    /// What the CRM says; nothing for a team that is only mentioned.
    pub team: Team<Key>,
}

/// A pipeline.
#[derive(Debug, Clone)]
pub(crate) struct PipelineFacts {
    /// Source it came from.
    pub source: u32,
    /// The CRM's id.
    pub id: String,
    /// What the CRM says; nothing for a pipeline that is only mentioned.
    pub pipeline: Pipeline<Key>,
}

/// A stage.
#[derive(Debug, Clone)]
pub(crate) struct StageFacts {
    /// Source it came from.
    pub source: u32,
    /// The CRM's id.
    pub id: String,
    /// What the CRM says; nothing for a stage that is only mentioned.
    pub stage: Stage<Key>,
    /// What it says of deals in it; unknown stages are open.
    pub outcome: DealStatus,
    /// Whether the CRM still has it. Deals and history may name stages that are gone.
    pub live: bool,
}

impl StageFacts {
    /// A stage as its row tells it.
    pub(crate) fn new(rules: &Rules, source: u32, id: String, stage: Stage<Key>, live: bool) -> StageFacts {
        let outcome = rules.status(source, stage.outcome.as_deref()).unwrap_or(DealStatus::Open);
        StageFacts { source, id, stage, outcome, live }
    }

    /// Display name.
    pub(crate) fn name(&self) -> &str {
        self.stage.name.as_deref().unwrap_or(&self.id)
    }

    /// The CRM's probability of winning a deal in it.
    pub(crate) fn probability(&self) -> Option<f64> {
        self.stage.probability.and_then(|probability| probability.to_f64())
    }
}

impl PipelineFacts {
    /// Display name.
    pub(crate) fn name(&self) -> &str {
        self.pipeline.name.as_deref().unwrap_or(&self.id)
    }
}

/// The small tables, by key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    /// Users that the CRMs have.
    pub users: BTreeMap<u32, UserFacts>,
    /// Teams that the CRMs have, or that users name.
    pub teams: BTreeMap<u32, TeamFacts>,
    /// Pipelines, also those that are gone or only mentioned.
    pub pipelines: BTreeMap<u32, PipelineFacts>,
    /// Stages, also those that are gone or only mentioned.
    pub stages: BTreeMap<u32, StageFacts>,
}
