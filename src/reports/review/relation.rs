//! Whether what people do has to do with what comes of it.
//!
//! For every person there is a figure of each month, and one or more results of each month. Both are ranked among the
//! people of one group (a role) in one month, so that neither seasons nor growth, nor what differs between roles, can pass
//! for a relation. The correlation of the ranks of all people and months is Spearman's, pooled over groups and months; a
//! result may come some months later than what led to it, so it is taken for each lag.
//!
//! The months of one person are not so many witnesses: who is good is good all year. So the test shuffles people, not
//! months: the results of a whole person go to another of the group, with their course in time, and every such exchange
//! gives the largest correlation of any result and lag. The p-value is the share of exchanges whose largest is as large as
//! the one that was found (Westfall and Young's correction for having looked for the largest).
//!
//! A relation is no proof of a cause, least of all in the same month.

use std::collections::BTreeSet;

use fastrand::Rng;

use crate::measures::rank::mean_ranks;

/// Results are looked for in the same month and up to so many months later.
pub const LONGEST_LAG: usize = 3;
/// Fewer people do not tell: with seven in one group a whole year of luck is not rare.
pub const FEWEST_PEOPLE: usize = 8;
/// Fewer pairs of a person's month and result do not tell.
const FEWEST_PAIRS: usize = 30;
/// Whoever is to be ranked needs so many others, and himself.
const FEWEST_RANKED: usize = 3;
/// Exchanges: p-values are at least 1 / (1 + this).
const SHUFFLES: usize = 1_999;
/// The same figures have the same p-values.
const SEED: u64 = 20_260_102;

/// Figures of a month; none where there is nothing to measure.
pub type Series = Vec<Option<f64>>;

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Among whom the person is ranked.
    pub group: usize,
    /// What the person did, by month.
    pub figures: Series,
    /// What came of it: for each kind of result, by month. As many kinds and months for everybody.
    pub results: Vec<Series>,
}

/// The strongest relation of all results and lags.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relation {
    /// Which result: index in [`Person::results`].
    pub result: usize,
    /// How many months later.
    pub lag: usize,
    /// Spearman's correlation of ranks.
    pub correlation: f64,
    /// People with at least one pair.
    pub people: usize,
    /// Pairs of a figure and a result.
    pub pairs: usize,
    /// How often chance alone gives so strong a one, all results and lags looked at.
    pub p: f64,
}

/// The strongest relation, however strong; none with too few people or months, or where nothing varies.
pub fn relation(people: &[Person]) -> Option<Relation> {
    relation_by(people, SHUFFLES)
}

fn relation_by(people: &[Person], shuffles: usize) -> Option<Relation> {
    let groups: Vec<usize> = people.iter().map(|person| person.group).collect();
    let figures = ranked(&groups, |person| &people[person].figures);
    let kinds = people.first()?.results.len();
    let results: Vec<Vec<Series>> =
        (0..kinds).map(|kind| ranked(&groups, |person| &people[person].results[kind])).collect();
    let same: Vec<usize> = (0..people.len()).collect();
    let looks: Vec<Look> = (0..kinds)
        .flat_map(|result| (0..=LONGEST_LAG).map(move |lag| Look { result, lag }))
        .filter(|look| look.tells(&figures, &results[look.result], &same))
        .collect();
    let by = |look: &Look, whose: &[usize]| look.correlation(&figures, &results[look.result], whose);
    let found = looks.iter().filter_map(|look| Some((*look, by(look, &same)?)));
    let (look, correlation) = found.max_by(|(_, one), (_, other)| one.abs().total_cmp(&other.abs()))?;
    let largest = |whose: &[usize]| {
        looks.iter().filter_map(|look| by(look, whose)).fold(0.0, |most: f64, one| most.max(one.abs()))
    };
    // What is equal but for the rounding of fractions is as large.
    let as_large = correlation.abs() - 1e-9;
    let mut rng = Rng::with_seed(SEED);
    let mut whose = same.clone();
    let exchanges = (0..shuffles).filter(|_| {
        exchange(&groups, &mut whose, &mut rng);
        largest(&whose) >= as_large
    });
    let p = (exchanges.count() + 1) as f64 / (shuffles + 1) as f64;
    let pairs = look.pairs(&figures, &results[look.result], &same);
    let (mut count, mut seen) = (0, BTreeSet::new());
    pairs.for_each(|(person, ..)| {
        count += 1;
        seen.insert(person);
    });
    Some(Relation { result: look.result, lag: look.lag, correlation, people: seen.len(), pairs: count, p })
}

