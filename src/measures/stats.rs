//! Statistics of samples.

use std::fmt;

/// A statistic, the value of the label `stat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stat {
    /// Arithmetic mean.
    Mean,
    /// Median.
    P50,
    /// 90th percentile.
    P90,
}

impl fmt::Display for Stat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stat::Mean => "mean",
            Stat::P50 => "p50",
            Stat::P90 => "p90",
        })
    }
}

impl Stat {
    /// Whether single reps have it too: with few samples only mean and median say something.
    pub fn is_for_reps(self) -> bool {
        matches!(self, Stat::Mean | Stat::P50)
    }

    /// The statistic of ascending samples; none without samples.
    pub fn of(self, ascending: &[f64]) -> Option<f64> {
        match self {
            Stat::Mean => mean(ascending),
            Stat::P50 => quantile(ascending, 0.5),
            Stat::P90 => quantile(ascending, 0.9),
        }
    }
}

/// A ratio; none where the denominator is 0.
pub fn ratio(over: f64, under: f64) -> Option<f64> {
    (under != 0.0).then(|| over / under)
}

/// Arithmetic mean; none without samples.
pub fn mean(samples: &[f64]) -> Option<f64> {
    let count = samples.len();
    (count > 0).then(|| samples.iter().sum::<f64>() / count as f64)
}

/// Quantile of ascending samples by linear interpolation at rank `p (n - 1)`, Hyndman and Fan's type 7; none without samples.
pub fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let rank = p * last as f64;
    let (below, share) = (rank.floor() as usize, rank.fract());
    let low = *ascending.get(below)?;
    let high = ascending.get(below + 1).copied().unwrap_or(low);
    Some(low + (high - low) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate_between_ranks() {
        let samples = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile(&samples, 0.0), Some(1.0));
        assert_eq!(quantile(&samples, 0.5), Some(3.0));
        assert_eq!(quantile(&samples, 1.0), Some(8.0));
        // Rank 2.7: between 4 and 8.
        assert!((quantile(&samples, 0.9).unwrap() - 6.8).abs() < 1e-12);
        assert_eq!(quantile(&[5.0], 0.9), Some(5.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn nothing_has_no_mean() {
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[1.0, 2.0]), Some(1.5));
    }
}
