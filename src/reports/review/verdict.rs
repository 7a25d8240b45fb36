//! What to do with a subject, and why.

use chrono::NaiveDate;

use super::Reviewed;
use super::words::{self, later, percent, probability};

/// A goal that this share of attempts attain is met by nearly everybody.
const NEARLY_ALL: f64 = 0.8;
/// One that this share attain by hardly anybody.
const HARDLY_ANY: f64 = 0.2;
/// Under so many months with figures nothing is said.
const FEWEST_MONTHS: usize = 6;

/// What a relation to results says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// It is a result itself.
    IsResult,
    /// Better figures go with better results later on.
    Helps,
    /// Better figures go with better results of the same month: as likely their effect as their cause.
    GoesAlong,
    /// Better figures go with worse results.
    Hurts,
    /// Looked for and not found.
    NotFound,
    /// Too few people or months to look for it.
    Untested,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on with it.
    Keep,
    /// Ask for more.
    Raise,
    /// Ask for less.
    Lower,
    /// Take something else in its place.
    Replace,
    /// Nothing can be said.
    NotEnoughData,
    /// Of an activity without a goal: make it one.
    MakeItAGoal,
    /// Of an activity without a goal: leave it.
    NoGoalNeeded,
}

impl Verdict {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Verdict::Keep => "Keep",
            Verdict::Raise => "Raise",
            Verdict::Lower => "Lower",
            Verdict::Replace => "Replace",
            Verdict::NotEnoughData => "Not enough data",
            Verdict::MakeItAGoal => "Make it a goal",
            Verdict::NoGoalNeeded => "No goal needed",
        }
    }
}

/// What a verdict follows from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    pub(super) is_goal: bool,
    /// Months with a figure.
    pub(super) months: usize,
    /// The share of attempts attained.
    pub(super) met: Option<f64>,
    pub(super) has_plateau: bool,
    pub(super) tie: Tie,
}

/// What follows from the evidence.
///
/// A goal goes if it works against results, or if no tie to them is found and it has nothing left to give: it has reached a
/// plateau, or nearly everybody or hardly anybody meets it. Otherwise its target follows from how many meet it.
pub(super) fn verdict(evidence: &Evidence) -> Verdict {
    let Evidence { is_goal, months, met, has_plateau, tie } = *evidence;
    if months < FEWEST_MONTHS || (is_goal && met.is_none()) {
        return Verdict::NotEnoughData;
    }
    let Some(met) = met.filter(|_| is_goal) else {
        return if tie == Tie::Helps { Verdict::MakeItAGoal } else { Verdict::NoGoalNeeded };
    };
    let is_out_of_reach = met <= HARDLY_ANY;
    let is_reached = met >= NEARLY_ALL;
    match tie {
        Tie::Hurts => Verdict::Replace,
        Tie::NotFound if has_plateau || is_reached || is_out_of_reach => Verdict::Replace,
        _ if is_reached => Verdict::Raise,
        _ if is_out_of_reach => Verdict::Lower,
        _ => Verdict::Keep,
    }
}

/// Why, in plain words. `candidate` is what has most to do with results.
pub(super) fn reason(
    reviewed: &Reviewed,
    evidence: &Evidence,
    months: &[NaiveDate],
    candidate: Option<&str>,
) -> String {
    let mut sentences = Vec::new();
    if reviewed.verdict == Verdict::NotEnoughData {
        sentences.push(lacking(reviewed, evidence));
        return sentences.join(" ");
    }
    sentences.extend(evidence.met.map(met_in_words));
    sentences.push(course_in_words(reviewed, months));
    sentences.extend(tie_in_words(reviewed));
    let advice = match reviewed.verdict {
        Verdict::Raise => Some("Ask for more, or it stops steering.".to_owned()),
        Verdict::Lower => {
            Some("A target out of reach does not steer: set one that about half of the reps can reach.".to_owned())
        }
        Verdict::Replace => Some(match candidate.filter(|candidate| *candidate != reviewed.title) {
            Some(candidate) => format!("What has most to do with results in this review is: {candidate}."),
            None => "Ask the best reps what they do that no figure counts.".to_owned(),
        }),
        Verdict::MakeItAGoal => Some("It has no goal yet.".to_owned()),
        Verdict::Keep | Verdict::NoGoalNeeded | Verdict::NotEnoughData => None,
    };
    sentences.extend(advice);
    sentences.extend(doubt_in_words(reviewed));
    sentences.join(" ")
}

fn lacking(reviewed: &Reviewed, evidence: &Evidence) -> String {
    let inputs = &reviewed.inputs;
    if !inputs.is_known {
        return "No CRM delivers the records that it needs, or not all have been loaded yet.".to_owned();
    }
    if evidence.is_goal && evidence.met.is_none() && evidence.months >= FEWEST_MONTHS {
        return "No rep had a target of it in a finished period.".to_owned();
    }
    format!("{} of {} months have figures; {FEWEST_MONTHS} are needed.", evidence.months, inputs.months)
}

