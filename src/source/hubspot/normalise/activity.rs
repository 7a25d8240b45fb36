//! Calls, meetings, emails, tasks and other communications.

use super::Reading;
use crate::domain::{Activity, Timestamp, When};
use crate::source::hubspot::fields::Fault;
use crate::source::hubspot::links::Links;
use crate::source::hubspot::types::{End, Type};
use crate::source::hubspot::wire::Row;

/// Reads an activity; none if it lies before the wanted history.
pub(super) fn activity(
    kind: Type,
    row: &Row,
    links: &Links,
    reading: &Reading,
) -> Result<Option<Activity<String>>, Fault> {
    let common = Activity {
        kind: Some(kind.name().to_owned()),
        owner: row.text("hubspot_owner_id"),
        at: row.when("hs_timestamp")?,
        contacts: links.ids(End::Contacts),
        leads: links.ids(End::Leads),
        deals: links.ids(End::Deals),
        accounts: links.ids(End::Companies),
        created_at: row.when("hs_createdate")?,
        ..Activity::default()
    };
    let activity = match kind {
        Type::Calls => call(row, reading, common)?,
        Type::Meetings => meeting(row, common)?,
        Type::Emails => email(row, common),
        Type::Tasks => task(row, common)?,
        _ => Activity { kind: row.text("hs_communication_channel_type").or(common.kind), ..common },
    };
    Ok(is_wanted(&activity, reading).then_some(activity))
}

fn call(row: &Row, reading: &Reading, common: Activity<String>) -> Result<Activity<String>, Fault> {
    let disposition = row.text("hs_call_disposition");
    Ok(Activity {
        duration_seconds: row.seconds("hs_call_duration")?,
        status: row.text("hs_call_status"),
        direction: row.text("hs_call_direction"),
        // The account's own results have names that people know; those of HubSpot are told apart by their ids.
        outcome: disposition.map(|id| reading.dispositions.get(&id).cloned().unwrap_or(id)),
        subject: row.text("hs_call_title"),
        ..common
    })
}

fn meeting(row: &Row, common: Activity<String>) -> Result<Activity<String>, Fault> {
    let (start, end) = (row.when("hs_meeting_start_time")?, row.when("hs_meeting_end_time")?);
    let outcome = row.text("hs_meeting_outcome");
    Ok(Activity {
        at: start.or(common.at),
        duration_seconds: seconds_between(start, end),
        status: outcome.clone(),
        outcome,
        subject: row.text("hs_meeting_title"),
        ..common
    })
}

fn email(row: &Row, common: Activity<String>) -> Activity<String> {
    Activity {
        status: row.text("hs_email_status"),
        direction: row.text("hs_email_direction"),
        subject: row.text("hs_email_subject"),
        ..common
    }
}

fn task(row: &Row, common: Activity<String>) -> Result<Activity<String>, Fault> {
    Ok(Activity {
        due: common.at,
        at: None,
        completed_at: row.when("hs_task_completion_date")?,
        status: row.text("hs_task_status"),
        subject: row.text("hs_task_subject"),
        ..common
    })
}

fn seconds_between(start: Option<When>, end: Option<When>) -> Option<i64> {
    match (start?, end?) {
        (When::At(start), When::At(end)) if start <= end => Some(end.millis_since(start) / 1000),
        _ => None,
    }
}

/// Whether any of its dates lies in the wanted history; what has none is taken.
fn is_wanted(activity: &Activity<String>, reading: &Reading) -> bool {
    let Some(horizon) = reading.horizon else { return true };
    let latest = [activity.at, activity.due, activity.completed_at].into_iter().flatten().map(last_instant).max();
    latest.is_none_or(|latest| latest >= horizon)
}

/// The last instant that the date may mean, in whatever zone.
fn last_instant(when: When) -> Timestamp {
    const TWO_DAYS: i64 = 2 * 86_400_000;
    match when {
        When::At(at) => at,
        When::On(day) => Timestamp::from(day.and_time(chrono::NaiveTime::MIN).and_utc()).plus_millis(TWO_DAYS),
    }
}
