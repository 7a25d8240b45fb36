//! The mark by which a board is known to be ours.
//!
//! It is a line in the board's description. Of all that a board holds, title, tags and description survive everything that
//! can happen to one: the older API, that of resources, Grafana's conversion between its formats, saving in the browser.
//! Tags alone would not do: a copy ("Save as") keeps them. The mark names its board, so a copy does not pass for it.
//!
//! It also has a fingerprint of the content and the number of the save. As long as both still stand, nobody has changed
//! the board since, whatever Grafana has filled in by itself: its API of resources writes defaults and migrates the model
//! when it stores one, so that what is read back need not equal what was sent.

use serde_json::Value;

const BEGINS: &str = "Kept by crm_exporter, which overwrites changes made here (";
const ENDS: &str = ")";

/// What the line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// The board that it was written for.
    pub(super) uid: String,
    /// Of the content as it was sent.
    pub(super) fingerprint: String,
    /// Grafana's number of the save that brought it; each later save has a higher one.
    pub(super) save: i64,
}

impl Mark {
    /// The mark in a board's description, if there is one.
    pub(super) fn of(model: &Value) -> Option<Mark> {
        model["description"].as_str()?.lines().find_map(Mark::read)
    }

    fn read(line: &str) -> Option<Mark> {
        let parts = line.trim().strip_prefix(BEGINS)?.strip_suffix(ENDS)?;
        let [uid, fingerprint, "save", save] = parts.split(' ').collect::<Vec<_>>()[..] else { return None };
        Some(Mark { uid: uid.to_owned(), fingerprint: fingerprint.to_owned(), save: save.parse().ok()? })
    }

    fn line(&self) -> String {
        format!("{BEGINS}{} {} save {}{ENDS}", self.uid, self.fingerprint, self.save)
    }

    /// `model` with this mark behind its description.
    pub(super) fn put_on(&self, model: &Value) -> Value {
        let mut marked = model.clone();
        let text = without_mark(model["description"].as_str().unwrap_or_default());
        let gap = if text.is_empty() { "" } else { "\n\n" };
        marked["description"] = Value::String(format!("{text}{gap}{}", self.line()));
        marked
    }
}

/// A description as it was before it was marked.
pub(super) fn without_mark(description: &str) -> String {
    let lines = description.lines().filter(|line| Mark::read(line).is_none());
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mark(save: i64) -> Mark {
        Mark { uid: "crm-today".to_owned(), fingerprint: "9be0d3aa1122".to_owned(), save }
    }

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        for description in [json!(null), json!(""), json!("Calls and meetings."), json!("One.\n\nTwo.")] {
            let marked = mark(3).put_on(&json!({"title": "Today", "description": description}));
            assert_eq!(Mark::of(&marked), Some(mark(3)), "{marked}");
            let text = marked["description"].as_str().unwrap();
            assert_eq!(without_mark(text), description.as_str().unwrap_or_default());
            assert_eq!(mark(3).put_on(&marked), marked);
            // The next save replaces the mark and adds no second one.
            assert_eq!(Mark::of(&mark(4).put_on(&marked)), Some(mark(4)));
            assert_eq!(mark(4).put_on(&marked)["description"].as_str().unwrap().lines().count(), text.lines().count());
        }
    }

    #[test]
    fn what_is_no_mark_is_none() {
        for text in [
            "Kept by hand",
            "Kept by crm_exporter, which overwrites changes made here",
            "Kept by crm_exporter, which overwrites changes made here (crm-today 9be0 save x)",
            "Kept by crm_exporter, which overwrites changes made here (crm-today 9be0)",
        ] {
            assert_eq!(Mark::of(&json!({"description": text})), None, "{text}");
            assert_eq!(without_mark(text), text);
        }
    }
}
