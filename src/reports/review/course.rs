//! The course of a figure from month to month: whether it rises or falls, and whether it grew and then stopped growing.
//!
//! A trend is the straight line of least squares; its p-value is the share of random orders of the same figures that have
//! a slope as steep (a permutation test).
//!
//! A plateau is a bent line: it rises to a turn and is level from there on, `y = a + b min(t, turn)` with `b > 0`. The turn is
//! the month, with two others before it and three behind it, at which the squared errors are least. Looking for the best
//! turn finds one in any noise, so two tests have to agree, and each repeats the whole search on every random order:
//!
//! - against no growth at all: the figures are shuffled;
//! - against growth that goes on: the deviations from the straight line are shuffled and put back on it.
//!
//! The p-value of a plateau is the larger one, so that neither a level figure nor a steady climb passes for one more often
//! than the level of the test says. Both take the deviations of months to have nothing to do with each other; a season
//! that comes back once a year cannot be told from a course within one.

use fastrand::Rng;

/// A figure at a time, counted in months.
pub type Point = (f64, f64);

/// Under so many months a course is not judged.
pub const FEWEST: usize = 8;
/// Points up to the turn, and points behind it, at least.
const EACH_SIDE: usize = 3;
/// Random orders: p-values are at least 1 / (1 + this).
const SHUFFLES: usize = 1_999;
/// The same figures have the same p-values.
const SEED: u64 = 20_260_101;

/// A straight course.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// What a month adds.
    pub slope: f64,
    /// How often chance alone gives such a slope.
    pub p: f64,
}

/// Growth that came to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plateau {
    /// When it stopped growing.
    pub turn: f64,
    /// Where it began: the bent line at the first point.
    pub from: f64,
    /// Where it has been since.
    pub level: f64,
    /// How often chance alone gives such a bent line.
    pub p: f64,
}

/// The straight course of points in the order of time; none under [`FEWEST`].
pub fn trend(points: &[Point]) -> Option<Trend> {
    trend_by(points, SHUFFLES)
}

fn trend_by(points: &[Point], shuffles: usize) -> Option<Trend> {
    if points.len() < FEWEST {
        return None;
    }
    let found = Line::through(points, f64::INFINITY)?;
    let p = share_as_extreme(
        points,
        shuffles,
        |_| 0.0,
        found.slope.abs(),
        |shuffled| Line::through(shuffled, f64::INFINITY).map_or(0.0, |line| line.slope.abs()),
    );
    Some(Trend { slope: found.slope, p })
}

/// The best bent line through points in the order of time, however good; none under [`FEWEST`], or where nothing rises to
/// any turn.
pub fn plateau(points: &[Point]) -> Option<Plateau> {
    plateau_by(points, SHUFFLES)
}

fn plateau_by(points: &[Point], shuffles: usize) -> Option<Plateau> {
    if points.len() < FEWEST {
        return None;
    }
    let (turn, bent) = best_bend(points)?;
    let straight = Line::through(points, f64::INFINITY)?;
    let against_level = share_as_extreme(points, shuffles, |_| 0.0, gain_over_level(points), gain_over_level);
    let against_climb =
        share_as_extreme(points, shuffles, |t| straight.at(t), gain_over_straight(points), gain_over_straight);
    let first = points.first()?.0;
    Some(Plateau { turn, from: bent.at(first), level: bent.at(turn), p: against_level.max(against_climb) })
}

/// How much a bent line explains that a level one does not.
fn gain_over_level(points: &[Point]) -> f64 {
    let mean = points.iter().map(|(_, y)| y).sum::<f64>() / points.len() as f64;
    let level: f64 = points.iter().map(|(_, y)| (y - mean) * (y - mean)).sum();
    best_bend(points).map_or(0.0, |(_, bent)| gain(level, bent.squares))
}

/// How much a bent line explains that a straight one does not.
fn gain_over_straight(points: &[Point]) -> f64 {
    let straight = Line::through(points, f64::INFINITY);
    let bent = best_bend(points);
    bent.zip(straight).map_or(0.0, |((_, bent), straight)| gain(straight.squares, bent.squares))
}

