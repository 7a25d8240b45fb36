//! What is seen of one subject: its figures by month and rep, who met it, how reps differ.
//!
//! Figures that add up are told for one period of somebody who is there throughout it: they are divided by the working time
//! that people were there for, so that holidays, absences and short months are no change of what people do.

use std::collections::{BTreeMap, BTreeSet};

use super::results::Results;
use super::subject::Subject;
use super::words::{Kind, Scale};
use crate::calendar::Period;
use crate::domain::Span;
use crate::facts::View;
use crate::goals::{Attempt, Cell, Panel, Row, attempts};
use crate::measures::Unit;
use crate::measures::stats::quantile;

/// Of fewer reps no quartiles are told: they would be figures of people.
const FEWEST_FOR_QUARTILES: usize = 4;
/// The most successful quarter is told apart from the rest where there are so many.
const FEWEST_FOR_CONTRAST: usize = 8;
/// A month of somebody counts if at least this share of its working time was worked.
const PRESENT: f64 = 0.5;

/// A month of a subject.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Month {
    /// Attempts in periods that ended in the month: attained, and all.
    pub met: Option<(usize, usize)>,
    /// The figure of all reps together.
    pub figure: Option<f64>,
    /// Lower quartile, median and upper quartile of reps.
    pub quartiles: Option<[f64; 3]>,
}

/// How reps of a role differ, over all months.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// The role.
    pub role: String,
    /// Its reps that have the figure.
    pub reps: usize,
    /// Lower quartile, median and upper quartile.
    pub quartiles: [f64; 3],
}

/// The most successful quarter of reps against the rest, both against the median of their roles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// Reps in the quarter.
    pub top_reps: usize,
    /// Median of their figures, as a multiple of what is usual in the role.
    pub top: f64,
    /// The others.
    pub other_reps: usize,
    /// The same of them.
    pub others: f64,
}

/// A rep's figures.
pub(super) struct Rep {
    pub(super) slot: u32,
    pub(super) role: String,
    /// By month of the review.
    pub(super) months: Vec<Option<f64>>,
    /// Over all months.
    pub(super) whole: Option<f64>,
    /// Attempts attained, and all.
    pub(super) met: (usize, usize),
}

/// What is seen of a subject.
pub(super) struct Observed {
    pub(super) scale: Scale,
    pub(super) months: Vec<Month>,
    pub(super) met: Option<(usize, usize)>,
    /// Attempts without a figure.
    pub(super) without_figure: usize,
    pub(super) reps: Vec<Rep>,
    pub(super) spread: Vec<Spread>,
    pub(super) contrast: Option<Contrast>,
    /// Months of the review that records are held of.
    pub(super) months_held: usize,
}

impl Observed {
    pub(super) fn new(
        view: &View<'_>,
        subject: &Subject<'_>,
        results: &Results,
        inside: Span,
        months: &[Span],
    ) -> Observed {
        let measure = &subject.measured.measure;
        let kind = kind(subject);
        let period = subject.goal.map_or(Period::Month, |goal| goal.period);
        let mut observed = Observed {
            scale: Scale { kind, period: measure.accumulates().then_some(period) },
            months: vec![Month::default(); months.len()],
            met: None,
            without_figure: 0,
            reps: Vec::new(),
            spread: Vec::new(),
            contrast: None,
            months_held: 0,
        };
        if !subject.is_known {
            return observed;
        }
        let panel = Panel::new(view, measure, Period::Month, inside);
        let attempts = subject.goal.map(|goal| attempts(view, goal, inside)).unwrap_or_default();
        let rows = population(&panel, subject, &attempts);
        observed.months_held = panel.spans.len();
        let figures =
            Figures { view, panel: &panel, rows: &rows, accumulates: measure.accumulates(), months: months.len() };
        let millis = figures.millis_of(period);
        observed.reps = rows.iter().map(|row| figures.rep(row, millis, &attempts)).collect();
        if let Some(whole) = figures.whole_span().filter(|_| !measure.accumulates()) {
            let whole = Panel::whole(view, measure, whole);
            for rep in &mut observed.reps {
                rep.whole = whole.together(&[rep.slot], 0);
            }
        }
        figures.fill(&mut observed, millis);
        observed.count(&attempts, months);
        observed.without_figure = attempts.iter().filter(|attempt| !attempt.has_figure).count();
        observed.spread = spread(&observed.reps);
        observed.contrast = if subject.is_result { None } else { contrast(&observed.reps, results) };
        observed
    }

