//! Quality of data. In lines of figures samples of 0 are not shown, so what is not named here did not fail.

use super::activities::{activity, ids, task};
use super::deals::{deal, org};
use super::{Asked, asked};
use crate::domain::{Account, Activity, Contact, CurrencyRate, Deal, Lead, Object, Team, User};
use crate::facts::testing::{Org, decimal, when};

const NOW: &str = "2026-03-18T12:00:00Z";

/// What is checked and what fails, of one check, `team/rep checked/failed` each; whoever has only zeros is not named.
fn check(asked: &Asked, now: &str, check: &str) -> Vec<String> {
    let of = |family: &str| -> Vec<(String, String)> {
        let label = format!("check=\"{check}\"");
        let lines = asked.lines(family, now).into_iter().filter(|line| line.contains(&label));
        lines.map(|line| (who(&line), line.rsplit(' ').next().unwrap().to_owned())).collect()
    };
    let issues = of("crm_data_quality_issues");
    let failed = |who: &String| {
        let found = issues.iter().find(|(other, _)| other == who);
        found.map_or("0".to_owned(), |(_, value)| value.clone())
    };
    let checked = of("crm_data_quality_checked");
    assert!(issues.iter().all(|(who, _)| checked.iter().any(|(other, _)| other == who)), "{check}: {issues:?}");
    let lines = checked.iter().filter(|(_, count)| count != "0");
    lines.map(|(who, count)| format!("{who} {count}/{}", failed(who))).collect()
}

/// Team and rep of a sample.
fn who(line: &str) -> String {
    let label = |name: &str| line.split_once(&format!("{name}=\"")).unwrap().1.split_once('"').unwrap().0.to_owned();
    format!("{}/{}", label("team"), label("rep"))
}

fn quality(org: Org) -> Asked {
    asked(org, "{}")
}

#[test]
fn every_check_that_is_known_reads_zero_for_active_reps() {
    let mut org = Org::default();
    org.user("Ana", "East").put("East", Team { name: Some("East".into()), ..Default::default() });
    org.put("Zoe", User { team: Some("East".into()), active: Some(false), ..Default::default() });
    for object in [Object::Deal, Object::Lead, Object::Contact, Object::Account, Object::Activity] {
        org.deliver(object);
    }
    let checks = [
        "account_duplicate",
        "activity_logged_late",
        "activity_without_contact",
        "call_too_short",
        "deal_closed_before_created",
        "deal_overdue",
        "deal_unknown_currency",
        "deal_without_amount",
        "deal_without_close_date",
        "lead_without_source",
        "owner_inactive",
        "record_without_owner",
    ];
    let asked = quality(org);
    for family in ["crm_data_quality_issues", "crm_data_quality_checked"] {
        let expected = checks.map(|check| format!("{{check=\"{check}\",team=\"East\",rep=\"Ana\"}} 0"));
        let mut lines = asked.lines(family, NOW);
        lines.sort();
        let sorted = |line: &str| {
            let mut parts: Vec<&str> = line.trim_start_matches('{').split(['}', ',']).collect();
            parts.sort();
            parts.join(" ")
        };
        let lines: Vec<String> = lines.iter().map(|line| sorted(line)).collect();
        let mut expected: Vec<String> = expected.iter().map(|line| sorted(line)).collect();
        expected.sort();
        assert_eq!(lines, expected, "{family}");
    }
}

#[test]
fn checks_of_what_nobody_delivers_are_absent() {
    let checks = |org: Org| {
        let lines = quality(org).lines("crm_data_quality_checked", NOW);
        let mut checks: Vec<String> = lines
            .iter()
            .map(|line| line.split_once("check=\"").unwrap().1.split_once('"').unwrap().0.to_owned())
            .collect();
        checks.dedup();
        checks
    };
    let with = |objects: &[Object]| {
        let mut org = Org::default();
        org.user("Ana", "East");
        for object in objects {
            org.deliver(*object);
        }
        org
    };
    let empty: [&str; 0] = [];
    assert_eq!(checks(with(&[])), empty);
    assert_eq!(checks(with(&[Object::Contact])), empty);
    assert_eq!(checks(with(&[Object::Lead])), ["lead_without_source", "owner_inactive", "record_without_owner"]);
    // Without prospects nobody knows with whom an activity was.
    assert_eq!(checks(with(&[Object::Activity])), ["activity_logged_late", "call_too_short"]);
    assert_eq!(checks(with(&[Object::Activity, Object::Contact])).len(), 3);
    // What is on its way is waited for.
    let mut org = with(&[Object::Lead]);
    org.deliver_in_part(Object::Deal);
    assert_eq!(checks(org), empty);
}

