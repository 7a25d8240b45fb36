//! Figures of the past: those of any snapshot, for many instants, with their timestamps.
//!
//! Every instant is derived as a snapshot of it is, by the same rows of the catalogue, so that a figure of the past is
//! what `snapshot --now` says, to the byte. Only the metrics that are wanted are derived. Which days are made when, and
//! where they are written to, is decided in `app`.

mod choice;
mod instants;
#[cfg(test)]
mod tests;

use crate::domain::Timestamp;
use crate::exposition::{Encoder, Labels, Recording};
use crate::facts::{Coverage, Facts, PeopleRules, View};
use crate::metrics::{Frame, Options};

use choice::fits;

pub use choice::{Choice, ChoiceError};
pub use instants::{Instants, InstantsError};

/// What figures of the past are made of: the records at hand, and how they are read.
#[derive(Clone, Copy)]
pub struct Past<'a> {
    /// The records.
    pub facts: &'a Facts,
    /// Who is who.
    pub people: &'a PeopleRules,
    /// The settings of figures.
    pub options: &'a Options,
    /// What the records are good for.
    pub coverage: &'a Coverage,
}

/// What is to be made of the past: which series, and what they are labelled with.
pub struct Backfill {
    choice: Choice,
    more: Labels,
}

/// Why labels cannot be given to series.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LabelError {
    /// Prometheus would not take it.
    #[error("`{0}` is no name of a label: write letters, digits and _, no digit first")]
    NoName(String),
    /// It is given two values.
    #[error("the label {0} is given twice")]
    Twice(String),
    /// A metric has it already.
    #[error("{metric} has a label {label} of its own")]
    Taken {
        /// The label.
        label: String,
        /// The metric.
        metric: &'static str,
    },
}

impl Backfill {
    /// A backfill of these series, all of which get the labels `more`, by name and value.
    ///
    /// # Errors
    ///
    /// The first label that no series, or not these series, can have.
    pub fn new(choice: Choice, more: &[(String, String)]) -> Result<Backfill, LabelError> {
        let mut labels = Labels::default();
        for (place, (name, value)) in more.iter().enumerate() {
            if !is_label_name(name) {
                return Err(LabelError::NoName(name.clone()));
            }
            if more[..place].iter().any(|(known, _)| known == name) {
                return Err(LabelError::Twice(name.clone()));
            }
            if let Some(metric) = choice.with_label(name) {
                return Err(LabelError::Taken { label: name.clone(), metric });
            }
            labels.push(name, value);
        }
        Ok(Backfill { choice, more: labels })
    }

    /// The figures at these instants, which have to be in the order of time.
    pub fn record(&self, past: Past<'_>, instants: impl IntoIterator<Item = Timestamp>) -> Recording {
        let mut recording = Recording::new(self.more.clone());
        instants.into_iter().for_each(|at| self.add(past, at, &mut recording));
        recording
    }

    fn add(&self, past: Past<'_>, at: Timestamp, recording: &mut Recording) {
        let view = View::new(past.facts, past.people, past.coverage, at);
        let frame = Frame::new(&view, past.options);
        for (metric, alternatives) in self.choice.metrics() {
            let mut encoder = Encoder::default();
            metric.write(&frame, &mut encoder);
            for (labels, value) in encoder.samples().filter(|(labels, _)| fits(labels, alternatives)) {
                recording.add(metric.name, metric.help, labels, value, at.0);
            }
        }
    }
}

fn is_label_name(name: &str) -> bool {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    // Two lines below are Prometheus' own.
    is_plain && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.starts_with("__")
}
