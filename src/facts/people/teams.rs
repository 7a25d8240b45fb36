//! What teams are called, and who leads them.

use std::collections::{BTreeSet, HashMap};

use super::names::{PersonNames, first_word};
use super::person::{is_active, team_of};
use super::rules::PeopleRules;
use super::{NO_TEAM, TeamEntry, UNASSIGNED};
use crate::facts::Facts;
use crate::facts::naming::{distinct, id_order};
use crate::facts::settings::{Display, TeamContact};

/// What teams are called.
pub(super) struct TeamNames {
    pub(super) labels: HashMap<u32, String>,
}

impl TeamNames {
    pub(super) fn new(facts: &Facts) -> TeamNames {
        let mut teams: Vec<_> = facts.directory.teams.iter().collect();
        teams.sort_by_key(|(_, team)| (facts.rules.source_order(team.source), id_order(&team.id)));
        let names: Vec<&str> =
            teams.iter().map(|(_, team)| team.team.name.as_deref().unwrap_or(&team.id).trim()).collect();
        let labels = distinct(&names, &[NO_TEAM, UNASSIGNED]);
        TeamNames { labels: teams.iter().map(|(key, _)| **key).zip(labels).collect() }
    }

    pub(super) fn entries(&self, facts: &Facts, rules: &PeopleRules, names: &PersonNames<'_>) -> Vec<TeamEntry> {
        let plain = |label: &str| TeamEntry {
            label: label.to_owned(),
            name: None,
            manager: String::new(),
            manager_email: String::new(),
            chat_channel: String::new(),
            has_active_rep: false,
            sources: BTreeSet::new(),
        };
        let mut entries = vec![plain(NO_TEAM), plain(UNASSIGNED)];
        for (key, label) in &self.labels {
            let team = &facts.directory.teams[key];
            let name = team.team.name.as_deref().unwrap_or(&team.id).trim();
            let contact = rules.settings.teams.get(label).or_else(|| rules.settings.teams.get(name));
            let (manager, manager_email) = managers(facts, *key, contact, rules, names);
            let chat_channel = contact.and_then(|contact| contact.chat_channel.clone()).unwrap_or_default();
            entries.push(TeamEntry {
                name: Some(name.to_owned()),
                manager,
                manager_email,
                chat_channel,
                ..plain(label)
            });
        }
        entries.sort_by(|left, right| left.label.cmp(&right.label));
        entries
    }
}

/// Names and e-mail addresses of those who lead a team: as configured, else as the CRM says of the team, else whoever its
/// active members name. Several are joined by commas.
fn managers(
    facts: &Facts,
    team: u32,
    contact: Option<&TeamContact>,
    rules: &PeopleRules,
    names: &PersonNames<'_>,
) -> (String, String) {
    let entry = &facts.directory.teams[&team];
    let members = facts.directory.users.values().filter(|user| team_of(facts, user) == team && is_active(user));
    let texts: BTreeSet<(&str, Option<u32>)> = match contact.and_then(|contact| contact.manager.as_deref()) {
        Some(manager) => BTreeSet::from([(manager, None)]),
        None => match entry.team.manager.as_deref() {
            Some(manager) => BTreeSet::from([(manager, Some(entry.source))]),
            None => members.filter_map(|user| Some((user.user.manager.as_deref()?, Some(user.source)))).collect(),
        },
    };
    let mut labels = BTreeSet::new();
    let mut addresses = BTreeSet::new();
    for (text, source) in texts {
        match names.meant_by(text, source, rules) {
            Some((label, address)) => {
                labels.insert(label);
                addresses.extend(address);
            }
            None if text.contains('@') => drop(addresses.insert(text.trim().to_owned())),
            // Nobody we know: a name may be shown only where names are.
            None => labels.extend(match rules.settings.display {
                Display::Name => Some(text.trim().to_owned()),
                Display::FirstName => first_word(Some(text)),
                Display::Email | Display::Alias => None,
            }),
        }
    }
    let join = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join(", ");
    (join(labels), join(addresses))
}
