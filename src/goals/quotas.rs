//! The targets that a CRM keeps (quotas), as targets of a goal's periods.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive as _;

use super::goal::{Goal, Version};
use crate::domain::{Object, Span, Timestamp};
use crate::facts::{Quota, SlotKind, View};
use crate::measures::Unit;
use crate::measures::fold::Scope;

/// The targets that CRMs keep and that a goal may take.
pub(super) struct Quotas<'a> {
    view: &'a View<'a>,
    goal: &'a Goal,
    /// In the order of their first days.
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    from: NaiveDate,
    to: NaiveDate,
    /// The CRM's name of it, case folded.
    name: Option<String>,
    scope: Scope,
    quota: &'a Quota,
}

/// What a CRM keeps for one period.
#[derive(Debug, Default)]
pub(super) struct CrmTargets {
    /// By slot.
    pub reps: BTreeMap<u32, f64>,
    /// By team.
    pub teams: BTreeMap<u32, f64>,
}

/// Amounts by first and last day.
type Parts = BTreeMap<(NaiveDate, NaiveDate), f64>;

impl<'a> Quotas<'a> {
    pub(super) fn new(view: &'a View<'a>, goal: &'a Goal) -> Quotas<'a> {
        let mut sources: Vec<u32> = goal.sources().filter_map(|(_, name)| view.rules().source(name)).collect();
        sources.sort_unstable();
        sources.dedup();
        let entry = |quota: &'a Quota| {
            let (from, to) = (quota.goal.starts_on?, quota.goal.ends_on?);
            let name = quota.goal.name.as_deref().map(|name| name.trim().to_lowercase());
            Some(Entry { from, to, name, scope: scope(view, quota)?, quota })
        };
        let mut entries: Vec<Entry<'_>> =
            sources.into_iter().flat_map(|source| view.quotas(source)).filter_map(entry).collect();
        entries.sort_by_key(|entry| entry.from);
        Quotas { view, goal, entries }
    }

    /// The targets of a period: of each name that counts, those that lie inside it and together cover it, added up.
    pub(super) fn of(&self, version: &Version, span: Span) -> CrmTargets {
        let mut targets = CrmTargets::default();
        let Some(source) = version.source.as_deref().and_then(|name| self.view.rules().source(name)) else {
            return targets;
        };
        let calendar = self.view.calendar();
        let (first, last) = (calendar.date(span.start), calendar.date(span.end.plus_millis(-1)));
        let begun = self.entries.partition_point(|entry| entry.from < first);
        let inside =
            self.entries[begun..].iter().take_while(|entry| entry.from <= last).filter(|entry| entry.to <= last);
        let is_meant = |entry: &&Entry<'_>| {
            entry.quota.source == source && (version.quota.is_none() || entry.name == version.quota)
        };
        let mut parts: BTreeMap<(Scope, Option<&str>), Parts> = BTreeMap::new();
        for entry in inside.filter(is_meant) {
            if let Some(value) = self.value(entry.quota, span.end) {
                let parts = parts.entry((entry.scope, entry.name.as_deref())).or_default();
                *parts.entry((entry.from, entry.to)).or_default() += value;
            }
        }
        for ((scope, _), parts) in parts {
            let Some(total) = total(&parts, first, last) else { continue };
            match scope {
                Scope::Rep(slot) => *targets.reps.entry(slot).or_default() += total,
                Scope::Team(team) => *targets.teams.entry(team).or_default() += total,
                Scope::Org => {}
            }
        }
        targets
    }

    /// A CRM's target in the measure's units; money by the rate at the end of the period, or of now.
    fn value(&self, quota: &Quota, end: Timestamp) -> Option<f64> {
        let target = quota.goal.target?;
        match self.goal.measured.measure.unit() {
            Some(Unit::Money) => {
                let (currency, at) = (quota.goal.currency.as_deref(), end.min(self.view.now));
                let minor = self.view.converted(quota.source, target, currency, at)?;
                Some(Unit::Money.sample(self.view, minor as f64))
            }
            _ => target.to_f64(),
        }
    }
}

fn scope(view: &View<'_>, quota: &Quota) -> Option<Scope> {
    match (quota.goal.owner, quota.goal.team) {
        (Some(owner), _) => {
            let slot = view.slot(view.survivor(Object::User, owner.0));
            let is_somebody = view.people.slots[slot as usize].kind != SlotKind::Unassigned;
            is_somebody.then_some(Scope::Rep(slot))
        }
        (None, Some(team)) => view.team(view.survivor(Object::Team, team.0)).map(Scope::Team),
        (None, None) => None,
    }
}

/// The sum of parts that cover all dates from `first` to `last` without a gap: three months make a quarter. Where a CRM
/// keeps a target for the quarter and for its months, the longer one counts. A part of the time says nothing of the whole.
fn total(parts: &Parts, first: NaiveDate, last: NaiveDate) -> Option<f64> {
    let mut total = 0.0;
    let mut next = first;
    while next <= last {
        // Of those that begin on a day the one that ends last.
        let ((_, to), value) = parts.range((next, NaiveDate::MIN)..=(next, NaiveDate::MAX)).next_back()?;
        if *to < next {
            return None;
        }
        total += value;
        next = to.succ_opt()?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_count_where_they_cover_the_whole_time() {
        let day = |text: &str| format!("2026-{text}").parse::<NaiveDate>().unwrap();
        let quarter = |parts: &[(&str, &str, f64)]| {
            let parts = parts.iter().map(|(from, to, value)| ((day(from), day(to)), *value)).collect();
            total(&parts, day("01-01"), day("03-31"))
        };
        let (january, february, march) = (("01-01", "01-31", 1.0), ("02-01", "02-28", 2.0), ("03-01", "03-31", 4.0));
        assert_eq!(quarter(&[january, february, march]), Some(7.0));
        // A gap in front, in between, at the end; nothing at all.
        assert_eq!(quarter(&[february, march]), None);
        assert_eq!(quarter(&[january, march]), None);
        assert_eq!(quarter(&[january, february]), None);
        assert_eq!(quarter(&[]), None);
        // Longer ones count before their parts.
        assert_eq!(quarter(&[january, february, march, ("01-01", "03-31", 8.0)]), Some(8.0));
        assert_eq!(quarter(&[january, february, march, ("02-01", "03-31", 8.0)]), Some(9.0));
        // Of two that overlap nobody knows what holds in the time of both.
        assert_eq!(quarter(&[("01-01", "02-15", 1.0), ("02-01", "03-31", 2.0)]), None);
        // One that ends before it begins covers nothing.
        assert_eq!(quarter(&[("01-01", "01-01", 1.0), ("01-02", "01-01", 2.0)]), None);
    }
}
