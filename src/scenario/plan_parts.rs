//! Reads the parts of a plan from the values that the changes of a chain have left.

use super::change::Effective;
use super::families::Context;
use super::load::Document;
use super::measures::{self, Counted};
use super::problem::Problem;
use super::reader::Reader;
use super::source::{Files, Sources};
use super::stages::StageReader;
use super::{balance, controls, drivers, limits, revenue, schema};
use crate::plan::{Dimension, PlanParts};
use crate::units::Quantum;

/// Reads all that is left of the plan.
pub(crate) fn parts(
    document: &Document,
    effective: &Effective,
    dimensions: Vec<Dimension>,
    (files, sources): (&dyn Files, &mut Sources),
    problems: &mut Vec<Problem>,
) -> Option<PlanParts> {
    let root = &effective.root;
    for section in ["driver", "revenue", "limit", "stage", "hold", "measure", "attribution", "fund"]
    {
        revenue::twice(root, section, problems);
    }
    let reader = Reader::quiet(root, document.place(), &schema::PLAN);
    let title = reader.needed_text("title", problems).map(String::from);
    let currency = reader.needed_text("currency", problems).map(String::from);
    let scale = positive(&reader, "scale", problems);
    let quantum = positive(&reader, "quantum", problems);
    let terms = drivers::Terms { dimensions: &dimensions, scale: scale.unwrap_or(1) };
    let before = problems.len();
    let drivers = drivers::drivers(root, &terms, problems);
    let lines = revenue::lines(root, &drivers, &terms, problems);
    let balance = balance::balance(root, &terms, problems).filter(|_| problems.len() == before);
    let context = Context { dimensions: &dimensions, files, path: &document.path };
    let measures = measures::measures(root, &context, sources, problems);
    let attributions = measures::attributions(root, &context, sources, problems);
    let funds = measures::funds(root, &lines, &context, problems);
    let counted = Counted { measures: &measures, attributions: &attributions };
    let limits = limits::limits(root, &context, counted, sources, problems);
    let reader_of_stages =
        StageReader { context: &context, limits: &limits, lines: &lines, counted };
    let stages = reader_of_stages.stages(root, sources, problems);
    let controls = controls::controls(root, &dimensions, problems);
    let holds = limits::holds(root, &dimensions, effective.as_of.as_deref(), problems);
    let scenario = root.text("scenario-title").map(String::from);
    Some(PlanParts {
        title: title?,
        scenario,
        currency: currency?,
        scale: scale?,
        quantum: Quantum::new(quantum?)?,
        authority: reader.owned("authority", problems),
        cells: effective.cells.cells.clone(),
        stated: effective.cells.stated.clone(),
        controls,
        drivers: revenue::first_of_each(drivers, |driver| &driver.id),
        revenue: revenue::first_of_each(lines, |line| &line.id),
        balance,
        limits: revenue::first_of_each(limits, |limit| &limit.id),
        holds: revenue::first_of_each(holds, |hold| &hold.id),
        measures,
        attributions,
        funds,
        stages,
        dimensions,
    })
}

/// A whole number of at least one; one where it is not stated.
fn positive(reader: &Reader<'_>, key: &str, problems: &mut Vec<Problem>) -> Option<u32> {
    let Some(node) = reader.table.get(key) else {
        return Some(1);
    };
    let number = reader.number(key, problems)?;
    let whole = number.is_whole().then(|| u32::try_from(number.numerator()).ok()).flatten();
    let found = whole.filter(|number| *number > 0);
    if found.is_none() {
        problems.push(
            Problem::new(
                "whole-number",
                format!("`{key}` is a whole number of at least 1"),
                node.place,
                format!("this is {number}"),
            )
            .help(format!("write `{key} = 1` or `{key} = 1000`")),
        );
    }
    found
}
