//! The layers of the settings, one over the other: defaults, the file, variables and flags.

use std::collections::HashMap;
use std::path::Path;

use config::builder::DefaultState;
use config::{Config, ConfigBuilder, Map, Value};

use super::{Failure, Override};
use crate::setting::parse_yaml;

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
    let defaults = parse_yaml(DEFAULTS).map_err(|problem| Failure::whole("defaults", problem))?;
    let written = parse_yaml(&text).map_err(|problem| Failure::whole(file.display(), problem))?;
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

fn table(layers: ConfigBuilder<DefaultState>) -> Result<Map<String, Value>, String> {
    layers.build().and_then(|config| config.cache.into_table()).map_err(|error| error.to_string())
}
