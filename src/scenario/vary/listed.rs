//! Values that a block lists, spans, or reads from a table.

use super::Varied;
use super::read::{Figure, Reading, figure};
use crate::scenario::problem::Problem;
use crate::scenario::reader::{Reader, wrong_kind};
use crate::scenario::sheet::Sheet;
use crate::scenario::source::Place;
use crate::scenario::table_file::TableFile;
use crate::scenario::tree::{Datum, Node};
use crate::units::Amount;

/// The most values that one block may have.
const MOST_VALUES: i64 = 1_000_000;

impl Reading<'_, '_> {
    /// The values of a block that states them, each with its place: a list, or a range in equal
    /// steps, of which all but the first point at its end.
    pub(super) fn values(
        &mut self,
        reader: &Reader<'_>,
        varied: &mut Varied,
    ) -> Option<Vec<(Amount, Place)>> {
        if let Some(node) = reader.table.get("values") {
            let Datum::List(nodes) = &node.datum else {
                self.problems.push(wrong_kind(node, "values", "a list of numbers"));
                return None;
            };
            if nodes.is_empty() {
                self.problems.push(
                    Problem::new("no-values", "there are no values", node.place, "is empty")
                        .help("list at least one value, or leave the block out"),
                );
            }
            let figures: Vec<Option<Figure>> =
                nodes.iter().map(|node| figure(node, "values", self.problems)).collect();
            let figures: Vec<Figure> = figures.into_iter().collect::<Option<_>>()?;
            let values = figures.into_iter().zip(nodes);
            let values: Vec<Option<(Amount, Place)>> = values
                .map(|(figure, node)| Some((self.same(varied, figure, node)?, node.place)))
                .collect();
            return values.into_iter().collect();
        }
        let mut end = |key: &str| {
            let node = reader.needed(key, self.problems)?;
            let found = figure(node, key, self.problems)?;
            Some((found, node.clone()))
        };
        let (from, to) = (end("from"), end("to"));
        let steps = reader.needed("steps", self.problems)?;
        let ((from, from_node), (to, to_node)) = (from?, to?);
        let from = self.same(varied, from, &from_node)?;
        let to = self.same(varied, to, &to_node)?;
        let count = whole(steps, 1, MOST_VALUES, "steps", self.problems)?;
        let step = &(&to - &from) / &Amount::whole(count);
        let value = |at: i64| {
            let place = if at == 0 { from_node.place } else { to_node.place };
            (&from + &(&step * &Amount::whole(at)), place)
        };
        Some((0..=count).map(value).collect())
    }

    /// The rows of a table, each a scenario, under the targets that head its columns.
    pub(super) fn rows(&mut self, reader: &Reader<'_>) -> Option<(Vec<Varied>, Vec<Vec<Amount>>)> {
        let file = TableFile::read(reader.table, ["table", "sheet"], self.problems)?;
        let sheet = (self.open)(file, self.sources, self.problems)?;
        let names = sheet.names().to_vec();
        let mut varied: Vec<Varied> =
            names.iter().map(|(name, _)| Varied::new(name, false)).collect();
        let mut rows: Vec<Vec<(Amount, Place)>> = Vec::with_capacity(sheet.len());
        let mut whole = true;
        for row in 0..sheet.len() {
            let cells: Vec<Option<(Amount, Place)>> = (varied.iter_mut().enumerate())
                .map(|(column, varied)| {
                    let node = self.field(&sheet, row, column);
                    let found = figure(&node, &varied.target, self.problems)?;
                    Some((self.same(varied, found, &node)?, node.place))
                })
                .collect();
            match cells.into_iter().collect() {
                Some(cells) => rows.push(cells),
                None => whole = false,
            }
        }
        if sheet.len() == 0 {
            self.problems.push(
                Problem::new("no-values", "the table has no rows", file.place, "this table")
                    .help("write one scenario a row, under the targets that vary"),
            );
        }
        for (column, ((name, place), own)) in names.iter().zip(&varied).enumerate() {
            let place = Node { datum: Datum::Text(name.clone()), place: *place };
            let values: Vec<(Amount, Place)> =
                rows.iter().filter_map(|row| row.get(column).cloned()).collect();
            whole &= self.tries(own, (&place, None), &values);
        }
        let bare = |row: Vec<(Amount, Place)>| row.into_iter().map(|(value, _)| value).collect();
        let rows: Vec<Vec<Amount>> = rows.into_iter().map(bare).collect();
        (whole && !rows.is_empty()).then_some((varied, rows))
    }

    pub(super) fn field(&self, sheet: &Sheet, row: usize, column: usize) -> Node {
        let text = sheet.field(row, column).to_string();
        Node { datum: Datum::Text(text), place: sheet.place(row, column, self.sources) }
    }
}

/// A whole number from `least` to `most`.
pub(super) fn whole(
    node: &Node,
    least: i64,
    most: i64,
    key: &str,
    problems: &mut Vec<Problem>,
) -> Option<i64> {
    let found = match &node.datum {
        Datum::Number(number) => number.to_string().parse::<i64>().ok(),
        _ => None,
    };
    let found = found.filter(|number| (least..=most).contains(number));
    if found.is_none() {
        let message = format!("`{key}` is a whole number from {least} to {most}");
        problems.push(
            Problem::new("whole-number", message, node.place, "this is none")
                .help(format!("write `{key} = …` with such a number")),
        );
    }
    found
}
