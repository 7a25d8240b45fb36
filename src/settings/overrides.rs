//! Single values from outside the settings file: environment variables and flags.

use config::{Map, Value, ValueKind};

/// The beginning of the variables that set something; two underscores stand between the keys.
const PREFIX: &str = "CRM_EXPORTER__";

/// One value that wins over the file's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// What to name in a problem: the variable or the flag.
    pub place: String,
    /// The keys that lead to the value. Capitals, `-` and `.` in a name of the settings can be written as small
    /// letters and `_`, since variables know no better.
    pub keys: Vec<String>,
    /// The value as text.
    pub value: String,
}

impl Override {
    /// A flag for the setting at `key`, such as `store.path`.
    pub fn flag(flag: &str, key: &str, value: impl Into<String>) -> Override {
        Override { place: flag.to_owned(), keys: key.split('.').map(str::to_owned).collect(), value: value.into() }
    }

    /// The overrides among environment variables; empty variables are as good as unset ones.
    pub fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Vec<Override> {
        let mut overrides: Vec<Override> = variables
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .filter_map(|(name, value)| {
                let keys = name.strip_prefix(PREFIX)?.split("__").map(str::to_lowercase).collect();
                Some(Override { place: name, keys, value })
            })
            .collect();
        overrides.sort_by(|a, b| a.place.cmp(&b.place));
        overrides
    }

    /// Puts the value into `table` and gives back the path at which it stands there.
    ///
    /// # Errors
    /// Where the name fits several keys, or leads through something that has no keys.
    pub(super) fn apply(&self, table: &mut Map<String, Value>) -> Result<String, String> {
        let Some((last, parents)) = self.keys.split_last() else { return Err("names no key".into()) };
        let mut path = Vec::new();
        let mut table = table;
        for name in parents {
            let key = resolve(table, name)?;
            path.push(key.clone());
            let value = table.entry(key).or_insert_with(|| Map::<String, Value>::new().into());
            let ValueKind::Table(inner) = &mut value.kind else {
                return Err(format!("`{}` has no keys of its own", path.join(".")));
            };
            table = inner;
        }
        let key = resolve(table, last)?;
        path.push(key.clone());
        let path = path.join(".");
        match table.get(&key).map(|value| &value.kind) {
            Some(ValueKind::Table(_) | ValueKind::Array(_)) => {
                Err(format!("`{path}` is no single value: write it in the settings file"))
            }
            _ => {
                table.insert(key, scalar(&self.value));
                Ok(path)
            }
        }
    }
}

/// The key of `table` that `name` stands for; `name` itself where there is none.
fn resolve(table: &Map<String, Value>, name: &str) -> Result<String, String> {
    if table.contains_key(name) {
        return Ok(name.to_owned());
    }
    let mut fitting = table.keys().filter(|key| fold(key) == fold(name));
    match (fitting.next(), fitting.next()) {
        (None, _) => Ok(name.to_owned()),
        (Some(key), None) => Ok(key.clone()),
        (Some(one), Some(other)) => {
            Err(format!("`{name}` can stand for `{one}` and `{other}`: write it in the settings file"))
        }
    }
}

fn fold(key: &str) -> String {
    key.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}

fn scalar(text: &str) -> Value {
    match text {
        "true" => true.into(),
        "false" => false.into(),
        text => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Map<String, Value> {
        let yaml = "{refresh_interval: 15s, sources: {Main-1: {kind: csv}, a-b: {}, a.b: {}}, metrics: {disable: []}}";
        let text = config::File::from_str(yaml, config::FileFormat::Yaml);
        config::Config::builder().add_source(text).build().unwrap().cache.into_table().unwrap()
    }

    fn apply(name: &str, value: &str) -> Result<String, String> {
        let overrides = Override::from_variables([(name.to_owned(), value.to_owned())]);
        assert_eq!(overrides.len(), 1, "{name}");
        overrides[0].apply(&mut table())
    }

    #[test]
    fn variables_find_their_key() {
        for (name, path) in [
            ("CRM_EXPORTER__REFRESH_INTERVAL", "refresh_interval"),
            ("CRM_EXPORTER__SOURCES__MAIN_1__INTERVAL", "sources.Main-1.interval"),
            ("CRM_EXPORTER__STORE__PATH", "store.path"),
        ] {
            assert_eq!(apply(name, "x").as_deref(), Ok(path));
        }
    }

    #[test]
    fn variables_that_cannot_be_meant_say_why() {
        for (name, problem) in [
            ("CRM_EXPORTER__METRICS__DISABLE", "`metrics.disable` is no single value: write it in the settings file"),
            ("CRM_EXPORTER__SOURCES", "`sources` is no single value: write it in the settings file"),
            ("CRM_EXPORTER__REFRESH_INTERVAL__SECONDS", "`refresh_interval` has no keys of its own"),
            ("CRM_EXPORTER__SOURCES__A_B__KIND", "`a_b` can stand for `a-b` and `a.b`: write it in the settings file"),
        ] {
            assert_eq!(apply(name, "x").unwrap_err(), problem);
        }
    }

    #[test]
    fn other_variables_and_empty_ones_set_nothing() {
        let variables = [("CRM_EXPORTER_HOME", "/"), ("PATH", "/bin"), ("CRM_EXPORTER__STORE__PATH", "")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(Override::from_variables(variables), []);
    }
}
