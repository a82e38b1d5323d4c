//! Reads slices: an id, a list, `{ tag = "x" }` or `{ not = [..] }` for each dimension.

use super::problem::Problem;
use super::reader::{as_text, with_help, wrong_kind};
use super::source::Place;
use super::suggest::suggest;
use super::tree::{Datum, Node};
use crate::plan::{Axis, Dimension, Level, Pick, Slice};
use crate::units::MemberId;

/// The slice that a node states; `None` where the node is no slice.
pub(crate) fn slice(
    node: &Node,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Slice> {
    let (slice, whole) = slice_and_whole(node, dimensions, problems)?;
    if let Some(dimension) = whole.first() {
        problems.push(
            Problem::new(
                "star",
                "`\"*\"` has a meaning only in `of`",
                node.place,
                format!("names all of `{}`", dimensions[*dimension].id()),
            )
            .help("leave the dimension out: that means all of it"),
        );
    }
    Some(slice)
}

/// The slice that a node states, and the dimensions written `"*"`.
pub(crate) fn slice_and_whole(
    node: &Node,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<(Slice, Vec<usize>)> {
    let Datum::Table(table) = &node.datum else {
        problems.push(wrong_kind(node, "a slice", "a table, like { sector = \"GS\" }"));
        return None;
    };
    let mut slice = Slice::all(dimensions.len());
    let mut whole = Vec::new();
    for (key, entry) in &table.entries {
        let Some(place) = dimension(key, entry.key, dimensions, problems) else {
            continue;
        };
        if matches!(&entry.node.datum, Datum::Text(text) if text == "*") {
            whole.push(place);
        } else if let Some(pick) = pick(&entry.node, &dimensions[place], problems) {
            slice = slice.with(place, Some(pick));
        }
    }
    Some((slice, whole))
}

/// The place of the dimension named `id`.
pub(crate) fn dimension(
    id: &str,
    place: Place,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<usize> {
    let found = dimensions.iter().position(|dimension| *dimension.id() == *id);
    if found.is_none() {
        let problem = Problem::new(
            "unknown-dimension",
            format!("the plan has no dimension `{id}`"),
            place,
            "unknown",
        );
        let known = dimensions.iter().map(|dimension| dimension.id().as_str());
        problems.push(with_help(problem, suggest(id, known)));
    }
    found
}

/// The member of `dimension` named `id`.
pub(crate) fn member(
    id: &str,
    place: Place,
    dimension: &Dimension,
    problems: &mut Vec<Problem>,
) -> Option<MemberId> {
    let found = dimension.find(id);
    if found.is_none() {
        let problem = Problem::new(
            "unknown-member",
            format!("dimension `{}` has no member `{id}`", dimension.id()),
            place,
            "unknown",
        );
        let known = dimension.members().iter().map(|member| member.id.as_str());
        problems.push(with_help(problem, suggest(id, known)));
    }
    found
}

fn pick(node: &Node, dimension: &Dimension, problems: &mut Vec<Problem>) -> Option<Pick> {
    match &node.datum {
        Datum::Text(id) => {
            let member = member(id, node.place, dimension, problems)?;
            Some(Pick::new(dimension, &[member], id.clone()))
        }
        Datum::List(nodes) => {
            let members = list(nodes, dimension, problems)?;
            let text = format!("[{}]", names(dimension, &members));
            Some(Pick::new(dimension, &members, text))
        }
        Datum::Table(table) if table.entries.len() == 1 && table.get("tag").is_some() => {
            let node = table.get("tag")?;
            let tag = as_text(node, "tag", problems)?;
            tagged(tag, node.place, dimension, problems)
        }
        Datum::Table(table) if table.entries.len() == 1 && table.get("not").is_some() => {
            let node = table.get("not")?;
            let inner = match &node.datum {
                Datum::Text(_) | Datum::List(_) | Datum::Table(_) => {
                    pick(node, dimension, problems)?
                }
                _ => {
                    problems.push(wrong_kind(node, "not", "an id or a list of ids"));
                    return None;
                }
            };
            let text = format!("{{ not = {} }}", inner.text());
            Some(inner.complement(dimension, text))
        }
        _ => {
            problems.push(
                wrong_kind(node, dimension.id().as_str(), "a member")
                    .help("write an id, a list of ids, { tag = \"x\" } or { not = [\"a\"] }"),
            );
            None
        }
    }
}

fn list(
    nodes: &[Node],
    dimension: &Dimension,
    problems: &mut Vec<Problem>,
) -> Option<Vec<MemberId>> {
    let mut members = Vec::new();
    let mut whole = true;
    for node in nodes {
        let id = as_text(node, dimension.id().as_str(), problems);
        match id.and_then(|id| member(id, node.place, dimension, problems)) {
            Some(member) => members.push(member),
            None => whole = false,
        }
    }
    members.sort_unstable();
    members.dedup();
    whole.then_some(members)
}

fn names(dimension: &Dimension, members: &[MemberId]) -> String {
    let ids: Vec<&str> = members.iter().map(|m| dimension.member(*m).id.as_str()).collect();
    ids.join(", ")
}

fn tagged(
    tag: &str,
    place: Place,
    dimension: &Dimension,
    problems: &mut Vec<Problem>,
) -> Option<Pick> {
    let members: Vec<MemberId> = dimension
        .leaves()
        .filter(|leaf| dimension.member(*leaf).tags.iter().any(|known| *known == *tag))
        .collect();
    if members.is_empty() {
        let mut known: Vec<&str> = dimension
            .members()
            .iter()
            .flat_map(|member| member.tags.iter().map(crate::units::Id::as_str))
            .collect();
        known.sort_unstable();
        known.dedup();
        let problem = Problem::new(
            "unknown-tag",
            format!("no member of dimension `{}` has the tag `{tag}`", dimension.id()),
            place,
            "unknown",
        );
        problems.push(with_help(problem, suggest(tag, known)));
        return None;
    }
    Some(Pick::new(dimension, &members, format!("{{ tag = {tag} }}")))
}

/// The axes that `each` lists: dimensions, by their leaves, or levels.
pub(crate) fn axes(
    node: &Node,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Vec<Axis>> {
    let Datum::List(nodes) = &node.datum else {
        problems.push(wrong_kind(node, "each", "a list of dimensions or levels"));
        return None;
    };
    let mut axes: Vec<Axis> = Vec::new();
    for node in nodes {
        let name = as_text(node, "each", problems)?;
        let axis = axis(name, node.place, dimensions, problems)?;
        if axes.iter().any(|known| known.dimension == axis.dimension) {
            problems.push(
                Problem::new(
                    "each-twice",
                    format!("`each` names dimension `{}` twice", dimensions[axis.dimension].id()),
                    node.place,
                    "again",
                )
                .help("keep the finer of the two"),
            );
            return None;
        }
        axes.push(axis);
    }
    Some(axes)
}

/// The axis that `name` stands for: a dimension, by its leaves, or a level of one.
pub(crate) fn axis(
    name: &str,
    place: Place,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Axis> {
    if let Some(found) = find_axis(name, dimensions) {
        return Some(found);
    }
    let known: Vec<&str> = axis_names(dimensions);
    let problem = Problem::new(
        "unknown-level",
        format!("`{name}` is neither a dimension nor a level of one"),
        place,
        "unknown",
    );
    problems.push(with_help(problem, suggest(name, known)));
    None
}

/// The names that an axis can go by: the dimensions and their levels.
pub fn axis_names(dimensions: &[Dimension]) -> Vec<&str> {
    dimensions
        .iter()
        .flat_map(|dimension| {
            std::iter::once(dimension.id().as_str())
                .chain(dimension.levels().iter().map(crate::units::Id::as_str))
        })
        .collect()
}

/// The axis that `name` stands for, if any.
pub fn find_axis(name: &str, dimensions: &[Dimension]) -> Option<Axis> {
    let own = dimensions.iter().position(|dimension| *dimension.id() == *name);
    if let Some(dimension) = own {
        return Some(Axis { dimension, level: Level::Leaves });
    }
    dimensions.iter().enumerate().find_map(|(place, dimension)| {
        dimension.level(name).map(|level| Axis { dimension: place, level })
    })
}
