//! Folds of measures over windows and populations.

use std::collections::{BTreeSet, HashMap};

use super::{Contribution, Dims, Level, Sum, Windows};
use crate::facts::View;

/// A population: everybody, a team, or a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// The whole organisation.
    Org,
    /// A team: index in the view's teams.
    Team(u32),
    /// A person: index in the view's slots.
    Rep(u32),
}

/// Who and what a cell is for.
pub type CellKey = (u32, Dims);

/// Sums per slot, further labels and window. A cell to which nothing was ever added is absent, which is not 0.
#[derive(Debug, Default)]
pub struct Cells {
    width: usize,
    rows: HashMap<CellKey, usize>,
    /// Absent cells are not a number.
    values: Vec<f64>,
}

impl Cells {
    /// No cells, of so many windows each.
    pub fn new(width: usize) -> Cells {
        Cells { width, rows: HashMap::new(), values: Vec::new() }
    }

    fn row(&mut self, key: CellKey) -> &mut [f64] {
        let next = self.rows.len();
        let row = *self.rows.entry(key).or_insert(next);
        if row == next {
            self.values.resize((next + 1) * self.width, f64::NAN);
        }
        &mut self.values[row * self.width..(row + 1) * self.width]
    }

    /// Adds to a cell, which then is there.
    pub fn add(&mut self, key: CellKey, window: usize, amount: f64) {
        add(&mut self.row(key)[window], amount);
    }

    /// Makes all cells of a key be there: those that were absent are 0.
    pub fn zero(&mut self, key: CellKey) {
        self.row(key).iter_mut().for_each(|value| add(value, 0.0));
    }

    /// The cells with their index of the window, by key.
    pub fn iter(&self) -> impl Iterator<Item = (CellKey, impl Iterator<Item = (usize, f64)> + '_)> + '_ {
        self.rows.iter().map(|(key, row)| {
            let values = self.values[row * self.width..(row + 1) * self.width].iter().copied();
            (*key, values.enumerate().filter(|(_, value)| !value.is_nan()))
        })
    }

    /// The sums per population: every slot with cells, its team, and everybody. What is absent is 0.
    pub fn by_scope(&self, view: &View<'_>) -> HashMap<(Scope, Dims), Vec<f64>> {
        let mut scopes: HashMap<(Scope, Dims), Vec<f64>> = HashMap::new();
        // Sums of whole numbers are exact in any order; the order is fixed for the others' sake.
        let mut rows: Vec<_> = self.iter().collect();
        rows.sort_unstable_by_key(|(key, _)| *key);
        for ((slot, dims), values) in rows {
            let values: Vec<_> = values.collect();
            for scope in scopes_of(view, slot) {
                let sums = scopes.entry((scope, dims)).or_insert_with(|| vec![0.0; self.width]);
                values.iter().for_each(|(window, value)| sums[*window] += value);
            }
        }
        scopes
    }
}

fn add(cell: &mut f64, amount: f64) {
    *cell = if cell.is_nan() { amount } else { *cell + amount };
}

/// The populations that a slot belongs to. Hidden people have no population of their own.
pub fn scopes_of(view: &View<'_>, slot: u32) -> impl Iterator<Item = Scope> + use<> {
    let entry = &view.people.slots[slot as usize];
    let own = entry.has_scope().then_some(Scope::Rep(slot));
    [Scope::Org, Scope::Team(entry.team)].into_iter().chain(own)
}

/// Hands every contribution inside a window to `take`, with the window's index.
pub fn each_inside(view: &View<'_>, sum: &Sum, windows: &Windows, mut take: impl FnMut(&Contribution, usize)) {
    if windows.is_empty() {
        return;
    }
    (sum.each)(view, windows.since(), &mut |contribution| {
        for window in windows.containing(contribution.at) {
            take(&contribution, window);
        }
    });
}

/// Sums of a measure per slot, further labels and window.
pub fn sums(view: &View<'_>, sum: &Sum, windows: &Windows) -> Cells {
    let mut cells = Cells::new(windows.len());
    each_inside(view, sum, windows, |contribution, window| {
        cells.add((contribution.slot, contribution.dims), window, contribution.amount);
    });
    cells
}

/// What stands at the view's instant, per slot and further labels.
pub fn standing(view: &View<'_>, level: &Level) -> Cells {
    let mut cells = Cells::new(1);
    (level.each)(view, &mut |standing| {
        if standing.from <= view.now && view.now < standing.to {
            cells.add((standing.slot, standing.dims), 0, standing.amount);
        }
    });
    cells
}

/// The single amounts of a measure per population, further labels and window, ascending.
pub fn samples(view: &View<'_>, sum: &Sum, windows: &Windows) -> HashMap<(Scope, Dims), Vec<Vec<f64>>> {
    let mut all: HashMap<(Scope, Dims), Vec<Vec<f64>>> = HashMap::new();
    each_inside(view, sum, windows, |contribution, window| {
        for scope in scopes_of(view, contribution.slot) {
            let samples = all.entry((scope, contribution.dims)).or_insert_with(|| vec![Vec::new(); windows.len()]);
            samples[window].push(contribution.amount);
        }
    });
    all.values_mut().flatten().for_each(|samples| samples.sort_unstable_by(f64::total_cmp));
    all
}

/// How many different records contribute to a measure, per population and window.
pub fn distinct(view: &View<'_>, sum: &Sum, windows: &Windows) -> HashMap<Scope, Vec<f64>> {
    let mut all: HashMap<Scope, Vec<Vec<u32>>> = HashMap::new();
    each_inside(view, sum, windows, |contribution, window| {
        for scope in scopes_of(view, contribution.slot) {
            all.entry(scope).or_insert_with(|| vec![Vec::new(); windows.len()])[window].push(contribution.record);
        }
    });
    let count = |mut records: Vec<u32>| {
        records.sort_unstable();
        records.dedup();
        records.len() as f64
    };
    all.into_iter().map(|(scope, windows)| (scope, windows.into_iter().map(count).collect())).collect()
}

/// The populations that have zeros: active reps, teams with one, everybody.
pub fn zero_scopes(view: &View<'_>) -> BTreeSet<Scope> {
    let people = &view.people;
    let reps = people.slots.iter().enumerate().filter(|(_, slot)| slot.has_zeros() && slot.has_scope());
    let reps = reps.map(|(index, _)| Scope::Rep(index as u32));
    let teams = people.teams.iter().enumerate().filter(|(_, team)| team.has_active_rep);
    let teams = teams.map(|(index, _)| Scope::Team(index as u32));
    reps.chain(teams).chain([Scope::Org]).collect()
}
