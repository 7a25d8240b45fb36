//! Correction of p-values for having tested several things.

/// Holm's step-down correction: p-values that can be held against a level as if only one test had been made. In the order of
/// the given ones. (Holm 1979; valid whatever the tests have to do with each other.)
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|one, other| p_values[*one].total_cmp(&p_values[*other]));
    let mut corrected = vec![1.0; p_values.len()];
    let mut least: f64 = 0.0;
    for (rank, place) in order.into_iter().enumerate() {
        let remaining = (p_values.len() - rank) as f64;
        least = least.max((p_values[place] * remaining).min(1.0));
        corrected[place] = least;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_smallest_counts_for_all_and_the_next_for_the_rest() {
        // 4 x 0.01; 3 x 0.02; 2 x 0.04 = 0.08; 0.05, which may not be below the one before it.
        let corrected = holm(&[0.04, 0.01, 0.05, 0.02]);
        let expected = [0.08, 0.04, 0.08, 0.06];
        assert!(corrected.iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-12), "{corrected:?}");
        assert_eq!(holm(&[0.6, 0.7]), [1.0, 1.0]);
        assert_eq!(holm(&[0.03]), [0.03]);
        assert_eq!(holm(&[]), [0.0; 0]);
    }

    proptest! {
        #[test]
        fn nothing_becomes_surer_and_the_order_stays(values in prop::collection::vec(0.0_f64..=1.0, 0..12)) {
            let corrected = holm(&values);
            for (place, value) in values.iter().enumerate() {
                prop_assert!(corrected[place] >= *value && corrected[place] <= 1.0);
                for (other, other_value) in values.iter().enumerate() {
                    prop_assert!(value > other_value || corrected[place] <= corrected[other]);
                }
            }
        }
    }
}
