//! Units, colours and the words that go with them.
//!
//! The colours are those of Okabe and Ito, which people who see colours differently can tell apart; Grafana's own names
//! for such palettes are too new to be relied on. A colour is never alone: `words` says the same.

use serde_json::{Value, json};

use crate::domain::Currency;

/// A colour as Grafana takes it.
pub type Colour = &'static str;

/// Too little so far.
pub const BEHIND: Colour = "#D55E00";
/// A little too little.
pub const AT_RISK: Colour = "#E69F00";
/// As expected.
pub const ON_PACE: Colour = "#009E73";
/// More than expected.
pub const AHEAD: Colour = "#0072B2";
/// Neither good nor bad.
pub const NEUTRAL: Colour = "#56B4E9";

/// What is there to be compared with.
pub const QUIET: Colour = "#999999";

/// What is not there.
const NOTHING: Colour = "#5B6068";

/// What a value is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// How many, shortened above a thousand.
    Count,
    /// How many, in full: 12,345.
    Whole,
    /// The reporting currency, shortened: $1.2M.
    Money,
    /// A ratio from 0 to 1, shown in percent.
    Ratio,
    /// A factor: 3.2x.
    Times,
    /// Seconds, shown in the largest unit that fits.
    Seconds,
    /// An instant in milliseconds, shown as the time since then.
    Since,
    /// Bytes.
    Bytes,
    /// A bare number.
    Bare,
}

impl Unit {
    /// Grafana's id of the unit.
    pub(super) fn id(self, currency: Currency) -> String {
        match self {
            Unit::Count => "short".to_owned(),
            Unit::Whole => "locale".to_owned(),
            Unit::Money => money(currency),
            Unit::Ratio => "percentunit".to_owned(),
            Unit::Times => "suffix:×".to_owned(),
            Unit::Seconds => "s".to_owned(),
            Unit::Since => "dateTimeFromNow".to_owned(),
            Unit::Bytes => "bytes".to_owned(),
            Unit::Bare => "none".to_owned(),
        }
    }
}

/// A unit that shortens to thousands and millions. Grafana has signs of its own for a few currencies; any other is written
/// with its code in front.
fn money(currency: Currency) -> String {
    match currency.code() {
        code @ ("USD" | "EUR" | "GBP" | "JPY") => format!("currency{code}"),
        code => format!("currency:{code} "),
    }
}

/// What a pacing ratio is called and painted from a value on; below the second, it is the first. 1 is on pace.
pub const PACE: [(f64, Colour, &str); 4] =
    [(0.0, BEHIND, "behind"), (0.8, AT_RISK, "at risk"), (0.95, ON_PACE, "on pace"), (1.1, AHEAD, "ahead")];

/// Colours from a value on.
#[derive(Debug, Clone)]
pub struct Steps(Vec<(Option<f64>, Colour)>);

impl Steps {
    /// One colour for all values.
    pub fn only(colour: Colour) -> Steps {
        Steps(vec![(None, colour)])
    }

    /// Another colour from `value` on.
    #[must_use]
    pub fn from(mut self, value: f64, colour: Colour) -> Steps {
        self.0.push((Some(value), colour));
        self
    }

    /// The colours of [`PACE`].
    pub fn pace() -> Steps {
        let [(_, lowest, _), above @ ..] = PACE;
        above.into_iter().fold(Steps::only(lowest), |steps, (from, colour, _)| steps.from(from, colour))
    }

    pub(super) fn json(&self) -> Value {
        let steps: Vec<Value> = self.0.iter().map(|(from, colour)| json!({"color": colour, "value": from})).collect();
        json!({"mode": "absolute", "steps": steps})
    }
}

/// Texts in place of values.
pub mod words {
    use serde_json::{Value, json};

    /// Nothing, in words: in every panel. It has a colour of its own, or it would have that of the lowest value.
    pub fn nothing(text: &str) -> Value {
        let result = json!({"text": text, "color": super::NOTHING, "index": 0});
        json!({"type": "special", "options": {"match": "null+nan", "result": result}})
    }

    /// The same in a cell of a table, which it leaves without a colour.
    pub fn empty_cell() -> Value {
        json!({"type": "special", "options": {
            "match": "null+nan",
            "result": {"text": "–", "color": "transparent", "index": 0},
        }})
    }

    /// A text from one value (included) to another (not included).
    fn range(from: Option<f64>, to: Option<f64>, text: &str, index: usize) -> Value {
        // Grafana's ranges contain both ends: the end is taken as far below the next beginning as no figure comes.
        let to = to.map(|to| to - 1e-9);
        json!({"type": "range", "options": {"from": from, "to": to, "result": {"text": text, "index": index}}})
    }

    /// Texts from values on, in order; the first from the beginning on.
    pub fn from(texts: &[(f64, &str)]) -> Vec<Value> {
        let ends = texts.iter().skip(1).map(|(value, _)| Some(*value)).chain([None]);
        let both = texts.iter().zip(ends).enumerate();
        both.map(|(index, ((from, text), to))| range((index > 0).then_some(*from), to, text, index + 1)).collect()
    }

    /// Another text in place of one.
    pub fn text(value: &str, text: &str) -> Value {
        json!({"type": "value", "options": {value: {"text": text, "index": 0}}})
    }

    /// The words of [`PACE`](super::PACE).
    pub fn pace() -> Vec<Value> {
        from(&super::PACE.map(|(from, _, word)| (from, word)))
    }
}
