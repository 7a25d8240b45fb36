//! Information about reps, teams and money.

use super::Asked;
use crate::domain::{Object, Team, User};
use crate::facts::testing::Org;

const NOW: &str = "2026-03-18T12:00:00Z";

fn user(name: &str, team: &str, manager: &str) -> User<String> {
    let text = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
    User {
        name: text(name),
        email: Some(format!("{}@example.com", name.to_lowercase())),
        team: text(team),
        manager: text(manager),
        ..Default::default()
    }
}

fn team(name: &str, manager: &str) -> Team<String> {
    let manager = if manager.is_empty() { None } else { Some(manager.to_owned()) };
    Team { name: Some(name.into()), manager, ..Default::default() }
}

#[test]
fn teams_tell_who_leads_them() {
    let mut org = Org {
        people: "{teams: {South: {manager: 'LEE@example.com', chat_channel: '#south'}, North: {chat_channel: '#north'},
                          Far: {manager: 'agency@elsewhere.example'}}, hidden: [mia@example.com]}",
        ..Org::default()
    };
    // As configured, although the CRM says otherwise.
    org.put("s", team("South", "Ana"));
    // As the CRM says, by id, address or name.
    org.put("n", team("North", "1")).put("e", team("East", "ANA@example.com")).put("w", team("West", "lee"));
    // As the members say, those who left aside.
    org.put("m", team("Mixed", "")).put("f", team("Far", "")).put("h", team("Hush", "mia@example.com"));
    org.put("1", user("Lee", "", "")).put("2", user("Ana", "", "")).put("5", user("Mia", "", ""));
    org.put("3", user("Bo", "m", "1")).put("4", user("Cy", "m", "ana@example.com"));
    org.put("6", User { active: Some(false), ..user("Di", "m", "3") });
    Asked::new(org).figures(
        NOW,
        r##"
        crm_team_info{team="East",manager="Ana",manager_email="ana@example.com",chat_channel=""} 1
        crm_team_info{team="Far",manager="",manager_email="agency@elsewhere.example",chat_channel=""} 1
        crm_team_info{team="Hush",manager="hidden",manager_email="",chat_channel=""} 1
        crm_team_info{team="Mixed",manager="Ana, Lee",manager_email="ana@example.com, lee@example.com",chat_channel=""} 1
        crm_team_info{team="North",manager="Lee",manager_email="lee@example.com",chat_channel="#north"} 1
        crm_team_info{team="South",manager="Lee",manager_email="lee@example.com",chat_channel="#south"} 1
        crm_team_info{team="West",manager="Lee",manager_email="lee@example.com",chat_channel=""} 1
        crm_team_info{team="none",manager="",manager_email="",chat_channel=""} 1
        crm_team_info{team="unassigned",manager="",manager_email="",chat_channel=""} 1
        "##,
    );
}

#[test]
fn reps_tell_their_role_and_whether_they_are_active() {
    let mut org = Org { people: "{show_email: true, roles: {'bo@example.com': senior_ae}}", ..Org::default() };
    org.put("East", team("East", ""));
    org.put("1", User { role: Some(" ae ".into()), ..user("Ana", "East", "") });
    org.put("2", User { role: Some("ae".into()), active: Some(false), ..user("Bo", "East", "") });
    org.put("3", User { role: Some("  ".into()), email: None, ..user("Cy", "East", "") });
    org.put("4", user("Di", "", ""));
    Asked::new(org).figures(
        NOW,
        r#"
        crm_rep_info{team="East",rep="Ana",role="ae",active="true",email="ana@example.com"} 1
        crm_rep_info{team="East",rep="Bo",role="senior_ae",active="false",email="bo@example.com"} 1
        crm_rep_info{team="East",rep="Cy",role="none",active="true",email=""} 1
        "#,
    );
}

#[test]
fn a_team_is_as_fresh_as_its_stalest_source() {
    let mut org = Org::default();
    org.put("e", team("East", "")).put("w", team("West", "")).put("1", user("Ana", "e", ""));
    org.put("2", user("Bo", "w", "")).put("3", user("Cy", "", ""));
    org.from_source("erp").put("7", user("Ana", "", ""));
    let at = |text: &str| text.parse().unwrap();
    org.coverage.successes = [(0, at("2026-03-18T11:59:00Z")), (1, at("2026-03-18T11:00:00Z"))].into();
    let mut asked = Asked::new(org);
    asked.figures(
        NOW,
        r#"
        crm_exporter_team_data_timestamp_seconds{team="East"} 1773831600
        crm_exporter_team_data_timestamp_seconds{team="West"} 1773835140
        crm_exporter_team_data_timestamp_seconds{team="none"} 1773835140
        crm_exporter_team_data_timestamp_seconds{team="unassigned"} 1773831600
        "#,
    );
    // Of a source that never succeeded nothing is fresh.
    asked.org.coverage.successes.remove(&1);
    asked.figures(
        NOW,
        r#"
        crm_exporter_team_data_timestamp_seconds{team="West"} 1773835140
        crm_exporter_team_data_timestamp_seconds{team="none"} 1773835140
        "#,
    );
}

#[test]
fn the_currency_is_told_with_nothing_else_at_hand() {
    let mut org = Org { money: "{reporting: eur}", ..Org::default() };
    org.deliver_in_part(Object::Activity);
    Asked::new(org).figures(NOW, "crm_rep_info absent");
    let org = Org { money: "{reporting: eur}", ..Org::default() };
    Asked::new(org).figures(
        NOW,
        r#"
        crm_reporting_currency_info{currency="EUR"} 1
        crm_team_info{team="none",manager="",manager_email="",chat_channel=""} 1
        crm_team_info{team="unassigned",manager="",manager_email="",chat_channel=""} 1
        crm_rep_info absent
        "#,
    );
}
