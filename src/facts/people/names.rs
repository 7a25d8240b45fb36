//! What persons are called in labels.

use super::person::{Person, record_order};
use super::rules::{PeopleRules, fold};
use super::{HIDDEN, UNASSIGNED};
use crate::facts::Facts;
use crate::facts::directory::UserFacts;
use crate::facts::naming::distinct;
use crate::facts::settings::Display;

/// What persons are called.
pub(super) struct PersonNames<'a> {
    persons: &'a [Person<'a>],
    pub(super) labels: Vec<String>,
}

impl<'a> PersonNames<'a> {
    pub(super) fn new(facts: &Facts, rules: &PeopleRules, persons: &'a [Person<'a>]) -> PersonNames<'a> {
        let bare: Vec<String> = persons.iter().map(|person| shown_name(rules, person)).collect();
        // Hidden people bear no name, so they number nobody else's.
        let is_shown = |index: &usize| !persons[*index].is_named_in(&rules.hidden);
        let mut order: Vec<usize> = (0..persons.len()).filter(is_shown).collect();
        order.sort_by_key(|index| {
            let person = &persons[*index];
            let start = person.started_on(rules);
            // Whoever has no start date comes after those who have one.
            (start.is_none(), start, record_order(facts, person.records[0].1))
        });
        let ordered: Vec<&str> = order.iter().map(|index| bare[*index].as_str()).collect();
        let mut labels = vec![HIDDEN.to_owned(); persons.len()];
        for (index, label) in order.iter().zip(distinct(&ordered, &[HIDDEN, UNASSIGNED])) {
            labels[*index] = label;
        }
        PersonNames { persons, labels }
    }

    /// Label and e-mail address of the person whom a CRM or the settings mean by a user's id, e-mail address or name.
    pub(super) fn meant_by(
        &self,
        text: &str,
        source: Option<u32>,
        rules: &PeopleRules,
    ) -> Option<(String, Option<String>)> {
        let wanted = fold(text);
        let by = |test: &dyn Fn(&UserFacts) -> bool| {
            self.persons.iter().position(|person| person.records.iter().any(|(_, user)| test(user)))
        };
        let index = by(&|user| Some(user.source) == source && user.id == text.trim())
            .or_else(|| self.persons.iter().position(|person| person.addresses.contains(&wanted)))
            .or_else(|| by(&|user| user.user.name.as_deref().is_some_and(|name| fold(name) == wanted)))?;
        let person = &self.persons[index];
        if person.is_named_in(&rules.hidden) {
            return Some((HIDDEN.to_owned(), None));
        }
        Some((self.labels[index].clone(), person.speaker().user.email.clone()))
    }
}

/// The name that the settings allow to be shown. Whoever lacks it is shown by the CRM's id, never by another name.
fn shown_name(rules: &PeopleRules, person: &Person<'_>) -> String {
    let speaker = person.speaker();
    let user = &speaker.user;
    let name = match rules.settings.display {
        Display::Name => user.name.clone(),
        Display::FirstName => user.first_name.clone().or_else(|| first_word(user.name.as_deref())),
        Display::Email => user.email.clone(),
        Display::Alias => {
            let configured = person.addresses.iter().find_map(|address| rules.aliases.get(address).cloned());
            configured.or_else(|| user.alias.clone())
        }
    };
    let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| format!("user {}", speaker.id))
}

pub(super) fn first_word(name: Option<&str>) -> Option<String> {
    name?.split_whitespace().next().map(str::to_owned)
}
