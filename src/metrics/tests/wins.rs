//! The deals won last.

use super::Asked;
use super::deals::{deal, org};
use crate::domain::{Account, Deal, Former, Object, Sighting, Stage, Timestamp, User};
use crate::facts::testing::{Org, when};

const NOW: &str = "2026-03-18T12:00:00Z";

fn account(name: &str) -> Account<String> {
    Account { name: Some(name.to_owned()), ..Default::default() }
}

/// A deal that Ana won, called `name`, with an account.
fn won(name: &str, account: &str, closed: &str, amount: &str) -> Deal<String> {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Deal { name: text(name), account: text(account), ..deal("Ana", "Won", "2026-01-10", closed, amount) }
}

fn floor(org: Org, limits: &'static str) -> Asked {
    Asked { limits, ..Asked::new(org) }
}

#[test]
fn wins_tell_deal_account_owner_value_and_time() {
    let mut org = org();
    org.put("a", account("Acme"));
    org.put("1", won("Fleet", "a", "2026-03-17", "100.50"));
    // By the change to won, which the CRM keeps for this one; without an amount.
    org.put("2", Deal { status_changed_at: when("2026-03-18T09:30:00Z"), ..won("Seats", "", "2026-03-01", "") });
    // By the change to won in its history.
    org.put("3", Deal { owner: None, ..won(" ", "a", "2026-03-16", "7") });
    org.history("3", &[("New", "2026-03-01"), ("Won", "2026-03-15T08:00:00Z")]);
    // Neither open, lost nor undated deals are among them.
    org.put("4", deal("Ana", "Talk", "2026-01-10", "2026-03-18", "9"));
    org.put("5", deal("Ana", "Lost", "2026-01-10", "2026-03-18", "9"));
    org.put("6", won("Undated", "a", "", "9"));
    Asked::new(org).figures_and_zeros(
        NOW,
        r#"
        crm_recent_win_value{deal="Fleet",account="Acme",team="East",rep="Ana"} 100.5
        crm_recent_win_value{deal="Seats",account="unknown",team="East",rep="Ana"} 0
        crm_recent_win_value{deal="deal 3",account="Acme",team="unassigned",rep="unassigned"} 7
        crm_recent_win_timestamp_seconds{deal="Fleet",account="Acme",team="East",rep="Ana"} 1773705600
        crm_recent_win_timestamp_seconds{deal="Seats",account="unknown",team="East",rep="Ana"} 1773826200
        crm_recent_win_timestamp_seconds{deal="deal 3",account="Acme",team="unassigned",rep="unassigned"} 1773561600
        "#,
    );
}

/// Latest first; of one instant the one created later, then the one with the higher id.
#[test]
fn the_last_few_are_shown_in_order() {
    let mut org = org();
    let created = |created: &str, name: &str| Deal { created_at: when(created), ..won(name, "", "2026-03-17", "1") };
    org.put("1", won("Old", "", "2026-03-16", "1"));
    org.put("2", created("2026-02-01", "B"));
    org.put("10", created("2026-01-01", "D"));
    org.put("9", created("2026-01-01", "C"));
    org.put("4", Deal { created_at: None, ..created("2026-01-01", "E") });
    org.put("5", won("Young", "", "2026-03-18", "1"));
    let shown = |limits, org| -> (Vec<String>, Org) {
        let floor = floor(org, limits);
        let lines = floor.lines("crm_recent_win_value", NOW);
        let names = lines.iter().map(|line| line.split('"').nth(1).unwrap().to_owned());
        (names.collect(), floor.org)
    };
    let (few, org) = shown("{recent_wins: 4}", org);
    assert_eq!(few, ["Young", "B", "D", "C"]);
    let (all, org) = shown("{}", org);
    assert_eq!(all, ["Young", "B", "D", "C", "E", "Old"]);
    assert!(shown("{recent_wins: 0}", org).0.is_empty());
}

#[test]
fn equal_names_are_told_apart_also_from_those_that_are_not_shown() {
    let mut org = org();
    org.put("a", account("Acme")).put("b", account("Acme")).put("c", account("unknown"));
    org.put("1", deal("Ana", "Talk", "2026-01-10", "", "1"));
    org.put("2", Deal { name: Some("Fleet".into()), ..deal("Ana", "Talk", "2026-01-10", "", "1") });
    org.put("3", won("Fleet", "b", "2026-03-17", "1"));
    org.put("4", won("Fleet", "c", "2026-03-16", "2"));
    // Described by nobody.
    org.put("5", won("Seats", "d", "2026-03-15", "4"));
    // Merged, and deleted.
    org.put_merged("e", "b", account("Acme Ltd")).put("6", won("Licences", "e", "2026-03-14", "8"));
    org.put_deleted("f", account("Gone")).put("7", won("Support", "f", "2026-03-13", "16"));
    Asked::new(org).figures(
        NOW,
        r#"
        crm_recent_win_value{deal="Fleet 2",account="Acme 2",team="East",rep="Ana"} 1
        crm_recent_win_value{deal="Fleet 3",account="unknown 2",team="East",rep="Ana"} 2
        crm_recent_win_value{deal="Seats",account="account d",team="East",rep="Ana"} 4
        crm_recent_win_value{deal="Licences",account="Acme 2",team="East",rep="Ana"} 8
        crm_recent_win_value{deal="Support",account="unknown",team="East",rep="Ana"} 16
        "#,
    );
}

