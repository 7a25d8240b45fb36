//! Names of the spans that figures cover, as in the label `window`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use super::period::Period;

/// What a figure covers, relative to the instant it is computed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// `month`: from the start of the current period to now.
    Current(Period),
    /// `previous_month`: the whole period before the current one.
    Previous(Period),
    /// `previous_month_to_date`: the previous period as far as the current one has come in working time.
    PreviousToDate(Period),
    /// `28d`: so many local dates, today included, to now; at least 1.
    Days(u16),
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Window::Current(period) => f.write_str(period.name()),
            Window::Previous(period) => write!(f, "previous_{}", period.name()),
            Window::PreviousToDate(period) => write!(f, "previous_{}_to_date", period.name()),
            Window::Days(days) => write!(f, "{days}d"),
        }
    }
}

/// Why a text names no window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no window; write day, week, month, quarter or year, previous_month or previous_month_to_date (likewise \
     for the others), or a number of days such as 28d"
)]
pub struct ParseWindowError(String);

impl FromStr for Window {
    type Err = ParseWindowError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let window = match text.strip_prefix("previous_") {
            Some(previous) => match previous.strip_suffix("_to_date") {
                Some(name) => period(name).map(Window::PreviousToDate),
                None => period(previous).map(Window::Previous),
            },
            None => period(text).map(Window::Current).or_else(|| days(text)),
        };
        window.ok_or_else(|| ParseWindowError(text.to_owned()))
    }
}

fn period(name: &str) -> Option<Period> {
    Period::ALL.into_iter().find(|period| period.name() == name)
}

/// Written in one way only, so that a label's value and the settings agree.
fn days(text: &str) -> Option<Window> {
    let digits = text.strip_suffix('d').filter(|digits| digits.starts_with(|first| ('1'..='9').contains(&first)))?;
    digits.parse().ok().map(Window::Days)
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for (name, window) in [
            ("day", Window::Current(Period::Day)),
            ("year", Window::Current(Period::Year)),
            ("previous_week", Window::Previous(Period::Week)),
            ("previous_month_to_date", Window::PreviousToDate(Period::Month)),
            ("previous_quarter_to_date", Window::PreviousToDate(Period::Quarter)),
            ("1d", Window::Days(1)),
            ("365d", Window::Days(365)),
            ("65535d", Window::Days(65_535)),
        ] {
            assert_eq!(name.parse(), Ok(window));
            assert_eq!(window.to_string(), name);
        }
    }

    #[test]
    fn other_names_are_refused() {
        for name in [
            "",
            "Day",
            "fortnight",
            "previous_",
            "previous_28d",
            "month_to_date",
            "0d",
            "07d",
            "+7d",
            "65536d",
            "d",
            "28",
        ] {
            assert_eq!(name.parse::<Window>(), Err(ParseWindowError(name.to_owned())));
        }
        assert_eq!(
            "fortnight".parse::<Window>().unwrap_err().to_string(),
            "`fortnight` is no window; write day, week, month, quarter or year, previous_month or \
             previous_month_to_date (likewise for the others), or a number of days such as 28d"
        );
    }

    #[test]
    fn settings_name_windows() {
        let windows: Vec<Window> = serde_json::from_str(r#"["week", "28d"]"#).unwrap();
        assert_eq!(windows, [Window::Current(Period::Week), Window::Days(28)]);
        let error = serde_json::from_str::<Window>(r#""fortnight""#).unwrap_err().to_string();
        assert!(error.contains("`fortnight` is no window"), "{error}");
    }
}
