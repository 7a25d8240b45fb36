//! A made-up sales floor: the same records for the same size, each derived from its own number alone.

use std::path::Path;
use std::sync::Arc;

use crm_exporter::calendar::Calendar;
use crm_exporter::domain::{
    Account, Activity, Contact, CurrencyRate, Deal, Dictionary, Key, Lead, Object, Pipeline, Record, Stage,
    StageChange, Survey, Team, Timestamp, User, When,
};
use crm_exporter::facts::settings::{Activities, KeyActivity};
use crm_exporter::facts::{Coverage, Facts, Rules, SourceInfo};
use crm_exporter::setting::{Lasting, OneOrMany};
use crm_exporter::settings::Settings;
use fastrand::Rng;

/// Friday, 2026-11-20T16:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp(1_795_190_400_000);

/// The number that a fresh store gives its first source.
pub(crate) const SOURCE: u32 = 1;

const DAY: i64 = 86_400_000;
const SEED: u64 = 0x5eed;
const PIPELINES: u32 = 3;
/// Stages per pipeline: so many open ones, then won and lost.
const OPEN_STAGES: u32 = 5;
const STAGES: u32 = OPEN_STAGES + 2;

/// How large a floor is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) name: &'static str,
    pub(crate) reps: u32,
    pub(crate) teams: u32,
    /// Ten contacts an account, five a lead, twenty a survey's answer.
    pub(crate) contacts: u32,
    pub(crate) deals: u32,
    pub(crate) activities: u32,
}

pub(crate) const SIZES: [Size; 3] = [
    Size { name: "small", reps: 50, teams: 4, contacts: 5_000, deals: 5_000, activities: 50_000 },
    Size { name: "medium", reps: 200, teams: 10, contacts: 50_000, deals: 100_000, activities: 1_000_000 },
    Size { name: "large", reps: 1_000, teams: 40, contacts: 500_000, deals: 1_000_000, activities: 10_000_000 },
];

/// What stands for a record in a link: the CRM's id in a page, the store's key in a row.
pub(crate) trait Link {
    /// The record of that number.
    fn of(number: u32) -> Self;
}

impl Link for String {
    fn of(number: u32) -> String {
        (5_000_000_000 + u64::from(number)).to_string()
    }
}

impl Link for Key {
    fn of(number: u32) -> Key {
        Key(number)
    }
}

impl Size {
    /// Facts without records, for this floor's rules: the default settings and three key activities.
    pub(crate) fn facts(&self) -> Facts {
        let words = |words: &[&str]| OneOrMany(words.iter().map(|word| (*word).to_owned()).collect());
        let rule = |kind: &str| KeyActivity { kind: words(&[kind]), ..Default::default() };
        let live =
            KeyActivity { outcome: words(&["connected"]), min_duration: Some(Lasting::seconds(120)), ..rule("call") };
        let vp = KeyActivity { contact_level: words(&["vp", "c_level"]), ..rule("meeting") };
        let demo = KeyActivity { deal_stage: words(&["Stage 3"]), ..rule("meeting") };
        let key = [("live_conversation", live), ("vp_meeting", vp), ("demo", demo)];
        let key = key.into_iter().map(|(name, rule)| (name.to_owned(), rule)).collect();
        let activities = Activities { key, ..Default::default() };
        let source = SourceInfo { key: SOURCE, name: "crm".into(), dictionary: Dictionary::default() };
        let rules = Rules::new(&[source], &Settings { activities, ..Settings::default() }.readings()).unwrap();
        let calendar = Calendar::new(&Default::default(), Path::new(".")).unwrap();
        Facts::new(rules, Arc::new(calendar), OBJECTS.map(|object| (Some(SOURCE), object)).into())
    }

