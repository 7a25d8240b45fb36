//! What a CRM holds that settings depend on, in words of no vendor: `crm_exporter init` proposes settings from it.

use super::SourceError;

/// What a CRM holds that settings depend on. People are counted here, never named.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Options of the source that follow from the account: keys and values.
    pub options: Vec<(&'static str, String)>,
    /// Code of the currency that the CRM reports in.
    pub currency: Option<String>,
    /// Name of the time zone of the CRM.
    pub time_zone: Option<String>,
    /// The people; none if they cannot be asked for.
    pub people: Option<Headcount>,
    /// The pipelines of deals, in their order.
    pub pipelines: Vec<FoundPipeline>,
    /// Results of activities, by the names that rules use for them.
    pub outcomes: Vec<String>,
    /// Words of records that say whether an activity took place.
    pub activity_statuses: Vec<Word>,
    /// Words of records that say how far a lead is.
    pub lead_statuses: Vec<Word>,
    /// What could not be asked for, and why.
    pub refused: Vec<(&'static str, SourceError)>,
}

/// How many people there are.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Headcount {
    /// Active users.
    pub people: usize,
    /// Those of them who are in no team.
    pub without_team: usize,
    /// Name of each team and how many of its members are active, in order of names.
    pub teams: Vec<(String, usize)>,
}

/// A pipeline of deals.
#[derive(Debug, PartialEq, Eq)]
pub struct FoundPipeline {
    /// Its name.
    pub name: String,
    /// Names of its stages, in their order.
    pub stages: Vec<String>,
}

/// A word that stands in records, and what people see in its place.
#[derive(Debug, PartialEq, Eq)]
pub struct Word {
    /// As it stands in records.
    pub word: String,
    /// As people see it.
    pub label: String,
}
