//! Deals: results.

use super::{Asked, asked};
use crate::domain::{Deal, Object, Pipeline, Stage};
use crate::facts::testing::{Org, decimal, when};

/// One pipeline `Sales` with stages New, Talk, Won, Lost; teams East (Ana, Bo) and West (Cy).
pub(crate) fn org() -> Org {
    let mut org = Org::default();
    put_sales(&mut org);
    org.user("Ana", "East").user("Bo", "East").user("Cy", "West");
    org
}

/// The pipeline `Sales`: New, Talk, Won, Lost.
pub(crate) fn put_sales(org: &mut Org) {
    org.put("Sales", Pipeline { name: Some("Sales".into()), ..Default::default() });
    for (position, (name, outcome)) in
        [("New", "open"), ("Talk", "open"), ("Won", "won"), ("Lost", "lost")].iter().enumerate()
    {
        let stage = Stage {
            pipeline: Some("Sales".into()),
            name: Some((*name).to_owned()),
            position: Some(position as i64),
            outcome: Some((*outcome).to_owned()),
            ..Default::default()
        };
        org.put(name, stage);
    }
}

/// A deal of `owner` in `stage`, created and closed then, worth so many dollars.
pub(crate) fn deal(owner: &str, stage: &str, created: &str, closed: &str, amount: &str) -> Deal<String> {
    Deal {
        owner: Some(owner.to_owned()),
        pipeline: Some("Sales".into()),
        stage: Some(stage.to_owned()),
        currency: Some("USD".into()),
        amount: if amount.is_empty() { None } else { decimal(amount) },
        created_at: if created.is_empty() { None } else { when(created) },
        closed_at: if closed.is_empty() { None } else { when(closed) },
        ..Default::default()
    }
}

const NOW: &str = "2026-03-18T12:00:00Z";

#[test]
fn results_count_in_the_window_of_their_close() {
    let mut org = org();
    org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-18", "100.50"));
    org.put("2", deal("Ana", "Won", "2026-01-10", "2026-03-01", "50"));
    org.put("3", deal("Ana", "Lost", "2026-01-10", "2026-02-28", "70"));
    org.put("4", deal("Bo", "Won", "2026-03-17", "2026-03-18T12:10:00Z", ""));
    let asked = Asked::new(org);
    let won = |rep, window| asked.value("crm_deals_won", &[("rep", rep), ("window", window)], NOW);
    assert_eq!(won("Ana", "day"), Some(1.0));
    assert_eq!(won("Ana", "month"), Some(2.0));
    assert_eq!(won("Ana", "quarter"), Some(2.0));
    assert_eq!(won("Ana", "previous_month"), Some(0.0));
    // Ten minutes ahead is a clock that differs.
    assert_eq!(won("Bo", "day"), Some(1.0));
    // Cy owns no deal at all and reads 0 all the same.
    assert_eq!(won("Cy", "year"), Some(0.0));
    let value = |rep, window| asked.value("crm_deals_won_value", &[("rep", rep), ("window", window)], NOW);
    assert_eq!(value("Ana", "month"), Some(150.5));
    assert_eq!(value("Bo", "month"), Some(0.0));
    assert_eq!(asked.value("crm_deals_lost", &[("rep", "Ana"), ("window", "previous_month")], NOW), Some(1.0));
    let size =
        |rep| asked.value("crm_deal_size_average", &[("scope", "rep"), ("rep", rep), ("window", "quarter")], NOW);
    assert_eq!(size("Ana"), Some(75.25));
    assert_eq!(size("Bo"), None, "a deal without an amount is left out of averages");
    let ratio = |labels: &[(&str, &str)]| asked.value("crm_win_ratio", labels, NOW);
    assert_eq!(ratio(&[("scope", "rep"), ("rep", "Ana"), ("window", "quarter")]), Some(2.0 / 3.0));
    assert_eq!(ratio(&[("scope", "team"), ("team", "East"), ("window", "quarter")]), Some(0.75));
    assert_eq!(ratio(&[("scope", "org"), ("window", "quarter")]), Some(0.75));
    assert_eq!(ratio(&[("scope", "team"), ("team", "West"), ("window", "quarter")]), None);
}

