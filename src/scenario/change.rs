//! Applies `[[change]]` to the values of a plan. Each changed value remembers the scenario's line.

use std::sync::Arc;

use super::cells::{CellTable, FIGURES};
use super::dotted::{below, dotted};
use super::limits::date;
use super::problem::Problem;
use super::reader::{Reader, as_number, as_share, as_text, with_help};
use super::schema::{self, Section};
use super::slices::slice;
use super::source::Place;
use super::suggest::suggest;
use super::tree::{Datum, Entry, Node, Table};
use crate::plan::{Dimension, Slice};
use crate::units::Amount;

/// The values of a plan while scenarios change them.
#[derive(Clone)]
pub(crate) struct Effective {
    pub(crate) root: Table,
    pub(crate) cells: Arc<CellTable>,
    /// Whether every row of the cell table could be read.
    pub(crate) whole_cells: bool,
    pub(crate) as_of: Option<String>,
    /// What was taken out: its dotted name, and its title.
    pub(crate) gone: Vec<(String, String)>,
}

impl Effective {
    /// Applies one item of `[[change]]`.
    pub(crate) fn change(
        &mut self,
        table: &Table,
        place: Place,
        dimensions: &[Dimension],
        problems: &mut Vec<Problem>,
    ) {
        let reader = Reader::new(table, place, &schema::CHANGE, problems);
        let verbs: Vec<&str> =
            ["set", "scale", "remove"].into_iter().filter(|key| table.get(key).is_some()).collect();
        let [verb] = verbs.as_slice() else {
            problems.push(
                Problem::new(
                    "change-verb",
                    format!("a change does exactly one thing, this one does {}", verbs.len()),
                    place,
                    "this change",
                )
                .help("write one of `set`, `scale` or `remove`"),
            );
            return;
        };
        let Some(node) = table.get(verb) else { return };
        let Some(text) = as_text(node, verb, problems) else {
            return;
        };
        let Some(path) = dotted(text, node.place, problems) else {
            return;
        };
        let needed = match *verb {
            "set" => Some("to"),
            "scale" => Some("by"),
            _ => None,
        };
        if needed.is_some_and(|key| reader.needed(key, problems).is_none()) {
            return;
        }
        let target = Target { path: &path, text, place: node.place };
        if path.first().is_some_and(|first| first == "cells") {
            self.change_cells(verb, &target, table, dimensions, problems);
            return;
        }
        if let Some(node) = table.get("where")
            && *verb == "set"
            && self.amends(&path)
        {
            self.amend(&target, table, node, problems);
            return;
        }
        if let Some(key) = table.key_place("where") {
            problems.push(
                Problem::new(
                    "where",
                    "`where` selects cells, or rows of a limit's `bounds`, and this changes neither",
                    key,
                    "has no effect here",
                )
                .help("leave it out, or change `cells.baseline`"),
            );
            return;
        }
        self.change_value(verb, &target, table, problems);
    }

    fn change_cells(
        &mut self,
        verb: &str,
        target: &Target<'_>,
        table: &Table,
        dimensions: &[Dimension],
        problems: &mut Vec<Problem>,
    ) {
        let name = match target.path {
            [_, name] => FIGURES.into_iter().find(|known| known == name),
            _ => None,
        };
        let Some(name) = name else {
            let word = target.path.get(1).map_or("", String::as_str);
            problems.push(target.unknown("the cells have no such figure", suggest(word, FIGURES)));
            return;
        };
        let slice = match table.get("where") {
            Some(node) => match slice(node, dimensions, problems) {
                Some(slice) => slice,
                None => return,
            },
            None => Slice::all(dimensions.len()),
        };
        let Some((place, change)) = figure_change(verb, target, table, problems) else { return };
        let count = Arc::make_mut(&mut self.cells).change(name, &slice, place, &*change);
        if count == 0 && self.whole_cells {
            let at = table.get("where").map_or(target.place, |node| node.place);
            problems.push(
                Problem::new(
                    "no-cell",
                    format!("no cell lies in {}", slice.text(dimensions)),
                    at,
                    "selects nothing",
                )
                .help("choose a slice that has rows in the cell table"),
            );
        }
    }

