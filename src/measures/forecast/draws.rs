//! Playing the rest of a period through many times: which of the open deals are won, and what that comes to.
//!
//! 16 kinds of period, from bad to good, with 64 draws each. A kind multiplies the hazards of all deals; inside it deals are
//! won independently. Every deal brings its own random numbers, which follow from the deal alone: a further deal adds to
//! draws and takes from none, and figures move only as far as probabilities do.

use super::past::scaled;
use super::{Chance, Quantiles};
use crate::measures::stats::quantile;

/// Kinds of period.
const KINDS: usize = 16;
/// Draws of each: the bits of a word.
const DRAWS: usize = 64;
/// Binary digits of a probability.
const DIGITS: u32 = 24;

/// The medians of 16 equal slices of the standard normal distribution, upper half.
const SLICES: [f64; KINDS / 2] = [0.078_4, 0.237_2, 0.402_3, 0.579_1, 0.776_4, 1.009_9, 1.318_0, 1.862_7];

/// By how much hazards differ in each kind of period: lognormal with a mean of 1 and about this standard deviation.
pub(super) fn factors(spread: f64) -> [f64; KINDS] {
    let lower = SLICES.iter().rev().map(|z| -z);
    let mut factors = [1.0; KINDS];
    for (factor, z) in factors.iter_mut().zip(lower.chain(SLICES)) {
        *factor = (spread * z - spread * spread / 2.0).exp();
    }
    factors
}

/// What comes of a population's open deals in each draw.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    won: f64,
    open: Vec<f64>,
}

impl Draws {
    /// Draws without any open deal: only what is won so far.
    pub(super) fn new(won: f64) -> Draws {
        Draws { won, open: vec![0.0; KINDS * DRAWS] }
    }

    /// Adds an open deal to the draws in which it is won.
    pub(super) fn add(&mut self, chance: &Chance, factors: &[f64; KINDS]) {
        for (kind, factor) in factors.iter().enumerate() {
            let mut wins = wins(mixed(chance.seed ^ kind as u64), scaled(chance.probability, *factor));
            let draws = &mut self.open[kind * DRAWS..(kind + 1) * DRAWS];
            while wins != 0 {
                draws[wins.trailing_zeros() as usize] += chance.value;
                wins &= wins - 1;
            }
        }
    }

    /// Adds what comes of another population's open deals, draw by draw.
    pub(super) fn add_open_of(&mut self, other: &Draws) {
        self.open.iter_mut().zip(&other.open).for_each(|(own, other)| *own += other);
    }

    /// What is won by the end.
    pub(super) fn quantiles(mut self) -> Quantiles {
        self.open.sort_unstable_by(f64::total_cmp);
        let of = |share| self.won + quantile(&self.open, share).unwrap_or(0.0);
        Quantiles { p10: of(0.1), p50: of(0.5), p90: of(0.9) }
    }
}

/// 64 throws that each succeed with this probability, as bits. The throws are numbers from 0 to 1 that are told digit by
/// digit, one word a digit, until each is known to lie below the probability or above.
fn wins(mut state: u64, probability: f64) -> u64 {
    let scale = f64::from(1_u32 << DIGITS);
    let digits = (probability * scale).round().clamp(0.0, scale) as u32;
    if digits == 1 << DIGITS {
        return u64::MAX;
    }
    let (mut below, mut undecided) = (0, u64::MAX);
    for digit in (0..DIGITS).rev() {
        state = state.wrapping_add(STEP);
        let thrown = mixed(state);
        if digits >> digit & 1 == 1 {
            below |= undecided & !thrown;
            undecided &= thrown;
        } else {
            undecided &= !thrown;
        }
        if undecided == 0 {
            break;
        }
    }
    below
}

/// A number that follows from others and looks like none of them.
pub(super) fn seed(of: [i64; 4]) -> u64 {
    of.into_iter().fold(STEP, |state, number| mixed(state.wrapping_add(STEP) ^ number.cast_unsigned()))
}

/// The increment and the mixing function of splitmix64 (Steele, Lea, Flood 2014).
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}
