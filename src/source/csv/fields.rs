//! The fields of one object in the settings, checked against the fields that its records have.

use rust_decimal::Decimal;

use super::dates::{DateFormat, Zones};
use super::mapping::Field;
use super::number::{NumberStyle, STYLES, flag};
use super::settings::{FieldSettings, ObjectSettings};
use crate::domain::{Column, ColumnKind, Object, Record};
use crate::setting::Problem;
use crate::setting::did_you_mean;

/// The mapped fields of an object.
#[derive(Debug)]
pub(super) struct Fields {
    /// Where the id stands.
    pub(super) id: Option<Field>,
    /// The others, in the order of the record's columns.
    pub(super) fields: Vec<Option<Field>>,
    /// Where the pipeline's name stands.
    pub(super) pipeline: Option<Field>,
}

/// Other names of fields: a row mostly has one contact, so the word for one is understood too.
const SINGULARS: [(&str, &str); 4] =
    [("contact", "contacts"), ("lead", "leads"), ("deal", "deals"), ("account", "accounts")];

impl Fields {
    /// Reads `columns` of the object's settings; a problem's key is seen from these settings.
    pub(super) fn new(object: Object, part: &ObjectSettings) -> Result<Fields, Problem> {
        let dates = date_formats(&part.dates.0).map_err(|text| Problem::new("dates", text))?;
        let columns = Record::<String>::columns(object);
        let mut fields = Fields { id: None, fields: columns.iter().map(|_| None).collect(), pipeline: None };
        for (name, settings) in &part.columns {
            let at_key = |problem: Problem| problem.under(name).under("columns");
            let (slot, kind) = fields.slot(object, columns, name).map_err(at_key)?;
            if slot.is_some() {
                return Err(at_key(Problem::new("", "this field is mapped twice: leave one of its names out")));
            }
            *slot = Some(field(kind, settings, &dates).map_err(at_key)?);
        }
        fields.check_complete(object, columns)?;
        Ok(fields)
    }

    /// Where the field of that name is kept, and its type.
    fn slot(
        &mut self,
        object: Object,
        columns: &[Column],
        name: &str,
    ) -> Result<(&mut Option<Field>, ColumnKind), Problem> {
        let has_pipeline = matches!(object, Object::Deal | Object::StageChange);
        match name {
            "id" => return Ok((&mut self.id, ColumnKind::Text)),
            "pipeline" if has_pipeline => return Ok((&mut self.pipeline, ColumnKind::Text)),
            _ => (),
        }
        let is_links = |column: &Column| matches!(column.kind, ColumnKind::Links(_));
        let plural = SINGULARS.iter().find(|(one, _)| *one == name).map(|(_, several)| *several);
        let named = |column: &Column| column.name == name || (Some(column.name) == plural && is_links(column));
        match columns.iter().position(named) {
            Some(index) => Ok((&mut self.fields[index], columns[index].kind)),
            None => {
                let extra = (has_pipeline && object != Object::Deal).then_some("pipeline");
                let known: Vec<&str> = ["id"].into_iter().chain(columns.iter().map(|c| c.name)).chain(extra).collect();
                let hint = did_you_mean(name, known.iter().copied());
                Err(Problem::new("", format!("{object} have no such field{hint}; they have {}", known.join(", "))))
            }
        }
    }

    /// Whether everything is mapped that records of this object cannot do without.
    fn check_complete(&self, object: Object, columns: &[Column]) -> Result<(), Problem> {
        let lacks = |name: &str| {
            let index = columns.iter().position(|column| column.name == name);
            index.is_some_and(|index| self.fields[index].is_none())
        };
        let needed: &[&str] = match object {
            Object::StageChange => &["deal", "stage", "at"],
            Object::StatusChange => &["lead", "status", "at"],
            Object::OwnerChange => &["owner", "at"],
            Object::Activity => &["kind"],
            Object::Goal => &["target"],
            Object::Survey => &["score"],
            _ if self.id.is_none() => {
                return Err(Problem::new("columns.id", format!("say which column tells {object} apart")));
            }
            _ => &[],
        };
        if let Some(name) = needed.iter().find(|name| lacks(name)) {
            let text = format!("{object} are of no use without it: name its column or a default");
            return Err(Problem::new(format!("columns.{name}"), text));
        }
        if object == Object::OwnerChange && lacks("deal") && lacks("lead") {
            return Err(Problem::new("columns", "owner_changes are those of a deal or lead: map `deal` or `lead`"));
        }
        Ok(())
    }
}