    /// All records, of each object by rising number. Numbers are dense.
    pub(crate) fn each<L: Link + 'static>(&self, mut take: impl FnMut(u32, Record<L>)) {
        let dollars = CurrencyRate {
            currency: Some("USD".into()),
            rate: Some(1.into()),
            to: Some("USD".into()),
            is_default: Some(true),
            ..Default::default()
        };
        take(0, dollars.into());
        let rate = Some("1.08".parse().unwrap());
        let euros = CurrencyRate { currency: Some("EUR".into()), rate, to: Some("USD".into()), ..Default::default() };
        take(1, euros.into());
        (0..self.teams).for_each(|n| take(n, team(n)));
        (0..self.reps).for_each(|n| take(n, user(n, n % self.teams)));
        (0..PIPELINES).for_each(|n| take(n, pipeline(n)));
        (0..PIPELINES * STAGES).for_each(|n| take(n, stage(n)));
        (0..self.accounts()).for_each(|n| take(n, account(n, self.reps)));
        (0..self.contacts).for_each(|n| take(n, contact(n, n % self.accounts())));
        (0..self.contacts / 5).for_each(|n| take(n, self.lead(n)));
        (0..self.deals).for_each(|n| take(n, Course::new(self, n).deal(self, n).into()));
        let mut change = 0;
        for deal in 0..self.deals {
            let course = Course::new(self, deal);
            for step in 0..course.steps.len() {
                take(change, course.change(deal, step));
                change += 1;
            }
        }
        (0..self.activities).for_each(|n| take(n, self.activity(n)));
        (0..self.contacts / 20).for_each(|n| take(n, self.answer(n)));
    }

    fn accounts(&self) -> u32 {
        self.contacts / 10
    }

    /// A lead of a contact: three in five become MQL within days, half of those SQL.
    fn lead<L: Link>(&self, n: u32) -> Record<L> {
        let mut rng = rng(Object::Lead, n);
        let created = NOW.plus_millis(-rng.i64(0..800 * DAY));
        let mql = created.plus_millis(rng.i64(0..9 * DAY));
        let sql = mql.plus_millis(rng.i64(0..9 * DAY));
        let (is_mql, is_sql) = (rng.u8(..5) < 3, rng.bool());
        let reached = |at: Timestamp, is: bool| (is && at <= NOW).then_some(When::At(at));
        let sources = ["web form", "fair", "demo request", "partner", "cold call"];
        Lead {
            owner: Some(L::of(rng.u32(..self.reps))),
            source: Some(sources[rng.usize(..sources.len())].into()),
            contact: Some(L::of(n)),
            account: Some(L::of(n % self.accounts())),
            created_at: Some(When::At(created)),
            mql_at: reached(mql, is_mql),
            sql_at: reached(sql, is_mql && is_sql),
            ..Default::default()
        }
        .into()
    }

    fn answer<L: Link>(&self, n: u32) -> Record<L> {
        let mut rng = rng(Object::Survey, n);
        Survey {
            survey: Some("Onboarding".into()),
            score: Some(rng.i64(0..=10).into()),
            account: Some(L::of(rng.u32(..self.accounts()))),
            at: Some(When::At(NOW.plus_millis(-rng.i64(0..800 * DAY)))),
            ..Default::default()
        }
        .into()
    }

    fn activity<L: Link>(&self, n: u32) -> Record<L> {
        let mut rng = rng(Object::Activity, n);
        let kind =
            ["call", "email", "meeting", "task", "call", "email", "call", "email", "call", "email"][rng.usize(..10)];
        let open = rng.u8(..100) < 3;
        let at = match open {
            true => NOW.plus_millis(rng.i64(-5 * DAY..30 * DAY)),
            false => NOW.plus_millis(-rng.i64(0..800 * DAY)),
        };
        let at = Some(When::At(at));
        let is_timed = matches!(kind, "call" | "meeting");
        let contacts = (0..rng.u32(1..=2)).map(|_| L::of(rng.u32(..self.contacts))).collect();
        let deals = (rng.u8(..10) < 7).then(|| L::of(rng.u32(..self.deals))).into_iter().collect();
        Activity {
            kind: Some(kind.into()),
            owner: Some(L::of(rng.u32(..self.reps))),
            at: at.filter(|_| kind != "task"),
            due: at.filter(|_| kind == "task"),
            duration_seconds: is_timed.then(|| rng.i64(5..3600)),
            status: Some(if open { "open" } else { "completed" }.into()),
            direction: Some(if rng.u8(..10) < 3 { "inbound" } else { "outbound" }.into()),
            outcome: (kind == "call").then(|| if rng.bool() { "connected" } else { "no answer" }.into()),
            subject: Some("Follow-up on the proposal of last week".into()),
            contacts: Some(contacts),
            deals: Some(deals),
            created_at: at,
            ..Default::default()
        }
        .into()
    }
}

/// The objects that the floor has.
const OBJECTS: [Object; 12] = [
    Object::CurrencyRate,
    Object::Team,
    Object::User,
    Object::Pipeline,
    Object::Stage,
    Object::Account,
    Object::Contact,
    Object::Lead,
    Object::Deal,
    Object::StageChange,
    Object::Activity,
    Object::Survey,
];

/// The floor's records, all loaded just before now.
pub(crate) fn coverage() -> Coverage {
    let successes = [(SOURCE, NOW)].into();
    Coverage { complete: OBJECTS.into(), polled_at: Some(NOW), activities_since: None, successes }
}

fn rng(object: Object, number: u32) -> Rng {
    Rng::with_seed(SEED << 40 | u64::from(object as u8) << 32 | u64::from(number))
}

fn team<L>(n: u32) -> Record<L> {
    Team { name: Some(format!("Team {n}")), ..Default::default() }.into()
}