/// By how much squared errors shrink, in terms of what is left of them.
fn gain(before: f64, after: f64) -> f64 {
    if before > after { (before - after) / after } else { 0.0 }
}

/// Turn and line of the bend that rises and errs least.
fn best_bend(points: &[Point]) -> Option<(f64, Line)> {
    let turns = points.get(EACH_SIDE - 1..points.len().checked_sub(EACH_SIDE)?)?;
    let bends = turns.iter().filter_map(|(turn, _)| Some((*turn, Line::through(points, *turn)?)));
    let rising = bends.filter(|(_, line)| line.slope > 0.0);
    rising.min_by(|(_, one), (_, other)| one.squares.total_cmp(&other.squares))
}

/// The share of random orders, and of the one that was found, whose statistic is at least `found`. Deviations from `base` are
/// shuffled.
fn share_as_extreme(
    points: &[Point],
    shuffles: usize,
    base: impl Fn(f64) -> f64,
    found: f64,
    statistic: impl Fn(&[Point]) -> f64,
) -> f64 {
    let mut rng = Rng::with_seed(SEED);
    let mut deviations: Vec<f64> = points.iter().map(|(t, y)| y - base(*t)).collect();
    let mut shuffled = points.to_vec();
    // What is equal but for the rounding of fractions is as extreme.
    let found = found * (1.0 - 1e-9);
    let mut as_extreme = 1;
    for _ in 0..shuffles {
        rng.shuffle(&mut deviations);
        for ((t, y), deviation) in shuffled.iter_mut().zip(&deviations) {
            *y = base(*t) + deviation;
        }
        as_extreme += usize::from(statistic(&shuffled) >= found);
    }
    as_extreme as f64 / (shuffles + 1) as f64
}

/// `y = start + slope min(t, turn)`, by least squares.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: f64,
    slope: f64,
    turn: f64,
    /// Sum of the squared errors.
    squares: f64,
}

impl Line {
    /// None where all points lie at one time.
    fn through(points: &[Point], turn: f64) -> Option<Line> {
        let count = points.len() as f64;
        let bent = || points.iter().map(|(t, y)| (t.min(turn), *y));
        let (t_mean, y_mean) = bent().fold((0.0, 0.0), |(t, y), point| (t + point.0 / count, y + point.1 / count));
        let (mut product, mut square) = (0.0, 0.0);
        for (t, y) in bent() {
            product += (t - t_mean) * (y - y_mean);
            square += (t - t_mean) * (t - t_mean);
        }
        if square <= 0.0 {
            return None;
        }
        let slope = product / square;
        let start = y_mean - slope * t_mean;
        let squares = bent().map(|(t, y)| y - start - slope * t).map(|error| error * error).sum();
        Some(Line { start, slope, turn, squares })
    }

    fn at(self, t: f64) -> f64 {
        self.start + self.slope * t.min(self.turn)
    }
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;
    use proptest::prelude::*;

    use super::*;

    /// Figures of months, from the first on.
    fn points(values: &[f64]) -> Vec<Point> {
        values.iter().enumerate().map(|(month, value)| (month as f64, *value)).collect()
    }

