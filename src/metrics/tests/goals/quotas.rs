//! Targets that the CRM keeps.

use super::{NOW, asked, assert_shown, org, rep, rep_of, started};
use crate::domain::{Goal, Object};
use crate::facts::testing::{Org, decimal};

/// A target of `owner` from one day to another.
fn quota(owner: &str, from: &str, to: &str, target: &str) -> Goal<String> {
    Goal {
        owner: Some(owner.into()),
        target: decimal(target),
        starts_on: Some(from.parse().unwrap()),
        ends_on: Some(to.parse().unwrap()),
        ..Default::default()
    }
}

fn named(name: &str, goal: Goal<String>) -> Goal<String> {
    Goal { name: Some(name.into()), ..goal }
}

fn with(org: &mut Org, quotas: impl IntoIterator<Item = Goal<String>>) {
    for (number, quota) in quotas.into_iter().enumerate() {
        org.put(&format!("quota {number}"), quota);
    }
}

const QUARTER: &str = "{calls: {measure: crm_activities, window: quarter, target: {source: crm}}}";

#[test]
fn months_make_a_quarter() {
    let month = |owner, number, last, target| {
        quota(owner, &format!("2026-{number:02}-01"), &format!("2026-{number:02}-{last}"), target)
    };
    let mut org = org(["Ana", "Bo", "Cy", "Di"].map(rep));
    with(
        &mut org,
        [
            month("Ana", 1, 31, "10"),
            month("Ana", 2, 28, "20"),
            month("Ana", 3, 31, "30"),
            // The next quarter's does not count.
            month("Ana", 4, 30, "40"),
            // February is missing.
            month("Bo", 1, 31, "10"),
            month("Bo", 3, 31, "30"),
            // A day is missing.
            quota("Cy", "2026-01-01", "2026-03-30", "10"),
            // A year's says nothing about a quarter.
            quota("Di", "2026-01-01", "2026-12-31", "100"),
        ],
    );
    assert_shown(&asked(org, QUARTER), NOW, &[("crm_goal_target", "org 60, East 60, Ana 60")]);
}

#[test]
fn a_target_and_its_parts_count_once() {
    let mut org = org([rep("Ana")]);
    with(
        &mut org,
        [
            quota("Ana", "2026-01-01", "2026-01-31", "10"),
            quota("Ana", "2026-02-01", "2026-02-28", "10"),
            quota("Ana", "2026-03-01", "2026-03-31", "10"),
            quota("Ana", "2026-01-01", "2026-03-31", "33"),
        ],
    );
    // What is said of the period itself counts, not what is said of its months.
    assert_shown(&asked(org, QUARTER), NOW, &[("crm_goal_target", "org 33, East 33, Ana 33")]);
}

#[test]
fn targets_of_several_names_add_up_unless_one_is_named() {
    let quarter = |target| quota("Ana", "2026-01-01", "2026-03-31", target);
    let build = |goals| {
        let mut org = org([rep("Ana")]);
        with(&mut org, [named("New business", quarter("10")), named("Renewals", quarter("5"))]);
        asked(org, goals)
    };
    assert_shown(&build(QUARTER), NOW, &[("crm_goal_target", "org 15, East 15, Ana 15")]);
    let goals = "{calls: {measure: crm_activities, window: quarter, target: {source: crm, quota: ' new business'}}}";
    assert_shown(&build(goals), NOW, &[("crm_goal_target", "org 10, East 10, Ana 10")]);
}

#[test]
fn a_quota_is_taken_as_it_is() {
    let mut org = org([started("Ana", "2026-03-18"), rep("Bo")]);
    org.calendar = "{absences: {bo@example.com: [2026-03-16/2026-03-20]}}";
    let week = |owner| quota(owner, "2026-03-16", "2026-03-22", "30");
    // A last name that nobody bears.
    with(&mut org, [week("Ana"), week("Bo"), week("nobody")]);
    let goals = "{calls: {measure: crm_activities, window: week, ramp: [0.5], target: {source: crm, default: 3}}}";
    assert_shown(
        &asked(org, goals),
        NOW,
        // Neither prorated nor ramped; half of one of Ana's three days has passed. Bo is away throughout.
        &[("crm_goal_target", "org 30, East 30, Ana 30"), ("crm_goal_expected", "org 5, East 5, Ana 5")],
    );
}

#[test]
fn a_teams_quota_is_its_own() {
    let mut org = org([rep("Ana"), rep_of("West", "Cy")]);
    let team = Goal { owner: None, team: Some("East".into()), ..quota("", "2026-03-16", "2026-03-22", "30") };
    with(&mut org, [team]);
    let goals = "{calls: {measure: crm_activities, window: week, target: {source: crm, default: 3}}}";
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_target", "org 6, East 30, West 3, Ana 3, Cy 3")]);
}

#[test]
fn money_is_converted() {
    let mut org = org(["Ana", "Bo", "Cy"].map(rep));
    org.deliver(Object::Deal).deliver(Object::StageChange);
    org.money = "{reporting: USD, rates: {EUR: 1.1}}";
    let in_currency = |owner, currency: &str| Goal {
        currency: Some(currency.into()),
        ..quota(owner, "2026-03-01", "2026-03-31", "1000")
    };
    // Of roubles nobody knows the rate: the default counts.
    with(&mut org, [in_currency("Ana", "EUR"), in_currency("Bo", "usd"), in_currency("Cy", "RUB")]);
    let goals = "{won: {measure: crm_deals_won_value, window: month, target: {source: crm, default: 7}}}";
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_target", "org 2107, East 2107, Ana 1100, Bo 1000, Cy 7")]);
}

#[test]
fn only_the_named_source_counts() {
    let mut org = org([rep("Ana")]);
    org.from_source("other");
    with(&mut org, [quota("Ana", "2026-03-16", "2026-03-22", "30")]);
    org.from_source("crm");
    with(&mut org, []);
    let goals = "{calls: {measure: crm_activities, window: week, target: {source: crm, default: 3}}}";
    assert_shown(&asked(org, goals), NOW, &[("crm_goal_target", "org 3, East 3, Ana 3")]);
}
