//! Contests: who is ahead, and who takes part.
//!
//! Unless a test says otherwise it is Wednesday, March 18th, 13:00, and who works does so in UTC.

use proptest::prelude::*;

use super::Asked;
use super::deals::deal;
use super::goals::{NOW, assert_shown, calls, left, org, rep, rep_of};
use crate::domain::{Object, Stage, User};
use crate::facts::View;
use crate::facts::testing::Org;
use crate::metrics::Frame;

const SCORE: &str = "crm_contest_score";
const RANK: &str = "crm_contest_rank";

fn asked(org: Org, contests: &'static str) -> Asked {
    Asked { contests, ..Asked::new(org) }
}

/// So many calls of somebody on Monday the 16th.
fn some_calls(org: &mut Org, rep: &str, count: usize) {
    let at: Vec<String> = (0..count).map(|minute| format!("2026-03-16T09:{minute:02}:00Z")).collect();
    calls(org, rep, &at.iter().map(String::as_str).collect::<Vec<_>>());
}

/// Ana and Bo have made three calls, Cy one and Di none.
fn floor() -> Org {
    let mut org = org([rep("Ana"), rep("Bo"), rep_of("West", "Cy"), rep_of("West", "Di")]);
    [("Ana", 3), ("Bo", 3), ("Cy", 1)].into_iter().for_each(|(rep, count)| some_calls(&mut org, rep, count));
    org
}

#[test]
fn equal_scores_share_the_better_place() {
    let contests = "{spiff: {measure: crm_activities, from: 2026-03-16, to: 2026-03-20}}";
    asked(floor(), contests).figures_and_zeros(
        NOW,
        r#"
        crm_contest_score{contest="spiff",team="East",rep="Ana"} 3
        crm_contest_score{contest="spiff",team="East",rep="Bo"} 3
        crm_contest_score{contest="spiff",team="West",rep="Cy"} 1
        crm_contest_score{contest="spiff",team="West",rep="Di"} 0
        crm_contest_rank{contest="spiff",team="East",rep="Ana"} 1
        crm_contest_rank{contest="spiff",team="East",rep="Bo"} 1
        crm_contest_rank{contest="spiff",team="West",rep="Cy"} 3
        crm_contest_rank{contest="spiff",team="West",rep="Di"} 4
        crm_contest_end_timestamp_seconds{contest="spiff"} 1774051200
        "#,
    );
}

#[test]
fn the_first_and_the_last_day_count_in_the_business_zone() {
    let mut org = org([rep("Ana")]);
    org.calendar = "{time_zone: America/New_York}";
    // Five hours behind UTC: Monday begins and Saturday begins at 05:00Z.
    let days = ["2026-03-02T04:59:59Z", "2026-03-02T05:00:00Z", "2026-03-07T04:59:59Z", "2026-03-07T05:00:00Z"];
    calls(&mut org, "Ana", &days);
    let asked = asked(org, "{spiff: {measure: crm_activities, from: 2026-03-02, to: 2026-03-06}}");
    // Nothing before it begins, but when it ends is known.
    let end = [("crm_contest_end_timestamp_seconds", "org 1772859600")];
    assert_shown(&asked, "2026-03-02T04:59:59Z", &[(SCORE, ""), (RANK, ""), end[0]]);
    assert_shown(&asked, "2026-03-02T05:00:00Z", &[(SCORE, "Ana 1"), (RANK, "Ana 1"), end[0]]);
    // As far as now; the standings stay.
    assert_shown(&asked, "2026-03-06T12:00:00Z", &[(SCORE, "Ana 1"), end[0]]);
    assert_shown(&asked, NOW, &[(SCORE, "Ana 2"), (RANK, "Ana 1"), end[0]]);
}

#[test]
fn whoever_has_less_than_the_minimum_has_no_place() {
    let contests = "{spiff: {measure: crm_activities, from: 2026-03-16, to: 2026-03-20, minimum_score: 3}}";
    let figures = [(SCORE, "Ana 3, Bo 3, Cy 1, Di 0"), (RANK, "Ana 1, Bo 1")];
    assert_shown(&asked(floor(), contests), NOW, &figures);
}

