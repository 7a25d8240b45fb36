//! What a person does on a day, whatever else happens: calls, e-mails, meetings with executives, tasks.
//!
//! Planted: calls grew for eight months and then stayed flat; meetings with executives drive wins (`path`); e-mails do nothing.

use super::activity::{About, Act, Kind};
use super::calls;
use super::cast::{PEOPLE, Role, during_shift};
use super::market;
use super::news::News;
use super::random::Dice;
use super::time::{DAY, HOUR, month, utc_day};
use super::world::{Topic, World, id};

/// The calls of a usual day, once they have stopped growing.
const fn calls_of(role: Role) -> f64 {
    match role {
        Role::Sdr => 24.0,
        Role::Ae => 11.0,
        Role::Senior => 8.0,
        Role::Manager => 0.0,
    }
}
/// The share of them that was made before they began to grow.
const CALLS_AT_FIRST: f64 = 0.3;
const EMAILS: f64 = 4.0;
/// Meetings with executives a day of a closer with usual focus.
const EXECUTIVES: f64 = 0.9;
const TASKS: f64 = 0.7;
/// Days between planning a meeting, or entering a task, and it, at most.
const AHEAD: i64 = 9;
/// Days for which a task may be overdue before it is done.
const LATE: i64 = 4;

/// Tells what has changed of everybody's days.
pub(super) fn tell(world: &World, news: &mut News) {
    let (first, last) = news.days(AHEAD + LATE + 2, AHEAD + 2);
    let wanted = utc_day(news.activities_since().max(world.begins_at())) - AHEAD - LATE - 2;
    for day in first.max(world.start).max(wanted)..=last {
        for person in (0..PEOPLE.len()).filter(|person| is_rep(*person) && world.cast.works(*person, day)) {
            let own = Day { world, person, day };
            if news.overlaps(own.instant(0.0), own.instant(1.0) + HOUR) {
                own.calls(news);
                own.emails(news);
            }
            own.executives(news);
            own.tasks(news);
        }
    }
}

fn is_rep(person: usize) -> bool {
    PEOPLE[person].role != Role::Manager
}

/// A day of a person.
struct Day<'a> {
    world: &'a World,
    person: usize,
    day: i64,
}

impl Day<'_> {
    fn dice(&self, topic: Topic) -> Dice {
        self.world.dice(topic, self.day, self.person as u64)
    }

    fn instant(&self, share: f64) -> i64 {
        during_shift(PEOPLE[self.person].team, self.day, share)
    }

    /// Ids of the activities of one sort on this day.
    fn id(&self, sort: u64, number: u64) -> u64 {
        // Ten sorts of up to 1,000 a person a day.
        id(6, self.day, 0) * 1_000 + sort * 100_000_000 + self.person as u64 * 1_000_000 + number
    }

    /// Instants spread evenly over the shift.
    fn spread(&self, count: u64, dice: &mut Dice) -> Vec<i64> {
        (0..count).map(|number| self.instant((number as f64 + dice.unit()) / count as f64)).collect()
    }

    /// Anybody but an executive, at a company of the team's.
    fn somebody(&self, dice: &mut Dice) -> About {
        let company = market::company_of_team(self.world, PEOPLE[self.person].team, self.day, dice.below(u64::MAX));
        About { contact: Some(market::colleague(company, dice.below(u64::MAX))), ..About::default() }
    }

    fn calls(&self, news: &mut News) {
        let of = &PEOPLE[self.person];
        let share = CALLS_AT_FIRST + (1.0 - CALLS_AT_FIRST) * self.world.growth(self.day);
        let mut dice = self.dice(Topic::Calls);
        let usual = calls_of(of.role) * f64::from(of.dials) / 100.0;
        let count = dice.count(usual * share * self.world.pace);
        for (number, at) in self.spread(count, &mut dice).into_iter().enumerate() {
            let mut act = calls::call(self.id(0, number as u64), self.person, at, &mut dice);
            act.about = self.somebody(&mut dice);
            act.tell(news);
        }
    }

    fn emails(&self, news: &mut News) {
        let mut dice = self.dice(Topic::Emails);
        let count = dice.count(EMAILS * f64::from(PEOPLE[self.person].emails) / 100.0 * self.world.pace);
        for (number, at) in self.spread(count, &mut dice).into_iter().enumerate() {
            let mut act = Act::done(self.id(1, number as u64), Kind::Email, self.person, "E-mail", at, 0);
            act.inbound = dice.chance(0.3);
            act.about = self.somebody(&mut dice);
            act.tell(news);
        }
    }

    fn executives(&self, news: &mut News) {
        if !PEOPLE[self.person].role.closes() {
            return;
        }
        let mut dice = self.dice(Topic::Executives);
        let focus = self.world.focus(self.person, month(self.day));
        let count = dice.count(EXECUTIVES * focus * self.world.pace);
        for (number, at) in self.spread(count, &mut dice).into_iter().enumerate() {
            let seconds = dice.pick(&[30, 45, 60]) * 60;
            let mut act = Act::done(self.id(2, number as u64), Kind::Meeting, self.person, "Executive", at, seconds);
            act.planned = Some(at - dice.between(HOUR, AHEAD * DAY));
            act.status = if dice.chance(0.1) { "no_show" } else { "completed" };
            let team = PEOPLE[self.person].team;
            let company = market::company_of_team(self.world, team, self.day - AHEAD, dice.below(u64::MAX));
            act.about = About { contact: Some(market::executive(company)), ..About::default() };
            act.tell(news);
        }
    }

    fn tasks(&self, news: &mut News) {
        let mut dice = self.dice(Topic::Tasks);
        let count = dice.count(TASKS * self.world.pace);
        for (number, entered) in self.spread(count, &mut dice).into_iter().enumerate() {
            let due = self.day + dice.between(1, AHEAD);
            let late = if dice.chance(0.2) { dice.between(1, LATE) } else { 0 };
            let done = (due + late) * DAY + dice.between(0, 22) * HOUR;
            let mut act = Act::done(self.id(3, number as u64), Kind::Task, self.person, "Task", done, 0);
            act.planned = Some(entered);
            act.due = Some(due);
            act.about = self.somebody(&mut dice);
            act.tell(news);
        }
    }
}