const QUARTER: &str = "{windows: {deals: [quarter], deals_ratios: [quarter]}}";

#[test]
fn zeros_are_over_the_pipelines_that_a_rep_owns_deals_in() {
    let mut org = org();
    org.put("Renewals", Pipeline { name: Some("Renewals".into()), ..Default::default() });
    org.put("Idle", Pipeline { name: Some("Idle".into()), ..Default::default() });
    let renewal =
        |owner| Deal { pipeline: Some("Renewals".into()), stage: None, ..deal(owner, "", "2025-01-10", "", "5") };
    org.put("1", deal("Ana", "Won", "2025-01-10", "2026-03-02", "100"));
    org.put("2", renewal("Bo"));
    org.put("3", Deal { owner: None, ..renewal("") });
    org.put("4", Deal { status: Some("lost".into()), closed_at: when("2026-03-02"), ..renewal("ghost") });
    asked(org, QUARTER).figures_and_zeros(
        NOW,
        r#"
        crm_deals_won{team="East",rep="Ana",pipeline="Sales",window="quarter"} 1
        crm_deals_won{team="East",rep="Bo",pipeline="Renewals",window="quarter"} 0
        crm_deals_won{team="West",rep="Cy",pipeline="Renewals",window="quarter"} 0
        crm_deals_won{team="West",rep="Cy",pipeline="Sales",window="quarter"} 0
        crm_deals_lost{team="East",rep="Ana",pipeline="Sales",window="quarter"} 0
        crm_deals_lost{team="East",rep="Bo",pipeline="Renewals",window="quarter"} 0
        crm_deals_lost{team="West",rep="Cy",pipeline="Renewals",window="quarter"} 0
        crm_deals_lost{team="West",rep="Cy",pipeline="Sales",window="quarter"} 0
        crm_deals_lost{team="unassigned",rep="unassigned",pipeline="Renewals",window="quarter"} 1
        crm_deals_lost_value{team="East",rep="Ana",pipeline="Sales",window="quarter"} 0
        crm_deals_lost_value{team="East",rep="Bo",pipeline="Renewals",window="quarter"} 0
        crm_deals_lost_value{team="West",rep="Cy",pipeline="Renewals",window="quarter"} 0
        crm_deals_lost_value{team="West",rep="Cy",pipeline="Sales",window="quarter"} 0
        crm_deals_lost_value{team="unassigned",rep="unassigned",pipeline="Renewals",window="quarter"} 5
        crm_deals_lost_by_reason{team="unassigned",pipeline="Renewals",reason="unknown",window="quarter"} 1
        crm_win_ratio{scope="org",team="",rep="",window="quarter"} 0.5
        crm_win_ratio{scope="team",team="East",rep="",window="quarter"} 1
        crm_win_ratio{scope="team",team="unassigned",rep="",window="quarter"} 0
        crm_win_ratio{scope="rep",team="East",rep="Ana",window="quarter"} 1
        crm_win_ratio{scope="rep",team="unassigned",rep="unassigned",window="quarter"} 0
        crm_deals_created{team="East",rep="Ana",pipeline="Sales",window="quarter"} 0
        crm_deals_created{team="East",rep="Bo",pipeline="Renewals",window="quarter"} 0
        crm_deals_created{team="West",rep="Cy",pipeline="Renewals",window="quarter"} 0
        crm_deals_created{team="West",rep="Cy",pipeline="Sales",window="quarter"} 0
        "#,
    );
}

#[test]
fn deals_are_created_whatever_became_of_them() {
    let mut org = org();
    org.put("1", deal("Ana", "Won", "2026-03-02", "2026-03-05", "10"));
    org.put("2", deal("Ana", "Lost", "2026-03-02T10:00:00Z", "2026-03-05", "20"));
    org.put("3", deal("Ana", "Talk", "2026-03-18T12:10:00Z", "", "40"));
    org.put("4", deal("Ana", "Talk", "2026-03-18T12:20:00Z", "", "80"));
    org.put("5", deal("Ana", "Talk", "", "", "160"));
    org.put("6", deal("Ana", "Talk", "2025-12-31T23:59:59.999Z", "", "320"));
    org.put_merged("7", "1", deal("Ana", "Won", "2026-03-02", "2026-03-05", "640"));
    org.put("8", deal("Ana", "Talk", "2026-03-02", "", "1280")).delete(Object::Deal, "8");
    asked(org, QUARTER).figures(
        NOW,
        r#"
        crm_deals_created{team="East",rep="Ana",pipeline="Sales",window="quarter"} 3
        crm_deals_created_value{team="East",rep="Ana",pipeline="Sales",window="quarter"} 70
        "#,
    );
}

