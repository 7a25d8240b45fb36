//! Goals and pacing: one file an idea.
//!
//! Unless a test says otherwise, people work from Monday to Friday, 09:00 to 17:00 UTC, and it is Wednesday, 13:00: of
//! the week of 40 hours 20 have passed.

mod calendars;
mod groups;
mod history;
mod kinds;
mod missing;
mod progress;
mod properties;
mod quotas;
mod ramp;
mod records;
mod scorecards;
mod service;
mod streaks;
mod targets;
mod usual;
mod versions;

use super::Asked;
use super::activities::activity;
use crate::domain::{Team, User};
use crate::facts::testing::Org;

/// A Wednesday; the week began on Monday the 16th, and so far 2.5 of its 5 working days have passed.
pub(super) const NOW: &str = "2026-03-18T13:00:00Z";

/// A person of team East with an address.
pub(super) fn rep(name: &str) -> User<String> {
    User {
        name: Some(name.into()),
        team: Some("East".into()),
        email: Some(format!("{}@example.com", name.to_lowercase())),
        ..Default::default()
    }
}

/// The same in another team.
pub(super) fn rep_of(team: &str, name: &str) -> User<String> {
    User { team: Some(team.into()), ..rep(name) }
}

/// Somebody who left then: an instant, or a last day.
pub(super) fn left(name: &str, at: &str) -> User<String> {
    User { active: Some(false), left_at: crate::facts::testing::when(at), ..rep(name) }
}

/// Somebody whose first day it is.
fn started(name: &str, on: &str) -> User<String> {
    User { started_on: Some(on.parse().unwrap()), ..rep(name) }
}

/// These people and their teams. Of activities there are none yet.
pub(super) fn org(people: impl IntoIterator<Item = User<String>>) -> Org {
    let mut org = Org::default();
    org.deliver(crate::domain::Object::Activity);
    for user in people {
        let (name, team) = (user.name.clone().unwrap(), user.team.clone().unwrap());
        org.put(&team, Team { name: Some(team.clone()), ..Default::default() });
        org.put(&name, user);
    }
    org
}

/// Calls of somebody.
pub(super) fn calls(org: &mut Org, rep: &str, at: &[&str]) {
    for at in at {
        org.put(&format!("{rep} {at}"), activity("call", rep, at));
    }
}

fn asked(org: Org, goals: &'static str) -> Asked {
    Asked { goals, ..Asked::new(org) }
}

/// The samples of a family: the organisation is `org`, a team or a rep by name; of previous periods `NAME before`. Values
/// have four decimals at most.
pub(super) fn shown(asked: &Asked, family: &str, now: &str) -> String {
    let label = |line: &str, name: &str| {
        let value = line.split_once(&format!("{name}=\""))?.1.split_once('"')?.0;
        Some(value.to_owned()).filter(|value| !value.is_empty())
    };
    let sample = |line: &String| {
        let who = label(line, "rep").or_else(|| label(line, "team")).unwrap_or("org".to_owned());
        let before = if line.contains("window=\"previous_") { " before" } else { "" };
        let value: f64 = line.rsplit(' ').next().unwrap().parse().unwrap();
        format!("{who}{before} {}", (value * 1e4).round() / 1e4)
    };
    asked.lines(family, now).iter().map(sample).collect::<Vec<_>>().join(", ")
}

/// Asserts what some families show at an instant; an empty text is an absent family.
pub(super) fn assert_shown(asked: &Asked, now: &str, expected: &[(&str, &str)]) {
    for (family, text) in expected {
        assert_eq!(shown(asked, family, now), *text, "{family} at {now}");
    }
}

#[test]
fn a_sum_is_paced_by_working_time() {
    let mut org = org(["Ana", "Bo"].map(rep));
    calls(&mut org, "Ana", &["2026-03-16T09:00:00Z", "2026-03-17T09:00:00Z", "2026-03-18T09:00:00Z"]);
    calls(&mut org, "Bo", &["2026-03-16T09:00:00Z", "2026-03-11T09:00:00Z"]);
    let goals = r#"{calls: {measure: 'crm_activities{kind="call"}', window: week, target: {default: 4, reps: {bo@example.com: 2}}}}"#;
    asked(org, goals).figures(
        NOW,
        r#"
        crm_goal_target{goal="calls",scope="org",team="",rep="",window="week"} 6
        crm_goal_target{goal="calls",scope="team",team="East",rep="",window="week"} 6
        crm_goal_target{goal="calls",scope="rep",team="East",rep="Ana",window="week"} 4
        crm_goal_target{goal="calls",scope="rep",team="East",rep="Bo",window="week"} 2
        crm_goal_actual{goal="calls",scope="org",team="",rep="",window="week"} 4
        crm_goal_actual{goal="calls",scope="team",team="East",rep="",window="week"} 4
        crm_goal_actual{goal="calls",scope="rep",team="East",rep="Ana",window="week"} 3
        crm_goal_actual{goal="calls",scope="rep",team="East",rep="Bo",window="week"} 1
        crm_goal_expected{goal="calls",scope="org",team="",rep="",window="week"} 3
        crm_goal_expected{goal="calls",scope="team",team="East",rep="",window="week"} 3
        crm_goal_expected{goal="calls",scope="rep",team="East",rep="Ana",window="week"} 2
        crm_goal_expected{goal="calls",scope="rep",team="East",rep="Bo",window="week"} 1
        crm_pacing_ratio{goal="calls",scope="org",team="",rep="",window="week"} 1.3333333333333333
        crm_pacing_ratio{goal="calls",scope="team",team="East",rep="",window="week"} 1.3333333333333333
        crm_pacing_ratio{goal="calls",scope="rep",team="East",rep="Ana",window="week"} 1.5
        crm_pacing_ratio{goal="calls",scope="rep",team="East",rep="Bo",window="week"} 1
        crm_goal_projected{goal="calls",scope="org",team="",rep="",window="week"} 8
        crm_goal_projected{goal="calls",scope="team",team="East",rep="",window="week"} 8
        crm_goal_projected{goal="calls",scope="rep",team="East",rep="Ana",window="week"} 6
        crm_goal_projected{goal="calls",scope="rep",team="East",rep="Bo",window="week"} 2
        crm_goal_needed_per_working_day{goal="calls",scope="org",team="",rep="",window="week"} 0.6666666666666666
        crm_goal_needed_per_working_day{goal="calls",scope="team",team="East",rep="",window="week"} 0.6666666666666666
        crm_goal_needed_per_working_day{goal="calls",scope="rep",team="East",rep="Ana",window="week"} 0.3333333333333333
        crm_goal_needed_per_working_day{goal="calls",scope="rep",team="East",rep="Bo",window="week"} 0.3333333333333333
        crm_goal_met_timestamp_seconds absent
        "#,
    );
}
