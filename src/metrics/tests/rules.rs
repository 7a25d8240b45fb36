//! Rules that hold for many metrics: windows, what is absent, and limits.

use super::activities::activity;
use super::deals::{deal, org};
use super::{Asked, asked};
use crate::domain::Object;
use crate::facts::testing::Org;
use crate::metrics::catalogue;

const NOW: &str = "2026-03-18T12:00:00Z";

#[test]
fn families_wait_for_what_they_are_made_of() {
    let families = |org: Org| {
        let text = String::from_utf8(Asked::new(org).snapshot(NOW).text).unwrap();
        let names = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" gauge"));
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let full = || {
        let mut org = org();
        org.activities = "{key: {talk: {kind: call}}}";
        org.deliver(Object::Activity).deliver(Object::Contact).deliver(Object::Deal).deliver(Object::StageChange);
        org.put("1", deal("Ana", "New", "2026-01-10", "", ""));
        org
    };
    let has = |org: Org, name: &str| families(org).iter().any(|family| family == name);
    // What is known, what is delivered in part only, and what is absent for that.
    for (missing, absent, present) in [
        (
            Object::Activity,
            &["crm_activities", "crm_contacts_touched", "crm_open_deals_without_next_step"][..],
            &["crm_deals_won"][..],
        ),
        (
            Object::Contact,
            &["crm_contacts_touched", "crm_follow_ups", "crm_open_deals_single_threaded"],
            &["crm_activities"],
        ),
        (Object::Lead, &["crm_contacts_touched", "crm_key_activities"], &["crm_activities"]),
        (
            Object::Deal,
            &["crm_deals_won", "crm_open_deals", "crm_stage_entered", "crm_open_deals_without_next_step"],
            &["crm_activities"],
        ),
        (Object::StageChange, &["crm_deals_won", "crm_stage_entered"], &["crm_activities"]),
        (Object::Stage, &["crm_deals_won", "crm_key_activities"], &["crm_activities", "crm_team_info"]),
        (
            Object::CurrencyRate,
            &["crm_deals_created_value", "crm_open_deals_value"],
            &["crm_deals_created", "crm_activities"],
        ),
        (Object::User, &["crm_activities", "crm_deals_won", "crm_rep_info"], &["crm_reporting_currency_info"]),
    ] {
        for name in absent.iter().chain(present) {
            assert!(missing == Object::Lead || has(full(), name), "{name} with all");
            let mut org = full();
            org.deliver_in_part(missing);
            assert_eq!(has(org, name), present.contains(name), "{name} with {missing} in part");
        }
    }
    // Touches need contacts or leads; either will do.
    let mut org = org();
    org.deliver(Object::Activity).deliver(Object::Lead);
    assert!(has(org, "crm_contacts_touched"));
    let mut org = super::deals::org();
    org.deliver(Object::Activity);
    assert!(!has(org, "crm_contacts_touched"));
}

