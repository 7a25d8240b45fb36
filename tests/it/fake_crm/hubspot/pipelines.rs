//! Pipelines with their stages, and what became of those that are gone.

use crm_exporter::domain::Timestamp;
use serde_json::{Map, Value, json};

use super::account::Account;
use super::kind::Kind;
use super::properties::Definition;
use super::{errors, time};
use crate::fake_crm::Answer;

/// A stage of a pipeline.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub(crate) id: String,
    pub(crate) label: String,
    /// What HubSpot knows about it; all values are texts.
    metadata: Vec<(String, String)>,
    /// The end of the names of properties that are about it.
    pub(super) property_suffix: String,
    created_at: Timestamp,
}

impl Stage {
    /// What HubSpot knows of it under a name.
    pub(crate) fn metadata_value(&self, name: &str) -> Option<&str> {
        self.metadata.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn to_json(&self, order: usize) -> Value {
        let metadata: Map<String, Value> =
            self.metadata.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        json!({
            "id": self.id,
            "label": self.label,
            "displayOrder": order,
            "metadata": metadata,
            "createdAt": time::iso(self.created_at),
            "updatedAt": time::iso(self.created_at),
            "archived": false,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        })
    }
}

/// A pipeline.
#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) stages: Vec<Stage>,
    created_at: Timestamp,
}

impl Pipeline {
    fn to_json(&self, order: usize) -> Value {
        json!({
            "id": self.id,
            "label": self.label,
            "displayOrder": order,
            "stages": stages_json(self),
            "createdAt": time::iso(self.created_at),
            "updatedAt": time::iso(self.created_at),
            "archived": false,
        })
    }
}

fn stages_json(pipeline: &Pipeline) -> Vec<Value> {
    pipeline.stages.iter().enumerate().map(|(order, stage)| stage.to_json(order)).collect()
}

/// A change to a pipeline.
#[derive(Debug, Clone)]
pub(super) struct Audit {
    kind: Kind,
    pipeline: String,
    identifier: String,
    action: &'static str,
    at: Timestamp,
    before: Value,
}

/// Id, label and what the stage says of closing: for deals the probability, closed at 0 and 1.
pub(crate) type StageDraft<'a> = (&'a str, &'a str, &'a str);

const DEAL_STAGES: [StageDraft; 7] = [
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
];

const LEAD_STAGES: [StageDraft; 5] = [
    ("new-stage-id", "New", "open"),
    ("attempting-stage-id", "Attempting", "open"),
    ("connected-stage-id", "Connected", "open"),
    ("qualified-stage-id", "Qualified", "closed"),
    ("unqualified-stage-id", "Unqualified", "closed"),
];

impl Account {
    pub(super) fn add_default_pipelines(&mut self) {
        self.add_pipeline_at(Kind::Deals, "default", "Sales Pipeline", &DEAL_STAGES, Timestamp(0));
        self.add_pipeline_at(Kind::Leads, "lead-pipeline-id", "Lead Pipeline", &LEAD_STAGES, Timestamp(0));
    }

    /// Adds a pipeline with its stages, and the properties that are about these.
    pub(crate) fn add_pipeline(&mut self, kind: Kind, id: &str, label: &str, stages: &[StageDraft]) {
        self.add_pipeline_at(kind, id, label, stages, self.now());
    }

    fn add_pipeline_at(&mut self, kind: Kind, id: &str, label: &str, stages: &[StageDraft], created_at: Timestamp) {
        let stages: Vec<Stage> = stages.iter().map(|draft| stage(kind, *draft, created_at)).collect();
        for suffix in stages.iter().map(|stage| &stage.property_suffix) {
            for prefix in ["hs_v2_date_entered", "hs_v2_date_exited"] {
                let definition = Definition::given(&format!("{prefix}_{suffix}"), "datetime");
                self.table_mut(kind).definitions.insert(definition.name.clone(), definition);
            }
        }
        let pipeline = Pipeline { id: id.to_owned(), label: label.to_owned(), stages, created_at };
        self.pipelines.entry(kind).or_default().push(pipeline);
    }

