//! Which series a backfill has, and what they are labelled with.

use super::*;
use crate::metrics::tests::{Asked, asked, deals};

const NOW: &str = "2026-03-18T12:00:00Z";
const PAST: &str = "2026-03-10T12:00:00Z";

/// Ana has won two of three deals, Cy none of one; both have a goal.
fn floor() -> Asked {
    let mut org = deals::org();
    org.put("1", deals::deal("Ana", "Won", "2026-01-10", "2026-03-02", "100"));
    org.put("2", deals::deal("Ana", "Won", "2026-01-10", "2026-03-12", "50"));
    org.put("3", deals::deal("Ana", "Lost", "2026-01-10", "2026-03-03", "70"));
    org.put("4", deals::deal("Cy", "Lost", "2026-01-10", "2026-03-04", "70"));
    org.coverage.polled_at = Some(NOW.parse().unwrap());
    let mut asked = asked(org, "{windows: {deals: [month], deals_ratios: [quarter]}, disable: [crm_deals_lost]}");
    asked.goals = "{wins: {measure: crm_deals_won, window: month, target: {default: 4}}}";
    asked
}

/// The samples of some series at [`PAST`] and a day later.
fn recorded(metrics: &[&str], labels: &[(&str, &str)]) -> Vec<String> {
    let asked = floor();
    let (facts, people, options) = (asked.org.facts(), asked.org.people(), asked.options());
    let metrics: Vec<String> = metrics.iter().map(|text| (*text).to_owned()).collect();
    let labels: Vec<_> = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let backfill = Backfill::new(Choice::new(&metrics, &options).unwrap(), &labels).unwrap();
    let past = Past { facts: &facts, people: &people, options: &options, coverage: &asked.org.coverage };
    let first: Timestamp = PAST.parse().unwrap();
    let mut text = Vec::new();
    backfill.record(past, [first, first.plus_millis(86_400_000)]).write(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn selectors_choose_among_the_series_of_a_metric() {
    let ratio =
        |scope: &str, value: &str, at: &str| format!("crm_win_ratio{{{scope},window=\"quarter\"}} {value} {at}");
    let [cy, org] = [r#"scope="rep",team="West",rep="Cy""#, r#"scope="org",team="",rep="""#];
    assert_eq!(
        recorded(&[r#"crm_win_ratio{rep="Cy"}"#, r#"crm_win_ratio{scope="org"}"#], &[]),
        [
            ratio(org, "0.3333333333333333", "1773144000"),
            ratio(org, "0.3333333333333333", "1773230400"),
            ratio(cy, "0", "1773144000"),
            ratio(cy, "0", "1773230400"),
        ]
    );
}

#[test]
fn series_get_the_labels_of_those_that_are_scraped() {
    let labels = [("job", "crm"), ("instance", "sales:10094")];
    let tail = r#"job="crm",instance="sales:10094"}"#;
    assert_eq!(
        recorded(&[r#"crm_deals_won{rep="Ana"}"#, "crm_reporting_currency_info"], &labels)[..3],
        [
            format!(r#"crm_deals_won{{team="East",rep="Ana",pipeline="Sales",window="month",{tail} 1 1773144000"#),
            format!(r#"crm_deals_won{{team="East",rep="Ana",pipeline="Sales",window="month",{tail} 1 1773230400"#),
            format!(r#"crm_reporting_currency_info{{currency="USD",{tail} 1 1773144000"#),
        ]
    );
}

#[test]
fn by_default_there_are_goals_scopes_and_what_describes_them() {
    let lines = recorded(&["default"], &[]);
    let has = |family: &str, label: &str| {
        lines.iter().any(|line| line.split('{').next() == Some(family) && line.contains(label))
    };
    for family in ["crm_goal_actual", "crm_pacing_ratio"] {
        assert!(
            has(family, r#"scope="org""#) && has(family, r#"scope="team""#) && has(family, r#"rep="Ana""#),
            "{family}"
        );
    }
    for family in ["crm_goal_target", "crm_goal_attainment_ratio", "crm_win_ratio", "crm_sales_cycle_seconds"] {
        assert!(has(family, r#"scope="org""#) && has(family, r#"scope="team""#), "{family}");
        assert!(!has(family, r#"scope="rep""#), "{family}");
    }
    for family in ["crm_goal_info", "crm_team_info", "crm_period_info", "crm_reporting_currency_info"] {
        assert!(has(family, ""), "{family}");
    }
    for family in ["crm_deals_won", "crm_open_deals", "crm_rep_info", "crm_goal_streak_periods", "crm_recent_win_value"]
    {
        assert!(!has(family, ""), "{family}");
    }
}

#[test]
fn those_that_single_reps_have_by_default_are_in_the_catalogue() {
    for name in choice::BY_REP {
        assert!(crate::metrics::find(name).unwrap().labels().contains(&"scope"), "{name}");
    }
}

#[test]
fn what_cannot_be_is_told() {
    let options = floor().options();
    for (text, problem) in [
        ("crm_deals_wonn", "there is no metric `crm_deals_wonn`; did you mean `crm_deals_won`?"),
        ("crm_deals_won{stage=\"New\"}", "crm_deals_won has no label `stage`; known here: team, rep, pipeline, window"),
        ("crm_deals_lost", "crm_deals_lost is not exposed: take it out of metrics.disable, or leave it out here"),
        ("crm_activities_scheduled", "crm_activities_scheduled says nothing of the past: leave it out"),
        ("crm_deals_won > 1", "is no selector"),
    ] {
        let said = Choice::new(&[text.to_owned()], &options).err().unwrap().to_string();
        assert!(said.contains(problem), "{said}");
    }
    let given = |labels: &[(&str, &str)]| {
        let labels: Vec<_> = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Backfill::new(Choice::new(&["crm_win_ratio".to_owned()], &options).unwrap(), &labels).err()
    };
    assert_eq!(given(&[("job", "a"), ("_x1", "b")]), None);
    assert_eq!(given(&[("job", "a"), ("job", "b")]), Some(LabelError::Twice("job".into())));
    assert_eq!(given(&[("team", "a")]), Some(LabelError::Taken { label: "team".into(), metric: "crm_win_ratio" }));
    for name in ["", "1a", "a-b", "__name__", "größe"] {
        assert_eq!(given(&[(name, "a")]), Some(LabelError::NoName(name.into())), "{name}");
    }
}
