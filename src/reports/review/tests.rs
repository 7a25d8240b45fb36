//! A small floor whose review is worked by hand, and what a page may hold.

use std::fmt::Write as _;

use super::{Asked, Review, Verdict, Wanted, markdown, page, review};
use crate::domain::{Activity, Deal, Lead, Object, Team, User};
use crate::facts::View;
use crate::facts::testing::{Org, when, yaml};
use crate::metrics::tests::activities::activity;
use crate::metrics::tests::deals::{self, deal};
use crate::metrics::{Frame, Options};
use crate::settings::Settings;

/// Every month has 28 working days, so that a month is a month.
const CALENDAR: &str = "{working_days: [mon, tue, wed, thu, fri, sat, sun], holidays: [\
    2026-01-29, 2026-01-30, 2026-01-31, 2026-03-29, 2026-03-30, 2026-03-31, 2026-04-29, 2026-04-30, 2026-05-29, 2026-05-30, \
    2026-05-31, 2026-06-29, 2026-06-30, 2026-07-29, 2026-07-30, 2026-07-31, 2026-08-29, 2026-08-30, 2026-08-31]}";

const GOALS: &str = r#"{calls: {measure: 'crm_activities{kind="call"}', window: month, target: {default: 2}, owner: vp@example.com, reviewed_on: 2026-01-05}}"#;

fn user(name: &str) -> User<String> {
    let email = format!("{}@example.com", name.to_lowercase());
    User {
        name: Some(name.into()),
        team: Some("East".into()),
        role: Some("ae".into()),
        email: Some(email),
        ..User::default()
    }
}

/// These people of one team, and nothing done.
fn org(people: &[&str]) -> Org {
    let mut org = Org { calendar: CALENDAR, ..Org::default() };
    org.deliver(Object::Activity);
    org.put("East", Team { name: Some("East".into()), ..Team::default() });
    for name in people {
        org.put(name, user(name));
    }
    org
}

/// So many activities of somebody in a month of 2026.
fn act(org: &mut Org, kind: &str, name: &str, month: u32, count: u32) {
    for number in 1..=count {
        let at = format!("2026-{month:02}-{number:02}T10:00:00Z");
        org.put(&format!("{kind} {name} {at}"), activity(kind, name, &at));
    }
}

/// Four people over eight months: calls grow for four months and then do not.
fn floor() -> Org {
    let mut org = org(&["Ana", "Bo", "Cy", "Di"]);
    for month in 1..=8 {
        let more = month.min(4);
        for (name, calls) in [("Ana", more + 1), ("Bo", more), ("Cy", 1), ("Di", month % 2)] {
            act(&mut org, "call", name, month, calls);
        }
        act(&mut org, "email", "Ana", month, 1);
    }
    act(&mut org, "call", "nobody", 2, 1);
    org
}

fn reviewed_with(org: &Org, goals: &str, [first, last, now]: [&str; 3], names_people: bool) -> Review {
    let settings = Settings { goals: yaml(goals), ..Settings::default() };
    let options = Options::new(&settings.figures()).unwrap();
    let facts = org.facts();
    let view = View::new(&facts, &org.people(), &org.coverage, now.parse().unwrap());
    let wanted = Wanted { first: first.parse().unwrap(), last: last.parse().unwrap(), names_people };
    review(&Frame::new(&view, &options), wanted)
}

fn reviewed(org: &Org, goals: &str) -> Review {
    reviewed_with(org, goals, ["2026-01-01", "2026-08-31", "2026-09-02T12:00:00Z"], true)
}

