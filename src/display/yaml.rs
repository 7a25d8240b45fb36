//! YAML as people write it: PromQL in single quotes, long texts as blocks.
//!
//! The emitters that there are put every expression into double quotes and escape the quotes inside, which nobody can
//! read or change; what is written here is read back by a library in the tests.

use std::fmt::Write as _;

use serde_json::Value;

/// A document. Texts of several lines are literal blocks, all others stand on one line.
pub fn yaml(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(_) | Value::Array(_) if !is_empty(value) => block(value, 0, &mut text),
        _ => text = scalar(value) + "\n",
    }
    text
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// A table or list whose lines are indented by `depth` blanks.
fn block(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let _ = write!(out, "{:depth$}{}:", "", plain_or_quoted(key));
                after(value, depth, out);
            }
        }
        Value::Array(items) => {
            for item in items {
                let _ = write!(out, "{:depth$}-", "");
                match item {
                    // The first key stands beside the dash, the others below it.
                    Value::Object(_) | Value::Array(_) if !is_empty(item) => {
                        let mut inner = String::new();
                        block(item, depth + 2, &mut inner);
                        let _ = write!(out, " {}", &inner[depth + 2..]);
                    }
                    _ => after(item, depth, out),
                }
            }
        }
        _ => unreachable!("scalars stand on the line of their key"),
    }
}

/// What follows a key or a dash.
fn after(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(_) | Value::Array(_) if !is_empty(value) => {
            out.push('\n');
            block(value, depth + 2, out);
        }
        Value::String(text) if is_literal(text) => {
            out.push_str(if text.ends_with('\n') { " |\n" } else { " |-\n" });
            for line in text.lines() {
                let indent = if line.is_empty() { 0 } else { depth + 2 };
                let _ = writeln!(out, "{:indent$}{line}", "");
            }
        }
        _ => {
            let _ = writeln!(out, " {}", scalar(value));
        }
    }
}

/// Whether a text can be, and is better, written as a literal block.
fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let is_printable = text.chars().all(|c| c == '\n' || !is_special(c));
    text.contains('\n') && is_printable && !body.is_empty() && !body.ends_with('\n') && !text.starts_with([' ', '\n'])
}

/// Whether only an escape in double quotes writes it.
fn is_special(c: char) -> bool {
    c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => plain_or_quoted(text),
        Value::Object(_) => "{}".to_owned(),
        Value::Array(_) => "[]".to_owned(),
        // Null, booleans and numbers are written as in JSON.
        _ => value.to_string(),
    }
}

fn plain_or_quoted(text: &str) -> String {
    if text.chars().any(is_special) {
        // JSON's escapes are YAML's.
        return Value::from(text).to_string();
    }
    if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Whether a text, unquoted, is read as this text by every reader of YAML.
fn is_plain(text: &str) -> bool {
    let is_begun_by_letter = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '_' | '.'));
    let is_harmless = |c: char| c.is_alphanumeric() || " _-./()<>=+;$%^~".contains(c);
    let is_number =
        text.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit()) || text.parse::<f64>().is_ok();
    // What some reader takes for a boolean, a null or a number.
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | ".inf" | ".nan"
    );
    is_begun_by_letter && text.chars().all(is_harmless) && !text.ends_with(' ') && !is_number && !is_word
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use yaml_rust2::{Yaml, YamlLoader};

    use super::*;

    fn json_of(yaml: &Yaml) -> Value {
        match yaml {
            Yaml::Real(number) => serde_json::from_str(number).unwrap(),
            Yaml::Integer(number) => (*number).into(),
            Yaml::String(text) => text.as_str().into(),
            Yaml::Boolean(is) => (*is).into(),
            Yaml::Array(items) => items.iter().map(json_of).collect(),
            Yaml::Hash(entries) => {
                entries.iter().map(|(key, value)| (key.as_str().unwrap().to_owned(), json_of(value))).collect()
            }
            Yaml::Null => Value::Null,
            Yaml::Alias(_) | Yaml::BadValue => panic!("{yaml:?}"),
        }
    }

    #[test]
    fn rules_are_written_as_people_write_them() {
        let value = json!({"groups": [{"name": "pace", "rules": [{
            "alert": "CrmBehind",
            "expr": "crm_pacing_ratio{scope=\"team\"} < 0.8\nand on () up",
            "for": "2h",
            "labels": {"severity": "warning", "team": "{{ $labels.team }}", "quote": "it's"},
            "empty": [],
            "nothing": null,
        }]}]});
        let expected = r#"groups:
  - name: pace
    rules:
      - alert: CrmBehind
        expr: |-
          crm_pacing_ratio{scope="team"} < 0.8
          and on () up
        for: '2h'
        labels:
          severity: warning
          team: '{{ $labels.team }}'
          quote: 'it''s'
        empty: []
        nothing: null
"#;
        assert_eq!(yaml(&value), expected);
    }

    fn values() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            ".*",
            "[a-z: #'\"\\n{}\\[\\]|>&*!%@`,?-]{0,12}",
            Just("no".to_owned()),
            Just("1e3".to_owned()),
            Just("2026-11-22".to_owned()),
            Just(" a\n b\n".to_owned()),
        ];
        let leaf = prop_oneof![
            text.prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            Just(Value::Null),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[a-zA-Z0-9: '_]{1,8}", inner), 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(value in values()) {
            let text = yaml(&value);
            let read = YamlLoader::load_from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            prop_assert_eq!(json_of(&read[0]), value, "{}", text);
        }
    }
}