    fn change_value(
        &mut self,
        verb: &str,
        target: &Target<'_>,
        table: &Table,
        problems: &mut Vec<Problem>,
    ) {
        let (section, rest) = match target.path {
            [first, rest @ ..] => (first.as_str(), rest),
            [] => return,
        };
        if section == "balance" {
            let Some(Entry { node: Node { datum: Datum::Table(inner), .. }, .. }) =
                self.root.entries.get_mut("balance")
            else {
                problems.push(target.unknown("the plan has no `[balance]`", None));
                return;
            };
            edit(inner, &schema::BALANCE, verb, rest, target, table, problems);
            return;
        }
        let Some((_, schema)) = schema::TARGETS.iter().find(|(name, _)| *name == section) else {
            let known = schema::TARGETS.iter().map(|(name, _)| *name).chain(["cells", "balance"]);
            problems.push(target.unknown(
                &format!("a scenario cannot change `{section}`"),
                suggest(section, known),
            ));
            return;
        };
        let Some(items) = list(&mut self.root, section) else {
            problems.push(target.unknown(&format!("there is no {section}"), None));
            return;
        };
        let id = rest.first().map_or("", String::as_str);
        let id_of = |(place, node): (usize, &Node)| match section {
            "transfer" => Some((place + 1).to_string()),
            _ => item_id(node),
        };
        let ids: Vec<String> = items.iter().enumerate().filter_map(id_of).collect();
        let Some(at) = ids.iter().position(|known| known == id) else {
            let known = ids.iter().map(String::as_str);
            problems
                .push(target.unknown(&format!("there is no {section} `{id}`"), suggest(id, known)));
            return;
        };
        if rest.len() == 1 && verb == "remove" {
            if let Datum::Table(item) = items.remove(at).datum
                && let Some(title) = item.text("title")
            {
                self.gone.push((target.text.to_string(), title.to_string()));
            }
            return;
        }
        if let Some(Node { datum: Datum::Table(item), .. }) = items.get_mut(at) {
            edit(item, schema, verb, rest.get(1..).unwrap_or_default(), target, table, problems);
        }
    }

    /// Takes over the day on which holds are judged.
    pub(crate) fn read_as_of(&mut self, root: &Table, problems: &mut Vec<Problem>) {
        if let Some(node) = root.get("as-of")
            && let Some(day) = date(node, "as-of", problems)
        {
            self.as_of = Some(day);
            if let Some(entry) = root.entries.get("as-of") {
                self.root.entries.insert("as-of".into(), entry.clone());
            }
        }
    }
}

/// What a change makes of a figure that may not be stated.
type FigureChange = dyn Fn(Option<&Amount>) -> Option<Amount>;

/// What `set` or `scale` makes of a figure, and where it says so.
fn figure_change(
    verb: &str,
    target: &Target<'_>,
    table: &Table,
    problems: &mut Vec<Problem>,
) -> Option<(Place, Box<FigureChange>)> {
    match verb {
        "set" => {
            let node = table.get("to")?;
            let value = as_number(node, "to", problems)?;
            Some((node.place, Box::new(move |_| Some(value.clone()))))
        }
        "scale" => {
            let node = table.get("by")?;
            let share = as_share(node, "by", problems)?;
            let factor = &Amount::ONE + &share;
            Some((node.place, Box::new(move |old| old.map(|old| old * &factor))))
        }
        _ => {
            problems.push(
                Problem::new(
                    "remove-cells",
                    "cells cannot be removed by a scenario",
                    target.place,
                    "this target",
                )
                .help("set their `max` to 0 instead: then they are allocated nothing"),
            );
            None
        }
    }
}

