//! What a figure measures, apart from when and of whom: what a goal, a record or a contest shares with a metric.

use super::quality::Check;
use super::stats::Stat;
use super::{Dim, Dims, Level, Sum, Unit};
use crate::domain::Object;
use crate::facts::{NONE, View};

/// How a figure is made of measures.
#[derive(Clone, Copy)]
pub enum Fold {
    /// The sum of contributions.
    Sum(&'static Sum),
    /// What stands at an instant.
    Level(&'static Level),
    /// How many different records contribute.
    Distinct(&'static Sum),
    /// The sum of one measure over that of another.
    Ratio(&'static Sum, &'static Sum),
    /// The sum of one measure over how many different records contribute to another.
    PerDistinct(&'static Sum, &'static Sum),
    /// A statistic of single amounts.
    Stat(&'static Sum, Stat),
}

/// A fold, and which values of its further labels count.
#[derive(Clone)]
pub struct Measure {
    /// How it is made.
    pub fold: Fold,
    /// Labels that must have these values.
    pub only: Vec<(Dim, String)>,
}

impl Measure {
    /// Whether amounts of a span add up: sums and distinct counts. The others are figures that stand as they are.
    pub fn accumulates(&self) -> bool {
        matches!(self.fold, Fold::Sum(_) | Fold::Distinct(_))
    }

    /// Whether single reps have figures of it: with few samples only mean and median say something.
    pub fn has_reps(&self) -> bool {
        !matches!(self.fold, Fold::Stat(_, stat) if !stat.is_for_reps())
    }

    /// What it counts; none for a ratio.
    pub fn unit(&self) -> Option<Unit> {
        match self.fold {
            Fold::Sum(sum) | Fold::Stat(sum, _) => Some(sum.unit),
            Fold::Level(level) => Some(level.unit),
            Fold::Distinct(_) | Fold::PerDistinct(..) => Some(Unit::Count),
            Fold::Ratio(..) => None,
        }
    }

    /// The kind of record whose history says how far back it can be told.
    pub fn history(&self) -> Object {
        match self.fold {
            Fold::Sum(sum) | Fold::Distinct(sum) | Fold::Stat(sum, _) => sum.history,
            Fold::Ratio(over, _) | Fold::PerDistinct(over, _) => over.history,
            Fold::Level(level) => level.object,
        }
    }

    /// The kind of record that it is made of.
    pub fn object(&self) -> Object {
        match self.fold {
            Fold::Sum(sum) | Fold::Distinct(sum) | Fold::Stat(sum, _) => sum.object,
            Fold::Ratio(over, _) | Fold::PerDistinct(over, _) => over.object,
            Fold::Level(level) => level.object,
        }
    }

    /// Whether the records are delivered that the key activities look at which it counts, or the check that it names; true
    /// if there is neither.
    pub fn can_be_told(&self, view: &View<'_>) -> bool {
        let named = self.only.iter().find(|(dim, _)| *dim == Dim::KeyActivity).map(|(_, name)| name);
        let counts_rules = matches!(self.fold, Fold::Sum(sum) if sum.dims.contains(&Dim::KeyActivity));
        let mut rules = view.rules().key_activities().iter().filter(|_| counts_rules);
        let check = self.only.iter().find(|(dim, _)| *dim == Dim::Check);
        let mut checks = Check::ALL.into_iter().filter(|known| check.is_some_and(|(_, name)| name == known.name()));
        rules.all(|rule| named.is_some_and(|name| *name != rule.name) || view.can_tell(rule))
            && checks.all(|check| check.is_known(view))
    }

    /// The filter for contributions with these further labels.
    pub fn filter<'v>(&'v self, view: &'v View<'v>, dims: &'static [Dim]) -> Filter<'v> {
        let wanted = |(dim, text): &'v (Dim, String)| {
            let place = dims.iter().position(|own| own == dim)?;
            Some(Wanted { dim: *dim, place, text, known: Vec::new() })
        };
        Filter { view, wanted: self.only.iter().filter_map(wanted).collect() }
    }
}

/// Whether further labels have the values that a measure wants. What a value shows is looked up once.
pub struct Filter<'v> {
    view: &'v View<'v>,
    wanted: Vec<Wanted<'v>>,
}

struct Wanted<'v> {
    dim: Dim,
    place: usize,
    text: &'v str,
    /// By value: whether it is known and fits.
    known: Vec<Option<bool>>,
}

impl Filter<'_> {
    /// Whether these labels count.
    pub fn takes(&mut self, dims: Dims) -> bool {
        self.wanted.iter_mut().all(|wanted| wanted.fits(self.view, dims[wanted.place]))
    }
}

impl Wanted<'_> {
    fn fits(&mut self, view: &View<'_>, value: u32) -> bool {
        // No value is the highest number; it gets the first place.
        let place = if value == NONE { 0 } else { value as usize + 1 };
        if place >= self.known.len() {
            self.known.resize(place + 1, None);
        }
        let (dim, text) = (self.dim, self.text);
        *self.known[place].get_or_insert_with(|| dim.shown(view, value) == text)
    }
}
