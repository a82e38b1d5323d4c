//! What a figure is drawn from.

use super::quantile::{normal, normal_quantile};

/// What a figure is drawn from. Figures are in the unit of the target; a percentage counts in
/// percent points.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Distribution {
    /// Normal, cut off where `ends` says.
    Normal { mean: f64, sd: f64, ends: (Option<f64>, Option<f64>) },
    /// Its logarithm is normal with these; cut off where `ends` says.
    LogNormal { mu: f64, sigma: f64, ends: (Option<f64>, Option<f64>) },
    /// Triangular between `min` and `max`, highest at `mode`.
    Triangular { min: f64, mode: f64, max: f64 },
    /// Each figure from `min` to `max` as likely as the others.
    Uniform { min: f64, max: f64 },
    /// One of these figures; beside each the part of all draws that it or an earlier one is.
    Empirical(Vec<(f64, f64)>),
}

/// A figure that splits all figures as a standard normal one splits its own: the part below it,
/// and the normal figure with that part below it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    pub(super) below: f64,
    pub(super) normal: f64,
}

impl Split {
    /// Of the part below.
    pub(super) fn below(below: f64) -> Self {
        Self { below, normal: normal_quantile(below) }
    }

    /// Of the normal figure.
    pub(super) fn normal(figure: f64) -> Self {
        Self { below: normal(figure), normal: figure }
    }
}

impl Distribution {
    /// The log-normal distribution of a figure with this mean and standard deviation.
    pub(super) fn log_normal(mean: f64, sd: f64, ends: (Option<f64>, Option<f64>)) -> Self {
        let ratio = sd / mean;
        let variance = libm::log1p(ratio * ratio);
        let mu = libm::log(mean) - variance / 2.0;
        Self::LogNormal { mu, sigma: libm::sqrt(variance), ends }
    }

    /// The figure at a split.
    pub(super) fn at(&self, split: Split) -> f64 {
        match self {
            Self::Normal { mean, sd, ends } => {
                let standard = |end: f64| (end - mean) / sd;
                clamped(mean + sd * within(split, *ends, standard), *ends)
            }
            Self::LogNormal { mu, sigma, ends } => {
                let standard = |end: f64| (libm::log(end) - mu) / sigma;
                let figure = libm::exp(mu + sigma * within(split, *ends, standard));
                clamped(figure, *ends)
            }
            Self::Triangular { min, mode, max } => {
                let (width, turn) = (max - min, (mode - min) / (max - min));
                if split.below < turn {
                    min + libm::sqrt(split.below * width * (mode - min))
                } else {
                    max - libm::sqrt((1.0 - split.below) * width * (max - mode))
                }
            }
            Self::Uniform { min, max } => min + (max - min) * split.below,
            Self::Empirical(figures) => {
                let place = figures.partition_point(|(_, part)| *part <= split.below);
                figures.get(place).or(figures.last()).map_or(0.0, |(figure, _)| *figure)
            }
        }
    }
}

/// The standard normal figure at a split of what lies between the ends.
fn within(split: Split, ends: (Option<f64>, Option<f64>), standard: impl Fn(f64) -> f64) -> f64 {
    let (low, high) = ends;
    if low.is_none() && high.is_none() {
        return split.normal;
    }
    let low = low.map_or(0.0, |end| if end.is_finite() { normal(standard(end)) } else { 0.0 });
    let high = high.map_or(1.0, |end| normal(standard(end)));
    let below = low + (high - low) * split.below;
    normal_quantile(below.clamp(1e-300, 1.0 - f64::EPSILON / 2.0))
}

fn clamped(figure: f64, (low, high): (Option<f64>, Option<f64>)) -> f64 {
    figure.max(low.unwrap_or(f64::NEG_INFINITY)).min(high.unwrap_or(f64::INFINITY))
}

#[cfg(test)]
mod tests {
    use super::{Distribution, Split};

    fn at(of: &Distribution, below: f64) -> f64 {
        of.at(Split::below(below))
    }

    /// Medians and quartiles worked by hand.
    #[test]
    fn figures_lie_where_a_table_has_them() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} is not {b}");
        near(at(&Distribution::Uniform { min: 10.0, max: 14.0 }, 0.25), 11.0);
        // Half of the area of the triangle lies below its peak.
        near(at(&Distribution::Triangular { min: 0.0, mode: 2.0, max: 4.0 }, 0.5), 2.0);
        near(at(&Distribution::Triangular { min: 0.0, mode: 2.0, max: 4.0 }, 0.125), 1.0);
        let normal = Distribution::Normal { mean: 100.0, sd: 10.0, ends: (None, None) };
        near(at(&normal, 0.975), 119.599_639_845_400_54);
        // The median of a normal figure cut to one side of its mean is its upper quartile.
        let half = Distribution::Normal { mean: 100.0, sd: 10.0, ends: (Some(100.0), None) };
        near(at(&half, 0.5), 106.744_897_501_960_8);
        // Mean 1, standard deviation sqrt(e - 1): the logarithm has mean -1/2 and deviation 1.
        let e = std::f64::consts::E;
        let log = Distribution::log_normal(1.0, (e - 1.0).sqrt(), (None, None));
        near(at(&log, 0.5), (-0.5_f64).exp());
        let two = Distribution::Empirical(vec![(5.0, 0.25), (7.0, 1.0)]);
        for (below, figure) in [(0.2, 5.0), (0.25, 7.0), (0.9, 7.0)] {
            near(at(&two, below), figure);
        }
    }
}
