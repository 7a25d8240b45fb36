//! Scorecards: one figure for several goals.

use super::goal::Goal;
use super::outcome::Outcome;
use super::settings;
use crate::facts::View;
use crate::setting::{self, Problem};

/// No goal counts for more than this many times its pace.
const DEFAULT_CAP: f64 = 1.5;

/// A scorecard.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// Value of the label `scorecard`.
    pub name: String,
    /// Roles that have it; none: all.
    roles: Vec<String>,
    goals: Vec<Weighted>,
    cap: f64,
}

/// What one goal adds to somebody's score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// The goal's place among all.
    pub goal: usize,
    /// Its pace; of a ratio goal what is attained.
    pub pace: f64,
    /// As much of it as counts.
    pub capped: f64,
    /// How much it weighs.
    pub weight: f64,
}

#[derive(Debug, Clone)]
struct Weighted {
    /// The goal's place among all.
    place: usize,
    weight: f64,
    /// Whether its figures stand as they are: then what is attained counts, before the period's first hour too.
    is_ratio: bool,
}

impl Scorecard {
    pub(super) fn new(name: &str, settings: &settings::Scorecard, goals: &[Goal]) -> Result<Scorecard, Problem> {
        let known: Vec<&str> = goals.iter().map(|goal| goal.name.as_str()).collect();
        let weight = |(goal, weight): (&String, &setting::Number)| {
            let key = format!("weights.{goal}");
            let place = known.iter().position(|name| name == goal);
            let place = place.ok_or_else(|| {
                Problem::new(&key, format!("`{goal}` is no goal; {}", setting::instead(goal, &known)))
            })?;
            match weight.float() {
                weight if weight > 0.0 => Ok(Weighted { place, weight, is_ratio: goals[place].is_ratio() }),
                _ => Err(Problem::new(&key, "a weight must be above 0")),
            }
        };
        let goals: Vec<Weighted> = settings.weights.iter().map(weight).collect::<Result<_, _>>()?;
        if goals.is_empty() {
            return Err(Problem::new("weights", "names no goal; write one, such as {weekly_calls: 1}"));
        }
        let cap = settings.cap.map_or(DEFAULT_CAP, setting::Number::float);
        if cap <= 0.0 {
            return Err(Problem::new("cap", "must be above 0"));
        }
        Ok(Scorecard { name: name.to_owned(), roles: settings.roles.clone(), goals, cap })
    }

    /// What a slot's score is made of.
    pub fn scored(&self, slot: u32, outcomes: &[Option<Outcome>]) -> Vec<Scored> {
        let scored = self.goals.iter().filter_map(|goal| {
            let figure = outcomes.get(goal.place)?.as_ref()?.of_rep(slot)?;
            let pace = if goal.is_ratio { figure.attainment } else { figure.pacing }?;
            Some(Scored { goal: goal.place, pace, capped: pace.min(self.cap), weight: goal.weight })
        });
        scored.collect()
    }

    /// Scores by slot: the weighted mean of the pace of each goal, capped. `outcomes` are those of all goals in their
    /// order; none where a goal is not known. Goals without a figure are left out.
    pub fn scores(&self, view: &View<'_>, outcomes: &[Option<Outcome>]) -> Vec<(u32, f64)> {
        let slots = view.people.slots.iter().enumerate();
        let has_it = |role: &String| self.roles.is_empty() || self.roles.contains(role);
        let slots = slots.filter(|(_, slot)| slot.has_zeros() && slot.has_scope() && has_it(&slot.role));
        let score = |slot: u32| {
            let scored = self.scored(slot, outcomes);
            let sum: f64 = scored.iter().map(|one| one.capped * one.weight).sum();
            let weights: f64 = scored.iter().map(|one| one.weight).sum();
            (weights > 0.0).then(|| (slot, sum / weights))
        };
        slots.filter_map(|(slot, _)| score(slot as u32)).collect()
    }
}
