//! Every figure that can be explained equals what its records add up to.

use super::{NotExplained, explain};
use crate::domain::{Activity, Contact};
use crate::facts::View;
use crate::facts::testing::when;
use crate::metrics::tests::Asked;
use crate::metrics::tests::deals::{deal, org};
use crate::metrics::{Frame, Options, Shape, find};
use crate::setting::Selector;
use crate::settings::Settings;

const NOW: &str = "2026-03-18T12:00:00Z";

fn floor() -> Asked {
    let mut org = org();
    org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-18", "100.50"));
    org.put("2", deal("Ana", "Won", "2026-01-20", "2026-03-01", "50"));
    org.put("3", deal("Bo", "Lost", "2026-01-10", "2026-02-28", "70"));
    org.put("4", deal("Bo", "Talk", "2026-02-10", "", "7"));
    org.put("5", deal("Cy", "New", "", "2026-01-01", ""));
    org.history("4", &[("New", "2026-02-10"), ("Talk", "2026-03-01T10:00:00Z")]);
    org.put("c", Contact::default());
    for (id, kind, owner, at) in [
        ("a", "call", "Ana", "2026-03-18T09:00:00Z"),
        ("b", "email", "Ana", "2026-03-16T09:00:00Z"),
        ("c", "call", "Bo", "2026-03-10"),
        ("d", "meeting", "Cy", "2026-03-20T09:00:00Z"),
    ] {
        let activity = Activity {
            kind: Some(kind.into()),
            owner: Some(owner.into()),
            at: when(at),
            duration_seconds: Some(90),
            contacts: Some(vec!["c".into()]),
            deals: Some(vec!["4".into()]),
            ..Default::default()
        };
        org.put(id, activity);
    }
    Asked::new(org)
}

fn options() -> Options {
    Options::new(&Settings::default().figures()).unwrap()
}

fn with_frame<T>(asked: &Asked, test: impl FnOnce(&Frame<'_>) -> T) -> T {
    let facts = asked.org.facts();
    let view = View::new(&facts, &asked.org.people(), &asked.org.coverage, NOW.parse().unwrap());
    test(&Frame::new(&view, &options()))
}

#[test]
fn records_add_up_to_every_series_that_is_exposed() {
    let asked = floor();
    let text = String::from_utf8(asked.snapshot(NOW).text).unwrap();
    let mut explained = 0;
    with_frame(&asked, |frame| {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let value: f64 = value.parse().unwrap();
            let selector: Selector = series.parse().unwrap();
            let shape = &find(&selector.name).unwrap().shape;
            let explanation = match explain(frame, &selector) {
                Ok(explanation) => explanation,
                Err(NotExplained::NoRecords(_)) => continue,
                Err(error) => panic!("{series}: {error}"),
            };
            assert_eq!(explanation.value, Some(value), "{series}");
            let total = |part: usize| explanation.parts[part].total.unwrap();
            match shape {
                Shape::Ratio(..) => assert_eq!(total(0) / total(1), value, "{series}"),
                Shape::Sum(_) | Shape::Level(_) => assert_eq!(total(0), value, "{series}"),
                _ => assert!(!explanation.parts[0].records.is_empty(), "{series}"),
            }
            explained += 1;
        }
    });
    assert!(explained > 400, "only {explained} series have been explained");
}

#[test]
fn labels_left_open_are_explained_together() {
    with_frame(&floor(), |frame| {
        let explanation = explain(frame, &r#"crm_deals_won{window="quarter"}"#.parse().unwrap()).unwrap();
        assert_eq!(explanation.value, Some(2.0));
        assert_eq!(explanation.parts[0].records.len(), 2);
        let explanation = explain(frame, &r#"crm_open_deals_value{team="East"}"#.parse().unwrap()).unwrap();
        assert_eq!((explanation.value, explanation.parts[0].total), (Some(7.0), Some(7.0)));
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
            ("crm_team_info", "the records behind crm_team_info cannot be shown yet"),
        ] {
            assert_eq!(explain(frame, &selector.parse().unwrap()).err().unwrap().to_string(), message);
        }
    });
}
