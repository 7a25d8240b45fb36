//! One row into one record, and what else the row tells: teams, pipelines and stages that no file lists.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use super::dates::DateFormat;
use super::encoding;
use super::header::Header;
use super::ledger::{Ledger, stable_hash};
use super::mapping::{Field, Mapping, stage_id};
use super::mention::Mention;
use super::number::{NumberStyle, excerpt, flag};
use super::rows::RawRow;
use crate::domain::{FieldReader, Object, Reason, Record, When};

/// A cell or row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// What is wrong, in a word.
    pub(super) reason: Reason,
    /// What is wrong, in a sentence.
    pub(super) text: String,
}

/// A row and where its columns are.
pub(super) struct RowReader<'r> {
    mapping: &'r Mapping,
    header: &'r Header,
    row: &'r RawRow,
    /// The field that is read next.
    next: usize,
}

/// The text of a cell, or the default.
struct Text<'r> {
    value: Cow<'r, str>,
    is_default: bool,
}

impl<'r> RowReader<'r> {
    pub(super) fn new(mapping: &'r Mapping, header: &'r Header, row: &'r RawRow) -> Self {
        RowReader { mapping, header, row, next: 0 }
    }

    /// The row's id; without a column for it, a number made of the texts of all mapped columns.
    pub(super) fn id(&self) -> Result<String, Fault> {
        let Some(field) = &self.mapping.id else {
            let places = self.header.fields.iter().chain([&self.header.pipeline]).flatten();
            let texts = places.map(|place| self.row.cells.get(*place).unwrap_or_default().trim_ascii());
            let texts: Vec<_> =
                texts.map(|cell| encoding::decode(self.header.encoding, cell).unwrap_or_default()).collect();
            return Ok(format!("{:016x}", stable_hash(texts.iter().map(AsRef::as_ref))));
        };
        match self.text_of(field, self.header.id)? {
            Some(text) => Ok(text.value.into_owned()),
            None => Err(Fault { reason: Reason::MissingId, text: format!("{} is empty", describe(field)) }),
        }
    }

    /// The id of a row whose cells stand in their places, noted in `ledger`. The first row of an id counts; of rows
    /// without a column for it, equal ones are numbered.
    pub(super) fn identify(&self, ledger: &mut Ledger) -> Result<String, Fault> {
        self.check_width()?;
        let id = self.id()?;
        match ledger.note(&id) {
            1 => Ok(id),
            times if self.mapping.id.is_none() => Ok(format!("{id}.{times}")),
            _ => {
                let text = "an earlier row has the same id, and that one counts".to_owned();
                Err(Fault { reason: Reason::DuplicateId, text })
            }
        }
    }

    /// Whether the row has a cell for each column; otherwise its cells may stand in wrong places.
    pub(super) fn check_width(&self) -> Result<(), Fault> {
        let (expected, found) = (self.header.width, self.row.cells.len());
        if expected == found {
            return Ok(());
        }
        let text = if self.row.spans_lines {
            format!("{found} cells over several lines instead of {expected}: is a quote not closed?")
        } else {
            format!("{found} cells instead of {expected}")
        };
        Err(Fault { reason: Reason::Malformed, text })
    }

    /// The record; the first field that cannot be read is the fault.
    pub(super) fn record(mut self) -> Result<Record<String>, Fault> {
        Record::read(self.mapping.object, &mut self)
    }

    /// What the row names, as far as it can be read.
    pub(super) fn mentions(&self) -> Vec<Mention> {
        let text = |name: &str| {
            let index = self.mapping.columns().iter().position(|column| column.name == name)?;
            let field = self.mapping.fields[index].as_ref()?;
            Some(self.text_of(field, self.header.fields[index]).ok()??.value.into_owned())
        };
        match self.mapping.object {
            Object::User if self.mapping.makes_teams => text("team").map(Mention::Team).into_iter().collect(),
            Object::Deal => {
                let pipeline = self.pipeline().ok().flatten();
                let stage = text("stage").map(|stage| Mention::Stage(pipeline.clone(), stage));
                pipeline.map(Mention::Pipeline).into_iter().chain(stage).collect()
            }
            _ => Vec::new(),
        }
    }

    fn pipeline(&self) -> Result<Option<String>, Fault> {
        let own = match &self.mapping.pipeline_field {
            Some(field) => self.text_of(field, self.header.pipeline)?,
            None => None,
        };
        Ok(own.map(|text| text.value.into_owned()).or_else(|| self.mapping.pipeline.clone()))
    }

    /// The cell's text, trimmed and translated; the default for an empty cell.
    fn text_of(&self, field: &'r Field, place: Option<usize>) -> Result<Option<Text<'r>>, Fault> {
        let cell = self.cell(field, place)?;
        if cell.is_empty() {
            return Ok(field.default.as_deref().map(|text| Text { value: Cow::Borrowed(text), is_default: true }));
        }
        if field.map.is_empty() || field.split.is_some() {
            return Ok(Some(Text { value: cell, is_default: false }));
        }
        // A word that stands for nothing is no value.
        let value = field.translate(&cell).trim().to_owned();
        Ok((!value.is_empty()).then_some(Text { value: Cow::Owned(value), is_default: false }))
    }

    fn cell(&self, field: &Field, place: Option<usize>) -> Result<Cow<'r, str>, Fault> {
        let Some(bytes) = place.and_then(|place| self.row.cells.get(place)) else { return Ok(Cow::Borrowed("")) };
        match encoding::decode(self.header.encoding, bytes) {
            Some(Cow::Borrowed(text)) => Ok(Cow::Borrowed(text.trim())),
            Some(Cow::Owned(text)) => Ok(Cow::Owned(text.trim().to_owned())),
            None => {
                let name = self.header.encoding.name();
                let text = format!("{}: not encoded in {name}: name the file's `encoding`", describe(field));
                Err(Fault { reason: Reason::Malformed, text })
            }
        }
    }

