//! One person behind several user records, and who of them is a rep.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use indexmap::IndexMap;

use super::rules::{PeopleRules, fold};
use super::teams::TeamNames;
use crate::calendar::Calendar;
use crate::domain::{Object, When};
use crate::facts::directory::UserFacts;
use crate::facts::naming::{IdOrder, id_order};
use crate::facts::{Facts, NONE};

/// One person: keys of user records in the order of the sources, and every e-mail address by which the settings may mean
/// the person.
#[derive(Default)]
pub(super) struct Person<'a> {
    pub(super) records: Vec<(u32, &'a UserFacts)>,
    pub(super) addresses: BTreeSet<String>,
    pub(super) is_rep: bool,
    pub(super) is_active: bool,
}

impl Person<'_> {
    pub(super) fn speaker(&self) -> &UserFacts {
        let active = |(_, user): &&(u32, &UserFacts)| is_active(user);
        self.records.iter().find(active).unwrap_or(&self.records[0]).1
    }

    /// The role that the settings give the person.
    pub(super) fn configured_role<'r>(&self, rules: &'r PeopleRules) -> Option<&'r str> {
        self.addresses.iter().find_map(|address| rules.roles.get(address)).map(String::as_str)
    }

    /// First day: as configured, else the earliest of the user records.
    pub(super) fn started_on(&self, rules: &PeopleRules) -> Option<NaiveDate> {
        let configured = self.addresses.iter().find_map(|address| rules.start_dates.get(address)).copied();
        configured.or_else(|| self.records.iter().filter_map(|(_, user)| user.user.started_on).min())
    }

    /// The last deactivation of a person without an active record.
    pub(super) fn left(&self, calendar: &Calendar) -> Option<When> {
        let deactivations = self.records.iter().filter_map(|(_, user)| user.user.left_at);
        deactivations.max_by_key(|left| calendar.instant(*left)).filter(|_| !self.is_active)
    }

    pub(super) fn is_named_in(&self, list: &BTreeSet<String>) -> bool {
        self.addresses.iter().any(|address| list.contains(address))
            || self.records.iter().any(|(_, user)| list.contains(&fold(&user.id)))
    }
}

pub(super) fn is_active(user: &UserFacts) -> bool {
    user.user.active.unwrap_or(true)
}

/// Joins user records to persons, in the order of their first records.
pub(super) fn persons<'a>(facts: &'a Facts, rules: &PeopleRules, reps: &RepRule) -> Vec<Person<'a>> {
    let mut users: Vec<(u32, &UserFacts)> = facts.directory.users.iter().map(|(key, user)| (*key, user)).collect();
    users.sort_by(|(_, left), (_, right)| record_order(facts, left).cmp(&record_order(facts, right)));
    let mut persons: IndexMap<String, Person<'_>> = IndexMap::new();
    for (key, user) in users {
        let address = user.user.email.as_deref().map(fold).filter(|address| !address.is_empty());
        let identity = match address {
            Some(address) => rules.identities.get(&address).cloned().unwrap_or(address),
            // Outside the addresses: they have no blanks.
            None => format!("user {key}"),
        };
        let person = persons.entry(identity).or_default();
        person.is_active |= is_active(user);
        person.records.push((key, user));
        person.addresses.extend(user.user.email.as_deref().map(fold));
    }
    let complete = |(identity, mut person): (String, Person<'a>)| {
        person.addresses.extend(rules.addresses_of(&identity).map(str::to_owned));
        person.is_rep = person.is_named_in(&rules.list) || reps.selects(facts, rules, &person);
        person
    };
    persons.into_iter().map(complete).collect()
}

/// Order of the sources, then of ids (numbers by value).
pub(super) fn record_order<'a>(facts: &Facts, user: &'a UserFacts) -> (usize, IdOrder<'a>) {
    (facts.rules.source_order(user.source), id_order(&user.id))
}

/// Which user records make a rep.
pub(super) struct RepRule {
    teams: BTreeSet<u32>,
    any_team: bool,
    roles: BTreeSet<String>,
    /// Sources without teams, where owners of records are reps.
    teamless: BTreeSet<u32>,
    owners: BTreeSet<u32>,
}

impl RepRule {
    pub(super) fn new(
        facts: &Facts,
        rules: &PeopleRules,
        teams: &TeamNames,
        owners: impl FnOnce() -> BTreeSet<u32>,
    ) -> RepRule {
        let reps = &rules.settings.reps;
        let is_default = reps.teams.is_empty() && reps.roles.is_empty() && reps.list.is_empty();
        let users = &facts.directory.users;
        let mut teamless: BTreeSet<u32> = users.values().map(|user| user.source).collect();
        for user in users.values().filter(|user| team_of(facts, user) != NONE) {
            teamless.remove(&user.source);
        }
        if !is_default {
            teamless.clear();
        }
        let wanted: BTreeSet<&str> = reps.teams.iter().map(String::as_str).collect();
        let named = teams.labels.iter().filter(|(key, label)| {
            let name = facts.directory.teams.get(key).and_then(|team| team.team.name.as_deref());
            wanted.contains(label.as_str()) || name.is_some_and(|name| wanted.contains(name.trim()))
        });
        RepRule {
            teams: named.map(|(key, _)| *key).collect(),
            any_team: is_default || wanted.contains("*"),
            roles: reps.roles.iter().map(|role| fold(role)).collect(),
            owners: if teamless.is_empty() { BTreeSet::new() } else { owners() },
            teamless,
        }
    }

    /// Whether a person is a rep by any record's team or role. A role of the settings is the person's only one.
    pub(super) fn selects(&self, facts: &Facts, rules: &PeopleRules, person: &Person<'_>) -> bool {
        let configured = person.configured_role(rules);
        person.records.iter().any(|(key, user)| {
            let team = team_of(facts, user);
            let role = configured.or(user.user.role.as_deref());
            (team != NONE && (self.any_team || self.teams.contains(&team)))
                || role.is_some_and(|role| self.roles.contains(&fold(role)))
                || (self.teamless.contains(&user.source) && is_active(user) && self.owners.contains(key))
        })
    }
}

/// Key of the team that a user is in, or [`NONE`].
pub(super) fn team_of(facts: &Facts, user: &UserFacts) -> u32 {
    let team = user.user.team.map_or(NONE, |team| facts.merges.survivor(Object::Team, team.0));
    if facts.directory.teams.contains_key(&team) { team } else { NONE }
}
