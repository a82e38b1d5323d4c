//! What is said of an answer, in sentences that can be read aloud: all of them live here.
//!
//! They are written for someone who has never seen a linear programme. Every figure in them was
//! worked out exactly, and only then rounded to be said.

mod effect;
mod flex;
mod line;
mod overview;
mod phrases;
mod price;
mod why_not;

pub use effect::weights;
pub use flex::{flex, flexes};
pub use line::{line, stop};
pub use overview::overview;
pub use price::{
    ends, price, price_line, prices, promise, promises, promises_left, room, unpriced,
};
pub use why_not::{one_more, why_not};
