//! The validated domain: dimensions, cells, revenue, limits and holds. A [`Plan`] cannot be built
//! wrong.

mod asked;
mod bound;
mod cell;
mod cell_checks;
mod checks;
mod dimension;
mod expression;
mod fault;
mod grouping;
mod limit;
mod limit_checks;
mod lump;
mod measure;
mod memo;
mod movement;
#[expect(clippy::module_inception, reason = "one noun a file: the plan itself")]
mod plan;
mod provenance;
mod reading;
mod revenue;
mod rule;
mod slice;
mod stage;
mod stage_checks;

pub use asked::{Owner, each_rule};
pub use bound::{BoundKey, Pair};
pub use cell::{Cell, Control, ControlOf, Group};
pub use dimension::{Dimension, Level, Member, MemberDraft, TreeFault};
pub use expression::{Base, Expression, Figure, Sign};
pub use fault::{Fault, Severity, Site};
pub use limit::{
    Bounds, Family, Hold, Limit, Move, ShareOf, Strength, Tier, TransferLevel, Transfers, Within,
};
pub use lump::Lump;
pub use measure::{Attribution, Form, Fund, FundPeriod, Measure, MeasureOf};
pub use movement::Moved;
pub use plan::{Period, Plan, PlanParts};
pub use provenance::Provenance;
pub use reading::{Measured, Reading, ReadingKind, RevenueLevels, Sense, readings};
pub use revenue::{Balance, Driver, DriverUnit, RevenueEntry, RevenueLine, Spend};
pub use rule::{Body, Multiple, Rule};
pub use slice::{Axis, Pick, Slice};
pub use stage::{Aim, Return, Stage, Value};
