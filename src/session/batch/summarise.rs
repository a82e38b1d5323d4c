//! What the rows of a batch come to.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};

use super::Options;
use super::even::{even, needed, typed};
use super::layout::totals;
use super::origin::Origin;
use super::tornado::tornado;
use crate::plan::Plan;
use crate::report::batch::Reading;
use crate::report::{self, ExportError, Spread, Table};
use crate::session::{check, find};
use crate::units::Amount;

/// What is asked of the rows of a batch.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The tables, by id; where none is named, all but those that take long.
    pub tables: Vec<String>,
    /// The slice that the tornado is of; all cells where it is left out.
    pub of: Option<String>,
    /// The totals and amounts of the break-even values: `sector=radio=590`. Where none is named, each
    /// total that has a need.
    pub until: Vec<String>,
}

impl Wanted {
    fn wants(&self, table: &str) -> bool {
        self.tables.is_empty() || self.tables.iter().any(|own| own == table)
    }

    /// Whether a table was named, or what it is of.
    fn insists(&self, table: &str) -> bool {
        let stated = match table {
            "tornado" => self.of.is_some(),
            _ => !self.until.is_empty(),
        };
        stated || self.tables.iter().any(|own| own == table)
    }
}

/// The rows of a batch in a file.
pub(super) struct Rows<F> {
    pub(super) reading: Reading<F>,
    pub(super) path: PathBuf,
}

/// Why rows are not summed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsummed {
    /// They cannot be read.
    Rows(String),
    /// What is asked for cannot be had of them.
    Asked(String),
}

/// Opens the rows in `path`: a folder that `batch` has filled, or a Parquet or CSV file.
///
/// # Errors
///
/// A file that cannot be read, or that holds no rows of a batch.
pub(super) fn open(path: &Path) -> Result<Rows<impl Fn() -> Result<File, String>>, String> {
    let inside = |name: &str| path.join(name);
    let rows = match path.is_dir() {
        true if inside("batch.csv").is_file() => inside("batch.csv"),
        true => inside("batch.parquet"),
        false => path.to_path_buf(),
    };
    let shown = rows.display().to_string();
    if inside("parts").is_dir() {
        return Err(format!(
            "`{}` is not finished, or a shard; run it again, or merge it",
            path.display()
        ));
    }
    let file = rows.clone();
    let opens = move || File::open(&file).map_err(|error| error.to_string());
    let csv = rows.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    let reading = if csv { Reading::csv(opens) } else { Reading::new(opens) };
    let reading = reading
        .map_err(|error| format!("`{shown}` cannot be read as rows of a batch: {}", error.0))?;
    if !reading.has("scenario") || !reading.has("region") {
        return Err(format!("`{shown}` holds no rows of a batch: it has no column `scenario`"));
    }
    Ok(Rows { reading, path: rows })
}

impl<F: Fn() -> Result<File, String>> Rows<F> {
    fn fault(&self) -> impl Fn(ExportError) -> String + use<'_, F> {
        |error| format!("`{}` cannot be read as rows of a batch: {}", self.path.display(), error.0)
    }

    /// What each figure comes to, with its need where the plan has one.
    pub(super) fn spreads(&self) -> Result<Vec<Spread>, String> {
        let needs = needs(&self.reading).map_err(self.fault())?;
        let spread = |name: String| {
            let sorted = self.reading.sorted(&name).map_err(self.fault())?;
            let need = needs.get(&name).cloned();
            Ok(Spread::of(name, &sorted, need))
        };
        self.reading.figures().into_iter().map(spread).collect()
    }

    /// How the scenarios end, how often each limit binds, and what cannot hold together.
    fn counted(&self, wanted: &Wanted) -> Result<Vec<Table>, String> {
        let (reading, mut tables) = (&self.reading, Vec::new());
        if wanted.wants("outcomes") {
            let status = reading.counts("status").map_err(self.fault())?;
            tables.push(report::outcomes(&status, reading.rows()));
        }
        if wanted.wants("binding") {
            let regions = reading.counts("region").map_err(self.fault())?;
            let solved = usize::try_from(regions.values().sum::<u64>()).unwrap_or(usize::MAX);
            let binding = binding(&self.path, &regions)?;
            tables.extend((!binding.is_empty()).then(|| report::binding(&binding, solved)));
        }
        if wanted.wants("clashes") {
            let clashes = reading.counts("remark").map_err(self.fault())?;
            let some = !clashes.is_empty();
            tables.extend(some.then(|| report::clashes(&clashes, reading.rows())));
        }
        Ok(tables)
    }

    /// What each figure does alone, and where totals meet amounts.
    fn solved(&self, wanted: &Wanted) -> Result<Vec<Table>, String> {
        let tornado_wanted = wanted.wants("tornado") || wanted.of.is_some();
        let even_wanted = wanted.insists("break-even");
        if !tornado_wanted && !even_wanted {
            return Ok(Vec::new());
        }
        let some = |origin: Origin| {
            let none = origin.ranges.is_empty();
            if none { Err("nothing varies in the rows".to_string()) } else { Ok(origin) }
        };
        let origin = match Origin::of(&self.reading).and_then(some) {
            Ok(origin) => origin,
            Err(why) if even_wanted || wanted.insists("tornado") => return Err(why),
            Err(_) => return Ok(Vec::new()),
        };
        let plan = &origin.resolved.plan;
        let mut tables = Vec::new();
        if tornado_wanted {
            match tornado(&origin, wanted.of.as_deref()) {
                Ok((base, swings)) => {
                    let of = wanted.of.as_deref();
                    tables.push(report::tornado(&plan.unit(), of, &base, &swings));
                }
                Err(why) if wanted.insists("tornado") => return Err(why),
                Err(_) => {}
            }
        }
        if even_wanted {
            let mut goals = typed(plan, &wanted.until)?;
            if goals.is_empty() {
                let needs = needs(&self.reading).map_err(self.fault())?;
                goals = needed(plan, &self.reading.figures(), &needs);
            }
            if goals.is_empty() {
                return Err("no total of the rows has a need; write --until SLICE=AMOUNT".into());
            }
            tables.push(report::even(&plan.unit(), &even(&origin, &goals)?));
        }
        Ok(tables)
    }
}

