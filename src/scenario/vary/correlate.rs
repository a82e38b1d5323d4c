//! Correlated normal figures.

/// The lower triangle `L` with `L L' = matrix`; `None` where the matrix is no matrix of
/// correlations.
pub(super) fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let size = matrix.len();
    let mut lower = vec![vec![0.0; size]; size];
    for i in 0..size {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = matrix[i][j] - known;
            if i == j {
                if rest <= 1e-12 {
                    return None;
                }
                lower[i][i] = libm::sqrt(rest);
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    Some(lower)
}

#[cfg(test)]
mod tests {
    use super::cholesky;

    #[test]
    fn a_matrix_is_the_square_of_its_triangle() {
        let found = cholesky(&[vec![1.0, 0.6], vec![0.6, 1.0]]).expect("a matrix of correlations");
        assert_eq!(found[0], [1.0, 0.0]);
        assert!((found[1][0] - 0.6).abs() < 1e-15 && (found[1][1] - 0.8).abs() < 1e-15);
    }

    /// Two figures that are opposite cannot both follow a third.
    #[test]
    fn correlations_that_contradict_one_another_are_refused() {
        let matrix = [vec![1.0, 0.9, 0.9], vec![0.9, 1.0, -0.9], vec![0.9, -0.9, 1.0]];
        assert!(cholesky(&matrix).is_none());
    }
}
