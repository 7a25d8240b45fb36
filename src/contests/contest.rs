//! Contests as the settings describe them, ready for use.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::settings::{self, Between, RankBy};
use crate::calendar::Calendar;
use crate::domain::Span;
use crate::facts::{Rules, Slot, View};
use crate::goals::{Goal, Goals, Resolve, Resolved};
use crate::measures::Fold;
use crate::setting::{self, Problem};

/// A contest.
#[derive(Clone)]
pub struct Contest {
    /// Value of the label `contest`.
    pub name: String,
    /// Who is ranked.
    pub between: Between,
    /// Whether it is kept out of the exposition.
    pub is_hidden: bool,
    pub(super) scoring: Scoring,
    /// Whoever has less has no rank.
    pub(super) minimum: Option<f64>,
    from: NaiveDate,
    to: NaiveDate,
    roles: Vec<String>,
    teams: Vec<String>,
    /// Addresses, case folded.
    reps: BTreeSet<String>,
}

/// What a score is.
#[derive(Clone)]
pub(super) enum Scoring {
    /// A figure.
    Value(Resolved),
    /// Points for each of several.
    Points(Vec<(Resolved, Decimal)>),
    /// A figure by the own target of a goal.
    Attainment(Resolved, Box<Goal>),
}

impl Contest {
    fn new(name: &str, settings: &settings::Contest, goals: &[Goal], resolve: Resolve<'_>) -> Result<Contest, Problem> {
        let day = |key: &str, day: Option<NaiveDate>| {
            day.ok_or_else(|| Problem::new(key, "is missing; write a date such as 2026-10-01"))
        };
        let (from, to) = (day("from", settings.from)?, day("to", settings.to)?);
        if to < from {
            return Err(Problem::new("to", format!("{to} lies before the first day, {from}")));
        }
        let contest = Contest {
            name: name.to_owned(),
            between: settings.between,
            is_hidden: settings.hidden,
            scoring: scoring(settings, goals, resolve)?,
            minimum: settings.minimum_score.map(setting::Number::float),
            from,
            to,
            roles: settings.roles.clone(),
            teams: settings.teams.clone(),
            reps: settings.reps.iter().map(|address| address.trim().to_lowercase()).collect(),
        };
        let is_of_reps = contest.between == Between::Reps;
        let unfit = contest.measured().map(|(key, measured)| Some((key, unfit(measured, is_of_reps)?)));
        let unfit = unfit.flatten().next().map(|(key, text)| Err(Problem::new(key, text)));
        unfit.unwrap_or(Ok(contest))
    }

    /// From the start of its first day to the end of its last one.
    pub fn span(&self, calendar: &Calendar) -> Span {
        let next = self.to.succ_opt().unwrap_or(self.to);
        Span { start: calendar.start_of(self.from), end: calendar.start_of(next) }
    }

    /// What it measures, each behind the key that names it.
    pub fn measured(&self) -> impl Iterator<Item = (String, &Resolved)> {
        let (one, several): (_, &[(Resolved, Decimal)]) = match &self.scoring {
            Scoring::Value(measured) | Scoring::Attainment(measured, _) => {
                (Some(("measure".to_owned(), measured)), &[])
            }
            Scoring::Points(points) => (None, points),
        };
        let several = several.iter().enumerate();
        one.into_iter().chain(several.map(|(index, (measured, _))| (format!("points[{index}].measure"), measured)))
    }

    /// Whether somebody takes part: active reps of the roles, teams and people that are named.
    pub(super) fn has(&self, view: &View<'_>, slot: &Slot) -> bool {
        let team = &view.people.teams[slot.team as usize];
        let is_team = |name: &String| *name == team.label || team.name.as_ref() == Some(name);
        slot.has_zeros()
            && (self.roles.is_empty() || self.roles.contains(&slot.role))
            && (self.teams.is_empty() || self.teams.iter().any(is_team))
            && (self.reps.is_empty() || !self.reps.is_disjoint(&slot.addresses))
    }
}

