//! Rows of a batch, column by column.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use indexmap::IndexSet;

use super::engine::Found;
use super::layout::Layout;
use crate::report::ExportError;
use crate::report::batch::{Cells, encode};

/// Rows that are being written.
pub(super) struct Rows<'a> {
    layout: &'a Layout,
    scenarios: Vec<u64>,
    regions: Vec<Option<u64>>,
    words: [Vec<Option<Arc<str>>>; 4],
    figures: Vec<Vec<f64>>,
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

    fn width(&self) -> usize {
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
            figures: vec![Vec::new(); layout.width()],
            shared: HashMap::new(),
            bindings: BTreeMap::new(),
        }
    }

    /// Adds a row, whose figures stand at these places.
    pub(super) fn push(&mut self, scenario: u64, file: &str, places: &Places, found: &Found) {
        let row = self.scenarios.len();
        self.scenarios.push(scenario);
        self.regions.push(found.binding.as_ref().map(|binding| binding.id));
        if let Some(binding) = &found.binding {
            self.bindings.entry(binding.id).or_insert_with(|| Arc::clone(&binding.text));
        }
        let words = [
            Some(own(&mut self.shared, file)),
            Some(own(&mut self.shared, found.status)),
            Some(own(&mut self.shared, found.proof)),
            found.remark.clone(),
        ];
        for (column, word) in self.words.iter_mut().zip(words) {
            column.push(word);
        }
        let base = self.layout.width() - self.layout.pressures.len();
        let pressures = found.pressures.iter().filter_map(|(name, value)| {
            Some((base + self.layout.pressures.get_index_of(name)?, *value))
        });
        let pressures: Vec<(usize, f64)> = pressures.collect();
        let pairs = |places: &'_ [usize], values: &'_ [f64], figures: &mut Vec<Vec<f64>>| {
            for (place, value) in places.iter().zip(values) {
                put(figures, row, *place, *value);
            }
        };
        put(&mut self.figures, row, 0, found.total);
        put(&mut self.figures, row, 1, found.revenue);
        pairs(&places.varied, &found.settings, &mut self.figures);
        pairs(&places.stages, &found.stages, &mut self.figures);
        pairs(&places.slices, &found.slices, &mut self.figures);
        for (place, value) in pressures {
            put(&mut self.figures, row, place, value);
        }
    }

    /// The rows as Parquet.
    pub(super) fn encode(mut self) -> Result<Vec<u8>, ExportError> {
        let count = self.scenarios.len();
        for column in &mut self.figures {
            column.resize(count, f64::NAN);
        }
        let layout = self.layout;
        let [file, status, proof, remark] = self.words;
        let mut figures = self.figures.into_iter();
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
        encode(columns)
    }
}

/// Sets a figure of a row; the rows before it that have none get none.
fn put(figures: &mut [Vec<f64>], row: usize, place: usize, value: f64) {
    if let Some(column) = figures.get_mut(place) {
        column.resize(row, f64::NAN);
        column.push(value);
    }
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
