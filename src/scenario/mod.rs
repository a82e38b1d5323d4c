//! Reads plan and scenario files, and resolves a scenario to its effective plan.
//!
//! A file becomes a tree of exact values that remember their places; scenarios change the tree;
//! what is left is read into a [`crate::plan::Plan`]. Problems of all files come at once.

mod amend;
mod balance;
mod bounds_table;
mod cells;
mod change;
mod contents;
mod controls;
mod dimensions;
mod dotted;
mod draft;
mod drivers;
mod edits;
mod excerpt;
mod expressions;
mod families;
pub mod generate;
mod holds;
mod limits;
mod load;
mod measures;
mod memo;
mod movements;
mod origin;
mod parts;
mod places;
mod plan_parts;
mod problem;
mod reader;
mod remarks;
mod resolve;
mod revenue;
mod rows;
mod schema;
mod sheet;
mod slices;
mod source;
mod stage_keys;
mod stage_value;
mod stages;
mod suggest;
mod table_file;
mod transfer;
mod tree;
mod vary;
mod words;
mod workbook;
mod worksheet;

pub use draft::{
    Amendment, Draft, Fix, Hold, Level, Move, Picks, Version, names_slice, slice_words,
};
pub use edits::Edit;
pub use load::{PLAN_FORMAT, SCENARIO_FORMAT, Scenario};
pub use origin::Stated;
pub use problem::{Problem, Style, render};
pub use remarks::Remark;
pub use resolve::{Answer, Answers, Resolved, resolve, resolve_throughout};
pub use schema::{PLAN_SCHEMA, SCENARIO_SCHEMA};
pub use slices::{axis_names, find_axis};
pub use source::{FileId, Files, Place, Source, Sources};
pub use vary::{Design, Varied};
pub use words::{Wish, WishLevel, WishWay, level_of, number_of, slice_of, unknown, wish_of};
