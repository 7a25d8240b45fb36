//! The figures of reps, their spread within a role, and how two of them go together.

use std::collections::BTreeMap;

use super::Benchmarks;
use crate::calendar::Window;
use crate::facts::View;
use crate::goals::Resolved;
use crate::measures::rank::spearman;
use crate::measures::stats::quantile;
use crate::measures::{Tally, Windows};

/// The quantiles of a spread: value of the label `stat`, and the share of reps below.
pub const QUANTILES: [(&str, f64); 4] = [("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p90", 0.9)];

/// Fewer reps with a figure make no spread: each would be told apart.
const ENOUGH_TO_SPREAD: usize = 4;
/// Fewer reps with both figures say nothing of how they go together.
const ENOUGH_TO_COMPARE: usize = 8;

/// What a measure comes to for every active rep of the roles that are looked at, hidden people too: they are not named.
pub struct RepFigures<'a> {
    /// The measure.
    pub measured: &'a Resolved,
    /// Roles of the reps.
    /// Slots of the reps.
    reps: Vec<u32>,
    roles: Vec<&'a str>,
    /// By window, a figure a rep; none for a ratio of nothing.
    windows: Vec<(Window, Vec<Option<f64>>)>,
}

/// How a figure spreads among the reps of a role.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread<'a> {
    /// The role.
    pub role: &'a str,
    /// The window.
    pub window: Window,
    /// In the order of [`QUANTILES`].
    pub values: Vec<f64>,
}

impl<'a> RepFigures<'a> {
    /// The figures of `measured` over `windows` at the view's instant.
    pub fn new(view: &'a View<'_>, rules: &Benchmarks, measured: &'a Resolved, windows: &Windows) -> RepFigures<'a> {
        let tally = Tally::new(view, &measured.measure, &**windows);
        let slots = (0..).zip(&view.people.slots);
        let reps = slots.filter(|(_, slot)| slot.has_zeros() && rules.has_role(&slot.role));
        let (reps, roles): (Vec<u32>, Vec<&str>) = reps.map(|(index, slot)| (index, slot.role.as_str())).unzip();
        let figures = |place: usize| reps.iter().map(|rep| tally.of(&[*rep], place)).collect();
        let windows = windows.iter().enumerate().map(|(place, (window, _))| (window, figures(place))).collect();
        RepFigures { measured, reps, roles, windows }
    }

    /// The figures over a window by slot, of the reps who have one.
    pub fn by_rep(&self, window: Window) -> impl Iterator<Item = (u32, &'a str, f64)> + '_ {
        let figures = self.over(window).unwrap_or_default();
        let reps = self.reps.iter().zip(&self.roles).zip(figures);
        reps.filter_map(|((slot, role), figure)| Some((*slot, *role, (*figure)?)))
    }

    /// The windows that are known.
    pub fn windows(&self) -> impl Iterator<Item = Window> {
        self.windows.iter().map(|(window, _)| *window)
    }

    fn over(&self, window: Window) -> Option<&[Option<f64>]> {
        self.windows.iter().find(|(own, _)| *own == window).map(|(_, figures)| figures.as_slice())
    }
}

/// The spreads of a measure by role and window, where enough reps have a figure.
pub fn spreads<'a>(of: &RepFigures<'a>) -> Vec<Spread<'a>> {
    let mut spreads = Vec::new();
    for (window, figures) in &of.windows {
        let mut by_role: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for (role, figure) in of.roles.iter().zip(figures) {
            by_role.entry(*role).or_default().extend(figure);
        }
        by_role.retain(|_, figures| figures.len() >= ENOUGH_TO_SPREAD);
        for (role, mut figures) in by_role {
            figures.sort_unstable_by(f64::total_cmp);
            let values = QUANTILES.iter().filter_map(|(_, share)| quantile(&figures, *share)).collect();
            spreads.push(Spread { role, window: *window, values });
        }
    }
    spreads
}

/// Spearman's rank correlation of two measures over a window. None where too few reps have both figures, and where all have
/// the same of one.
pub fn correlation(measure: &RepFigures<'_>, outcome: &RepFigures<'_>, window: Window) -> Option<f64> {
    let pairs = measure.over(window)?.iter().zip(outcome.over(window)?);
    let pairs: Vec<(f64, f64)> = pairs.filter_map(|(one, other)| Some(((*one)?, (*other)?))).collect();
    (pairs.len() >= ENOUGH_TO_COMPARE).then(|| spearman(&pairs)).flatten()
}
