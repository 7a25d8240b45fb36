//! Who is who: one person behind several user records, teams, reps, and the names that labels show.

mod names;
mod person;
mod rules;
mod teams;

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{Facts, NONE};
use crate::calendar::Absences;
use crate::domain::{Object, When};
use names::PersonNames;
use person::{RepRule, persons};
use teams::TeamNames;

pub use rules::PeopleRules;

/// What a [`Slot`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// One person.
    Person,
    /// One person who is never named: the hidden people of a team share their labels.
    Hidden,
    /// Nobody: records without a known owner.
    Unassigned,
}

/// Somebody whom records count for: a person, or nobody.
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
    /// Every e-mail address by which the settings may mean the person, in lower case.
    pub addresses: BTreeSet<String>,
    /// First day in the company or role, where known.
    pub started_on: Option<NaiveDate>,
    /// When whoever is no longer active left, where known.
    pub left: Option<When>,
    /// When the person is away.
    pub absences: Absences,
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
    /// One a person, and one for nobody; ordered by team and rep.
    pub slots: Vec<Slot>,
    /// Ordered by label; always with `none` and `unassigned`.
    pub teams: Vec<TeamEntry>,
    slot_of_user: HashMap<u32, u32>,
    team_of_key: HashMap<u32, u32>,
    unassigned: u32,
}

impl People {
    /// Joins the user records. `owners` has the keys of users who own a deal or lead, or had an activity lately; it is
    /// asked for only where a source has no user in a team.
    pub fn new(facts: &Facts, rules: &PeopleRules, owners: impl FnOnce() -> BTreeSet<u32>) -> People {
        let teams = TeamNames::new(facts);
        let reps = RepRule::new(facts, rules, &teams, owners);
        let persons = persons(facts, rules, &reps);
        let names = PersonNames::new(facts, rules, &persons);
        let mut building: Vec<Building> = Vec::new();
        for (person, rep) in persons.iter().zip(&names.labels) {
            let speaker = person.speaker();
            let team = speaker.user.team.map_or(NONE, |team| facts.merges.survivor(Object::Team, team.0));
            let team = teams.labels.get(&team).map_or(NO_TEAM, String::as_str).to_owned();
            let hidden = person.is_named_in(&rules.hidden);
            let role = person.configured_role(rules).or(speaker.user.role.as_deref());
            let role = role.map(str::trim).filter(|role| !role.is_empty());
            let away = person.addresses.iter().flat_map(|address| facts.calendar.absences(address).ranges());
            let slot = Slot {
                kind: if hidden { SlotKind::Hidden } else { SlotKind::Person },
                team: 0,
                rep: if hidden { HIDDEN } else { rep }.to_owned(),
                is_rep: person.is_rep,
                is_active: person.is_active,
                role: role.unwrap_or(NO_ROLE).to_owned(),
                email: speaker.user.email.clone(),
                addresses: person.addresses.clone(),
                started_on: person.started_on(rules),
                left: person.left(&facts.calendar),
                absences: away.copied().collect(),
            };
            let users = person.records.iter().map(|(key, user)| (*key, user.source)).collect();
            building.push(Building { team, slot, users });
        }
        let nobody = Slot {
            kind: SlotKind::Unassigned,
            team: 0,
            rep: UNASSIGNED.to_owned(),
            is_rep: false,
            is_active: false,
            role: NO_ROLE.to_owned(),
            email: None,
            addresses: BTreeSet::new(),
            started_on: None,
            left: None,
            absences: Absences::default(),
        };
        building.push(Building { team: UNASSIGNED.to_owned(), slot: nobody, users: Vec::new() });
        // Hidden people of one team stay in the order of their records.
        building.sort_by(|one, other| (&one.team, &one.slot.rep).cmp(&(&other.team, &other.slot.rep)));
        let mut entries = teams.entries(facts, rules, &names);
        let place = |label: &str| entries.binary_search_by(|entry| entry.label.as_str().cmp(label));
        let team_of_key = teams.labels.iter().filter_map(|(key, label)| Some((*key, place(label).ok()? as u32)));
        let team_of_key = team_of_key.collect();
        let mut people =
            People { slots: Vec::new(), teams: Vec::new(), slot_of_user: HashMap::new(), team_of_key, unassigned: 0 };
        for Building { team, mut slot, users } in building {
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

    /// Index of the slot whose labels a slot is shown with: of the hidden people of a team, the first's.
    pub fn shown(&self, slot: u32) -> u32 {
        let Slot { kind: SlotKind::Hidden, team, .. } = self.slots[slot as usize] else { return slot };
        let is_same = |other: &Slot| other.kind == SlotKind::Hidden && other.team == team;
        let before = self.slots[..slot as usize].iter().rev().take_while(|other| is_same(other));
        slot - before.count() as u32
    }

    /// Index of the team with this key, a survivor of merges; none for a team that nobody knows.
    pub fn team(&self, team: u32) -> Option<u32> {
        self.team_of_key.get(&team).copied()
    }

    /// Index of the slot that records of this owner count for. `user` is a survivor of merges, or [`NONE`].
    pub fn slot(&self, user: u32) -> u32 {
        self.slot_of_user.get(&user).copied().unwrap_or(self.unassigned)
    }
}

/// A slot in the making.
struct Building {
    team: String,
    slot: Slot,
    /// Keys and sources of the user records that count for it.
    users: Vec<(u32, u32)>,
}

const NO_TEAM: &str = "none";
const NO_ROLE: &str = "none";
const UNASSIGNED: &str = "unassigned";
const HIDDEN: &str = "hidden";
