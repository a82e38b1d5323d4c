//! Reads `[[dimension]]` and its table of members.

use super::problem::Problem;
use super::reader::{Reader, as_text, wrong_kind};
use super::schema;
use super::sheet::Sheet;
use super::source::{Place, Sources};
use super::table_file::TableFile;
use super::tree::{Datum, Table};
use crate::plan::{Dimension, MemberDraft, TreeFault};
use crate::units::{Amount, Id};

/// Opens a table of the plan's folder: `None` where it cannot be read, which is a problem
/// already reported.
pub(crate) type OpenSheet<'a> =
    dyn FnMut(TableFile<'_>, &mut Sources, &mut Vec<Problem>) -> Option<Sheet> + 'a;

/// The dimensions that a plan declares; `None` where one of them has faults.
pub(crate) fn dimensions(
    root: &Table,
    place: Place,
    sources: &mut Sources,
    open: &mut OpenSheet<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Dimension>> {
    let items = root.items("dimension");
    if items.is_empty() {
        problems.push(
            Problem::new("no-dimension", "a plan needs a dimension", place, "declares none")
                .help("add `[[dimension]]` with an `id` and `members`"),
        );
        return None;
    }
    let mut found: Vec<Dimension> = Vec::new();
    let mut whole = true;
    let mut time: Option<Place> = None;
    let mut ids: Vec<(Id, Place)> = Vec::new();
    for (table, place) in items {
        let reader = Reader::new(table, place, &schema::DIMENSION, problems);
        let Some(dimension) = dimension(&reader, sources, open, problems) else {
            whole = false;
            continue;
        };
        if dimension.is_time()
            && let Some(earlier) = time.replace(place)
        {
            problems.push(
                Problem::new(
                    "time-twice",
                    "a plan has at most one time dimension",
                    place,
                    "a second",
                )
                .also(earlier, "the first")
                .help("keep `role = \"time\"` on one of them"),
            );
            whole = false;
        }
        if let Some((_, earlier)) = ids.iter().find(|(id, _)| id == dimension.id()) {
            problems.push(
                Problem::new(
                    "id-twice",
                    format!("dimension `{}` is declared twice", dimension.id()),
                    place,
                    "again",
                )
                .also(*earlier, "first here"),
            );
            whole = false;
        }
        ids.push((dimension.id().clone(), place));
        found.push(dimension);
    }
    whole &= level_names(&found, &ids, problems);
    whole.then_some(found)
}

/// A level may not bear another dimension's id.
fn level_names(found: &[Dimension], ids: &[(Id, Place)], problems: &mut Vec<Problem>) -> bool {
    let before = problems.len();
    for (dimension, (_, place)) in found.iter().zip(ids) {
        for level in dimension.levels() {
            let other = ids.iter().find(|(id, _)| id == level && id != dimension.id());
            if let Some((id, other)) = other {
                problems.push(
                    Problem::new(
                        "level-name",
                        format!(
                            "a level of `{}` is called `{id}`, as another dimension is",
                            dimension.id()
                        ),
                        *place,
                        "has the level",
                    )
                    .also(*other, "is the dimension")
                    .help("give the level another name"),
                );
            }
        }
    }
    problems.len() == before
}

fn dimension(
    reader: &Reader<'_>,
    sources: &mut Sources,
    open: &mut OpenSheet<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Dimension> {
    let id = reader.id(problems)?;
    let title = reader.owned("title", problems).unwrap_or_else(|| id.to_string());
    let time = match reader.text("role", problems) {
        None => false,
        Some("time") => true,
        Some(other) => {
            let place = reader.table.get("role").map_or(reader.place, |node| node.place);
            let message = format!("`{other}` is no role of a dimension");
            problems.push(
                Problem::new("role", message, place, "unknown")
                    .help("`role = \"time\"` is the only one"),
            );
            return None;
        }
    };
    let levels = texts(reader, "levels", problems)?;
    let keys = ["members-table", "members-sheet"];
    let drafts = match (reader.table.get("members"), reader.table.get("members-table")) {
        (Some(_), None) => {
            TableFile::read(reader.table, keys, problems);
            inline_members(reader, problems)?
        }
        (None, Some(_)) => {
            let file = TableFile::read(reader.table, keys, problems)?;
            let sheet = open(file, sources, problems)?;
            sheet_members(&sheet, sources, problems)?
        }
        (Some(_), Some(node)) => {
            problems.push(
                Problem::new("members", "members are stated twice", node.place, "and in a table")
                    .help("keep `members` or `members-table`"),
            );
            return None;
        }
        (None, None) => {
            reader.needed("members", problems);
            return None;
        }
    };
    let places: Vec<Place> = drafts.iter().map(|(_, place)| *place).collect();
    let members = drafts.into_iter().map(|(draft, _)| draft).collect();
    match Dimension::new(id.clone(), title, time, levels, members) {
        Ok(dimension) => Some(dimension),
        Err(faults) => {
            let drawn = faults.iter().map(|fault| tree_problem(&id, fault, &places, reader.place));
            problems.extend(drawn);
            None
        }
    }
}

fn tree_problem(id: &Id, fault: &TreeFault, places: &[Place], own: Place) -> Problem {
    match *fault {
        TreeFault::Empty => {
            Problem::new("no-member", format!("dimension `{id}` has no member"), own, "is empty")
                .help("add at least one member")
        }
        TreeFault::Twice(again, first) => Problem::new(
            "member-twice",
            format!("dimension `{id}` states a member twice"),
            places[again],
            "again",
        )
        .also(places[first], "first here")
        .help("give one of them another id"),
        TreeFault::UnknownParent(member) => Problem::new(
            "unknown-parent",
            format!("a member of dimension `{id}` has a parent that is no member"),
            places[member],
            "this member",
        )
        .help("declare the parent among the members, or correct its name"),
        TreeFault::Circle(member) => Problem::new(
            "member-circle",
            format!("a member of dimension `{id}` is its own ancestor"),
            places[member],
            "this member",
        )
        .help("a parent stands above its children; break the circle"),
        TreeFault::Uneven(member) => Problem::new(
            "uneven",
            format!("dimension `{id}` names levels, but its leaves are not at one depth"),
            places[member],
            "this leaf is at another depth",
        )
        .help("give it the parents that the others have, or leave `levels` out"),
        TreeFault::Levels(named, deep) => Problem::new(
            "levels",
            format!("dimension `{id}` names {named} levels, its tree has {deep}"),
            own,
            "this dimension",
        )
        .help("name each level from the top, the leaves last"),
    }
}

fn texts(reader: &Reader<'_>, key: &str, problems: &mut Vec<Problem>) -> Option<Vec<Id>> {
    let Some(node) = reader.table.get(key) else {
        return Some(Vec::new());
    };
    let Datum::List(nodes) = &node.datum else {
        problems.push(wrong_kind(node, key, "a list of texts"));
        return None;
    };
    nodes.iter().map(|node| as_text(node, key, problems).map(Id::from)).collect()
}

fn inline_members(
    reader: &Reader<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<(MemberDraft, Place)>> {
    let node = reader.table.get("members")?;
    let Datum::List(nodes) = &node.datum else {
        problems.push(wrong_kind(node, "members", "a list, like [ { id = \"GS\" } ]"));
        return None;
    };
    let mut members = Vec::new();
    for node in nodes {
        let draft = match &node.datum {
            Datum::Text(id) => MemberDraft {
                id: Id::from(id.as_str()),
                title: None,
                parent: None,
                tags: Vec::new(),
                years: None,
            },
            Datum::Table(table) => {
                let member = Reader::new(table, node.place, &schema::MEMBER, problems);
                MemberDraft {
                    id: member.id(problems)?,
                    title: member.owned("title", problems),
                    parent: member.text("parent", problems).map(Id::from),
                    tags: texts(&member, "tags", problems)?,
                    years: years(member.number("years", problems), node.place, problems)?,
                }
            }
            _ => {
                problems.push(wrong_kind(node, "members", "a list, like [ { id = \"GS\" } ]"));
                return None;
            }
        };
        members.push((draft, node.place));
    }
    Some(members)
}

#[expect(clippy::option_option, reason = "no years stated is not the same as wrong years")]
fn years(
    years: Option<Amount>,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Option<Option<Amount>> {
    if years.as_ref().is_some_and(|years| !years.is_positive()) {
        problems.push(
            Problem::new("years", "a member lasts more than no years", place, "this member")
                .help("write `years = 4`"),
        );
        return None;
    }
    Some(years)
}

fn sheet_members(
    sheet: &Sheet,
    sources: &Sources,
    problems: &mut Vec<Problem>,
) -> Option<Vec<(MemberDraft, Place)>> {
    sheet.check_columns(schema::MEMBER.keys, schema::MEMBER.later, problems);
    let id = sheet.needed("id", problems)?;
    let [title, parent, tags, years_column] =
        ["title", "parent", "tags", "years"].map(|name| sheet.column(name));
    let mut members = Vec::new();
    for row in 0..sheet.len() {
        let place = sheet.place(row, id, sources);
        let text = |column: Option<usize>| {
            column.map(|column| sheet.field(row, column)).filter(|text| !text.is_empty())
        };
        let stated = match text(years_column) {
            None => None,
            Some(years) => match Amount::parse(years) {
                Ok(years) => Some(years),
                Err(fault) => {
                    problems.push(super::tree::number_problem(years, place, fault));
                    return None;
                }
            },
        };
        let Some(name) = text(Some(id)) else {
            problems.push(Problem::new("blank-id", "an id may not be blank", place, "is blank"));
            continue;
        };
        let draft = MemberDraft {
            id: Id::from(name),
            title: text(title).map(String::from),
            parent: text(parent).map(Id::from),
            tags: text(tags).unwrap_or_default().split_whitespace().map(Id::from).collect(),
            years: years(stated, place, problems)?,
        };
        members.push((draft, place));
    }
    Some(members)
}
