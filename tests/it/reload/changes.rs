//! Every kind of change, one after the other, while somebody scrapes.

use chrono::{Datelike as _, Days, Months, NaiveDate, Utc};

use super::floor::{ACTIVITIES, CALENDAR, Floor, Settings, holiday};
use super::scraper::Scraper;
use crate::daemon::until;

/// What changes, and whether any day's figures show it.
struct Change {
    what: &'static str,
    settings: Settings,
    is_seen: bool,
}

/// Changes that need no source to be asked.
fn changes(base: &Settings) -> Vec<Change> {
    let seen = |what, section, text: &str| Change { what, settings: base.with(section, text), is_seen: true };
    let perhaps = |what, section, text: &str| Change { what, settings: base.with(section, text), is_seen: false };
    let calendar = |more: &str| CALENDAR.replacen('{', &format!("{{{more}, "), 1);
    let holidays: Vec<String> = present_month().map(|date| date.to_string()).collect();
    let goal = "{calls: {measure: 'crm_activities{kind=\"call\"}', window: week, target: {default: 20}}}";
    let scorecard = "{all: {weights: {calls: 1}}}";
    let levels = "levels: {c_level: [chief], vp: [], buyer: [purchas, manager]}";
    vec![
        seen("new holidays", "calendar", &calendar(&format!("holidays: [{}]", holidays.join(", ")))),
        seen("fiscal year", "calendar", &calendar("fiscal_year_starts_in: december")),
        perhaps("first day of the week", "calendar", &calendar("week_starts_on: sunday")),
        perhaps("team calendar", "calendar", &calendar("teams: {EMEA: {time_zone: Europe/London}}")),
        perhaps("absence", "calendar", &calendar("absences: {ava.lindqvist@brightwater.example: [2026-11-02]}")),
        seen("currency rate", "currency", "{reporting: USD, rates: {GBP: 1.5}}"),
        seen("reps by list", "people", "{reps: {list: [ava.lindqvist@brightwater.example]}}"),
        seen("reps by role", "people", "{reps: {roles: [senior_ae]}}"),
        seen("display", "people", "{display: first_name}"),
        seen("aliases", "people", "{display: alias, aliases: {ava.lindqvist@brightwater.example: Ace}}"),
        seen("hidden", "people", "{hidden: [ava.lindqvist@brightwater.example]}"),
        seen("role", "people", "{roles: {ava.lindqvist@brightwater.example: founder}}"),
        perhaps("start date", "people", "{start_dates: {ava.lindqvist@brightwater.example: 2026-09-01}}"),
        seen("e-mail addresses", "people", "{show_email: true}"),
        seen(
            "identities",
            "people",
            "{identities: {ava.lindqvist@brightwater.example: [bram.okoye@brightwater.example]}}",
        ),
        seen("team manager", "people", "{teams: {EMEA: {manager: lee@example.com, chat_channel: '#emea'}}}"),
        seen("key activity", "activities", &ACTIVITIES.replace("min_duration: 2m", "min_duration: 30m")),
        seen("name of a key activity", "activities", &ACTIVITIES.replace("live_conversation", "talk")),
        seen("kind", "activities", &ACTIVITIES.replacen('{', "{kinds: {email: letter}, ", 1)),
        seen("status", "activities", &ACTIVITIES.replacen('{', "{statuses: {no_show: cancelled}, ", 1)),
        perhaps("direction", "activities", &ACTIVITIES.replacen('{', "{directions: {inbound: outbound}, ", 1)),
        seen("outcome", "activities", &ACTIVITIES.replacen('{', "{outcomes: {connected: talked}, ", 1)),
        seen(
            "levels",
            "activities",
            &ACTIVITIES.replacen('{', &format!("{{{levels}, "), 1).replace(", vp]", ", buyer]"),
        ),
        seen("ratio pipelines", "deals", "{ratio_pipelines: [Renewals]}"),
        seen("stalled", "deals", "{stalled_multiple: 0.01}"),
        perhaps("zero amounts", "deals", "{zero_is_missing: true}"),
        perhaps("logged late", "data_quality", "{logged_late_after: 0s}"),
        perhaps("short calls", "data_quality", "{call_too_short_below: 1h}"),
        seen("windows", "metrics", "{windows: {activities: [day, 14d]}}"),
        seen("disabled", "metrics", "{disable: [crm_stage_lost_value]}"),
        seen("free text", "limits", "{label_values: 1}"),
        seen("costs", "costs", "{EMEA: [{from: 2026-01-01, monthly: 1000}]}"),
        seen("goal", "goals", goal),
        Change { what: "scorecard", settings: base.with("goals", goal).with("scorecards", scorecard), is_seen: true },
        perhaps("refresh interval", "refresh_interval", "30m"),
        Change { what: "interval", settings: base.with_source("interval: 1h", "interval: 2h"), is_seen: false },
        Change { what: "nothing", settings: base.clone(), is_seen: false },
    ]
}

/// The days of the month that has begun in the business zone.
fn present_month() -> impl Iterator<Item = NaiveDate> {
    let today = Utc::now().with_timezone(&chrono_tz::America::New_York).date_naive();
    // At the turn of a month the zone of whoever counts may be ahead.
    let first = today.with_day(1).unwrap();
    first.iter_days().take(40)
}

