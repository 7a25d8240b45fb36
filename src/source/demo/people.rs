//! Teams, users and their quotas as records.

use rust_decimal::Decimal;

use super::cast::{PEOPLE, Role, TEAMS};
use super::news::News;
use super::time::{DAY, at, date, next_quarter};
use super::world::{World, id, user_id};
use crate::domain::{Goal, Team, User};

pub(super) fn team_id(team: usize) -> String {
    (team + 1).to_string()
}

fn manager(team: usize) -> Option<usize> {
    PEOPLE.iter().position(|person| person.team == team && person.role == Role::Manager)
}

/// Tells teams, users, and the quotas of each quarter.
pub(super) fn tell(world: &World, news: &mut News) {
    for (team, of) in TEAMS.iter().enumerate() {
        news.tell(team_id(team), [world.begins_at()], |_| {
            Team { name: Some(of.name.to_owned()), manager: manager(team).map(user_id), ..Default::default() }.into()
        });
    }
    for person in 0..PEOPLE.len() {
        let enters = (world.cast.first_day(person) * DAY).max(world.begins_at());
        let stamps = [Some(enters), world.cast.left_at(person)];
        news.tell(user_id(person), stamps.into_iter().flatten(), |stamp| user(world, person, stamp).into());
    }
    let (_, last) = news.days(0, 0);
    let mut day = world.start;
    while day <= last {
        tell_quotas(day, news);
        day = next_quarter(day);
    }
}

fn user(world: &World, person: usize, stamp: i64) -> User<String> {
    let of = &PEOPLE[person];
    let left_at = world.cast.left_at(person).filter(|left| *left <= stamp);
    User {
        name: Some(of.name()),
        first_name: Some(of.first_name().to_owned()),
        email: Some(of.email()),
        team: Some(team_id(of.team)),
        role: Some(of.role.name().to_owned()),
        manager: manager(of.team).filter(|manager| *manager != person).map(user_id),
        active: Some(left_at.is_none()),
        started_on: Some(date(world.cast.first_day(person))),
        left_at: left_at.and_then(at),
        ..Default::default()
    }
}

/// The quotas of a quarter: of the teams, and of those senior people who have negotiated their own.
fn tell_quotas(day: i64, news: &mut News) {
    let mut quota = |number: u64, owner: Option<usize>, team: Option<usize>, dollars: i64| {
        news.tell(id(4, day, number).to_string(), [day * DAY], |_| {
            Goal {
                name: Some("Quota".to_owned()),
                owner: owner.map(user_id),
                team: team.map(team_id),
                target: Some(Decimal::from(dollars)),
                currency: Some("USD".to_owned()),
                starts_on: Some(date(day)),
                ends_on: Some(date(next_quarter(day) - 1)),
                ..Default::default()
            }
            .into()
        });
    };
    for team in 0..TEAMS.len() {
        quota(team as u64, None, Some(team), 2_000_000);
    }
    for (person, of) in PEOPLE.iter().enumerate().filter(|(_, of)| of.role == Role::Senior) {
        quota(100 + person as u64, Some(person), None, 380_000 + 20_000 * i64::from(of.focus / 50));
    }
}