#[test]
fn deals_are_to_have_an_amount_and_its_rate() {
    let mut org = org();
    org.deals = "{zero_is_missing: false}";
    org.put("1", deal("Ana", "New", "2026-01-10", "", "5"))
        .put("2", deal("Ana", "Won", "2026-01-10", "2026-02-01", ""));
    // 0 is an amount.
    org.put("3", deal("Ana", "Lost", "2026-01-10", "2026-02-01", "0"));
    org.put("4", Deal { currency: Some("ZWL".into()), ..deal("Ana", "New", "2026-01-10", "", "7") });
    // A rate of the CRM's holds from a date on: of closed deals that of the close counts.
    let francs = |stage, closed, amount| Deal {
        currency: Some("CHF".into()),
        ..deal("Bo", stage, "2026-01-10", closed, amount)
    };
    org.put("5", francs("Won", "2026-02-01", "1")).put("6", francs("New", "", "1"));
    let rate = CurrencyRate {
        currency: Some("CHF".into()),
        rate: decimal("1.1"),
        to: Some("USD".into()),
        effective_at: when("2026-03-01"),
        ..Default::default()
    };
    org.put("CHF", rate);
    // Merged away and deleted ones are not looked at.
    org.put_merged("7", "1", deal("Ana", "New", "2026-01-10", "", "")).put_deleted("8", deal("Ana", "New", "", "", ""));
    let mut asked = quality(org);
    assert_eq!(check(&asked, NOW, "deal_without_amount"), ["East/Ana 4/1", "East/Bo 2/0"]);
    assert_eq!(check(&asked, NOW, "deal_unknown_currency"), ["East/Ana 3/1", "East/Bo 2/1"]);
    asked.org.deals = "{zero_is_missing: true}";
    assert_eq!(check(&asked, NOW, "deal_without_amount"), ["East/Ana 4/2", "East/Bo 2/0"]);
    assert_eq!(check(&asked, NOW, "deal_unknown_currency"), ["East/Ana 2/1", "East/Bo 2/1"]);
}

#[test]
fn deals_are_to_have_dates_that_make_sense() {
    let mut org = org();
    let expected = |day, deal| Deal { expected_close: when(day), ..deal };
    // Open: without any date; with the CRM's close date for an expected one; with one of its own; yesterday, and today.
    org.put("1", deal("Ana", "New", "2026-01-10", "", "")).put("2", deal("Ana", "New", "2026-01-10", "2026-04-01", ""));
    org.put("3", expected("2026-03-17", deal("Ana", "New", "2026-01-10", "2026-04-01", "")));
    org.put("4", expected("2026-03-18", deal("Ana", "New", "2026-01-10", "", "")));
    // Closed: without a date, though with an expected one; on the day of its creation; before it, by date and by time.
    org.put("5", expected("2026-03-01", deal("Bo", "Won", "2026-01-10", "", "")));
    org.put("6", deal("Bo", "Won", "2026-01-10T15:00:00Z", "2026-01-10", ""));
    org.put("7", deal("Bo", "Lost", "2026-01-10T00:00:00Z", "2026-01-09", ""));
    org.put("8", deal("Bo", "Won", "2026-01-10T15:00:00Z", "2026-01-10T14:59:59Z", ""));
    // Without a creation time nobody can tell.
    org.put("9", deal("Bo", "Won", "", "2026-01-10", ""));
    // Still to be created, says a wrong clock, and closed already.
    org.put("10", deal("Bo", "Won", "2026-05-01", "2026-01-10", ""));
    let asked = quality(org);
    assert_eq!(check(&asked, NOW, "deal_without_close_date"), ["East/Ana 4/1", "East/Bo 6/1"]);
    assert_eq!(check(&asked, NOW, "deal_overdue"), ["East/Ana 4/1"]);
    assert_eq!(check(&asked, NOW, "deal_closed_before_created"), ["East/Bo 5/3"]);
}

