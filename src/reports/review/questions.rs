//! What to ask people: figures say what happened, people know why.

use super::verdict::{Tie, Verdict};
use super::words::{later, percent};
use super::{Reviewed, words};

/// Reps whose upper quartile is so many times the lower one differ enough to learn from each other.
const WIDE: f64 = 1.5;
/// Where a larger share of records has no owner, the figure is in doubt.
const UNOWNED: f64 = 0.05;

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Those who do it.
    Reps,
    /// Those who lead them.
    Managers,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Who is asked.
    pub asked: Asked,
    /// What.
    pub text: String,
}

/// The questions that the findings of a subject raise.
pub(super) fn questions(reviewed: &Reviewed) -> Vec<Question> {
    let reps = |text: &str| Question { asked: Asked::Reps, text: text.to_owned() };
    let managers = |text: String| Question { asked: Asked::Managers, text };
    let mut questions = Vec::new();
    match reviewed.verdict {
        Verdict::Replace => {
            questions.push(reps("What would you do with the time if this were no longer counted?"));
            questions.push(reps("When did it last bring a deal nearer, and when was it done for the count?"));
            questions.push(managers("What do the best of your people do that no figure counts?".to_owned()));
        }
        Verdict::Raise => {
            questions.push(reps("What would keep you from more of it: time, contacts, tools, or nothing?"));
            questions
                .push(managers("Is it met because people are good at it, or because the target is low?".to_owned()));
        }
        Verdict::Lower => {
            questions.push(reps("What keeps you from meeting it, and is that in your hands?"));
            questions
                .push(managers("Where does the target come from, and who has ever met it twice in a row?".to_owned()));
        }
        Verdict::MakeItAGoal => {
            questions.push(reps("What made it possible in your best month, and what would make more of it possible?"));
        }
        Verdict::Keep => questions.push(reps("Does the figure show what you do, and what of it does it miss?")),
        Verdict::NotEnoughData | Verdict::NoGoalNeeded => {}
    }
    questions.extend(plateau(reviewed).map(managers));
    questions.extend(tie(reviewed).map(managers));
    questions.extend(wide(reviewed).map(managers));
    questions.extend(unowned(reviewed).map(managers));
    questions
}

fn plateau(reviewed: &Reviewed) -> Option<String> {
    reviewed.plateau?;
    Some("It stopped growing: was that the market, the number of hours in a day, or the way it is counted?".to_owned())
}

fn tie(reviewed: &Reviewed) -> Option<String> {
    let relation = reviewed.relation.filter(|_| reviewed.tie == Tie::Helps)?;
    let result = words::RESULT_TITLES[relation.result];
    Some(format!(
        "It goes with {result} {}: which is the cause? Try more of it with some people first.",
        later(relation.lag)
    ))
}

fn wide(reviewed: &Reviewed) -> Option<String> {
    let is_wide = |quartiles: &[f64; 3]| quartiles[0] > 0.0 && quartiles[2] / quartiles[0] >= WIDE;
    let widest = reviewed.spread.iter().find(|spread| is_wide(&spread.quartiles))?;
    let [low, _, high] = widest.quartiles.map(|value| reviewed.scale.figure(value));
    Some(format!(
        "The upper quarter of {} has {high} and more, the lower {low} and less: what can be learned from each other?",
        widest.role
    ))
}

fn unowned(reviewed: &Reviewed) -> Option<String> {
    let share = reviewed.inputs.unowned_share().filter(|share| *share > UNOWNED)?;
    Some(format!("{} of the records have no known owner: who enters them, and for whom?", percent(share)))
}
