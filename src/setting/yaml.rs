//! YAML as text, turned into values, with problems that people can find in their file.

use config::{Config, ConfigError, File, FileFormat, Value, ValueKind};

/// What `yaml` holds, without its empty values: a key without a value is as good as left out. Read it with
/// [`read`](fn@super::read), from `cache`.
///
/// # Errors
/// Tells where the text is no YAML, or that it holds no keys and values.
pub fn parse_yaml(yaml: &str) -> Result<Config, String> {
    let yaml = yaml.strip_prefix('\u{feff}').unwrap_or(yaml);
    let file = File::from_str(yaml, FileFormat::Yaml);
    let mut config = Config::builder().add_source(file).build().map_err(|error| syntax(&error))?;
    drop_empty(&mut config.cache);
    Ok(config)
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