    /// So many months of `course`, with normal noise of standard deviation 1 on it.
    fn noisy(rng: &mut Rng, months: usize, course: impl Fn(f64) -> f64) -> Vec<Point> {
        // The sum of twelve uniform numbers has variance 1.
        let mut noise = || (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0;
        (0..months).map(|month| (month as f64, course(month as f64) + noise())).collect()
    }

    /// The share of 200 noisy courses of a year in which a plateau is found at the 5% level.
    fn found(seed: u64, course: impl Fn(f64) -> f64) -> f64 {
        let mut rng = Rng::with_seed(seed);
        let is_found = |_: &i32| plateau_by(&noisy(&mut rng, 12, &course), 99).is_some_and(|plateau| plateau.p <= 0.05);
        (0..200).filter(is_found).count() as f64 / 200.0
    }

    #[test]
    fn a_line_is_that_of_least_squares() {
        // Means 1.5 and 3; products 2.25 + 0.25 + 1.5, squares 5.
        let line = Line::through(&points(&[1.5, 2.5, 4.0, 4.0]), f64::INFINITY).unwrap();
        assert!((line.slope - 0.9).abs() < 1e-12 && (line.start - 1.65).abs() < 1e-12, "{line:?}");
        // Errors -0.15, -0.05, 0.55, -0.35.
        assert!((line.squares - 0.45).abs() < 1e-12, "{line:?}");
        assert!(Line::through(&[(1.0, 2.0), (1.0, 3.0)], f64::INFINITY).is_none());
    }

    #[test]
    fn a_bend_is_found_where_it_is() {
        let plateau = plateau(&points(&[10.0, 12.0, 14.0, 16.0, 18.0, 18.1, 17.9, 18.0, 18.1, 17.9])).unwrap();
        assert_eq!(plateau.turn, 4.0);
        assert!((plateau.from - 10.0).abs() < 0.1 && (plateau.level - 18.0).abs() < 0.1, "{plateau:?}");
        assert!(plateau.p < 0.01, "{plateau:?}");
    }

    #[test]
    fn a_turn_needs_months_on_both_sides() {
        // The jump in the last two months is no bend that could be judged.
        let plateau = plateau(&points(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0, 9.0]));
        assert!(plateau.is_none_or(|plateau| plateau.p > 0.05), "{plateau:?}");
        assert_eq!(best_bend(&points(&[1.0, 2.0, 3.0, 3.0, 3.0])).map(|(turn, _)| turn), None);
        assert_eq!(best_bend(&points(&[1.0, 2.0, 3.0, 3.0, 3.0, 3.0])).map(|(turn, _)| turn), Some(2.0));
    }

    #[test]
    fn too_little_is_not_judged() {
        assert_eq!(trend(&points(&[1.0; FEWEST - 1])), None);
        assert_eq!(plateau(&points(&[1.0; FEWEST - 1])), None);
        // What never changes has no trend, and certainly no plateau.
        assert_eq!(trend(&points(&[3.0; 12])), Some(Trend { slope: 0.0, p: 1.0 }));
        assert_eq!(plateau(&points(&[3.0; 12])), None);
    }

    #[test]
    fn noise_is_a_plateau_no_more_often_than_the_level_says() {
        // Of 200 at 5%, 10 are expected; 18 or more have a probability of 1%.
        for (seed, slope) in [(1, 0.0), (2, 0.3), (3, 2.0), (4, -1.0)] {
            let share = found(seed, |month| slope * month);
            assert!(share < 0.09, "slope {slope}: {share}");
        }
    }

    #[test]
    fn a_plateau_in_noise_is_found() {
        // It grows by four standard deviations of a month.
        let share = found(5, |month| 0.8 * month.min(5.0));
        assert!(share > 0.3, "{share}");
        // By ten.
        let share = found(6, |month| 2.0 * month.min(5.0));
        assert!(share > 0.95, "{share}");
    }

    #[test]
    fn a_trend_in_noise_is_found_and_noise_is_none() {
        let mut rng = Rng::with_seed(7);
        let mut share = |slope: f64| {
            let is_found = |_: &i32| {
                trend_by(&noisy(&mut rng, 12, |month| slope * month), 99).is_some_and(|trend| trend.p <= 0.05)
            };
            (0..200).filter(is_found).count() as f64 / 200.0
        };
        assert!(share(0.0) < 0.09);
        assert!(share(0.5) > 0.95);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn scale_and_offset_do_not_matter(values in prop::collection::vec(-50_i32..50, 8..16), scale in 1..9, offset in -99..99) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let other: Vec<f64> = values.iter().map(|value| value * f64::from(scale) + f64::from(offset)).collect();
            let (one, other) = (plateau_by(&points(&values), 199), plateau_by(&points(&other), 199));
            prop_assert_eq!(one.map(|plateau| plateau.turn), other.map(|plateau| plateau.turn));
            let (one, other) = (one.map_or(1.0, |plateau| plateau.p), other.map_or(1.0, |plateau| plateau.p));
            prop_assert!((one - other).abs() <= 0.01, "{} {}", one, other);
        }
    }
}
