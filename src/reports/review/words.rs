//! Figures in words: with their unit, as exact as is of use.

use chrono::NaiveDate;

use super::Checked;
use crate::calendar::Period;
use crate::domain::Timestamp;

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number of things.
    Count,
    /// Money of the reporting currency.
    Money,
    /// A duration.
    Seconds,
    /// A share, from 0 to 1 as a rule.
    Ratio,
}

/// In what a subject's figures are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// What they are.
    pub kind: Kind,
    /// The period that they are for; none for figures that do not add up.
    pub period: Option<Period>,
}

impl Scale {
    /// A figure, without the period.
    pub fn figure(self, value: f64) -> String {
        match self.kind {
            Kind::Count | Kind::Money => number(value),
            Kind::Seconds => duration(value),
            Kind::Ratio => percent(value),
        }
    }

    /// How much a figure changes: of shares in points, which cannot be taken for a share of the share.
    pub fn change(self, value: f64) -> String {
        match self.kind {
            Kind::Ratio => format!("{} points", number(value * 100.0)),
            Kind::Count | Kind::Money | Kind::Seconds => self.figure(value),
        }
    }

    /// For how much the figures are: `per rep and week`; for figures that do not add up `of all reps together`.
    pub fn per(self) -> String {
        match self.period {
            Some(Period::Day) => "per rep and working day".to_owned(),
            Some(period) => format!("per rep and {}", period.name()),
            None => "of all reps together".to_owned(),
        }
    }
}

/// A number with three digits or more, thousands apart.
pub(super) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        small if small < 10.0 => 2,
        small if small < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.decimals$}");
    let (whole, fraction) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, fraction)| (whole, Some(fraction)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let fraction = fraction.map(|fraction| fraction.trim_end_matches('0')).filter(|fraction| !fraction.is_empty());
    fraction.map_or(grouped.clone(), |fraction| format!("{grouped}.{fraction}"))
}

fn duration(seconds: f64) -> String {
    match seconds.abs() {
        short if short < 120.0 => format!("{} s", number(seconds)),
        short if short < 7_200.0 => format!("{} min", number(seconds / 60.0)),
        long if long < 172_800.0 => format!("{} h", number(seconds / 3_600.0)),
        _ => format!("{} d", number(seconds / 86_400.0)),
    }
}

/// A share as a whole percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// How often something was met: `57% (34 of 60)`.
pub(super) fn share_of((met, all): (usize, usize)) -> String {
    format!("{} ({} of {})", percent(met as f64 / all as f64), number(met as f64), number(all as f64))
}

/// How many records fail a check: `call too short 25% (2 of 8)`.
pub(super) fn check(checked: &Checked) -> String {
    let name = checked.check.name().replace('_', " ");
    format!("{name} {}", share_of((checked.failing, checked.looked_at)))
}

/// A probability: two digits, never 0.
pub(super) fn probability(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}

/// What results are called, in the order of [`super::results`].
pub(super) const RESULT_TITLES: [&str; 2] = ["win ratio", "value won"];

/// A month as `Nov 2025`.
pub(super) fn month(first: NaiveDate) -> String {
    first.format("%b %Y").to_string()
}

/// A date as `1 November 2025`.
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// An instant, to the minute.
pub(super) fn instant(at: Timestamp) -> String {
    at.utc().format("%Y-%m-%d %H:%M UTC").to_string()
}

/// How many months later a result comes.
pub(super) fn later(lag: usize) -> String {
    match lag {
        0 => "in the same month".to_owned(),
        1 => "one month later".to_owned(),
        lag => format!("{lag} months later"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_as_exact_as_is_of_use() {
        let shown = |kind, value| Scale { kind, period: None }.figure(value);
        let counts = [0.0, 0.456, 2.5, 9.996, 12.34, 123.4, 1_234.5, -1_234_567.0];
        assert_eq!(
            counts.map(|value| shown(Kind::Count, value)),
            ["0", "0.46", "2.5", "10", "12.3", "123", "1,234", "-1,234,567"]
        );
        let durations = [45.0, 600.0, 9_000.0, 260_000.0];
        assert_eq!(durations.map(|value| shown(Kind::Seconds, value)), ["45 s", "10 min", "2.5 h", "3.01 d"]);
        assert_eq!(shown(Kind::Ratio, 0.347), "35%");
    }

    #[test]
    fn a_probability_is_never_0() {
        assert_eq!([0.0004, 0.012, 1.0].map(probability), ["p < 0.001", "p = 0.012", "p = 1.000"]);
    }
}