    /// Number of the month and figure of every month that has one.
    pub(super) fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.months.iter().enumerate().filter_map(|(month, of)| Some((month as f64, of.figure?)))
    }

    /// Counts attempts by the month in which their periods ended.
    fn count(&mut self, attempts: &[Attempt], months: &[Span]) {
        for attempt in attempts {
            let last = attempt.span.end.plus_millis(-1);
            let met = usize::from(attempt.attained);
            let month = months.iter().position(|month| month.contains(last)).map(|month| &mut self.months[month].met);
            for (attained, all) in
                [Some(&mut self.met), month].into_iter().flatten().map(|count| count.get_or_insert((0, 0)))
            {
                *attained += met;
                *all += 1;
            }
        }
    }
}

fn kind(subject: &Subject<'_>) -> Kind {
    match subject.measured.measure.unit() {
        Some(Unit::Count) => Kind::Count,
        Some(Unit::Money) => Kind::Money,
        Some(Unit::Millis) => Kind::Seconds,
        None => Kind::Ratio,
    }
}

/// Who the figures are of: whoever has the goal; without a goal, whoever ever did it.
fn population<'p>(panel: &'p Panel, subject: &Subject<'_>, attempts: &[Attempt]) -> Vec<&'p Row> {
    let with_target: BTreeSet<u32> = attempts.iter().map(|attempt| attempt.slot).collect();
    let did = |row: &&Row| row.cells.iter().any(|cell| cell.figure.is_some_and(|figure| figure != 0.0));
    let belongs = |row: &&Row| if subject.goal.is_some() { with_target.contains(&row.slot) } else { did(row) };
    panel.rows.iter().filter(belongs).collect()
}

/// Figures of a population by month, as far as they are held.
struct Figures<'p> {
    view: &'p View<'p>,
    panel: &'p Panel,
    rows: &'p [&'p Row],
    accumulates: bool,
    /// Months of the review; those held are the last ones of them.
    months: usize,
}

impl Figures<'_> {
    /// Working time of a period of somebody who is there throughout, on average.
    fn millis_of(&self, period: Period) -> f64 {
        let (mut millis, mut days) = (0.0, 0.0);
        for row in self.rows {
            let schedule = self.view.schedule(self.view.people.slots[row.slot as usize].team);
            for (cell, span) in row.cells.iter().zip(&self.panel.spans) {
                millis += cell.working_millis;
                days += f64::from(
                    schedule.working_days(schedule.date(span.start), schedule.date(span.end.plus_millis(-1))),
                );
            }
        }
        let month = millis / (self.rows.len() * self.panel.spans.len()).max(1) as f64;
        match period {
            Period::Day => millis / f64::max(days, 1.0),
            Period::Week => month * 12.0 * 7.0 / 365.2425,
            Period::Month => month,
            Period::Quarter => month * 3.0,
            Period::Year => month * 12.0,
        }
    }

    fn rep(&self, row: &Row, millis: f64, attempts: &[Attempt]) -> Rep {
        let slot = &self.view.people.slots[row.slot as usize];
        let missing = self.months - self.panel.spans.len();
        let month = |cell: &Cell| {
            let counts = cell.present_millis >= PRESENT * cell.working_millis && cell.present_millis > 0.0;
            let figure = cell.figure.filter(|_| counts)?;
            Some(if self.accumulates { figure / cell.present_millis * millis } else { figure })
        };
        let months = std::iter::repeat_n(None, missing).chain(row.cells.iter().map(month)).collect();
        let own = attempts.iter().filter(|attempt| attempt.slot == row.slot);
        let met = own.fold((0, 0), |(met, all), attempt| (met + usize::from(attempt.attained), all + 1));
        let whole = self.accumulates.then(|| rate(row.cells.iter(), millis)).flatten();
        Rep { slot: row.slot, role: slot.role.clone(), months, whole, met }
    }

    /// From the first month held to the last.
    fn whole_span(&self) -> Option<Span> {
        Some(Span { start: self.panel.spans.first()?.start, end: self.panel.spans.last()?.end })
    }

    /// Figures of all reps together and their quartiles, by month.
    fn fill(&self, observed: &mut Observed, millis: f64) {
        let missing = self.months - self.panel.spans.len();
        let slots: Vec<u32> = self.rows.iter().map(|row| row.slot).collect();
        for (month, of) in observed.months.iter_mut().enumerate().skip(missing) {
            let place = month - missing;
            of.figure = match self.accumulates {
                true => rate(self.rows.iter().map(|row| &row.cells[place]), millis),
                false => self.panel.together(&slots, place),
            };
            of.quartiles = quartiles(observed.reps.iter().filter_map(|rep| rep.months[month]).collect());
        }
    }
}