fn user<L: Link>(n: u32, team: u32) -> Record<L> {
    User {
        name: Some(format!("Person Number {n}")),
        email: Some(format!("person{n}@example.com")),
        team: Some(L::of(team)),
        ..Default::default()
    }
    .into()
}

fn pipeline<L>(n: u32) -> Record<L> {
    Pipeline { name: Some(format!("Pipeline {n}")), ..Default::default() }.into()
}

fn stage<L: Link>(n: u32) -> Record<L> {
    let place = n % STAGES;
    let (name, outcome) = match place.checked_sub(OPEN_STAGES) {
        None => (format!("Stage {place}"), "open"),
        Some(0) => ("Won".to_owned(), "won"),
        Some(_) => ("Lost".to_owned(), "lost"),
    };
    Stage {
        pipeline: Some(L::of(n / STAGES)),
        name: Some(name),
        position: Some(place.into()),
        outcome: Some(outcome.into()),
        ..Default::default()
    }
    .into()
}

/// One account in a hundred is marked as a key account.
fn account<L: Link>(n: u32, reps: u32) -> Record<L> {
    Account {
        name: Some(format!("Company Number {n}")),
        domain: Some(format!("company{n}.example")),
        owner: Some(L::of(n % reps)),
        annual_revenue: Some((i64::from(n % 997) * 50_000).into()),
        key: Some(n.is_multiple_of(100)),
        ..Default::default()
    }
    .into()
}

fn contact<L: Link>(n: u32, account: u32) -> Record<L> {
    let titles =
        ["Chief Revenue Officer", "VP Sales", "Director of IT", "Account Manager", "Engineer", "Buyer", "", ""];
    let title = titles[rng(Object::Contact, n).usize(..titles.len())];
    let title = Some(title.to_owned()).filter(|title| !title.is_empty());
    Contact { title, account: Some(L::of(account)), ..Default::default() }.into()
}

/// How a deal went.
struct Course {
    owner: u32,
    pipeline: u32,
    created: Timestamp,
    /// Stages with when they were entered.
    steps: Vec<(u32, Timestamp)>,
    rng: Rng,
}

impl Course {
    /// The deal of that number: through up to five stages, and in the end won, lost or still open.
    fn new(size: &Size, deal: u32) -> Course {
        let mut rng = rng(Object::Deal, deal);
        let owner = rng.u32(..size.reps);
        // People sell mostly one thing.
        let pipeline = (owner + u32::from(rng.u8(..10) == 0)) % PIPELINES;
        let created = NOW.plus_millis(-rng.i64(0..1000 * DAY));
        let mut at = created;
        let mut steps = Vec::new();
        for place in 0..rng.u32(1..=OPEN_STAGES) {
            steps.push((pipeline * STAGES + place, at));
            at = at.plus_millis(rng.i64(DAY / 10..40 * DAY));
        }
        let end = OPEN_STAGES + u32::from(rng.u8(..10) < 6);
        steps.push((pipeline * STAGES + end, at));
        steps.retain(|(_, at)| *at <= NOW);
        Course { owner, pipeline, created, steps, rng }
    }

    fn deal<L: Link>(mut self, size: &Size, n: u32) -> Deal<L> {
        let (stage, since) = *self.steps.last().unwrap();
        let place = stage % STAGES;
        let expected = since.plus_millis(self.rng.i64(0..60 * DAY));
        let reasons = ["Price", "Timing", "No decision", "Competitor", "Missing feature"];
        let rng = &mut self.rng;
        Deal {
            name: Some(format!("Renewal and extension {n}")),
            owner: Some(L::of(self.owner)),
            account: Some(L::of(n % size.accounts())),
            contacts: Some(vec![L::of(rng.u32(..size.contacts))]),
            pipeline: Some(L::of(self.pipeline)),
            stage: Some(L::of(stage)),
            amount: (rng.u8(..20) > 0).then(|| rng.i64(500..100_000).into()),
            currency: Some(if rng.u8(..20) < 3 { "EUR" } else { "USD" }.into()),
            created_at: Some(When::At(self.created)),
            closed_at: Some(When::At(if place < OPEN_STAGES { expected } else { since })),
            lost_reason: (place > OPEN_STAGES).then(|| reasons[rng.usize(..reasons.len())].into()),
            ..Default::default()
        }
    }

    fn change<L: Link>(&self, deal: u32, step: usize) -> Record<L> {
        let (stage, at) = self.steps[step];
        let before = step.checked_sub(1).map(|before| L::of(self.steps[before].0));
        StageChange {
            deal: Some(L::of(deal)),
            stage: Some(L::of(stage)),
            from_stage: before,
            at: Some(When::At(at)),
            ..Default::default()
        }
        .into()
    }
}