#[test]
fn a_deal_is_closed_at_its_close_date_else_at_the_change_to_closed() {
    let closed = |closed: &str| deal("Ana", "Won", "2026-01-05", closed, "10");
    let changed = |close: &str, at: &str| Deal { status_changed_at: when(at), ..closed(close) };
    let history: &[_] = &[("New", "2026-01-05"), ("Won", "2026-03-04T10:00:00Z")];
    let again: &[_] = &[("Lost", "2026-02-05"), ("Talk", "2026-02-10"), ("Won", "2026-03-17T22:00:00Z")];
    for (record, history, windows) in [
        // New York is five hours behind: midnight of the first of March is 05:00 in UTC.
        (closed("2026-03-01"), &[][..], &["month"][..]),
        (closed("2026-03-01T04:59:59Z"), &[], &["previous_month"]),
        (closed("2026-03-01T05:00:00Z"), &[], &["month"]),
        // From the eighth of March on it is four.
        (closed("2026-03-18T03:59:59Z"), &[], &["month"]),
        (closed("2026-03-18T04:00:00Z"), &[], &["month", "day"]),
        (closed("2026-03-18"), &[], &["month", "day"]),
        // Clocks differ.
        (closed("2026-03-18T12:15:00Z"), &[], &["month", "day"]),
        // No close date.
        (closed(""), &[], &[]),
        (changed("", "2026-02-04T10:00:00Z"), &[], &["previous_month"]),
        (closed(""), history, &["month"]),
        (closed(""), again, &["month"]),
        // The close date wins over the change.
        (changed("2026-02-02", "2026-03-04T10:00:00Z"), history, &["previous_month"]),
        // A close date to come does not.
        (changed("2026-12-31", "2026-02-04T10:00:00Z"), &[], &["previous_month"]),
        (closed("2026-12-31"), history, &["month"]),
        (closed("2026-03-18T12:15:01Z"), &[], &["month", "day"]),
    ] {
        let mut org = Org { calendar: "{time_zone: America/New_York}", ..org() };
        org.put("1", record.clone()).history("1", history);
        let asked = asked(org, "{windows: {deals: [day, month, previous_month]}}");
        for window in ["day", "month", "previous_month"] {
            let won = asked.value("crm_deals_won", &[("rep", "Ana"), ("window", window)], NOW);
            assert_eq!(won, Some(f64::from(u8::from(windows.contains(&window)))), "{record:?} in {window}");
        }
    }
}

