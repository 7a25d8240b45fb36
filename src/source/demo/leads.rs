//! Leads: where they come from, how fast they are answered, and what becomes of them.
//!
//! A lead goes to the team at work when it comes. Planted: one team answers late.

use rust_decimal::Decimal;

use super::activity::{About, Act, Kind};
use super::calls;
use super::cast::{Role, TEAMS, local_day};
use super::market;
use super::news::News;
use super::random::Dice;
use super::time::{DAY, HOUR, MINUTE, at};
use super::world::{Topic, World, id, user_id};
use crate::domain::{Lead as Record, Object, OwnerChange, StatusChange};

/// Leads on a usual day.
const A_DAY: f64 = 30.0;
/// No lead changes later than so many days after it came.
pub(super) const LIFE: i64 = 70;

const SOURCES: [Option<&str>; 16] = [
    Some("web form"),
    Some("web form"),
    Some("web form"),
    Some("web form"),
    Some("demo request"),
    Some("demo request"),
    Some("demo request"),
    Some("webinar"),
    Some("webinar"),
    Some("referral"),
    Some("referral"),
    Some("trade fair"),
    Some("partner"),
    Some("content download"),
    Some("content download"),
    None,
];
const TITLES: [Option<&str>; 9] = [
    Some("Head of Operations"),
    Some("Operations Manager"),
    Some("IT Director"),
    Some("Chief Information Officer"),
    Some("VP Supply Chain"),
    Some("Buyer"),
    Some("Consultant"),
    Some("Office Manager"),
    None,
];

/// What becomes of a lead, which is decided when it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Unanswered,
    Contacted,
    Mql,
    Sql,
    Converted,
}

fn fate(world: &World, day: i64, number: u64) -> Fate {
    match world.dice(Topic::LeadFate, day, number).below(1_000) {
        0..40 => Fate::Unanswered,
        40..460 => Fate::Contacted,
        460..670 => Fate::Mql,
        670..810 => Fate::Sql,
        _ => Fate::Converted,
    }
}

/// A lead with all that will become of it.
#[derive(Debug)]
pub(super) struct Lead {
    id: u64,
    day: i64,
    number: u64,
    created: i64,
    pub(super) team: usize,
    sdr: usize,
    /// Its statuses, each from its instant on.
    statuses: Vec<(i64, &'static str)>,
    /// First and further touches.
    touches: Vec<i64>,
    /// The closer who takes it over, and when.
    pub(super) closer: Option<(i64, usize)>,
    /// When it becomes a deal.
    pub(super) converted: Option<i64>,
    disqualified: Option<i64>,
    deleted: Option<i64>,
}

/// How many leads come on a UTC day.
fn count(world: &World, day: i64) -> u64 {
    match day < world.start {
        true => 0,
        false => world.dice(Topic::LeadCount, day, 0).count(A_DAY * world.season(day)),
    }
}

/// The leads of a day that become deals, of those whose numbers are wanted.
pub(super) fn converting(world: &World, day: i64, wanted: impl Fn(u64) -> bool) -> impl Iterator<Item = Lead> {
    let count = count(world, day);
    let converting = (0..count).filter(move |number| fate(world, day, *number) == Fate::Converted && wanted(*number));
    converting.map(move |number| Lead::new(world, day, number, count))
}

/// Tells what has changed of leads.
pub(super) fn tell(world: &World, news: &mut News) {
    let (first, last) = news.days(LIFE, 0);
    for day in first..=last {
        let count = count(world, day);
        for number in 0..count {
            Lead::new(world, day, number, count).tell(world, news);
        }
    }
}

impl Lead {
    fn new(world: &World, day: i64, number: u64, count: u64) -> Lead {
        let mut dice = world.dice(Topic::Lead, day, number);
        let created = day * DAY + ((number as f64 + dice.unit()) / count as f64 * DAY as f64) as i64;
        let team = world.cast.team_at(created);
        let sdr = world.cast.someone(team, local_day(team, created), |role| role == Role::Sdr, &mut dice);
        let mut lead = Lead {
            id: id(2, day, number),
            day,
            number,
            created,
            team,
            sdr,
            statuses: vec![(created, "new")],
            touches: Vec::new(),
            closer: None,
            converted: None,
            disqualified: None,
            deleted: None,
        };
        lead.live(world, fate(world, day, number), &mut dice);
        // A few are rubbish, which shows soon.
        lead.deleted = (lead.converted.is_none() && dice.chance(0.01)).then(|| lead.last_change() + HOUR);
        lead
    }

