//! The market: companies and the people there. It is there from the beginning and grows by a company every other day.

use rust_decimal::Decimal;

use super::cast::{Role, TEAMS};
use super::news::News;
use super::time::{DAY, HOUR, at, on};
use super::world::{Topic, World, id, user_id};
use crate::domain::{Account, Contact, Object};

/// Companies at the beginning.
const AT_FIRST: i64 = 480;
/// Days between two further ones.
const EVERY: i64 = 2;
/// Every so many companies one is large: a key account.
const LARGE: i64 = 12;

#[rustfmt::skip]
const NAMES: [&str; 40] = [
    "Norvale", "Kestrel", "Aurinko", "Brightloom", "Tamarisk", "Oberhaus", "Quillon", "Zephyra", "Marisol", "Fenwick",
    "Hanabira", "Silverpine", "Okavango", "Lindqvist", "Castellan", "Dunmore", "Eldervale", "Farrowgate", "Galdera",
    "Hollowell", "Ironbay", "Jadestone", "Kilimora", "Larkspur", "Mistral", "Nightjar", "Ostara", "Pemberly", "Quartzia",
    "Rosewold", "Sandoval", "Tidewater", "Umbria", "Verdance", "Willowmere", "Xanthe", "Yarrow", "Zenovia", "Amberly",
    "Birchwood",
];
#[rustfmt::skip]
const TRADES: [&str; 30] = [
    "Foods", "Logistics", "Optics", "Energy", "Textiles", "Systems", "Health", "Marine", "Media", "Robotics", "Packaging",
    "Analytics", "Motors", "Timber", "Chemicals", "Travel", "Security", "Ceramics", "Insurance", "Farms", "Software",
    "Tools", "Aviation", "Retail", "Metals", "Studios", "Water", "Pharma", "Networks", "Furniture",
];
const EXECUTIVES: [&str; 6] =
    ["Chief Executive Officer", "CFO", "Chief Operating Officer", "CTO", "VP Procurement", "Vice President Operations"];
const OTHERS: [&str; 8] = [
    "Director of Operations",
    "Purchasing Manager",
    "Head of IT",
    "Buyer",
    "Analyst",
    "IT Director",
    "Project Manager",
    "Engineer",
];

/// How many companies there are on a day.
fn companies(world: &World, day: i64) -> i64 {
    AT_FIRST + (day - world.start).max(0) / EVERY
}

/// A company that there is on a day.
pub(super) fn company(world: &World, day: i64, number: u64) -> i64 {
    (number % companies(world, day).unsigned_abs()).cast_signed()
}

/// A company of the customers of a team.
pub(super) fn company_of_team(world: &World, team: usize, day: i64, number: u64) -> i64 {
    nth_of_team(team, number % of_team(world, day))
}

/// A company that may buy from a team. Planted: a team that keeps its customers sells to few of those that
/// it has, and so to the same again.
pub(super) fn buyer(world: &World, team: usize, day: i64, number: u64) -> i64 {
    let share = if TEAMS[team].keeps_customers { 5 } else { 1 };
    nth_of_team(team, number % (of_team(world, day) / share))
}

/// How many companies are customers of a team on a day.
fn of_team(world: &World, day: i64) -> u64 {
    companies(world, day).unsigned_abs() / TEAMS.len() as u64
}

fn nth_of_team(team: usize, number: u64) -> i64 {
    number.cast_signed() * TEAMS.len() as i64 + team as i64
}

/// The team whose customer a company is.
pub(super) fn team_of(company: i64) -> usize {
    (company % TEAMS.len() as i64) as usize
}

fn people_at(company: i64) -> u64 {
    3 + company.unsigned_abs() % 3
}

pub(super) fn account_id(company: i64) -> String {
    (10_000 + company).to_string()
}

/// The person of highest rank at a company.
pub(super) fn executive(company: i64) -> String {
    contact_id(company, 0)
}

/// Somebody else there.
pub(super) fn colleague(company: i64, number: u64) -> String {
    contact_id(company, 1 + number % (people_at(company) - 1))
}

fn contact_id(company: i64, rank: u64) -> String {
    ((10_000 + company.unsigned_abs()) * 10 + rank).to_string()
}

pub(super) fn company_name(company: i64) -> String {
    let name = NAMES[company as usize % NAMES.len()];
    let trade = TRADES[(company as usize / NAMES.len() + company as usize) % TRADES.len()];
    match company as usize / (NAMES.len() * TRADES.len()) {
        0 => format!("{name} {trade}"),
        more => format!("{name} {trade} {}", more + 1),
    }
}

/// Tells what has changed in the market.
pub(super) fn tell(world: &World, news: &mut News) {
    let (first, last) = news.days(0, 0);
    for company in 0..companies(world, last) {
        tell_company(world, company, news);
    }
    for day in first - DUPLICATE_DAYS..=last {
        tell_duplicates(world, day, news);
    }
}

