//! Dice that fall the same everywhere: splitmix64 over a seed and the keys of what is thrown for.
//!
//! Whatever is thrown for has dice of its own, made from its keys, so that it never matters what else was asked before.
//! Only whole numbers and the exact operations of floating point are used: no result depends on the platform.

/// The increment of splitmix64: the golden ratio in 64 bits (Steele, Lea, Flood 2014).
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A sequence of random numbers.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of whatever has these keys, in the world of `seed`.
    pub(super) fn new(seed: u64, keys: [u64; 3]) -> Dice {
        Dice(keys.into_iter().fold(mix(seed.wrapping_add(STEP)), |state, key| mix(state ^ mix(key.wrapping_add(STEP)))))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A whole number from 0 to `count` - 1; 0 where `count` is 0.
    pub(super) fn below(&mut self, count: u64) -> u64 {
        // The high half of the product; what that favours some numbers by cannot be seen for counts far below 2^64.
        ((u128::from(self.next()) * u128::from(count)) >> 64) as u64
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).unsigned_abs()).cast_signed()
    }

    /// A number from 0 up to, and without, 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of several, each as likely.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// A whole number that is `mean` on average: `mean` give or take a quarter of it.
    pub(super) fn count(&mut self, mean: f64) -> u64 {
        let about = mean * (0.75 + self.unit() * 0.5);
        let whole = about.floor();
        whole as u64 + u64::from(self.chance(about - whole))
    }
}

fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // The first numbers of the published generator for the seed 1234567.
        let mut dice = Dice(1_234_567);
        let numbers = [dice.next(), dice.next(), dice.next()];
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn keys_tell_dice_apart() {
        let first = |seed, keys| Dice::new(seed, keys).next();
        let all = [first(1, [1, 2, 3]), first(2, [1, 2, 3]), first(1, [2, 1, 3]), first(1, [1, 2, 4])];
        for (at, number) in all.iter().enumerate() {
            assert!(!all[..at].contains(number), "{all:?}");
        }
        assert_eq!(first(1, [1, 2, 3]), all[0]);
    }

    #[test]
    fn throws_keep_their_bounds_and_means() {
        let mut dice = Dice::new(7, [0, 0, 0]);
        let throws = 20_000;
        let mut sum = 0;
        let mut seen = [0; 5];
        for _ in 0..throws {
            sum += dice.count(2.4);
            seen[(dice.between(-2, 2) + 2) as usize] += 1;
        }
        assert!((sum as f64 / f64::from(throws) - 2.4).abs() < 0.03, "{sum}");
        assert!(seen.iter().all(|times| (3_700..4_300).contains(times)), "{seen:?}");
        assert_eq!(dice.below(0), 0);
    }
}
