//! Who is who: one person behind several user records, teams, reps, and the names that labels show.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use indexmap::IndexMap;

use super::directory::UserFacts;
use super::settings::{Display, People as Settings, TeamContact};
use super::{Facts, NONE};
use crate::domain::Object;
use crate::setting::Problem;

/// `people` of the settings, ready for use.
#[derive(Debug, Clone, Default)]
pub struct PeopleRules {
    settings: Settings,
    /// E-mail address in lower case -> the one that stands for the person.
    identities: HashMap<String, String>,
    aliases: HashMap<String, String>,
    roles: HashMap<String, String>,
    hidden: BTreeSet<String>,
    list: BTreeSet<String>,
}

impl PeopleRules {
    /// Checks and prepares the settings. Problems name keys below `people`.
    pub fn new(settings: &Settings) -> Result<PeopleRules, Problem> {
        let mut identities: HashMap<String, String> = HashMap::new();
        for (person, addresses) in &settings.identities {
            for address in std::iter::once(person).chain(addresses) {
                let before = identities.insert(fold(address), fold(person));
                if let Some(other) = before.filter(|before| *before != fold(person)) {
                    let text =
                        format!("`{address}` belongs to `{other}` already: write one person's addresses under one");
                    return Err(Problem::new(format!("identities.{person}"), text));
                }
            }
        }
        let folded = |map: &IndexMap<String, String>| map.iter().map(|(key, to)| (fold(key), to.clone())).collect();
        Ok(PeopleRules {
            identities,
            aliases: folded(&settings.aliases),
            roles: folded(&settings.roles),
            hidden: settings.hidden.iter().map(|text| fold(text)).collect(),
            list: settings.reps.list.iter().map(|text| fold(text)).collect(),
            settings: settings.clone(),
        })
    }

    /// All addresses of the person with this identity, whether or not a user has them.
    fn addresses_of<'a>(&'a self, identity: &'a str) -> impl Iterator<Item = &'a str> {
        self.identities.iter().filter(move |(_, person)| *person == identity).map(|(address, _)| address.as_str())
    }

    /// Whether `crm_rep_info` shows e-mail addresses.
    pub fn show_email(&self) -> bool {
        self.settings.show_email
    }
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// What a [`Slot`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// One person.
    Person,
    /// The hidden people of a team together.
    Hidden,
    /// Nobody: records without a known owner.
    Unassigned,
}

/// A pair of the labels `team` and `rep`: what records count for.
#[derive(Debug, Clone)]
pub struct Slot {
    /// What it stands for.
    pub kind: SlotKind,
    /// Index in [`People::teams`].
    pub team: u32,
    /// Value of the label `rep`.
    pub rep: String,
    /// Whether the `people.reps` rule selects the person.
    pub is_rep: bool,
    /// Whether a user record of the person is active.
    pub is_active: bool,
    /// Role, or `none`.
    pub role: String,
    /// E-mail address, where known.
    pub email: Option<String>,
}

impl Slot {
    /// Whether sums without records are 0 here rather than absent.
    pub fn has_zeros(&self) -> bool {
        self.is_rep && self.is_active
    }

    /// Whether there are figures of the scope `rep`.
    pub fn has_scope(&self) -> bool {
        self.kind != SlotKind::Hidden
    }
}

/// A value of the label `team`.
#[derive(Debug, Clone)]
pub struct TeamEntry {
    /// Value of the label `team`.
    pub label: String,
    /// The team's name in the CRM, by which settings name it; none for `none` and `unassigned`.
    pub name: Option<String>,
    /// Who leads it; empty if nobody is known.
    pub manager: String,
    /// Their e-mail addresses, with commas; empty if none is known.
    pub manager_email: String,
    /// Where it chats; empty if unknown.
    pub chat_channel: String,
    /// Whether an active rep is in it.
    pub has_active_rep: bool,
    /// Sources that deliver records of its people; for `unassigned` all.
    pub sources: BTreeSet<u32>,
}

/// Everybody, and what their records count for.
#[derive(Debug, Clone)]
pub struct People {
    /// Ordered by team and rep.
    pub slots: Vec<Slot>,
    /// Ordered by label; always with `none` and `unassigned`.
    pub teams: Vec<TeamEntry>,
    slot_of_user: HashMap<u32, u32>,
    unassigned: u32,
}

/// One person: keys of user records in the order of the sources, and every e-mail address by which the settings may mean
/// the person.
#[derive(Default)]
struct Person<'a> {
    records: Vec<(u32, &'a UserFacts)>,
    addresses: BTreeSet<String>,
    is_rep: bool,
    is_active: bool,
}

