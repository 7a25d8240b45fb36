//! What holds of the goals of any floor.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::{Asked, calls, org, rep_of};
use crate::calendar::Period;
use crate::domain::{Span, User};
use crate::facts::testing::{Org, when};

/// A person: times are days after [`START`].
#[derive(Debug, Clone)]
struct Person {
    team: &'static str,
    started: Option<u64>,
    left: Option<u64>,
    /// First day and number of days.
    away: Vec<(u64, u64)>,
    /// Days and minutes of calls.
    calls: BTreeSet<(u64, u64)>,
}

#[derive(Debug, Clone)]
struct Floor {
    people: Vec<Person>,
    window: &'static str,
    ramp: &'static str,
    pace: &'static str,
    /// Day and minute.
    now: (u64, u64),
}

const START: &str = "2026-02-02";

const NAMES: [&str; 5] = ["Ana", "Bo", "Cy", "Di", "Ed"];

fn date(day: u64) -> NaiveDate {
    START.parse::<NaiveDate>().unwrap() + Days::new(day)
}

fn instant((day, minute): (u64, u64)) -> String {
    format!("{}T{:02}:{:02}:00Z", date(day), minute / 60, minute % 60)
}

impl Floor {
    /// Everybody has a target of 12, nobody one of his own.
    fn asked(&self, hidden: Option<&str>, is_split: bool) -> Asked {
        let users = NAMES.iter().zip(&self.people).map(|(name, person)| {
            let left = person.left.and_then(|day| when(&date(day).to_string()));
            User {
                started_on: person.started.map(date),
                active: Some(left.is_none()),
                left_at: left,
                ..rep_of(person.team, name)
            }
        });
        let mut org: Org = org(users);
        for (name, person) in NAMES.iter().zip(&self.people) {
            person.calls.iter().for_each(|at| calls(&mut org, name, &[&instant(*at)]));
        }
        let range = |(from, days): &(u64, u64)| match is_split {
            false => format!("{}/{}", date(*from), date(from + days)),
            true => (*from..=from + days).map(|day| date(day).to_string()).collect::<Vec<_>>().join(", "),
        };
        let away = |(name, person): (&&str, &Person)| {
            let ranges: Vec<String> = person.away.iter().map(range).collect();
            format!("{}@example.com: [{}]", name.to_lowercase(), ranges.join(", "))
        };
        let absences: Vec<String> = NAMES.iter().zip(&self.people).map(away).collect();
        let calendar = format!(
            "{{time_zone: America/New_York, holidays: [2026-03-09], teams: {{West: {{time_zone: Asia/Tokyo, \
             working_days: [mon, tue, wed, thu], holidays: []}}}}, absences: {{{}}}}}",
            absences.join(", ")
        );
        let goals = format!(
            "{{calls: {{measure: crm_activities, window: {}, target: {{default: 12}}, ramp: {}, pace: {}}}}}",
            self.window, self.ramp, self.pace
        );
        org.calendar = calendar.leak();
        org.people = hidden.map_or("{}", |name| format!("{{hidden: [{}@example.com]}}", name.to_lowercase()).leak());
        super::asked(org, goals.leak())
    }
}

fn person() -> impl Strategy<Value = Person> {
    let calls = prop::collection::btree_set((0..60u64, 0..1440u64), 0..12);
    let away = prop::collection::vec((20..60u64, 0..9u64), 0..3);
    let started = prop::option::of(0..60u64);
    let left = prop::option::weighted(0.3, 30..60u64);
    (prop::sample::select(vec!["East", "West"]), started, left, away, calls)
        .prop_map(|(team, started, left, away, calls)| Person { team, started, left, away, calls })
}

fn floor(pace: &'static [&'static str]) -> impl Strategy<Value = Floor> {
    let people = prop::collection::vec(person(), 1..=NAMES.len());
    let window = prop::sample::select(vec!["day", "week", "month"]);
    let ramp = prop::sample::select(vec!["[]", "[0]", "[0.25, 0.5]"]);
    (people, window, ramp, prop::sample::select(pace), (28..58u64, 0..1440u64))
        .prop_map(|(people, window, ramp, pace, now)| Floor { people, window, ramp, pace, now })
}

/// Family, scope, team and rep.
type Series = [String; 4];

/// The figures of the current period at an instant.
struct Figures(BTreeMap<Series, f64>);

impl Figures {
    fn new(asked: &Asked, now: &str) -> Figures {
        let text = String::from_utf8(asked.snapshot(now).text).unwrap();
        let label = |line: &str, name: &str| {
            let value = line.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
            value.map(|(value, _)| value.to_owned()).unwrap_or_default()
        };
        let wanted = |line: &&str| line.starts_with("crm_goal_") || line.starts_with("crm_pacing_ratio");
        let wanted = text.lines().filter(wanted).filter(|line| !line.contains("window=\"previous_"));
        let sample = |line: &str| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let family = series.split('{').next().unwrap().to_owned();
            ([family, label(line, "scope"), label(line, "team"), label(line, "rep")], value.parse().unwrap())
        };
        Figures(wanted.map(sample).collect())
    }

    /// Those of a family, by scope, team and rep.
    fn of(&self, family: &str) -> BTreeMap<&[String], f64> {
        let own = self.0.iter().filter(|(series, _)| series[0] == family);
        own.map(|(series, value)| (&series[1..], *value)).collect()
    }

    /// Whether the others are the same; sums may have been made in another order.
    fn is_close(&self, other: &Figures) -> bool {
        let values = self.0.values().zip(other.0.values());
        self.0.keys().eq(other.0.keys()) && values.into_iter().all(|(one, other)| is_close(*one, *other))
    }
}

