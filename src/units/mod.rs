//! Exact money, shares and ids: the words that every other floor is written in.

mod amount;
mod id;
mod money;
mod text;

pub use amount::{Amount, ParseAmountError};
pub(crate) use amount::{Denominator, denominator, differences, over, ratio};
pub use id::{CellId, Id, MemberId};
pub use money::{Money, Quantum};
pub use text::{display_safe, grouped};
