//! The proposed settings: their text, and that they can be read.

use crate::app::{Draft, Stock};
use crate::settings::Settings;
use crate::source::{FoundPipeline, Headcount, Inventory, KINDS, Probe, SourceError, Word};

use super::proposal;

fn draft(options: &[(&str, &str)]) -> Draft {
    let kind = KINDS.iter().find(|kind| kind.name == "hubspot").unwrap();
    let options = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Draft { name: "hubspot".to_owned(), kind, options }
}

fn word(word: &str, label: &str) -> Word {
    Word { word: word.to_owned(), label: label.to_owned() }
}

fn forbidden(what: &str, scope: &str) -> SourceError {
    SourceError::Forbidden { what: what.to_owned(), cause: format!("the scope {scope} is missing") }
}

/// Reads settings beside a file `token`.
fn load(text: &str) -> Settings {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("token"), "secret").unwrap();
    let file = directory.path().join("crm_exporter.yaml");
    std::fs::write(&file, text).unwrap();
    Settings::load(&file, &[]).unwrap_or_else(|failure| panic!("{failure}\n{text}"))
}

fn everything() -> Stock {
    let pipeline = |name: &str, stages: &[&str]| FoundPipeline {
        name: name.to_owned(),
        stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
    };
    let inventory = Inventory {
        options: Vec::new(),
        currency: Some("eur".to_owned()),
        time_zone: Some("US/Eastern".to_owned()),
        people: Some(Headcount {
            people: 9,
            without_team: 2,
            teams: vec![("EMEA".to_owned(), 0), ("North East".to_owned(), 7)],
        }),
        pipelines: vec![pipeline("Sales Pipeline", &["Appointment", "Closed Won"]), pipeline("Renewals", &["Open"])],
        outcomes: vec!["connected".to_owned(), "Spoke to the gatekeeper".to_owned()],
        activity_statuses: vec![word("SCHEDULED", "Scheduled"), word("DID_NOT_ATTEND", "Did not attend")],
        lead_statuses: vec![
            word("new-stage-id", "New"),
            word("qualified-stage-id", "Qualified"),
            word("7001", "Sales qualified"),
            word("7002", "Not qualified"),
            word("7003", "Marketing qualified"),
        ],
        refused: vec![("teams without members", forbidden("GET /teams", "settings.users.teams.read"))],
    };
    let streams = vec![
        ("deals".to_owned(), Ok(())),
        ("goal_targets".to_owned(), Err(forbidden("GET /goals", "crm.objects.goals.read"))),
    ];
    Stock { inventory, probe: Probe { facts: Vec::new(), streams } }
}

const EXPECTED: &str = include_str!("expected.yaml");

#[test]
fn settings_are_proposed_from_what_there_is() {
    let text = proposal::text(&draft(&[("token_file", "token"), ("portal_id", "123456")]), &everything(), None);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/init/expected.yaml");
        std::fs::write(file, &text).unwrap();
    }
    assert_eq!(text, EXPECTED, "UPDATE_EXPECTED=1 cargo test --lib init");
    let settings = load(&text);
    assert_eq!(settings.currency.reporting, "EUR");
    assert_eq!(settings.calendar.time_zone, "US/Eastern");
    assert_eq!(settings.people.reps.teams, ["*"]);
    assert_eq!(settings.deals.ratio_pipelines, ["Sales Pipeline", "Renewals"]);
    let statuses = settings.leads.statuses;
    assert_eq!([statuses.mql, statuses.sql, statuses.disqualified], [["7003"], ["7001"], ["7002"]]);
}

#[test]
fn what_is_not_known_is_left_to_whoever_reads_it() {
    let stock = Stock { inventory: Inventory::default(), probe: Probe::default() };
    let text = proposal::text(&draft(&[("token_file", "token")]), &stock, None);
    let settings = load(&text);
    assert_eq!((settings.currency.reporting.as_str(), settings.calendar.time_zone.as_str()), ("USD", "UTC"));
    assert_eq!(text.matches("The CRM does not tell its own: write yours here.").count(), 2);
    assert_eq!(settings.deals.ratio_pipelines, ["*"]);
}

#[test]
fn a_currency_or_zone_that_nobody_knows_is_told() {
    let inventory = Inventory {
        currency: Some("XYZ".to_owned()),
        time_zone: Some("Mars/Olympus".to_owned()),
        ..Inventory::default()
    };
    let text = proposal::text(&draft(&[("token_file", "token")]), &Stock { inventory, probe: Probe::default() }, None);
    load(&text);
    assert!(text.contains("XYZ") && text.contains("The CRM's own, Mars/Olympus, is no IANA name"), "{text}");
}

#[test]
fn names_in_the_crm_cannot_write_settings() {
    let mut stock = everything();
    let name = "a\"]\nweb: {listen_address: \":1\"} # \u{85}\u{2028}b".to_owned();
    let inventory = &mut stock.inventory;
    inventory.people = Some(Headcount { people: 1, without_team: 0, teams: vec![(name.clone(), 1)] });
    inventory.pipelines = vec![FoundPipeline { name: name.clone(), stages: vec![name.clone()] }];
    inventory.outcomes = vec![name.clone()];
    inventory.lead_statuses = vec![word(&name, &format!("{name} mql"))];
    inventory.activity_statuses = vec![word(&name, &name)];
    let settings = load(&proposal::text(&draft(&[("token_file", "token")]), &stock, None));
    assert_eq!([settings.deals.ratio_pipelines, settings.leads.statuses.mql], [[&*name], [&*name]]);
    assert_eq!(settings.web.listen_address.as_str(), "127.0.0.1:10094");
}

#[test]
fn what_is_proposed_in_comments_can_be_taken_over() {
    let text = proposal::text(&draft(&[("token_file", "token")]), &everything(), None);
    let taken = text.replace("goals: {}\n#   ", "goals:\n#   ").replace("\n#   ", "\n  ");
    let calendar = taken.replace("\n  #   w", "\n  w").replace("\n  #   f", "\n  f").replace("\n  #   h", "\n  h");
    let settings = load(&calendar);
    assert_eq!(
        settings.goals.keys().collect::<Vec<_>>(),
        [
            "weekly_calls",
            "weekly_meetings",
            "weekly_contacts",
            "lead_response",
            "monthly_pipeline",
            "quota",
            "win_rate"
        ]
    );
    let rules = text.lines().filter(|line| line.contains("{kind: ")).map(|line| line.replace('#', " ") + "\n");
    let with_rules = text.replace("  key: {}\n", &format!("  key:\n{}", rules.collect::<String>()));
    assert_eq!(load(&with_rules).activities.key.len(), 2);
}