#[test]
fn records_are_to_have_an_owner_who_is_still_there() {
    let mut org = org();
    let left = |name: &str, email: &str| User {
        name: Some(name.into()),
        email: Some(email.into()),
        active: Some(false),
        ..Default::default()
    };
    org.leads = "{statuses: {disqualified: [Junk]}}";
    org.put("Zoe", left("Zoe", "zoe@example.com"));
    // One person with another record that is active is active.
    org.put("Max", left("Max", "max@example.com"));
    org.put("Max 2", User { active: Some(true), ..left("Max", "Max@example.com") });
    org.put_merged("Zoe 2", "Zoe", left("Zoe", "old@example.com"));
    let owned = |owner: &str| Deal { owner: Some(owner.into()), ..deal("Ana", "New", "2026-01-10", "", "1") };
    org.put("1", owned("Zoe")).put("2", owned("Zoe 2")).put("3", owned("Max"));
    org.put("4", deal("Zoe", "Won", "2026-01-10", "2026-02-01", "1"));
    org.put("5", Deal { owner: None, ..owned("") }).put("6", owned("a user whom nobody knows"));
    let lead = |owner: &str| Lead { owner: Some(owner.into()), created_at: when("2026-01-10"), ..Default::default() };
    org.put("1", lead("Zoe")).put("2", Lead { status: Some("Junk".into()), ..lead("Zoe") });
    org.put("3", Lead { converted_at: when("2026-02-01"), ..lead("Zoe") });
    org.put("4", Lead { creator: Some("Ana".into()), owner: None, ..lead("") });
    org.put("1", Account { owner: Some("Zoe".into()), ..Default::default() });
    org.put("2", Account { owner: Some("Ana".into()), ..Default::default() }).put("3", Account::default());
    let asked = quality(org);
    // Of Zoe's three deals and three leads, those that are closed are not looked at for a deactivated owner.
    assert_eq!(
        check(&asked, NOW, "record_without_owner"),
        ["East/Ana 1/0", "none/Max 1/0", "none/Zoe 7/0", "unassigned/unassigned 4/3"]
    );
    assert_eq!(
        check(&asked, NOW, "owner_inactive"),
        ["East/Ana 1/0", "none/Max 1/0", "none/Zoe 4/4", "unassigned/unassigned 4/0"]
    );
}

#[test]
fn a_check_counts_for_the_owner_also_where_leads_count_for_the_creator() {
    let mut org = Org { leads: "{credit: creator}", ..Org::default() };
    org.user("Ana", "East").user("Bo", "East");
    let lead = Lead { owner: Some("Ana".into()), creator: Some("Bo".into()), ..Default::default() };
    org.put("1", Lead { source: Some(" ".into()), ..lead.clone() })
        .put("2", Lead { source: Some("web".into()), ..lead });
    assert_eq!(check(&quality(org), NOW, "lead_without_source"), ["East/Ana 2/1"]);
}

#[test]
fn hidden_people_share_their_figures() {
    let mut org = Org { people: "{hidden: [bo@example.com, cy@example.com]}", ..Org::default() };
    org.user("Ana", "East");
    for name in ["bo", "cy"] {
        let email = Some(format!("{name}@example.com"));
        org.put(name, User { name: Some(name.into()), email, team: Some("East".into()), ..Default::default() });
        org.put(name, Lead { owner: Some(name.into()), ..Default::default() });
    }
    assert_eq!(check(&quality(org), NOW, "lead_without_source"), ["East/hidden 2/2"]);
}

/// An activity of Ana's with contact `c`.
fn with_contact(kind: &str, at: &str) -> Activity<String> {
    Activity { contacts: ids(&["c"]), ..activity(kind, "Ana", at) }
}

