//! Deals: where they come from, what they are worth, and what is done about them.

use rust_decimal::Decimal;

use super::activity::{About, Act, Kind};
use super::calls;
use super::cast::{PEOPLE, Role, TEAMS, local_day};
use super::leads::{self, Lead};
use super::market;
use super::money::in_currency;
use super::news::News;
use super::path::Path;
use super::pipelines::{PIPELINES, pipeline_id, stage_id};
use super::random::Dice;
use super::time::{DAY, HOUR, MINUTE, at, on, utc_day};
use super::world::{Topic, World, id, user_id};
use crate::domain::{Deal as Record, Object, OwnerChange, StageChange, Survey};

/// Deals on a usual day that no lead came before.
const A_DAY: f64 = 4.5;
/// No deal changes later than so many days after it, or the lead it came of, came.
const LIFE: i64 = 340;
/// The same for deals that are not slow: the most of them, which so need not be looked at for as long.
const USUAL_LIFE: i64 = 160;
/// The share of deals that may stall or be reopened.
const SLOW: f64 = 0.14;

/// What sets the keys of deals that came of leads apart from those of others.
const OF_LEADS: u64 = 1 << 32;

const LOST: [&str; 6] = ["price", "no decision", "competitor", "timing", "missing feature", "no budget"];

/// A deal with all that will become of it.
#[derive(Debug)]
pub(super) struct Deal {
    id: u64,
    /// The day and number that its dice go by.
    key: (i64, u64),
    created: i64,
    pub(super) pipeline: usize,
    company: i64,
    source: Option<&'static str>,
    contacts: Vec<String>,
    pub(super) path: Path,
    dollars: i64,
    currency: &'static str,
    /// The amount is cut when the deal leaves its first stage.
    cut: bool,
    deleted: Option<i64>,
}

/// Tells what has changed of deals.
pub(super) fn tell(world: &World, news: &mut News) {
    let (first, last) = news.days(LIFE, 0);
    for day in first.max(world.start)..=last {
        let is_recent = day >= first + LIFE - USUAL_LIFE;
        let may_change = |key| is_recent || is_slow(world, key);
        for lead in leads::converting(world, day, |number| may_change((day, number + OF_LEADS))) {
            Deal::of_lead(world, &lead).into_iter().for_each(|deal| deal.tell(world, news));
        }
        for number in (0..count(world, day)).filter(|number| may_change((day, *number))) {
            Deal::own(world, day, number).tell(world, news);
        }
    }
}

/// How many deals begin on a day that no lead came before.
fn count(world: &World, day: i64) -> u64 {
    world.dice(Topic::DealCount, day, 0).count(A_DAY * world.season(day))
}

/// Whether a deal may stall or be reopened.
fn is_slow(world: &World, key: (i64, u64)) -> bool {
    world.dice(Topic::DealFate, key.0, key.1).chance(SLOW)
}

impl Deal {
    fn of_lead(world: &World, lead: &Lead) -> Option<Deal> {
        let (created, (_, closer)) = (lead.converted?, lead.closer?);
        let (company, contact) = lead.company(world);
        let (day, number) = lead.place();
        let key = (day, number + OF_LEADS);
        let mut dice = world.dice(Topic::Deal, key.0, key.1);
        // Whoever has left meanwhile gets no new deals.
        let owner = match world.cast.left_at(closer).filter(|left| *left <= created) {
            Some(_) => world.cast.someone(lead.team, utc_day(created), Role::closes, &mut dice),
            None => closer,
        };
        let mut deal = Deal::new(world, key, 0, owner, created, company, &mut dice);
        deal.id = leads::deal_id(lead);
        deal.source = Some("inbound");
        deal.contacts.insert(0, contact);
        Some(deal)
    }

