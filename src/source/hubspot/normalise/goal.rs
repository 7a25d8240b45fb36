//! Goals: one record for one person or team and one period.

use chrono::{NaiveDate, NaiveTime};

use super::Reading;
use crate::domain::{Goal, When};
use crate::source::hubspot::fields::Fault;
use crate::source::hubspot::wire::Row;

/// Reads a goal.
pub(super) fn goal(row: &Row, reading: &Reading) -> Result<Goal<String>, Fault> {
    let assignee = row.text("hs_assignee_property_name");
    let for_team = assignee.is_some_and(|property| property.contains("team"));
    let owner = row.text("hubspot_owner_id").filter(|_| !for_team);
    // A person's goal names the person's team too.
    let team = row.text("hs_assignee_team_id").or_else(|| row.text("hubspot_team_id")).filter(|_| owner.is_none());
    Ok(Goal {
        name: row.text("hs_goal_name"),
        owner,
        team,
        target: row.decimal("hs_target_amount")?,
        currency: row.text("hs_goal_target_currency_code"),
        starts_on: row.when("hs_start_datetime")?.map(|when| first_day(when, reading)),
        ends_on: row.when("hs_end_datetime")?.map(|when| last_day(when, reading)),
        ..Goal::default()
    })
}

/// The day that begins at that instant. Periods are cut at midnight in UTC or in the account's zone, which the answer
/// does not tell.
fn first_day(when: When, reading: &Reading) -> NaiveDate {
    match when {
        When::On(day) => day,
        When::At(at) if at.utc().time() == NaiveTime::MIN => at.utc().date_naive(),
        When::At(at) => at.utc().with_timezone(&reading.zone).date_naive(),
    }
}

/// The day that ends with that instant, which is the last one inside: written with its last millisecond, or its last
/// second.
fn last_day(when: When, reading: &Reading) -> NaiveDate {
    let at = match when {
        When::On(day) => return day,
        When::At(at) => at,
    };
    let mut ends = [1, 1000].into_iter().map(|millis| at.plus_millis(millis).utc());
    let in_utc = ends.find(|end| end.time() == NaiveTime::MIN).and_then(|end| end.date_naive().pred_opt());
    in_utc.unwrap_or_else(|| at.utc().with_timezone(&reading.zone).date_naive())
}
