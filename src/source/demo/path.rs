//! The way of a deal through its pipeline: when it enters which stage, in whose hands, and how it ends.
//!
//! Planted: how many executives its owner met in the month before a stage is left moves the odds of getting on, and so
//! does the owner's skill.

use super::cast::{PEOPLE, Role, local_day};
use super::pipelines::PIPELINES;
use super::random::Dice;
use super::time::{DAY, HOUR, MINUTE, month, next_quarter, utc_day};
use super::world::World;

/// What becomes of a deal.
#[derive(Debug)]
pub(super) struct Path {
    /// Stages by their place in the pipeline, each from its instant on.
    pub(super) stages: Vec<(i64, usize)>,
    /// Owners, each from the instant on.
    pub(super) owners: Vec<(i64, usize)>,
    /// When it was closed for good.
    pub(super) closed: i64,
}

/// Shortest time between two changes of a deal.
const APART: i64 = 5 * MINUTE;

impl Path {
    /// The way of a deal that begins with an owner at an instant. A slow one may stall, or be reopened.
    pub(super) fn new(
        world: &World,
        pipeline: usize,
        owner: usize,
        created: i64,
        is_slow: bool,
        dice: &mut Dice,
    ) -> Path {
        let mut path = Path { stages: vec![(created, 0)], owners: vec![(created, owner)], closed: created };
        let is_reopened = is_slow && dice.chance(0.4);
        path.go(world, pipeline, 0, is_slow, dice);
        let of = &PIPELINES[pipeline];
        let is_lost = path.stages.last().is_some_and(|(_, place)| *place == of.lost());
        if is_lost && is_reopened {
            let last = of.stages.len() - 1;
            let again = path.next(world, path.closed + dice.between(4, 10) * DAY, dice);
            path.stages.push((again, last));
            path.go(world, pipeline, last, is_slow, dice);
        }
        path
    }

    /// Goes from the stage at `place` to the end.
    fn go(&mut self, world: &World, pipeline: usize, place: usize, is_slow: bool, dice: &mut Dice) {
        let of = &PIPELINES[pipeline];
        let stalls_in = (is_slow && dice.chance(0.6)).then(|| dice.below(of.stages.len() as u64) as usize);
        for (at, stage) in of.stages.iter().enumerate().skip(place) {
            let stay = dice.between(stage.days.0 * DAY, stage.days.1 * DAY);
            let stay = if stalls_in == Some(at) { 3 * stay } else { stay };
            let left = self.next(world, self.last_entry() + stay, dice);
            let gets_on = dice.chance(odds(world, self.owner(left), left, stage.passes));
            let next = match (gets_on, at + 1 == of.won()) {
                (false, _) => of.lost(),
                (true, true) => of.won(),
                (true, false) => at + 1,
            };
            let left = if next == of.won() { before_quarter_end(left, dice) } else { left };
            self.stages.push((left, next));
            if next >= of.won() {
                self.closed = left;
                return;
            }
        }
    }

    /// An instant from `at` on at which the owner is at work; whoever has left has handed the deal over.
    fn next(&mut self, world: &World, at: i64, dice: &mut Dice) -> i64 {
        let owner = self.owner(at);
        if let Some(left) = world.cast.left_at(owner).filter(|left| *left <= at) {
            let team = PEOPLE[owner].team;
            let heir = world.cast.someone(team, local_day(team, left), Role::closes, dice);
            self.hand_over(left.max(self.last_entry() + APART), heir);
        } else if dice.chance(0.015) {
            let team = PEOPLE[owner].team;
            let from = self.last_entry() + HOUR;
            let heir = world.cast.someone(team, local_day(team, from), Role::closes, dice);
            self.hand_over(from, heir);
        }
        world.cast.at_work(self.owner(at), at, dice).max(self.last_entry() + 2 * HOUR)
    }

    fn hand_over(&mut self, at: i64, heir: usize) {
        self.owners.push((at, heir));
    }

    fn last_entry(&self) -> i64 {
        self.stages.last().map_or(self.closed, |(at, _)| *at)
    }

    /// The owner at an instant.
    pub(super) fn owner(&self, at: i64) -> usize {
        let owned = self.owners.iter().rev().find(|(from, _)| *from <= at);
        owned.unwrap_or(&self.owners[0]).1
    }
}

/// The probability to get on from a stage, for an owner who leaves it at an instant.
fn odds(world: &World, owner: usize, at: i64, passes: f64) -> f64 {
    let met = world.focus(owner, month(utc_day(at)) - 1);
    let better = f64::from(PEOPLE[owner].skill) / 100.0 * (0.2 + 0.9 * met);
    let odds = passes / (1.0 - passes) * better;
    odds / (1.0 + odds)
}

/// Planted: deals that would be won in the weeks before a quarter's end wait for its last days.
fn before_quarter_end(at: i64, dice: &mut Dice) -> i64 {
    let day = utc_day(at);
    let left = next_quarter(day) - day;
    if !(6..=26).contains(&left) || !dice.chance(0.6) {
        return at;
    }
    at + (left - dice.between(1, 5)) * DAY
}