    /// A deal that a closer found.
    fn own(world: &World, day: i64, number: u64) -> Deal {
        let mut dice = world.dice(Topic::Deal, day, number);
        let team = dice.below(TEAMS.len() as u64) as usize;
        let closer = world.cast.someone(team, day, Role::closes, &mut dice);
        let found = super::cast::during_shift(team, day, dice.unit());
        let created = world.cast.at_work(closer, found, &mut dice);
        let pipeline = usize::from(dice.chance(0.45));
        let company = market::buyer(world, team, day, dice.below(u64::MAX));
        let mut deal = Deal::new(world, (day, number), pipeline, closer, created, company, &mut dice);
        deal.id = id(5, day, number);
        deal.source = Some(if pipeline == 0 { "outbound" } else { "customer" });
        deal
    }

    fn new(
        world: &World,
        key: (i64, u64),
        pipeline: usize,
        owner: usize,
        created: i64,
        company: i64,
        dice: &mut Dice,
    ) -> Deal {
        let (least, most) = PIPELINES[pipeline].worth;
        let senior = if PEOPLE[owner].role == Role::Senior { 5 } else { 4 };
        let path = Path::new(world, pipeline, owner, created, is_slow(world, key), dice);
        let deleted = dice.chance(0.01).then(|| created + dice.between(1, 48) * HOUR);
        Deal {
            id: 0,
            key,
            created,
            pipeline,
            company,
            source: None,
            contacts: (0..dice.below(3)).map(|number| market::colleague(company, number)).collect(),
            dollars: dice.between(least, most) * senior / 4,
            currency: dice.pick(TEAMS[PEOPLE[owner].team].currencies),
            cut: dice.chance(0.3),
            deleted: deleted.filter(|at| *at < path.closed),
            path,
        }
    }

    fn tell(&self, world: &World, news: &mut News) {
        let end = self.deleted.unwrap_or(i64::MAX);
        let surveyed = self.surveyed(world);
        let last = self.path.closed.max(surveyed.map_or(0, |(at, _)| at)).min(end);
        if !news.overlaps(self.created, last + HOUR) {
            return;
        }
        let key = self.id.to_string();
        let before_end = |at: &i64| *at < end;
        let stages = self.path.stages.iter().map(|(at, _)| *at);
        let stamps = stages.chain(self.path.owners.iter().map(|(at, _)| *at)).filter(before_end);
        news.tell(key.clone(), stamps, |stamp| self.record(stamp).into());
        for (index, (entered, place)) in self.path.stages.iter().enumerate().filter(|(_, (at, _))| *at < end) {
            let from = index.checked_sub(1).map(|before| self.path.stages[before].1);
            news.tell((self.id * 100 + index as u64).to_string(), [*entered], |_| {
                StageChange {
                    deal: Some(key.clone()),
                    stage: Some(stage_id(self.pipeline, *place)),
                    from_stage: from.map(|from| stage_id(self.pipeline, from)),
                    at: at(*entered),
                    ..Default::default()
                }
                .into()
            });
        }
        for (index, (from, owner)) in self.path.owners.iter().enumerate().skip(1).filter(|(_, (at, _))| *at < end) {
            news.tell((self.id * 100 + index as u64).to_string(), [*from], |_| {
                let owner = Some(user_id(*owner));
                OwnerChange { deal: Some(key.clone()), owner, at: at(*from), ..Default::default() }.into()
            });
        }
        self.tell_activities(world, end, news);
        if let Some((answered, score)) = surveyed.filter(|(at, _)| *at < end) {
            news.tell(key.clone(), [answered], |_| self.survey(answered, score).into());
        }
        if let Some(at) = self.deleted {
            news.gone(Object::Deal, &key, at);
        }
    }

    /// When the customer answered the survey after a win, and with what.
    fn surveyed(&self, world: &World) -> Option<(i64, i64)> {
        let mut dice = world.dice(Topic::DealActivity, self.key.0, self.key.1);
        let answers = dice.chance(0.4);
        let (later, score) = (dice.between(3 * DAY, 20 * DAY), dice.pick(&[10, 10, 10, 9, 9, 9, 8, 8, 7, 6, 5, 3]));
        // Planted: whoever was answered late is less satisfied.
        let score = if TEAMS[market::team_of(self.company)].answers_late { score - 2 } else { score };
        (answers && self.is_won(i64::MAX)).then_some((self.path.closed + later, score))
    }

