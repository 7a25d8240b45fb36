//! Rank correlation: whether two figures rise together, whatever their scales.

/// Spearman's rank correlation of pairs: Pearson's correlation of their mean ranks. None under two pairs, or where one
/// side is constant. No value may be not a number.
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    let (left, right): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    pearson(&mean_ranks(&left), &mean_ranks(&right))
}

/// Ranks from 1, in the order of the values; equal values share the mean of the ranks that they take up together.
pub fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|left, right| values[*left].total_cmp(&values[*right]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for equal in order.chunk_by(|left, right| values[*left] == values[*right]) {
        let rank = before as f64 + (equal.len() as f64 + 1.0) / 2.0;
        equal.iter().for_each(|place| ranks[*place] = rank);
        before += equal.len();
    }
    ranks
}

/// Pearson's correlation of two lists of one length; none where one is constant.
fn pearson(left: &[f64], right: &[f64]) -> Option<f64> {
    let count = left.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
    let (left_mean, right_mean) = (mean(left), mean(right));
    let (mut product, mut left_square, mut right_square) = (0.0, 0.0, 0.0);
    for (left, right) in left.iter().zip(right) {
        let (left, right) = (left - left_mean, right - right_mean);
        product += left * right;
        left_square += left * left;
        right_square += right * right;
    }
    let scale = (left_square * right_square).sqrt();
    // Ranks are halves, and so is their mean: what is constant has no deviation at all.
    (scale > 0.0).then(|| (product / scale).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_values_share_their_mean_rank() {
        assert_eq!(mean_ranks(&[30.0, 10.0, 20.0]), [3.0, 1.0, 2.0]);
        assert_eq!(mean_ranks(&[5.0, 5.0, 1.0, 5.0, 9.0]), [3.0, 3.0, 1.0, 3.0, 5.0]);
        // Both zeros are one value.
        assert_eq!(mean_ranks(&[0.0, -0.0]), [1.5, 1.5]);
        assert_eq!(mean_ranks(&[]), [0.0; 0]);
    }

    #[test]
    fn the_correlation_is_that_of_ranks() {
        // Ranks 1 2 3 4 5 against 2 1 4 3 5: 1 - 6 * (1 + 1 + 1 + 1 + 0) / (5 * 24) = 0.8.
        let pairs = [(1.0, 20.0), (10.0, 10.0), (100.0, 40.0), (1e3, 30.0), (1e4, 50.0)];
        assert!((spearman(&pairs).unwrap() - 0.8).abs() < 1e-12);
        // Ranks 1 2.5 2.5 4 against 1 2 3 4: deviations -1.5 0 0 1.5 and -1.5 -0.5 0.5 1.5, 4.5 / sqrt(4.5 * 5).
        let pairs = [(1.0, 1.0), (2.0, 2.0), (2.0, 3.0), (3.0, 4.0)];
        assert!((spearman(&pairs).unwrap() - 4.5 / 22.5_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn what_is_constant_has_no_correlation() {
        assert_eq!(spearman(&[(0.1, 1.0), (0.1, 2.0), (0.1, 3.0)]), None);
        assert_eq!(spearman(&[(1.0, 7.0), (2.0, 7.0)]), None);
        assert_eq!(spearman(&[(1.0, 2.0)]), None);
        assert_eq!(spearman(&[]), None);
    }

    /// Pairs of small whole numbers, so that many are equal.
    fn pairs() -> impl Strategy<Value = Vec<(f64, f64)>> {
        prop::collection::vec((-9_i8..9, -9_i8..9), 2..40)
            .prop_map(|pairs| pairs.into_iter().map(|(left, right)| (f64::from(left), f64::from(right))).collect())
    }

    proptest! {
        #[test]
        fn only_the_order_of_values_matters(pairs in pairs()) {
            let bent: Vec<(f64, f64)> = pairs.iter().map(|(left, right)| (left.exp(), right * 3.0 - 1.0)).collect();
            prop_assert_eq!(spearman(&pairs), spearman(&bent));
        }

        #[test]
        fn it_has_no_direction_but_a_sign(pairs in pairs()) {
            let swapped: Vec<(f64, f64)> = pairs.iter().map(|(left, right)| (*right, *left)).collect();
            let mirrored: Vec<(f64, f64)> = pairs.iter().map(|(left, right)| (*left, -right)).collect();
            let found = spearman(&pairs);
            let close = |other: Option<f64>, sign: f64| match (found, other) {
                (Some(found), Some(other)) => (found - sign * other).abs() < 1e-9,
                (found, other) => found.is_none() && other.is_none(),
            };
            prop_assert!(close(spearman(&swapped), 1.0));
            prop_assert!(close(spearman(&mirrored), -1.0));
            prop_assert!(found.is_none_or(|found| (-1.0..=1.0).contains(&found)));
        }
    }
}
