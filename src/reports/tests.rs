//! Every figure that is exposed is explained, and its parts come to it; what is left out is left out for the right reason.

use super::{Counters, Explanation, explain};
use crate::domain::{Account, Activity, Contact, Deal, Goal, Lead, Object, Pipeline, Stage, Survey, User};
use crate::facts::View;
use crate::facts::testing::{Org, when};
use crate::metrics::explain::{Explain, Role};
use crate::metrics::tests::Asked;
use crate::metrics::tests::deals::{deal, org};
use crate::metrics::{Counted, Frame, Shape, find};
use crate::setting::Selector;

const NOW: &str = "2026-03-18T12:00:00Z";

const NOTHING_COUNTED: Counters<'static> = Counters { families: &[], text: None };

/// A floor with something of everything that figures are made of.
fn floor() -> Asked {
    let mut org = org();
    org.people = "{hidden: [hid@example.com]}";
    org.activities = "{key: {talk: {kind: call, min_duration: 1m}, vp_meeting: {kind: meeting, contact_level: [vp]}}}";
    org.leads = "{inbound: [web], statuses: {mql: [MQL], sql: [SQL], disqualified: [Dead]}}";
    deals(&mut org);
    people_and_leads(&mut org);
    activities(&mut org);
    org.sighted("1", Some("2026-03-18T10:00:00Z"), Some("Talk"));
    org.coverage.successes.insert(0, "2026-03-18T11:59:00Z".parse().unwrap());
    let mut asked = Asked::new(org);
    asked.costs = "{East: [{from: 2026-01-01, monthly: 3100}], West: [{from: 2026-02-01, monthly: 280}]}";
    asked.goals = "
calls: {measure: 'crm_activities{kind=\"call\"}', window: week, target: {default: 3, reps: {'ana@example.com': 2}}, ramp: [0.5]}
reached: {measure: crm_contacts_touched, window: month, target: {default: 1, team_totals: {East: 2}}}
value: {measure: crm_deals_won_value, window: quarter, pace: history, primary: true, target: {source: crm, default: 100, org: 1000}}
win_rate: {measure: crm_win_ratio, window: quarter, target: {default: 0.25}}
cycle: {measure: 'crm_sales_cycle_seconds{stat=\"p90\"}', window: quarter, lower_is_better: true, target: {default: 864000}}
per_contact: {measure: crm_follow_ups_per_contact, window: month, target: {default: 1}, reviewed_on: 2026-01-02}
overdue: {measure: crm_open_deals_overdue, window: week, lower_is_better: true, target: {default: 1}}
";
    asked.scorecards = "{all: {weights: {calls: 20, value: 60, win_rate: 20}, cap: 1.2}}";
    asked.contests = "
calls: {measure: crm_activities, from: 2026-03-01, to: 2026-03-31}
teams: {between: teams, points: [{measure: crm_activities, each: 2}, {measure: crm_deals_won, each: 10}], from: 2026-03-01, to: 2026-03-31}
quota: {measure: crm_deals_won_value, rank_by: attainment, goal: value, from: 2026-01-01, to: 2026-03-31}
";
    asked.benchmarks = "{measures: [crm_activities, crm_win_ratio]}";
    asked.records = "{measures: ['crm_activities{kind=\"call\"}', crm_deals_won_value, crm_contacts_touched], windows: [week, month]}";
    asked
}