    fn survey(&self, answered: i64, score: i64) -> Survey<String> {
        Survey {
            survey: Some("After purchase".to_owned()),
            score: Some(Decimal::from(score)),
            owner: Some(user_id(self.path.owner(answered))),
            account: Some(market::account_id(self.company)),
            deal: Some(self.id.to_string()),
            at: at(answered),
            ..Default::default()
        }
    }

    /// The stage at an instant, and since when.
    fn stage(&self, instant: i64) -> (i64, usize) {
        let entered = self.path.stages.iter().rev().find(|(from, _)| *from <= instant);
        entered.copied().unwrap_or(self.path.stages[0])
    }

    fn is_won(&self, instant: i64) -> bool {
        self.stage(instant).1 == PIPELINES[self.pipeline].won()
    }

    fn record(&self, stamp: i64) -> Record<String> {
        let of = &PIPELINES[self.pipeline];
        let (since, place) = self.stage(stamp);
        let closed = (place >= of.won()).then_some(since);
        let status = match place {
            place if place == of.won() => "won",
            place if place == of.lost() => "lost",
            _ => "open",
        };
        let dollars = if self.cut && place > 0 { self.dollars * 9 / 10 } else { self.dollars };
        // What is open longer than foreseen is put off each time it moves.
        let foreseen = of.stages.iter().skip(place).map(|stage| (stage.days.0 + stage.days.1) / 2 + 1).sum::<i64>();
        Record {
            name: Some(format!("{} - {}", market::company_name(self.company), of.name)),
            owner: Some(user_id(self.path.owner(stamp))),
            account: Some(market::account_id(self.company)),
            contacts: Some(self.contacts.clone()),
            pipeline: Some(pipeline_id(self.pipeline)),
            stage: Some(stage_id(self.pipeline, place)),
            status: Some(status.to_owned()),
            // Of some, nobody has asked yet what they are worth.
            amount: (place > 0 || self.dollars % 16 != 0).then(|| in_currency(dollars, self.currency)),
            currency: Some(self.currency.to_owned()),
            created_at: at(self.created),
            closed_at: closed.and_then(at),
            expected_close: if closed.is_none() { on(utc_day(since) + foreseen) } else { None },
            status_changed_at: closed.and_then(at),
            lost_reason: (place == of.lost()).then(|| LOST[(self.dollars % 11 % 6) as usize].to_owned()),
            source: self.source.map(str::to_owned),
            ..Default::default()
        }
    }

    /// What the owners do in each open stage: a meeting, calls, and a task for the next step.
    fn tell_activities(&self, world: &World, end: i64, news: &mut News) {
        for (index, pair) in self.path.stages.windows(2).enumerate() {
            let ((entered, place), (left, _)) = (pair[0], pair[1].min((end, 0)));
            // What was planned for a time when the deal was gone has been forgotten.
            if place < PIPELINES[self.pipeline].won() && entered < end && news.overlaps(entered, left + HOUR) {
                let mut dice = world.dice(Topic::DealActivity, self.key.0, self.key.1 + ((index as u64 + 1) << 34));
                let stay = Stay { deal: self, number: index as u64, entered, left };
                stay.acts(world, &mut dice).iter().for_each(|act| act.tell(news));
            }
        }
    }
}

/// A deal's stay in a stage.
struct Stay<'a> {
    deal: &'a Deal,
    number: u64,
    entered: i64,
    left: i64,
}

