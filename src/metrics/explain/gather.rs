//! Walks a measure once more, for one population and one span, and keeps the records that a figure folds away.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::listing::{Listing, RecordLine};
use super::{Part, Role};
use crate::domain::{Object, Span, Timestamp};
use crate::facts::{LeftOut, View};
use crate::measures::fold::{Scope, scopes_of};
use crate::measures::stats::Stat;
use crate::measures::{Contribution, Dim, Dims, Fold, Level, Measure, Standing, Sum, Unit, activities};
use crate::setting::Selector;

/// What further labels show, where it is not what the dimension shows.
type Shown<'a> = &'a dyn Fn(Dim, u32) -> Option<String>;

/// Which contributions are taken.
pub struct Gather<'a> {
    view: &'a View<'a>,
    limit: usize,
    /// By slot: whether records of it count.
    whom: Rc<[bool]>,
    span: Span,
    /// Further labels and what they must show.
    only: Vec<(String, String)>,
    shown: Option<Shown<'a>>,
}

/// What was left out, by reason and further labels.
type Heard = HashMap<(&'static str, Option<Dims>), Listing>;

/// All time.
const EVER: Span = Span { start: Timestamp::MIN, end: Timestamp::MAX };

impl<'a> Gather<'a> {
    /// Everything; `limit` records are listed at most.
    pub fn new(view: &'a View<'a>, limit: usize) -> Gather<'a> {
        let whom = vec![true; view.people.slots.len()].into();
        Gather { view, limit, whom, span: EVER, only: Vec::new(), shown: None }
    }

    /// Only of a population. The hidden people of a team have none of their own, but share labels that sums name.
    pub fn of(self, scope: Scope) -> Gather<'a> {
        let view = self.view;
        let is_in =
            |slot: u32| scope == Scope::Rep(view.people.shown(slot)) || scopes_of(view, slot).any(|own| own == scope);
        let whom = (0..view.people.slots.len() as u32).map(is_in).collect();
        Gather { whom, ..self }
    }

    /// Only of these slots.
    pub fn of_slots(self, slots: &[u32]) -> Gather<'a> {
        let whom = (0..self.view.people.slots.len() as u32).map(|slot| slots.contains(&slot)).collect();
        Gather { whom, ..self }
    }

    /// Only inside a span; none: at all times.
    pub fn within(self, span: Option<Span>) -> Gather<'a> {
        Gather { span: span.unwrap_or(EVER), ..self }
    }

    /// Only what has the labels that a selector names, as far as measures have them.
    pub fn labelled(self, selector: &Selector) -> Gather<'a> {
        Gather { only: selector.labels.clone(), ..self }
    }

    /// Only what these dimensions show.
    pub fn only(self, dims: &[(Dim, String)]) -> Gather<'a> {
        Gather { only: dims.iter().map(|(dim, value)| (dim.label().to_owned(), value.clone())).collect(), ..self }
    }

    /// Further labels show what `shown` gives, if it gives something.
    pub fn showing(self, shown: Shown<'a>) -> Gather<'a> {
        Gather { shown: Some(shown), ..self }
    }

    /// What a measure of the settings comes to.
    pub fn measure(self, measure: &Measure) -> Vec<Part> {
        let by = |part: Part| part.role(Role::By);
        let gather = self.only(&measure.only);
        match measure.fold {
            Fold::Sum(sum) => vec![gather.sum(sum)],
            Fold::Level(level) => vec![gather.level(level)],
            Fold::Distinct(sum) => vec![gather.distinct(sum)],
            Fold::Ratio(over, under) => {
                vec![gather.sum(over).named("numerator"), by(gather.sum(under).named("denominator"))]
            }
            Fold::PerDistinct(over, under) => {
                vec![gather.sum(over).named("numerator"), by(gather.distinct(under).named("denominator"))]
            }
            Fold::Stat(sum, stat) => vec![gather.samples(sum, stat)],
        }
    }

    /// What a sum comes to.
    pub fn sum(&self, sum: &Sum) -> Part {
        let (mut listing, mut total) = (Listing::new(self.limit), 0.0);
        let left_out = self.each(sum, |line, amount| {
            total += amount;
            listing.push(line);
        });
        self.part("records", Some(sum.unit.sample(self.view, total)), listing, left_out)
    }

    /// A statistic of a sum's single amounts.
    pub fn samples(&self, sum: &Sum, stat: Stat) -> Part {
        let (mut listing, mut samples) = (Listing::new(self.limit), Vec::new());
        let left_out = self.each(sum, |line, amount| {
            samples.push(amount);
            listing.push(line);
        });
        samples.sort_unstable_by(f64::total_cmp);
        let value = stat.of(&samples).map(|value| sum.unit.sample(self.view, value));
        self.part(&format!("{stat} of the records"), value, listing, left_out)
    }

    /// How many different records contribute to a sum. Of each the latest contribution is listed.
    pub fn distinct(&self, sum: &Sum) -> Part {
        let mut latest: HashMap<(Object, u32), RecordLine> = HashMap::new();
        let left_out = self.each(sum, |line, _| {
            let known = latest.entry((line.object, line.record)).or_insert(line);
            if known.at < line.at {
                *known = line;
            }
        });
        let mut listing = Listing::new(self.limit);
        latest.into_values().for_each(|line| listing.push(line));
        self.part("different records", Some(listing.count() as f64), listing, left_out)
    }

    /// The latest instant of a sum's contributions. What is later and left out is listed.
    pub fn latest(&self, sum: &Sum) -> Part {
        let mut latest: Option<Timestamp> = None;
        self.each(sum, |line, _| latest = latest.max(line.at));
        let Some(at) = latest else {
            return self.part("latest record", None, Listing::new(self.limit), Vec::new());
        };
        let tail =
            Gather { span: Span { start: at, ..self.span }, only: self.only.clone(), whom: self.whom.clone(), ..*self };
        Part { value: Some(at.seconds()), ..tail.sum(sum).named("latest record") }
    }

    /// What stands now.
    pub fn level(&self, level: &Level) -> Part {
        self.standings(level.object, level.dims, level.unit, |sink| (level.each)(self.view, sink))
    }

    /// What `each` hands out and stands now.
    pub fn standings(
        &self,
        object: Object,
        dims: &'static [Dim],
        unit: Unit,
        each: impl FnOnce(&mut dyn FnMut(Standing)),
    ) -> Part {
        let (mut listing, mut total) = (Listing::new(self.limit), 0.0);
        let view = self.view;
        let heard = self.hear(object, dims, || {
            each(&mut |standing| {
                let stands = standing.from <= view.now && view.now < standing.to;
                if !stands || !self.whom[standing.slot as usize] || !self.fits(dims, standing.dims) {
                    return;
                }
                let at = (standing.from > Timestamp::MIN).then_some(standing.from);
                let amount = unit.sample(view, standing.amount);
                let (object, record, slot) = (standing.object, standing.record, standing.slot);
                total += standing.amount;
                listing.push(RecordLine { object, record, at, slot, amount });
            });
        });
        self.part("records", Some(unit.sample(view, total)), listing, heard)
    }

    /// Hands out the contributions that are taken, as lines and with their amounts in the measure's units; gives what was
    /// left out.
    fn each(&self, sum: &Sum, mut take: impl FnMut(RecordLine, f64)) -> Vec<(&'static str, Listing)> {
        let view = self.view;
        self.hear(sum.object, sum.dims, || {
            (sum.each)(view, self.span.start, &mut |contribution| {
                let Contribution { at, slot, dims, amount, .. } = contribution;
                if self.span.contains(at) && self.whom[slot as usize] && self.fits(sum.dims, dims) {
                    let (object, record) = record_of(view, sum, contribution.record);
                    let line = RecordLine { object, record, at: Some(at), slot, amount: sum.unit.sample(view, amount) };
                    take(line, amount);
                }
            });
        })
    }

    /// Runs `run` and gives what it leaves out, by reason, most records first.
    fn hear(&self, object: Object, dims: &'static [Dim], run: impl FnOnce()) -> Vec<(&'static str, Listing)> {
        let heard: Rc<RefCell<Heard>> = Rc::default();
        let (ears, whom, span, limit) = (heard.clone(), self.whom.clone(), self.span, self.limit);
        let witness = move |left_out: LeftOut| {
            let LeftOut { at, slot, .. } = left_out;
            if left_out.object != object || !whom[slot as usize] || at.is_some_and(|at| !span.contains(at)) {
                return;
            }
            let mut heard = ears.borrow_mut();
            let listing = heard.entry((left_out.why, left_out.dims)).or_insert_with(|| Listing::new(limit));
            listing.push(RecordLine { object, record: left_out.record, at, slot, amount: 0.0 });
        };
        self.view.listen(witness, run);
        self.by_reason(dims, heard.take())
    }

    /// Joins what was left out for one reason, of the labels that are asked for.
    fn by_reason(&self, dims: &'static [Dim], heard: Heard) -> Vec<(&'static str, Listing)> {
        let mut reasons: Vec<(&'static str, Listing)> = Vec::new();
        for ((why, values), listing) in heard {
            if values.is_some_and(|values| !self.fits(dims, values)) {
                continue;
            }
            match reasons.iter_mut().find(|(known, _)| *known == why) {
                Some((_, known)) => known.append(listing),
                None => reasons.push((why, listing)),
            }
        }
        reasons.sort_by(|(why, one), (other_why, other)| other.count().cmp(&one.count()).then(why.cmp(other_why)));
        reasons.into_iter().map(|(why, listing)| (why, listing.finish())).collect()
    }

    fn fits(&self, dims: &'static [Dim], values: Dims) -> bool {
        let shown = |dim: Dim, value: u32| match self.shown.and_then(|shown| shown(dim, value)) {
            Some(shown) => Cow::from(shown),
            None => dim.shown(self.view, value),
        };
        let has = |(dim, value): (&Dim, u32)| {
            let wanted = self.only.iter().find(|(label, _)| label == dim.label());
            wanted.is_none_or(|(_, wanted)| shown(*dim, value) == *wanted)
        };
        dims.iter().zip(values).all(has)
    }

    fn part(&self, name: &str, value: Option<f64>, records: Listing, left_out: Vec<(&'static str, Listing)>) -> Part {
        Part { records: Some(records.finish()), left_out, ..Part::figure(name, value) }
    }
}

/// The record that a contribution names: of touches it is the prospect's number.
fn record_of(view: &View<'_>, sum: &Sum, record: u32) -> (Object, u32) {
    match std::ptr::eq(sum, &activities::TOUCHES) {
        true => view.touches().record_of(record),
        false => (sum.object, record),
    }
}
