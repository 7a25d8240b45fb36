//! The part of the settings that a source of kind `csv` has, as it is written; `build` gives it meaning.

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;

use indexmap::IndexMap;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::setting::Lasting;

/// The settings of one source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    /// Where the files are; relative to the directory of the settings file.
    pub(super) directory: Option<PathBuf>,
    /// A file that was written less than this ago may still be growing and is left alone.
    pub(super) settle: Lasting,
    /// What is read from which file. A list holds several kinds of file for one object.
    pub(super) objects: IndexMap<String, OneOrMany<ObjectSettings>>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { directory: None, settle: Lasting::seconds(2), objects: IndexMap::new() }
    }
}

/// One object (or one of its kinds of file).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table such as {file: deals.csv, columns: {id: Id}}")]
pub(super) struct ObjectSettings {
    /// The file, or several of the same form.
    pub(super) file: OneOrMany<String>,
    /// Fields of the record and where they stand in the file.
    pub(super) columns: IndexMap<String, FieldSettings>,
    /// How dates and times are written; default: ISO 8601.
    pub(super) dates: OneOrMany<String>,
    /// Zone of times that have no offset; default: the business zone.
    pub(super) time_zone: Option<String>,
    /// What stands between cells; default: a comma.
    pub(super) delimiter: Option<String>,
    /// What encloses cells; default: a double quote.
    pub(super) quote: Option<String>,
    /// How characters are encoded; default: utf-8. A byte order mark wins.
    pub(super) encoding: Option<String>,
    /// Currency of rows that name none; default: the reporting currency.
    pub(super) currency: Option<String>,
    /// Address of a record's page in the CRM, with `{id}` for its id.
    pub(super) url: Option<String>,
    /// Pipeline of rows that name none.
    pub(super) pipeline: Option<String>,
    /// Stages in order with `open`, `won` or `lost`; or pipelines with such tables.
    pub(super) stages: IndexMap<String, StageSettings>,
}

/// Where a field's value comes from.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldSettings {
    /// Name of the column.
    pub(super) column: Option<String>,
    /// What numbers are multiplied with.
    pub(super) scale: Option<String>,
    /// How the value is written.
    pub(super) format: OneOrMany<String>,
    /// Words of the file and what they are replaced by.
    pub(super) map: IndexMap<String, String>,
    /// What an empty or absent cell means.
    pub(super) default: Option<String>,
    /// What stands between several values in one cell.
    pub(super) split: Option<String>,
}

/// A stage's outcome, or a pipeline's stages.
#[derive(Debug, Clone)]
pub(super) enum StageSettings {
    /// `open`, `won` or `lost`.
    Outcome(String),
    /// Stages and their outcomes.
    Stages(IndexMap<String, String>),
}

/// One value, or a list of values.
#[derive(Debug, Clone)]
pub(super) struct OneOrMany<T>(pub(super) Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one value or a list of values")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
                T::deserialize(text.into_deserializer()).map(|one| vec![one])
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Vec<T>, E> {
                T::deserialize(number.to_string().into_deserializer()).map(|one| vec![one])
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element()? {
                    values.push(value);
                }
                Ok(values)
            }
        }

        deserializer.deserialize_any(Either(PhantomData)).map(OneOrMany)
    }
}

impl<'de> Deserialize<'de> for FieldSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ColumnOrTable;

        impl<'de> Visitor<'de> for ColumnOrTable {
            type Value = FieldSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column's name or a table such as {column: Amount, scale: 1000}")
            }

            fn visit_str<E: Error>(self, column: &str) -> Result<FieldSettings, E> {
                Ok(FieldSettings { column: Some(column.to_owned()), ..FieldSettings::default() })
            }

            fn visit_i64<E: Error>(self, column: i64) -> Result<FieldSettings, E> {
                self.visit_str(&column.to_string())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldSettings, A::Error> {
                FieldTable::deserialize(MapAccessDeserializer::new(map)).map(FieldTable::into_settings)
            }
        }

        deserializer.deserialize_any(ColumnOrTable)
    }
}

/// A field that is written as a table.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FieldTable {
    column: Option<Scalar>,
    scale: Option<Scalar>,
    format: OneOrMany<String>,
    map: IndexMap<String, Scalar>,
    default: Option<Scalar>,
    split: Option<String>,
}

impl FieldTable {
    fn into_settings(self) -> FieldSettings {
        FieldSettings {
            column: self.column.map(|text| text.0),
            scale: self.scale.map(|text| text.0),
            format: self.format,
            map: self.map.into_iter().map(|(from, to)| (from, to.0)).collect(),
            default: self.default.map(|text| text.0),
            split: self.split,
        }
    }
}

/// A text that may look like a number or a truth value to YAML.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor).map(Scalar)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<String, E> {
        Ok(value.to_string())
    }
}

impl<'de> Deserialize<'de> for StageSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OutcomeOrStages;

        impl<'de> Visitor<'de> for OutcomeOrStages {
            type Value = StageSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("open, won or lost, or a pipeline's table of stages")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<StageSettings, E> {
                Ok(StageSettings::Outcome(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<StageSettings, A::Error> {
                IndexMap::deserialize(MapAccessDeserializer::new(map)).map(StageSettings::Stages)
            }
        }

        deserializer.deserialize_any(OutcomeOrStages)
    }
}
