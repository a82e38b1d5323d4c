//! What the tables beside a plan say. Their rows are no values of the plan's own files, and enter its
//! hash all the same: who changes one changes the plan. The words are those of the files, so that what the
//! program calls a figure has no part in the hash.

use std::collections::HashMap;

use crate::plan::{
    Aim, Base, Bounds, Dimension, Expression, Family, Figure, Limit, Member, Plan, Return, Sign,
    Slice, Stage,
};
use crate::units::{Amount, Id, MemberId};

/// The rows of all tables but the cells, a line each. Rows that are found by their members are in
/// the order of these, and all others in that of their table.
pub(crate) fn lines(plan: &Plan) -> Vec<String> {
    let mut lines: Vec<String> = plan.dimensions().iter().flat_map(members).collect();
    lines.extend(plan.limits().iter().flat_map(|limit| bounds(plan, limit)));
    for measure in plan.measures() {
        let name = format!("measure.{}", measure.id);
        lines.extend(rows(plan, &name, &measure.rows, Amount::to_string));
    }
    for attribution in plan.attributions() {
        let name = format!("attribution.{}", attribution.id);
        lines.push(format!("{name} to {}", quoted(&attribution.targets)));
        lines.extend(rows(plan, &name, &attribution.rows, |shares| listed(shares)));
    }
    lines.extend(plan.stages().iter().flat_map(|stage| aims(plan, stage)));
    lines
}

fn members(dimension: &Dimension) -> Vec<String> {
    let line = |own: &Member| {
        let parent = own.parent.map(|parent| quote(dimension.member(parent).id.as_str()));
        let parent = parent.unwrap_or_else(|| "none".into());
        let (title, tags, years) = (quote(&own.title), quoted(&own.tags), &own.years);
        let about = format!("title {title} parent {parent} tags {tags} years {years}");
        format!("dimension.{}[{}] {about}", dimension.id(), own.id)
    };
    dimension.members().iter().map(line).collect()
}

/// The rows of a table of bounds, or of the targets of a path.
fn bounds(plan: &Plan, limit: &Limit) -> Vec<String> {
    match &limit.bounds {
        Bounds::Table(rows) => keyed(plan, limit, rows, |says| family(plan, says)),
        Bounds::Same(Family::Path { targets, .. }) => {
            keyed(plan, limit, targets, |target| format!("amount {target}"))
        }
        Bounds::Same(_) => Vec::new(),
    }
}

fn keyed<T>(
    plan: &Plan,
    limit: &Limit,
    rows: &HashMap<Vec<MemberId>, T>,
    told: impl Fn(&T) -> String,
) -> Vec<String> {
    let mut rows: Vec<(&Vec<MemberId>, &T)> = rows.iter().collect();
    rows.sort_by_key(|(key, _)| *key);
    let line = |(key, says): (&Vec<MemberId>, &T)| {
        let members = limit.each.iter().zip(key);
        let ids = members
            .map(|(axis, member)| plan.dimensions()[axis.dimension].member(*member).id.as_str());
        format!("limit.{}[{}] {}", limit.id, ids.collect::<Vec<_>>().join(", "), told(says))
    };
    rows.into_iter().map(line).collect()
}