#[test]
fn activities_are_to_have_a_prospect() {
    let mut org = Org::default();
    org.user("Ana", "East").put("c", Contact::default()).put_deleted("gone", Contact::default());
    org.put_merged("old", "c", Contact::default()).put("l", Lead::default());
    let on = |id: &str| Activity { contacts: ids(&[id]), ..activity("email", "Ana", "2026-03-01") };
    org.put("1", on("c")).put("2", on("old")).put("3", on("gone"));
    org.put("4", Activity { leads: ids(&["l"]), ..activity("meeting", "Ana", "2026-03-01") });
    // Inbound ones too; a deal or an account is nobody one can talk to.
    let deals = Activity { deals: ids(&["d"]), accounts: ids(&["a"]), ..activity("call", "Ana", "2026-03-01") };
    org.put("5", Activity { direction: Some("inbound".into()), ..deals });
    // Not done, not yet, no talk, no kind.
    org.put("6", Activity { status: Some("open".into()), ..activity("call", "Ana", "2026-03-01") });
    org.put("7", Activity { status: Some("no_show".into()), ..activity("meeting", "Ana", "2026-03-01") });
    org.put("8", activity("call", "Ana", "2026-03-18T12:30:00Z")).put("9", task("Ana", "2026-03-01"));
    org.put("10", activity("note", "Ana", "2026-03-01"));
    org.put("11", Activity { completed_at: when("2026-03-01"), ..activity("task", "Ana", "2026-03-01") });
    assert_eq!(check(&quality(org), NOW, "activity_without_contact"), ["East/Ana 5/2"]);
}

#[test]
fn activities_are_to_be_logged_soon() {
    let mut org = Org { calendar: "{time_zone: Europe/Berlin}", ..Org::default() };
    org.user("Ana", "East").put("c", Contact::default());
    let logged = |at: &str, created: &str| Activity { created_at: when(created), ..with_contact("email", at) };
    org.put("1", logged("2026-03-01T10:00:00Z", "2026-03-04T10:00:00Z"));
    org.put("2", logged("2026-03-01T10:00:00Z", "2026-03-04T10:00:01Z"));
    // Planned before; nobody knows when.
    org.put("3", logged("2026-03-01T10:00:00Z", "2026-02-01T10:00:00Z")).put("4", with_contact("call", "2026-03-01"));
    // A date begins with its first instant, also for those who logged it.
    org.put("5", logged("2026-03-01", "2026-03-04T01:00:00Z")).put("6", logged("2026-03-01T10:00:00Z", "2026-03-05"));
    // Three days are three days where the clock changes between them (25 October 2025: 73 hours).
    org.put("7", logged("2025-10-24", "2025-10-27")).put("8", logged("2025-10-24", "2025-10-28"));
    let mut asked = quality(org);
    assert_eq!(check(&asked, NOW, "activity_logged_late"), ["East/Ana 7/4"]);
    asked.org.data_quality = "{logged_late_after: 4d}";
    assert_eq!(check(&asked, NOW, "activity_logged_late"), ["East/Ana 7/0"]);
    asked.org.data_quality = "{logged_late_after: 1h}";
    assert_eq!(check(&asked, NOW, "activity_logged_late"), ["East/Ana 7/6"]);
}

#[test]
fn outbound_calls_are_to_last_long_enough_for_a_word() {
    let mut org = Org::default();
    org.user("Ana", "East");
    let lasting = |kind: &str, direction: &str, seconds: Option<i64>| Activity {
        direction: Some(direction.into()),
        duration_seconds: seconds,
        ..activity(kind, "Ana", "2026-03-01")
    };
    org.put("1", lasting("call", "outbound", Some(9))).put("2", lasting("call", "outbound", Some(10)));
    org.put("3", lasting("call", "outbound", Some(0))).put("4", lasting("call", "outbound", None));
    // Inbound, in no direction, no call, not done.
    org.put("5", lasting("call", "inbound", Some(1))).put("6", lasting("call", "", Some(1)));
    org.put("7", lasting("meeting", "outbound", Some(1)));
    org.put("8", Activity { status: Some("cancelled".into()), ..lasting("call", "outbound", Some(1)) });
    let mut asked = quality(org);
    assert_eq!(check(&asked, NOW, "call_too_short"), ["East/Ana 3/2"]);
    asked.org.data_quality = "{call_too_short_below: 11s}";
    assert_eq!(check(&asked, NOW, "call_too_short"), ["East/Ana 3/3"]);
}

