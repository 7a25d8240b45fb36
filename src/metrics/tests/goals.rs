//! Goals and pacing.

use super::Asked;
use super::activities::activity;
use crate::domain::User;
use crate::facts::testing::Org;

/// A Wednesday; the week began on Monday the 16th, and so far 2.5 of its 5 working days have passed.
const NOW: &str = "2026-03-18T13:00:00Z";

/// Ana and Bo of team East, on a week of 40 hours in UTC.
fn org() -> Org {
    let mut org = Org::default();
    for name in ["Ana", "Bo"] {
        org.user(name, "East");
        let user = User {
            name: Some(name.into()),
            team: Some("East".into()),
            email: Some(format!("{}@example.com", name.to_lowercase())),
            ..Default::default()
        };
        org.put(name, user);
    }
    org
}

fn calls(org: &mut Org, rep: &str, at: &[&str]) {
    for at in at {
        org.put(&format!("{rep} {at}"), activity("call", rep, at));
    }
}

#[test]
fn a_sum_is_paced_by_working_time() {
    let mut org = org();
    calls(&mut org, "Ana", &["2026-03-16T09:00:00Z", "2026-03-17T09:00:00Z", "2026-03-18T09:00:00Z"]);
    calls(&mut org, "Bo", &["2026-03-16T09:00:00Z", "2026-03-11T09:00:00Z"]);
    let goals = r#"{calls: {measure: 'crm_activities{kind="call"}', window: week, target: {default: 4, reps: {bo@example.com: 2}}}}"#;
    let asked = Asked { goals, ..Asked::new(org) };
    asked.figures(
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
