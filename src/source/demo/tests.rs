//! The whole floor: that it does not matter how it is polled, and that what was planted is there.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::cast::PEOPLE;
use super::time::{HOUR, MINUTE, month, utc_day};
use super::*;
use crate::domain::{Activity, Record, Stamped, When};

const NOW: Timestamp = Timestamp(1_763_478_000_000);

fn demo(pace: f64) -> Demo {
    Demo::new(&Settings { pace, ..Settings::default() }, Some(400)).unwrap()
}

/// What a store would hold: the newest version of every record, deletions and mergers.
#[derive(Debug, Default, PartialEq)]
struct Held {
    records: BTreeMap<(Object, String), Stamped>,
    gone: BTreeMap<(Object, String), Timestamp>,
    merged: BTreeMap<(Object, String), (Timestamp, String)>,
}

impl Held {
    fn take(&mut self, page: Page) {
        for stamped in page.records {
            let key = (stamped.record.object(), stamped.id.clone());
            let older = self.records.get(&key).is_some_and(|held| held.version > stamped.version);
            assert!(!older, "an older version of {key:?} came later");
            self.records.insert(key, stamped);
        }
        self.gone.extend(page.gone.into_iter().map(|gone| ((gone.object, gone.id), gone.at)));
        self.merged
            .extend(page.merged.into_iter().map(|merged| ((merged.object, merged.id), (merged.at, merged.into))));
    }

    /// Polls until up to date.
    fn poll(&mut self, demo: &Demo, cursor: &mut Option<Cursor>, now: Timestamp) {
        loop {
            let page = demo.page_after(cursor.as_ref(), now).unwrap();
            *cursor = Some(page.next.cursor().clone());
            let ends = matches!(page.next, Next::UpToDate(_));
            self.take(page);
            if ends {
                return;
            }
        }
    }
}

/// A world without its past: the cursor of a floor that has been polled up to so long before `NOW`.
fn since(before: i64) -> Option<Cursor> {
    Some(State::at("2025-11-18".parse().unwrap(), NOW.plus_millis(-before)).write())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn steps_of_any_length_bring_what_one_poll_brings(
        steps in proptest::collection::vec(1..3 * DAY, 1..12), short in 1..10 * MINUTE,
    ) {
        let demo = demo(0.3);
        let whole: i64 = steps.iter().sum::<i64>() + 3 * short;
        let mut at_once = Held::default();
        at_once.poll(&demo, &mut since(whole), NOW);
        let (mut in_steps, mut cursor, mut now) = (Held::default(), since(whole), NOW.plus_millis(-whole));
        for step in steps.into_iter().chain([short, short, short]) {
            now = now.plus_millis(step);
            in_steps.poll(&demo, &mut cursor, now);
        }
        prop_assert_eq!(now, NOW);
        prop_assert!(in_steps == at_once, "{:?}", difference(&in_steps, &at_once));
    }
}

fn difference(one: &Held, other: &Held) -> Option<(Option<Stamped>, Option<Stamped>)> {
    let keys: BTreeSet<_> = one.records.keys().chain(other.records.keys()).collect();
    let pair = |key: &(Object, String)| (one.records.get(key).cloned(), other.records.get(key).cloned());
    keys.into_iter().map(pair).find(|(one, other)| one != other)
}

#[test]
fn the_anchor_stays_when_the_day_changes() {
    let demo = demo(0.1);
    let first = demo.page_after(None, NOW).unwrap();
    let later = demo.page_after(Some(first.next.cursor()), NOW.plus_millis(90 * DAY)).unwrap();
    assert_eq!(State::read(later.next.cursor()).unwrap().anchor.to_string(), "2025-11-18");
}

#[test]
fn a_clock_that_was_set_back_brings_nothing_and_loses_nothing() {
    let demo = demo(0.1);
    let cursor = since(0);
    let page = demo.page_after(cursor.as_ref(), NOW.plus_millis(-HOUR)).unwrap();
    assert_eq!(page, Page::empty(Next::UpToDate(cursor.unwrap())));
}