fn field(kind: ColumnKind, settings: &FieldSettings, dates: &[DateFormat]) -> Result<Field, Problem> {
    if settings.column.is_none() && settings.default.is_none() {
        return Err(Problem::new("", "say where the value comes from: give a `column`, or a `default` for all rows"));
    }
    let is_number = matches!(kind, ColumnKind::Int | ColumnKind::Decimal);
    let is_date = matches!(kind, ColumnKind::When | ColumnKind::Day);
    let mut field = Field {
        column: settings.column.clone(),
        scale: None,
        numbers: NumberStyle::PLAIN,
        dates: dates.to_vec(),
        map: settings.map.clone(),
        default: settings.default.clone().filter(|text| !text.trim().is_empty()),
        split: settings.split.clone(),
    };
    if let Some(text) = &settings.scale {
        if !is_number {
            return Err(Problem::new("scale", "only numbers can be scaled: leave it out"));
        }
        let scale: Result<Decimal, _> = NumberStyle::PLAIN.parse(text);
        field.scale = Some(scale.map_err(|complaint| Problem::new("scale", complaint))?);
    }
    match settings.format.0.as_slice() {
        [] => (),
        [style] if is_number => {
            field.numbers = NumberStyle::named(style).ok_or_else(|| Problem::new("format", unknown_style(style)))?;
        }
        formats if is_date => field.dates = date_formats(formats).map_err(|text| Problem::new("format", text))?,
        _ => {
            return Err(Problem::new(
                "format",
                "only dates and numbers have a format, and a number has one: leave it out",
            ));
        }
    }
    if let Some(separator) = &field.split {
        if !matches!(kind, ColumnKind::Links(_)) {
            return Err(Problem::new("split", "this field holds one value only: leave it out"));
        }
        if separator.is_empty() {
            return Err(Problem::new("split", "say what stands between the values, such as \";\""));
        }
    }
    check_default(kind, &field)?;
    Ok(field)
}

/// A default has to be a value of the field's type, plainly written.
fn check_default(kind: ColumnKind, field: &Field) -> Result<(), Problem> {
    let Some(text) = field.default.as_deref() else { return Ok(()) };
    let fault = match kind {
        ColumnKind::Int | ColumnKind::Decimal => NumberStyle::PLAIN.parse(text).err(),
        ColumnKind::Flag => flag(text).err(),
        ColumnKind::When | ColumnKind::Day => {
            let zones = Zones { local: chrono_tz::UTC, business: chrono_tz::UTC };
            let understood = DateFormat::Standard.parse(text, zones).is_some();
            (!understood).then(|| format!("`{text}` is no date such as 2026-11-21 or 2026-11-21 17:00"))
        }
        ColumnKind::Text | ColumnKind::Link(_) | ColumnKind::Links(_) => None,
    };
    fault.map_or(Ok(()), |text| Err(Problem::new("default", text)))
}

fn date_formats(texts: &[String]) -> Result<Vec<DateFormat>, String> {
    if texts.is_empty() {
        return Ok(vec![DateFormat::Standard]);
    }
    texts.iter().map(|text| DateFormat::new(text)).collect()
}

fn unknown_style(style: &str) -> String {
    let styles: Vec<String> = STYLES.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    format!("`{style}` is no way to write 1234.56: use one of {}", styles.join(", "))
}