/// The floor, with data to be doubted: of Cy's eight calls the two of January and February end before a word is said, and
/// of Ana's eight e-mails that of January is recorded four days late.
fn careless_floor() -> Org {
    let mut org = floor();
    for month in 1..=8 {
        let at = format!("2026-{month:02}-01T10:00:00Z");
        let duration_seconds = Some(if month <= 2 { 9 } else { 10 });
        let direction = Some("outbound".into());
        let call = Activity { duration_seconds, direction, ..activity("call", "Cy", &at) };
        org.put(&format!("call Cy {at}"), call);
        let created_at = when(&format!("2026-{month:02}-{}T10:00:00Z", if month == 1 { "05" } else { "04" }));
        org.put(&format!("email Ana {at}"), Activity { created_at, ..activity("email", "Ana", &at) });
    }
    org
}

#[test]
fn a_small_floor_is_reviewed_as_by_hand() {
    let text = markdown(&reviewed(&careless_floor(), GOALS));
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/reports/review/expected.md");
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(text, include_str!("expected.md"), "UPDATE_EXPECTED=1 cargo test --lib review");
}

#[test]
fn only_whole_months_that_have_ended_are_looked_at() {
    let months = |days: [&str; 3]| {
        let review = reviewed_with(&floor(), GOALS, days, false);
        review.months.iter().map(|month| month.format("%m").to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(months(["2026-01-01", "2026-08-31", "2026-09-02T12:00:00Z"]), "01 02 03 04 05 06 07 08");
    assert_eq!(months(["2026-01-02", "2026-08-30", "2026-09-02T12:00:00Z"]), "02 03 04 05 06 07");
    assert_eq!(months(["2026-01-01", "2026-12-31", "2026-03-31T23:59:59.998Z"]), "01 02");
    assert_eq!(months(["2026-01-01", "2026-12-31", "2026-03-31T23:59:59.999Z"]), "01 02 03");
}

#[test]
fn absences_are_no_change_of_what_people_do() {
    let mut org = floor();
    // Ana works 14 of the 28 days of February and does half of her usual three calls a month and a half of one.
    org.calendar =
        "{working_days: [mon, tue, wed, thu, fri, sat, sun], absences: {ana@example.com: [2026-02-15/2026-02-28]}}";
    let goals =
        r#"{calls: {measure: 'crm_activities{kind="call"}', window: month, target: {reps: {ana@example.com: 2}}}}"#;
    let review = reviewed(&org, goals);
    let calls = &review.subjects[0];
    assert_eq!(calls.reps, 1);
    // The eight months have 243 days: 30.375 on average. Three calls in 14 days are 6.5 a month.
    let february = calls.months[1].figure.unwrap();
    assert!((february - 3.0 / 14.0 * 30.375).abs() < 1e-9, "{february}");
    assert_eq!(calls.months[1].met, Some((1, 1)), "3 of 2 x 14 / 28");
}

#[test]
fn months_that_are_not_held_are_not_told() {
    let mut org = floor();
    org.coverage.activities_since = Some("2026-02-10T00:00:00Z".parse().unwrap());
    let review = reviewed(&org, GOALS);
    let calls = &review.subjects[0];
    assert_eq!((calls.inputs.months_held, calls.inputs.months), (6, 8));
    assert!(calls.months[..2].iter().all(|month| month.figure.is_none() && month.met.is_none()));
    assert!(
        calls.months[2..].iter().all(|month| month.figure.is_some() && month.met == Some((month.met.unwrap().0, 4)))
    );
    assert_eq!(calls.trend, None, "six months are no course");
}

#[test]
fn what_cannot_be_known_is_said() {
    let goals = r#"{
        won: {measure: crm_deals_won_value, window: month, target: {default: 5}},
        open: {measure: crm_activities_scheduled, window: month, target: {default: 5}},
        calls: {measure: 'crm_activities{kind="call"}', window: month, target: {roles: {boss: 5}}},
    }"#;
    let review = reviewed(&floor(), goals);
    let said: Vec<(Verdict, &str)> =
        review.subjects[..3].iter().map(|subject| (subject.verdict, subject.reason.as_str())).collect();
    assert_eq!(
        said,
        [
            (Verdict::NotEnoughData, "No CRM delivers the records that it needs, or not all have been loaded yet."),
            (Verdict::NotEnoughData, "0 of 8 months have figures; 6 are needed."),
            (Verdict::NotEnoughData, "0 of 8 months have figures; 6 are needed."),
        ]
    );
}

#[test]
fn hidden_people_count_and_are_not_named() {
    let mut org = floor();
    org.people = "{hidden: [di@example.com]}";
    let review = reviewed(&org, GOALS);
    assert_eq!(review.subjects[0].reps, 4);
    // Of three people who may be named there is no quarter.
    assert_eq!(review.subjects[0].coached, []);
    let named = reviewed(&floor(), GOALS);
    assert_eq!(
        named.subjects[0].coached.iter().map(|rep| rep.rep.as_str()).collect::<Vec<_>>(),
        ["Di"],
        "Cy has met it as rarely, but does more"
    );
    let silent = reviewed_with(&floor(), GOALS, ["2026-01-01", "2026-08-31", "2026-09-02T12:00:00Z"], false);
    for text in [page(&silent), markdown(&silent), page(&review), markdown(&review)] {
        assert!(
            !text.contains("Cy") && !text.contains("Di<") && !text.contains("| Di |") && !text.contains("hidden"),
            "{text}"
        );
    }
}

/// The checks of the subject at this place: name, records that fail, records that are looked at.
fn checks(review: &Review, subject: usize) -> Vec<(&'static str, usize, usize)> {
    let checks = review.subjects[subject].inputs.checks.iter();
    checks.map(|of| (of.check.name(), of.failing, of.looked_at)).collect()
}

#[test]
fn checks_are_those_of_the_records_that_figures_are_made_of() {
    let mut org = deals::org();
    let expected = |day, deal| Deal { expected_close: when(day), ..deal };
    // Two open ones, of which one is overdue and has no owner; two won ones, of which one has no amount.
    let overdue = expected("2026-09-01", deal("", "New", "2026-01-10", "", "5"));
    org.put("1", Deal { owner: None, ..overdue });
    org.put("2", expected("2026-09-02", deal("Ana", "New", "2026-01-10", "", "5")));
    org.put("3", deal("Ana", "Won", "2026-01-10", "2026-02-01", "5"));
    org.put("4", deal("Ana", "Won", "2026-01-10", "2026-02-01", ""));
    let lead = |source: Option<&str>| Lead {
        owner: Some("Ana".into()),
        source: source.map(str::to_owned),
        created_at: when("2026-01-10"),
        ..Lead::default()
    };
    org.put("1", lead(Some("web"))).put("2", lead(None)).put("3", lead(None));
    let goals = r#"{
        won: {measure: crm_deals_won_value, window: month, target: {default: 5}},
        leads: {measure: crm_leads_created, window: month, target: {default: 5}},
        clean: {measure: 'crm_data_quality_issues{check="deal_overdue"}', window: month, lower_is_better: true, target: {default: 5}},
        calls: {measure: 'crm_activities{kind="call"}', window: month, target: {default: 5}},
    }"#;
    let review = reviewed(&org, goals);
    assert_eq!(
        checks(&review, 0),
        [
            ("deal_overdue", 1, 2),
            ("deal_without_amount", 1, 4),
            ("record_without_owner", 1, 4),
            ("deal_unknown_currency", 0, 3),
            ("deal_without_close_date", 0, 4),
            ("deal_closed_before_created", 0, 2),
            ("owner_inactive", 0, 2),
        ]
    );
    assert_eq!(
        checks(&review, 1),
        [("lead_without_source", 2, 3), ("record_without_owner", 0, 3), ("owner_inactive", 0, 3)]
    );
    assert_eq!(checks(&review, 2), [], "what checks say needs no checks");
    assert_eq!(checks(&review, 3), [], "nobody delivers activities");
}

