//! How earlier periods ended against what their open deals had promised as far from the end.
//!
//! The odds know stages and ages, but not the calendar, the team, nor that some periods are better than others. So they are
//! held against the deals that were open at the same distance from the end of earlier periods: what came of them corrects
//! the odds, and by how much periods differ beyond the luck of single deals widens the forecast.

use std::collections::BTreeMap;

use super::history::{Fate, Followed, History, Place};
use super::odds::Odds;
use crate::calendar::Period;
use crate::domain::Timestamp;
use crate::facts::View;

/// So many earlier periods are looked at.
const PERIODS: usize = 8;

/// Corrections are drawn towards none as if that rested on so many wins.
const PRIOR_WINS: f64 = 10.0;

/// By how much a period usually differs, as a share, as long as few have been seen; and as if so many had shown it.
const USUAL_SPREAD: f64 = 0.1;
const PRIOR_PERIODS: f64 = 4.0;

/// What earlier periods say: by how much the hazard of winning differs from the odds at this distance from the end, by
/// pipeline, on top of that by stage, and on top of both by team.
pub(super) struct Past {
    pipelines: BTreeMap<u32, f64>,
    stages: BTreeMap<Place, f64>,
    teams: BTreeMap<u32, f64>,
    spread: f64,
}

/// A deal that was open at that distance from the end of an earlier period.
struct Replayed<'s> {
    /// Which period.
    back: usize,
    stay: &'s Followed,
    promised: f64,
    won: f64,
}

impl Past {
    /// Replays earlier periods of the kind as of `left` milliseconds before their ends.
    pub(super) fn new(view: &View<'_>, history: &History, odds: &Odds, period: Period, left: i64) -> Past {
        let ends = ends(view, period);
        let of_stay =
            |stay| ends.iter().enumerate().filter_map(move |(back, end)| replay(odds, stay, back, *end, left));
        let replayed: Vec<Replayed<'_>> = history.stays.iter().flat_map(of_stay).collect();
        let mut past =
            Past { pipelines: BTreeMap::new(), stages: BTreeMap::new(), teams: BTreeMap::new(), spread: 0.0 };
        past.pipelines = past.corrections(&replayed, |stay| stay.place.0);
        past.stages = past.corrections(&replayed, |stay| stay.place);
        past.teams = past.corrections(&replayed, |stay| stay.team);
        past.spread = past.find_spread(&replayed, ends.len());
        past
    }

    /// What is to be corrected beyond what is already, by some part of the deals: so that they would have promised what
    /// came, drawn towards what they did promise.
    fn corrections<K: Ord>(&self, replayed: &[Replayed<'_>], part: impl Fn(&Followed) -> K) -> BTreeMap<K, f64> {
        let mut parts: BTreeMap<K, (f64, Vec<f64>)> = BTreeMap::new();
        for deal in replayed {
            let (won, promises) = parts.entry(part(deal.stay)).or_default();
            *won += deal.won;
            promises.push(self.adjusted(deal.stay.place, deal.stay.team, deal.promised));
        }
        parts.into_iter().map(|(part, (won, promises))| (part, correction(won, &promises))).collect()
    }

    /// A probability, corrected by what came of such deals in earlier periods.
    pub(super) fn adjusted(&self, place: Place, team: u32, probability: f64) -> f64 {
        let of_pipeline = self.pipelines.get(&place.0).copied().unwrap_or(1.0);
        let of_stage = self.stages.get(&place).copied().unwrap_or(1.0);
        let of_team = self.teams.get(&team).copied().unwrap_or(1.0);
        scaled(probability, of_pipeline * of_stage * of_team)
    }

    /// By how much a period differs from what its deals promised, as a share, beyond their own luck.
    pub(super) fn spread(&self) -> f64 {
        self.spread
    }

    /// By moments: the squares of what periods were off, less the variance of their single deals, by the squares of what
    /// was promised.
    fn find_spread(&self, replayed: &[Replayed<'_>], periods: usize) -> f64 {
        let mut sums = vec![(0.0, 0.0, 0.0); periods];
        for deal in replayed {
            let (off, luck, promised) = &mut sums[deal.back];
            let probability = self.adjusted(deal.stay.place, deal.stay.team, deal.promised);
            let value = deal.stay.value;
            *off += value * (deal.won - probability);
            *luck += value * value * probability * (1.0 - probability);
            *promised += value * probability;
        }
        let excess: f64 = sums.iter().map(|(off, luck, _)| off * off - luck).sum();
        let promised: f64 = sums.iter().map(|(_, _, promised)| promised * promised).sum();
        let seen = sums.iter().filter(|(_, _, promised)| *promised > 0.0).count() as f64;
        let variance = if promised > 0.0 { (excess / promised).max(0.0) } else { 0.0 };
        let usual = USUAL_SPREAD * USUAL_SPREAD;
        ((variance * seen + usual * PRIOR_PERIODS) / (seen + PRIOR_PERIODS)).sqrt()
    }
}

/// The factor on hazards by which deals would have promised what came of them, drawn towards 1.
fn correction(won: f64, promises: &[f64]) -> f64 {
    /// Each step comes several times nearer.
    const STEPS: usize = 8;
    let promised: f64 = promises.iter().sum();
    let wanted = promised * (won + PRIOR_WINS) / (promised + PRIOR_WINS);
    let mut factor = 1.0;
    for _ in 0..STEPS {
        // What is promised grows less than the hazard does: no deal can be won more than once.
        let scaled: f64 = promises.iter().map(|promise| scaled(*promise, factor)).sum();
        if scaled > 0.0 {
            factor *= wanted / scaled;
        }
    }
    factor
}

/// A probability whose hazard is multiplied: of 1 - p, the power.
pub(super) fn scaled(probability: f64, factor: f64) -> f64 {
    1.0 - (1.0 - probability).powf(factor)
}

/// The ends of the earlier periods that are alike: of months, the same month of earlier quarters.
fn ends(view: &View<'_>, period: Period) -> Vec<Timestamp> {
    let step = if period == Period::Month { 3 } else { 1 };
    let mut end = view.calendar().period(period, view.now).end;
    let mut ends = Vec::new();
    while ends.len() < PERIODS {
        for _ in 0..step {
            end = view.calendar().period(period, end.plus_millis(-1)).start;
        }
        ends.push(end);
    }
    ends
}

/// What a stay says of a period that ended then: nothing if it was not going on `left` milliseconds before.
fn replay<'s>(odds: &Odds, stay: &'s Followed, back: usize, end: Timestamp, left: i64) -> Option<Replayed<'s>> {
    let age = end.plus_millis(-left).millis_since(stay.from);
    let went_on = age >= 0 && (age < stay.stayed || (age == stay.stayed && !stay.has_left)) && age < stay.until;
    // By the end of the period the deal was closed, or was still followed: it lies before now.
    went_on.then(|| {
        let was_won = stay.fate == Fate::Won && stay.until < age + left;
        Replayed { back, stay, promised: odds.of(stay.place, age), won: f64::from(u8::from(was_won)) }
    })
}