/// Puts a deal on the floor that was won in the first instant of the last month: as soon as the present month has any
/// working time behind it, `previous_month_to_date` has it.
fn with_a_deal_of_last_month(floor: &Floor) {
    let month = present_month().next().unwrap() - Months::new(1);
    let path = floor.path("floor/deals.csv");
    let deals = std::fs::read_to_string(path).unwrap();
    let heading: Vec<&str> = deals.lines().next().unwrap().split(',').collect();
    let cell = |name: &&str| match *name {
        "deal_id" => "d900".to_owned(),
        "owner" => "u01".to_owned(),
        "stage" => "Won".to_owned(),
        "amount" => "1000".to_owned(),
        "created_at" | "close_date" => month.to_string(),
        _ => String::new(),
    };
    let row: Vec<String> = heading.iter().map(cell).collect();
    floor.put("floor/deals.csv", &format!("{deals}{}\n", row.join(",")));
}

#[test]
fn changes_that_need_no_poll_are_what_a_fresh_start_says() {
    let floor = Floor::start();
    with_a_deal_of_last_month(&floor);
    // A source that is asked otherwise is polled: here only so that it sees the deal.
    let base = floor.base.with_source("interval: 1h", "interval: 1h, settle: 1s");
    floor.reload(&base);
    until("the second poll", || (floor.polls("floor") == Some(2.0)).then_some(()));
    until("the deal", || floor.difference().is_none().then_some(()));

    let now = Utc::now();
    let before = floor.fresh(now);
    let scraper = Scraper::start(&floor.daemon, 10.0);
    for change in changes(&base) {
        floor.reload(&change.settings);
        assert_eq!(floor.difference(), None, "{}", change.what);
        assert!(!change.is_seen || floor.fresh(now) != before, "{} changes nothing", change.what);
        assert_eq!(floor.polls("floor"), Some(2.0), "{}", change.what);
        assert_eq!(floor.own("config_last_reload_successful", &[]), Some(1.0));
        let interval = if change.what == "interval" { 7200.0 } else { 3600.0 };
        assert_eq!(floor.own("source_interval_seconds", &[("source", "floor")]), Some(interval), "{}", change.what);
    }
    // The same settings, but a file that they name has changed.
    let first = present_month().next().unwrap();
    floor.put("days.ics", &holiday(first, first + Days::new(40)));
    floor.reload(&base);
    assert_eq!(floor.difference(), None);
    assert_ne!(floor.fresh(now), before);
    assert_eq!(floor.polls("floor"), Some(2.0));
    scraper.stop();
}

#[test]
fn a_limit_leaves_families_out_and_lets_them_in_again() {
    let floor = Floor::start();
    let all = floor.own("series", &[]).unwrap();
    floor.reload(&floor.base.with("limits", &format!("{{max_series: {}}}", all as usize - 1)));
    assert_eq!(floor.difference(), None);
    assert!(floor.own("series", &[]).unwrap() < all);
    floor.reload(&floor.base);
    assert_eq!(floor.difference(), None);
    assert_eq!(floor.own("series", &[]), Some(all));
}

#[test]
fn a_source_that_is_asked_otherwise_is_asked_anew_and_no_other() {
    let floor = Floor::start();
    let mut base = floor.base.clone();
    std::fs::create_dir(floor.path("west")).unwrap();
    std::fs::create_dir(floor.path("half")).unwrap();
    floor.put("west/users.csv", "id,team\nw1,West\n");
    for file in ["users", "accounts", "contacts", "leads", "deals", "stage_changes", "activities"] {
        let text = std::fs::read_to_string(floor.path(&format!("floor/{file}.csv"))).unwrap();
        let lines = text.lines().count();
        let half: String = text.lines().take(lines - lines / 4).map(|line| format!("{line}\n")).collect();
        floor.put(&format!("half/{file}.csv"), &half);
    }
    let objects = "      users: {file: users.csv, columns: {id: id, team: team}}\n";
    base.sources.push(("west".into(), "directory: west, interval: 1h".into(), objects.into()));
    floor.reload(&base);
    until("the other source", || (floor.polls("west") == Some(1.0)).then_some(()));
    until("its figures", || floor.difference().is_none().then_some(()));

    let scraper = Scraper::start(&floor.daemon, 10.0);
    let mut polls = floor.polls("floor").unwrap();
    for (what, settings, west) in [
        ("column", base.with_source("amount: amount", "amount: {column: amount, scale: 3}"), 1.0),
        ("words", base.with_source("kind: type", "kind: {column: type, map: {call: email}}"), 1.0),
        ("stages", base.with_source("Negotiation: open", "Negotiation: lost"), 1.0),
        ("pipeline", base.with_source("pipeline: New business", "pipeline: Renewals"), 1.0),
        ("history", base.with_source("interval: 1h", "interval: 1h, history: 30d"), 1.0),
        ("directory", base.with_source("directory: floor", "directory: half"), 1.0),
        ("zone", base.with("calendar", &CALENDAR.replace("America/New_York", "Asia/Tokyo")), 2.0),
        ("currency", base.with("currency", "{reporting: EUR, rates: {GBP: 1.2, USD: 0.9}}"), 3.0),
    ] {
        floor.reload(&settings);
        polls += 1.0;
        until(what, || (floor.polls("floor") == Some(polls)).then_some(()));
        until(what, || floor.difference().is_none().then_some(()));
        until(what, || (floor.polls("west") == Some(west)).then_some(()));
    }
    scraper.stop();
}
