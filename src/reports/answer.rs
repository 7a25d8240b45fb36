//! An explanation as it is handed on: with the names that CRMs give their records, and links to them. It is the same for a
//! terminal, for programs, and between a daemon and whoever asks it.

use serde::{Deserialize, Serialize};

use super::explain::Explanation;
use crate::domain::{Object, Timestamp};
use crate::facts::View;
use crate::metrics::explain::{Listing, Part, RecordLine, Role};

/// A figure, and what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The series as it is exposed.
    pub series: String,
    /// What it means.
    pub help: String,
    /// The figure; none where it is absent. Figures are written as texts, as Prometheus' own interface has them: what reads
    /// JSON need not read numbers to the last digit.
    #[serde(with = "exact::some")]
    pub value: Option<f64>,
    /// Why it is absent, or not exposed.
    pub remark: Option<String>,
    /// The instant that it was asked for.
    pub at: String,
    /// First instant of its window.
    pub from: Option<String>,
    /// Last instant of its window.
    pub to: Option<String>,
    /// What it is made of. Parts are joined from left to right.
    pub parts: Vec<AnswerPart>,
}

/// A part of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerPart {
    /// How it takes its place: `times`, `by`, `less`, or `beside` where it does not enter the figure.
    pub role: String,
    /// What it is.
    pub name: String,
    /// Its figure in base units.
    #[serde(with = "exact::some")]
    pub value: Option<f64>,
    /// How it came about: what, and what it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<(String, String)>,
    /// The records that it is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Records>,
    /// What was left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<Omitted>,
}

/// Records, of which the newest are listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Records {
    /// How many there are.
    pub count: usize,
    /// The newest, newest first.
    pub newest: Vec<AnswerRecord>,
}

/// Records that were left out for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Omitted {
    /// The reason.
    pub why: String,
    /// The records.
    #[serde(flatten)]
    pub records: Records,
}

/// A record as its CRM knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerRecord {
    /// Its kind.
    pub object: String,
    /// Name of its source.
    pub source: String,
    /// The CRM's id.
    pub id: String,
    /// Its page in the CRM, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it counts; for what stands now, since when, if known.
    pub at: Option<String>,
    /// Whom it counts for, as labels have it: the team ...
    pub team: String,
    /// ... and the rep.
    pub rep: String,
    /// What it adds, in base units.
    #[serde(with = "exact")]
    pub amount: f64,
}

/// Figures as texts, with all their digits.
mod exact {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }

    /// The same for what may not be there.
    pub(super) mod some {
        use super::*;

        pub(in super::super) fn serialize<S: Serializer>(
            value: &Option<f64>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match value {
                Some(value) => serializer.serialize_some(&value.to_string()),
                None => serializer.serialize_none(),
            }
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<f64>, D::Error> {
            let text = Option::<String>::deserialize(deserializer)?;
            text.map(|text| text.parse().map_err(de::Error::custom)).transpose()
        }
    }
}

/// What a CRM calls a record.
pub struct Named {
    /// Name of its source.
    pub source: String,
    /// The CRM's id.
    pub id: String,
    /// Its page in the CRM, where there is one.
    pub url: Option<String>,
}

impl Answer {
    /// An explanation with names for its records, which `named` gives.
    ///
    /// # Errors
    /// Those of `named`.
    pub fn new<E>(
        explanation: &Explanation,
        view: &View<'_>,
        mut named: impl FnMut(Object, u32) -> Result<Named, E>,
    ) -> Result<Answer, E> {
        let text = |at: Timestamp| at.to_string();
        let parts = explanation.parts.iter().map(|part| AnswerPart::new(part, view, &mut named));
        Ok(Answer {
            series: explanation.series.to_string(),
            help: explanation.help.to_owned(),
            value: explanation.value,
            remark: explanation.remark.clone(),
            at: view.now.to_string(),
            from: explanation.bounds.map(|span| text(span.start)),
            to: explanation.until().map(text),
            parts: parts.collect::<Result<_, _>>()?,
        })
    }
}

impl AnswerPart {
    fn new<E>(
        part: &Part,
        view: &View<'_>,
        named: &mut impl FnMut(Object, u32) -> Result<Named, E>,
    ) -> Result<AnswerPart, E> {
        let role = match part.role {
            Role::Times => "times",
            Role::By => "by",
            Role::Less => "less",
            Role::Beside => "beside",
        };
        let mut left_out = Vec::new();
        for (why, listing) in &part.left_out {
            left_out.push(Omitted { why: (*why).to_owned(), records: Records::new(listing, view, named)? });
        }
        let records = part.records.as_ref().map(|listing| Records::new(listing, view, named)).transpose()?;
        let (name, value, steps) = (part.name.clone(), part.value, part.steps.clone());
        Ok(AnswerPart { role: role.to_owned(), name, value, steps, records, left_out })
    }
}

impl Records {
    fn new<E>(
        listing: &Listing,
        view: &View<'_>,
        named: &mut impl FnMut(Object, u32) -> Result<Named, E>,
    ) -> Result<Records, E> {
        let mut record = |line: &RecordLine| {
            let Named { source, id, url } = named(line.object, line.record)?;
            let slot = &view.people.slots[line.slot as usize];
            Ok(AnswerRecord {
                object: line.object.to_string(),
                source,
                id,
                url,
                at: line.at.map(|at| at.to_string()),
                team: view.people.teams[slot.team as usize].label.clone(),
                rep: slot.rep.clone(),
                amount: line.amount,
            })
        };
        let newest = listing.lines().iter().map(&mut record).collect::<Result<_, _>>()?;
        Ok(Records { count: listing.count(), newest })
    }
}
