//! Answers to satisfaction surveys, as columns by key.

use rust_decimal::prelude::ToPrimitive as _;

use super::column::{Column, NONE, link};
use super::names::Names;
use super::view::View;
use crate::calendar::Calendar;
use crate::domain::{Key, Object, Survey, Timestamp};

/// In the place of a score: there is no answer.
const NO_ANSWER: f64 = f64::NAN;

/// Answers by key. One without a score or a time says nothing, and is as if it were not there.
#[derive(Debug, Clone)]
pub(crate) struct Surveys {
    score: Column<f64>,
    at: Column<i64>,
    survey: Column<u32>,
    owner: Column<u32>,
    account: Column<u32>,
    deal: Column<u32>,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// Key of the record.
    pub record: u32,
    /// What was answered, in the survey's own points.
    pub score: f64,
    /// When.
    pub at: Timestamp,
    /// Number of the survey's name, or [`NONE`].
    pub survey: u32,
}

impl Default for Surveys {
    fn default() -> Self {
        Surveys {
            score: Column::new(NO_ANSWER),
            at: Column::new(0),
            survey: Column::new(NONE),
            owner: Column::new(NONE),
            account: Column::new(NONE),
            deal: Column::new(NONE),
        }
    }
}

impl Surveys {
    /// Takes an answer out.
    pub(crate) fn remove(&mut self, key: Key) {
        if key.index() < self.score.len() {
            self.score.set(key.index(), NO_ANSWER);
        }
    }

    /// Puts an answer in, in place of what was there.
    pub(crate) fn put(&mut self, key: Key, survey: &Survey<Key>, calendar: &Calendar, names: &mut Names) {
        let score = survey.score.and_then(|score| score.to_f64());
        let (Some(score), Some(when)) = (score, survey.at) else { return self.remove(key) };
        let name = survey.survey.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let at = key.index();
        self.score.set(at, score);
        self.at.set(at, calendar.instant(when).0);
        self.survey.set(at, name.map_or(NONE, |name| names.number(name)));
        self.owner.set(at, link(survey.owner));
        self.account.set(at, link(survey.account));
        self.deal.set(at, link(survey.deal));
    }

    /// All answers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Answer> + '_ {
        let scores = self.score.as_slice().iter().enumerate().filter(|(_, score)| !score.is_nan());
        scores.map(|(key, score)| Answer {
            record: key as u32,
            score: *score,
            at: Timestamp(self.at.get(key)),
            survey: self.survey.get(key),
        })
    }
}

impl View<'_> {
    /// Answers up to the view's instant, from `since` on.
    pub fn answers_to_surveys(&self, since: Timestamp) -> impl Iterator<Item = Answer> + '_ {
        let answers = self.facts.surveys.iter().filter(move |answer| answer.at >= since);
        answers.filter_map(|answer| Some(Answer { at: self.seen(answer.at)?, ..answer }))
    }

    /// Index of the slot that an answer counts for: the user's whom it is about, else that of the owner of the deal that
    /// it is about, else that of the account's owner.
    pub fn slot_of_answer(&self, answer: u32) -> u32 {
        let surveys = &self.facts.surveys;
        let key = answer as usize;
        let own = Some(surveys.owner.get(key)).filter(|owner| *owner != NONE);
        let of_deal = || {
            let deal = self.survivor(Object::Deal, surveys.deal.get(key)) as usize;
            let owner = self.deal_state(deal).map(|_| self.facts.deals.owner.get(deal));
            owner.filter(|owner| *owner != NONE)
        };
        let of_account = || self.owner_of_account(self.survivor(Object::Account, surveys.account.get(key)));
        self.slot(own.or_else(of_deal).unwrap_or_else(of_account))
    }
}