    /// Deletes a stage: it vanishes from answers, records that are or were in it keep its id, the audit tells.
    pub(crate) fn remove_stage(&mut self, kind: Kind, pipeline: &str, stage: &str) {
        let at = self.now();
        let stages = &mut self.pipeline_mut(kind, pipeline).stages;
        let position = stages.iter().position(|known| known.id == stage).unwrap();
        let before = stages.remove(position).to_json(position);
        self.audits.push(Audit {
            kind,
            pipeline: pipeline.to_owned(),
            identifier: stage.to_owned(),
            action: "DELETE",
            at,
            before,
        });
    }

    /// Deletes a pipeline with all its stages.
    pub(crate) fn remove_pipeline(&mut self, kind: Kind, id: &str) {
        self.pipelines.get_mut(&kind).unwrap().retain(|pipeline| pipeline.id != id);
    }

    /// Gives a stage another label.
    pub(crate) fn rename_stage(&mut self, kind: Kind, pipeline: &str, stage: &str, label: &str) {
        let stages = &mut self.pipeline_mut(kind, pipeline).stages;
        stages.iter_mut().find(|known| known.id == stage).unwrap().label = label.to_owned();
    }

    fn pipeline_mut(&mut self, kind: Kind, id: &str) -> &mut Pipeline {
        self.pipelines.get_mut(&kind).unwrap().iter_mut().find(|pipeline| pipeline.id == id).unwrap()
    }

    /// The pipelines of a kind.
    pub(crate) fn pipelines(&self, kind: Kind) -> &[Pipeline] {
        self.pipelines.get(&kind).map_or(&[], Vec::as_slice)
    }

    pub(super) fn stage(&self, kind: Kind, id: &str) -> Option<&Stage> {
        self.pipelines(kind).iter().flat_map(|pipeline| &pipeline.stages).find(|stage| stage.id == id)
    }
}

fn stage(kind: Kind, (id, label, closing): StageDraft, created_at: Timestamp) -> Stage {
    let closed = matches!(closing, "0.0" | "1.0" | "closed");
    let mut metadata = vec![("isClosed".to_owned(), closed.to_string())];
    if kind == Kind::Deals {
        metadata.push(("probability".to_owned(), closing.to_owned()));
    }
    let is_default = created_at == Timestamp(0);
    let dashless = id.replace('-', "_");
    // Properties about stages that the account made itself end in a number besides.
    let property_suffix = if is_default { dashless } else { format!("{dashless}_{}", 1_194_870_000 + id.len()) };
    Stage { id: id.to_owned(), label: label.to_owned(), metadata, property_suffix, created_at }
}

/// `GET .../{kind}`: not paged.
pub(super) fn list(account: &Account, kind: Kind) -> Answer {
    let pipelines = account.pipelines(kind).iter().enumerate();
    let results: Vec<Value> = pipelines.map(|(order, pipeline)| pipeline.to_json(order)).collect();
    Answer::json(200, &json!({"results": results}))
}

/// `GET .../{kind}/{pipeline}/stages`.
pub(super) fn stages(account: &Account, kind: Kind, id: &str) -> Answer {
    match account.pipelines(kind).iter().find(|pipeline| pipeline.id == id) {
        Some(pipeline) => Answer::json(200, &json!({"results": stages_json(pipeline)})),
        None => errors::not_found(),
    }
}

/// `GET .../{kind}/{pipeline}/audit`: what was removed, newest first.
pub(super) fn audit(account: &Account, kind: Kind, id: &str) -> Answer {
    let audits = account.audits.iter().filter(|audit| audit.kind == kind && audit.pipeline == id);
    let show = |audit: &Audit| {
        json!({
            "portalId": super::account_info::PORTAL_ID,
            "identifier": audit.identifier,
            "action": audit.action,
            "timestamp": time::iso(audit.at),
            "message": "deleted by a user",
            "rawObject": audit.before,
            "fromUserId": 7001,
        })
    };
    Answer::json(200, &json!({"results": audits.rev().map(show).collect::<Vec<_>>()}))
}