/// A floor with a key account that buys again and answers, and with deals that a forecast can learn from.
fn market() -> Asked {
    let mut org = Org::default();
    org.user("Ana", "East").user("Bo", "West");
    org.put("Sales", Pipeline { name: Some("Sales".into()), ..Default::default() });
    for (name, outcome) in [("New", "open"), ("Won", "won"), ("Lost", "lost")] {
        let (pipeline, outcome) = (Some("Sales".into()), Some(outcome.into()));
        org.put(name, Stage { pipeline, name: Some(name.into()), outcome, ..Default::default() });
    }
    let of_acme = |deal: Deal<String>| Deal {
        account: Some("acme".into()),
        pipeline: Some("Sales".into()),
        currency: Some("USD".into()),
        ..deal
    };
    for number in 0..10 {
        let (id, end) = (format!("january {number}"), if number < 6 { "Won" } else { "Lost" });
        org.put(&id, of_acme(deal("Ana", end, "2026-01-10", "2026-01-20", "50")));
        org.history(&id, &[("New", "2026-01-10"), (end, "2026-01-20")]);
    }
    org.put("earlier", of_acme(deal("Bo", "Won", "2024-10-10", "2024-12-20", "40")));
    org.put("open", of_acme(deal("Ana", "New", "2026-03-18T12:00:00Z", "", "100")));
    org.history("open", &[("New", "2026-03-18T12:00:00Z")]);
    org.put(
        "acme",
        Account { name: Some("Acme".into()), owner: Some("Bo".into()), key: Some(true), ..Default::default() },
    );
    let call = Activity {
        kind: Some("call".into()),
        owner: Some("Ana".into()),
        at: when("2026-03-17T09:00:00Z"),
        duration_seconds: Some(600),
        accounts: Some(vec!["acme".into()]),
        ..Default::default()
    };
    org.put("call", call);
    for (id, score) in [("s1", 10), ("s2", 3), ("s3", 9)] {
        let answer = Survey {
            survey: Some("yearly".into()),
            score: Some(score.into()),
            owner: Some("Ana".into()),
            account: Some("acme".into()),
            at: when("2026-03-16T09:00:00Z"),
            ..Default::default()
        };
        org.put(id, answer);
    }
    let mut asked = Asked::new(org);
    asked.goals = "
value: {measure: crm_deals_won_value, window: quarter, target: {default: 1000}}
met: {measure: crm_deals_won_value, window: quarter, target: {default: 10, team_totals: {East: 20}}}
";
    asked
}

fn deals(org: &mut Org) {
    org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-18", "100.50"));
    org.put("2", deal("Ana", "Won", "2026-01-20", "2026-03-01", "50"));
    org.put("3", deal("Bo", "Lost", "2026-01-10", "2026-02-28", "70"));
    org.put("4", deal("Bo", "Talk", "2026-02-10", "", "7"));
    org.put("5", deal("Cy", "New", "", "2026-01-01", ""));
    // Without an amount; closed before it was created; nobody's.
    org.put("6", deal("Ana", "Won", "2026-01-11", "2026-02-18", ""));
    org.put("7", deal("Bo", "Won", "2026-03-10", "2026-03-01", "33"));
    org.put("8", deal("", "Won", "2026-01-10", "2026-03-02", "11"));
    org.put("9", deal("Hid", "Won", "2026-01-10", "2026-03-03", "12"));
    org.history("4", &[("New", "2026-02-10"), ("Talk", "2026-03-01T10:00:00Z")]);
}

fn people_and_leads(org: &mut Org) {
    let user = |name: &str, team: &str| User {
        name: Some(name.into()),
        team: Some(team.into()),
        email: Some(format!("{}@example.com", name.to_lowercase())),
        ..Default::default()
    };
    org.put("Ana", user("Ana", "East"));
    org.put("Hid", user("Hid", "East"));
    for number in 1..=8 {
        let name = format!("North {number}");
        org.put(&name, user(&name, "North"));
    }
    let quota = Goal {
        owner: Some("Bo".into()),
        target: Some(90.into()),
        currency: Some("USD".into()),
        starts_on: Some("2026-01-01".parse().unwrap()),
        ends_on: Some("2026-03-31".parse().unwrap()),
        ..Default::default()
    };
    org.put("q", quota);
    org.put(
        "acme",
        Account {
            name: Some("Acme".into()),
            employees: Some(40),
            annual_revenue: Some(5000.into()),
            currency: Some("USD".into()),
            ..Default::default()
        },
    );
    org.put("c", Contact { title: Some("VP Sales".into()), ..Default::default() });
    for (id, owner, created, status, source) in [
        ("l1", "Ana", "2026-03-16T09:00:00Z", "SQL", "web"),
        ("l2", "Ana", "2026-03-17T09:00:00Z", "MQL", "web"),
        ("l3", "Bo", "2026-03-17T10:00:00Z", "Dead", "list"),
        ("l4", "Bo", "2026-03-18T11:30:00Z", "New", "web"),
        ("l5", "Hid", "2026-03-17T10:00:00Z", "New", "web"),
    ] {
        let lead = Lead {
            owner: Some(owner.into()),
            created_at: when(created),
            status: Some(status.into()),
            source: Some(source.into()),
            account: (id == "l1").then(|| "acme".into()),
            ..Default::default()
        };
        org.put(id, lead);
    }
}

