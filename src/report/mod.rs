//! Tables as values, and the formats they are written in.

mod annex;
mod approvals;
mod bridge;
mod compare;
mod compare_limits;
mod conflict;
pub mod csv;
mod format;
pub mod json;
mod linkage;
pub mod markdown;
pub mod mps;
pub mod parquet;
mod result;
mod revenue;
mod stages;
mod summary;
mod table;
mod tables;
mod terminal;
mod transfers;

pub use annex::annex1;
pub use bridge::{apart, bridge};
pub use compare::{Side, compare, compare_revenue, compare_stages, scenarios};
pub use compare_limits::compare_limits;
pub use conflict::conflict;
pub use linkage::linkage;
pub use result::{Identity, result};
pub use revenue::revenue;
pub use stages::stages;
pub use summary::{Status, headline, provenance_note, status};
pub use table::{Column, Role, Row, RowKind, Table, Unit, Value};
pub use tables::{allocation, contributions, limits};
pub use terminal::{Look, ascii, draw};
pub use transfers::{approvals, movers, reach, transfers, transfers_json};

/// The JSON Schema (draft 2020-12) of a result.
pub const RESULT_SCHEMA: &str = include_str!("schema/result.json");

/// Why a table cannot be encoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the table cannot be encoded: {0}")]
pub struct ExportError(pub(crate) String);
