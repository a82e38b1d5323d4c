//! Reads `[[dimension]]` and its table of members.

use super::problem::Problem;
use super::reader::{Reader, as_text, blank_id, wrong_kind};
use super::schema;
use super::sheet::Sheet;
use super::source::{Place, Sources};
use super::suggest::suggest;
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
    if let Some(node) = root.get("dimension")
        && !matches!(node.datum, Datum::List(_))
    {
        return None;
    }
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
        whole &= unlike(&dimension, place, &mut time, &ids, problems);
        ids.push((dimension.id().clone(), place));
        found.push(dimension);
    }
    whole &= level_names(&found, &ids, problems);
    whole.then_some(found)
}

/// A plan has one time dimension at most, and no two of one id.
fn unlike(
    dimension: &Dimension,
    place: Place,
    time: &mut Option<Place>,
    ids: &[(Id, Place)],
    problems: &mut Vec<Problem>,
) -> bool {
    let mut fits = true;
    if dimension.is_time()
        && let Some(earlier) = time.replace(place)
    {
        problems.push(
            Problem::new("time-twice", "a plan has at most one time dimension", place, "a second")
                .also(earlier, "the first")
                .help("keep `role = \"time\"` on one of them"),
        );
        fits = false;
    }
    if let Some((_, earlier)) = ids.iter().find(|(id, _)| id == dimension.id()) {
        problems.push(
            Problem::new(
                "id-twice",
                format!("dimension `{}` is declared twice", dimension.id()),
                place,
                "again",
            )
            .also(*earlier, "first here")
            .help("give one of them another id, or remove it"),
        );
        fits = false;
    }
    fits
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
        (Some(one), Some(node)) => {
            problems.push(
                Problem::new("members", "members are stated twice", node.place, "and in a table")
                    .also(one.place, "here")
                    .help("keep `members` or `members-table`"),
            );
            return None;
        }
        (None, None) => {
            reader.needed("members", problems);
            return None;
        }
    };
    let (drafts, places): (Vec<MemberDraft>, Vec<MemberPlace>) = drafts.into_iter().unzip();
    match Dimension::new(id.clone(), title, time, levels, drafts.clone()) {
        Ok(dimension) => Some(dimension),
        Err(faults) => {
            let tree = Tree { id: &id, drafts: &drafts, places: &places, reader };
            let circles = faults.iter().filter(|fault| matches!(fault, TreeFault::Circle(_)));
            let later: Vec<&TreeFault> = circles.skip(1).collect();
            let told = faults.iter().filter(|fault| !later.contains(fault));
            problems.extend(told.map(|fault| tree.problem(fault)));
            None
        }
    }
}

/// Where a member and its parent are named.
#[derive(Clone, Copy)]
struct MemberPlace {
    own: Place,
    parent: Place,
}

/// A dimension whose members do not make a tree.
struct Tree<'a> {
    id: &'a Id,
    drafts: &'a [MemberDraft],
    places: &'a [MemberPlace],
    reader: &'a Reader<'a>,
}

