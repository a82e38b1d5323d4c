//! Load, resolve, solve, and write: the steps that touch files.

pub mod batch;
mod beside;
mod bridge;
mod certify;
mod compare;
mod completions;
mod desk;
mod explain;
mod journal;
mod manifest;
mod overlay;
mod repairs;
mod shelf;
mod solve;
mod store;
mod write;

pub use beside::beside;
pub use bridge::{Found, axes, bridge, comparable};
pub use certify::{Certified, Uncertified, certificate, certify, judge};
pub use compare::{InputSide, inputs};
pub use completions::completions;
pub use desk::{Desk, Opened, open_draft, place_for, save};
pub use explain::{Overview, each, flexes, foremost, overview, price_each, prices, promises};
pub use journal::{Beside, Journal, Leftover};
pub use manifest::manifest;
pub use repairs::{Watch, apply, repairs};
pub use shelf::{begin, fill, shelf};
pub use solve::{Parent, Refused, Solved, answer, check, open};
pub use store::{DEFAULT_PLAN, Request, embedded_files, embedded_plans, find};
pub use write::{edit_elsewhere, write};
