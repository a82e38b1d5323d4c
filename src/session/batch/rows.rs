//! Rows of a batch, column by column.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::sync::Arc;

use indexmap::IndexSet;

use super::engine::Found;
use super::layout::Layout;
use crate::report::ExportError;
use crate::report::batch::{Cells, write};

/// Rows that are being written.
pub(super) struct Rows<'a> {
    layout: &'a Layout,
    scenarios: Vec<u64>,
    regions: Vec<Option<u64>>,
    words: [Vec<Option<Arc<str>>>; 4],
    /// The figures, row after row; those that a row has none of are no number.
    figures: Vec<f64>,
    /// Words that many rows share.
    shared: HashMap<String, Arc<str>>,
    /// The limits that bind in each region of the rows.
    pub(super) bindings: BTreeMap<u64, Arc<str>>,
}

/// Where the figures of one file stand among the columns of figures.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    varied: Vec<usize>,
    stages: Vec<usize>,
    slices: Vec<usize>,
}

/// The columns of figures that every batch has.
const OWN: [&str; 2] = ["allocation", "revenue"];

impl Layout {
    /// Where these figures stand.
    pub(super) fn places(&self, varied: &[String], stages: &[String], slices: &[String]) -> Places {
        let of = |names: &[String], set: &IndexSet<String>, base: usize| {
            names.iter().filter_map(|name| Some(base + set.get_index_of(name)?)).collect()
        };
        let stage = OWN.len() + self.varied.len();
        Places {
            varied: of(varied, &self.varied, OWN.len()),
            stages: of(stages, &self.stages, stage),
            slices: of(slices, &self.slices, stage + self.stages.len()),
        }
    }

    /// How many figures a row has.
    pub(super) fn width(&self) -> usize {
        let own = OWN.len() + self.varied.len() + self.stages.len();
        own + self.slices.len() + self.pressures.len()
    }
}

impl<'a> Rows<'a> {
    pub(super) fn new(layout: &'a Layout) -> Self {
        Self {
            layout,
            scenarios: Vec::new(),
            regions: Vec::new(),
            words: Default::default(),
            figures: Vec::new(),
            shared: HashMap::new(),
            bindings: BTreeMap::new(),
        }
    }

    /// Adds a row, whose figures stand at these places.
    pub(super) fn push(&mut self, scenario: u64, file: &str, places: &Places, found: &Found) {
        self.scenarios.push(scenario);
        self.regions.push(found.binding.as_ref().map(|binding| binding.id));
        if let Some(binding) = &found.binding {
            self.bindings.entry(binding.id).or_insert_with(|| Arc::clone(&binding.text));
        }
        let [files, statuses, proofs, remarks] = &mut self.words;
        for (column, text) in [(files, file), (statuses, found.status), (proofs, found.proof)] {
            let last = column.last().and_then(Option::as_ref).filter(|last| ***last == *text);
            let word = last.cloned().unwrap_or_else(|| own(&mut self.shared, text));
            column.push(Some(word));
        }
        remarks.push(found.remark.clone());
        let width = self.layout.width();
        let start = self.figures.len();
        self.figures.resize(start + width, f64::NAN);
        let row = &mut self.figures[start..];
        (row[0], row[1]) = (found.total, found.revenue);
        let mut put = |places: &[usize], values: &[f64]| {
            for (place, value) in places.iter().zip(values) {
                row[*place] = *value;
            }
        };
        put(&places.varied, &found.settings);
        put(&places.stages, &found.stages);
        put(&places.slices, &found.slices);
        let base = width - self.layout.pressures.len();
        for (name, value) in &*found.pressures {
            if let Some(place) = self.layout.pressures.get_index_of(name) {
                put(&[base + place], &[*value]);
            }
        }
    }

    /// Writes the rows as Parquet, and forgets them; the memory of their figures is kept for the next.
    pub(super) fn write(&mut self, out: impl Write) -> Result<(), ExportError> {
        let layout = self.layout;
        let mut figures = std::mem::take(&mut self.figures);
        let own = std::mem::replace(self, Self::new(layout));
        let columns = own.columns(&figures);
        figures.clear();
        self.figures = figures;
        write(columns, out)
    }

    /// The columns of the rows, with their names.
    fn columns(self, figures: &[f64]) -> Vec<(String, Cells)> {
        let layout = self.layout;
        let [file, status, proof, remark] = self.words;
        let mut figures = columns(figures, layout.width()).into_iter();
        let own: Vec<Vec<f64>> = figures.by_ref().take(OWN.len()).collect();
        let mut columns = vec![
            ("scenario".to_string(), Cells::Whole(self.scenarios)),
            ("file".into(), Cells::Words(file)),
        ];
        let mut more = |names: Vec<String>, columns: &mut Vec<(String, Cells)>| {
            for (name, own) in names.into_iter().zip(figures.by_ref()) {
                columns.push((name, Cells::Figures(own)));
            }
        };
        more(layout.varied.iter().cloned().collect(), &mut columns);
        for (name, own) in ["status", "proof", "remark"].into_iter().zip([status, proof, remark]) {
            columns.push((name.into(), Cells::Words(own)));
        }
        columns.push(("region".into(), Cells::Numbers(self.regions)));
        for (name, own) in OWN.into_iter().zip(own) {
            columns.push((name.into(), Cells::Figures(own)));
        }
        more(layout.stages.iter().map(|id| format!("stage.{id}")).collect(), &mut columns);
        more(layout.slices.iter().cloned().collect(), &mut columns);
        more(layout.pressures.iter().map(|id| format!("pressure.{id}")).collect(), &mut columns);
        columns
    }
}

/// Rows of so many figures column by column.
fn columns(figures: &[f64], width: usize) -> Vec<Vec<f64>> {
    /// Some rows stay in the cache while some of their columns are gathered, a line of it at a time.
    const ROWS: usize = 64;
    const COLUMNS: usize = 8;
    let count = figures.len() / width;
    let mut columns: Vec<Vec<f64>> = (0..width).map(|_| Vec::with_capacity(count)).collect();
    for rows in figures.chunks(ROWS * width) {
        for (place, some) in columns.chunks_mut(COLUMNS).enumerate() {
            for row in rows.chunks_exact(width) {
                for (column, value) in some.iter_mut().zip(&row[place * COLUMNS..]) {
                    column.push(*value);
                }
            }
        }
    }
    columns
}

/// The word as one that many rows share.
fn own(shared: &mut HashMap<String, Arc<str>>, text: &str) -> Arc<str> {
    if let Some(known) = shared.get(text) {
        return Arc::clone(known);
    }
    let new: Arc<str> = text.into();
    shared.insert(text.to_string(), Arc::clone(&new));
    new
}
