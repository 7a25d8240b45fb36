//! The settings in force, with what the store knows their sources as, and what of them is not in the figures yet.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use super::figures::Delivered;
use super::parts::{Configured, Parts};
use super::plan::{Plan, Step};
use crate::domain::{Object, Timestamp};
use crate::facts::{Facts, Rules, SourceInfo};
use crate::meter::{Meter, SourceStatus};
use crate::setting::Problem;
use crate::source::Stream;
use crate::sync;

/// Settings in force.
pub(super) struct InForce {
    /// What they describe.
    pub parts: Arc<Parts>,
    /// How each source stands, in the order of the settings.
    pub standings: Vec<Standing>,
}

/// How a source stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// The store's number of it; none: the store does not know it.
    pub key: Option<u32>,
    /// Objects that a reload has added or that the CRM never let us read, as long as they are not loaded. They are left
    /// out of the figures until then, because figures of the other sources would be absent or half otherwise.
    pub held_back: BTreeSet<Object>,
    /// Since when it is asked as it is now.
    pub since: Timestamp,
}

/// All that decides what facts keep of rows: facts of one shape stay right when the rest of the settings changes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    reading: String,
    sources: Vec<SourceShape>,
}

#[derive(Debug, PartialEq, Eq)]
struct SourceShape {
    key: Option<u32>,
    kind: &'static str,
    counted: BTreeSet<Object>,
    held_back: BTreeSet<Object>,
}

impl InForce {
    /// Settings that are in force from the start, with the store's numbers of their sources: nothing is held back.
    pub(super) fn new(parts: Arc<Parts>, keys: impl IntoIterator<Item = Option<u32>>, since: Timestamp) -> InForce {
        let standing = |key| Standing { key, held_back: BTreeSet::new(), since };
        InForce { parts, standings: keys.into_iter().map(standing).collect() }
    }

    /// Settings that take the place of `self` by `plan` at `now`. Objects that no figure is made of yet are held back
    /// unless the source has `delivered` all of them completely.
    pub(super) fn followed_by(
        &self,
        parts: Parts,
        plan: &Plan,
        keys: &[Option<u32>],
        delivered: &[Delivered],
        now: Timestamp,
    ) -> InForce {
        let standing = |(((source, step), key), delivered): (((&Configured, &Step), &Option<u32>), &Delivered)| {
            let former = step.former(&source.name).and_then(|name| self.sources().find(|(old, _)| old.name == name));
            let counted = former.map(|(old, standing)| standing.counted(old)).unwrap_or_default();
            let mut held_back: BTreeSet<Object> = source.delivers().difference(&counted).copied().collect();
            if held_back.is_subset(&delivered.complete) {
                held_back.clear();
            }
            held_back.extend(&delivered.withheld);
            let goes_on = former.filter(|_| !matches!(step, Step::Restart(_)));
            Standing { key: *key, held_back, since: goes_on.map_or(now, |(_, standing)| standing.since) }
        };
        let sources = parts.sources.iter().zip(&plan.steps).zip(keys).zip(delivered);
        let standings = sources.map(standing).collect();
        InForce { parts: parts.into(), standings }
    }

    /// The same settings without what the CRMs never let us read, as far as the store knows it.
    pub(super) fn without_withheld(mut self, delivered: &[Delivered]) -> InForce {
        for (standing, delivered) in self.standings.iter_mut().zip(delivered) {
            standing.held_back.extend(&delivered.withheld);
        }
        self
    }

