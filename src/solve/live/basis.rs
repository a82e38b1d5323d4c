//! Where a programme was solved: what another one like it goes on from.

use std::sync::Arc;

use highs_sys as highs;

use super::Model;
use super::rows::Matrix;

/// What each column and row did where a programme was solved, in the words of HiGHS. It belongs to no
/// thread, and tells nothing of the answer: any two are taken to be equal.
#[derive(Debug, Clone)]
pub(crate) struct Basis {
    matrix: Arc<Matrix>,
    columns: Arc<[i32]>,
    rows: Arc<[i32]>,
}

impl PartialEq for Basis {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Basis {}

impl Basis {
    /// What the rows of a model do that has most rows of this programme; those it has more are basic.
    /// Nothing where it has too few of them.
    fn rows_of(&self, model: &Arc<Matrix>) -> Option<Vec<i32>> {
        if Arc::ptr_eq(&self.matrix, model) {
            return Some(self.rows.to_vec());
        }
        let status = |place: Option<usize>| {
            place.map_or(highs::kHighsBasisStatusBasic, |row| self.rows[row])
        };
        Some(self.matrix.shared(model)?.into_iter().map(status).collect())
    }
}

impl Model {
    /// Where it was solved last.
    pub(super) fn basis(&self) -> Option<Basis> {
        let mut columns = vec![0; self.matrix.columns];
        let mut rows = vec![0; self.matrix.rows()];
        // SAFETY: the model lives, and each array has one entry a column or a row.
        let status = unsafe {
            highs::Highs_getBasis(self.highs.as_ptr(), columns.as_mut_ptr(), rows.as_mut_ptr())
        };
        (status == highs::STATUS_OK).then(|| Basis {
            matrix: Arc::clone(&self.matrix),
            columns: columns.into(),
            rows: rows.into(),
        })
    }

    /// Goes on from another basis than its own, where that fits; whether it does. A model without rows has
    /// none, and HiGHS would read one.
    pub(super) fn stand(&self, basis: &Basis) -> bool {
        let rows = basis.rows_of(&self.matrix).filter(|rows| !rows.is_empty());
        let Some(rows) = rows else { return false };
        // SAFETY: the model lives, and each array has one entry a column or a row: a matrix that shares rows
        // has as many columns.
        let status = unsafe {
            highs::Highs_setBasis(self.highs.as_ptr(), basis.columns.as_ptr(), rows.as_ptr())
        };
        status == highs::STATUS_OK
    }
}
