//! Metric selectors, as PromQL writes them: `crm_win_ratio{rep="Ana",window="quarter"}`.

use std::fmt;
use std::str::FromStr;

/// A metric and labels that must have these values. Only equality is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// Name of the metric.
    pub name: String,
    /// Labels and their values, in the order written.
    pub labels: Vec<(String, String)>,
}

/// Why a text is no selector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no selector such as crm_deals_won{{rep=\"Ana\",window=\"month\"}}: {problem}")]
pub struct SelectorError {
    text: String,
    problem: String,
}

impl Selector {
    /// The value that a label must have, if any.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(label, _)| label == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if self.labels.is_empty() {
            return Ok(());
        }
        let escape = |value: &str| value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
        let labels: Vec<String> =
            self.labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escape(value))).collect();
        write!(f, "{{{}}}", labels.join(","))
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Selector, SelectorError> {
        let mut rest = Rest(text.trim());
        rest.selector().map_err(|problem| SelectorError { text: text.to_owned(), problem })
    }
}

/// What is still to be read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn selector(&mut self) -> Result<Selector, String> {
        let name = self.name().ok_or("it does not begin with the name of a metric")?.to_owned();
        let mut labels: Vec<(String, String)> = Vec::new();
        if self.take("{") {
            while !self.take("}") {
                let label = self.name().ok_or("a label or `}` is missing")?.to_owned();
                if !self.take("=") || self.0.starts_with(['=', '~']) {
                    return Err(format!("write {label}=\"...\": only `=` is understood"));
                }
                let value = self.quoted().ok_or_else(|| format!("the value of {label} is not in quotes"))?;
                if labels.iter().any(|(known, _)| *known == label) {
                    return Err(format!("{label} is there twice"));
                }
                labels.push((label, value));
                if !self.take(",") && !self.0.starts_with('}') {
                    return Err("a comma or `}` is missing".to_owned());
                }
            }
        }
        match self.0 {
            "" => Ok(Selector { name, labels }),
            rest => Err(format!("nothing may follow, but there is `{rest}`")),
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.0 = self.0[bytes..].trim_start();
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.0.starts_with(sign);
        if found {
            self.skip(sign.len());
        }
        found
    }

    fn name(&mut self) -> Option<&'a str> {
        let end = self.0.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')).unwrap_or(self.0.len());
        let name = &self.0[..end];
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.skip(end);
        Some(name)
    }

    fn quoted(&mut self) -> Option<String> {
        let quote = self.0.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let mut value = String::new();
        let mut chars = self.0.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => value.push(match chars.next()?.1 {
                    'n' => '\n',
                    other => other,
                }),
                c if c == quote => {
                    self.skip(at + 1);
                    return Some(value);
                }
                c => value.push(c),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_read_and_written() {
        for text in [
            "crm_activities",
            r#"crm_win_ratio{rep="Ana",window="quarter"}"#,
            r#"crm_deals_lost_by_reason{reason="\"too\\dear\"\nand late"}"#,
        ] {
            assert_eq!(text.parse::<Selector>().unwrap().to_string(), text);
        }
        let loose: Selector = " crm_activities { kind = 'call' , } ".parse().unwrap();
        assert_eq!(loose.to_string(), r#"crm_activities{kind="call"}"#);
        assert_eq!(loose.label("kind"), Some("call"));
        assert_eq!("crm_activities{}".parse::<Selector>().unwrap().labels, []);
    }

    #[test]
    fn what_is_no_selector_is_told() {
        for (text, problem) in [
            ("", "it does not begin with the name of a metric"),
            ("{rep=\"Ana\"}", "it does not begin with the name of a metric"),
            ("a{rep}", "write rep=\"...\": only `=` is understood"),
            ("a{rep=~\"A.*\"}", "write rep=\"...\": only `=` is understood"),
            ("a{rep=Ana}", "the value of rep is not in quotes"),
            ("a{rep=\"Ana}", "the value of rep is not in quotes"),
            ("a{rep=\"Ana\"", "a comma or `}` is missing"),
            ("a{rep=\"Ana\",rep=\"Bo\"}", "rep is there twice"),
            ("a{} > 1", "nothing may follow, but there is `> 1`"),
        ] {
            let error = text.parse::<Selector>().unwrap_err().to_string();
            assert!(error.ends_with(problem), "{text}: {error}");
        }
    }
}
