//! Who counts as whom: labels, reps, teams, one person behind several records.

use super::Asked;
use super::activities::activity;
use crate::domain::{Activity, Contact, Deal, Lead, Team, User};
use crate::facts::testing::{Org, when};

const NOW: &str = "2026-03-18T12:00:00Z";

fn user(name: &str, team: &str) -> User<String> {
    let team = if team.is_empty() { None } else { Some(team.to_owned()) };
    User { name: Some(name.into()), team, ..Default::default() }
}

fn team(name: &str) -> Team<String> {
    Team { name: Some(name.into()), ..Default::default() }
}

fn mail(address: &str, user: User<String>) -> User<String> {
    User { email: Some(address.into()), ..user }
}

fn since(day: &str, user: User<String>) -> User<String> {
    User { started_on: Some(day.parse().unwrap()), ..user }
}

fn left(user: User<String>) -> User<String> {
    User { active: Some(false), ..user }
}

fn with_role(role: &str, user: User<String>) -> User<String> {
    User { role: Some(role.into()), ..user }
}

fn asked(org: Org) -> Asked {
    Asked { metrics: "{windows: {activities: [month]}}", ..Asked::new(org) }
}

/// A call of each of these users today.
fn calls(org: &mut Org, owners: &[&str]) {
    for (place, owner) in owners.iter().enumerate() {
        org.put(&format!("{owner} {place}"), activity("call", owner, "2026-03-18T09:00:00Z"));
    }
}

#[test]
fn equal_names_are_numbered_by_start_then_id() {
    let mut org = Org::default();
    org.put("East", team("East")).put("West", team("West"));
    org.put("20", user("Ana", "East"));
    org.put("9", user("Ana", "West"));
    org.put("30", since("2025-01-01", user("Ana", "East")));
    org.put("40", since("2024-01-01", user("Ana ", "West")));
    asked(org).figures(
        NOW,
        r#"
        crm_rep_info{team="West",rep="Ana",role="none",active="true"} 1
        crm_rep_info{team="East",rep="Ana 2",role="none",active="true"} 1
        crm_rep_info{team="West",rep="Ana 3",role="none",active="true"} 1
        crm_rep_info{team="East",rep="Ana 4",role="none",active="true"} 1
        "#,
    );
}

#[test]
fn teams_pipelines_and_stages_of_one_name_are_numbered_by_id() {
    let mut org = Org::default();
    org.put("10", team("East")).put("9", team("East")).put("11", team("unassigned"));
    org.put("Ana", user("Ana", "10")).put("Bo", user("Bo", "9")).put("Cy", user("Cy", "11"));
    let pipeline = || crate::domain::Pipeline { name: Some("Sales".into()), ..Default::default() };
    org.put("2", pipeline()).put_deleted("1", pipeline());
    let stage = |pipeline: &str| crate::domain::Stage {
        pipeline: Some(pipeline.into()),
        name: Some("New".into()),
        outcome: Some("open".into()),
        ..Default::default()
    };
    org.put("b", stage("2")).put("a", stage("2")).put("c", stage("1"));
    let deal =
        |owner: &str, stage: &str| Deal { owner: Some(owner.into()), stage: Some(stage.into()), ..Default::default() };
    org.put("1", deal("Ana", "b")).put("2", deal("Ana", "c"));
    asked(org).figures(
        NOW,
        r#"
        crm_rep_info{team="East 2",rep="Ana",role="none",active="true"} 1
        crm_rep_info{team="East",rep="Bo",role="none",active="true"} 1
        crm_rep_info{team="unassigned 2",rep="Cy",role="none",active="true"} 1
        crm_open_deals{team="East 2",rep="Ana",pipeline="Sales 2",stage="New 2"} 1
        crm_open_deals{team="East 2",rep="Ana",pipeline="Sales",stage="New"} 1
        "#,
    );
}

#[test]
fn hidden_people_count_in_team_and_org_and_are_never_named() {
    let mut org = Org { people: "{hidden: [DI@example.com, bo@example.com], show_email: true}", ..Org::default() };
    org.put("East", team("East"));
    org.put("1", mail("di@example.com", since("2020-01-01", user("Ana", "East"))));
    org.put("2", mail("Bo@example.com", user("Bo", "East")));
    org.put("3", mail("ana@example.com", user("Ana", "East")));
    // Somebody may really be called so.
    org.put("4", mail("h@example.com", user("hidden", "East")));
    org.put("c", Contact::default());
    calls(&mut org, &["1", "2", "3"]);
    org.put("m", Activity { contacts: Some(vec!["c".into()]), ..activity("meeting", "2", "2026-03-18T09:00:00Z") });
    asked(org).figures_and_zeros(
        NOW,
        r#"
        crm_rep_info{team="East",rep="Ana",role="none",active="true",email="ana@example.com"} 1
        crm_rep_info{team="East",rep="hidden 2",role="none",active="true",email="h@example.com"} 1
        crm_prospects_approached{team="East",rep="Ana",window="month"} 0
        crm_prospects_approached{team="East",rep="hidden",window="month"} 1
        crm_prospects_approached{team="East",rep="hidden 2",window="month"} 0
        crm_contacts_touched{scope="org",team="",rep="",window="month"} 1
        crm_contacts_touched{scope="team",team="East",rep="",window="month"} 1
        crm_contacts_touched{scope="rep",team="East",rep="Ana",window="month"} 0
        crm_contacts_touched{scope="rep",team="East",rep="hidden 2",window="month"} 0
        crm_last_activity_timestamp_seconds{team="East",rep="Ana"} 1773824400
        crm_last_activity_timestamp_seconds{team="East",rep="hidden"} 1773824400
        "#,
    );
}

