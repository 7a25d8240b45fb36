//! Results: what activities are held against. Value won and win ratio of everybody, month by month.

use std::collections::BTreeMap;

use super::observed::Observed;
use super::relation::{Person, Series};
use super::words::RESULT_TITLES;
use crate::calendar::Period;
use crate::domain::Span;
use crate::goals::{Cell, Panel};
use crate::metrics::{Frame, resolve};

/// What counts as a result, and what it is called.
const RESULTS: [(&str, &str); 2] = [("crm_win_ratio", RESULT_TITLES[0]), ("crm_deals_won_value", RESULT_TITLES[1])];

/// Results of reps by month. Whoever never had a deal won or lost has none: what they do cannot be held against it.
#[derive(Default)]
pub(super) struct Results {
    titles: Vec<&'static str>,
    /// By slot: each result by month, oldest first. All end with the last month of the review.
    series: BTreeMap<u32, Vec<Series>>,
    /// Value won by slot, by working time.
    won: BTreeMap<u32, f64>,
}

impl Results {
    pub(super) fn new(frame: &Frame<'_>, inside: Span) -> Results {
        let known = RESULTS.map(|(selector, title)| {
            let measured = resolve(selector).ok().filter(|measured| frame.is_known(measured))?;
            Some((title, Panel::new(frame.view, &measured.measure, Period::Month, inside)))
        });
        let [Some((ratio_title, ratio)), Some((won_title, won))] = known else { return Results::default() };
        let closes = |cells: &[Cell]| cells.iter().any(|cell| cell.figure.is_some());
        let mut results = Results { titles: vec![ratio_title, won_title], ..Results::default() };
        for (ratios, values) in ratio.rows.iter().zip(&won.rows).filter(|(ratios, _)| closes(&ratios.cells)) {
            let by_time = |cell: &Cell| cell.figure.map(|figure| figure / cell.present_millis);
            let series =
                [ratios.cells.iter().map(|cell| cell.figure).collect(), values.cells.iter().map(by_time).collect()];
            results.series.insert(values.slot, series.into());
            let (sum, time) = values
                .cells
                .iter()
                .fold((0.0, 0.0), |(sum, time), cell| (sum + cell.figure.unwrap_or(0.0), time + cell.present_millis));
            results.won.insert(values.slot, sum / time);
        }
        results
    }

    /// What the results are called.
    pub(super) fn titles(&self) -> Vec<&'static str> {
        self.titles.clone()
    }

    /// How many people have results.
    pub(super) fn people(&self) -> usize {
        self.series.len()
    }

    /// Value won by working time, of whoever has results.
    pub(super) fn of(&self, slot: u32) -> Option<f64> {
        self.won.get(&slot).copied()
    }

    /// Figures of a subject beside the results of the same people.
    pub(super) fn people_of(&self, observed: &Observed) -> Vec<Person> {
        let mut roles: Vec<&str> = observed.reps.iter().map(|rep| rep.role.as_str()).collect();
        roles.sort_unstable();
        roles.dedup();
        let months = observed.months.len();
        let aligned = |series: &Series| {
            let mut aligned = vec![None; months.saturating_sub(series.len())];
            aligned.extend(series);
            aligned
        };
        let person = |rep: &super::observed::Rep| {
            let results = self.series.get(&rep.slot)?.iter().map(aligned).collect();
            let group = roles.binary_search(&rep.role.as_str()).ok()?;
            Some(Person { group, figures: rep.months.clone(), results })
        };
        observed.reps.iter().filter_map(person).collect()
    }
}
