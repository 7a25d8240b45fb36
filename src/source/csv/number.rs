//! Numbers and truth values as files write them. Nothing is guessed: a style with separators has to be named.

use rust_decimal::Decimal;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumberStyle {
    decimal: char,
    group: Option<char>,
}

/// The names of the styles: each is the number 1234.56 written in it.
pub(super) const STYLES: &[(&str, NumberStyle)] = &[
    ("1234.56", NumberStyle::PLAIN),
    ("1,234.56", NumberStyle { decimal: '.', group: Some(',') }),
    ("1.234,56", NumberStyle { decimal: ',', group: Some('.') }),
    ("1 234,56", NumberStyle { decimal: ',', group: Some(' ') }),
    ("1 234.56", NumberStyle { decimal: '.', group: Some(' ') }),
    ("1'234.56", NumberStyle { decimal: '.', group: Some('\'') }),
    ("1234,56", NumberStyle { decimal: ',', group: None }),
];

impl NumberStyle {
    /// Digits and a decimal point.
    pub(super) const PLAIN: NumberStyle = NumberStyle { decimal: '.', group: None };

    /// The style of that name.
    pub(super) fn named(name: &str) -> Option<NumberStyle> {
        STYLES.iter().find(|(known, _)| *known == name).map(|(_, style)| *style)
    }

    /// The number that `text` is in this style, exactly (up to 28 digits). `1.5E+06` is one in every style.
    pub(super) fn parse(self, text: &str) -> Result<Decimal, String> {
        let number = self.plain(text).and_then(|plain| {
            if plain.contains(['e', 'E']) { Decimal::from_scientific(&plain) } else { plain.parse() }.ok()
        });
        number.ok_or_else(|| self.complaint(text))
    }

    /// `text` with a decimal point and without separators; nothing if it is not in this style.
    fn plain(self, text: &str) -> Option<String> {
        let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => ("-", rest),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match digits.split_once(self.decimal) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let whole = self.ungroup(whole)?;
        // An exponent may follow the digits; what it may look like is left to the decimal's own parser.
        let tail = fraction.unwrap_or_default();
        let plausible = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, 'e' | 'E' | '+' | '-'));
        if !plausible(&whole)
            || !plausible(tail)
            || !digits.starts_with(|c: char| c.is_ascii_digit() || c == self.decimal)
        {
            return None;
        }
        Some(match fraction {
            Some(fraction) => format!("{sign}{whole}.{fraction}"),
            None => format!("{sign}{whole}"),
        })
    }

    /// The digits before the decimal sign without separators; nothing if these do not part groups of three.
    fn ungroup(self, whole: &str) -> Option<String> {
        let Some(separator) = self.group else { return Some(whole.to_owned()) };
        let is_separator = |c: char| c == separator || (separator == ' ' && matches!(c, '\u{a0}' | '\u{202f}'));
        let groups: Vec<&str> = whole.split(is_separator).collect();
        let (first, rest) = groups.split_first()?;
        let fits = rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3));
        fits.then(|| groups.concat())
    }

    fn complaint(self, text: &str) -> String {
        let shown = excerpt(text);
        let digits = text.contains(|c: char| c.is_ascii_digit());
        if digits && text.contains('%') {
            format!("`{shown}` has a percent sign: export it without, and use `scale: 0.01` for a share")
        } else if digits && text.contains(|c: char| "$€£¥₹₽₩₺₴₫฿₪".contains(c)) {
            format!("`{shown}` has a currency sign: export it without, and name the currency in `currency`")
        } else if digits && self == NumberStyle::PLAIN && text.contains([',', '\'', ' ', '\u{a0}', '\u{202f}']) {
            format!("`{shown}` has separators: name how numbers are written, such as `format: \"1,234.56\"`")
        } else {
            format!("`{shown}` is no number")
        }
    }
}

/// Whether `text` says yes or no. The complaint does not repeat it: unlike a number it may be anything, also a name.
pub(super) fn flag(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" => Ok(true),
        "false" | "f" | "no" | "n" | "0" => Ok(false),
        _ => Err("neither true nor false: say in `map` which words are which".to_owned()),
    }
}

/// The first 20 characters, for a message.
pub(super) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 20;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(style: &str, text: &str) -> Result<String, String> {
        NumberStyle::named(style).unwrap().parse(text).map(|number| number.normalize().to_string())
    }

    #[test]
    fn numbers_are_read_in_their_style() {
        let table = [
            ("1234.56", "1054", "1054"),
            ("1234.56", "-0.10", "-0.1"),
            ("1234.56", "+7", "7"),
            ("1234.56", ".5", "0.5"),
            ("1234.56", "1.5E+06", "1500000"),
            ("1234.56", "12345678901234567890.12", "12345678901234567890.12"),
            ("1,234.56", "1,234,567.89", "1234567.89"),
            ("1,234.56", "999", "999"),
            ("1,234.56", "-1,000", "-1000"),
            ("1.234,56", "1.234,56", "1234.56"),
            ("1.234,56", "1.234", "1234"),
            ("1 234,56", "1\u{a0}234,5", "1234.5"),
            ("1 234,56", "1\u{202f}234", "1234"),
            ("1 234.56", "1 234.5", "1234.5"),
            ("1'234.56", "1'234.56", "1234.56"),
            ("1234,56", "1234,56", "1234.56"),
        ];
        for (style, text, expected) in table {
            assert_eq!(parse(style, text).as_deref(), Ok(expected), "{text} as {style}");
        }
    }

    #[test]
    fn what_is_no_number_says_what_to_do() {
        let table = [
            ("1234.56", "abc", "`abc` is no number"),
            ("1234.56", "1.2.3", "`1.2.3` is no number"),
            ("1234.56", "1_000", "`1_000` is no number"),
            ("1234.56", "--5", "`--5` is no number"),
            ("1234.56", "(500)", "`(500)` is no number"),
            ("1234.56", "Infinity", "`Infinity` is no number"),
            (
                "1234.56",
                "1,234",
                "`1,234` has separators: name how numbers are written, such as `format: \"1,234.56\"`",
            ),
            ("1234.56", "$12", "`$12` has a currency sign: export it without, and name the currency in `currency`"),
            ("1234.56", "45 %", "`45 %` has a percent sign: export it without, and use `scale: 0.01` for a share"),
            ("1,234.56", "1,23", "`1,23` is no number"),
            ("1,234.56", "12,34,567", "`12,34,567` is no number"),
            ("1,234.56", "1.234,56", "`1.234,56` is no number"),
            ("1234.56", "an answer that is too long", "`an answer that is to…` is no number"),
        ];
        for (style, text, expected) in table {
            assert_eq!(parse(style, text), Err(expected.to_owned()), "{text} as {style}");
        }
    }

    #[test]
    fn truth_values_are_read_in_any_case() {
        for (text, expected) in
            [("TRUE", true), ("yes", true), ("1", true), ("False", false), ("n", false), ("0", false)]
        {
            assert_eq!(flag(text), Ok(expected), "{text}");
        }
        assert_eq!(flag("active"), Err("neither true nor false: say in `map` which words are which".to_owned()));
    }
}