#[test]
fn ratios_pool_the_pipelines_of_the_settings() {
    let mut org = Org { deals: "{ratio_pipelines: [Sales]}", ..org() };
    org.put("Renewals", Pipeline { name: Some("Renewals".into()), ..Default::default() });
    let renewal = |id: &str, status: &str| {
        let record = deal("Ana", "", "2026-01-10", "2026-02-10", "1000");
        let pipeline = Some("Renewals".into());
        (id.to_owned(), Deal { pipeline, stage: None, status: Some(status.into()), ..record })
    };
    org.put("1", deal("Ana", "Won", "2026-02-01", "2026-02-11", "100"));
    org.put("2", deal("Ana", "Won", "2026-01-12", "2026-02-11", "300"));
    org.put("3", deal("Ana", "Lost", "2026-01-12", "2026-02-11", "500"));
    org.put("4", deal("Ana", "Lost", "2026-01-12", "2026-02-11", ""));
    org.put("5", deal("Ana", "New", "2026-01-12", "", "7"));
    org.put("6", deal("Ana", "Talk", "2026-01-12", "", "7"));
    org.put("7", deal("Ana", "Talk", "", "", "7"));
    org.put("8", deal("Bo", "Lost", "2026-01-12", "2026-02-11", "100"));
    org.put("9", deal("Bo", "New", "2026-01-12", "", "7"));
    for (id, record) in [renewal("10", "won"), renewal("11", "open")] {
        org.put(&id, record);
    }
    // Ana: 3 open x 2/4 x 200 a deal / 20 days. The org: 4 open x 2/5 x 200 / 20.
    asked(org, QUARTER).figures(
        NOW,
        r#"
        crm_win_ratio{scope="org",team="",rep="",window="quarter"} 0.4
        crm_win_ratio{scope="team",team="East",rep="",window="quarter"} 0.4
        crm_win_ratio{scope="rep",team="East",rep="Ana",window="quarter"} 0.5
        crm_win_value_ratio{scope="org",team="",rep="",window="quarter"} 0.4
        crm_win_value_ratio{scope="team",team="East",rep="",window="quarter"} 0.4
        crm_win_value_ratio{scope="rep",team="East",rep="Ana",window="quarter"} 0.4444444444444444
        crm_deal_size_average{scope="org",team="",rep="",window="quarter"} 200
        crm_deal_size_average{scope="team",team="East",rep="",window="quarter"} 200
        crm_deal_size_average{scope="rep",team="East",rep="Ana",window="quarter"} 200
        crm_sales_velocity_value_per_day{scope="org",team="",rep="",window="quarter"} 16
        crm_sales_velocity_value_per_day{scope="team",team="East",rep="",window="quarter"} 16
        crm_sales_velocity_value_per_day{scope="rep",team="East",rep="Ana",window="quarter"} 15
        "#,
    );
}

#[test]
fn cycles_have_quantiles_of_org_and_team_and_the_median_of_reps() {
    let mut org = org();
    for (id, closed) in [("1", "2026-02-02"), ("2", "2026-02-03"), ("3", "2026-02-05"), ("4", "2026-02-09")] {
        org.put(id, deal("Ana", "Won", "2026-02-01", closed, ""));
    }
    org.put("5", deal("Ana", "Lost", "2026-01-01", "2026-02-09", ""));
    // Days 1, 2, 4, 8: mean 3.75, median 3, rank 2.7 of the 90th percentile is 4 + 0.7 x 4 = 6.8.
    asked(org, QUARTER).figures(
        NOW,
        r#"
        crm_sales_cycle_seconds{scope="org",team="",rep="",window="quarter",stat="mean"} 324000
        crm_sales_cycle_seconds{scope="org",team="",rep="",window="quarter",stat="p50"} 259200
        crm_sales_cycle_seconds{scope="org",team="",rep="",window="quarter",stat="p90"} 587520
        crm_sales_cycle_seconds{scope="team",team="East",rep="",window="quarter",stat="mean"} 324000
        crm_sales_cycle_seconds{scope="team",team="East",rep="",window="quarter",stat="p50"} 259200
        crm_sales_cycle_seconds{scope="team",team="East",rep="",window="quarter",stat="p90"} 587520
        crm_sales_cycle_seconds{scope="rep",team="East",rep="Ana",window="quarter",stat="mean"} 324000
        crm_sales_cycle_seconds{scope="rep",team="East",rep="Ana",window="quarter",stat="p50"} 259200
        "#,
    );
}

#[test]
fn deals_closed_before_they_were_created_have_no_cycle() {
    for (created, closed, cycle) in [
        ("2026-03-01T17:00:00Z", "2026-03-03", Some(129_600.0)),
        // By dates: the same local date is no time at all, an earlier one is left out.
        ("2026-03-01T17:00:00Z", "2026-03-01", Some(0.0)),
        ("2026-03-02T17:00:00Z", "2026-03-01", None),
        ("2026-03-02T04:59:59Z", "2026-03-01", Some(0.0)),
        ("2026-03-02T05:00:00Z", "2026-03-01", None),
        // By instants.
        ("2026-03-01T17:00:00Z", "2026-03-01T16:59:59Z", None),
        ("2026-03-01T17:00:00Z", "2026-03-01T17:00:00Z", Some(0.0)),
        ("2026-03-01", "2026-03-01T06:00:00Z", Some(3600.0)),
        // Both are now.
        ("2026-03-18T12:10:00Z", "2026-03-18T12:05:00Z", Some(0.0)),
        ("", "2026-03-01", None),
        // Closed now, since the date is to come.
        ("2026-03-17T12:00:00Z", "2026-04-01", Some(86_400.0)),
    ] {
        let mut org = Org { calendar: "{time_zone: America/New_York}", ..org() };
        org.put("1", deal("Ana", "Won", created, closed, ""));
        let labels = [("scope", "rep"), ("stat", "mean")];
        let found = asked(org, QUARTER).value("crm_sales_cycle_seconds", &labels, NOW);
        assert_eq!(found, cycle, "{created} to {closed}");
    }
}

