//! Who has which target in a period.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::goal::{Goal, Version};
use super::quotas::{CrmTargets, Quotas};
use super::service::Service;
use crate::domain::{Span, Timestamp};
use crate::facts::{SlotKind, View};
use crate::measures::fold::Scope;

/// A rep's target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepTarget {
    /// Whose: index in the view's slots.
    pub slot: u32,
    /// In the measure's units.
    pub value: f64,
    /// Whether the ramp applies to it.
    pub is_ramped: bool,
    /// Who set it.
    pub origin: Origin,
    /// As it was set.
    pub set: f64,
    /// By which it is less: working time owed and of the whole period, in milliseconds; none where it is taken as it was
    /// set.
    pub owed: Option<(f64, f64)>,
}

/// Who set a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The settings, for this rep, team or organisation.
    Own,
    /// The CRM.
    Quota,
    /// The settings, for the role.
    Role,
    /// The settings, for each rep of the team.
    Team,
    /// The settings, for everybody.
    Default,
}

/// A team's or the organisation's target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupTarget {
    /// Whose.
    pub scope: Scope,
    /// In the measure's units.
    pub value: f64,
    /// Whether it is the group's own, and not the sum of its reps'.
    pub is_own: bool,
    /// Who set it, where it is its own.
    pub origin: Origin,
}

/// All targets of a goal in one period.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// By slot.
    pub(super) reps: Vec<RepTarget>,
    /// The organisation first, then teams.
    pub(super) groups: Vec<GroupTarget>,
}

impl Targets {
    /// The targets of the period `span`, by the version in force on `on`.
    pub(super) fn new(view: &View<'_>, goal: &Goal, quotas: &Quotas<'_>, span: Span, on: NaiveDate) -> Targets {
        let version = goal.version(on);
        let quotas = quotas.of(version, span);
        let slots = 0..view.people.slots.len() as u32;
        let reps: Vec<RepTarget> =
            slots.filter_map(|slot| rep_target(view, goal, version, &quotas, slot, span).ok()).collect();
        let groups = groups(view, goal, version, &quotas, &reps, span);
        Targets { reps, groups }
    }

    /// The targets of the period that contains `at`, by the version in force on that day.
    pub fn at(view: &View<'_>, goal: &Goal, at: Timestamp) -> Targets {
        let span = view.calendar().period(goal.period, at);
        Targets::new(view, goal, &Quotas::new(view, goal), span, view.calendar().date(at))
    }

    /// A team's or the organisation's target, where it is its own and not the sum of its reps'.
    pub fn own(&self, scope: Scope) -> Option<f64> {
        let group = self.groups.iter().find(|group| group.scope == scope);
        group.filter(|group| group.is_own).map(|group| group.value)
    }

    /// The target of a slot.
    pub fn of(&self, slot: u32) -> Option<RepTarget> {
        let place = self.reps.binary_search_by_key(&slot, |target| target.slot);
        place.ok().map(|place| self.reps[place])
    }
}

/// A person's target; else why there is none.
pub(super) fn rep_target(
    view: &View<'_>,
    goal: &Goal,
    version: &Version,
    quotas: &CrmTargets,
    slot: u32,
    span: Span,
) -> Result<RepTarget, &'static str> {
    let entry = &view.people.slots[slot as usize];
    if !entry.is_rep || entry.kind == SlotKind::Unassigned {
        return Err("not a rep");
    }
    let service = Service::new(view, entry).ok_or("has left, and nobody knows when")?;
    let all = service.schedule.working_millis(span);
    let present = service.present_millis(span);
    if all == 0 {
        return Err("the period has no working time");
    }
    if present == 0 {
        return Err("not in service, or away, throughout the period");
    }
    let accumulates = goal.accumulates();
    let target = |origin, set: f64, owed: f64| {
        let owed = accumulates.then_some((owed, all as f64));
        // Multiplied first, so that a share that comes to a whole number is that number.
        let value = owed.map_or(set, |(owed, all)| set * owed / all);
        RepTarget { slot, value, is_ramped: false, origin, set, owed }
    };
    if let Some(own) = entry.addresses.iter().find_map(|address| version.reps.get(address)) {
        return Ok(target(Origin::Own, *own, present as f64));
    }
    if let Some(quota) = quotas.reps.get(&slot) {
        return Ok(RepTarget { value: *quota, owed: None, ..target(Origin::Quota, *quota, present as f64) });
    }
    let by_role = version.roles.get(&entry.role).map(|value| (Origin::Role, *value));
    let by_team = || group_value(&version.teams, view, entry.team).map(|value| (Origin::Team, value));
    let by_default = || version.default.map(|value| (Origin::Default, value));
    let (origin, set) = by_role.or_else(by_team).or_else(by_default).ok_or("the settings name no target")?;
    Ok(RepTarget { is_ramped: accumulates, ..target(origin, set, service.ramped_millis(span, &goal.ramp)) })
}