#[test]
fn accounts_are_to_be_there_once_in_a_crm() {
    let mut org = Org::default();
    org.user("Ana", "East");
    let account = |name: &str, domain: &str| Account {
        name: Some(name.into()),
        domain: Some(domain.into()),
        owner: Some("Ana".into()),
        ..Default::default()
    };
    // By name, by domain, and a third that shares the name of one and the domain of another.
    org.put("1", account("Acme ", "acme.example")).put("2", account(" ACME", "acme.test"));
    org.put("3", account("Bolt", "bolt.example")).put("4", account("Bolt Ltd", "Bolt.example"));
    org.put("5", account("Zenith", "zenith.example"));
    // Nothing is like nothing; a name is not a domain.
    org.put("6", account("", "")).put("7", account(" ", "")).put("8", account("zenith.example", ""));
    // Merged away, deleted, and one that a deal only mentions.
    org.put_merged("9", "5", account("Zenith", "zenith.example")).put_deleted("10", account("Zenith", ""));
    org.put("1", Deal { account: Some("11".into()), owner: Some("Ana".into()), ..Default::default() });
    // Accounts of two CRMs are never held to be one.
    org.from_source("other").put("5", account("Zenith", "zenith.example"));
    let asked = quality(org);
    assert_eq!(check(&asked, NOW, "account_duplicate"), ["East/Ana 8/4", "unassigned/unassigned 1/0"]);
    assert_eq!(check(&asked, NOW, "record_without_owner"), ["East/Ana 9/0", "unassigned/unassigned 1/0"]);
}

#[test]
fn of_the_past_is_checked_what_there_was() {
    const PAST: &str = "2026-02-15T12:00:00Z";
    let mut org = org();
    org.coverage.polled_at = Some(NOW.parse().unwrap());
    // Created later; won later without a date of its own, so open then and overdue.
    org.put("1", deal("Ana", "New", "2026-02-16", "", ""));
    let won = Deal { expected_close: when("2026-02-01"), ..deal("Ana", "Won", "2026-01-10", "2026-03-01", "") };
    org.put("2", Deal { status_changed_at: when("2026-03-01"), ..won });
    let account = |created| Account { name: Some("Acme".into()), created_at: when(created), ..Default::default() };
    org.put("1", account("2026-01-01")).put("2", account("2026-03-01"));
    let lead = |created: &str| Lead { owner: Some("Ana".into()), created_at: when(created), ..Default::default() };
    org.put("1", lead("2026-01-01")).put("2", lead("2026-03-01"));
    org.put("1", activity("call", "Ana", "2026-02-01")).put("2", activity("call", "Ana", "2026-03-01"));
    org.put("c", Contact::default());
    let asked = quality(org);
    for (name, past, now) in [
        ("deal_without_amount", "East/Ana 1/1", "East/Ana 2/2"),
        ("deal_overdue", "East/Ana 1/1", "East/Ana 1/0"),
        ("account_duplicate", "unassigned/unassigned 1/0", "unassigned/unassigned 2/2"),
        ("lead_without_source", "East/Ana 1/1", "East/Ana 2/2"),
        ("activity_without_contact", "East/Ana 1/1", "East/Ana 2/2"),
    ] {
        assert_eq!(check(&asked, PAST, name), [past], "{name}");
        assert_eq!(check(&asked, NOW, name), [now], "{name}");
    }
}

#[test]
fn a_goal_can_be_on_a_check() {
    let mut org = Org::default();
    org.user("Ana", "East").put("1", Lead { owner: Some("Ana".into()), ..Default::default() });
    let goals = |check| Asked { goals: check, ..Asked::new(org) };
    let asked = goals(
        "{sources: {measure: 'crm_data_quality_issues{check=\"lead_without_source\"}', window: week, lower_is_better: true, target: {default: 2}},
          calls: {measure: 'crm_data_quality_issues{check=\"call_too_short\"}', window: week, lower_is_better: true, target: {default: 2}}}",
    );
    let lines = asked.lines("crm_goal_actual", NOW);
    let of = |goal: &str| -> Vec<&String> {
        lines.iter().filter(|line| line.contains(goal) && line.contains("scope=\"rep\"")).collect()
    };
    let [line] = of("sources")[..] else { panic!("{lines:?}") };
    assert!(line.ends_with(" 1"), "{line}");
    // Nobody delivers calls.
    assert!(of("calls").is_empty(), "{lines:?}");
}