impl Person<'_> {
    fn speaker(&self) -> &UserFacts {
        let active = |(_, user): &&(u32, &UserFacts)| is_active(user);
        self.records.iter().find(active).unwrap_or(&self.records[0]).1
    }

    /// The role that the settings give the person.
    fn configured_role<'r>(&self, rules: &'r PeopleRules) -> Option<&'r str> {
        self.addresses.iter().find_map(|address| rules.roles.get(address)).map(String::as_str)
    }

    fn is_named_in(&self, list: &BTreeSet<String>) -> bool {
        self.addresses.iter().any(|address| list.contains(address))
            || self.records.iter().any(|(_, user)| list.contains(&fold(&user.id)))
    }
}

fn is_active(user: &UserFacts) -> bool {
    user.user.active.unwrap_or(true)
}

impl People {
    /// Joins the user records. `owners` has the keys of users who own a deal or lead, or had an activity lately; it is
    /// asked for only where a source has no user in a team.
    pub fn new(facts: &Facts, rules: &PeopleRules, owners: impl FnOnce() -> BTreeSet<u32>) -> People {
        let teams = TeamNames::new(facts);
        let reps = RepRule::new(facts, rules, &teams, owners);
        let persons = persons(facts, rules, &reps);
        let names = PersonNames::new(facts, rules, &persons);
        let mut building: BTreeMap<(String, String), Building> = BTreeMap::new();
        for (person, rep) in persons.iter().zip(&names.labels) {
            let speaker = person.speaker();
            let team = speaker.user.team.map_or(NONE, |team| facts.merges.survivor(Object::Team, team.0));
            let team = teams.labels.get(&team).map_or(NO_TEAM, String::as_str);
            let hidden = person.is_named_in(&rules.hidden);
            let rep = if hidden { HIDDEN } else { rep };
            let role = person.configured_role(rules).or(speaker.user.role.as_deref());
            let role = role.map(str::trim).filter(|role| !role.is_empty());
            let slot = Slot {
                kind: if hidden { SlotKind::Hidden } else { SlotKind::Person },
                team: 0,
                rep: rep.to_owned(),
                is_rep: person.is_rep,
                is_active: person.is_active,
                role: role.unwrap_or(NO_ROLE).to_owned(),
                email: speaker.user.email.clone(),
            };
            let keys = person.records.iter().map(|(key, user)| (*key, user.source));
            let (known, users) =
                building.entry((team.to_owned(), rep.to_owned())).or_insert_with(|| (slot.clone(), Vec::new()));
            // Hidden people share a slot: it has zeros when any of them would have.
            if slot.has_zeros() {
                (known.is_rep, known.is_active) = (true, true);
            }
            users.extend(keys);
        }
        let nobody = Slot {
            kind: SlotKind::Unassigned,
            team: 0,
            rep: UNASSIGNED.to_owned(),
            is_rep: false,
            is_active: false,
            role: NO_ROLE.to_owned(),
            email: None,
        };
        building.insert((UNASSIGNED.to_owned(), UNASSIGNED.to_owned()), (nobody, Vec::new()));
        let mut entries = teams.entries(facts, rules, &names);
        let mut people = People { slots: Vec::new(), teams: Vec::new(), slot_of_user: HashMap::new(), unassigned: 0 };
        for ((team, _), (mut slot, users)) in building {
            let index = people.slots.len() as u32;
            let place = entries.binary_search_by(|entry| entry.label.as_str().cmp(&team)).unwrap_or(0);
            slot.team = place as u32;
            entries[place].has_active_rep |= slot.has_zeros();
            if slot.kind == SlotKind::Unassigned {
                people.unassigned = index;
            }
            people.slots.push(slot);
            match users.is_empty() {
                true => entries[place].sources.extend(facts.rules.sources()),
                false => entries[place].sources.extend(users.iter().map(|(_, source)| *source)),
            }
            people.slot_of_user.extend(users.into_iter().map(|(user, _)| (user, index)));
        }
        people.teams = entries;
        people
    }

    /// Index of the slot that records of this owner count for. `user` is a survivor of merges, or [`NONE`].
    pub fn slot(&self, user: u32) -> u32 {
        self.slot_of_user.get(&user).copied().unwrap_or(self.unassigned)
    }
}

/// A slot in the making, with the keys and sources of the user records that count for it.
type Building = (Slot, Vec<(u32, u32)>);

const NO_TEAM: &str = "none";
const NO_ROLE: &str = "none";
const UNASSIGNED: &str = "unassigned";
const HIDDEN: &str = "hidden";

/// Joins user records to persons, in the order of their first records.
fn persons<'a>(facts: &'a Facts, rules: &PeopleRules, reps: &RepRule) -> Vec<Person<'a>> {
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
fn record_order<'a>(facts: &Facts, user: &'a UserFacts) -> (usize, IdOrder<'a>) {
    (facts.rules.source_order(user.source), id_order(&user.id))
}

pub(super) type IdOrder<'a> = (u64, &'a str);

/// Order of ids: numbers by value and before others.
pub(super) fn id_order(id: &str) -> IdOrder<'_> {
    (id.parse().unwrap_or(u64::MAX), id)
}

