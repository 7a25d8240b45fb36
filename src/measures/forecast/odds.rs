//! How likely a deal is to be won within the time that is left, by its stage and how long it has been there.

use std::collections::BTreeMap;

use super::history::{Fate, Followed, History, Place};
use super::incidence::won_within;
use crate::measures::stats::quantile;

/// What a stage's own history says weighs as much as the pipeline's when it rests on so many deals; so does what the
/// pipeline's says against everybody's.
const PRIOR_DEALS: f64 = 10.0;

/// The ages at which stays are looked at, as quantiles of those that ended; between them, in proportion.
const AGES: [f64; 7] = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97];

/// Probabilities of being won within a given time.
pub(super) struct Odds {
    stages: BTreeMap<Place, Points>,
    /// Of a deal in a stage of which nothing is known.
    pipelines: BTreeMap<u32, Points>,
    all: Points,
}

/// Probabilities at some ages, in rising order; the first is 0.
struct Points(Vec<(i64, f64)>);

impl Odds {
    /// The odds of being won within the next `left` milliseconds. None where no deal has been closed.
    pub(super) fn new(history: &History, left: i64) -> Option<Odds> {
        let all: Vec<&Followed> = history.stays.iter().collect();
        if all.iter().all(|stay| stay.fate == Fate::Open) {
            return None;
        }
        let by_pipeline = grouped(&all, |stay| stay.place.0);
        let by_stage = grouped(&all, |stay| stay.place);
        let at_first = won_within(all.iter().copied(), 0, left).won;
        let all = Points::new(&all, left, |_| at_first);
        let pipeline = |(key, stays): (u32, Vec<&Followed>)| (key, Points::new(&stays, left, |age| all.at(age)));
        let pipelines: BTreeMap<u32, Points> = by_pipeline.into_iter().map(pipeline).collect();
        let stage = |(place, stays): (Place, Vec<&Followed>)| {
            (place, Points::new(&stays, left, |age| pipelines[&place.0].at(age)))
        };
        let stages = by_stage.into_iter().map(stage).collect();
        Some(Odds { stages, pipelines, all })
    }

    /// The probability for a deal that has been in a stage for `age` milliseconds.
    pub(super) fn of(&self, place: Place, age: i64) -> f64 {
        let known = self.stages.get(&place).or_else(|| self.pipelines.get(&place.0));
        known.unwrap_or(&self.all).at(age)
    }
}

impl Points {
    /// The shares won of some stays, each drawn towards what `towards` gives for its age.
    fn new(stays: &[&Followed], left: i64, towards: impl Fn(i64) -> f64) -> Points {
        let at = |age| {
            let own = won_within(stays.iter().copied(), age, left);
            (age, drawn(own.won, own.deals, towards(age)))
        };
        Points(ages(stays).into_iter().map(at).collect())
    }

    /// The probability at an age, in proportion between the nearest; behind the last, that of the last.
    fn at(&self, age: i64) -> f64 {
        let above = self.0.partition_point(|(at, _)| *at <= age);
        let (below, low) = self.0[above.saturating_sub(1)];
        match self.0.get(above) {
            Some((above, high)) if age >= below => low + (high - low) * (age - below) as f64 / (above - below) as f64,
            _ => low,
        }
    }
}

/// The stays of each part, in their order.
fn grouped<'s, K: Ord>(stays: &[&'s Followed], part: impl Fn(&Followed) -> K) -> BTreeMap<K, Vec<&'s Followed>> {
    let mut groups: BTreeMap<K, Vec<&Followed>> = BTreeMap::new();
    stays.iter().for_each(|stay| groups.entry(part(stay)).or_default().push(stay));
    groups
}

/// A share that rests on some deals, drawn towards another as if that rested on [`PRIOR_DEALS`].
fn drawn(share: f64, deals: f64, towards: f64) -> f64 {
    (share * deals + towards * PRIOR_DEALS) / (deals + PRIOR_DEALS)
}

/// The ages at which some stays are looked at.
fn ages(stays: &[&Followed]) -> Vec<i64> {
    let mut lengths: Vec<f64> = stays.iter().filter(|stay| stay.has_left).map(|stay| stay.stayed as f64).collect();
    lengths.sort_unstable_by(f64::total_cmp);
    let of = |share: f64| if share == 0.0 { Some(0.0) } else { quantile(&lengths, share) };
    let mut ages: Vec<i64> = AGES.into_iter().filter_map(of).map(|age| age as i64).collect();
    ages.dedup();
    ages
}
