//! `crm_exporter init` against a fake account: settings that can be used as they are.

use std::fs;
use std::path::Path;
use std::process::Output;

use crm_exporter::source::Headcount;
use tempfile::TempDir;

use super::Floor;
use crate::fake_crm::hubspot::{HubSpot, Kind, Organisation, TOKEN};
use crate::program;

/// A small account in real time, and a directory with its token.
fn account() -> (HubSpot, TempDir) {
    let hub = HubSpot::start_in_real_time();
    hub.account().fill(&Organisation::SMALL);
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("token"), TOKEN).unwrap();
    (hub, directory)
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    program().current_dir(directory).args(arguments).output().unwrap()
}

fn init(hub: &HubSpot, directory: &Path, more: &[&str]) -> Output {
    let arguments = ["init", "--source", "hubspot", "--token-file", "token", "--base-url", hub.url()];
    run(directory, &[&arguments, more].concat())
}

fn succeeded(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command that is to fail said.
fn failed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn what_is_written_can_be_checked_synced_and_shown() {
    let (hub, directory) = account();
    hub.account().add_disposition("11111111-2222", "Spoke to the gatekeeper");
    hub.account().set_options(Kind::Meetings, "hs_meeting_outcome", &[("NO_SHOW", "No show"), ("LATE", "Came late")]);
    succeeded(init(&hub, directory.path(), &["--without-records"]));
    let text = fs::read_to_string(directory.path().join("crm_exporter.yaml")).unwrap();
    for line in [
        "    token_file: token",
        "    portal_id: 123456",
        "  reporting: USD",
        "  time_zone: Europe/Dublin",
        "  # 6 active people, 0 of them in no team. Teams:",
        "  #   North: 3",
        "  reps: {teams: [\"*\"]}",
        "  #   NO_SHOW (No show): no_show",
        "  #   LATE (Came late): not known",
        "  #   connected",
        "  #   \"Spoke to the gatekeeper\"",
        "  #   qualified-stage-id (Qualified): sql",
        "    - \"Sales Pipeline\"",
        "    - Renewals",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains(TOKEN) && !text.contains("Could not be read") && !text.contains("number0"), "{text}");
    assert!(succeeded(run(directory.path(), &["check", "--connect"])).contains("hubspot: deals can be read"));
    succeeded(run(directory.path(), &["sync"]));
    let figures = succeeded(run(directory.path(), &["snapshot"]));
    assert!(figures.contains("crm_deals_won{team=\"North\""), "{figures}");
}

#[test]
fn nothing_but_reading_and_little_of_it_is_asked_for() {
    let (hub, directory) = account();
    succeeded(init(&hub, directory.path(), &["--output", "-"]));
    let lines: Vec<String> = hub.take_log().iter().map(|entry| entry.line()).collect();
    // Seven for what there is, two and one for every permission for whether all may be read.
    assert_eq!(lines.len(), 7 + 2 + 13, "{lines:#?}");
    assert!(lines.iter().all(|line| line.starts_with("GET ")), "{lines:#?}");
    assert!(!directory.path().join("crm_exporter.yaml").exists());
}

#[test]
fn goals_are_proposed_from_what_reps_reached() {
    let (hub, directory) = account();
    let text = succeeded(init(&hub, directory.path(), &[]));
    assert!(text.contains("crm_exporter.yaml: written"), "{text}");
    let text = fs::read_to_string(directory.path().join("crm_exporter.yaml")).unwrap();
    // The records stay for the daemon, and the settings say what is usual among them.
    let requests = hub.take_log().len();
    succeeded(run(directory.path(), &["snapshot"]));
    assert!(hub.take_log().is_empty() && requests > 30, "{requests}");
    // How much that is depends on the day on which this runs; an example it is not.
    let quota =
        "  quota: {measure: crm_deals_won_value, window: quarter, pace: history, primary: true, target: {default: ";
    let target = text.lines().find_map(|line| line.strip_prefix(quota)?.strip_suffix("}}")).expect(&text);
    assert!(target.parse::<f64>().is_ok_and(|target| target > 0.0) && target != "250000", "{text}");
    assert!(succeeded(run(directory.path(), &["check"])).contains("no problem found"));
}

#[test]
fn settings_are_written_even_if_not_all_records_can_be_read() {
    let (hub, directory) = account();
    let told = failed(&init(&hub, directory.path(), &["--store.path", "absent/crm.db"]));
    assert!(told.contains("crm_exporter.yaml: written, with examples for goals"), "{told}");
    let text = fs::read_to_string(directory.path().join("crm_exporter.yaml")).unwrap();
    assert!(text.contains("goals: {}\n#   weekly_calls"), "{text}");
}

#[test]
fn a_file_that_is_there_stays_as_it_is() {
    let (hub, directory) = account();
    fs::write(directory.path().join("crm_exporter.yaml"), "mine").unwrap();
    let told = failed(&init(&hub, directory.path(), &[]));
    assert!(told.contains("crm_exporter.yaml is there already"), "{told}");
    assert_eq!(fs::read_to_string(directory.path().join("crm_exporter.yaml")).unwrap(), "mine");
    assert!(hub.take_log().is_empty());
}

#[test]
fn a_file_elsewhere_finds_the_token() {
    let (hub, directory) = account();
    fs::create_dir(directory.path().join("etc")).unwrap();
    succeeded(init(&hub, directory.path(), &["--output", "etc/crm.yaml", "--name", "main", "--set", "overlap=5m"]));
    let told = succeeded(run(directory.path(), &["check", "--config.file", "etc/crm.yaml"]));
    assert!(told.contains("sources: main (hubspot)"), "{told}");
}

#[test]
fn missing_scopes_are_told_in_comments() {
    let (hub, directory) = account();
    for scope in ["crm.objects.goals.read", "crm.objects.owners.read", "settings.users.teams.read"] {
        hub.account().withdraw_scope(scope);
    }
    succeeded(init(&hub, directory.path(), &[]));
    let text = fs::read_to_string(directory.path().join("crm_exporter.yaml")).unwrap();
    for (what, scope) in [
        ("people", "crm.objects.owners.read"),
        ("teams without members", "settings.users.teams.read"),
        ("goal_targets", "crm.objects.goals.read"),
    ] {
        let is_told = |line: &str| line.starts_with(&format!("    #   {what}: ")) && line.contains(scope);
        assert!(text.lines().any(is_told), "{what}\n{text}");
    }
    assert_eq!(text.matches("is missing; add it").count(), 3, "{text}");
    assert!(text.contains("  # People could not be asked for."), "{text}");
    succeeded(run(directory.path(), &["check"]));
}

#[tokio::test]
async fn people_are_counted_over_all_pages() {
    let floor = Floor::new();
    {
        let mut account = floor.hub.account();
        let team = account.add_team("North");
        account.add_team("Empty");
        account.add_queue("Inbound");
        let owners: Vec<u64> =
            (0..600).map(|number| account.add_owner("Rep", &number.to_string(), Some(team))).collect();
        account.leave(owners[0]);
        account.add_owner("Rep", "Alone", None);
    }
    let people = floor.source().inventory().await.unwrap().unwrap().people;
    let teams = vec![("Empty".to_owned(), 0), ("North".to_owned(), 599)];
    assert_eq!(people, Some(Headcount { people: 600, without_team: 1, teams }));
}

#[tokio::test]
async fn results_of_calls_come_from_the_property_where_the_old_path_has_gone() {
    let floor = Floor::new();
    floor.hub.account().behaviour.has_dispositions = false;
    let inventory = floor.source().inventory().await.unwrap().unwrap();
    assert_eq!(
        inventory.outcomes,
        ["connected", "no_answer", "left_voicemail", "left_live_message", "busy", "wrong_number"]
    );
    assert!(inventory.refused.is_empty(), "{:?}", inventory.refused);
}

#[test]
fn without_the_leads_object_leads_are_contacts() {
    let (hub, directory) = account();
    hub.account().behaviour.has_leads = false;
    let text = succeeded(init(&hub, directory.path(), &["--output", "-"]));
    assert!(text.contains("    leads: lifecycle\n") && text.contains("    #   the leads object: "), "{text}");
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_written() {
    let (hub, directory) = account();
    fs::write(directory.path().join("token"), "pat-na1-wrong").unwrap();
    let told = failed(&init(&hub, directory.path(), &[]));
    assert!(told.contains("cannot ask hubspot") && told.contains("check the token"), "{told}");
    assert!(!told.contains("pat-na1-wrong"), "{told}");
    for (arguments, expected) in [
        (vec!["--source", "hubspot"], "token_file: is missing"),
        (vec!["--source", "hubspto"], "did you mean `hubspot`?"),
        (vec!["--source", "hubspot", "--token-file", "absent"], "token_file"),
        (vec!["--source", "hubspot", "--token-file", "token", "--set", "colour=red"], "colour: unknown key"),
        (vec!["--source", "hubspot", "--token-file", "token", "--set", "token_file=x"], "token_file is given twice"),
        (vec!["--source", "hubspot", "--token-file", "token", "--name", "a b"], "--name: a source's name"),
        (vec!["--source", "demo"], "cannot be asked what they hold"),
    ] {
        let told = failed(&run(directory.path(), &[&["init"], &arguments[..]].concat()));
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
    assert!(!directory.path().join("crm_exporter.yaml").exists());
}