#[test]
fn a_floor_that_stands_still_does_not_go_on() {
    let settings =
        Settings { until: Some(NOW.to_string()), anchor: Some("2025-11-18".parse().unwrap()), ..Settings::default() };
    let demo = Demo::new(&settings, None).unwrap();
    let cursor = since(HOUR);
    let stands = demo.page_after(cursor.as_ref(), NOW.plus_millis(DAY)).unwrap();
    assert_eq!(stands, demo.page_after(cursor.as_ref(), NOW).unwrap());
}

#[test]
fn settings_that_make_no_world_are_refused() {
    let problem = |settings| Demo::new(&settings, None).unwrap_err().to_string();
    for pace in [0.0, -1.0, 11.0, f64::NAN] {
        let text = problem(Settings { pace, ..Settings::default() });
        assert_eq!(text, format!("pace: `{pace}` is no pace; write a number from 0.1 to 10"));
    }
    let text = problem(Settings { until: Some("soon".to_owned()), ..Settings::default() });
    assert!(text.starts_with("until: `soon` is no RFC 3339 instant"), "{text}");
}

/// Everything that has been told up to `NOW`, in one go.
fn history(seed: u64) -> (World, News) {
    let world = World::new(seed, 1.0, NOW.utc().date_naive(), settings::USUAL_YEARS);
    let news = tell(&world, world.begins_at() - 1, NOW.0, i64::MIN);
    (world, news)
}

#[test]
fn every_kind_of_record_occurs_and_nothing_is_told_of_the_future() {
    let (world, news) = history(1);
    let kinds: BTreeSet<Object> = news.records.iter().map(|stamped| stamped.record.object()).collect();
    assert_eq!(kinds, BTreeSet::from(Object::ALL));
    let gone: BTreeSet<Object> = news.gone.iter().map(|gone| gone.object).collect();
    assert_eq!(gone, BTreeSet::from([Object::Contact, Object::Lead, Object::Deal]));
    let merged: BTreeSet<Object> = news.merged.iter().map(|merged| merged.object).collect();
    assert_eq!(merged, BTreeSet::from([Object::Account, Object::Contact]));
    let mut ids = BTreeSet::new();
    for Stamped { id, version, record } in &news.records {
        assert!(world.begins_at() <= version.0 && *version <= NOW, "{record:?}");
        assert!(id.parse::<u64>().is_ok(), "{id} takes more memory than a number");
        assert!(ids.insert((record.object(), id)), "{id} stands for two: {record:?}");
        if let Record::Activity(activity) = record {
            assert!(is_plausible(activity), "{activity:?}");
        }
    }
}

/// What is done lies in the past.
fn is_plausible(activity: &Activity<String>) -> bool {
    let is_over = |when: Option<When>| matches!(when, Some(When::At(at)) if at <= NOW);
    match (activity.status.as_deref(), activity.kind.as_deref()) {
        (Some("completed"), Some("task")) => is_over(activity.completed_at),
        (Some("completed"), _) => is_over(activity.at),
        _ => true,
    }
}

/// Planted: what a closer does with executives in a month shows in the wins of the next.
#[test]
fn executives_met_in_a_month_show_in_the_wins_of_the_next() {
    for seed in [1, 2] {
        let (_, news) = history(seed);
        let executives = executives(&news);
        let met = monthly(news.records.iter().filter_map(|stamped| match &stamped.record {
            Record::Activity(activity) if is_met(activity, &executives) => {
                Some((activity.owner.clone()?, activity.at?, 1.0))
            }
            _ => None,
        }));
        let written = monthly(news.records.iter().filter_map(|stamped| match &stamped.record {
            Record::Activity(activity) if activity.kind.as_deref() == Some("email") => {
                Some((activity.owner.clone()?, activity.at?, 1.0))
            }
            _ => None,
        }));
        let drive = difference_made(&news, &met);
        assert!(drive > 0.08, "seed {seed}: many executives make {drive}");
        let nothing = difference_made(&news, &written);
        assert!(nothing.abs() < 0.05, "seed {seed}: many e-mails make {nothing}");
    }
}

