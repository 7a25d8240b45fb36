//! Benchmarks and drivers.
//!
//! It is Wednesday, March 18th, 13:00 UTC.

use super::Asked;
use super::deals::deal;
use super::goals::{NOW, calls, left, org, rep};
use crate::domain::{Object, Stage, User};
use crate::facts::testing::Org;

fn asked(org: Org, benchmarks: &'static str) -> Asked {
    let metrics = "{windows: {benchmarks: [28d]}}";
    Asked { benchmarks, metrics, ..Asked::new(org) }
}

fn sdr(name: &str) -> User<String> {
    User { role: Some("sdr".into()), ..rep(name) }
}

fn some_calls(org: &mut Org, rep: &str, count: usize) {
    let at: Vec<String> = (0..count).map(|minute| format!("2026-03-16T09:{minute:02}:00Z")).collect();
    calls(org, rep, &at.iter().map(String::as_str).collect::<Vec<_>>());
}

/// People of the role `sdr` with so many calls each, and stages for their deals.
fn floor(counts: &[(&str, usize)]) -> Org {
    let mut org = org(counts.iter().map(|(name, _)| sdr(name)));
    counts.iter().for_each(|(name, count)| some_calls(&mut org, name, *count));
    org.deliver(Object::Deal).deliver(Object::StageChange);
    for (name, outcome) in [("Won", "won"), ("Lost", "lost")] {
        let stage = Stage { name: Some(name.into()), outcome: Some(outcome.into()), ..Default::default() };
        org.put(name, Stage { pipeline: Some("Sales".into()), ..stage });
    }
    org
}

fn close(org: &mut Org, owner: &str, stage: &str, amount: &str) {
    let id = format!("{owner} {stage} {amount}");
    org.put(&id, deal(owner, stage, "2026-03-02", "2026-03-17T10:00:00Z", amount));
}

#[test]
fn quantiles_are_of_the_active_reps_of_a_role() {
    let mut org = floor(&[("Ana", 0), ("Bo", 4), ("Cy", 8), ("Di", 12)]);
    // Three of a role are too few; who has left, or is no rep, is not compared.
    for name in ["Ed", "Flo", "Gus"] {
        org.put(name, User { role: Some("ae".into()), ..rep(name) });
    }
    org.put("Hal", User { role: Some("sdr".into()), ..left("Hal", "2026-03-17") });
    some_calls(&mut org, "Hal", 30);
    org.put("Ina", User { email: None, role: Some("boss".into()), ..rep("Ina") });
    org.people = "{reps: {roles: [sdr, ae]}, hidden: [di@example.com]}";
    // Ranks 0.75, 1.5, 2.25 and 2.7 of 0 4 8 12. The hidden count: nobody is named.
    asked(org, "{measures: [crm_activities]}").figures(
        NOW,
        r#"
        crm_benchmark{measure="crm_activities",role="sdr",stat="p25",window="28d"} 3
        crm_benchmark{measure="crm_activities",role="sdr",stat="p50",window="28d"} 6
        crm_benchmark{measure="crm_activities",role="sdr",stat="p75",window="28d"} 9
        crm_benchmark{measure="crm_activities",role="sdr",stat="p90",window="28d"} 10.8
        crm_driver_correlation absent
        "#,
    );
}

#[test]
fn ratios_of_nothing_are_left_out() {
    let mut org = floor(&[("Ana", 0), ("Bo", 0), ("Cy", 0), ("Di", 0)]);
    for name in ["Ana", "Bo", "Cy"] {
        close(&mut org, name, "Won", "10");
    }
    let asked = |org| asked(org, "{measures: [crm_win_ratio, crm_deals_won_value]}");
    // Of value won there are four figures, Di's is 0; of the ratio only three.
    let value = r#"
        crm_benchmark{measure="crm_deals_won_value",role="sdr",stat="p25",window="28d"} 7.5
        crm_benchmark{measure="crm_deals_won_value",role="sdr",stat="p50",window="28d"} 10
        crm_benchmark{measure="crm_deals_won_value",role="sdr",stat="p75",window="28d"} 10
        crm_benchmark{measure="crm_deals_won_value",role="sdr",stat="p90",window="28d"} 10
        "#;
    let mut asked = asked(org);
    asked.figures_and_zeros(NOW, value);
    close(&mut asked.org, "Di", "Lost", "10");
    let ratio = r#"
        crm_benchmark{measure="crm_win_ratio",role="sdr",stat="p25",window="28d"} 0.75
        crm_benchmark{measure="crm_win_ratio",role="sdr",stat="p50",window="28d"} 1
        crm_benchmark{measure="crm_win_ratio",role="sdr",stat="p75",window="28d"} 1
        crm_benchmark{measure="crm_win_ratio",role="sdr",stat="p90",window="28d"} 1
        "#;
    asked.figures_and_zeros(NOW, &(value.to_owned() + ratio));
}

