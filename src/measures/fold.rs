//! Folds of measures over windows and populations.

use std::collections::{BTreeSet, HashMap};

use super::{Contribution, Dims, Level, Spans, Sum};
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

/// Numbers for keys, given as they come. Looked up once a contribution, so by slot, and then among the few further labels
/// that a slot has.
#[derive(Debug, Default)]
struct Numbers {
    by_slot: Vec<Vec<(Dims, usize)>>,
    count: usize,
}

impl Numbers {
    fn of(&mut self, (slot, dims): CellKey) -> usize {
        let slot = slot as usize;
        if slot >= self.by_slot.len() {
            self.by_slot.resize_with(slot + 1, Vec::new);
        }
        let numbers = &mut self.by_slot[slot];
        match numbers.binary_search_by_key(&dims, |(dims, _)| *dims) {
            Ok(place) => numbers[place].1,
            Err(place) => {
                numbers.insert(place, (dims, self.count));
                self.count += 1;
                self.count - 1
            }
        }
    }

    /// All keys in order, with their numbers.
    fn iter(&self) -> impl Iterator<Item = (CellKey, usize)> + '_ {
        let slots = self.by_slot.iter().enumerate();
        slots.flat_map(|(slot, numbers)| numbers.iter().map(move |(dims, number)| ((slot as u32, *dims), *number)))
    }
}

/// Sums per slot, further labels and window. A cell to which nothing was ever added is absent, which is not 0.
#[derive(Debug, Default)]
pub struct Cells {
    width: usize,
    rows: Numbers,
    /// Absent cells are not a number.
    values: Vec<f64>,
}

impl Cells {
    /// No cells, of so many windows each.
    pub fn new(width: usize) -> Cells {
        Cells { width, rows: Numbers::default(), values: Vec::new() }
    }

    fn row(&mut self, key: CellKey) -> &mut [f64] {
        let row = self.rows.of(key);
        if (row + 1) * self.width > self.values.len() {
            self.values.resize((row + 1) * self.width, f64::NAN);
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

    /// The cells by the labels that slots are shown with: those of hidden people of one team are one.
    pub fn shown(self, view: &View<'_>) -> Cells {
        if view.people.slots.iter().all(|slot| slot.has_scope()) {
            return self;
        }
        let mut shown = Cells::new(self.width);
        for ((slot, dims), values) in self.iter() {
            let slot = view.people.shown(slot);
            values.for_each(|(window, amount)| shown.add((slot, dims), window, amount));
        }
        shown
    }

    /// The cells with their index of the window, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (CellKey, impl Iterator<Item = (usize, f64)> + '_)> + '_ {
        self.rows.iter().map(|(key, row)| {
            let values = self.values[row * self.width..(row + 1) * self.width].iter().copied();
            (key, values.enumerate().filter(|(_, value)| !value.is_nan()))
        })
    }

    /// The sums per population: every slot with cells, its team, and everybody. What is absent is 0.
    pub fn by_scope(&self, view: &View<'_>) -> HashMap<(Scope, Dims), Vec<f64>> {
        let mut scopes: HashMap<(Scope, Dims), Vec<f64>> = HashMap::new();
        // Sums of whole numbers are exact in any order; for the others' sake the order is that of the keys.
        for ((slot, dims), values) in self.iter() {
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
pub fn each_inside(view: &View<'_>, sum: &Sum, spans: &Spans, mut take: impl FnMut(&Contribution, usize)) {
    if spans.is_empty() {
        return;
    }
    (sum.each)(view, spans.since(), &mut |contribution| {
        for window in spans.containing(contribution.at) {
            take(&contribution, window);
        }
    });
}

/// Sums of a measure per slot, further labels and window.
pub fn sums(view: &View<'_>, sum: &Sum, spans: &Spans) -> Cells {
    let mut cells = Cells::new(spans.len());
    each_inside(view, sum, spans, |contribution, window| {
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
pub fn samples(view: &View<'_>, sum: &Sum, spans: &Spans) -> HashMap<(Scope, Dims), Vec<Vec<f64>>> {
    let mut all: HashMap<(Scope, Dims), Vec<Vec<f64>>> = HashMap::new();
    each_list(
        view,
        sum,
        spans,
        |contribution| contribution.amount,
        |(slot, dims), lists| {
            lists.iter_mut().for_each(|samples| samples.sort_unstable_by(f64::total_cmp));
            for scope in scopes_of(view, slot) {
                extend(all.entry((scope, dims)).or_default(), lists);
            }
        },
    );
    // What is sorted in pieces is sorted fast.
    all.values_mut().flatten().for_each(|samples| samples.sort_by(f64::total_cmp));
    all
}

/// How many different records contribute to a measure, per population and window.
pub fn distinct(view: &View<'_>, sum: &Sum, spans: &Spans) -> HashMap<Scope, Vec<f64>> {
    let mut all: HashMap<Scope, Vec<Vec<u32>>> = HashMap::new();
    let only_once = |records: &mut Vec<u32>| {
        records.sort();
        records.dedup();
    };
    each_list(
        view,
        sum,
        spans,
        |contribution| contribution.record,
        |(slot, _), lists| {
            lists.iter_mut().for_each(only_once);
            for scope in scopes_of(view, slot) {
                extend(all.entry(scope).or_default(), lists);
            }
        },
    );
    let count = |mut records: Vec<u32>| {
        only_once(&mut records);
        records.len() as f64
    };
    all.into_iter().map(|(scope, windows)| (scope, windows.into_iter().map(count).collect())).collect()
}

/// Hands out, in the order of the keys, one list a window of what `part` gives of the contributions.
fn each_list<T>(
    view: &View<'_>,
    sum: &Sum,
    spans: &Spans,
    part: impl Fn(&Contribution) -> T,
    mut take: impl FnMut(CellKey, &mut [Vec<T>]),
) {
    let mut numbers = Numbers::default();
    let mut lists: Vec<Vec<T>> = Vec::new();
    each_inside(view, sum, spans, |contribution, window| {
        let number = numbers.of((contribution.slot, contribution.dims));
        if (number + 1) * spans.len() > lists.len() {
            lists.resize_with((number + 1) * spans.len(), Vec::new);
        }
        lists[number * spans.len() + window].push(part(contribution));
    });
    for (key, number) in numbers.iter() {
        let lists = &mut lists[number * spans.len()..(number + 1) * spans.len()];
        take(key, lists);
        lists.iter_mut().for_each(|list| *list = Vec::new());
    }
}

/// Adds to each list what stands in the other of the same place.
fn extend<T: Copy>(lists: &mut Vec<Vec<T>>, others: &[Vec<T>]) {
    lists.resize_with(others.len(), Vec::new);
    lists.iter_mut().zip(others).for_each(|(list, other)| list.extend_from_slice(other));
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