    /// The next field's value as `parse` reads it.
    fn value<T>(&mut self, parse: impl FnOnce(&Field, &str, bool) -> Result<T, String>) -> Result<Option<T>, Fault> {
        let (mapping, index) = (self.mapping, self.next);
        self.next += 1;
        let Some(field) = &mapping.fields[index] else { return Ok(None) };
        match self.text_of(field, self.header.fields[index])? {
            Some(text) => parse(field, &text.value, text.is_default).map(Some).map_err(|complaint| Fault {
                reason: Reason::InvalidValue,
                text: format!("{}: {complaint}", describe(field)),
            }),
            None if mapping.requires(mapping.columns()[index].name) => {
                Err(Fault { reason: Reason::MissingField, text: format!("{} is empty", describe(field)) })
            }
            None => Ok(None),
        }
    }

    fn when_value(&mut self) -> Result<Option<When>, Fault> {
        let zones = self.mapping.zones;
        self.value(|field, text, is_default| {
            let formats = if is_default { &[DateFormat::Standard] } else { field.dates.as_slice() };
            formats
                .iter()
                .find_map(|format| format.parse(text, zones))
                .ok_or_else(|| format!("`{}` is no date in the expected form: see `dates` and `format`", excerpt(text)))
        })
    }
}

fn describe(field: &Field) -> String {
    match &field.column {
        Some(column) => format!("column `{column}`"),
        None => "a default".to_owned(),
    }
}

fn number(field: &Field, text: &str, is_default: bool) -> Result<Decimal, String> {
    if is_default {
        return NumberStyle::PLAIN.parse(text);
    }
    let number = field.numbers.parse(text)?;
    let scale = field.scale.unwrap_or(Decimal::ONE);
    number.checked_mul(scale).ok_or_else(|| format!("`{}` is too large a number", excerpt(text)))
}

/// A whole number. A scaled one is rounded (milliseconds to seconds), another one has to be whole.
fn whole(field: &Field, text: &str, is_default: bool) -> Result<i64, String> {
    let number = number(field, text, is_default)?;
    let rounded = number.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
    if rounded != number && (is_default || field.scale.is_none()) {
        return Err(format!("`{}` is no whole number", excerpt(text)));
    }
    rounded.to_i64().ok_or_else(|| format!("`{}` is too large a number", excerpt(text)))
}

/// The ids in one cell, each once.
fn ids(field: &Field, text: &str) -> Vec<String> {
    let Some(separator) = &field.split else { return vec![text.to_owned()] };
    let mut ids: Vec<String> = Vec::new();
    for part in text.split(separator.as_str()) {
        let id = field.translate(part.trim()).trim();
        if !id.is_empty() && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

impl FieldReader<String> for RowReader<'_> {
    type Error = Fault;

    fn text(&mut self) -> Result<Option<String>, Fault> {
        let is_currency = self.mapping.columns()[self.next].name == "currency";
        let text = self.value(|_, text, _| Ok(text.to_owned()))?;
        Ok(if is_currency { text.or_else(|| self.mapping.currency.clone()) } else { text })
    }

    fn flag(&mut self) -> Result<Option<bool>, Fault> {
        self.value(|_, text, _| flag(text))
    }

    fn int(&mut self) -> Result<Option<i64>, Fault> {
        self.value(whole)
    }

    fn decimal(&mut self) -> Result<Option<Decimal>, Fault> {
        self.value(number)
    }

    fn when(&mut self) -> Result<Option<When>, Fault> {
        self.when_value()
    }

    fn day(&mut self) -> Result<Option<NaiveDate>, Fault> {
        let business = self.mapping.zones.business;
        Ok(self.when_value()?.map(|when| match when {
            When::On(day) => day,
            When::At(at) => at.utc().with_timezone(&business).date_naive(),
        }))
    }

    fn link(&mut self, target: Object) -> Result<Option<String>, Fault> {
        match target {
            Object::Pipeline => {
                self.next += 1;
                self.pipeline()
            }
            Object::Stage => {
                let pipeline = self.pipeline()?;
                self.value(|_, text, _| Ok(stage_id(pipeline.as_deref(), text)))
            }
            _ => self.value(|_, text, _| Ok(text.to_owned())),
        }
    }

    /// An empty cell says that there are none; a field that is not mapped says nothing.
    fn links(&mut self, _target: Object) -> Result<Option<Vec<String>>, Fault> {
        let is_mapped = self.mapping.fields[self.next].is_some();
        let ids = self.value(|field, text, _| Ok(ids(field, text)))?;
        Ok(if is_mapped { Some(ids.unwrap_or_default()) } else { None })
    }
}
