//! Turns a table of holds or controls into one item a row.

use super::dimensions::OpenSheet;
use super::problem::Problem;
use super::sheet::Sheet;
use super::source::{Place, Sources};
use super::table_file::TableFile;
use super::tree::{Datum, Entry, Node, Table};
use crate::plan::Dimension;
use crate::units::Amount;

/// The keys that name a table and its sheet.
const KEYS: [&str; 2] = ["table", "sheet"];

/// What the columns of a table of items are, beside the ids of the dimensions.
pub(crate) struct Columns {
    /// Those of which a table needs one.
    pub(crate) needs: &'static [&'static str],
    /// Those that hold numbers or expressions.
    pub(crate) numbers: &'static [&'static str],
    /// Those that hold texts, and the key that each states; the first that is not blank counts.
    pub(crate) texts: &'static [(&'static str, &'static str)],
    /// Those that may be there, and say nothing to the plan.
    pub(crate) unread: &'static [&'static str],
}

/// Whether `item` stands for the rows of a table; one that only names a sheet is a problem.
pub(crate) fn names_a_table(item: &Table, problems: &mut Vec<Problem>) -> bool {
    let named = item.get("table").is_some();
    if !named {
        TableFile::read(item, KEYS, problems);
    }
    named
}

/// Opens the table that `item` names, and adds an item for each of its rows to `found`. What
/// `defaults` of the item state holds for each row that does not state it.
pub(crate) fn expand(
    item: &Table,
    columns: &Columns,
    defaults: &[&str],
    dimensions: &[Dimension],
    (open, sources): (&mut OpenSheet<'_>, &mut Sources),
    problems: &mut Vec<Problem>,
) -> Vec<Node> {
    let file = TableFile::read(item, KEYS, problems);
    let Some(sheet) = file.and_then(|file| open(file, sources, problems)) else {
        return Vec::new();
    };
    let ids: Vec<&str> = dimensions.iter().map(|dimension| dimension.id().as_str()).collect();
    let texts = columns.texts.iter().map(|(name, _)| *name);
    let own = columns.numbers.iter().chain(columns.unread).copied().chain(texts);
    let known: Vec<&str> = ids.iter().copied().chain(own).collect();
    sheet.check_columns(&known, &[], problems);
    let stated = |name: &&str| {
        sheet.column(name).is_some() || (defaults.contains(name) && item.get(name).is_some())
    };
    if !columns.needs.iter().any(stated) {
        if let Some(first) = columns.needs.first() {
            sheet.needed(first, problems);
        }
        return Vec::new();
    }
    let rows = 0..sheet.len();
    let items = rows.map(|row| {
        let fields = Fields { sheet: &sheet, row, sources };
        let mut table = fields.item(&ids, columns);
        for key in defaults {
            if let Some(stated) = item.entries.get(*key) {
                let entry = table.entries.entry((*key).into());
                entry.and_modify(|own| fill(own, stated)).or_insert_with(|| stated.clone());
            }
        }
        Node { place: fields.place(0), datum: Datum::Table(table) }
    });
    items.collect()
}

/// Adds to a row's slice the dimensions that only the item names.
fn fill(own: &mut Entry, stated: &Entry) {
    if let (Datum::Table(own), Datum::Table(stated)) = (&mut own.node.datum, &stated.node.datum) {
        for (key, entry) in &stated.entries {
            own.entries.entry(key.clone()).or_insert_with(|| entry.clone());
        }
    }
}

/// The fields of one row.
struct Fields<'a> {
    sheet: &'a Sheet,
    row: usize,
    sources: &'a Sources,
}

impl Fields<'_> {
    fn place(&self, column: usize) -> Place {
        self.sheet.place(self.row, column, self.sources)
    }

    fn entry(&self, column: usize, datum: Datum) -> Entry {
        let place = self.place(column);
        Entry { key: place, node: Node { datum, place } }
    }

    /// The column `name` and the text in it, where it is not blank.
    fn text(&self, name: &str) -> Option<(usize, String)> {
        let column = self.sheet.column(name)?;
        let text = self.sheet.field(self.row, column);
        (!text.is_empty()).then(|| (column, text.to_string()))
    }

    fn item(&self, ids: &[&str], columns: &Columns) -> Table {
        let mut on = Table::default();
        for id in ids {
            if let Some((column, member)) = self.text(id) {
                on.entries.insert((*id).into(), self.entry(column, Datum::Text(member)));
            }
        }
        let mut table = Table::default();
        table.entries.insert("on".into(), self.entry(0, Datum::Table(on)));
        for name in columns.numbers {
            if let Some((column, bound)) = self.text(name) {
                let datum = Amount::parse(&bound).map_or(Datum::Text(bound), Datum::Number);
                table.entries.insert((*name).into(), self.entry(column, datum));
            }
        }
        for (name, key) in columns.texts {
            if let Some((column, text)) = self.text(name) {
                let entry = table.entries.entry((*key).into());
                entry.or_insert_with(|| self.entry(column, Datum::Text(text)));
            }
        }
        table
    }
}
