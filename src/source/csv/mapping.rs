//! How the columns of a file become the fields of records: the settings of one object, checked and in real types.

use encoding_rs::Encoding;
use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::dates::{DateFormat, Zones};
use super::number::NumberStyle;
use super::rows::Dialect;
use crate::domain::{Column, Object, Record};

/// How the files of one object, or of one kind of file for it, are read. Its debug text is the stream's fingerprint.
#[derive(Debug, Clone)]
pub(super) struct Mapping {
    /// What the rows are.
    pub(super) object: Object,
    /// The files, as in the settings.
    pub(super) files: Vec<String>,
    /// What parts cells.
    pub(super) dialect: Dialect,
    /// What the bytes of cells mean, unless a byte order mark says otherwise.
    pub(super) encoding: &'static Encoding,
    /// Where the id stands; none: it is made of the other fields.
    pub(super) id: Option<Field>,
    /// Where the fields stand, in the order of the record's columns. The pipeline is kept apart.
    pub(super) fields: Vec<Option<Field>>,
    /// Where the pipeline's name stands.
    pub(super) pipeline_field: Option<Field>,
    /// The pipeline of rows that name none.
    pub(super) pipeline: Option<String>,
    /// Stages that are known beforehand.
    pub(super) stages: Stages,
    /// The currency of rows that name none, for objects that have one.
    pub(super) currency: Option<String>,
    /// Zones of local times and dates.
    pub(super) zones: Zones,
    /// Whether the teams of users are records too (no file lists them).
    pub(super) makes_teams: bool,
}

impl Mapping {
    /// Names and types of the record's fields.
    pub(super) fn columns(&self) -> &'static [Column] {
        Record::<String>::columns(self.object)
    }

    /// Fields without which a row says nothing.
    pub(super) fn requires(&self, field: &str) -> bool {
        match self.object {
            Object::StageChange => ["deal", "stage", "at"].contains(&field),
            Object::StatusChange => ["lead", "status", "at"].contains(&field),
            Object::OwnerChange => field == "at",
            _ => false,
        }
    }
}

/// Where a field's value stands and how it is written.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// Name of the column; none: the default always holds.
    pub(super) column: Option<String>,
    /// What a number is multiplied with.
    pub(super) scale: Option<Decimal>,
    /// How numbers are written.
    pub(super) numbers: NumberStyle,
    /// How dates or times are written; the first format that fits.
    pub(super) dates: Vec<DateFormat>,
    /// Words of the file and what stands for them.
    pub(super) map: IndexMap<String, String>,
    /// What an empty cell or an absent column means; written plainly, neither mapped nor scaled.
    pub(super) default: Option<String>,
    /// What stands between several ids.
    pub(super) split: Option<String>,
}

impl Field {
    /// What stands for `text`: itself, unless it is mapped, as it is or else in another case.
    pub(super) fn translate<'t>(&'t self, text: &'t str) -> &'t str {
        let in_any_case = || self.map.iter().find(|(word, _)| word.to_lowercase() == text.to_lowercase());
        match self.map.get(text).or_else(|| in_any_case().map(|(_, to)| to)) {
            Some(to) => to,
            None => text,
        }
    }
}

/// The stages of deals that the settings list.
#[derive(Debug, Clone, Default)]
pub(super) struct Stages {
    /// Stages and outcomes by pipeline.
    pub(super) by_pipeline: IndexMap<String, IndexMap<String, String>>,
    /// Stages and outcomes of every pipeline that is not listed by name, or of the one that all deals share.
    pub(super) common: IndexMap<String, String>,
}

impl Stages {
    /// Whether nothing is listed.
    pub(super) fn is_empty(&self) -> bool {
        self.by_pipeline.is_empty() && self.common.is_empty()
    }

    /// The listed stages of a pipeline.
    pub(super) fn of(&self, pipeline: Option<&str>) -> &IndexMap<String, String> {
        pipeline.and_then(|name| self.by_pipeline.get(name)).unwrap_or(&self.common)
    }
}

/// The id of a stage: stages of two pipelines may share a name.
pub(super) fn stage_id(pipeline: Option<&str>, stage: &str) -> String {
    match pipeline {
        Some(pipeline) => format!("{pipeline}/{stage}"),
        None => stage.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_those_of_the_pipeline_or_common_ones() {
        let list = |stages: &[&str]| stages.iter().map(|stage| ((*stage).to_owned(), "open".to_owned())).collect();
        let by_pipeline = [("Sales".to_owned(), list(&["A"]))].into_iter().collect();
        let stages = Stages { by_pipeline, common: list(&["B"]) };
        assert!(stages.of(Some("Sales")).contains_key("A"));
        assert!(stages.of(Some("Service")).contains_key("B") && stages.of(None).contains_key("B"));
        assert_eq!((stage_id(Some("Sales"), "A"), stage_id(None, "A")), ("Sales/A".to_owned(), "A".to_owned()));
    }
}
