//! What the rows of a batch come to.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};

use super::Options;
use super::layout::totals;
use crate::plan::Plan;
use crate::report::batch::Reading;
use crate::report::{self, ExportError, Fan, Table};
use crate::session::{check, find};
use crate::units::Amount;

/// Sums up the rows in `path`: a folder that `batch` has filled, or a Parquet file. The tables are
/// `outcomes`, `fan`, `binding` and `clashes`.
///
/// # Errors
///
/// A file that cannot be read, or that holds no rows of a batch.
pub fn summarise(path: &Path) -> Result<Vec<Table>, String> {
    let rows = if path.is_dir() { path.join("batch.parquet") } else { path.to_path_buf() };
    let shown = rows.display();
    let fault =
        |error: ExportError| format!("`{shown}` cannot be read as rows of a batch: {}", error.0);
    if path.join("parts").is_dir() {
        return Err(format!(
            "`{}` is not finished, or a shard; run it again, or merge it",
            path.display()
        ));
    }
    let opens = || File::open(&rows).map_err(|error| error.to_string());
    let reading = Reading::new(opens).map_err(fault)?;
    if !reading.has("scenario") || !reading.has("region") {
        return Err(format!("`{shown}` holds no rows of a batch: it has no column `scenario`"));
    }
    let needs = needs(&reading).map_err(fault)?;
    let mut fans = Vec::new();
    for name in reading.figures() {
        let sorted = reading.sorted(&name).map_err(fault)?;
        let need = needs.get(&name).cloned();
        fans.push(Fan { name, sorted, need });
    }
    let status = reading.counts("status").map_err(fault)?;
    let clashes = reading.counts("remark").map_err(fault)?;
    let regions = reading.counts("region").map_err(fault)?;
    let solved = regions.values().sum::<u64>();
    let mut tables = vec![report::outcomes(&status, reading.rows()), report::fan(&fans)];
    let binding = binding(&rows, &regions)?;
    if !binding.is_empty() {
        tables.push(report::binding(&binding, usize::try_from(solved).unwrap_or(usize::MAX)));
    }
    if !clashes.is_empty() {
        tables.push(report::clashes(&clashes, reading.rows()));
    }
    Ok(tables)
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
fn sets(plan: &Plan) -> Vec<Vec<String>> {
    const MOST: usize = 6;
    let ids: Vec<String> = plan.dimensions().iter().map(|axis| axis.id().to_string()).collect();
    let count = ids.len().min(MOST);
    (1_usize..1 << count)
        .map(|mask| (0..count).filter(|at| mask >> at & 1 == 1).map(|at| ids[at].clone()).collect())
        .collect()
}
