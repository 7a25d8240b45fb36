//! From settings to mappings: every mistake that can be seen without the files is told here, at its key.

use std::collections::HashSet;

use chrono_tz::Tz;
use encoding_rs::UTF_8;
use indexmap::IndexMap;

use super::dates::Zones;
use super::encoding;
use super::fields::Fields;
use super::mapping::{Mapping, Stages};
use super::rows::Dialect;
use super::settings::{ObjectSettings, Settings, StageSettings};
use crate::domain::{Currency, Object};
use crate::setting::Problem;
use crate::setting::did_you_mean;
use crate::source::Context;

/// What files may hold.
const OBJECTS: [Object; 12] = [
    Object::Team,
    Object::User,
    Object::Account,
    Object::Contact,
    Object::Lead,
    Object::Deal,
    Object::StageChange,
    Object::StatusChange,
    Object::OwnerChange,
    Object::Activity,
    Object::Goal,
    Object::Survey,
];

/// The mappings of each object that the settings name, in the order in which objects are best loaded.
pub(super) fn mappings(settings: &Settings, context: &Context) -> Result<Vec<(Object, Vec<Mapping>)>, Problem> {
    if settings.objects.is_empty() {
        let text = "nothing is mapped: write which file holds which object, such as \
                    {deals: {file: deals.csv, columns: {id: Id, stage: Stage}}}";
        return Err(Problem::new("objects", text));
    }
    let mut objects = Vec::new();
    for (name, parts) in &settings.objects {
        let object = object(name).map_err(|problem| problem.under("objects"))?;
        for (index, part) in parts.0.iter().enumerate() {
            let key = if parts.0.len() == 1 { name.clone() } else { format!("{name}.{index}") };
            let mapping = mapping(object, part, settings, context);
            objects.push((object, key.clone(), mapping.map_err(|problem| problem.under(&key).under("objects"))?));
        }
    }
    give_stage_changes_a_pipeline(&mut objects)?;

    let rank = |object: &Object| Object::ALL.iter().position(|other| other == object);
    objects.sort_by_key(|(object, ..)| rank(object));
    let mut grouped: IndexMap<Object, Vec<Mapping>> = IndexMap::new();
    for (object, _, mapping) in objects {
        grouped.entry(object).or_default().push(mapping);
    }
    Ok(grouped.into_iter().collect())
}

fn object(name: &str) -> Result<Object, Problem> {
    let known = Object::from_name(name).filter(|object| OBJECTS.contains(object));
    known.ok_or_else(|| {
        let names = OBJECTS.map(Object::name);
        let text = format!("there is no such object{}; files may hold {}", did_you_mean(name, names), names.join(", "));
        Problem::new(name, text)
    })
}

fn mapping(object: Object, part: &ObjectSettings, all: &Settings, context: &Context) -> Result<Mapping, Problem> {
    if part.file.0.is_empty() {
        return Err(Problem::new("file", format!("say which file in `directory` holds the {object}")));
    }
    let mut names = HashSet::new();
    if let Some(twice) = part.file.0.iter().find(|file| !names.insert(*file)) {
        return Err(Problem::new("file", format!("`{twice}` is listed twice: every row of it would be a duplicate")));
    }
    let fields = Fields::new(object, part)?;
    let mapping = Mapping {
        object,
        files: part.file.0.clone(),
        dialect: dialect(part)?,
        encoding: encoding(part)?,
        id: fields.id,
        fields: fields.fields,
        pipeline_field: fields.pipeline,
        pipeline: only_with_stages(object, "pipeline", part.pipeline.clone())?,
        stages: stages(object, part)?,
        currency: currency(object, part, context)?,
        zones: Zones { local: zone(part, context)?, business: context.zone },
        makes_teams: object == Object::User && !all.objects.contains_key(Object::Team.name()),
    };
    check_outcomes(&mapping)?;
    Ok(mapping)
}

fn dialect(part: &ObjectSettings) -> Result<Dialect, Problem> {
    let delimiter = match part.delimiter.as_deref() {
        None => b',',
        Some("tab" | "\\t") => b'\t',
        Some(text) => single_byte("delimiter", text, "such as \";\" or \"|\", or write tab")?,
    };
    let quote = match part.quote.as_deref() {
        None => b'"',
        Some(text) => single_byte("quote", text, "such as \"'\"")?,
    };
    if delimiter == quote {
        return Err(Problem::new("quote", "cells cannot be parted and enclosed by the same character"));
    }
    if [delimiter, quote].iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return Err(Problem::new("delimiter", "rows end at line ends, so these can neither part nor enclose cells"));
    }
    Ok(Dialect { delimiter, quote })
}

fn single_byte(key: &str, text: &str, such_as: &str) -> Result<u8, Problem> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() => Ok(*byte),
        _ => Err(Problem::new(key, format!("`{text}` is not one ASCII character: give one {such_as}"))),
    }
}

