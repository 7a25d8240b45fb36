//! The yearly review of the metrics themselves: of every goal and every kind of activity whether it is met, whether it has
//! stopped growing, whether it has to do with results, and so whether to keep, raise or replace it.
//!
//! A review is worked out here, from the same measures, targets and periods as the figures, and written by `markdown` and
//! `page`. What single statistics mean is in `course`, `relation` and `correction`; how they make a verdict is in `verdict`.
//! People appear in sums only, unless a list for coaching is asked for.

mod chart;
mod checks;
mod coaching;
pub mod correction;
pub mod course;
mod findings;
mod inputs;
mod markdown;
mod observed;
mod page;
mod questions;
pub mod relation;
mod results;
mod subject;
#[cfg(test)]
mod tests;
mod verdict;
mod words;

use chrono::{Days, NaiveDate};

use crate::calendar::Period;
use crate::domain::{Span, Timestamp};
use crate::facts::View;
use crate::metrics::Frame;

pub use checks::Checked;
pub use coaching::Coached;
pub use inputs::Inputs;
pub use markdown::markdown;
pub use observed::{Contrast, Month, Spread};
pub use page::page;
pub use questions::{Asked, Question};
pub use verdict::{Tie, Verdict};
pub use words::{Kind, Scale};

use observed::Observed;
use results::Results;
use subject::Subject;
use verdict::Evidence;

/// A finding counts if chance alone gives it less often than this, all that was looked at taken together.
pub const LEVEL: f64 = 0.05;

/// What is to be reviewed.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// First day.
    pub first: NaiveDate,
    /// Last day. Only whole months of which the view's instant lies behind the end are looked at.
    pub last: NaiveDate,
    /// Whether people are named who could gain most from coaching.
    pub names_people: bool,
}

/// A review.
pub struct Review {
    /// First day of the first month.
    pub first: NaiveDate,
    /// Last day of the last month.
    pub last: NaiveDate,
    /// The instant as of which records count.
    pub at: Timestamp,
    /// The months, by their first days.
    pub months: Vec<NaiveDate>,
    /// Code of the currency that values are in.
    pub currency: String,
    /// What results are, in words.
    pub results: Vec<&'static str>,
    /// How many reps have results.
    pub people_with_results: usize,
    /// Goals in the order of the settings, then activities that no goal counts.
    pub subjects: Vec<Reviewed>,
}

/// A goal or an activity, reviewed.
pub struct Reviewed {
    /// What people call it.
    pub title: String,
    /// The metric, as a selector.
    pub selector: String,
    /// What is known of the goal; none for an activity without one.
    pub goal: Option<GoalInfo>,
    /// In which unit its figures are, and for how long.
    pub scale: Scale,
    /// One entry for every month of the review.
    pub months: Vec<Month>,
    /// Attempts of reps at their targets that were attained, and all.
    pub met: Option<(usize, usize)>,
    /// As many of them had no figure, and so were not attained.
    pub without_figure: usize,
    /// Reps that the figures are of.
    pub reps: usize,
    /// Quartiles of reps, by role.
    pub spread: Vec<Spread>,
    /// The straight course, with the p-value corrected for all that were looked at.
    pub trend: Option<course::Trend>,
    /// The bent course, if it is better than chance, corrected for all that were looked at.
    pub plateau: Option<course::Plateau>,
    /// The strongest relation to results, found or not, with the p-value corrected for all that were looked at.
    pub relation: Option<relation::Relation>,
    /// What that relation says.
    pub tie: Tie,
    /// What the most successful quarter does against the rest.
    pub contrast: Option<Contrast>,
    /// What the figures rest on.
    pub inputs: Inputs,
    /// What to do.
    pub verdict: Verdict,
    /// Why, in plain words.
    pub reason: String,
    /// What to ask reps and managers.
    pub questions: Vec<Question>,
    /// Who could gain most, if asked for.
    pub coached: Vec<Coached>,
}

/// What the settings say of a goal.
pub struct GoalInfo {
    /// Name in the settings.
    pub name: String,
    /// Its period.
    pub period: Period,
    /// Whether less is better.
    pub lower_is_better: bool,
    /// Who answers for it; may be empty.
    pub owner: String,
    /// When it was last reviewed.
    pub reviewed_on: Option<NaiveDate>,
}

/// Reviews all goals and activities over a stretch of time.
pub fn review(frame: &Frame<'_>, wanted: Wanted) -> Review {
    let view = frame.view;
    let inside = inside(view, wanted);
    let months = months(view, inside);
    let results = Results::new(frame, inside);
    let subjects = subject::subjects(frame);
    let mut drafts: Vec<Draft<'_>> =
        subjects.into_iter().map(|subject| Draft::new(frame, subject, &results, inside, &months)).collect();
    // What nobody does needs no review unless it is a goal.
    drafts.retain(|draft| draft.subject.goal.is_some() || !draft.observed.reps.is_empty());
    correct(&mut drafts);
    let candidate = candidate(&drafts);
    let date = |at: Timestamp| view.calendar().date(at);
    let dates: Vec<NaiveDate> = months.iter().map(|span| date(span.start)).collect();
    Review {
        first: months.first().map_or(wanted.first, |span| date(span.start)),
        last: months.last().map_or(wanted.last, |span| date(span.end.plus_millis(-1))),
        at: view.now,
        currency: view.rules().currency().code().to_owned(),
        results: results.titles(),
        people_with_results: results.people(),
        subjects: drafts.into_iter().map(|draft| draft.finished(view, wanted, &dates, candidate.as_deref())).collect(),
        months: dates,
    }
}

