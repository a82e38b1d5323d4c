//! The file that all rows of a batch are of, and the values that its figures take in them.

use std::fs::File;

use super::below::Below;
use crate::report::batch::Reading;
use crate::report::percentile;
use crate::scenario::{Design, Resolved, Varied};
use crate::units::Amount;

/// The file that all rows are of.
pub(super) struct Origin {
    /// How it was asked for.
    pub(super) name: String,
    pub(super) resolved: Resolved,
    /// The figures that vary, in the order of the file.
    pub(super) ranges: Vec<Range>,
}

/// A figure that varies, and the values that it takes.
pub(super) struct Range {
    /// Its place in the design.
    pub(super) figure: usize,
    pub(super) varied: Varied,
    /// The tenth and the ninetieth percentile of a figure that is drawn, the ends of another.
    pub(super) usual: (Amount, Amount),
    /// The least and the greatest value.
    pub(super) ends: (Amount, Amount),
}

impl Origin {
    /// The file that the rows are of.
    ///
    /// # Errors
    ///
    /// That they are of several, or that it cannot be read any more.
    pub(super) fn of<F: Fn() -> Result<File, String>>(
        reading: &Reading<F>,
    ) -> Result<Self, String> {
        let files = reading.counts("file").map_err(|error| error.0)?;
        let Some((name, _)) = files.first_key_value().filter(|_| files.len() == 1) else {
            return Err(format!("the rows are of {} files, and not of one", files.len()));
        };
        let (_, resolved) = Below::open(name)
            .map_err(|why| format!("`{name}`, which the rows are of, cannot be read: {why}"))?;
        let mut ranges = Vec::new();
        for (figure, varied) in resolved.design.varied().iter().enumerate() {
            if !reading.has(&varied.name()) {
                return Err(format!(
                    "`{name}` varies `{}`, and the rows do not: it has changed since",
                    varied.name()
                ));
            }
            let sorted = reading.sorted(&varied.name()).map_err(|error| error.0)?;
            ranges.extend(range(&resolved.design, figure, varied, &sorted));
        }
        Ok(Self { name: name.clone(), resolved, ranges })
    }
}

/// The values of a figure; `None` where it takes none.
fn range(design: &Design, figure: usize, varied: &Varied, sorted: &[f64]) -> Option<Range> {
    let at = |percent: u32| percentile(sorted, percent).and_then(stated);
    let (least, most) = (at(0)?, at(100)?);
    let ends = (least, most);
    let usual = if design.is_drawn(figure) { (at(10)?, at(90)?) } else { ends.clone() };
    Some(Range { figure, varied: varied.clone(), usual, ends })
}

/// The number that a file states, where a column has the float nearest to it.
fn stated(value: f64) -> Option<Amount> {
    Amount::parse(&value.to_string()).ok().or_else(|| Amount::from_f64(value))
}
