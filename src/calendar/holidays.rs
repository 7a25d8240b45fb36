//! Holidays of a calendar: the dates written in the settings.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::settings;
use crate::setting::Problem;

/// All holidays of the key `holidays`.
pub(super) fn collect(dates: &[String]) -> Result<BTreeSet<NaiveDate>, Problem> {
    let dates = dates.iter().enumerate();
    dates.map(|(index, text)| settings::date(&format!("holidays[{index}]"), text)).collect()
}
