//! The terminal UI: a model, messages, a pure `update` and a pure `view`; a shell around them owns
//! terminal, files, threads and the clock.

pub mod action;
pub mod advice;
mod adviser;
pub mod allocation;
pub mod answer;
pub mod canvas;
pub mod compare;
pub mod diff;
mod editing;
pub mod explore;
mod export;
pub mod find;
pub mod keys;
pub mod limits;
pub mod linkage;
pub mod message;
pub mod model;
pub mod overlay;
pub mod pivot;
pub mod prompt;
pub mod revenue;
mod shell;
pub mod sweep;
pub mod theme;
pub mod transfers;
mod trouble;
pub mod typed;
mod update;
mod view;
mod view_text;
mod worker;

pub use action::Action;
pub use advice::{Advice, Asked, Question};
pub use adviser::advise;
pub use allocation::Mark;
pub use answer::{Answer, Calibrated, Found};
pub use keys::{BINDINGS, Code, Key};
pub use message::{Answered, Command, Message, Mouse, Saved};
pub use model::{Model, Screen, Start};
pub use overlay::Overlay;
pub use shell::{plain, run};
pub use theme::{Colours, Look};
pub use update::update;
pub use view::view;
pub use worker::{Request, calibrated, other, serve, solve};

/// How the screen is started.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether the mouse is used.
    pub mouse: bool,
    /// How it is drawn.
    pub look: Look,
    /// Whether a welcome is shown first.
    pub welcome: bool,
}