/// Which user records make a rep.
struct RepRule {
    teams: BTreeSet<u32>,
    any_team: bool,
    roles: BTreeSet<String>,
    /// Sources without teams, where owners of records are reps.
    teamless: BTreeSet<u32>,
    owners: BTreeSet<u32>,
}

impl RepRule {
    fn new(facts: &Facts, rules: &PeopleRules, teams: &TeamNames, owners: impl FnOnce() -> BTreeSet<u32>) -> RepRule {
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
    fn selects(&self, facts: &Facts, rules: &PeopleRules, person: &Person<'_>) -> bool {
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
fn team_of(facts: &Facts, user: &UserFacts) -> u32 {
    let team = user.user.team.map_or(NONE, |team| facts.merges.survivor(Object::Team, team.0));
    if facts.directory.teams.contains_key(&team) { team } else { NONE }
}

/// What persons are called.
struct PersonNames<'a> {
    persons: &'a [Person<'a>],
    labels: Vec<String>,
}

impl<'a> PersonNames<'a> {
    fn new(facts: &Facts, rules: &PeopleRules, persons: &'a [Person<'a>]) -> PersonNames<'a> {
        let bare: Vec<String> = persons.iter().map(|person| shown_name(rules, person)).collect();
        // Hidden people bear no name, so they number nobody else's.
        let is_shown = |index: &usize| !persons[*index].is_named_in(&rules.hidden);
        let mut order: Vec<usize> = (0..persons.len()).filter(is_shown).collect();
        order.sort_by_key(|index| {
            let person = &persons[*index];
            let configured = person.addresses.iter().find_map(|address| start_date(rules, address));
            let earliest = person.records.iter().filter_map(|(_, user)| user.user.started_on).min();
            let start = configured.or(earliest);
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
    fn meant_by(&self, text: &str, source: Option<u32>, rules: &PeopleRules) -> Option<(String, Option<String>)> {
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

fn start_date(rules: &PeopleRules, address: &str) -> Option<chrono::NaiveDate> {
    rules.settings.start_dates.iter().find(|(key, _)| fold(key) == address).map(|(_, date)| *date)
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

fn first_word(name: Option<&str>) -> Option<String> {
    name?.split_whitespace().next().map(str::to_owned)
}

/// The same names made distinct: the first of several bears the bare name, the next ones ` 2`, ` 3`, ... Names in `taken`
/// count as borne already.
pub(super) fn distinct(names: &[&str], taken: &[&str]) -> Vec<String> {
    let bare: BTreeSet<&str> = names.iter().chain(taken).copied().collect();
    let mut used: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let mut next: HashMap<&str, u32> = HashMap::new();
    let mut labels = Vec::with_capacity(names.len());
    for &name in names {
        let mut label = name.to_owned();
        // Somebody may really be called like a numbered name.
        while (label != name && bare.contains(label.as_str())) || !used.insert(label.clone()) {
            let counter = next.entry(name).or_insert(1);
            *counter += 1;
            label = format!("{name} {counter}");
        }
        labels.push(label);
    }
    labels
}

/// What teams are called.
struct TeamNames {
    labels: HashMap<u32, String>,
}

impl TeamNames {
    fn new(facts: &Facts) -> TeamNames {
        let mut teams: Vec<_> = facts.directory.teams.iter().collect();
        teams.sort_by_key(|(_, team)| (facts.rules.source_order(team.source), id_order(&team.id)));
        let names: Vec<&str> =
            teams.iter().map(|(_, team)| team.team.name.as_deref().unwrap_or(&team.id).trim()).collect();
        let labels = distinct(&names, &[NO_TEAM, UNASSIGNED]);
        TeamNames { labels: teams.iter().map(|(key, _)| **key).zip(labels).collect() }
    }

    fn entries(&self, facts: &Facts, rules: &PeopleRules, names: &PersonNames<'_>) -> Vec<TeamEntry> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_numbered_and_stay_distinct() {
        assert_eq!(distinct(&["Ana", "Bo", "Ana", "Ana"], &[]), ["Ana", "Bo", "Ana 2", "Ana 3"]);
        assert_eq!(distinct(&["Ana", "Ana", "Ana 2"], &[]), ["Ana", "Ana 3", "Ana 2"]);
        assert_eq!(distinct(&["none"], &["none"]), ["none 2"]);
    }

    #[test]
    fn an_address_belongs_to_one_person() {
        let settings = Settings {
            identities: IndexMap::from([
                ("a@x".to_owned(), vec!["old@x".to_owned()]),
                ("b@x".to_owned(), vec!["OLD@x ".to_owned()]),
            ]),
            ..Settings::default()
        };
        let problem = PeopleRules::new(&settings).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "identities.b@x: `OLD@x ` belongs to `a@x` already: write one person's addresses under one"
        );
    }
}
