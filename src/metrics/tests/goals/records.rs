//! Personal bests.

use super::super::deals::{deal, org as deals};
use super::{Asked, NOW, assert_shown, calls, left, org, rep};
use crate::domain::Object;
use crate::facts::testing::Org;

fn asked(org: Org, records: &'static str) -> Asked {
    Asked { records, ..Asked::new(org) }
}

const CALLS: &str = "{measures: [crm_activities], windows: [week]}";

#[test]
fn the_best_month_is_kept() {
    let mut org = deals();
    org.deliver(Object::StageChange);
    // Ana: 30 in January, 40 in February, of which the last on the 20th; 10 so far.
    for (id, owner, closed, amount) in [
        ("1", "Ana", "2026-01-20", "30"),
        ("2", "Ana", "2026-02-20", "15"),
        ("3", "Ana", "2026-02-02", "25"),
        ("4", "Ana", "2026-03-02", "10"),
        // Bo: the current month is the best.
        ("5", "Bo", "2025-03-02", "10"),
        ("6", "Bo", "2026-03-02", "10.01"),
    ] {
        org.put(id, deal(owner, "Won", "2025-01-10", closed, amount));
    }
    // The default: value won, by the month. Cy never won anything.
    assert_shown(
        &Asked::new(org),
        NOW,
        &[
            ("crm_rep_record_value", "Ana 40, Bo 10.01"),
            // February 20 and March 2.
            ("crm_rep_record_timestamp_seconds", "Ana 1771545600, Bo 1772409600"),
        ],
    );
}

#[test]
fn of_equal_periods_the_earliest_counts() {
    let mut org = org([rep("Ana")]);
    calls(&mut org, "Ana", &["2026-03-16T09:00:00Z", "2026-03-03T09:00:00Z", "2026-03-10T09:00:00Z"]);
    assert_shown(
        &asked(org, CALLS),
        NOW,
        &[("crm_rep_record_value", "Ana 1"), ("crm_rep_record_timestamp_seconds", "Ana 1772528400")],
    );
}

#[test]
fn only_active_people_who_are_shown_have_records() {
    let mut org = org([rep("Ana"), left("Bo", "2026-03-17"), rep("Cy")]);
    org.people = "{hidden: [cy@example.com]}";
    for name in ["Ana", "Bo", "Cy", "nobody"] {
        calls(&mut org, name, &["2026-03-16T09:00:00Z"]);
    }
    assert_shown(&asked(org, CALLS), NOW, &[("crm_rep_record_value", "Ana 1")]);
}

#[test]
fn a_period_that_is_not_held_as_a_whole_has_no_figure() {
    let mut org = org([rep("Ana")]);
    calls(&mut org, "Ana", &["2026-03-11T09:00:00Z", "2026-03-12T09:00:00Z", "2026-03-17T09:00:00Z"]);
    org.coverage.activities_since = Some("2026-03-09T00:00:01Z".parse().unwrap());
    assert_shown(&asked(org, CALLS), NOW, &[("crm_rep_record_value", "Ana 1")]);
}

#[test]
fn a_distinct_count_counts_once_a_period() {
    use crate::domain::{Activity, Contact};
    let mut org = org([rep("Ana")]);
    org.put("Jo", Contact::default()).put("Ky", Contact::default());
    for (at, contact) in [
        ("2026-03-16T09:00:00Z", "Jo"),
        ("2026-03-17T09:00:00Z", "Jo"),
        ("2026-03-17T10:00:00Z", "Ky"),
        ("2026-03-10T10:00:00Z", "Ky"),
    ] {
        let call = super::activity("call", "Ana", at);
        org.put(at, Activity { contacts: Some(vec![contact.to_owned()]), ..call });
    }
    let asked = asked(org, "{measures: [crm_contacts_touched], windows: [week]}");
    // Two, reached on Tuesday, 10:00.
    assert_shown(
        &asked,
        NOW,
        &[("crm_rep_record_value", "Ana 2"), ("crm_rep_record_timestamp_seconds", "Ana 1773741600")],
    );
}
