//! Tables as values, and the formats they are written in.

mod annex;
mod approvals;
pub mod batch;
mod book;
mod bridge;
mod certificate;
mod certificate_cases;
mod certificate_file;
mod chart;
mod chart_batch;
mod chart_lines;
mod compare;
mod compare_limits;
mod compare_stages;
mod conflict;
pub mod csv;
mod explanation;
mod explanation_prices;
mod exporter;
mod fan;
mod flex;
mod format;
mod html;
pub mod json;
mod linkage;
pub mod markdown;
pub mod mps;
pub mod parquet;
mod repairs;
mod result;
mod revenue;
pub mod sentences;
mod stages;
mod summary;
mod sweep;
mod table;
mod tables;
mod terminal;
mod tornado;
mod transfers;
mod typst;
mod workbook;
pub mod xlsx;

pub use annex::annex1;
pub use book::{Book, Cell, Content, Sheet, Shown};
pub use bridge::{apart, bridge, bridges};
pub use certificate::{Basis, certificate, digest, result_digest, scope};
pub use certificate_file::{BasisFile, CertificateFile, read_certificate};
pub use compare::{Side, compare, compare_revenue, scenarios};
pub use compare_limits::compare_limits;
pub use compare_stages::{compare_stages, compare_stages_told};
pub use conflict::{conflict, no_conflict, told};
pub use explanation::{explanation, line_json};
pub use explanation_prices::{flex_json, price_json, promise_json, reading_json, why_not_json};
pub use exporter::Exporter;
pub use fan::{Spread, binding, clashes, fan, outcomes, percentile};
pub use flex::flex;
pub(crate) use flex::width as flex_width;
pub use html::Html;
pub use linkage::linkage;
pub use repairs::{no_repair, repair_words, repairs, repairs_told};
pub use result::{Findings, Identity, result};
pub use revenue::revenue;
pub use stages::stages;
pub use summary::{Status, headline, provenance_note, status, unproven};
pub use sweep::{Stretch, Swept, sweep};
pub use table::{Column, Role, Row, RowKind, Table, Unit, Value};
pub use tables::{allocation, contributions, limits, limits_priced, price_words};
pub use terminal::{Look, ascii, ascii_sign, draw};
pub use tornado::{End, Even, Swing, Turn, even, tornado};
pub use transfers::{approvals, movers, reach, transfers, transfers_json};
pub use typst::Typst;
pub use workbook::{tables_book, workbook};

/// The JSON Schema (draft 2020-12) of a result.
pub const RESULT_SCHEMA: &str = include_str!("schema/result.json");

/// The JSON Schema (draft 2020-12) of an explanation.
pub const EXPLANATION_SCHEMA: &str = include_str!("schema/explanation.json");

/// The JSON Schema (draft 2020-12) of a schedule of virements.
pub const TRANSFERS_SCHEMA: &str = include_str!("schema/transfers.json");

/// The JSON Schema (draft 2020-12) of a comparison.
pub const COMPARISON_SCHEMA: &str = include_str!("schema/comparison.json");

/// The JSON Schema (draft 2020-12) of what a batch comes to.
pub const SUMMARY_SCHEMA: &str = include_str!("schema/summary.json");

/// The JSON Schema (draft 2020-12) of a certificate.
pub const CERTIFICATE_SCHEMA: &str = include_str!("schema/certificate.json");

/// Why a table cannot be encoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the table cannot be encoded: {0}")]
pub struct ExportError(pub(crate) String);
