//! Labels of a sample as they are written, so that what many samples share is escaped once.

/// Labels in writing, without the braces: `team="EMEA",rep="Ana"`.
///
/// Push what a group of samples shares, [`mark`](Labels::mark) it, and for each sample push the rest and
/// [`truncate`](Labels::truncate) back. Names must be label names of Prometheus (`[a-zA-Z_][a-zA-Z0-9_]*`), each at most
/// once; this is not checked. Values may be any text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    text: String,
}

/// How much of [`Labels`] was written at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(usize);

impl Labels {
    /// Adds a label behind the others. An empty value is written too, though Prometheus reads it as no label.
    pub fn push(&mut self, name: &str, value: &str) -> &mut Self {
        self.separate();
        self.text.push_str(name);
        self.text.push_str("=\"");
        escape(value, &['\\', '"', '\n'], &mut self.text);
        self.text.push('"');
        self
    }

    /// Adds all labels of `others`, which stay as they are.
    pub fn append(&mut self, others: &Labels) -> &mut Self {
        if !others.text.is_empty() {
            self.separate();
            self.text.push_str(&others.text);
        }
        self
    }

    /// The labels so far, to return to.
    pub fn mark(&self) -> Mark {
        Mark(self.text.len())
    }

    /// Takes away what was added since `mark`, which must come from these labels.
    pub fn truncate(&mut self, mark: Mark) {
        self.text.truncate(mark.0);
    }

    /// Takes away all labels and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// The labels as they are written, without braces.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn separate(&mut self) {
        if !self.text.is_empty() {
            self.text.push(',');
        }
    }
}

/// Writes `text` to `out` with a backslash before each of `special`; a line feed becomes `\n`.
pub(super) fn escape(text: &str, special: &[char], out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        out.push('\\');
        // Special characters are ASCII: one byte each.
        let (character, tail) = tail.split_at(1);
        out.push_str(if character == "\n" { "n" } else { character });
        rest = tail;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_empty_ones_written() {
        let mut labels = Labels::default();
        labels.push("a", "say \"hi\"").push("b", "C:\\new\nline").push("c", "").push("d", "Zoë ✓");
        assert_eq!(labels.as_str(), r#"a="say \"hi\"",b="C:\\new\nline",c="",d="Zoë ✓""#);
    }

    #[test]
    fn truncating_returns_to_the_mark() {
        let mut labels = Labels::default();
        labels.push("team", "EMEA");
        let team = labels.mark();
        labels.push("rep", "Ana");
        labels.truncate(team);
        labels.push("rep", "Ben");
        assert_eq!(labels.as_str(), r#"team="EMEA",rep="Ben""#);
        labels.clear();
        assert_eq!(labels, Labels::default());
    }

    #[test]
    fn appended_labels_are_separated_only_where_there_are_some() {
        let mut rep = Labels::default();
        rep.push("team", "EMEA").push("rep", "Ana");
        let mut labels = Labels::default();
        labels.append(&Labels::default()).append(&rep).append(&Labels::default()).push("window", "day");
        assert_eq!(labels.as_str(), r#"team="EMEA",rep="Ana",window="day""#);
    }
}
