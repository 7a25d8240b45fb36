//! The settings of contests.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::setting::{self, Number};

/// `contests.*`: who competes for what, from when to when.
#[derive(Debug, Clone, Deserialize, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Contest {
    /// What is measured, as in `goals.*.measure`. Without it, by attainment: what the goal measures.
    pub measure: Option<String>,
    /// Points for several measures, instead of `measure`.
    pub points: Vec<Points>,
    /// First day.
    #[serde(deserialize_with = "setting::some_day")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(deserialize_with = "setting::some_day")]
    pub to: Option<NaiveDate>,
    /// Who is ranked.
    pub between: Between,
    /// Roles that take part; none named: all.
    pub roles: Vec<String>,
    /// Teams that take part; none named: all.
    pub teams: Vec<String>,
    /// People who take part, by e-mail address; none named: all.
    pub reps: Vec<String>,
    /// What the score is.
    pub rank_by: RankBy,
    /// The goal whose targets count by attainment.
    pub goal: Option<String>,
    /// Whoever has less has no rank.
    pub minimum_score: Option<Number>,
    /// Whether it is kept from everybody who reads the figures.
    pub hidden: bool,
}

/// `contests.*.points[]`
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// What is measured: something that adds up.
    pub measure: String,
    /// Points for one of it.
    pub each: Number,
}

/// `contests.*.between`
#[derive(Debug, Clone, Copy, Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Between {
    /// Every rep alone.
    #[default]
    Reps,
    /// Teams as a whole.
    Teams,
}

/// `contests.*.rank_by`
#[derive(Debug, Clone, Copy, Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum RankBy {
    /// The figure itself.
    #[default]
    Value,
    /// The figure by the own target of a goal.
    Attainment,
}