    /// Goes through what becomes of the lead.
    fn live(&mut self, world: &World, fate: Fate, dice: &mut Dice) {
        if fate == Fate::Unanswered {
            return self.disqualify(self.created + dice.between(12 * 24, 16 * 24) * HOUR);
        }
        let wait = match TEAMS[self.team].answers_late {
            true => dice.between(150, 480) * MINUTE,
            false => dice.between(2, 40) * MINUTE,
        };
        let mut now = world.cast.at_work(self.sdr, self.created + wait + dice.between(0, 59_999), dice);
        self.touches.push(now);
        self.enter("contacted", now + 10 * MINUTE);
        for (reached, status) in [(Fate::Mql, "mql"), (Fate::Sql, "sql")] {
            if fate < reached {
                break;
            }
            now = world.cast.at_work(self.sdr, now + dice.between(18, 72) * HOUR, dice);
            self.touches.push(now);
            self.enter(status, now + 10 * MINUTE);
        }
        if fate >= Fate::Sql {
            let at = now + HOUR;
            let closer = world.cast.someone(self.team, local_day(self.team, at), Role::closes, dice);
            self.closer = Some((at, closer));
        }
        match (fate, self.closer) {
            (Fate::Converted, Some((at, closer))) => {
                let at = world.cast.at_work(closer, at + dice.between(4, 90) * HOUR, dice);
                self.enter("converted", at);
                self.converted = Some(at);
            }
            // Those that do not go on are tried once more; most are then given up, the rest stay for better times.
            _ => {
                let again = world.cast.at_work(self.sdr, now + dice.between(30, 90) * HOUR, dice);
                self.touches.push(again);
                if dice.chance(0.8) {
                    self.disqualify(again + dice.between(2, 12) * DAY);
                }
            }
        }
    }

    fn enter(&mut self, status: &'static str, at: i64) {
        self.statuses.push((at, status));
    }

    fn disqualify(&mut self, at: i64) {
        self.enter("disqualified", at);
        self.disqualified = Some(at);
    }

    fn last_change(&self) -> i64 {
        self.statuses.last().map_or(self.created, |(at, _)| *at)
    }

    /// The day on which it came and its number on that day.
    pub(super) fn place(&self) -> (i64, u64) {
        (self.day, self.number)
    }

    /// The company that it turns out to be of, and the person there.
    pub(super) fn company(&self, world: &World) -> (i64, String) {
        let mut dice = world.dice(Topic::Lead, self.day, self.number + (1 << 32));
        let company = market::buyer(world, self.team, self.day, dice.below(u64::MAX));
        (company, market::colleague(company, dice.below(u64::MAX)))
    }

    fn tell(&self, world: &World, news: &mut News) {
        let end = self.deleted.unwrap_or_else(|| self.last_change() + DAY);
        let touched = self.touches.last().map_or(end, |at| at + HOUR);
        if !news.overlaps(self.created, end.max(touched)) {
            return;
        }
        let key = self.id.to_string();
        let handed_over = self.closer.map(|(at, _)| at);
        let stamps = self.statuses.iter().map(|(at, _)| *at).chain(handed_over);
        news.tell(key.clone(), stamps, |stamp| self.record(world, stamp).into());
        for (index, (at_, status)) in self.statuses.iter().enumerate().skip(1) {
            news.tell((self.id * 10 + index as u64).to_string(), [*at_], |_| {
                StatusChange {
                    lead: Some(key.clone()),
                    status: Some((*status).to_owned()),
                    at: at(*at_),
                    ..Default::default()
                }
                .into()
            });
        }
        if let Some((at_, owner)) = self.closer {
            news.tell((self.id * 10).to_string(), [at_], |_| {
                let owner = Some(user_id(owner));
                OwnerChange { lead: Some(key.clone()), owner, at: at(at_), ..Default::default() }.into()
            });
        }
        self.tell_touches(world, news);
        if let Some(at) = self.deleted {
            news.gone(Object::Lead, &key, at);
        }
    }