#[test]
fn windows_follow_the_zone_the_week_and_the_fiscal_year() {
    let calendar = "{time_zone: America/New_York, week_starts_on: sunday, fiscal_year_starts_in: february}";
    // New York went to summer time on the eighth of March: that day began at 05:00 in UTC and ended at 04:00.
    for (at, windows) in [
        ("2026-03-18T04:00:00Z", &["day", "week", "month", "quarter", "year", "11d", "12d"][..]),
        ("2026-03-18T03:59:59Z", &["week", "month", "quarter", "year", "11d", "12d"]),
        ("2026-03-15T04:00:00Z", &["week", "month", "quarter", "year", "11d", "12d"]),
        ("2026-03-15T03:59:59Z", &["previous_week", "month", "quarter", "year", "11d", "12d"]),
        ("2026-03-08T05:00:00Z", &["previous_week", "month", "quarter", "year", "11d", "12d"]),
        ("2026-03-08T04:59:59Z", &["month", "quarter", "year", "12d"]),
        ("2026-03-07T04:59:59Z", &["month", "quarter", "year"]),
        ("2026-03-01T04:59:59Z", &["previous_month", "quarter", "year"]),
        ("2026-02-01T05:00:00Z", &["previous_month", "quarter", "year"]),
        ("2026-02-01T04:59:59Z", &["previous_quarter", "previous_year"]),
        ("2025-11-01T04:00:00Z", &["previous_quarter", "previous_year"]),
        ("2025-11-01T03:59:59Z", &["previous_year"]),
        ("2025-02-01T04:59:59Z", &[]),
    ] {
        let mut org = Org { calendar, ..org() };
        org.put("1", activity("call", "Ana", at));
        let metrics = "{windows: {activities: [day, week, previous_week, month, previous_month, quarter,
                        previous_quarter, year, previous_year, 11d, 12d]}}";
        let found = asked(org, metrics).lines("crm_activities", NOW);
        let found = found.iter().filter(|line| line.ends_with(" 1")).map(|line| line.split('"').nth(7).unwrap());
        let mut found: Vec<&str> = found.collect();
        let mut windows = windows.to_vec();
        found.sort_unstable();
        windows.sort_unstable();
        assert_eq!(found, windows, "{at}");
    }
}

#[test]
fn to_date_means_as_far_in_working_time() {
    // By noon of Wednesday the 18th, March has 12 working days and 3 of 8 hours behind it. The 12 working days of February
    // end with the 17th; three hours more is noon of Wednesday the 18th.
    for (at, inside) in [("2026-02-18T11:59:59Z", 1.0), ("2026-02-18T12:00:00Z", 0.0), ("2026-01-31T23:59:59Z", 0.0)] {
        let mut org = org();
        org.put("1", deal("Ana", "Won", "2026-01-01", at, ""));
        let asked = asked(org, "{windows: {deals: [previous_month_to_date]}}");
        assert_eq!(asked.value("crm_deals_won", &[("rep", "Ana")], NOW), Some(inside), "{at}");
    }
}

#[test]
fn whole_families_are_dropped_in_their_order() {
    let mut org = org();
    org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-01", "10"));
    let all = Asked::new(org).snapshot(NOW);
    let orders: Vec<u8> = catalogue().map(|metric| metric.drop_order).collect();
    for limit in [all.series, all.series - 1, all.series / 2, 20, 1, 0] {
        let mut org = super::deals::org();
        org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-01", "10"));
        let limits = Box::leak(format!("{{max_series: {limit}}}").into_boxed_str());
        let cut = Asked { limits, ..Asked::new(org) }.snapshot(NOW);
        let dropped: usize = cut.dropped.iter().map(|(_, series)| series).sum();
        assert!(cut.series <= limit);
        assert_eq!(cut.series + dropped, all.series, "families are dropped whole");
        assert_eq!(cut.series == all.series, limit == all.series);
        let text = String::from_utf8(cut.text).unwrap();
        assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), cut.series);
        let order = |name: &str| orders[catalogue().position(|metric| metric.name == name).unwrap()];
        let gone: Vec<u8> = cut.dropped.iter().map(|(name, _)| order(name)).collect();
        assert!(gone.is_sorted_by(|left, right| left >= right), "{gone:?}");
        let is_kept = |name: &str| text.contains(&format!("# TYPE {name} "));
        let kept = catalogue().filter(|metric| is_kept(metric.name)).map(|metric| metric.drop_order).max();
        assert!(kept <= gone.last().copied().or(kept), "{kept:?} is kept and {gone:?} dropped");
    }
}

#[test]
fn families_can_be_disabled() {
    let mut org = org();
    org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-01", "10"));
    let asked = asked(org, "{disable: [crm_deals_won, crm_win_ratio], windows: {deals: [month]}}");
    asked.figures(
        NOW,
        r#"
        crm_deals_won absent
        crm_win_ratio absent
        crm_deals_won_value{team="East",rep="Ana",pipeline="Sales",window="month"} 10
        "#,
    );
}
