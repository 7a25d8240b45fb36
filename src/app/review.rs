//! The yearly review, from the store alone.

use std::sync::Arc;

use anyhow::bail;
use chrono::{Months, NaiveDate};

use super::now;
use super::once::{Instant, Stored};
use super::parts::Parts;
use crate::calendar::Period;
use crate::domain::When;
use crate::facts::View;
use crate::metrics::Frame;
use crate::reports::review::{Review, Wanted};

/// The days that a review looks at.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    /// The first; none: that of the month that lies a year before the last whole one.
    pub first: Option<NaiveDate>,
    /// The last; none: today.
    pub last: Option<NaiveDate>,
}

/// Reviews goals and activities over some days, as of the end of the last of them or of now.
pub fn review(parts: &Arc<Parts>, days: Days, names_people: bool) -> anyhow::Result<Review> {
    let last = days.last.unwrap_or_else(|| parts.calendar.date(now()));
    let at = Instant::At(When::On(last)).of(parts).min(now());
    let last_whole = parts.calendar.previous(Period::Month, at.plus_millis(1));
    let first = days.first.unwrap_or_else(|| parts.calendar.date(last_whole.start) - Months::new(11));
    if first > last {
        bail!("{first} lies behind {last}: write the first day after --from and the last after --to");
    }
    let stored = Stored::open(parts)?;
    let view = View::new(&stored.facts, &parts.people, &stored.coverage, at);
    let wanted = Wanted { first, last, names_people };
    let review = crate::reports::review::review(&Frame::new(&view, &parts.options), wanted);
    if review.months.is_empty() {
        bail!("no whole month that has ended lies between {first} and {last}");
    }
    Ok(review)
}