/// The day on which a company comes into the CRM.
fn arrival(world: &World, company: i64) -> i64 {
    match company - AT_FIRST {
        late if late >= 0 => world.start + (late + 1) * EVERY,
        _ => world.start,
    }
}

fn owner(world: &World, company: i64) -> usize {
    let mut dice = world.dice(Topic::Account, company, 0);
    let day = arrival(world, company);
    world.cast.someone(team_of(company), day, Role::closes, &mut dice)
}

fn tell_company(world: &World, company: i64, news: &mut News) {
    let arrives = arrival(world, company) * DAY;
    let first_owner = owner(world, company);
    let handed_over = world.cast.left_at(first_owner).filter(|left| *left > arrives);
    let stamps = [Some(arrives), handed_over];
    news.tell(account_id(company), stamps.into_iter().flatten(), |stamp| {
        let mut dice = world.dice(Topic::Account, company, 1);
        let owner = match handed_over.filter(|left| *left <= stamp) {
            Some(_) => world.cast.someone(team_of(company), stamp / DAY, Role::closes, &mut dice),
            None => first_owner,
        };
        account(world, company, owner).into()
    });
    for rank in 0..people_at(company) {
        tell_contact(world, company, rank, arrives, news);
    }
}

fn account(world: &World, company: i64, owner: usize) -> Account<String> {
    let mut dice = world.dice(Topic::Account, company, 2);
    let is_large = company % LARGE == 0;
    let millions = if is_large { dice.between(12, 90) } else { dice.between(1, 9) };
    let name = company_name(company);
    Account {
        domain: Some(format!("{}.example.net", name.to_lowercase().replace(' ', "-"))),
        name: Some(name),
        owner: Some(user_id(owner)),
        annual_revenue: Some(Decimal::from(millions * 1_000_000)),
        currency: Some("USD".to_owned()),
        employees: Some(millions * dice.between(4, 9)),
        key: Some(is_large),
        created_at: on(created(world, company)),
        ..Default::default()
    }
}

/// The day on which a company and its people were created: before the history begins, for those that were there.
fn created(world: &World, company: i64) -> i64 {
    match arrival(world, company) {
        day if day > world.start => day,
        day => day - 1 - company,
    }
}

fn tell_contact(world: &World, company: i64, rank: u64, arrives: i64, news: &mut News) {
    let mut dice = world.dice(Topic::Contact, company, rank);
    // Of every twenty people, one is promoted and one leaves within four years.
    let moves = arrives + dice.between(1, 1_460) * DAY + dice.between(0, 23) * HOUR;
    let fate = dice.below(20);
    let promoted = (fate == 0 && rank > 0).then_some(moves);
    let leaves = (fate == 1 && rank > 0).then_some(moves);
    let id = contact_id(company, rank);
    news.tell(id.clone(), [Some(arrives), promoted].into_iter().flatten(), |stamp| {
        let title = match (rank, promoted.filter(|at| *at <= stamp)) {
            (0, _) => Some(dice.pick(&EXECUTIVES)),
            (_, Some(_)) => Some("Director of Procurement"),
            (4, None) => None,
            (_, None) => Some(dice.pick(&OTHERS)),
        };
        Contact {
            title: title.map(str::to_owned),
            account: Some(account_id(company)),
            owner: Some(user_id(owner(world, company))),
            created_at: on(created(world, company)),
            ..Default::default()
        }
        .into()
    });
    if let Some(at) = leaves {
        news.gone(Object::Contact, &id, at);
    }
}

/// Days after which a duplicate is found and merged.
const DUPLICATE_DAYS: i64 = 4;

/// Now and then somebody enters a person or a company a second time.
fn tell_duplicates(world: &World, day: i64, news: &mut News) {
    if day < world.start {
        return;
    }
    let mut dice = world.dice(Topic::Duplicate, day, 0);
    let company = company(world, day, dice.below(u64::MAX));
    let (entered, merged) = (day * DAY + dice.between(1, 23) * HOUR, (day + DUPLICATE_DAYS) * DAY);
    let creator = world.cast.someone(team_of(company), day, |role| role == Role::Sdr, &mut dice);
    if day % 3 == 0 {
        let copy = id(9, day, 0).to_string();
        news.tell(copy.clone(), [entered], |_| {
            let (account, created_at) = (Some(account_id(company)), at(entered));
            Contact { account, owner: Some(user_id(creator)), created_at, ..Default::default() }.into()
        });
        news.merged(Object::Contact, &copy, &colleague(company, 0), merged);
    }
    if day % 11 == 0 {
        let copy = id(9, day, 1).to_string();
        news.tell(copy.clone(), [entered], |_| {
            let (name, created_at) = (Some(company_name(company)), at(entered));
            Account { name, owner: Some(user_id(creator)), created_at, ..Default::default() }.into()
        });
        news.merged(Object::Account, &copy, &account_id(company), merged);
    }
}