    /// The same settings with the objects in the figures that have been loaded since, and without those that a CRM turned
    /// out not to let us read; none if there are neither. A source comes in when a poll has succeeded, so that it does
    /// not come in by halves.
    pub(super) fn with_arrived(&self, meter: &Meter) -> Option<InForce> {
        let board = meter.board();
        let arrived = |(source, standing): (&Configured, &Standing)| {
            let known = board.iter().find(|known| known.name == source.name);
            let succeeded = known.filter(|known| known.last_success.is_some_and(|at| at >= standing.since));
            let awaited = |object: &Object| !succeeded.is_some_and(|known| known.complete.contains(object));
            let mut held_back: BTreeSet<Object> = standing.held_back.iter().copied().filter(awaited).collect();
            held_back.extend(known.map(|known| withheld(source, known)).unwrap_or_default());
            Standing { held_back, ..standing.clone() }
        };
        let standings: Vec<Standing> = self.sources().map(arrived).collect();
        let next = InForce { parts: self.parts.clone(), standings };
        (next.standings != self.standings).then_some(next)
    }

    /// The sources and how they stand.
    pub(super) fn sources(&self) -> impl Iterator<Item = (&Configured, &Standing)> + Clone {
        self.parts.sources.iter().zip(&self.standings)
    }

    /// The objects that figures are made of.
    pub(super) fn counted(&self) -> BTreeSet<Object> {
        self.sources().flat_map(|(source, standing)| standing.counted(source)).collect()
    }

    /// What decides how facts are to be kept.
    pub(super) fn shape(&self) -> Shape {
        let source = |(source, standing): (&Configured, &Standing)| SourceShape {
            key: standing.key,
            kind: source.kind.name,
            counted: standing.counted(source),
            held_back: standing.held_back.clone(),
        };
        let present = self.sources().filter(|(source, standing)| !standing.is_absent(source));
        Shape { reading: self.parts.reading(), sources: present.map(source).collect() }
    }

    /// Facts without records.
    pub(super) fn facts(&self) -> Result<Facts, Problem> {
        let counted = self
            .sources()
            .flat_map(|(source, standing)| standing.counted(source).into_iter().map(|object| (standing.key, object)));
        let held_back = self
            .standings
            .iter()
            .flat_map(|standing| standing.held_back.iter().filter_map(|object| Some((standing.key?, *object))));
        let facts = Facts::new(self.rules()?, self.parts.calendar.clone(), counted.collect());
        Ok(facts.without(held_back.collect()))
    }

    /// The rules by which rows are read.
    pub(super) fn rules(&self) -> Result<Rules, Problem> {
        let infos = self.sources().filter(|(source, standing)| !standing.is_absent(source));
        let infos = infos.filter_map(|(source, standing)| {
            Some(SourceInfo { key: standing.key?, name: source.name.clone(), dictionary: source.kind.dictionary })
        });
        self.parts.rules(&infos.collect::<Vec<_>>())
    }
}

impl Standing {
    /// The objects of the source that figures are made of.
    pub(super) fn counted(&self, source: &Configured) -> BTreeSet<Object> {
        source.delivers().difference(&self.held_back).copied().collect()
    }

    /// Whether all of the source is held back.
    pub(super) fn is_absent(&self, source: &Configured) -> bool {
        !self.held_back.is_empty() && self.counted(source).is_empty()
    }
}

/// The objects of a source that the CRM never let us read.
pub(super) fn withheld(source: &Configured, known: &SourceStatus) -> BTreeSet<Object> {
    let is_forbidden = |stream: &Stream| known.forbidden.contains(&stream.name);
    let withheld = sync::withheld(source.source.streams(), is_forbidden);
    // What was read once is in the figures, and makes the polls fail.
    withheld.difference(&known.complete).copied().collect()
}

/// The place of the settings in force. Whoever reads it keeps what was there.
pub(super) struct Current(RwLock<Arc<InForce>>);

impl Current {
    pub(super) fn new(in_force: InForce) -> Current {
        Current(RwLock::new(in_force.into()))
    }

    /// The settings in force.
    pub(super) fn get(&self) -> Arc<InForce> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks at the settings in force while they cannot change. Must be quick.
    pub(super) fn look<T>(&self, look: impl FnOnce(&InForce) -> T) -> T {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts others in force, together with what `change` changes. Must be quick.
    pub(super) fn set(&self, next: InForce, change: impl FnOnce()) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        change();
        *current = next.into();
    }
}