/// Deals the results of each group out anew among its people.
fn exchange(groups: &[usize], whose: &mut [usize], rng: &mut Rng) {
    let last = groups.iter().copied().max().unwrap_or(0);
    for group in 0..=last {
        let members: Vec<usize> = (0..groups.len()).filter(|person| groups[*person] == group).collect();
        let mut dealt: Vec<usize> = members.iter().map(|member| whose[*member]).collect();
        rng.shuffle(&mut dealt);
        members.into_iter().zip(dealt).for_each(|(member, results)| whose[member] = results);
    }
}

/// Ranks among the group in each month, from about -1/2 to 1/2. None where too few have a figure.
fn ranked<'p>(groups: &[usize], series: impl Fn(usize) -> &'p Series) -> Vec<Series> {
    let months = (0..groups.len()).map(|person| series(person).len()).max().unwrap_or(0);
    let mut ranks = vec![vec![None; months]; groups.len()];
    let distinct: BTreeSet<usize> = groups.iter().copied().collect();
    for group in distinct {
        let members: Vec<usize> = (0..groups.len()).filter(|person| groups[*person] == group).collect();
        (0..months).for_each(|month| rank_month(&members, month, &series, &mut ranks));
    }
    ranks
}

/// Ranks the members of a group in a month.
fn rank_month<'p>(members: &[usize], month: usize, series: &impl Fn(usize) -> &'p Series, ranks: &mut [Series]) {
    let figure = |person: &usize| Some((*person, series(*person).get(month).copied().flatten()?));
    let (members, figures): (Vec<usize>, Vec<f64>) = members.iter().filter_map(figure).unzip();
    if members.len() < FEWEST_RANKED {
        return;
    }
    let count = members.len() as f64;
    for (person, rank) in members.into_iter().zip(mean_ranks(&figures)) {
        ranks[person][month] = Some((rank - (count + 1.0) / 2.0) / count);
    }
}

/// A result and a lag at which it is looked for.
#[derive(Debug, Clone, Copy)]
struct Look {
    result: usize,
    lag: usize,
}

