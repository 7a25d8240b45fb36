//! The catalogue for a terminal of 80 columns.

use std::fmt::Write as _;

use super::Entry;

const WIDTH: usize = 80;
const INDENT: &str = "    ";

pub(super) fn write(entries: &[Entry]) -> String {
    let mut text = String::new();
    let mut section = "";
    for entry in entries {
        if entry.section != section {
            section = entry.section;
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}{section}\n", if text.is_empty() { "" } else { "\n" });
        }
        let labels = if entry.labels.is_empty() { String::new() } else { format!("{{{}}}", entry.labels.join(", ")) };
        wrapped(&mut text, "", INDENT, &format!("{}{labels}", entry.name));
        wrapped(&mut text, INDENT, INDENT, entry.help);
        wrapped(&mut text, INDENT, INDENT, &remarks(entry));
    }
    text.push_str("\nWhat the words mean and which rules hold for all: --format markdown, or\ndocs/metrics.md\n");
    text
}

fn remarks(entry: &Entry) -> String {
    let Some(derived) = &entry.derived else { return format!("[{}]", entry.kind) };
    let windows = derived.windows.map(|key| format!("windows: {key}, ")).unwrap_or_default();
    format!("[{}, {}, {windows}as of the past: {}]", derived.shape, derived.nature, derived.as_of)
}

/// Adds `words`, broken at blanks.
fn wrapped(text: &mut String, first: &str, next: &str, words: &str) {
    let mut line = first.to_owned();
    for (index, word) in words.split(' ').enumerate() {
        let is_start = index == 0 || line == next;
        if !is_start && line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = next.to_owned();
        } else if !is_start {
            line.push(' ');
        }
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_blanks_and_lose_no_word() {
        let mut text = String::new();
        wrapped(&mut text, "", "  ", &["word"; 20].join(" "));
        assert_eq!(text, format!("{}\n  {}\n", ["word"; 16].join(" "), ["word"; 4].join(" ")));
        let long = "x".repeat(90);
        let mut text = String::new();
        wrapped(&mut text, "  ", "  ", &format!("{long} y"));
        assert_eq!(text, format!("  {long}\n  y\n"));
    }
}