fn is_close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// Where no group has a target of its own, its figures are the sums of its reps'.
    #[test]
    fn groups_are_sums_of_their_reps(floor in floor(&["linear", "history"])) {
        let figures = Figures::new(&floor.asked(None, false), &instant(floor.now));
        for family in ["crm_goal_target", "crm_goal_actual", "crm_goal_expected"] {
            let all = figures.of(family);
            let mut sums: BTreeMap<[&str; 3], f64> = BTreeMap::new();
            for (who, value) in all.iter().filter(|(who, _)| who[0] == "rep") {
                *sums.entry(["org", "", ""]).or_default() += value;
                *sums.entry(["team", who[1].as_str(), ""]).or_default() += value;
            }
            let groups = all.iter().filter(|(who, _)| who[0] != "rep");
            prop_assert_eq!(sums.len(), groups.clone().count());
            for (who, value) in groups {
                let sum = sums[&[who[0].as_str(), who[1].as_str(), ""]];
                prop_assert!(is_close(sum, *value), "{} {:?} {} {}", family, who, value, sum);
            }
        }
    }

    /// No target is above the plain one. What is expected is never above the target, never falls while the period runs,
    /// and is all of it in the end.
    #[test]
    fn what_is_expected_grows_to_the_target(
        floor in floor(&["linear"]),
        steps in prop::collection::vec(0..2880u64, 1..4),
    ) {
        let asked = floor.asked(None, false);
        let calendar = asked.org.facts().calendar.clone();
        let window = Period::ALL.into_iter().find(|period| period.name() == floor.window).unwrap();
        let mut minute = floor.now.0 * 1440 + floor.now.1;
        let mut before: Option<(Span, Figures)> = None;
        for step in steps.into_iter().chain([0]) {
            minute += step;
            let now = instant((minute / 1440, minute % 1440));
            let span = calendar.period(window, now.parse().unwrap());
            let figures = Figures::new(&asked, &now);
            let (targets, expected) = (figures.of("crm_goal_target"), figures.of("crm_goal_expected"));
            prop_assert!(targets.keys().eq(expected.keys()));
            for (who, expected) in &expected {
                prop_assert!(*expected >= 0.0 && *expected <= targets[who] * (1.0 + 1e-12), "{:?}", who);
                prop_assert!(who[0] != "rep" || targets[who] <= 12.0);
                let earlier = before.as_ref().filter(|(earlier, _)| *earlier == span);
                let earlier = earlier.map(|(_, figures)| figures.of("crm_goal_expected")[who]);
                prop_assert!(earlier.is_none_or(|earlier| earlier <= expected + 1e-9), "{:?} falls", who);
            }
            before = Some((span, figures));
        }
        let last = before.unwrap().0;
        let end = Figures::new(&asked, &last.end.plus_millis(-1).to_string());
        let all = end.of("crm_goal_expected");
        for (who, target) in end.of("crm_goal_target") {
            // A millisecond is still to come.
            prop_assert!((all[who] - target).abs() < 1e-4, "{:?} at the end", who);
        }
    }

    /// Hiding somebody takes his figures away and changes nobody else's.
    #[test]
    fn hidden_people_change_no_figure(floor in floor(&["linear", "history"])) {
        let now = instant(floor.now);
        let mut open = Figures::new(&floor.asked(None, false), &now);
        open.0.retain(|series, _| series[3] != "Ana");
        prop_assert!(Figures::new(&floor.asked(Some("Ana"), false), &now).is_close(&open));
    }

    /// An absence is its days, however it is written down.
    #[test]
    fn split_absences_are_the_same(floor in floor(&["linear", "history"])) {
        let [whole, split] = [false, true].map(|is_split| floor.asked(None, is_split).snapshot(&instant(floor.now)).text);
        prop_assert_eq!(String::from_utf8(whole).unwrap(), String::from_utf8(split).unwrap());
    }

    /// Of people who serve throughout nothing is taken off.
    #[test]
    fn who_serves_throughout_owes_all(mut floor in floor(&["linear"])) {
        for person in &mut floor.people {
            *person = Person { started: None, left: None, away: Vec::new(), team: "East", ..person.clone() };
        }
        let figures = Figures::new(&floor.asked(None, false), &instant(floor.now));
        let targets = figures.of("crm_goal_target");
        let people = floor.people.len();
        // On days off there is none.
        prop_assert!(targets.len() == people + 2 || (targets.is_empty() && floor.window == "day"));
        let plain = |who: &[String]| if who[0] == "rep" { 12.0 } else { 12.0 * people as f64 };
        prop_assert!(targets.iter().all(|(who, target)| *target == plain(who)));
    }
}