impl Look {
    /// Person, rank of the figure, rank of the result.
    fn pairs<'r>(
        self,
        figures: &'r [Series],
        results: &'r [Series],
        whose: &'r [usize],
    ) -> impl Iterator<Item = (usize, f64, f64)> + 'r {
        figures.iter().zip(whose).enumerate().flat_map(move |(person, (own, other))| {
            let later = results[*other].get(self.lag..).unwrap_or_default();
            own.iter().zip(later).filter_map(move |(figure, result)| Some((person, (*figure)?, (*result)?)))
        })
    }

    fn tells(self, figures: &[Series], results: &[Series], whose: &[usize]) -> bool {
        let people: Vec<usize> = self.pairs(figures, results, whose).map(|(person, ..)| person).collect();
        let distinct: BTreeSet<&usize> = people.iter().collect();
        people.len() >= FEWEST_PAIRS && distinct.len() >= FEWEST_PEOPLE
    }

    /// Pearson's correlation of the ranks; none where one side does not vary.
    fn correlation(self, figures: &[Series], results: &[Series], whose: &[usize]) -> Option<f64> {
        let (mut count, mut left, mut right) = (0.0, 0.0, 0.0);
        let (mut left_square, mut right_square, mut product) = (0.0, 0.0, 0.0);
        for (_, figure, result) in self.pairs(figures, results, whose) {
            count += 1.0;
            left += figure;
            right += result;
            left_square += figure * figure;
            right_square += result * result;
            product += figure * result;
        }
        let scale = ((left_square - left * left / count) * (right_square - right * right / count)).sqrt();
        (scale > 1e-9).then(|| ((product - left * right / count) / scale).clamp(-1.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(group: usize, figures: &[f64], results: &[f64]) -> Person {
        let series = |values: &[f64]| values.iter().copied().map(Some).collect();
        Person { group, figures: series(figures), results: vec![series(results)] }
    }

    /// Invented people: `people` in each of two groups over twelve months. Everybody has a level of his own in what he does
    /// and, by luck, in results; months add noise. `drive` says how much of a month's figure is in the result of the next
    /// but one.
    fn floor(rng: &mut Rng, people: usize, drive: f64) -> Vec<Person> {
        let own = |rng: &mut Rng| (0..6).map(|_| rng.f64()).sum::<f64>() - 3.0;
        let mut floor = Vec::new();
        for group in [0, 1] {
            for _ in 0..people {
                let (habit, luck) = (own(rng), own(rng));
                let figures: Vec<f64> = (0..12).map(|_| habit + own(rng)).collect();
                let result = |month: usize, rng: &mut Rng| {
                    let before = month.checked_sub(2).map_or(0.0, |before| figures[before]);
                    drive * before + luck + own(rng)
                };
                let results: Vec<f64> = (0..12).map(|month| result(month, rng)).collect();
                let noise: Vec<f64> = (0..12).map(|_| luck + own(rng)).collect();
                let mut person = person(group, &figures, &results);
                person.results.push(noise.into_iter().map(Some).collect());
                floor.push(person);
            }
        }
        floor
    }

    #[test]
    fn ranks_are_among_the_group_in_the_month() {
        let series = [
            vec![Some(5.0), None],
            vec![Some(9.0), Some(1.0)],
            vec![Some(5.0), Some(2.0)],
            vec![Some(99.0), Some(3.0)],
        ];
        let ranks = ranked(&[0, 0, 0, 1], |person| &series[person]);
        // Mean ranks 1.5, 3 and 1.5 of three; in the second month only two have a figure; the last one is alone.
        assert_eq!(ranks[0], [Some(-0.5 / 3.0), None]);
        assert_eq!(ranks[1], [Some(1.0 / 3.0), None]);
        assert_eq!(ranks[2], [Some(-0.5 / 3.0), None]);
        assert_eq!(ranks[3], [None, None]);
    }

    #[test]
    fn the_correlation_is_spearmans_where_there_is_one_month() {
        // As in `rank`: 0.8.
        let pairs = [(1.0, 20.0), (10.0, 10.0), (100.0, 40.0), (1e3, 30.0), (1e4, 50.0)];
        let people: Vec<Person> = pairs.iter().map(|(left, right)| person(0, &[*left], &[*right])).collect();
        let groups = [0; 5];
        let figures = ranked(&groups, |of| &people[of].figures);
        let results = ranked(&groups, |of| &people[of].results[0]);
        let found = Look { result: 0, lag: 0 }.correlation(&figures, &results, &[0, 1, 2, 3, 4]).unwrap();
        assert!((found - 0.8).abs() < 1e-12, "{found}");
        assert_eq!(Look { result: 0, lag: 1 }.correlation(&figures, &results, &[0, 1, 2, 3, 4]), None);
    }

    #[test]
    fn too_few_people_or_months_tell_nothing() {
        let mut rng = Rng::with_seed(1);
        assert!(relation_by(&floor(&mut rng, 4, 1.0), 9).is_some());
        assert_eq!(relation_by(&floor(&mut rng, 4, 1.0)[1..], 9), None, "seven people");
        let mut short = floor(&mut rng, 5, 1.0);
        short.iter_mut().for_each(|person| person.figures.truncate(2));
        assert_eq!(relation_by(&short, 9), None, "20 pairs");
        let mut constant = floor(&mut rng, 5, 1.0);
        constant.iter_mut().for_each(|person| person.figures = vec![Some(1.0); 12]);
        assert_eq!(relation_by(&constant, 9), None);
        assert_eq!(relation_by(&[], 9), None);
    }

    #[test]
    fn growth_of_both_is_no_relation() {
        // Everybody does more from month to month, and more comes of it; among colleagues there is nothing.
        let mut rng = Rng::with_seed(2);
        let grown = floor(&mut rng, 8, 0.0).into_iter().map(|mut person| {
            let grow = |series: &mut Series| {
                series
                    .iter_mut()
                    .enumerate()
                    .for_each(|(month, value)| *value = value.map(|value| value + 5.0 * month as f64));
            };
            grow(&mut person.figures);
            person.results.iter_mut().for_each(grow);
            person
        });
        let found = relation_by(&grown.collect::<Vec<_>>(), 199).unwrap();
        assert!(found.p > 0.05, "{found:?}");
    }

    #[test]
    fn luck_is_a_relation_no_more_often_than_the_level_says() {
        // Months of one person are alike, and eight pairs of result and lag are looked at. Of 200 at 5%, 10 are expected; 18
        // or more have a probability of 1%.
        let mut rng = Rng::with_seed(3);
        let found = |_: &i32| relation_by(&floor(&mut rng, 6, 0.0), 99).is_some_and(|found| found.p <= 0.05);
        let share = (0..200).filter(found).count() as f64 / 200.0;
        assert!(share < 0.09, "{share}");
    }

    #[test]
    fn a_cause_is_found_with_its_result_and_lag() {
        let mut rng = Rng::with_seed(4);
        let found = (0..50).filter_map(|_| relation_by(&floor(&mut rng, 8, 0.7), 99));
        let right =
            found.filter(|found| found.p <= 0.05 && (found.result, found.lag) == (0, 2) && found.correlation > 0.0);
        let share = right.count() as f64 / 50.0;
        assert!(share > 0.8, "{share}");
    }

    #[test]
    fn people_and_pairs_are_counted() {
        let mut rng = Rng::with_seed(5);
        let mut people = floor(&mut rng, 8, 3.0);
        people[0].figures = vec![None; 12];
        people[1].figures[11] = None;
        let found = relation_by(&people, 99).unwrap();
        // 15 people with 10 months that have a later result; the last month has none, so the gap does not show.
        assert_eq!((found.lag, found.people, found.pairs), (2, 15, 150), "{found:?}");
    }
}