#[test]
fn activities_are_checked_by_kind_and_from_a_fifth_on_doubted() {
    let mut org = careless_floor();
    let review = reviewed(&org, GOALS);
    assert_eq!(checks(&review, 0), [("call_too_short", 2, 8)]);
    assert_eq!(checks(&review, 1), [("activity_logged_late", 1, 8)]);
    assert!(page(&review).contains("now call too short 25% (2 of 8)"));
    assert!(!review.subjects[1].reason.contains("Look at the data first"), "{}", review.subjects[1].reason);
    for (day, is_doubted) in [("20", true), ("21", true), ("22", false)] {
        // 2 of 9, 2 of 10, 2 of 11.
        let call = activity("call", "Cy", &format!("2026-08-{day}T10:00:00Z"));
        org.put(day, Activity { duration_seconds: Some(60), direction: Some("outbound".into()), ..call });
        let review = reviewed(&org, GOALS);
        assert_eq!(review.subjects[0].reason.contains("Look at the data first"), is_doubted, "{day}");
    }
}

#[test]
fn a_key_activity_is_checked_by_its_own_records() {
    let mut org = careless_floor();
    org.activities = "{key: {mails: {kind: email}}}";
    let review = reviewed(
        &org,
        r#"{mails: {measure: 'crm_key_activities{activity="mails"}', window: month, target: {default: 1}}}"#,
    );
    assert_eq!(checks(&review, 0), [("activity_logged_late", 1, 8)], "no calls");
}