/// What is done in so much working time, over cells together; none where nobody was there.
fn rate<'c>(cells: impl Iterator<Item = &'c Cell>, millis: f64) -> Option<f64> {
    let (sum, present) = cells
        .fold((0.0, 0.0), |(sum, present), cell| (sum + cell.figure.unwrap_or(0.0), present + cell.present_millis));
    (present > 0.0).then(|| sum / present * millis)
}

fn quartiles(mut values: Vec<f64>) -> Option<[f64; 3]> {
    if values.len() < FEWEST_FOR_QUARTILES {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    Some([quantile(&values, 0.25)?, quantile(&values, 0.5)?, quantile(&values, 0.75)?])
}

fn spread(reps: &[Rep]) -> Vec<Spread> {
    let mut roles: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for rep in reps {
        roles.entry(&rep.role).or_default().extend(rep.whole);
    }
    let spread = |(role, values): (&str, Vec<f64>)| {
        let reps = values.len();
        Some(Spread { role: role.to_owned(), reps, quartiles: quartiles(values)? })
    };
    roles.into_iter().filter_map(spread).collect()
}

/// Whoever has results, by them: the best quarter in terms of the role, and what it does against the rest.
fn contrast(reps: &[Rep], results: &Results) -> Option<Contrast> {
    let of_role = |value: &dyn Fn(&Rep) -> Option<f64>| -> BTreeMap<u32, f64> {
        let mut roles: BTreeMap<&str, Vec<(u32, f64)>> = BTreeMap::new();
        for rep in reps {
            roles.entry(&rep.role).or_default().extend(value(rep).map(|value| (rep.slot, value)));
        }
        let relative = |members: Vec<(u32, f64)>| {
            let middle = median(members.iter().map(|(_, value)| *value).collect()).filter(|middle| *middle > 0.0);
            middle
                .into_iter()
                .flat_map(move |middle| members.clone().into_iter().map(move |(slot, value)| (slot, value / middle)))
        };
        roles.into_values().flat_map(relative).collect()
    };
    let figures = of_role(&|rep| rep.whole.filter(|_| results.of(rep.slot).is_some()));
    let outcomes = of_role(&|rep| results.of(rep.slot));
    let mut both: Vec<(f64, f64)> =
        figures.iter().filter_map(|(slot, figure)| Some((*outcomes.get(slot)?, *figure))).collect();
    if both.len() < FEWEST_FOR_CONTRAST {
        return None;
    }
    both.sort_by(|one, other| other.0.total_cmp(&one.0));
    let top_reps = both.len().div_ceil(4);
    let (top, others) = both.split_at(top_reps);
    let figures = |of: &[(f64, f64)]| median(of.iter().map(|(_, figure)| *figure).collect());
    Some(Contrast { top_reps, top: figures(top)?, other_reps: others.len(), others: figures(others)? })
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    quantile(&values, 0.5)
}