fn activities(org: &mut Org) {
    for (id, kind, owner, at, status, direction, to) in [
        ("a", "call", "Ana", "2026-03-18T09:00:00Z", "", "", "c"),
        ("b", "email", "Ana", "2026-03-16T09:30:00Z", "", "", "c"),
        ("c", "call", "Bo", "2026-03-10", "", "", "c"),
        ("d", "meeting", "Cy", "2026-03-20T09:00:00Z", "open", "", "c"),
        ("e", "call", "Ana", "2026-03-17T09:00:00Z", "cancelled", "", "c"),
        ("f", "meeting", "Ana", "2026-03-17T15:00:00Z", "no-show", "", "c"),
        ("g", "call", "Bo", "2026-03-17T15:00:00Z", "", "inbound", "c"),
        ("h", "fax", "Ana", "2026-03-17T15:00:00Z", "", "", "c"),
        ("i", "call", "Ana", "", "", "", "c"),
        ("j", "meeting", "Bo", "2026-03-17T16:00:00Z", "", "", "c"),
        ("k", "call", "Hid", "2026-03-17T16:00:00Z", "", "", ""),
        ("l", "email", "Ana", "2026-03-16T11:00:00Z", "", "", "l1"),
    ] {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let activity = Activity {
            kind: some(kind),
            owner: some(owner),
            at: if at.is_empty() { None } else { when(at) },
            status: some(status),
            direction: some(direction),
            duration_seconds: (id != "b").then_some(90),
            contacts: some(to).filter(|to| to == "c").map(|to| vec![to]),
            leads: some(to).filter(|to| to.starts_with('l')).map(|to| vec![to]),
            deals: Some(vec!["4".into()]),
            ..Default::default()
        };
        org.put(id, activity);
    }
}

fn with_frame<T>(asked: &Asked, test: impl FnOnce(&Frame<'_>) -> T) -> T {
    let facts = asked.org.facts();
    let view = View::new(&facts, &asked.org.people(), &asked.org.coverage, NOW.parse().unwrap());
    test(&Frame::new(&view, &asked.options()))
}

fn explained(frame: &Frame<'_>, selector: &str) -> Explanation {
    explain(frame, NOTHING_COUNTED, &selector.parse().unwrap(), 100).unwrap()
}

/// Whether two figures are the same but for the order in which fractions were added.
fn are_alike(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}

/// Explains every series of a text, and holds the parts against it. Gives how many there were.
fn hold_against(frame: &Frame<'_>, text: &str) -> usize {
    let mut count = 0;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let value: f64 = value.parse().unwrap();
        let selector: Selector = series.parse().unwrap();
        let metric = find(&selector.name).unwrap();
        let explanation = explain(frame, NOTHING_COUNTED, &selector, 1000);
        let explanation = explanation.unwrap_or_else(|error| panic!("{series}: {error}"));
        assert_eq!(explanation.value, Some(value), "{series}");
        assert_eq!(explanation.series.to_string(), series);
        assert!(!explanation.parts.is_empty(), "{series} has no parts");
        count += 1;
        if matches!(&metric.shape, Shape::Own(own) if matches!(own.explain, Explain::Written(_))) {
            continue;
        }
        let recomputed = explanation.recomputed();
        assert!(
            recomputed.is_some_and(|parts| are_alike(parts, value)),
            "{series} = {value}, by its parts {explanation:#?}"
        );
        hold_records(&explanation, matches!(metric.shape, Shape::Sum(_) | Shape::Level(_) | Shape::TeamSum(..)));
    }
    count
}

/// A part is made of exactly the records that it lists.
fn hold_records(explanation: &Explanation, is_sum: bool) {
    for part in &explanation.parts {
        let Some(records) = &part.records else { continue };
        assert_eq!(records.count(), records.lines().len(), "{}", explanation.series);
        if is_sum {
            let sum: f64 = records.lines().iter().map(|line| line.amount).sum();
            assert!(are_alike(sum, part.value.unwrap()), "{}: {sum}", explanation.series);
        }
        for (why, listing) in &part.left_out {
            assert!(listing.count() > 0 && listing.count() == listing.lines().len(), "{}: {why}", explanation.series);
        }
    }
}

