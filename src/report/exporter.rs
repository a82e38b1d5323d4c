use super::{ExportError, Table};

/// Renders tables as the bytes of one file. It knows nothing of plans and touches no disk.
pub trait Exporter {
    /// Gives the whole file for `tables`, ready to be written. Equal tables give equal bytes.
    ///
    /// # Errors
    ///
    /// If the format cannot hold the tables.
    fn encode(&self, tables: &[Table]) -> Result<Vec<u8>, ExportError>;
}