#[test]
fn teams_compete_by_the_records_of_who_takes_part() {
    let contests = "{spiff: {measure: crm_activities, from: 2026-03-16, to: 2026-03-20, between: teams}}";
    asked(floor(), contests).figures(
        NOW,
        r#"
        crm_contest_score{contest="spiff",team="East",rep=""} 6
        crm_contest_score{contest="spiff",team="West",rep=""} 1
        crm_contest_rank{contest="spiff",team="East",rep=""} 1
        crm_contest_rank{contest="spiff",team="West",rep=""} 2
        "#,
    );
    // Of West only Cy takes part, whose address has capitals here.
    let contests = "{spiff: {measure: crm_activities, from: 2026-03-16, to: 2026-03-20, between: teams, \
        reps: [bo@example.com, Cy@Example.com]}}";
    assert_shown(&asked(floor(), contests), NOW, &[(SCORE, "East 3, West 1"), (RANK, "East 1, West 2")]);
}

#[test]
fn roles_teams_and_people_narrow_who_takes_part() {
    let with = |who: &str| {
        let mut org = floor();
        for (name, role) in [("Ana", "sdr"), ("Bo", "ae"), ("Cy", "sdr")] {
            let team = if name == "Cy" { "West" } else { "East" };
            org.put(name, User { role: Some(role.into()), ..rep_of(team, name) });
        }
        // Who has left takes no part, and a manager is no rep.
        org.put("Ed", left("Ed", "2026-03-17"));
        org.put("Flo", User { role: Some("manager".into()), ..rep("Flo") });
        some_calls(&mut org, "Ed", 9);
        some_calls(&mut org, "Flo", 9);
        org.people = "{reps: {roles: [sdr, ae]}}";
        let contest = format!("{{spiff: {{measure: crm_activities, from: 2026-03-16, to: 2026-03-20, {who}}}}}");
        super::goals::shown(&asked(org, contest.leak()), SCORE, NOW)
    };
    assert_eq!(with(""), "Ana 3, Bo 3, Cy 1");
    assert_eq!(with("roles: [sdr]"), "Ana 3, Cy 1");
    assert_eq!(with("roles: [sdr], teams: [West]"), "Cy 1");
    assert_eq!(with("teams: [East, West], reps: [bo@example.com, ed@example.com]"), "Bo 3");
    assert_eq!(with("roles: [manager]"), "");
}

#[test]
fn points_are_decimals() {
    // Three calls at 0.1 are one meeting at 0.3, and tie.
    let mut org = org(["Ana", "Bo"].map(rep));
    some_calls(&mut org, "Ana", 3);
    org.put("m", super::activities::activity("meeting", "Bo", "2026-03-17T09:00:00Z"));
    let contests = r#"{blitz: {from: 2026-03-16, to: 2026-03-20, points: [
        {measure: 'crm_activities{kind="call"}', each: 0.1}, {measure: 'crm_activities{kind="meeting"}', each: 0.3}]}}"#;
    assert_shown(&asked(org, contests), NOW, &[(SCORE, "Ana 0.3, Bo 0.3"), (RANK, "Ana 1, Bo 1")]);
}

/// The floor with targets of 4 calls a week, 2 for Bo, none for Di.
fn with_targets(goals: &'static str, contests: &'static str) -> Asked {
    Asked { goals, ..asked(floor(), contests) }
}

#[test]
fn attainment_is_by_ones_own_target() {
    let goals = "{calls: {measure: crm_activities, window: week, \
        target: {reps: {ana@example.com: 4, bo@example.com: 2, cy@example.com: 0}}}}";
    let contests = "{spiff: {rank_by: attainment, goal: calls, from: 2026-03-16, to: 2026-03-20}}";
    // Nobody divides by a target of 0, or by none.
    let figures = [(SCORE, "Ana 0.75, Bo 1.5"), (RANK, "Ana 2, Bo 1")];
    assert_shown(&with_targets(goals, contests), NOW, &figures);
}