#[test]
fn parts_come_to_every_series_that_is_exposed() {
    let text = [floor(), market()].map(|asked| {
        let text = String::from_utf8(asked.snapshot(NOW).text).unwrap();
        let count = with_frame(&asked, |frame| hold_against(frame, &text));
        assert!(count > 500, "only {count} series have been explained");
        text
    });
    let text = text.concat();
    // Whatever is in the catalogue is exposed here, so that nothing stays unexplained.
    let exposed =
        |name: &str| text.lines().any(|line| line.starts_with(name) && line[name.len()..].starts_with(['{', ' ']));
    let missing: Vec<&str> =
        crate::metrics::catalogue().map(|metric| metric.name).filter(|name| !exposed(name)).collect();
    assert_eq!(missing, [""; 0], "families that this floor does not expose");
}

/// What is left out of a figure: the reasons, each with its records.
fn left_out(frame: &Frame<'_>, org: &Org, selector: &str) -> Vec<String> {
    let explanation = explained(frame, selector);
    let told = |(why, listing): &(&'static str, crate::metrics::explain::Listing)| {
        let mut ids: Vec<String> = listing.lines().iter().map(|line| org.id(line.object, line.record)).collect();
        ids.sort();
        format!("{why}: {}", ids.join(" "))
    };
    let mut reasons: Vec<String> = explanation.parts.iter().flat_map(|part| &part.left_out).map(told).collect();
    reasons.sort();
    reasons
}