/// The instants of the days that are wanted, as far as they lie before the view's.
fn inside(view: &View<'_>, wanted: Wanted) -> Span {
    let calendar = view.calendar();
    let behind = wanted.last.checked_add_days(Days::new(1)).unwrap_or(wanted.last);
    let end = calendar.start_of(behind).min(view.now.plus_millis(1));
    Span { start: calendar.start_of(wanted.first), end }
}

/// The whole months inside, oldest first.
fn months(view: &View<'_>, inside: Span) -> Vec<Span> {
    let mut months = Vec::new();
    let mut span = view.calendar().previous(Period::Month, inside.end);
    while span.start >= inside.start {
        months.push(span);
        span = view.calendar().previous(Period::Month, span.start);
    }
    months.reverse();
    months
}

/// A subject with what was found, before it is known what was found of the others.
struct Draft<'a> {
    subject: Subject<'a>,
    observed: Observed,
    inputs: Inputs,
    trend: Option<course::Trend>,
    plateau: Option<course::Plateau>,
    relation: Option<relation::Relation>,
}

impl<'a> Draft<'a> {
    fn new(frame: &Frame<'_>, subject: Subject<'a>, results: &Results, inside: Span, months: &[Span]) -> Draft<'a> {
        let observed = Observed::new(frame.view, &subject, results, inside, months);
        let upwards = subject.upwards();
        // Where less is better, what falls and stays down has grown and stopped.
        let points: Vec<course::Point> = observed.points().map(|(month, figure)| (month, figure * upwards)).collect();
        let trend = course::trend(&points).map(|trend| course::Trend { slope: trend.slope * upwards, ..trend });
        let plateau = course::plateau(&points);
        let plateau =
            plateau.map(|found| course::Plateau { from: found.from * upwards, level: found.level * upwards, ..found });
        let people = if subject.is_result { Vec::new() } else { results.people_of(&observed) };
        let inputs = Inputs::new(frame.view, &subject, &observed, inside, months.len());
        Draft { relation: relation::relation(&people), subject, observed, inputs, trend, plateau }
    }

    fn tie(&self) -> Tie {
        match self.relation {
            _ if self.subject.is_result => Tie::IsResult,
            None => Tie::Untested,
            Some(relation) if relation.p >= LEVEL => Tie::NotFound,
            Some(relation) if relation.correlation * self.subject.upwards() < 0.0 => Tie::Hurts,
            Some(relation) if relation.lag == 0 => Tie::GoesAlong,
            Some(_) => Tie::Helps,
        }
    }

    fn finished(self, view: &View<'_>, wanted: Wanted, months: &[NaiveDate], candidate: Option<&str>) -> Reviewed {
        let tie = self.tie();
        let Draft { subject, observed, inputs, trend, plateau, relation } = self;
        let plateau = plateau.filter(|plateau| plateau.p < LEVEL);
        let evidence = Evidence {
            is_goal: subject.goal.is_some(),
            months: observed.months.iter().filter(|month| month.figure.is_some()).count(),
            met: observed.met.map(|(met, all)| met as f64 / all as f64),
            has_plateau: plateau.is_some(),
            tie,
        };
        let verdict = verdict::verdict(&evidence);
        // Nobody is to be coached towards a goal that goes or was set wrongly.
        let is_useful = subject.goal.is_some() && matches!(verdict, Verdict::Keep | Verdict::Raise);
        let coached = if wanted.names_people && is_useful {
            coaching::coached(view, &observed, subject.upwards())
        } else {
            Vec::new()
        };
        let goal = subject.goal.map(|goal| GoalInfo {
            name: goal.name.clone(),
            period: goal.period,
            lower_is_better: goal.lower_is_better,
            owner: goal.owner.clone(),
            reviewed_on: goal.reviewed_on,
        });
        let mut reviewed = Reviewed {
            title: subject.title,
            selector: subject.measured.selector,
            goal,
            scale: observed.scale,
            months: observed.months,
            met: observed.met,
            without_figure: observed.without_figure,
            reps: observed.reps.len(),
            spread: observed.spread,
            trend,
            plateau,
            relation,
            tie,
            contrast: observed.contrast,
            inputs,
            verdict,
            reason: String::new(),
            questions: Vec::new(),
            coached,
        };
        reviewed.reason = verdict::reason(&reviewed, &evidence, months, candidate);
        reviewed.questions = questions::questions(&reviewed);
        reviewed
    }
}

/// Corrects p-values for having looked at several subjects.
fn correct(drafts: &mut [Draft<'_>]) {
    correct_all(drafts, |draft| Some(&mut draft.trend.as_mut()?.p));
    correct_all(drafts, |draft| Some(&mut draft.plateau.as_mut()?.p));
    correct_all(drafts, |draft| Some(&mut draft.relation.as_mut()?.p));
}

fn correct_all<'d, 'a>(drafts: &'d mut [Draft<'a>], value: impl Fn(&'d mut Draft<'a>) -> Option<&'d mut f64>) {
    let mut values: Vec<&mut f64> = drafts.iter_mut().filter_map(value).collect();
    let corrected = correction::holm(&values.iter().map(|value| **value).collect::<Vec<_>>());
    values.iter_mut().zip(corrected).for_each(|(value, corrected)| **value = corrected);
}

/// The subject that has most to do with results: what could stand in for another.
fn candidate(drafts: &[Draft<'_>]) -> Option<String> {
    let strength = |draft: &&Draft<'_>| draft.relation.map_or(0.0, |relation| relation.correlation.abs());
    let helping = drafts.iter().filter(|draft| draft.tie() == Tie::Helps);
    let most = helping.max_by(|one, other| strength(one).total_cmp(&strength(other)));
    most.map(|draft| draft.subject.title.clone())
}