fn encoding(part: &ObjectSettings) -> Result<&'static encoding_rs::Encoding, Problem> {
    let Some(label) = part.encoding.as_deref() else { return Ok(UTF_8) };
    let known = encoding::named(label).ok_or_else(|| {
        let text = format!("there is no encoding `{label}`: write one such as utf-8, utf-16le or windows-1252");
        Problem::new("encoding", text)
    })?;
    let dialect = dialect(part)?;
    if ![dialect.delimiter, dialect.quote].into_iter().all(|byte| encoding::is_unambiguous(known, byte)) {
        let text = format!(
            "in {label} the delimiter or quote may be half of another character: export the file in utf-8, or use a \
             comma, semicolon or tab and double quotes"
        );
        return Err(Problem::new("encoding", text));
    }
    Ok(known)
}

fn zone(part: &ObjectSettings, context: &Context) -> Result<Tz, Problem> {
    let Some(name) = part.time_zone.as_deref() else { return Ok(context.zone) };
    name.parse().map_err(|_| {
        Problem::new("time_zone", format!("there is no time zone `{name}`: write an IANA name such as Europe/Berlin"))
    })
}

/// The currency that amounts are in where the row does not say. The target of a goal need not be money at all.
fn currency(object: Object, part: &ObjectSettings, context: &Context) -> Result<Option<String>, Problem> {
    let has_amounts = matches!(object, Object::Account | Object::Lead | Object::Deal | Object::Goal);
    let own = part.currency.as_deref().map(Currency::new).transpose();
    match own.map_err(|error| Problem::new("currency", error.to_string()))? {
        Some(_) if !has_amounts => Err(Problem::new("currency", format!("{object} have no amounts: leave it out"))),
        Some(own) => Ok(Some(own.code().to_owned())),
        None if has_amounts && object != Object::Goal => Ok(Some(context.currency.code().to_owned())),
        None => Ok(None),
    }
}

fn stages(object: Object, part: &ObjectSettings) -> Result<Stages, Problem> {
    let mut stages = Stages::default();
    for (name, value) in &part.stages {
        match value {
            StageSettings::Outcome(text) => {
                let outcome = outcome(name, text).map_err(|problem| problem.under("stages"))?;
                stages.common.insert(name.clone(), outcome);
            }
            StageSettings::Stages(list) => {
                let read = |(stage, text): (&String, &String)| Ok((stage.clone(), outcome(stage, text)?));
                let list: Result<_, Problem> = list.iter().map(read).collect();
                stages.by_pipeline.insert(name.clone(), list.map_err(|problem| problem.under(name).under("stages"))?);
            }
        }
    }
    let mixed = !stages.common.is_empty() && !stages.by_pipeline.is_empty();
    if mixed {
        let text = "stages and pipelines are mixed: list either stages, or pipelines with their stages";
        return Err(Problem::new("stages", text));
    }
    if object != Object::Deal && !stages.is_empty() {
        return Err(Problem::new("stages", "stages are listed at `deals`: leave them out here"));
    }
    Ok(stages)
}

fn outcome(stage: &str, text: &str) -> Result<String, Problem> {
    let outcome = text.to_ascii_lowercase();
    if ["open", "won", "lost"].contains(&outcome.as_str()) {
        return Ok(outcome);
    }
    Err(Problem::new(stage, format!("`{text}` is no outcome: write open, won or lost")))
}

fn only_with_stages(object: Object, key: &str, value: Option<String>) -> Result<Option<String>, Problem> {
    if value.is_some() && !matches!(object, Object::Deal | Object::StageChange) {
        return Err(Problem::new(key, format!("{object} are in no pipeline: leave it out")));
    }
    Ok(value)
}

/// Deals have to say somehow which of them are won.
fn check_outcomes(mapping: &Mapping) -> Result<(), Problem> {
    let status = mapping.columns().iter().position(|column| column.name == "status");
    let has_status = status.is_some_and(|index| mapping.fields[index].is_some());
    if mapping.object == Object::Deal && mapping.stages.is_empty() && !has_status {
        let text = "nothing says which deals are won: list `stages` in order with open, won or lost, or map \
                    `columns.status`";
        return Err(Problem::new("", text));
    }
    Ok(())
}

/// A stage change is in the pipeline that its row or its settings name, else in the one that all deals are in.
fn give_stage_changes_a_pipeline(objects: &mut [(Object, String, Mapping)]) -> Result<(), Problem> {
    let deals = objects.iter().find(|(object, ..)| *object == Object::Deal);
    let Some((pipeline, by_row)) = deals.map(|(.., deals)| (deals.pipeline.clone(), deals.pipeline_field.is_some()))
    else {
        return Ok(());
    };
    for (object, key, mapping) in objects {
        if *object != Object::StageChange || mapping.pipeline.is_some() || mapping.pipeline_field.is_some() {
            continue;
        }
        if by_row {
            let text = "deals name their pipeline in a column, so stage changes need one too: map `pipeline`";
            return Err(Problem::new("columns", text).under(key).under("objects"));
        }
        mapping.pipeline.clone_from(&pipeline);
    }
    Ok(())
}