/// What a change names.
pub(crate) struct Target<'a> {
    pub(crate) path: &'a [String],
    text: &'a str,
    pub(crate) place: Place,
}

impl Target<'_> {
    fn unknown(&self, why: &str, help: Option<String>) -> Problem {
        let message = format!("`{}` matches nothing: {why}", self.text);
        with_help(Problem::new("no-target", message, self.place, "this target"), help)
    }
}

fn item_id(node: &Node) -> Option<String> {
    match &node.datum {
        Datum::Table(table) => table.text("id").map(String::from),
        _ => None,
    }
}

/// The items of a section that is a list.
pub(crate) fn list<'a>(root: &'a mut Table, section: &str) -> Option<&'a mut Vec<Node>> {
    match root.entries.get_mut(section) {
        Some(Entry { node: Node { datum: Datum::List(items), .. }, .. }) => Some(items),
        _ => None,
    }
}

/// Sets, scales or removes the value at `rest` of an item.
fn edit(
    item: &mut Table,
    schema: &Section,
    verb: &str,
    rest: &[String],
    target: &Target<'_>,
    change: &Table,
    problems: &mut Vec<Problem>,
) {
    let Some((last, above)) = rest.split_last() else {
        problems.push(target.unknown(
            "it names a whole item",
            Some("name one of its keys, like `limit.languages.max`".into()),
        ));
        return;
    };
    let key = rest.first().map_or("", String::as_str);
    if !schema.keys.contains(&key) && !schema.later.contains(&key) {
        let why = format!("{} has no key `{key}`", schema.name);
        problems.push(target.unknown(&why, suggest(key, schema.keys.iter().copied())));
        return;
    }
    if key == "id" {
        problems.push(target.unknown("an id cannot be changed", None));
        return;
    }
    let inner = match below(item, above) {
        Ok(inner) => inner,
        Err(why) => {
            problems.push(target.unknown(&why, None));
            return;
        }
    };
    match verb {
        "set" => {
            let Some(entry) = change.entries.get("to") else {
                return;
            };
            inner
                .entries
                .insert(last.clone(), Entry { key: target.place, node: entry.node.clone() });
        }
        "scale" => scale(inner, last, target, change, problems),
        _ => {
            if inner.entries.shift_remove(last).is_none() {
                problems.push(target.unknown(&format!("`{last}` is not stated"), None));
            }
        }
    }
}

fn scale(
    inner: &mut Table,
    last: &str,
    target: &Target<'_>,
    change: &Table,
    problems: &mut Vec<Problem>,
) {
    let Some(by) = change.get("by") else { return };
    let Some(share) = as_share(by, "by", problems) else {
        return;
    };
    let factor = &Amount::ONE + &share;
    let Some(entry) = inner.entries.get_mut(last) else {
        problems.push(target.unknown(&format!("`{last}` is not stated"), None));
        return;
    };
    if !scale_node(&mut entry.node, &factor, by.place) {
        problems.push(
            Problem::new("scale", format!("`{}` is no number", target.text), by.place, "scales it")
                .also(entry.node.place, format!("this is {}", entry.node.datum.kind()))
                .help("use `set` for what is no number"),
        );
    }
}

fn scale_node(node: &mut Node, factor: &Amount, place: Place) -> bool {
    match &mut node.datum {
        Datum::Number(number) => *number = &*number * factor,
        Datum::Text(text) => match Amount::parse(text) {
            Ok(number) => node.datum = Datum::Number(&number * factor),
            Err(_) => return false,
        },
        Datum::Table(table) => {
            let nodes = table.entries.values_mut().map(|entry| &mut entry.node);
            return nodes
                .map(|node| scale_node(node, factor, place))
                .collect::<Vec<_>>()
                .iter()
                .all(|ok| *ok);
        }
        _ => return false,
    }
    node.place = place;
    true
}