/// People with a title of the highest levels.
fn executives(news: &News) -> BTreeSet<String> {
    let is_executive = |title: &str| title.contains("Chief") || title.contains("VP") || title.contains("Vice");
    let contacts = news.records.iter().filter_map(|stamped| match &stamped.record {
        Record::Contact(contact) => Some((stamped.id.clone(), contact.title.clone()?)),
        _ => None,
    });
    contacts.filter(|(_, title)| is_executive(title) || title == "CFO" || title == "CTO").map(|(id, _)| id).collect()
}

fn is_met(activity: &Activity<String>, executives: &BTreeSet<String>) -> bool {
    activity.kind.as_deref() == Some("meeting")
        && activity.status.as_deref() == Some("completed")
        && activity.contacts.iter().flatten().any(|contact| executives.contains(contact))
}

/// Sums by owner and month.
fn monthly(each: impl Iterator<Item = (String, When, f64)>) -> BTreeMap<(String, i64), f64> {
    let mut sums = BTreeMap::new();
    for (owner, when, amount) in each {
        if let When::At(at) = when {
            *sums.entry((owner, month(utc_day(at.0)))).or_default() += amount;
        }
    }
    sums
}

/// How much higher the share won is after months with more than the owner's own mean than after months with less.
fn difference_made(news: &News, sums: &BTreeMap<(String, i64), f64>) -> f64 {
    let mut means: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for ((owner, _), sum) in sums {
        let (total, months) = means.entry(owner).or_default();
        (*total, *months) = (*total + sum, *months + 1.0);
    }
    // Won and all, after months with less and with more.
    let mut counts = [[0.0; 2]; 2];
    for stamped in &news.records {
        let Record::Deal(deal) = &stamped.record else { continue };
        let (Some(owner), Some(When::At(closed))) = (&deal.owner, deal.closed_at) else { continue };
        let Some(sum) = sums.get(&(owner.clone(), month(utc_day(closed.0)) - 1)) else { continue };
        let (total, months) = means[owner.as_str()];
        let [won, all] = &mut counts[usize::from(*sum > total / months)];
        *all += 1.0;
        *won += if deal.status.as_deref() == Some("won") { 1.0 } else { 0.0 };
    }
    counts[1][0] / counts[1][1] - counts[0][0] / counts[0][1]
}

/// Planted: wins bunch before the end of a quarter.
#[test]
fn wins_bunch_before_the_end_of_a_quarter() {
    let (_, news) = history(1);
    let mut last_days = 0.0;
    let mut all = 0.0;
    for stamped in &news.records {
        let Record::Deal(deal) = &stamped.record else { continue };
        if let (Some("won"), Some(When::At(closed))) = (deal.status.as_deref(), deal.closed_at) {
            let day = utc_day(closed.0);
            all += 1.0;
            last_days += if time::next_quarter(day) - day <= 5 { 1.0 } else { 0.0 };
        }
    }
    // Five days of about 91 would be a share of 0.055.
    let share: f64 = last_days / all;
    assert!((0.15..0.35).contains(&share), "{share}");
}

#[test]
fn managers_sell_nothing() {
    let (_, news) = history(1);
    let managers: BTreeSet<String> =
        (0..PEOPLE.len()).filter(|person| PEOPLE[*person].role == cast::Role::Manager).map(world::user_id).collect();
    let owns = |record: &Record<String>| match record {
        Record::Deal(deal) => deal.owner.clone(),
        Record::Activity(activity) => activity.owner.clone(),
        Record::Lead(lead) => lead.owner.clone(),
        _ => None,
    };
    assert!(!news.records.iter().filter_map(|stamped| owns(&stamped.record)).any(|owner| managers.contains(&owner)));
}
