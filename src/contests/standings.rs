//! Who is ahead in a contest.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::contest::{Contest, Scoring};
use super::settings::Between;
use crate::facts::View;
use crate::goals::{Goal, Resolved, Targets};
use crate::measures::fold::Scope;
use crate::measures::stats::ratio;
use crate::measures::{Spans, Tally};

/// How somebody stands in a contest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// A rep, or in a contest between teams a team.
    pub who: Scope,
    /// The score: in base units of the measure, in points, or a ratio to the target.
    pub score: f64,
    /// The place, 1 is ahead; equal scores share the better one. None below the minimum score.
    pub rank: Option<u32>,
}

/// How everybody stands at the view's instant who has a score, in the order of their scopes. None before the contest begins,
/// and where it began before the records that are held.
pub fn standings(view: &View<'_>, contest: &Contest) -> Option<Vec<Standing>> {
    let span = contest.span(view.calendar());
    let is_held = contest.measured().all(|(_, measured)| {
        let since = view.held_since(measured.measure.history());
        since.is_none_or(|since| since <= span.start)
    });
    if view.now < span.start || !is_held {
        return None;
    }
    let scores = Scores::new(view, contest);
    let scores: Vec<(Scope, f64)> =
        entrants(view, contest).into_iter().filter_map(|who| Some((who, scores.of(who)?))).collect();
    let standing =
        |(who, score): &(Scope, f64)| Standing { who: *who, score: *score, rank: rank(contest, *score, &scores) };
    Some(scores.iter().map(standing).collect())
}

/// One more than there are better scores.
fn rank(contest: &Contest, score: f64, scores: &[(Scope, f64)]) -> Option<u32> {
    let is_ranked = contest.minimum.is_none_or(|minimum| score >= minimum);
    is_ranked.then(|| 1 + scores.iter().filter(|(_, other)| *other > score).count() as u32)
}

/// Who is ranked: reps who are named, or teams with anybody who takes part.
fn entrants(view: &View<'_>, contest: &Contest) -> BTreeSet<Scope> {
    let slots = view.people.slots.iter().enumerate().filter(|(_, slot)| contest.has(view, slot));
    match contest.between {
        Between::Reps => {
            let named = slots.filter(|(_, slot)| slot.has_scope());
            named.map(|(index, _)| Scope::Rep(index as u32)).collect()
        }
        Between::Teams => slots.map(|(_, slot)| Scope::Team(slot.team)).collect(),
    }
}

/// Slots of everybody whose records make a rep's or a team's score: of a team those who take part, hidden people too.
pub fn population(view: &View<'_>, contest: &Contest, who: Scope) -> Vec<u32> {
    let slots = (0..).zip(&view.people.slots).filter(|(_, slot)| contest.has(view, slot));
    let is_of = |index: u32, team: u32| who == Scope::Org || who == Scope::Team(team) || who == Scope::Rep(index);
    slots.filter(|(index, slot)| is_of(*index, slot.team)).map(|(index, _)| index).collect()
}

/// What a score is made of, for whoever asks.
pub struct Making<'a> {
    /// Slots of those whose records count.
    pub slots: Vec<u32>,
    /// What counts, and how many points each of it brings, where points are counted.
    pub counted: Vec<(&'a Resolved, Option<f64>)>,
    /// The target that the figure is compared with, if it is, and whether less is better.
    pub target: Option<(f64, bool)>,
}

impl<'a> Making<'a> {
    /// What the score of somebody is made of.
    pub fn new(view: &View<'_>, contest: &'a Contest, who: Scope) -> Making<'a> {
        let slots = population(view, contest, who);
        let (counted, target) = match &contest.scoring {
            Scoring::Value(measured) => (vec![(measured, None)], None),
            Scoring::Points(points) => {
                (points.iter().map(|(measured, each)| (measured, each.to_f64())).collect(), None)
            }
            Scoring::Attainment(measured, goal) => {
                let target = Scores::new(view, contest).target(goal, who, slots.clone());
                (vec![(measured, None)], target.map(|(target, slots)| (target, slots, goal.lower_is_better)))
            }
        };
        match target {
            Some((target, slots, lower_is_better)) => {
                Making { slots, counted, target: Some((target, lower_is_better)) }
            }
            None => Making { slots, counted, target: None },
        }
    }
}

/// What scores are made of.
struct Scores<'a> {
    view: &'a View<'a>,
    contest: &'a Contest,
    tallies: Vec<Tally>,
    /// Those of the goal, where they count.
    targets: Option<Targets>,
}

impl<'a> Scores<'a> {
    fn new(view: &'a View<'_>, contest: &'a Contest) -> Scores<'a> {
        let span = contest.span(view.calendar());
        let spans = Spans::new(vec![span]);
        let tallies = contest.measured().map(|(_, measured)| Tally::new(view, &measured.measure, &spans)).collect();
        let targets = match &contest.scoring {
            // After the end, those of the last day stay.
            Scoring::Attainment(_, goal) => Some(Targets::at(view, goal, view.now.min(span.end.plus_millis(-1)))),
            Scoring::Value(_) | Scoring::Points(_) => None,
        };
        Scores { view, contest, tallies, targets }
    }

    fn of(&self, who: Scope) -> Option<f64> {
        let slots = population(self.view, self.contest, who);
        match &self.contest.scoring {
            Scoring::Value(_) => self.tallies[0].of(&slots, 0),
            Scoring::Points(points) => {
                let points = points.iter().zip(&self.tallies).map(|((_, each), tally)| {
                    // Decimals, so that three times 0.1 ties with once 0.3.
                    Decimal::try_from(tally.of(&slots, 0)?).ok()?.checked_mul(*each)
                });
                let sum = points.sum::<Option<Decimal>>()?;
                sum.to_f64()
            }
            Scoring::Attainment(_, goal) => {
                let (target, slots) = self.target(goal, who, slots)?;
                let figure = self.tallies[0].of(&slots, 0)?;
                if goal.lower_is_better { ratio(target, figure) } else { ratio(figure, target) }
            }
        }
    }

    /// The target of a rep or team, and whose records count towards it: where a team's is the sum of its participants', those
    /// of the ones who have any. Targets of ratios do not add up.
    fn target(&self, goal: &Goal, who: Scope, mut slots: Vec<u32>) -> Option<(f64, Vec<u32>)> {
        let targets = self.targets.as_ref()?;
        let own = match who {
            Scope::Rep(slot) => targets.of(slot).map(|target| target.value),
            Scope::Team(_) | Scope::Org => targets.own(who),
        };
        if own.is_some() || matches!(who, Scope::Rep(_)) || !goal.measured.measure.accumulates() {
            return own.map(|target| (target, slots));
        }
        slots.retain(|slot| targets.of(*slot).is_some());
        let sum = slots.iter().filter_map(|slot| targets.of(*slot)).map(|target| target.value).sum();
        Some((sum, slots)).filter(|(_, slots)| !slots.is_empty())
    }
}