#[test]
fn the_target_is_that_of_now_until_the_last_day() {
    let goals = "{calls: {measure: crm_activities, window: week, target: {default: 4}, \
        effective: [{from: 2026-03-18, target: {default: 6}}, {from: 2026-03-19, target: {default: 8}}]}}";
    let contests = "{spiff: {rank_by: attainment, goal: calls, from: 2026-03-16, to: 2026-03-18}}";
    let asked = with_targets(goals, contests);
    assert_shown(&asked, "2026-03-17T13:00:00Z", &[(SCORE, "Ana 0.75, Bo 0.75, Cy 0.25, Di 0")]);
    assert_shown(&asked, NOW, &[(SCORE, "Ana 0.5, Bo 0.5, Cy 0.1667, Di 0")]);
    assert_shown(&asked, "2026-03-19T13:00:00Z", &[(SCORE, "Ana 0.5, Bo 0.5, Cy 0.1667, Di 0")]);
    assert_shown(&asked, "2026-05-19T13:00:00Z", &[(SCORE, "Ana 0.5, Bo 0.5, Cy 0.1667, Di 0")]);
}

#[test]
fn a_team_attains_its_own_target_or_that_of_its_participants() {
    // East has a target of its own; of West only Cy's target counts, and Cy's calls with it.
    let goals = "{calls: {measure: crm_activities, window: week, \
        target: {team_totals: {East: 12}, reps: {ana@example.com: 1, cy@example.com: 4}}}}";
    let contests = "{spiff: {rank_by: attainment, goal: calls, from: 2026-03-16, to: 2026-03-20, between: teams}}";
    let mut asked = with_targets(goals, contests);
    some_calls(&mut asked.org, "Di", 7);
    assert_shown(&asked, NOW, &[(SCORE, "East 0.5, West 0.25"), (RANK, "East 1, West 2")]);
}

/// Deals of Ana and Bo closed in March: of Ana's two one is won, of Bo's one none, of Cy there is none.
fn closed() -> Org {
    let mut org = floor();
    org.deliver(Object::Deal).deliver(Object::StageChange);
    for (name, outcome) in [("Won", "won"), ("Lost", "lost")] {
        let stage = Stage { name: Some(name.into()), outcome: Some(outcome.into()), ..Default::default() };
        org.put(name, Stage { pipeline: Some("Sales".into()), ..stage });
    }
    for (number, (owner, stage)) in [("Ana", "Won"), ("Ana", "Lost"), ("Bo", "Lost")].into_iter().enumerate() {
        org.put(&format!("deal {number}"), deal(owner, stage, "2026-03-02", "2026-03-17T10:00:00Z", "100"));
    }
    org
}

#[test]
fn who_has_no_figure_has_no_place() {
    let contests = "{spiff: {measure: crm_win_ratio, from: 2026-03-16, to: 2026-03-20}}";
    assert_shown(&asked(closed(), contests), NOW, &[(SCORE, "Ana 0.5, Bo 0"), (RANK, "Ana 1, Bo 2")]);
    // Values are in the reporting currency, and 0 where nothing was won.
    let contests = "{spiff: {measure: crm_deals_won_value, from: 2026-03-16, to: 2026-03-20, teams: [East]}}";
    assert_shown(&asked(closed(), contests), NOW, &[(SCORE, "Ana 100, Bo 0"), (RANK, "Ana 1, Bo 2")]);
}

#[test]
fn where_less_is_better_more_of_the_target_is_left() {
    // A cycle of 15.4 days against 10: the deal of Ana took 15 days and 10 hours.
    let goals = "{cycle: {measure: 'crm_sales_cycle_seconds{stat=\"p50\"}', window: month, lower_is_better: true, \
        target: {default: 666000}}}";
    let contests = "{spiff: {rank_by: attainment, goal: cycle, from: 2026-03-16, to: 2026-03-20}}";
    assert_shown(&Asked { goals, ..asked(closed(), contests) }, NOW, &[(SCORE, "Ana 0.5"), (RANK, "Ana 1")]);
}