fn scoring(settings: &settings::Contest, goals: &[Goal], resolve: Resolve<'_>) -> Result<Scoring, Problem> {
    let measure = settings.measure.as_deref().filter(|text| !text.trim().is_empty());
    let resolved = |key: &str, text: &str| resolve(text).map_err(|text| Problem::new(key, text));
    let goal = match (settings.rank_by, &settings.goal) {
        (RankBy::Value, None) => None,
        (RankBy::Value, Some(_)) => {
            let text = "counts by attainment only; write `rank_by: attainment`, or take the line out";
            return Err(Problem::new("goal", text));
        }
        (RankBy::Attainment, None) => {
            return Err(Problem::new("goal", "is missing; name the goal whose targets count"));
        }
        (RankBy::Attainment, Some(name)) => {
            let known: Vec<&str> = goals.iter().map(|goal| goal.name.as_str()).collect();
            let found = goals.iter().find(|goal| goal.name == *name);
            let unknown = || Problem::new("goal", format!("`{name}` is no goal; {}", setting::instead(name, &known)));
            Some(found.ok_or_else(unknown)?)
        }
    };
    match (goal, measure, settings.points.as_slice()) {
        (_, Some(_), [_, ..]) => Err(Problem::new("points", "stands beside `measure`; write one of the two")),
        (Some(_), None, [_, ..]) => Err(Problem::new("points", "have no target; by attainment, write `measure`")),
        (Some(goal), None, []) => Ok(Scoring::Attainment(goal.measured.clone(), Box::new(goal.clone()))),
        (Some(goal), Some(text), []) => Ok(Scoring::Attainment(resolved("measure", text)?, Box::new(goal.clone()))),
        (None, Some(text), []) => Ok(Scoring::Value(resolved("measure", text)?)),
        (None, None, points @ [_, ..]) => points_for(points, resolve).map(Scoring::Points),
        (None, None, []) => {
            Err(Problem::new("measure", "is missing; write a metric such as crm_deals_won_value, or `points`"))
        }
    }
}

fn points_for(points: &[settings::Points], resolve: Resolve<'_>) -> Result<Vec<(Resolved, Decimal)>, Problem> {
    let mut all: Vec<(Resolved, Decimal)> = Vec::new();
    for (index, points) in points.iter().enumerate() {
        let problem = |key: &str, text: String| Problem::new(format!("points[{index}].{key}"), text);
        let measured = resolve(&points.measure).map_err(|text| problem("measure", text))?;
        if !measured.measure.accumulates() {
            let text = format!("{} does not add up, so there are no points for it", measured.metric);
            return Err(problem("measure", text));
        }
        if all.iter().any(|(known, _)| known.selector == measured.selector) {
            return Err(problem("measure", format!("`{}` is listed twice; write it once", measured.selector)));
        }
        if points.each.0 <= Decimal::ZERO {
            return Err(problem("each", "points must be above 0".to_owned()));
        }
        all.push((measured, points.each.0));
    }
    Ok(all)
}

/// Why nobody can compete for a figure, if so.
fn unfit(measured: &Resolved, is_of_reps: bool) -> Option<String> {
    let name = measured.metric;
    match measured.measure.fold {
        Fold::Level(_) => Some(format!("{name} is what stands now and has no days; take a metric with windows")),
        _ if is_of_reps && !measured.measure.has_reps() => {
            Some(format!("{name} has too few samples a rep for this statistic; take mean or p50"))
        }
        _ => None,
    }
}

/// The contests of the settings, in their order.
#[derive(Clone, Default)]
pub struct Contests {
    /// The contests.
    pub contests: Vec<Contest>,
}

impl Contests {
    /// Checks and prepares the settings. Problems name keys of the whole settings.
    pub fn new(
        settings: &IndexMap<String, settings::Contest>,
        goals: &Goals,
        resolve: Resolve<'_>,
    ) -> Result<Contests, Problem> {
        let contest = |(name, contest): (&String, &settings::Contest)| {
            let contest = Contest::new(name, contest, &goals.goals, resolve);
            contest.map_err(|problem| problem.under(name).under("contests"))
        };
        Ok(Contests { contests: settings.iter().map(contest).collect::<Result<_, _>>()? })
    }

    /// What the other settings say against them: words that no rule knows.
    pub fn check(&self, rules: &Rules) -> Result<(), Problem> {
        for contest in &self.contests {
            if let Some((key, text)) = contest.measured().find_map(|(key, of)| Some((key, of.stranger(rules)?))) {
                return Err(Problem::new(format!("contests.{}.{key}", contest.name), text));
            }
        }
        Ok(())
    }
}