#[test]
fn only_the_roles_that_are_named_are_compared() {
    let org = || floor(&[("Ana", 1), ("Bo", 1), ("Cy", 1), ("Di", 1)]);
    let named = |benchmarks| asked(org(), benchmarks).lines("crm_benchmark", NOW).len();
    assert_eq!(named("{measures: [crm_activities], roles: [sdr]}"), 4);
    assert_eq!(named("{measures: [crm_activities], roles: [ae]}"), 0);
    assert_eq!(named("{}"), 0);
}

/// Eight people who have made 1 to 8 calls and won so much each.
fn won(amounts: [&str; 8]) -> Org {
    let names = ["Ana", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal"];
    let counts: Vec<(&str, usize)> = names.iter().zip(1..).map(|(name, count)| (*name, count)).collect();
    let mut org = floor(&counts);
    for (name, amount) in names.iter().zip(amounts).filter(|(_, amount)| !amount.is_empty()) {
        close(&mut org, name, "Won", amount);
    }
    org
}

const DRIVER: &str = "{measures: [crm_activities]}";

#[test]
fn ranks_are_correlated() {
    // Ranks 1 2 3 4 5 6 7 8 against 2 1 4 3 6 5 8 7: 1 - 6 * 8 / (8 * 63) = 0.904761904761904...
    let asked_of = |amounts| asked(won(amounts), DRIVER).value("crm_driver_correlation", &[], NOW);
    let value = asked_of(["20", "10", "400", "300", "6000", "5000", "80000", "70000"]).unwrap();
    assert!((value - (1.0 - 6.0 * 8.0 / 504.0)).abs() < 1e-12, "{value}");
    // The idle share ranks 1 and 2; ranks 1.5 1.5 3 ... 8 against 1 to 8.
    // Of their deviations: 41.5 / sqrt(42 * 41.5).
    let value = asked_of(["", "", "30", "40", "50", "60", "70", "80"]).unwrap();
    assert!((value - 41.5 / (42.0_f64 * 41.5).sqrt()).abs() < 1e-12, "{value}");
    // All the same on one side: the win ratio is 1 of all, and of value nothing differs.
    assert_eq!(asked_of(["5"; 8]), None);
}

#[test]
fn fewer_than_eight_with_both_figures_say_nothing() {
    let mut org = won(["10", "20", "30", "40", "50", "60", "70", "80"]);
    close(&mut org, "Ana", "Lost", "1");
    let halved = asked(org, DRIVER);
    // Ratios 1/2 1 1 1 1 1 1 1: ranks 1 and 5 seven times, against 1 to 8. Deviations of the ratios' ranks: -3.5, 0.5 seven
    // times; products 3.5 * 3.5 + 0.5 * 3.5 = 14, squares 42 and 14: 14 / sqrt(588).
    let ratio = halved.value("crm_driver_correlation", &[("outcome", "crm_win_ratio")], NOW).unwrap();
    assert!((ratio - 14.0 / 588.0_f64.sqrt()).abs() < 1e-12, "{ratio}");
    let both = |mut org: Org| {
        close(&mut org, "Bo", "Lost", "1");
        asked(org, DRIVER).lines("crm_driver_correlation", NOW).len()
    };
    // Of value there are eight figures still, of the ratio seven.
    assert_eq!(both(won(["", "20", "30", "40", "50", "60", "70", "80"])), 1);
    let mut org = won(["10", "20", "30", "40", "50", "60", "70", "80"]);
    org.people = "{hidden: [ana@example.com]}";
    assert_eq!(both(org), 2);
}

#[test]
fn windows_that_are_not_held_are_absent() {
    let mut asked = asked(floor(&[("Ana", 1), ("Bo", 1), ("Cy", 1), ("Di", 1)]), DRIVER);
    asked.metrics = "{windows: {benchmarks: [7d, 28d]}}";
    asked.org.coverage.activities_since = Some("2026-03-09T00:00:00Z".parse().unwrap());
    let lines = asked.lines("crm_benchmark", NOW);
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| line.contains("window=\"7d\"")));
}
