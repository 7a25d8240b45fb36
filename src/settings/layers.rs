//! The layers of the settings, one over the other: defaults, the file, variables and flags.

use std::collections::HashMap;
use std::path::Path;

use config::builder::DefaultState;
use config::{Config, ConfigBuilder, ConfigError, File, FileFormat, Map, Value, ValueKind};

use super::{Failure, Override};

/// Every option with its default and a comment.
pub const DEFAULTS: &str = include_str!("defaults.yaml");

/// All layers merged.
pub(super) struct Layers {
    /// The values; none of them is empty.
    pub values: Map<String, Value>,
    /// Where a value was set, by its path, unless by the file.
    pub places: HashMap<String, String>,
}

/// Reads `file` over the defaults, and `overrides` over both.
pub(super) fn read(file: &Path, overrides: &[Override]) -> Result<Layers, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    let defaults = parse(DEFAULTS).map_err(|problem| Failure::whole("defaults", problem))?;
    let written = parse(&text).map_err(|problem| Failure::whole(file.display(), problem))?;
    let mut values = table(Config::builder().add_source(defaults).add_source(written))
        .map_err(|problem| Failure::whole(file.display(), problem))?;
    let mut places = HashMap::new();
    for each in overrides {
        let path = each.apply(&mut values).map_err(|problem| Failure::whole(&each.place, problem))?;
        places.insert(path, each.place.clone());
    }
    Ok(Layers { values, places })
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    let remedy = match error.kind() {
        std::io::ErrorKind::NotFound => {
            "there is no such file; name one with --config.file, or begin one with the options that `crm_exporter check --print-defaults` shows"
        }
        std::io::ErrorKind::InvalidData => "is not UTF-8; save it in that encoding",
        _ => return Failure::whole(file.display(), format!("cannot be read: {error}")),
    };
    Failure::whole(file.display(), remedy)
}

/// What `yaml` holds, without its empty values: a key without a value is as good as left out.
fn parse(yaml: &str) -> Result<Config, String> {
    let yaml = yaml.strip_prefix('\u{feff}').unwrap_or(yaml);
    let file = File::from_str(yaml, FileFormat::Yaml);
    let mut config = Config::builder().add_source(file).build().map_err(|error| syntax(&error))?;
    drop_empty(&mut config.cache);
    Ok(config)
}

fn table(layers: ConfigBuilder<DefaultState>) -> Result<Map<String, Value>, String> {
    layers.build().and_then(|config| config.cache.into_table()).map_err(|error| syntax(&error))
}

fn syntax(error: &ConfigError) -> String {
    let ConfigError::FileParse { cause, .. } = error else { return error.to_string() };
    if cause.is::<Box<ConfigError>>() {
        return "expected keys and values, such as `refresh_interval: 15s`".to_owned();
    }
    let text = cause.to_string();
    let Some((what, place)) = text.rsplit_once(" at byte ") else { return format!("is no valid YAML: {text}") };
    // A scan error ends in `47 line 3 column 7`.
    let place: Vec<&str> = place.split(' ').collect();
    let [_, _, line, _, column] = place[..] else { return format!("is no valid YAML: {text}") };
    let twice = what.strip_prefix("String(\"").and_then(|what| what.strip_suffix("\"): duplicated key in mapping"));
    match twice {
        Some(key) => format!("line {line}, column {column}: `{key}` is written twice; write one of them"),
        None => format!("line {line}, column {column}: is no valid YAML: {what}"),
    }
}

fn drop_empty(value: &mut Value) {
    match &mut value.kind {
        ValueKind::Table(table) => {
            table.retain(|_, value| !matches!(value.kind, ValueKind::Nil));
            table.values_mut().for_each(drop_empty);
        }
        ValueKind::Array(array) => array.iter_mut().for_each(drop_empty),
        _ => {}
    }
}
