//! What figures are made of. A measure is declared once, as what records add to it; windows, goals, explanations and
//! histories fold over that for their own intervals and populations. No figure does its own windowing.
//!
//! - A [`Sum`] is contributions: a record adds an amount, at an instant, for somebody.
//! - A [`Level`] is standings: a record counts from one instant to another.
//!
//! Ratios, averages, quantiles and distinct counts are folds of these; see [`fold`].

pub mod accounts;
pub mod activities;
pub mod customers;
pub mod deals;
pub mod fold;
pub mod forecast;
pub mod funnel;
pub mod leads;
mod measure;
pub mod quality;
pub mod rank;
pub mod stats;
pub mod surveys;
mod tally;
mod windows;
pub mod wins;

use std::borrow::Cow;

use crate::domain::{Object, Timestamp};
use crate::facts::View;

pub use measure::{Filter, Fold, Measure};
pub use tally::{Intervals, Tally};
pub use windows::{Spans, Windows};

/// What an amount counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Minor units of the reporting currency.
    Money,
    /// Milliseconds.
    Millis,
}

impl Unit {
    /// An amount as a sample: in base units.
    pub fn sample(self, view: &View<'_>, amount: f64) -> f64 {
        amount / self.per_sample(view)
    }

    /// How many of an amount make one of a sample.
    pub fn per_sample(self, view: &View<'_>) -> f64 {
        match self {
            Unit::Count => 1.0,
            Unit::Money => view.rules().currency().minor_per_unit(),
            Unit::Millis => 1000.0,
        }
    }
}

/// A further label by which a measure is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dim {
    /// Kind of activity: index in `Rules::kinds`.
    Kind,
    /// Key activity: index in `Rules::key_activities`.
    KeyActivity,
    /// Pipeline: its key, or `NONE`.
    Pipeline,
    /// Stage: its key, or `NONE`.
    Stage,
    /// Loss reason: number of its name, or `NONE`. Free text.
    Reason,
    /// Level of a lead: index in `leads::LEVELS`.
    LeadLevel,
    /// What became of a lead: index in `leads::OUTCOMES`.
    LeadOutcome,
    /// Where a lead came from: number of its name, or `NONE`. Free text.
    LeadSource,
    /// Contact level: its number.
    ContactLevel,
    /// Check of the quality of data: index in `quality::Check::ALL`.
    Check,
    /// Account: its key.
    Account,
    /// Survey: number of its name, or `NONE`.
    Survey,
}

impl Dim {
    /// Name of the label.
    pub const fn label(self) -> &'static str {
        match self {
            Dim::Kind => "kind",
            Dim::KeyActivity => "activity",
            Dim::Pipeline => "pipeline",
            Dim::Stage => "stage",
            Dim::Reason => "reason",
            Dim::LeadLevel => "level",
            Dim::LeadOutcome => "outcome",
            Dim::LeadSource => "lead_source",
            Dim::ContactLevel => "contact_level",
            Dim::Check => "check",
            Dim::Account => "account",
            Dim::Survey => "survey",
        }
    }

    /// What the label shows for a value.
    pub fn shown<'v>(self, view: &'v View<'_>, value: u32) -> Cow<'v, str> {
        match self {
            Dim::Kind => view.rules().kinds()[value as usize].as_str().into(),
            Dim::KeyActivity => view.rules().key_activities()[value as usize].name.as_str().into(),
            Dim::Pipeline => view.labels().pipeline(value).into(),
            Dim::Stage => view.labels().stage(value).into(),
            Dim::Reason | Dim::LeadSource | Dim::Survey => view.text(value).unwrap_or("unknown").into(),
            Dim::LeadLevel => leads::LEVELS[value as usize].into(),
            Dim::LeadOutcome => leads::OUTCOMES[value as usize].into(),
            Dim::ContactLevel => view.rules().level_name(value as u8).into(),
            Dim::Check => quality::Check::ALL[value as usize].name().into(),
            // Of other accounts no measure tells more than how many they are.
            Dim::Account => view.key_accounts().label(value).unwrap_or("unknown").into(),
        }
    }
}

/// Values of a measure's further labels, in the order of its `dims`; unused places are 0.
pub type Dims = [u32; 2];

/// What a record adds to a sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// Key of the record; what distinct counts count.
    pub record: u32,
    /// When.
    pub at: Timestamp,
    /// For whom: a slot of the view's people.
    pub slot: u32,
    /// Values of the further labels.
    pub dims: Dims,
    /// How much, in the measure's unit. Whole numbers but for weighted values, so sums are exact up to 2^53.
    pub amount: f64,
}

/// Takes contributions.
pub type Sink<'s> = &'s mut dyn FnMut(Contribution);

/// A measure that is the sum of what records add at instants.
pub struct Sum {
    /// The kind of record that contributes.
    pub object: Object,
    /// The kind of record whose history says how far back it can be told.
    pub history: Object,
    /// Further labels.
    pub dims: &'static [Dim],
    /// What amounts count.
    pub unit: Unit,
    /// Hands out the contributions from `since` up to the view's instant. It may hand out earlier ones too.
    pub each: fn(view: &View<'_>, since: Timestamp, sink: Sink<'_>),
}

/// A record counts from one instant to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Its kind.
    pub object: Object,
    /// Key of the record.
    pub record: u32,
    /// First instant.
    pub from: Timestamp,
    /// First instant behind.
    pub to: Timestamp,
    /// For whom: a slot of the view's people.
    pub slot: u32,
    /// Values of the further labels.
    pub dims: Dims,
    /// How much, in the measure's unit.
    pub amount: f64,
}

/// A measure that is how much stands at an instant.
pub struct Level {
    /// The kind of record that counts; where it is several, the one whose history says how far back it can be told.
    pub object: Object,
    /// Further labels.
    pub dims: &'static [Dim],
    /// What amounts count.
    pub unit: Unit,
    /// Hands out what stands at the view's instant. It may hand out what stood earlier or will stand later too.
    pub each: fn(view: &View<'_>, sink: &mut dyn FnMut(Standing)),
}
