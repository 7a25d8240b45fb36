//! Matchers, written so that both of Alertmanager's parsers read the same.
//!
//! Up to 0.26 there is one parser, from 0.27 on a second one, which is stricter about quotes and escapes; values stand in
//! double quotes, and of escapes only those are used that both know.

use serde_json::Value;

/// The label has this value. The empty value is also that of a label that is not there.
pub(super) fn is(label: &str, value: &str) -> Value {
    Value::String(format!("{label}={}", quoted(value)))
}

/// The label has one of these values.
pub(super) fn is_one_of<'a>(label: &str, values: impl IntoIterator<Item = &'a str>) -> Value {
    let values: Vec<String> = values.into_iter().map(regex::escape).collect();
    Value::String(format!("{label}=~{}", quoted(&values.join("|"))))
}

/// The label is there.
pub(super) fn is_set(label: &str) -> Value {
    Value::String(format!("{label}=~\".+\""))
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted() {
        assert_eq!(is("team", "R&D \"x\""), r#"team="R&D \"x\"""#);
        assert_eq!(is("rep", ""), r#"rep="""#);
        assert_eq!(is_set("rep"), r#"rep=~".+""#);
    }

    #[test]
    fn values_are_no_patterns() {
        assert_eq!(is_one_of("team", ["EMEA", "A.B (new)", "C\\D"]), r#"team=~"EMEA|A\\.B \\(new\\)|C\\\\D""#);
    }
}
