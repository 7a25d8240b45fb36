//! YAML with comments, as people read it. Whatever stands in the CRM stays inside its comment or its value.

/// Columns of a line of comment.
const WIDTH: usize = 100;

/// A file of settings that is being written.
#[derive(Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// A line of settings.
    pub(super) fn line(&mut self, line: &str) -> &mut Page {
        self.text.push_str(line);
        self.text.push('\n');
        self
    }

    /// A comment, in as many lines as it takes.
    pub(super) fn comment(&mut self, indent: usize, text: &str) -> &mut Page {
        let start = format!("{}#", " ".repeat(indent));
        let mut line = start.clone();
        for word in on_one_line(text).split(' ').filter(|word| !word.is_empty()) {
            if line.len() > start.len() && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.line(&line);
                line.clone_from(&start);
            }
            line.push(' ');
            line.push_str(word);
        }
        self.line(&line)
    }

    /// One of the things that a comment speaks of.
    pub(super) fn item(&mut self, indent: usize, text: &str) -> &mut Page {
        let line = format!("{}#   {}", " ".repeat(indent), on_one_line(text));
        self.line(line.trim_end())
    }

    /// The file.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// The text without anything that ends a line.
fn on_one_line(text: &str) -> String {
    let ends = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if ends(c) { ' ' } else { c }).collect()
}

/// A text as a YAML value, in quotes where it could be read as something else.
pub(super) fn scalar(text: &str) -> String {
    let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
    let begins_as_text = text.starts_with(|c: char| c.is_ascii_alphabetic() || "./".contains(c));
    // A number, a truth value or nothing, in some version of YAML.
    let lower = text.to_ascii_lowercase();
    let means_more = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", ".nan", ".inf"].contains(&&*lower)
        || lower.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if is_word && begins_as_text && !means_more { text.to_owned() } else { quoted(text) }
}

/// A value as it was given on the command line or found, in quotes unless it is a word or a whole number.
pub(super) fn option(value: &str) -> String {
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit()) && !value.starts_with('0');
    if is_number && !value.is_empty() && value.len() < 19 { value.to_owned() } else { scalar(value) }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::setting::parse_yaml;

    #[test]
    fn comments_are_wrapped_and_stay_comments() {
        let mut page = Page::default();
        page.comment(2, &"word ".repeat(25)).comment(0, "North\n  hidden: [x]").item(2, "South\u{85}a: b");
        assert_eq!(
            page.into_text(),
            "  # word word word word word word word word word word word word word word word word word word word\n  \
             # word word word word word word\n\
             # North hidden: [x]\n  \
             #   South a: b\n"
        );
    }

    #[test]
    fn texts_are_in_quotes_where_they_could_be_something_else() {
        for (text, written) in [
            ("North", "North"),
            ("./token", "./token"),
            ("Sales Pipeline", "\"Sales Pipeline\""),
            ("no", "\"no\""),
            ("7430001", "\"7430001\""),
            (".5", "\".5\""),
            ("", "\"\""),
            ("a\"b\\c\n", "\"a\\\"b\\\\c\\u000a\""),
        ] {
            assert_eq!(scalar(text), written);
        }
    }

    proptest! {
        #[test]
        fn a_text_is_read_as_it_was(text in "\\PC{0,20}|[\\x00-\\x7f]{0,12}|[a-zA-Z.~-]{1,5}") {
            let yaml = format!("list: [{}]\n", scalar(&text));
            let list = parse_yaml(&yaml).unwrap().get_array("list").unwrap();
            prop_assert_eq!(list.len(), 1);
            prop_assert_eq!(list[0].kind.to_string(), text);
            prop_assert!(matches!(list[0].kind, config::ValueKind::String(_)));
        }
    }
}