#[test]
fn all_hidden_teams_still_have_zeros() {
    let mut org = Org { people: "{hidden: [bo@example.com]}", ..Org::default() };
    org.put("East", team("East")).put("2", mail("bo@example.com", user("Bo", "East")));
    org.put("c", Contact::default()).deliver(crate::domain::Object::Activity);
    asked(org).figures_and_zeros(
        NOW,
        r#"
        crm_prospects_approached{team="East",rep="hidden",window="month"} 0
        crm_contacts_touched{scope="org",team="",rep="",window="month"} 0
        crm_contacts_touched{scope="team",team="East",rep="",window="month"} 0
        crm_rep_info absent
        "#,
    );
}

#[test]
fn reps_are_shown_as_the_settings_allow() {
    for (settings, ana, bo) in [
        ("{}", "Ana Silva", "Bo"),
        ("{display: name}", "Ana Silva", "Bo"),
        ("{display: first_name}", "Ana", "Robert"),
        ("{display: email}", "ana@example.com", "user 2"),
        ("{display: alias}", "Ace", "user 2"),
        ("{display: alias, aliases: {'ANA@example.com': Champ}}", "Champ", "user 2"),
    ] {
        let mut org = Org { people: settings, ..Org::default() };
        org.put("East", team("East"));
        org.put("1", mail("ana@example.com", User { alias: Some("Ace".into()), ..user("Ana Silva", "East") }));
        org.put("2", User { first_name: Some("Robert".into()), ..user("Bo", "East") });
        asked(org).figures(
            NOW,
            &format!(
                r#"
                crm_rep_info{{team="East",rep="{ana}",role="none",active="true"}} 1
                crm_rep_info{{team="East",rep="{bo}",role="none",active="true"}} 1
                "#
            ),
        );
    }
}

#[test]
fn users_of_several_crms_with_one_address_are_one_person() {
    let mut org = Org { people: "{show_email: true}", ..Org::default() };
    org.put("1", left(with_role("ae", mail("ana@example.com", user("Ana Old", "")))));
    org.from_source("erp").put("East", team("East"));
    org.put("1", with_role("se", mail("ANA@example.com", user("Ana", "East"))));
    org.put("2", mail("bo@example.com", user("Bo", "East")));
    org.from_source("crm");
    calls(&mut org, &["1"]);
    org.from_source("erp");
    calls(&mut org, &["1", "1", "2"]);
    asked(org).figures(
        NOW,
        r#"
        crm_rep_info{team="East",rep="Ana",role="se",active="true",email="ANA@example.com"} 1
        crm_rep_info{team="East",rep="Bo",role="none",active="true",email="bo@example.com"} 1
        crm_activities{team="East",rep="Ana",kind="call",window="month"} 3
        crm_activities{team="East",rep="Bo",kind="call",window="month"} 1
        "#,
    );
}

#[test]
fn identities_join_addresses_and_all_that_is_set_for_them() {
    // The settings name the person by an address that no user has any more.
    let people = "{identities: {'ana@example.com': [a.silva@old.example.com, silva@erp.example.com]},
                   roles: {'ana@example.com': senior}, start_dates: {'ana@example.com': 2020-01-01}}";
    let mut org = Org { people, ..Org::default() };
    org.put("East", team("East")).put("1", mail("A.Silva@old.example.com", user("Ana", "East")));
    org.put("2", since("2021-01-01", user("Ana", "East")));
    org.from_source("erp").put("7", mail("silva@erp.example.com", user("A. Silva", "")));
    calls(&mut org, &["7"]);
    asked(org).figures(
        NOW,
        r#"
        crm_rep_info{team="East",rep="Ana",role="senior",active="true"} 1
        crm_rep_info{team="East",rep="Ana 2",role="none",active="true"} 1
        crm_activities{team="East",rep="Ana",kind="call",window="month"} 1
        "#,
    );
}

