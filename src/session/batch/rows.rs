//! Rows of a batch, column by column.

use std::collections::HashMap;
use std::sync::Arc;

use super::engine::Found;
use super::layout::Layout;
use crate::report::ExportError;
use crate::report::batch::{Cells, encode};

/// Rows that are being written.
pub(super) struct Rows<'a> {
    layout: &'a Layout,
    scenarios: Vec<u64>,
    words: [Vec<Option<Arc<str>>>; 5],
    figures: Vec<Vec<f64>>,
    /// Words that many rows share.
    shared: HashMap<String, Arc<str>>,
}

/// The columns of words.
const WORDS: [&str; 5] = ["file", "status", "proof", "binding", "remark"];

impl<'a> Rows<'a> {
    pub(super) fn new(layout: &'a Layout) -> Self {
        let width = 2
            + layout.varied.len()
            + layout.stages.len()
            + layout.slices.len()
            + layout.pressures.len();
        Self {
            layout,
            scenarios: Vec::new(),
            words: Default::default(),
            figures: vec![Vec::new(); width],
            shared: HashMap::new(),
        }
    }

    /// Adds a row: the figures that vary and the slices are those named.
    pub(super) fn push(
        &mut self,
        scenario: u64,
        file: &str,
        settings: Vec<(&str, f64)>,
        slices: &[String],
        found: &Found,
    ) {
        self.scenarios.push(scenario);
        let own = |shared: &mut HashMap<String, Arc<str>>, text: &str| {
            let known = shared.get(text).cloned();
            known.unwrap_or_else(|| {
                let new: Arc<str> = text.into();
                shared.insert(text.to_string(), Arc::clone(&new));
                new
            })
        };
        let words = [
            Some(own(&mut self.shared, file)),
            Some(own(&mut self.shared, found.status)),
            Some(own(&mut self.shared, found.proof)),
            found.binding.clone(),
            found.remark.clone(),
        ];
        for (column, word) in self.words.iter_mut().zip(words) {
            column.push(word);
        }
        let row = self.scenarios.len();
        let layout = self.layout;
        let mut put = |base: usize, place: Option<usize>, value: f64| {
            if let Some(place) = place {
                let column = &mut self.figures[base + place];
                column.resize(row - 1, f64::NAN);
                column.push(value);
            }
        };
        put(0, Some(0), found.total);
        put(1, Some(0), found.revenue);
        let mut base = 2;
        for (name, value) in settings {
            put(base, layout.varied.get_index_of(name), value);
        }
        base += layout.varied.len();
        for (name, value) in &found.stages {
            put(base, layout.stages.get_index_of(name), *value);
        }
        base += layout.stages.len();
        for (name, value) in slices.iter().zip(&found.slices) {
            put(base, layout.slices.get_index_of(name), *value);
        }
        base += layout.slices.len();
        for (name, value) in &found.pressures {
            put(base, layout.pressures.get_index_of(name), *value);
        }
    }

    /// The rows as Parquet.
    pub(super) fn encode(mut self) -> Result<Vec<u8>, ExportError> {
        let count = self.scenarios.len();
        for column in &mut self.figures {
            column.resize(count, f64::NAN);
        }
        let [file, status, proof, binding, remark] = self.words;
        let mut columns = vec![("scenario".to_string(), Cells::Whole(self.scenarios))];
        let mut figures = self.figures.into_iter();
        let layout = self.layout;
        columns.push((WORDS[0].into(), Cells::Words(file)));
        let totals: Vec<Vec<f64>> = figures.by_ref().take(2).collect();
        let mut more = |names: Vec<String>, columns: &mut Vec<(String, Cells)>| {
            for (name, own) in names.into_iter().zip(figures.by_ref()) {
                columns.push((name, Cells::Figures(own)));
            }
        };
        more(layout.varied.iter().cloned().collect(), &mut columns);
        for (name, own) in WORDS[1..].iter().zip([status, proof, binding, remark]) {
            columns.push(((*name).into(), Cells::Words(own)));
        }
        for (name, own) in ["allocation", "revenue"].into_iter().zip(totals) {
            columns.push((name.into(), Cells::Figures(own)));
        }
        more(layout.stages.iter().map(|id| format!("stage.{id}")).collect(), &mut columns);
        more(layout.slices.iter().cloned().collect(), &mut columns);
        more(layout.pressures.iter().map(|id| format!("pressure.{id}")).collect(), &mut columns);
        encode(columns)
    }
}