#[test]
fn hidden_people_are_not_named() {
    let mut org = Org { people: "{hidden: [ana@example.com]}", ..org() };
    org.put("Ana", User { email: Some("ana@example.com".into()), team: Some("East".into()), ..Default::default() });
    org.put("1", won("Fleet", "", "2026-03-17", "1"));
    let line = r#"crm_recent_win_value{deal="Fleet",account="unknown",team="East",rep="hidden"} 1"#;
    Asked::new(org).figures(NOW, line);
}

/// On the 17th the deal won on the 18th was open, and so was the one whose change to won came later than its close date.
#[test]
fn wins_of_the_past_are_those_of_then() {
    let mut org = org();
    org.put("1", won("Early", "", "2026-03-16", "1"));
    org.put("2", won("Late", "", "2026-03-18", "2"));
    org.put("3", won("Back-dated", "", "2026-03-10", "4"));
    org.history("3", &[("New", "2026-01-10"), ("Won", "2026-03-18T10:00:00Z")]);
    org.coverage.polled_at = Some(NOW.parse().unwrap());
    let line = r#"crm_recent_win_value{deal="Early",account="unknown",team="East",rep="Ana"} 1"#;
    Asked::new(org).figures("2026-03-17T12:00:00Z", line);
}

#[test]
fn accounts_that_are_still_being_loaded_keep_wins_back() {
    let mut org = org();
    org.put("1", won("Fleet", "a", "2026-03-17", "1"));
    org.deliver_in_part(Object::Account);
    Asked::new(org).figures(
        NOW,
        "crm_recent_win_value absent
crm_recent_win_timestamp_seconds absent",
    );
}

/// Won deals by what was seen of them, oldest first: at which instant, out of which stage.
#[test]
fn a_win_is_noticed_when_it_is_first_seen() {
    const FIRST: Option<&str> = Some("2026-03-17T10:00:00Z");
    const SECOND: Option<&str> = Some("2026-03-17T11:00:00Z");
    const THIRD: Option<&str> = Some("2026-03-17T12:00:00Z");
    type Sightings = &'static [(Option<&'static str>, Option<&'static str>)];
    let cases: &[(&str, Sightings, Option<&str>)] = &[
        ("of the first load", &[], None),
        ("won before its eyes", &[(FIRST, Some("New")), (SECOND, Some("Talk"))], SECOND),
        ("there for the first time", &[(SECOND, None)], SECOND),
        ("moved on as won", &[(FIRST, None), (SECOND, Some("Talk")), (THIRD, Some("Signed"))], SECOND),
        ("moved on as won, first seen so", &[(SECOND, None), (THIRD, Some("Signed"))], SECOND),
        ("moved on as won since its first load", &[(SECOND, Some("Signed"))], None),
        ("lost in between", &[(FIRST, Some("Talk")), (SECOND, Some("Won")), (THIRD, Some("Lost"))], THIRD),
        ("won while nobody looked", &[(FIRST, Some("New")), (None, Some("Talk"))], None),
        ("moved on as won while nobody looked", &[(FIRST, Some("Talk")), (None, Some("Signed"))], FIRST),
        ("reopened while nobody looked", &[(FIRST, Some("Talk")), (None, Some("Won")), (THIRD, Some("Talk"))], THIRD),
    ];
    for (what, sightings, expected) in cases {
        let mut org = org();
        org.put("Signed", Stage { outcome: Some("won".into()), pipeline: Some("Sales".into()), ..Default::default() });
        org.put("1", won("Fleet", "", "2026-03-17", "1"));
        for (at, before) in *sightings {
            org.sighted("1", *at, *before);
        }
        let noticed = Asked::new(org).value("crm_recent_win_noticed_timestamp_seconds", &[("deal", "Fleet")], NOW);
        assert_eq!(noticed, expected.map(|at| at.parse::<Timestamp>().unwrap().seconds()), "{what}");
    }
}

#[test]
fn a_reopened_deal_is_noticed_no_more() {
    let mut org = org();
    org.put("1", Deal { name: Some("Fleet".into()), ..deal("Ana", "Talk", "2026-01-10", "", "1") });
    org.sighted("1", Some("2026-03-16T10:00:00Z"), Some("Talk")).sighted(
        "1",
        Some("2026-03-17T10:00:00Z"),
        Some("Won"),
    );
    Asked::new(org).figures(NOW, "crm_recent_win_noticed_timestamp_seconds absent");
}

/// Won on the 16th, noticed by a poll of the 17th.
#[test]
fn what_was_not_yet_noticed_then_is_not_noticed_in_the_past() {
    let mut org = org();
    org.put("1", won("Fleet", "", "2026-03-16", "1")).sighted("1", Some("2026-03-17T10:00:00Z"), Some("Talk"));
    org.coverage.polled_at = Some(NOW.parse().unwrap());
    let floor = Asked::new(org);
    let at = |now| floor.value("crm_recent_win_noticed_timestamp_seconds", &[("deal", "Fleet")], now);
    assert_eq!(at("2026-03-17T09:59:59Z"), None);
    assert_eq!(at("2026-03-17T10:00:00Z"), Some(1_773_741_600.0));
}

/// The status, where the CRM has one, counts before the stage, for what a deal said before too.
#[test]
fn what_the_status_said_before_counts() {
    let former = |status: &str| Some(Former { stage: None, status: Some(status.to_owned()) });
    let at = Some("2026-03-17T10:00:00Z".parse().unwrap());
    for (before, noticed) in [("open", true), ("won", false)] {
        let mut org = org();
        org.put("1", Deal { status: Some("won".into()), ..won("Fleet", "", "2026-03-16", "1") });
        org.saw("1", Sighting { at, before: former(before) });
        let lines = Asked::new(org).lines("crm_recent_win_noticed_timestamp_seconds", NOW);
        assert_eq!(lines.len(), usize::from(noticed), "{before}");
    }
}