impl Stay<'_> {
    fn acts(&self, world: &World, dice: &mut Dice) -> Vec<Act> {
        let mut acts = vec![self.next_step(dice)];
        acts.extend(self.meeting(world, dice));
        for _ in 0..dice.below(3) {
            let at = self.instant(world, dice.unit(), dice);
            let person = self.deal.path.owner(at);
            acts.push(calls::call(0, person, at, dice));
        }
        acts.retain(|act| act.ended.is_none_or(|ended| ended < self.left) || act.kind == Kind::Task);
        for (number, act) in acts.iter_mut().enumerate() {
            act.id = self.deal.id * 1_000 + self.number * 20 + number as u64;
            act.about = self.about(dice);
        }
        acts
    }

    fn instant(&self, world: &World, share: f64, dice: &mut Dice) -> i64 {
        let at = self.entered + ((self.left - self.entered) as f64 * share) as i64;
        world.cast.at_work(self.deal.path.owner(at), at, dice)
    }

    fn about(&self, dice: &mut Dice) -> About {
        let contacts = &self.deal.contacts;
        let somebody = || market::colleague(self.deal.company, 0);
        let contact = match contacts.is_empty() {
            true => somebody(),
            false => contacts[dice.below(contacts.len() as u64) as usize].clone(),
        };
        let account = Some(market::account_id(self.deal.company));
        About { contact: Some(contact), lead: None, deal: Some(self.deal.id.to_string()), account }
    }

    fn meeting(&self, world: &World, dice: &mut Dice) -> Option<Act> {
        let share = 0.3 + dice.unit() * 0.5;
        let at = self.instant(world, share, dice);
        let planned = self.entered + (at - self.entered) / 4;
        let minutes = dice.pick(&[30, 30, 45, 60]);
        let mut act = Act::done(0, Kind::Meeting, self.deal.path.owner(at), "Meeting", at, minutes * 60);
        act.planned = Some(planned);
        act.status = match dice.below(100) {
            0..12 => "no_show",
            12..17 => "cancelled",
            _ => "completed",
        };
        (planned < at).then_some(act)
    }

    fn next_step(&self, dice: &mut Dice) -> Act {
        let planned = self.entered + dice.between(5, 50) * MINUTE;
        let due = local_day(PEOPLE[self.deal.path.owner(planned)].team, planned) + dice.between(4, 21);
        let done = self.left.min(due * DAY + 15 * HOUR);
        let mut act = Act::done(0, Kind::Task, self.deal.path.owner(planned), "Next step", done, 0);
        act.planned = Some(planned);
        act.due = Some(due);
        act
    }
}

/// All deals that came on some days, for tests.
#[cfg(test)]
pub(super) fn all(world: &World, first: i64, last: i64) -> Vec<Deal> {
    let of_day = |day: i64| {
        let of_leads = leads::converting(world, day, |_| true).filter_map(|lead| Deal::of_lead(world, &lead));
        of_leads.chain((0..count(world, day)).map(move |number| Deal::own(world, day, number))).collect::<Vec<_>>()
    };
    (first..=last).flat_map(of_day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deal_goes_forward_in_time_and_ends_within_its_life() {
        let world = World::new(1, 1.0, "2025-11-18".parse().unwrap(), crate::source::demo::settings::USUAL_YEARS);
        let deals = all(&world, world.start, world.start + 800);
        assert!(deals.len() > 5_000);
        for deal in &deals {
            let path = &deal.path;
            assert!(path.stages.windows(2).all(|pair| pair[0].0 < pair[1].0), "{deal:?}");
            assert!(path.owners.windows(2).all(|pair| pair[0].0 < pair[1].0), "{deal:?}");
            let last = deal.surveyed(&world).map_or(path.closed, |(at, _)| at);
            let life = if is_slow(&world, deal.key) { LIFE } else { USUAL_LIFE };
            assert!(utc_day(last + HOUR) < deal.key.0 + life, "{deal:?}");
            for (at, owner) in &path.owners {
                assert!(world.cast.left_at(*owner).is_none_or(|left| *at < left), "{deal:?}");
            }
        }
    }
}