/// Sums up the rows in `path`: a folder that `batch` has filled, or a Parquet or CSV file. The tables
/// are `outcomes`, `fan`, `binding`, `clashes` and `tornado`, and `break-even` where it is asked for.
///
/// # Errors
///
/// A file that cannot be read, or that holds no rows of a batch; what is asked for and cannot be had.
pub fn summarise(path: &Path, wanted: &Wanted) -> Result<Vec<Table>, Unsummed> {
    let rows = open(path).map_err(Unsummed::Rows)?;
    let mut tables = rows.counted(wanted).map_err(Unsummed::Rows)?;
    if wanted.wants("fan") {
        let place = usize::from(wanted.wants("outcomes"));
        tables.insert(place, report::fan(&rows.spreads().map_err(Unsummed::Rows)?));
    }
    tables.extend(rows.solved(wanted).map_err(Unsummed::Asked)?);
    Ok(tables)
}

/// All that the rows in `path` say, for a report: what they come to, what each figure alone does, where
/// totals meet their needs, and where the totals of `by` bend along each figure.
///
/// # Errors
///
/// A file that cannot be read, or that holds no rows of a batch.
pub fn told(path: &Path, by: &[String]) -> Result<Vec<Table>, String> {
    let rows = open(path)?;
    let wanted = Wanted::default();
    let mut tables = rows.counted(&wanted)?;
    tables.insert(1, report::fan(&rows.spreads()?));
    tables.extend(rows.solved(&wanted)?);
    let even = Wanted { tables: vec!["break-even".into()], ..Wanted::default() };
    tables.extend(rows.solved(&even).unwrap_or_default());
    let origin = Origin::of(&rows.reading).ok();
    for range in origin.iter().flat_map(|own| &own.ranges) {
        if let (Some(origin), true) = (&origin, range.ends.0 < range.ends.1) {
            let ends = (&range.ends.0, &range.ends.1);
            let swept = super::sweep(&origin.name, range.varied.clone(), ends, by)?;
            let mut found = report::sweep(&swept);
            for table in found.iter_mut().filter(|table| table.id == "slopes") {
                table.title = format!("{}: totals between the bends", swept.target);
            }
            tables.extend(found);
        }
    }
    Ok(tables)
}

/// The file that all rows in `path` are of; `None` where they are of several.
///
/// # Errors
///
/// A file that cannot be read, or that holds no rows of a batch.
pub fn file_of(path: &Path) -> Result<Option<String>, String> {
    let rows = open(path)?;
    let files = rows.reading.counts("file").map_err(rows.fault())?;
    let only = files.len() == 1;
    Ok(files.into_keys().next().filter(|_| only))
}

/// What each figure of the rows in `path` comes to.
///
/// # Errors
///
/// A file that cannot be read, or that holds no rows of a batch.
pub fn spreads(path: &Path) -> Result<Vec<Spread>, String> {
    open(path)?.spreads()
}

/// How often each limit binds, by the table of regions beside the rows.
fn binding(rows: &Path, regions: &BTreeMap<String, u64>) -> Result<BTreeMap<String, u64>, String> {
    let beside: PathBuf = rows.with_extension("regions.csv");
    let text = std::fs::read_to_string(&beside).map_err(|error| {
        format!("`{}`, which says what the regions are: {error}", beside.display())
    })?;
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for (region, names) in report::csv::pairs(&text) {
        let Some(count) = regions.get(&region) else { continue };
        for name in names.split("; ").filter(|name| !name.is_empty()) {
            *found.entry(name.to_string()).or_default() += count;
        }
    }
    Ok(found)
}

/// The need of each slice, where the plans of all rows agree on it: those that can be opened.
fn needs(
    reading: &Reading<impl Fn() -> Result<File, String>>,
) -> Result<HashMap<String, Amount>, ExportError> {
    let mut found: HashMap<String, Amount> = HashMap::new();
    let files = reading.counts("file")?;
    let Some((file, _)) = files.first_key_value().filter(|_| files.len() == 1) else {
        return Ok(found);
    };
    let Some((resolved, _)) = find(file).ok().and_then(|own| check(&own).ok()) else {
        return Ok(found);
    };
    let plan = &resolved.plan;
    let names = reading.figures();
    for by in sets(plan) {
        let options = Options { by, ..Options::default() };
        for total in totals(plan, &options).unwrap_or_default() {
            let needs = total.cells.iter().map(|cell| plan.cell(*cell).need.as_ref());
            let sum: Option<Vec<&Amount>> = needs.collect();
            if let Some(needs) = sum.filter(|_| names.contains(&total.name)) {
                found.insert(total.name, needs.into_iter().sum());
            }
        }
    }
    Ok(found)
}

/// The combinations of dimensions whose totals may be columns: each set of them.
pub(super) fn sets(plan: &Plan) -> Vec<Vec<String>> {
    const MOST: usize = 6;
    let ids: Vec<String> = plan.dimensions().iter().map(|axis| axis.id().to_string()).collect();
    let count = ids.len().min(MOST);
    (1_usize..1 << count)
        .map(|mask| (0..count).filter(|at| mask >> at & 1 == 1).map(|at| ids[at].clone()).collect())
        .collect()
}