/// What a table says of a team, by its label or its name in the CRM.
fn group_value(table: &BTreeMap<String, f64>, view: &View<'_>, team: u32) -> Option<f64> {
    let entry = &view.people.teams[team as usize];
    let by_name = || entry.name.as_ref().and_then(|name| table.get(name));
    table.get(&entry.label).or_else(by_name).copied()
}

fn groups(
    view: &View<'_>,
    goal: &Goal,
    version: &Version,
    quotas: &CrmTargets,
    reps: &[RepTarget],
    span: Span,
) -> Vec<GroupTarget> {
    let mut sums: BTreeMap<Scope, f64> = BTreeMap::new();
    for target in reps {
        let team = Scope::Team(view.people.slots[target.slot as usize].team);
        for scope in [Scope::Org, team] {
            *sums.entry(scope).or_default() += target.value;
        }
    }
    let teams = (0..view.people.teams.len() as u32).map(Scope::Team);
    let target = |scope: Scope| {
        let (own, schedule) = match scope {
            Scope::Team(team) => {
                let own = group_value(&version.team_totals, view, team).map(|value| (value, Origin::Own));
                let quota = || quotas.teams.get(&team).map(|value| (*value, Origin::Quota));
                (own.or_else(quota), view.schedule(team))
            }
            Scope::Org | Scope::Rep(_) => {
                (version.org.map(|value| (value, Origin::Own)), view.calendar().default_schedule())
            }
        };
        // A sum of ratios is none; who has reps with the goal has it too.
        let of_reps = sums.get(&scope).copied();
        let by_default = || of_reps.and(version.default).map(|value| (value, Origin::Default));
        let own = if goal.accumulates() { own } else { own.or_else(by_default) };
        match own {
            Some((value, origin)) => {
                (schedule.working_millis(span) > 0).then_some(GroupTarget { scope, value, is_own: true, origin })
            }
            // Where any rep works there is something to add up, whatever the group's own calendar says.
            None => {
                let sum = of_reps.filter(|_| goal.accumulates());
                sum.map(|value| GroupTarget { scope, value, is_own: false, origin: Origin::Own })
            }
        }
    };
    [Scope::Org].into_iter().chain(teams).filter_map(target).collect()
}

/// Slots of everybody in a group. Slots are in the order of their teams.
pub(super) fn members(view: &View<'_>, scope: Scope) -> Vec<u32> {
    let slots = &view.people.slots;
    let range = match scope {
        Scope::Org => 0..slots.len(),
        Scope::Team(team) => {
            slots.partition_point(|slot| slot.team < team)..slots.partition_point(|slot| slot.team <= team)
        }
        Scope::Rep(slot) => slot as usize..slot as usize + 1,
    };
    range.map(|slot| slot as u32).collect()
}

/// The population of a group's target: all its records, or those of the reps whose targets make it up.
pub(super) fn population(view: &View<'_>, target: &GroupTarget, targets: &Targets) -> Vec<u32> {
    let mut members = members(view, target.scope);
    if !target.is_own {
        members.retain(|slot| targets.of(*slot).is_some());
    }
    members
}
