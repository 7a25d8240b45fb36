//! The part of the settings that belongs to a source of kind `demo`.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};

use crate::domain::Timestamp;
use crate::setting::{self, Problem};

/// What can be set of an invented floor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    /// Another seed is another history of the same people.
    pub(super) seed: u64,
    /// How much happens, as a multiple of what is usual.
    pub(super) pace: f64,
    /// Years of history before the anchor.
    pub(super) years: u32,
    /// The day that the stories of people are told from, such as the new hire's; else the day of the first poll.
    #[serde(deserialize_with = "day")]
    pub(super) anchor: Option<NaiveDate>,
    /// The world stands still from this instant on: for figures that can be repeated.
    pub(super) until: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { seed: 1, pace: 1.0, years: USUAL_YEARS, anchor: None, until: None }
    }
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    setting::day(deserializer).map(Some)
}

/// Years of history where nothing is said.
pub(super) const USUAL_YEARS: u32 = 2;

/// Least and most years of history.
const YEARS: (u32, u32) = (USUAL_YEARS, 10);

/// Least and most that the pace can be.
const PACES: (f64, f64) = (0.1, 10.0);

impl Settings {
    /// The pace, if it is one.
    pub(super) fn pace(&self) -> Result<f64, Problem> {
        let (least, most) = PACES;
        if (least..=most).contains(&self.pace) {
            return Ok(self.pace);
        }
        Err(Problem::new("pace", format!("`{}` is no pace; write a number from {least} to {most}", self.pace)))
    }

    /// The years of history, if there can be so many.
    pub(super) fn years(&self) -> Result<u32, Problem> {
        let (least, most) = YEARS;
        if (least..=most).contains(&self.years) {
            return Ok(self.years);
        }
        Err(Problem::new(
            "years",
            format!("`{}` years cannot be told; write a number from {least} to {most}", self.years),
        ))
    }

    /// The instant from which on the world stands still.
    pub(super) fn until(&self) -> Result<Option<Timestamp>, Problem> {
        let read = |text: &String| text.trim().parse().map_err(|error| Problem::new("until", format!("{error}")));
        self.until.as_ref().map(read).transpose()
    }
}
