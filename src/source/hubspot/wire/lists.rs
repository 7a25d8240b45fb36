//! Owners, teams, pipelines, the account, its currencies and results of calls.

use serde::Deserialize;

use super::{Properties, Scalar};

/// A person or queue that can own records.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::hubspot) struct Owner {
    /// The id that records name.
    #[serde(default)]
    pub(in crate::source::hubspot) id: Scalar,
    /// E-mail address.
    #[serde(default)]
    pub(in crate::source::hubspot) email: Scalar,
    /// Given name.
    #[serde(default)]
    pub(in crate::source::hubspot) first_name: Scalar,
    /// Family name.
    #[serde(default)]
    pub(in crate::source::hubspot) last_name: Scalar,
    /// `PERSON` or `QUEUE`.
    #[serde(default, rename = "type")]
    pub(in crate::source::hubspot) kind: Scalar,
    /// The teams.
    #[serde(default)]
    pub(in crate::source::hubspot) teams: Option<Vec<TeamOfOwner>>,
    /// Whether the owner has left.
    #[serde(default)]
    pub(in crate::source::hubspot) archived: bool,
}

impl Owner {
    /// Whether it is a queue, which is nobody.
    pub(in crate::source::hubspot) fn is_queue(&self) -> bool {
        self.kind.text().is_some_and(|kind| kind.eq_ignore_ascii_case("queue"))
    }

    /// The team that counts: the main one, else the first.
    pub(in crate::source::hubspot) fn main_team(&self) -> Option<&TeamOfOwner> {
        let teams = self.teams.as_deref().unwrap_or_default();
        teams.iter().find(|team| team.primary).or(teams.first())
    }
}

/// A team of an owner.
#[derive(Debug, Deserialize)]
pub(in crate::source::hubspot) struct TeamOfOwner {
    /// Its id.
    #[serde(default)]
    pub(in crate::source::hubspot) id: Scalar,
    /// Its name.
    #[serde(default)]
    pub(in crate::source::hubspot) name: Scalar,
    /// Whether it is the owner's main team.
    #[serde(default)]
    pub(in crate::source::hubspot) primary: bool,
}

/// A team.
#[derive(Debug, Deserialize)]
pub(in crate::source::hubspot) struct Team {
    /// Its id.
    #[serde(default)]
    pub(in crate::source::hubspot) id: Scalar,
    /// Its name.
    #[serde(default)]
    pub(in crate::source::hubspot) name: Scalar,
}

/// A pipeline with its stages.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::hubspot) struct Pipeline {
    /// Its id.
    #[serde(default)]
    pub(in crate::source::hubspot) id: Scalar,
    /// Its name.
    #[serde(default)]
    pub(in crate::source::hubspot) label: Scalar,
    /// Its place among the pipelines.
    pub(in crate::source::hubspot) display_order: Option<i64>,
    /// Its stages.
    #[serde(default = "Vec::new")]
    pub(in crate::source::hubspot) stages: Vec<Stage>,
}

/// A stage of a pipeline.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::hubspot) struct Stage {
    /// Its id.
    #[serde(default)]
    pub(in crate::source::hubspot) id: Scalar,
    /// Its name.
    #[serde(default)]
    pub(in crate::source::hubspot) label: Scalar,
    /// Its place in the pipeline.
    pub(in crate::source::hubspot) display_order: Option<i64>,
    /// What is known of records in it, all as texts.
    #[serde(default)]
    pub(in crate::source::hubspot) metadata: Properties,
}

/// The account.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::hubspot) struct Account {
    /// Its number, which is part of the addresses of its pages.
    #[serde(default)]
    pub(in crate::source::hubspot) portal_id: Scalar,
    /// The currency that it reports in.
    #[serde(default)]
    pub(in crate::source::hubspot) company_currency: Scalar,
    /// Its time zone.
    #[serde(default)]
    pub(in crate::source::hubspot) time_zone: Scalar,
}

/// How much of the day's requests is used.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::hubspot) struct Usage {
    /// Requests that the account's plan allows.
    pub(in crate::source::hubspot) usage_limit: Option<u64>,
    /// Requests that were sent.
    pub(in crate::source::hubspot) current_usage: Option<u64>,
}

/// What one unit of a currency is worth in another one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::hubspot) struct ExchangeRate {
    /// Its id.
    #[serde(default)]
    pub(in crate::source::hubspot) id: Scalar,
    /// The one currency.
    #[serde(default)]
    pub(in crate::source::hubspot) from_currency_code: Scalar,
    /// The other one.
    #[serde(default)]
    pub(in crate::source::hubspot) to_currency_code: Scalar,
    /// The worth.
    #[serde(default)]
    pub(in crate::source::hubspot) conversion_rate: Scalar,
    /// Since when.
    #[serde(default)]
    pub(in crate::source::hubspot) effective_at: Scalar,
}

/// A result of a call.
#[derive(Debug, Deserialize)]
pub(in crate::source::hubspot) struct Disposition {
    /// Its id.
    #[serde(default)]
    pub(in crate::source::hubspot) id: Scalar,
    /// Its name.
    #[serde(default)]
    pub(in crate::source::hubspot) label: Scalar,
}

/// The definition of a property.
#[derive(Debug, Deserialize)]
pub(in crate::source::hubspot) struct Property {
    /// Its name.
    #[serde(default)]
    pub(in crate::source::hubspot) name: Scalar,
    /// The values that it can have, where it is a list.
    #[serde(default = "Vec::new")]
    pub(in crate::source::hubspot) options: Vec<PropertyOption>,
}

/// A value that a property can have.
#[derive(Debug, Deserialize)]
pub(in crate::source::hubspot) struct PropertyOption {
    /// The value.
    #[serde(default)]
    pub(in crate::source::hubspot) value: Scalar,
    /// Its name.
    #[serde(default)]
    pub(in crate::source::hubspot) label: Scalar,
}