impl Tree<'_> {
    fn problem(&self, fault: &TreeFault) -> Problem {
        let (id, own) = (self.id, self.reader.place);
        let stated = |key: &str| self.reader.table.get(key).map(|node| node.place);
        let levels = stated("levels").unwrap_or(own);
        let name = |member: usize| &self.drafts[member].id;
        match *fault {
            TreeFault::Empty => Problem::new(
                "no-member",
                format!("dimension `{id}` has no member"),
                own,
                "is empty",
            )
            .help("add at least one member"),
            TreeFault::Twice(again, first) => Problem::new(
                "member-twice",
                format!("dimension `{id}` states member `{}` twice", name(again)),
                self.places[again].own,
                "again",
            )
            .also(self.places[first].own, "first here")
            .help("give one of them another id"),
            TreeFault::UnknownParent(member) => self.unknown_parent(member),
            TreeFault::Circle(member) => Problem::new(
                "member-circle",
                format!("member `{}` of dimension `{id}` is its own ancestor", name(member)),
                self.places[member].parent,
                "leads back to it",
            )
            .help("a parent stands above its children; break the circle"),
            TreeFault::Uneven(member) => Problem::new(
                "uneven",
                format!("dimension `{id}` names levels, but its leaves are not at one depth"),
                self.places[member].own,
                "this leaf is at another depth",
            )
            .also(levels, "these levels")
            .help("give it the parents that the others have, or leave `levels` out"),
            TreeFault::Levels(named, deep) => {
                let noun = if named == 1 { "level" } else { "levels" };
                let message = format!("dimension `{id}` names {named} {noun}, its tree has {deep}");
                let members = stated("members").or_else(|| stated("members-table"));
                Problem::new("levels", message, levels, "these levels")
                    .also(members.unwrap_or(own), "the members")
                    .help("name each level from the top, the leaves last")
            }
        }
    }

    fn unknown_parent(&self, member: usize) -> Problem {
        let draft = &self.drafts[member];
        let parent = draft.parent.as_ref().map_or("", Id::as_str);
        let known = self.drafts.iter().map(|draft| draft.id.as_str());
        let near = suggest(parent, known.filter(|id| draft.id != **id));
        let near = near.filter(|near| near.starts_with("did"));
        Problem::new(
            "unknown-parent",
            format!(
                "member `{}` of dimension `{}` has the parent `{parent}`, which is no member",
                draft.id, self.id
            ),
            self.places[member].parent,
            "this parent",
        )
        .help(
            near.unwrap_or_else(|| {
                "declare the parent among the members, or correct its name".into()
            }),
        )
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
) -> Option<Vec<(MemberDraft, MemberPlace)>> {
    let node = reader.table.get("members")?;
    let Datum::List(nodes) = &node.datum else {
        problems.push(wrong_kind(node, "members", "a list, like [ { id = \"GS\" } ]"));
        return None;
    };
    let mut members = Vec::new();
    for node in nodes {
        let mut place = MemberPlace { own: node.place, parent: node.place };
        let draft = match &node.datum {
            Datum::Text(id) if id.trim().is_empty() => {
                problems.push(blank_id(node.place));
                return None;
            }
            Datum::Text(id) => MemberDraft {
                id: Id::from(id.as_str()),
                title: None,
                parent: None,
                tags: Vec::new(),
                years: None,
            },
            Datum::Table(table) => {
                let member = Reader::new(table, node.place, &schema::MEMBER, problems);
                let at = |key: &str| table.get(key).map_or(node.place, |node| node.place);
                place.parent = at("parent");
                MemberDraft {
                    id: member.id(problems)?,
                    title: member.owned("title", problems),
                    parent: member.text("parent", problems).map(Id::from),
                    tags: texts(&member, "tags", problems)?,
                    years: years(member.number("years", problems), at("years"), problems)?,
                }
            }
            _ => {
                problems.push(wrong_kind(node, "members", "a list, like [ { id = \"GS\" } ]"));
                return None;
            }
        };
        members.push((draft, place));
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
            Problem::new("years", "a member lasts more than no years", place, "is not above 0")
                .help("state how many years it lasts, like 1 or 4, or nothing for one"),
        );
        return None;
    }
    Some(years)
}

fn sheet_members(
    sheet: &Sheet,
    sources: &Sources,
    problems: &mut Vec<Problem>,
) -> Option<Vec<(MemberDraft, MemberPlace)>> {
    sheet.check_columns(schema::MEMBER.keys, schema::MEMBER.later, problems);
    let id = sheet.needed("id", problems)?;
    let [title, parent, tags, years_column] =
        ["title", "parent", "tags", "years"].map(|name| sheet.column(name));
    let mut members = Vec::new();
    for row in 0..sheet.len() {
        let place = sheet.place(row, id, sources);
        let at = |column: Option<usize>| sheet.place(row, column.unwrap_or(id), sources);
        let text = |column: Option<usize>| {
            column.map(|column| sheet.field(row, column)).filter(|text| !text.is_empty())
        };
        let stated = match text(years_column) {
            None => None,
            Some(years) => match Amount::parse(years) {
                Ok(years) => Some(years),
                Err(fault) => {
                    problems.push(super::tree::number_problem(years, at(years_column), fault));
                    return None;
                }
            },
        };
        let Some(name) = text(Some(id)) else {
            problems.push(blank_id(place));
            continue;
        };
        let draft = MemberDraft {
            id: Id::from(name),
            title: text(title).map(String::from),
            parent: text(parent).map(Id::from),
            tags: text(tags).unwrap_or_default().split_whitespace().map(Id::from).collect(),
            years: years(stated, at(years_column), problems)?,
        };
        members.push((draft, MemberPlace { own: place, parent: at(parent) }));
    }
    Some(members)
}
