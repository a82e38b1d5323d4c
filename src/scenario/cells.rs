//! Reads the cell table, and the changes that scenarios make to it.

use std::collections::HashMap;
use std::sync::Arc;

use super::problem::Problem;
use super::reader::provenance;
use super::schema;
use super::sheet::Sheet;
use super::slices::member;
use super::source::{FileId, Place, Sources};
use super::tree::number_problem;
use crate::plan::{Cell, Dimension, Lump, Provenance, Slice};
use crate::units::{Amount, MemberId};

/// The cells of a plan as files and changes leave them, each figure with its place.
#[derive(Clone)]
pub(crate) struct CellTable {
    pub(crate) cells: Vec<Cell>,
    /// The baseline of each cell as its file states it.
    pub(crate) stated: Vec<Amount>,
    /// Whether the reference of each cell is its own, and not the absolute baseline.
    own_reference: Vec<bool>,
    rows: Vec<usize>,
    columns: Vec<(&'static str, usize)>,
    changed: HashMap<(usize, &'static str), Place>,
    sheet: Sheet,
}

/// The columns of a cell that hold numbers.
pub(crate) const FIGURES: [&str; 7] =
    ["baseline", "need", "reference", "flexibility", "min", "max", "lump"];

impl CellTable {
    /// Reads every row of `sheet`. Rows with faults are problems, and left out.
    pub(crate) fn read(
        sheet: Sheet,
        dimensions: &[Dimension],
        sources: &Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let ids: Vec<&str> = dimensions.iter().map(|dimension| dimension.id().as_str()).collect();
        let known: Vec<&str> = ids.iter().chain(schema::CELL_COLUMNS).copied().collect();
        sheet.check_columns(&known, schema::LATER_CELL_COLUMNS, problems);
        let axes: Vec<Option<usize>> = ids.iter().map(|id| sheet.needed(id, problems)).collect();
        let axes: Vec<usize> = axes.into_iter().collect::<Option<_>>()?;
        sheet.needed("baseline", problems)?;
        let columns = schema::CELL_COLUMNS
            .iter()
            .filter_map(|name| sheet.column(name).map(|column| (*name, column)))
            .collect();
        let mut table = Self {
            cells: Vec::with_capacity(sheet.len()),
            stated: Vec::new(),
            own_reference: Vec::new(),
            rows: Vec::new(),
            columns,
            changed: HashMap::new(),
            sheet,
        };
        let mut texts = Texts::default();
        for row in 0..table.sheet.len() {
            let members = table.members(row, &axes, dimensions, sources, problems);
            let whole = members.is_some();
            let members = members.unwrap_or_default();
            let cell = table.cell(row, members, &mut texts, sources, problems);
            if let Some(cell) = cell.filter(|_| whole) {
                table.own_reference.push(table.figure(row, "reference").is_some());
                table.stated.push(cell.baseline.clone());
                table.cells.push(cell);
                table.rows.push(row);
            }
        }
        Some(table)
    }

    /// The table of a plan whose cells cannot be read; `file` names it.
    pub(crate) fn empty(file: FileId) -> Self {
        Self {
            cells: Vec::new(),
            stated: Vec::new(),
            own_reference: Vec::new(),
            rows: Vec::new(),
            columns: Vec::new(),
            changed: HashMap::new(),
            sheet: Sheet::empty(file),
        }
    }

    fn members(
        &self,
        row: usize,
        axes: &[usize],
        dimensions: &[Dimension],
        sources: &Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<MemberId>> {
        let mut members = Vec::with_capacity(axes.len());
        for (dimension, column) in dimensions.iter().zip(axes) {
            let id = self.sheet.field(row, *column);
            if let Some(found) = dimension.find(id)
                && dimension.member(found).is_leaf()
            {
                members.push(found);
                continue;
            }
            let place = self.sheet.place(row, *column, sources);
            if let Some(found) = member(id, place, dimension, problems) {
                let first = dimension.member(found).leaves().first();
                let leaf = first.map_or("", |leaf| dimension.member(*leaf).id.as_str());
                problems.push(
                    Problem::new(
                        "not-a-leaf",
                        format!("`{id}` stands for several members of `{}`", dimension.id()),
                        place,
                        "a cell needs one leaf",
                    )
                    .help(format!("state the cell for a member below it, like `{leaf}`")),
                );
            }
            return None;
        }
        Some(members)
    }

    /// The text of a column of a row of the file; `None` where it is blank or not there.
    fn figure(&self, row: usize, name: &str) -> Option<&str> {
        let (_, column) = self.columns.iter().find(|(known, _)| *known == name)?;
        Some(self.sheet.field(row, *column)).filter(|text| !text.is_empty())
    }

    fn number(
        &self,
        row: usize,
        name: &str,
        sources: &Sources,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<Amount>, ()> {
        let Some(text) = self.figure(row, name) else {
            return Ok(None);
        };
        Amount::parse(text).map(Some).map_err(|fault| {
            let place = self.row_place(row, name, sources);
            problems.push(number_problem(text, place, fault));
        })
    }

    fn cell(
        &self,
        row: usize,
        members: Vec<MemberId>,
        texts: &mut Texts,
        sources: &Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Cell> {
        let read = FIGURES.map(|name| self.number(row, name, sources, problems));
        if self.figure(row, "baseline").is_none() {
            problems.push(
                Problem::new(
                    "no-baseline",
                    "a cell needs a baseline",
                    self.row_place(row, "baseline", sources),
                    "is blank",
                )
                .help("write 0 for a line that starts from nothing"),
            );
            return None;
        }
        let [baseline, need, reference, flexibility, min, max, lump] = read.map(Result::ok);
        let baseline = baseline??;
        Some(Cell {
            members,
            need: need?,
            reference: reference?.unwrap_or_else(|| baseline.abs()),
            flexibility: flexibility?.unwrap_or(Amount::ONE),
            min: min?,
            max: max?,
            lump: lump?.map(Lump::open),
            baseline,
            provenance: match self.figure(row, "provenance") {
                None => Provenance::Assumed,
                Some(word) => match Provenance::from_word(word) {
                    Some(known) => known,
                    None => provenance(word, self.row_place(row, "provenance", sources), problems),
                },
            },
            source: self.figure(row, "source").map(|text| texts.shared(text)),
            note: self.figure(row, "note").map(|text| texts.shared(text)),
        })
    }

    fn row_place(&self, row: usize, name: &str, sources: &Sources) -> Place {
        let column = self.columns.iter().find(|(known, _)| *known == name);
        self.sheet.place(row, column.map_or(0, |(_, column)| *column), sources)
    }

    /// Where the figure `name` of the cell at place `cell` was last stated.
    pub(crate) fn place(&self, cell: usize, name: &'static str, sources: &Sources) -> Place {
        match self.changed.get(&(cell, name)) {
            Some(place) => *place,
            None => self.row_place(self.rows[cell], name, sources),
        }
    }

    /// Whether the figure comes from a change, or from a file that states it.
    pub(crate) fn is_stated(&self, cell: usize, name: &'static str) -> bool {
        self.changed.contains_key(&(cell, name)) || self.figure(self.rows[cell], name).is_some()
    }

    /// Changes the figure `name` of every cell in `slice`; gives how many there were.
    pub(crate) fn change(
        &mut self,
        name: &'static str,
        slice: &Slice,
        place: Place,
        change: &dyn Fn(Option<&Amount>) -> Option<Amount>,
    ) -> usize {
        let mut count = 0;
        for (index, cell) in self.cells.iter_mut().enumerate() {
            if !slice.has(&cell.members) {
                continue;
            }
            count += 1;
            let old = match name {
                "baseline" => Some(&cell.baseline),
                "need" => cell.need.as_ref(),
                "reference" => Some(&cell.reference),
                "flexibility" => Some(&cell.flexibility),
                "min" => cell.min.as_ref(),
                "max" => cell.max.as_ref(),
                _ => cell.lump.as_ref().map(|lump| &lump.amount),
            };
            let Some(new) = change(old) else { continue };
            match name {
                "baseline" => {
                    if !self.own_reference[index] {
                        cell.reference = new.abs();
                    }
                    cell.baseline = new;
                }
                "need" => cell.need = Some(new),
                "reference" => {
                    self.own_reference[index] = true;
                    cell.reference = new;
                }
                "flexibility" => cell.flexibility = new,
                "min" => cell.min = Some(new),
                "max" => cell.max = Some(new),
                _ => cell.lump = Some(Lump::open(new)),
            }
            self.changed.insert((index, name), place);
        }
        count
    }

    /// Puts `baselines` in place of the baselines; references stay.
    pub(crate) fn rebase(&mut self, baselines: &HashMap<Vec<MemberId>, Amount>, place: Place) {
        for (index, cell) in self.cells.iter_mut().enumerate() {
            if let Some(baseline) = baselines.get(&cell.members) {
                cell.baseline = baseline.clone();
                self.own_reference[index] = true;
                self.changed.insert((index, "baseline"), place);
            }
        }
    }
}

/// Texts that many cells share.
#[derive(Default)]
struct Texts(HashMap<String, Arc<str>>);

impl Texts {
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = text.into();
        self.0.insert(text.to_string(), Arc::clone(&shared));
        shared
    }
}