/// Names of elements that never end.
const VOID: [&str; 1] = ["meta"];

/// Asserts that every element of the page ends where it should, and that nothing is loaded or runs.
fn assert_sound(text: &str) {
    let body = text.strip_prefix("<!doctype html>\n").unwrap();
    let mut open: Vec<&str> = Vec::new();
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("an element does not end: <{piece}"));
        let name = tag.split_whitespace().next().unwrap().trim_end_matches('/');
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "</{name}> ends something else"),
            None if tag.ends_with('/') || VOID.contains(&name) => {}
            None => open.push(name),
        }
        // What stands between quotation marks is text.
        let attributes: String = tag.split('"').step_by(2).collect();
        assert!(name != "script" && !attributes.contains(" src=") && !attributes.contains(" on"), "<{tag}>");
        assert!(!tag.contains("href=") || tag.contains("href=\"#"), "<{tag}>");
    }
    assert_eq!(open, [""; 0]);
    assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("url(") && !text.contains("@import"));
}

#[test]
fn the_page_is_sound_and_holds_names_as_text() {
    let mut org = floor();
    org.put("Di", User { name: Some("<script>Di & \"Co\"</script>".into()), ..user("Di") });
    let goals = r#"{calls: {measure: 'crm_activities{kind="call"}', window: month, target: {default: 2}, title: '<img src=x onerror=y>', owner: '"><b>'}}"#;
    let review = reviewed(&org, goals);
    let text = page(&review);
    assert_sound(&text);
    assert!(text.contains("&lt;script&gt;Di &amp; &quot;Co&quot;&lt;/script&gt;"));
    assert!(text.contains("&lt;img src=x onerror=y&gt;") && !text.contains("<img") && !text.contains("<b>"));
    let text = markdown(&review);
    assert!(text.contains("\\<script\\>Di & \"Co\"\\</script\\>"), "{text}");
    assert!(!text.replace("\\<", "").contains('<'), "{text}");
}

#[test]
fn every_anchor_is_there_and_every_month_is_drawn() {
    let review = reviewed(&floor(), GOALS);
    let text = page(&review);
    for (place, subject) in review.subjects.iter().enumerate() {
        let number = place + 1;
        let mut wanted = String::new();
        write!(wanted, "<a href=\"#subject-{number}\">{}</a>", subject.title).unwrap();
        assert!(text.contains(&wanted) && text.contains(&format!("id=\"subject-{number}\"")), "{wanted}");
    }
    assert_eq!(text.matches("<rect class=\"bar\"").count(), 8, "a bar for each month of the goal");
    assert!(review.subjects[0].questions.iter().any(|question| question.asked == Asked::Managers));
}
