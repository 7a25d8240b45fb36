//! Random small organisations, as what two CRMs tell in their streams: one tells changes, deletions and mergers, the
//! other lists everything again and again.

use chrono::{DateTime, Days, NaiveDate};
use crm_exporter::domain::{
    Account, Activity, Contact, CurrencyRate, Deal, Gone, Lead, Merged, Object, Pipeline, Record, Stage, StageChange,
    Stamped, Survey, Team, Timestamp, User, When,
};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// First date in any record.
pub(super) const FIRST_DAY: &str = "2026-09-20";

/// Something that the first CRM tells.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there are some dozens of them")]
pub(super) enum Change {
    Tell(Stamped),
    Gone(Gone),
    Merged(Merged),
}

/// A listing: when it began and what it shows.
pub(super) type Listing = (Timestamp, Vec<Stamped>);

/// Kinds of record with their numbers of ids.
type Kinds = &'static [(Object, u8)];

/// What the streams of both CRMs tell, each in its order.
#[derive(Debug, Clone)]
pub(super) struct Organisation {
    /// Streams of the first CRM.
    pub(super) changes: Vec<(&'static str, Vec<Change>)>,
    /// Streams of the second CRM: name, objects, and its listings.
    pub(super) listings: Vec<(&'static str, Vec<Object>, Vec<Listing>)>,
}

/// Streams of the first CRM: name, kinds of record, and most changes.
const STREAMS: &[(&str, Kinds, usize)] = &[
    ("people", &[(Object::Team, 3), (Object::User, 6)], 16),
    ("pipelines", &[(Object::Pipeline, 2), (Object::Stage, 6)], 16),
    ("accounts", &[(Object::Account, 4)], 8),
    ("prospects", &[(Object::Contact, 5), (Object::Lead, 4)], 16),
    ("deals", &[(Object::Deal, 12)], 36),
    ("history", &[(Object::StageChange, 24)], 30),
    ("activities", &[(Object::Activity, 16)], 24),
    ("rates", &[(Object::CurrencyRate, 3)], 4),
    ("surveys", &[(Object::Survey, 6)], 8),
];

/// Streams of the second CRM: name, kinds of record, and most records in a listing.
const LISTINGS: &[(&str, Kinds, usize)] = &[
    ("people", &[(Object::Team, 2), (Object::User, 4)], 8),
    ("deals", &[(Object::Pipeline, 1), (Object::Stage, 4), (Object::Deal, 5)], 12),
    ("history", &[(Object::StageChange, 8)], 8),
    ("activities", &[(Object::Activity, 6), (Object::Contact, 3)], 8),
];

/// What a record is made of: numbers from which its fields are chosen; 0 where they end.
#[derive(Debug, Clone)]
struct Dice(Vec<u8>);

impl Dice {
    fn below(&mut self, sides: u8) -> u8 {
        self.0.pop().unwrap_or(0) % sides
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[usize::from(self.below(values.len() as u8))]
    }

    /// An id of that object, low ones more often, so that much comes together; now and then none.
    fn link(&mut self, object: Object, ids: u8) -> Option<String> {
        let number = self.below(ids + 1).min(self.below(ids + 1)).min(self.below(ids + 1));
        (number < ids).then(|| id(object, number))
    }

    /// Some ids of that object; now and then untold.
    fn links(&mut self, object: Object, ids: u8) -> Option<Vec<String>> {
        let count = self.below(4);
        (count < 3).then(|| (0..count).map(|_| id(object, self.below(ids))).collect())
    }

    fn text(&mut self, texts: &[&str]) -> Option<String> {
        Some(self.one_of(texts).to_owned()).filter(|text| !text.is_empty())
    }

    fn instant(&mut self) -> When {
        let day = Days::new(self.below(62).into());
        let date = FIRST_DAY.parse::<NaiveDate>().unwrap().checked_add_days(day).unwrap();
        match self.below(4) {
            0 => When::On(date),
            _ => {
                let hours = i64::from(self.below(24)) * 3_600_000;
                let midnight: DateTime<_> = date.and_hms_opt(0, 0, 0).unwrap().and_utc();
                When::At(Timestamp::from(midnight).plus_millis(hours))
            }
        }
    }

    fn when(&mut self) -> Option<When> {
        (self.below(6) > 0).then(|| self.instant())
    }

    fn amount(&mut self) -> Option<Decimal> {
        let minor = i64::from(self.below(250)) * 1037;
        (self.below(6) > 0).then(|| Decimal::new(minor, 2))
    }
}

fn id(object: Object, number: u8) -> String {
    // Ids of one kind of CRM are numbers, which have an order of their own.
    match object {
        Object::Activity => (8 + u32::from(number)).to_string(),
        object => format!("{object}-{number}"),
    }
}

fn record(object: Object, number: u8, dice: &mut Dice) -> Record<String> {
    match object {
        Object::Team => Team {
            name: dice.text(&["East", "West", "", "none"]),
            manager: dice.text(&["", "users-1", "boss@example.com", "ana@example.com"]),
            ..Default::default()
        }
        .into(),
        Object::User => User {
            name: dice.text(&["Ana", "Bo", "Cy", "Dee", ""]),
            email: dice.text(&["", "ana@example.com", "ANA@old.example.com", "cy@example.com", "shy@example.com"]),
            team: dice.link(Object::Team, 3),
            role: dice.text(&["", "ae", "sdr"]),
            active: dice.one_of(&[None, Some(true), Some(true), Some(false)]),
            started_on: dice.one_of(&[None, Some("2026-09-01"), Some("2026-10-01")]).map(|day| day.parse().unwrap()),
            ..Default::default()
        }
        .into(),
        Object::Pipeline => Pipeline { name: dice.text(&["Sales", "Renewals", ""]), ..Default::default() }.into(),
        Object::Stage => Stage {
            pipeline: Some(id(Object::Pipeline, number % 2)),
            name: dice.text(&["New", "Talk", "Offer", ""]),
            position: dice.one_of(&[None, Some(1), Some(2), Some(3)]),
            outcome: dice.text(&["open", "open", "won", "lost", ""]),
            probability: dice.one_of(&[None, Some(10), Some(35)]).map(|percent| Decimal::new(percent, 2)),
            ..Default::default()
        }
        .into(),
        Object::Account => Account {
            name: dice.text(&["Acme", "Bolt", "Acme 2", ""]),
            owner: dice.link(Object::User, 6),
            annual_revenue: dice.amount(),
            currency: dice.text(&["USD", "GBP", ""]),
            key: dice.one_of(&[None, Some(true), Some(false)]),
            tier: dice.text(&["", "A", "B"]),
            created_at: dice.when(),
            ..Default::default()
        }
        .into(),
        Object::Contact => Contact {
            title: dice.text(&["", "VP Sales", "Engineer", "CEO"]),
            account: dice.link(Object::Account, 4),
            ..Default::default()
        }
        .into(),
        Object::Lead => Lead {
            owner: dice.link(Object::User, 6),
            title: dice.text(&["", "", "VP Sales", "Head of IT"]),
            contact: dice.link(Object::Contact, 5),
            account: dice.link(Object::Account, 4),
            ..Default::default()
        }
        .into(),
        Object::Deal => deal(dice).into(),
        Object::StageChange => StageChange {
            deal: dice.link(Object::Deal, 12),
            stage: dice.link(Object::Stage, 6),
            from_stage: if dice.below(3) == 0 { dice.link(Object::Stage, 6) } else { None },
            at: Some(match dice.instant() {
                // Which of two changes at one instant came first is told by nothing but their order of arrival.
                When::At(at) => When::At(at.plus_millis(i64::from(number) * 60_000)),
                date => date,
            }),
            ..Default::default()
        }
        .into(),
        Object::Activity => activity(dice).into(),
        Object::CurrencyRate => CurrencyRate {
            currency: dice.text(&["GBP", "CHF"]),
            rate: Some(Decimal::new(100 + i64::from(dice.below(50)), 2)),
            to: Some("USD".to_owned()),
            effective_at: dice.when(),
            is_default: Some(number == 0),
            ..Default::default()
        }
        .into(),
        Object::Survey => Survey {
            survey: dice.text(&["Likely", "Stars", ""]),
            score: (dice.below(5) > 0).then(|| Decimal::from(dice.below(12))),
            owner: dice.link(Object::User, 6),
            account: dice.link(Object::Account, 4),
            deal: dice.link(Object::Deal, 12),
            at: dice.when(),
            ..Default::default()
        }
        .into(),
        other => unreachable!("no stream has {other}"),
    }
}

fn deal(dice: &mut Dice) -> Deal<String> {
    Deal {
        owner: dice.link(Object::User, 6),
        pipeline: dice.link(Object::Pipeline, 2),
        stage: dice.link(Object::Stage, 6),
        status: dice.text(&["", "open", "won", "open", "lost"]),
        amount: dice.amount(),
        currency: dice.text(&["USD", "USD", "EUR", "GBP", ""]),
        created_at: dice.when(),
        closed_at: dice.when(),
        status_changed_at: if dice.below(4) == 0 { dice.when() } else { None },
        probability: dice.one_of(&[None, None, Some(Decimal::new(7, 1)), Some(Decimal::new(1, 1))]),
        lost_reason: dice.text(&["", "price", "timing", "features", "budget"]),
        name: dice.text(&["Fleet", "Seats", "Fleet 2", ""]),
        account: dice.link(Object::Account, 4),
        ..Default::default()
    }
}

fn activity(dice: &mut Dice) -> Activity<String> {
    Activity {
        kind: dice.text(&["call", "meeting", "email", "call", "meeting", "task", "lunch"]),
        owner: dice.link(Object::User, 6),
        at: dice.when(),
        due: dice.when(),
        completed_at: if dice.below(3) == 0 { dice.when() } else { None },
        duration_seconds: Some(i64::from(dice.below(200)) * 7),
        status: dice.text(&["", "done", "", "done", "open", "cancelled", "no_show"]),
        direction: dice.text(&["", "inbound", "outbound"]),
        outcome: dice.text(&["", "connected", "no show"]),
        contacts: dice.links(Object::Contact, 5),
        leads: dice.links(Object::Lead, 4),
        deals: dice.links(Object::Deal, 12),
        accounts: dice.links(Object::Account, 4),
        ..Default::default()
    }
}

/// A stamp of a version. There are few, so that versions come late and share stamps.
fn stamp(minutes: u8) -> Timestamp {
    Timestamp(1_790_000_000_000).plus_millis(i64::from(minutes) * 60_000)
}

fn numbered(objects: Kinds) -> impl Strategy<Value = (Object, u8)> {
    prop::sample::select(objects).prop_flat_map(|(object, ids)| (Just(object), 0..ids))
}

fn dice() -> impl Strategy<Value = Dice> {
    vec(any::<u8>(), 40).prop_map(Dice)
}

fn change(objects: Kinds) -> impl Strategy<Value = Change> {
    (numbered(objects), 0..12_u8, 0..30_u8, dice()).prop_map(|((object, number), fate, minutes, mut dice)| {
        let (id_, at) = (id(object, number), stamp(minutes));
        match fate {
            10 => Change::Gone(Gone { object, id: id_, at }),
            11 => Change::Merged(Merged { object, id: id_, into: id(object, dice.below(4)), at }),
            _ => Change::Tell(Stamped { id: id_, version: at, record: record(object, number, &mut dice) }),
        }
    })
}

/// What a listing shows: every id at most once.
fn listing(objects: Kinds, most: usize) -> impl Strategy<Value = Vec<Stamped>> {
    let shown = prop::collection::btree_map(numbered(objects), dice(), 0..=most);
    shown.prop_map(|shown| {
        let stamped = |((object, number), mut dice): ((Object, u8), Dice)| Stamped {
            id: id(object, number),
            version: Timestamp::MIN,
            record: record(object, number, &mut dice),
        };
        shown.into_iter().map(stamped).collect()
    })
}

fn listings(objects: Kinds, most: usize) -> impl Strategy<Value = Vec<Listing>> {
    vec(listing(objects, most), 0..3).prop_map(|listings| {
        let begun = |(round, mut shown): (usize, Vec<Stamped>)| {
            let began_at = stamp(10 * (round as u8 + 1));
            shown.iter_mut().for_each(|stamped| stamped.version = began_at);
            (began_at, shown)
        };
        listings.into_iter().enumerate().map(begun).collect()
    })
}

/// A random organisation.
pub(super) fn organisation() -> impl Strategy<Value = Organisation> {
    let changes = STREAMS.iter().map(|(name, objects, most)| (Just(*name), vec(change(objects), 0..=*most)));
    let listings = LISTINGS.iter().map(|(name, objects, most)| {
        let kinds = objects.iter().map(|(object, _)| *object).collect();
        (Just(*name), Just(kinds), listings(objects, *most))
    });
    (changes.collect::<Vec<_>>(), listings.collect::<Vec<_>>())
        .prop_map(|(changes, listings)| Organisation { changes, listings })
}