#[test]
fn hidden_people_take_no_place_but_count_for_their_team() {
    let mut org = floor();
    org.people = "{hidden: [ana@example.com]}";
    let contests = "{alone: {measure: crm_activities, from: 2026-03-16, to: 2026-03-20}, \
        teams: {measure: crm_activities, from: 2026-03-16, to: 2026-03-20, between: teams}}";
    let expected = "Bo 3, Cy 1, Di 0, East 6, West 1";
    assert_shown(&asked(org, contests), NOW, &[(SCORE, expected), (RANK, "Bo 1, Cy 2, Di 3, East 1, West 2")]);
}

#[test]
fn a_hidden_contest_is_computed_and_not_exposed() {
    let contests = "{secret: {measure: crm_activities, from: 2026-03-16, to: 2026-03-20, hidden: true}}";
    let asked = asked(floor(), contests);
    let none = [(SCORE, ""), (RANK, ""), ("crm_contest_end_timestamp_seconds", "")];
    assert_shown(&asked, NOW, &none);
    let (facts, people) = (asked.org.facts(), asked.org.people());
    let options = asked.options();
    let view = View::new(&facts, &people, &asked.org.coverage, NOW.parse().unwrap());
    let frame = Frame::new(&view, &options);
    let scores = |standings: &Vec<crate::contests::Standing>| standings.iter().map(|one| one.score).collect();
    assert_eq!(frame.standings()[0].as_ref().map(scores), Some(vec![3.0, 3.0, 1.0, 0.0]));
}

#[test]
fn what_is_not_held_has_no_standings() {
    let contests = "{spiff: {measure: crm_activities, from: 2026-03-16, to: 2026-03-20}}";
    let mut asked = asked(floor(), contests);
    asked.org.coverage.activities_since = Some("2026-03-16T00:00:00Z".parse().unwrap());
    assert_shown(&asked, NOW, &[(SCORE, "Ana 3, Bo 3, Cy 1, Di 0")]);
    asked.org.coverage.activities_since = Some("2026-03-16T00:00:01Z".parse().unwrap());
    assert_shown(&asked, NOW, &[(SCORE, ""), (RANK, "")]);
    // Nobody delivers deals.
    let contests = "{spiff: {measure: crm_deals_won, from: 2026-03-16, to: 2026-03-20}}";
    assert_shown(&Asked { contests, ..Asked::new(floor()) }, NOW, &[(SCORE, ""), (RANK, "")]);
}

const NAMES: [&str; 5] = ["Ana", "Bo", "Cy", "Di", "Ed"];

/// Places of people with so many calls each, and so many points for one.
fn places(counts: &[usize], each: u32) -> Vec<(f64, f64)> {
    let mut org = org(NAMES.map(rep));
    NAMES.iter().zip(counts).for_each(|(name, count)| some_calls(&mut org, name, *count));
    let contests =
        format!("{{spiff: {{points: [{{measure: crm_activities, each: {each}}}], from: 2026-03-16, to: 2026-03-20}}}}");
    let asked = asked(org, contests.leak());
    let of = |family: &str, name: &&str| asked.value(family, &[("rep", name)], NOW).unwrap();
    NAMES.iter().map(|name| (of(SCORE, name), of(RANK, name))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    /// Everybody stands behind exactly those with a better score, whatever the points.
    #[test]
    fn places_follow_scores(counts in prop::collection::vec(0..6_usize, NAMES.len()), each in 1..50_u32) {
        let places = places(&counts, each);
        for (place, count) in places.iter().zip(&counts) {
            let better = counts.iter().filter(|other| *other > count).count();
            prop_assert_eq!(*place, ((*count as f64) * f64::from(each), 1.0 + better as f64));
        }
    }
}