#[test]
fn hiding_any_address_hides_the_person() {
    let people = "{identities: {'ana@example.com': [old@example.com]}, hidden: [old@example.com]}";
    let mut org = Org { people, ..Org::default() };
    org.put("East", team("East")).put("1", mail("ana@example.com", user("Ana", "East")));
    calls(&mut org, &["1"]);
    asked(org).figures(
        NOW,
        r#"
        crm_rep_info absent
        crm_activities{team="East",rep="hidden",kind="call",window="month"} 1
        "#,
    );
}

#[test]
fn merged_users_count_as_the_survivor() {
    let mut org = Org::default();
    org.put("East", team("East")).put("1", user("Ana", "East")).put_merged("2", "1", user("Ana S", "East"));
    calls(&mut org, &["1", "2"]);
    asked(org).figures(
        NOW,
        r#"
        crm_rep_info{team="East",rep="Ana",role="none",active="true"} 1
        crm_activities{team="East",rep="Ana",kind="call",window="month"} 2
        "#,
    );
}

#[test]
fn deleted_users_leave_their_records_unassigned() {
    let mut org = Org::default();
    org.user("Bo", "East").put_deleted("1", user("Ana", "East"));
    calls(&mut org, &["1"]);
    asked(org).figures(
        NOW,
        r#"
        crm_rep_info{team="East",rep="Bo",role="none",active="true"} 1
        crm_activities{team="unassigned",rep="unassigned",kind="call",window="month"} 1
        "#,
    );
}

#[test]
fn the_settings_say_who_is_a_rep() {
    for (reps, names) in [
        ("{}", vec!["Ana", "Bo", "Di"]),
        ("{teams: ['*']}", vec!["Ana", "Bo", "Di"]),
        ("{teams: [East]}", vec!["Ana", "Bo"]),
        ("{roles: [AE]}", vec!["Ana", "Cy"]),
        ("{list: ['bo@example.com']}", vec!["Bo"]),
        ("{list: ['4']}", vec!["Di"]),
        ("{teams: [West], list: ['3']}", vec!["Cy", "Di"]),
        ("{teams: [North]}", vec![]),
    ] {
        let people = Box::leak(format!("{{reps: {reps}}}").into_boxed_str());
        let mut org = Org { people, ..Org::default() };
        org.put("East", team("East")).put("West", team("West"));
        org.put("1", with_role("ae", user("Ana", "East")));
        org.put("2", left(mail("Bo@example.com", user("Bo", "East"))));
        org.put("3", with_role("AE", user("Cy", "")));
        org.put("4", user("Di", "West"));
        calls(&mut org, &["1", "2", "3", "4"]);
        let asked = asked(org);
        let info = asked.lines("crm_rep_info", NOW);
        let found: Vec<&str> = info.iter().map(|line| line.split('"').nth(3).unwrap()).collect();
        let mut found = found;
        found.sort_unstable();
        assert_eq!(found, names, "{reps}");
        // Whoever is no rep, or no longer active, still has what he did, and no zeros.
        for name in ["Ana", "Bo", "Cy", "Di"] {
            let of = |kind| asked.value("crm_activities", &[("rep", name), ("kind", kind)], NOW);
            let zero = if names.contains(&name) && name != "Bo" { Some(0.0) } else { None };
            assert_eq!((of("call"), of("email")), (Some(1.0), zero), "{name}: {reps}");
        }
    }
}

#[test]
fn where_a_crm_has_no_teams_active_owners_are_reps() {
    let mut org = Org::default();
    // The source `crm` has no teams.
    org.put("1", user("Caller", ""));
    org.put("2", user("Dealer", "")).put("3", user("Leader", ""));
    org.put("4", left(user("Gone", ""))).put("5", user("Idle", "")).put("6", user("Planner", ""));
    org.put("7", user("Retired", ""));
    calls(&mut org, &["1", "4"]);
    org.put("old", activity("call", "7", "2025-03-18T09:00:00Z"));
    org.put("plan", Activity { status: Some("open".into()), ..activity("call", "6", "2026-03-17T09:00:00Z") });
    org.put("d", Deal { owner: Some("2".into()), created_at: when("2020-01-01"), ..Default::default() });
    org.put("l", Lead { owner: Some("3".into()), ..Default::default() });
    // In the source `erp` somebody is in a team.
    org.from_source("erp").put("East", team("East")).put("1", user("Erp", "East")).put("2", user("Clerk", ""));
    calls(&mut org, &["1", "2"]);
    asked(org).figures(
        NOW,
        r#"
        crm_rep_info{team="none",rep="Caller",role="none",active="true"} 1
        crm_rep_info{team="none",rep="Dealer",role="none",active="true"} 1
        crm_rep_info{team="none",rep="Leader",role="none",active="true"} 1
        crm_rep_info{team="East",rep="Erp",role="none",active="true"} 1
        "#,
    );
}