#[test]
fn costs_of_a_team_are_held_against_what_it_won() {
    let mut org = org();
    org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-02", "1000"));
    org.put("2", deal("ghost", "Won", "2026-01-10", "2026-03-02", "1500"));
    org.put("3", deal("Ana", "Won", "2026-01-10", "2026-02-02", "700"));
    let asked = Asked {
        costs: "{East: [{from: 2026-01-01, monthly: 3100}], West: [{from: 2026-03-09, monthly: 930}],
                 Gone: [{from: 2026-02-15, monthly: 1400}]}",
        ..asked(org, "{windows: {deals_ratios: [month, previous_month]}}")
    };
    // March to noon of the 18th: East 17.5 days at 100, West 9.5 days at 30, Gone 17.5/31 of 1400.
    // February: East a whole month, Gone half of one. West won nothing.
    let org = (1750.0 + 285.0 + 1400.0 * 17.5 / 31.0) / 2500.0;
    asked.figures(
        NOW,
        &format!(
            r#"
            crm_cost_of_sales_ratio{{scope="org",team="",window="month"}} {org}
            crm_cost_of_sales_ratio{{scope="org",team="",window="previous_month"}} {}
            crm_cost_of_sales_ratio{{scope="team",team="East",window="month"}} 1.75
            crm_cost_of_sales_ratio{{scope="team",team="East",window="previous_month"}} {}
            "#,
            (3100.0 + 700.0) / 700.0,
            3100.0 / 700.0
        ),
    );
}

#[test]
fn rare_reasons_are_other_and_none_is_unknown() {
    let mut org = org();
    let mut id = 0;
    let mut lose = |owner: &str, closed: &str, reason: &str, times: usize| {
        for _ in 0..times {
            id += 1;
            let record = deal(owner, "Lost", "2025-01-01", closed, "");
            org.put(&id.to_string(), Deal { lost_reason: Some(reason.into()), ..record });
        }
    };
    lose("Ana", "2026-02-01", " price ", 2);
    lose("Cy", "2026-01-01", "price", 1);
    // Two each, of which the first in code point order is shown.
    lose("Ana", "2026-02-01", "timing", 2);
    lose("Ana", "2025-04-01", "fit", 1);
    lose("Ana", "2026-02-01", "fit", 1);
    lose("Cy", "2026-02-01", "rare", 1);
    lose("Ana", "2026-02-01", " ", 1);
    // More than 365 days ago: not counted in the order.
    lose("Ana", "2025-03-01", "rare", 5);
    let asked = Asked { limits: "{label_values: 2}", ..asked(org, "{windows: {deals: [year, previous_year]}}") };
    asked.figures_and_zeros(
        NOW,
        r#"
        crm_deals_lost_by_reason{team="East",pipeline="Sales",reason="fit",window="previous_year"} 1
        crm_deals_lost_by_reason{team="East",pipeline="Sales",reason="fit",window="year"} 1
        crm_deals_lost_by_reason{team="East",pipeline="Sales",reason="other",window="previous_year"} 5
        crm_deals_lost_by_reason{team="East",pipeline="Sales",reason="other",window="year"} 2
        crm_deals_lost_by_reason{team="East",pipeline="Sales",reason="price",window="year"} 2
        crm_deals_lost_by_reason{team="East",pipeline="Sales",reason="unknown",window="year"} 1
        crm_deals_lost_by_reason{team="West",pipeline="Sales",reason="other",window="year"} 1
        crm_deals_lost_by_reason{team="West",pipeline="Sales",reason="price",window="year"} 1
        "#,
    );
}
