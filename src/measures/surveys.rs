//! Measures of customers' satisfaction: what they answer to surveys.

use std::collections::BTreeSet;

use super::{Contribution, Dim, Sink, Sum, Unit};
use crate::domain::{Object, Timestamp};
use crate::facts::{Answer, View};

const SURVEY: &[Dim] = &[Dim::Survey];

/// The highest point of answers that say how likely a recommendation is; the lowest is 0.
const MOST: f64 = 10.0;

/// Answers to surveys, in their own points. One sample an answer.
pub static SCORE: Sum = Sum {
    object: Object::Survey,
    history: Object::Survey,
    dims: SURVEY,
    unit: Unit::Count,
    each: |view, since, sink| each(view, since, |answer| Some(answer.score), sink),
};

/// What answers from 0 to 10 add to the net promoter score, which is their mean: 100 for a promoter (9 or 10), -100 for a
/// detractor (0 to 6), 0 for anybody else. So the score is the percentage of promoters less that of detractors, as Fred
/// Reichheld defined it ("The One Number You Need to Grow", Harvard Business Review, December 2003).
///
/// Only of surveys that ask for a recommendation by the settings. A survey to which anything below 0 or above 10 was ever
/// answered has another scale, and has no such score.
pub static PROMOTERS: Sum = Sum {
    object: Object::Survey,
    history: Object::Survey,
    dims: SURVEY,
    unit: Unit::Count,
    each: |view, since, sink| {
        let other_scale = |answer: &Answer| !(0.0..=MOST).contains(&answer.score);
        let everything = view.answers_to_surveys(Timestamp::MIN);
        let others: BTreeSet<u32> = everything.filter(other_scale).map(|answer| answer.survey).collect();
        let counts = |answer: &Answer| {
            let asks = view.rules().accounts().asks_for_recommendation(view.text(answer.survey));
            asks && !others.contains(&answer.survey)
        };
        each(view, since, |answer| counts(answer).then(|| points(answer.score)), sink);
    },
};

fn points(score: f64) -> f64 {
    match score {
        9.0.. => 100.0,
        ..=6.0 => -100.0,
        _ => 0.0,
    }
}

/// Answers from `since` on for which `amount` gives something.
fn each(view: &View<'_>, since: Timestamp, amount: impl Fn(&Answer) -> Option<f64>, sink: Sink<'_>) {
    for answer in view.answers_to_surveys(since) {
        let Some(amount) = amount(&answer) else { continue };
        let (record, slot) = (answer.record, view.slot_of_answer(answer.record));
        sink(Contribution { record, at: answer.at, slot, dims: [answer.survey, 0], amount });
    }
}