/// The bounds of a row by the keys that its table has for them; what is left out is no bound.
fn family(plan: &Plan, family: &Family) -> String {
    let keys = |bounds: &[(&str, Option<String>)]| {
        let stated =
            bounds.iter().filter_map(|(key, bound)| Some(format!("{key} {}", bound.as_ref()?)));
        stated.collect::<Vec<_>>().join(" ")
    };
    let words = |bound: &Option<Expression>| bound.as_ref().map(|bound| expression(plan, bound));
    let figure = |bound: &Option<Amount>| bound.as_ref().map(Amount::to_string);
    match family {
        Family::Amount { min, max } => keys(&[("min", words(min)), ("max", words(max))]),
        Family::Share { min, max, ratio: false, .. } => {
            keys(&[("min-share", figure(min)), ("max-share", figure(max))])
        }
        Family::Share { min, max, .. } => {
            keys(&[("at-least-ratio", figure(min)), ("at-most-ratio", figure(max))])
        }
        Family::Change { cut, rise } => {
            keys(&[("max-cut", figure(cut)), ("max-rise", figure(rise))])
        }
        Family::Step { down, up } => {
            keys(&[("max-step-down", figure(down)), ("max-step-up", figure(up))])
        }
        Family::Movement { most_in, most_out, turnover, .. } => keys(&[
            ("max-in", words(most_in)),
            ("max-out", words(most_out)),
            ("max-turnover", words(turnover)),
        ]),
        Family::Reserve { min, max, share: false, .. } => {
            keys(&[("min", figure(min)), ("max", figure(max))])
        }
        Family::Reserve { min, max, .. } => {
            keys(&[("min-share", figure(min)), ("max-share", figure(max))])
        }
        Family::Path { over, .. } => format!("over {over}"),
    }
}

/// A bound as the language writes it.
fn expression(plan: &Plan, own: &Expression) -> String {
    let two = |word: &str, both: &(Expression, Expression)| {
        format!("{word}({}, {})", expression(plan, &both.0), expression(plan, &both.1))
    };
    match own {
        Expression::Number(number) => number.to_string(),
        Expression::PartOf(part, base) => format!("{part} of {}", based(plan, base)),
        Expression::Sum(terms) => {
            let term = |(sign, term): &(Sign, Expression)| {
                let sign = if *sign == Sign::Plus { "+" } else { "-" };
                format!("{sign} {}", expression(plan, term))
            };
            terms.iter().map(term).collect::<Vec<_>>().join(" ")
        }
        Expression::Min(both) => two("min", both),
        Expression::Max(both) => two("max", both),
    }
}

fn based(plan: &Plan, base: &Base) -> String {
    let total = if base.total { "total " } else { "" };
    let figure = match base.figure {
        Figure::Baseline => "baseline",
        Figure::Need => "need",
    };
    let instead = base.instead.map(|(place, member)| {
        let dimension = &plan.dimensions()[place];
        format!("({} = {})", dimension.id(), dimension.member(member).id)
    });
    format!("{total}{figure}{}", instead.unwrap_or_default())
}

fn rows<'a, T>(
    plan: &'a Plan,
    name: &'a str,
    rows: &'a [(Slice, T)],
    told: impl Fn(&T) -> String + 'a,
) -> impl Iterator<Item = String> + 'a {
    let dimensions = plan.dimensions();
    rows.iter().map(move |(on, says)| format!("{name}[{}] {}", on.text(dimensions), told(says)))
}

fn listed(figures: &[Amount]) -> String {
    figures.iter().map(Amount::to_string).collect::<Vec<_>>().join(", ")
}

fn quoted(ids: &[Id]) -> String {
    ids.iter().map(|id| quote(id.as_str())).collect::<Vec<_>>().join(", ")
}

/// The text between quotes, those in it marked.
fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The rows of the returns or the targets of a stage.
fn aims(plan: &Plan, stage: &Stage) -> Vec<String> {
    let name = format!("stage.{}", stage.id);
    match &stage.aim {
        Aim::Value(value) => {
            let returns = value.returns.iter().flatten();
            let piece = |(end, rate): &(Option<Amount>, Amount)| {
                let end = end.as_ref().map_or_else(|| "the end".into(), Amount::to_string);
                format!("{rate} up to {end}")
            };
            let line = |own: &Return| {
                let pieces: Vec<String> = own.pieces.iter().map(piece).collect();
                format!("{name}[{}] {}", own.on.text(plan.dimensions()), pieces.join(", "))
            };
            returns.map(line).collect()
        }
        Aim::Deviation { targets } => rows(plan, &name, targets, Amount::to_string).collect(),
        _ => Vec::new(),
    }
}