#[test]
fn what_does_not_count_is_told_with_the_reason() {
    let asked = floor();
    with_frame(&asked, |frame| {
        for (selector, expected) in [
            (
                r#"crm_activities{rep="Ana",kind="call",window="week"}"#,
                &[
                    "not done: the CRM marks it as cancelled: e",
                    "of a kind that activities.kinds does not name: h",
                    "without a date: i",
                ][..],
            ),
            (
                r#"crm_activity_seconds{rep="Ana",kind="email",window="week"}"#,
                &["of a kind that activities.kinds does not name: h", "without a date: i", "without a duration: b"],
            ),
            // Deals 7 of Bo and 6 of Ana were won; the one closed before it was created.
            (r#"crm_sales_cycle_seconds{rep="Bo",window="quarter",stat="p50"}"#, &["closed before it was created: 7"]),
            (r#"crm_deal_size_average{rep="Ana",window="quarter"}"#, &["without an amount: 6"]),
            (
                r#"crm_lead_response_seconds{rep="Bo",window="week",stat="mean"}"#,
                &["not answered so far: l4", "not inbound: leads.inbound does not name its source: l3"],
            ),
            (r#"crm_leads_unanswered{rep="Bo"}"#, &["disqualified: l3"]),
            (
                r#"crm_prospects_approached{rep="Bo",window="week"}"#,
                &["inbound: the other side began it: g", "not the prospect's first touch: j"],
            ),
            (
                r#"crm_key_activities{rep="Ana",activity="vp_meeting",window="day"}"#,
                &["its kind, direction, outcome, duration or subject is not the rule's: a", "without a date: i"],
            ),
            (r#"crm_open_deals_overdue{rep="Bo"}"#, &["not expected to have closed by now: 4"]),
            (r#"crm_deals_created{rep="Cy",window="year"}"#, &["without a creation time, so in no window: 5"]),
        ] {
            assert_eq!(left_out(frame, &asked.org, selector), expected, "{selector}");
        }
    });
}

#[test]
fn a_reason_that_is_heard_once_is_not_told_again() {
    let asked = floor();
    with_frame(&asked, |frame| {
        let selector = r#"crm_prospects_approached{rep="Bo",window="week"}"#;
        assert_eq!(left_out(frame, &asked.org, selector), left_out(frame, &asked.org, selector));
    });
}

#[test]
fn lists_are_as_long_as_is_asked_for() {
    with_frame(&floor(), |frame| {
        let selector = r#"crm_deals_won{window="quarter"}"#.parse().unwrap();
        let explanation = explain(frame, NOTHING_COUNTED, &selector, 2).unwrap();
        let records = explanation.parts[0].records.as_ref().unwrap();
        assert_eq!((records.count(), records.lines().len()), (6, 2));
        assert_eq!(explanation.parts[0].value, Some(6.0));
    });
}

#[test]
fn labels_left_open_are_explained_together() {
    with_frame(&floor(), |frame| {
        let explanation = explained(frame, r#"crm_deals_won{window="quarter",team="East"}"#);
        assert_eq!(explanation.value, explanation.recomputed());
        let explanation = explained(frame, r#"crm_open_deals_value{team="East"}"#);
        assert_eq!((explanation.value, explanation.parts[0].value), (Some(7.0), Some(7.0)));
        // Of a goal's figure the labels are added that only one series has.
        let explanation = explained(frame, r#"crm_goal_target{goal="calls",rep="Ana"}"#);
        assert_eq!(
            explanation.series.to_string(),
            r#"crm_goal_target{goal="calls",scope="rep",team="East",rep="Ana",window="week"}"#
        );
    });
}

#[test]
fn a_target_tells_every_step_of_its_making() {
    with_frame(&floor(), |frame| {
        let explanation = explained(frame, r#"crm_goal_target{goal="value",rep="Bo"}"#);
        let steps: Vec<String> = explanation.parts[0].steps.iter().map(|(what, is)| format!("{what}: {is}")).collect();
        assert_eq!(
            steps,
            [
                "period: 2026-01-01T00:00:00Z to 2026-03-31T23:59:59.999Z",
                "targets in force: target of goals.value",
                "set: 90",
                "by: the CRM's quota, taken as it is",
            ]
        );
    });
}

#[test]
fn an_absent_ratio_says_what_is_missing() {
    with_frame(&floor(), |frame| {
        let explanation = explained(frame, r#"crm_win_ratio{rep="Cy",window="quarter"}"#);
        assert_eq!(explanation.value, None);
        assert_eq!(explanation.remark.as_deref(), Some("denominator is 0: there is nothing to divide by"));
        assert!(explanation.parts.iter().any(|part| part.role == Role::By));
    });
    let mut asked = floor();
    asked.org.deliver_in_part(Object::Deal);
    with_frame(&asked, |frame| {
        let explanation = explained(frame, r#"crm_win_ratio{rep="Ana",window="quarter"}"#);
        assert_eq!(explanation.remark.as_deref(), Some("deals have not been loaded completely yet"));
    });
}

#[test]
fn what_the_exporter_counts_says_what_it_is() {
    let families =
        [Counted { name: "crm_exporter_polls_total", kind: "counter", help: "Polls.", labels: &["source", "result"] }];
    with_frame(&floor(), |frame| {
        let explain = |text, selector: &str| {
            explain(frame, Counters { families: &families, text }, &selector.parse().unwrap(), 1)
        };
        let polls = "crm_exporter_polls_total{source=\"crm\",result=\"ok\"} 3\n";
        let explanation = explain(Some(polls), "crm_exporter_polls_total{result='ok'}").unwrap();
        assert_eq!(explanation.value, Some(3.0));
        assert_eq!(explanation.series.to_string(), r#"crm_exporter_polls_total{source="crm",result="ok"}"#);
        let explanation = explain(None, "crm_exporter_polls_total").unwrap();
        assert_eq!(explanation.remark.as_deref(), Some("only a running exporter has it: ask it with --url"));
        let error = explain(Some(polls), "crm_exporter_polls_total{rep='Ana'}").unwrap_err();
        assert_eq!(error.to_string(), "crm_exporter_polls_total has no label `rep`; its labels are source, result");
    });
}

#[test]
fn what_cannot_be_explained_says_why() {
    with_frame(&floor(), |frame| {
        for (selector, message) in [
            ("crm_win_rato", "there is no metric `crm_win_rato`; `crm_exporter metrics` lists them"),
            (
                "crm_win_ratio{rep='Ana'}",
                "crm_win_ratio needs a value for window: one of quarter, year, 90d, 365d, previous_quarter",
            ),
            (
                "crm_win_ratio{rep='Dan',team='West',window='year'}",
                "no series of crm_win_ratio has rep=\"Dan\"; there is Cy",
            ),
            (
                "crm_open_deals{window='day'}",
                "crm_open_deals has no label `window`; its labels are team, rep, pipeline, stage",
            ),
            (
                "crm_goal_info",
                "crm_goal_info needs a value for goal: one of calls, cycle, overdue, per_contact, reached, value, win_rate",
            ),
            (
                "crm_goal_target{goal='none'}",
                "there is no series crm_goal_target{goal=\"none\",scope=\"org\",team=\"\",rep=\"\"}: no series of the metric has these labels",
            ),
        ] {
            let error = explain(frame, NOTHING_COUNTED, &selector.parse().unwrap(), 9).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    });
}