fn met_in_words(met: f64) -> String {
    let share = percent(met);
    match met {
        met if met >= NEARLY_ALL => format!("Nearly everybody meets it ({share})."),
        met if met <= HARDLY_ANY => format!("Hardly anybody meets it ({share})."),
        _ => format!("It is met in {share} of the cases."),
    }
}

fn course_in_words(reviewed: &Reviewed, months: &[NaiveDate]) -> String {
    let scale = reviewed.scale;
    if let Some(plateau) = reviewed.plateau {
        let [from, level] = [plateau.from, plateau.level].map(|figure| scale.figure(figure));
        let since =
            months.get(plateau.turn as usize).map_or(String::new(), |month| format!(" since {}", words::month(*month)));
        return format!("It has reached a plateau: from {from} it came to {level}, where it has stayed{since}.");
    }
    match reviewed.trend.filter(|trend| trend.p < super::LEVEL) {
        Some(trend) => {
            let way = if trend.slope > 0.0 { "rising" } else { "falling" };
            format!("It is {way} by {} a month.", scale.change(trend.slope.abs()))
        }
        None => "It neither rises nor falls.".to_owned(),
    }
}

fn tie_in_words(reviewed: &Reviewed) -> Option<String> {
    let result = |place: usize| words::RESULT_TITLES[place];
    Some(match (reviewed.tie, reviewed.relation) {
        (Tie::IsResult, _) => return None,
        (Tie::Helps, Some(found)) => {
            format!(
                "Who does better here than colleagues has the better {} {}.",
                result(found.result),
                later(found.lag)
            )
        }
        (Tie::GoesAlong, Some(found)) => format!(
            "Who does better here than colleagues has the better {} in the same month, which may be its cause as well as its \
             effect.",
            result(found.result)
        ),
        (Tie::Hurts, Some(found)) => {
            format!("Who does better here than colleagues has the worse {} {}.", result(found.result), later(found.lag))
        }
        (Tie::NotFound, Some(found)) => format!(
            "No sign that it moves results: over {} reps nothing beyond chance ({}).",
            found.people,
            probability(found.p)
        ),
        _ => "Whether it moves results cannot be told: too few of the reps who have it close deals.".to_owned(),
    })
}

/// What to look at before the verdict is followed: the check that most records fail.
fn doubt_in_words(reviewed: &Reviewed) -> Option<String> {
    let worst = reviewed.inputs.checks.first().filter(|worst| worst.is_doubtful())?;
    Some(format!("Look at the data first: now {}.", words::check(worst)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_from_the_evidence() {
        use Tie::{GoesAlong, Helps, Hurts, IsResult, NotFound, Untested};
        let goal = |months, met, has_plateau, tie| Evidence { is_goal: true, months, met, has_plateau, tie };
        for (evidence, expected) in [
            (goal(5, Some(0.5), false, Helps), Verdict::NotEnoughData),
            (goal(12, None, false, Helps), Verdict::NotEnoughData),
            (goal(6, Some(0.5), false, Helps), Verdict::Keep),
            (goal(12, Some(0.5), true, Helps), Verdict::Keep),
            (goal(12, Some(0.5), true, GoesAlong), Verdict::Keep),
            (goal(12, Some(0.8), false, Helps), Verdict::Raise),
            (goal(12, Some(0.2), false, Helps), Verdict::Lower),
            (goal(12, Some(0.5), false, Hurts), Verdict::Replace),
            (goal(12, Some(0.5), false, NotFound), Verdict::Keep),
            (goal(12, Some(0.5), true, NotFound), Verdict::Replace),
            (goal(12, Some(0.8), false, NotFound), Verdict::Replace),
            (goal(12, Some(0.2), false, NotFound), Verdict::Replace),
            (goal(12, Some(0.5), true, Untested), Verdict::Keep),
            (goal(12, Some(0.9), true, Untested), Verdict::Raise),
            (goal(12, Some(0.1), false, IsResult), Verdict::Lower),
            (goal(12, Some(0.9), false, IsResult), Verdict::Raise),
        ] {
            assert_eq!(verdict(&evidence), expected, "{evidence:?}");
        }
        let activity = |tie| Evidence { is_goal: false, months: 12, met: None, has_plateau: true, tie };
        assert_eq!(verdict(&activity(Helps)), Verdict::MakeItAGoal);
        assert_eq!(verdict(&activity(NotFound)), Verdict::NoGoalNeeded);
        assert_eq!(verdict(&activity(GoesAlong)), Verdict::NoGoalNeeded);
        assert_eq!(verdict(&Evidence { months: 3, ..activity(Helps) }), Verdict::NotEnoughData);
    }
}