    fn tell_touches(&self, world: &World, news: &mut News) {
        for (index, at) in self.touches.iter().enumerate() {
            let mut dice = world.dice(Topic::Lead, self.day, self.number + ((index as u64 + 2) << 32));
            let id = self.id * 10 + index as u64;
            let mut act = match dice.chance(0.7) {
                true => calls::call(id, self.sdr, *at, &mut dice),
                false => Act::done(id, Kind::Email, self.sdr, "Your enquiry", *at, 0),
            };
            act.inbound = false;
            act.about = About { lead: Some(self.id.to_string()), ..About::default() };
            act.tell(news);
        }
    }

    fn record(&self, world: &World, stamp: i64) -> Record<String> {
        let mut dice = world.dice(Topic::Lead, self.day, self.number + (1 << 33));
        let by = |instant: Option<i64>| instant.filter(|at| *at <= stamp);
        let owner = self.closer.filter(|(at, _)| *at <= stamp).map_or(self.sdr, |(_, closer)| closer);
        let status = self.statuses.iter().rev().find(|(at, _)| *at <= stamp).map(|(_, status)| *status);
        let known = dice.chance(0.6);
        let millions = dice.between(1, 60);
        let converted = by(self.converted).map(|_| self.company(world));
        Record {
            owner: Some(user_id(owner)),
            creator: Some(user_id(self.sdr)),
            source: dice.pick(&SOURCES).map(str::to_owned),
            kind: Some("inbound".to_owned()),
            status: status.map(str::to_owned),
            title: dice.pick(&TITLES).map(str::to_owned),
            account: converted.as_ref().map(|(company, _)| market::account_id(*company)),
            contact: converted.as_ref().map(|(_, contact)| contact.clone()),
            deal: by(self.converted).map(|_| deal_id(self).to_string()),
            company_revenue: known.then(|| Decimal::from(millions * 1_000_000)),
            currency: known.then(|| "USD".to_owned()),
            company_employees: known.then(|| millions * dice.between(3, 9)),
            created_at: at(self.created),
            disqualified_at: by(self.disqualified).and_then(at),
            converted_at: by(self.converted).and_then(at),
            ..Default::default()
        }
    }
}

/// The id of the deal that a lead becomes.
pub(super) fn deal_id(lead: &Lead) -> u64 {
    id(3, lead.day, lead.number)
}

/// All leads that came on some days, for tests.
#[cfg(test)]
pub(super) fn all(world: &World, first: i64, last: i64) -> Vec<Lead> {
    let of_day = |day: i64| {
        let count = count(world, day);
        (0..count).map(move |number| Lead::new(world, day, number, count))
    };
    (first..=last).flat_map(of_day).collect()
}

#[cfg(test)]
mod tests {
    use super::super::cast::PEOPLE;
    use super::super::time::utc_day;
    use super::*;

    fn world() -> World {
        World::new(1, 1.0, "2025-11-18".parse().unwrap(), crate::source::demo::settings::USUAL_YEARS)
    }

    /// The median wait for the first touch, in minutes.
    fn median_wait(leads: &[Lead], team: usize) -> i64 {
        let of_team = leads.iter().filter(|lead| lead.team == team);
        let mut waits: Vec<i64> =
            of_team.filter_map(|lead| Some((lead.touches.first()? - lead.created) / MINUTE)).collect();
        waits.sort_unstable();
        waits[waits.len() / 2]
    }

    #[test]
    fn one_team_answers_late() {
        let world = world();
        let leads = all(&world, world.start + 100, world.start + 200);
        for (team, of) in TEAMS.iter().enumerate() {
            let wait = median_wait(&leads, team);
            assert_eq!(wait > 120, of.answers_late, "{}: {wait} min", of.name);
            assert!(of.answers_late || wait < 45, "{}: {wait} min", of.name);
        }
    }

    #[test]
    fn a_lead_goes_forward_in_time_and_ends_within_its_life() {
        let world = world();
        for lead in all(&world, world.start, world.start + 800) {
            assert!(lead.statuses.windows(2).all(|pair| pair[0].0 < pair[1].0), "{lead:?}");
            assert!(lead.touches.windows(2).all(|pair| pair[0] < pair[1]), "{lead:?}");
            let last = lead.touches.last().copied().unwrap_or(0).max(lead.last_change()).max(lead.deleted.unwrap_or(0));
            assert!(utc_day(last) < lead.day + LIFE, "{lead:?}");
            assert_eq!(PEOPLE[lead.sdr].team, lead.team);
        }
    }
}
