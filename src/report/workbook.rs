//! The workbook of a solved plan: its tables, and the sums and contributions as live formulas.

use super::book::{Book, Cell, Content, Sheet, Shown, address, letters, sheet};
use super::result::Identity;
use super::summary::provenance_note;
use super::table::{RowKind, Table};
use crate::explain::origin_text;
use crate::plan::{ControlOf, Plan, Spend};
use crate::solve::Allocation;
use crate::units::{Amount, CellId};

/// The sheet of the cells, which the others refer to.
const CELLS: &str = "Allocation";
/// The sheet of the pressures.
const PRESSURES: &str = "Pressures";

/// The workbook of an allocation: the cells with live sums and check rows, one sheet for each
/// dimension that adds them up, `tables`, the pressures, every figure as the formula
/// `baseline + weight * (sum of coefficient * pressure + own)`, and where everything comes from.
pub fn workbook(
    plan: &Plan,
    allocation: &Allocation,
    identity: &Identity,
    tables: &[Table],
) -> Book {
    let mut sheets = vec![cells(plan, allocation)];
    for (place, dimension) in plan.dimensions().iter().enumerate() {
        if dimension.leaves().count() > 1 {
            sheets.push(by(plan, allocation, place));
        }
    }
    sheets.extend(tables.iter().map(|table| sheet(&table.title, table)));
    sheets.push(pressures(allocation));
    sheets.push(explained(plan, allocation));
    sheets.push(provenance(plan, allocation, identity));
    let title = plan.scenario().unwrap_or(plan.title()).to_string();
    Book { title, sheets }
}

/// A workbook of tables alone, for what has no allocation or was asked for by name.
pub fn tables_book(plan: &Plan, tables: &[Table]) -> Book {
    let title = plan.scenario().unwrap_or(plan.title()).to_string();
    Book { title, sheets: tables.iter().map(|table| sheet(&table.title, table)).collect() }
}

/// The rows of the cells on their sheet, as a formula names a column of them.
fn range(plan: &Plan, column: usize) -> String {
    let letters = letters(column);
    format!("{CELLS}!${letters}$2:${letters}${}", plan.cells().len() + 1)
}

fn money(amount: Amount) -> Cell {
    Cell::number(amount, Shown::Money)
}

/// The cells: change and percent are formulas, the total adds up, and the checks are 0.
fn cells(plan: &Plan, allocation: &Allocation) -> Sheet {
    let table = super::allocation(plan, allocation, &[]);
    let mut own = sheet(CELLS, &table);
    let keys = plan.dimensions().len();
    let (baseline, amount, change) = (keys, keys + 2, keys + 3);
    let count = plan.cells().len();
    for row in 1..=count + 1 {
        let Some(values) = own.rows.get_mut(row) else { break };
        let difference = format!("{}-{}", address(row, amount), address(row, baseline));
        live(&mut values[change], &difference);
        let base = address(row, baseline);
        live(&mut values[change + 1], &format!("{}/ABS({base})", address(row, change)));
    }
    let at = |column: usize| address(count + 1, column);
    let mut checks = vec![check(
        "Check: change less (allocation less baseline)",
        keys,
        &format!("{}-({}-{})", at(change), at(amount), at(baseline)),
        Amount::ZERO,
    )];
    if plan.balance().is_some_and(|balance| balance.spend == Spend::All) && allocation.whole {
        let revenue: Amount =
            allocation.revenue.iter().map(|period| plan.quantum().amount(period.total)).sum();
        let text = format!("Check: allocation less revenue of {revenue}");
        checks.push(check(&text, keys, &format!("{}-{revenue}", at(amount)), Amount::ZERO));
    }
    let notes = own.rows.split_off(count + 2);
    own.rows.extend(checks);
    own.rows.extend(notes);
    own
}

/// A row that says what it checks, and a formula that is 0 where all is well.
fn check(text: &str, keys: usize, formula: &str, value: Amount) -> Vec<Cell> {
    let mut row = vec![Cell::text(text).bold()];
    row.resize(keys.max(1), Cell::empty());
    row.push(Cell::formula(formula, value, Shown::Money).bold());
    row
}

/// Turns a number into a formula with that value.
fn live(cell: &mut Cell, formula: &str) {
    if let Content::Number(value) = &cell.content {
        cell.content = Content::Formula(formula.into(), value.clone());
    }
}

/// The members of a dimension, each adding up its cells.
fn by(plan: &Plan, allocation: &Allocation, dimension: usize) -> Sheet {
    let axis = plan.leaf_axes()[dimension];
    let table = super::allocation(plan, allocation, &[axis]);
    let mut own = sheet(&format!("By {}", plan.dimensions()[dimension].title()), &table);
    let keys = plan.dimensions().len();
    let body = table.rows.iter().filter(|row| row.kind == RowKind::Body).count();
    for row in 1..=body {
        for (column, source) in [(1, keys), (2, keys + 1), (3, keys + 2)] {
            let (own_rows, key) = (range(plan, dimension), address(row, 0));
            let sum = format!("SUMPRODUCT(EXACT({own_rows},{key})*{})", range(plan, source));
            live(&mut own.rows[row][column], &sum);
        }
    }
    for row in 1..=body + 1 {
        live(&mut own.rows[row][4], &format!("{}-{}", address(row, 3), address(row, 1)));
        live(&mut own.rows[row][5], &format!("{}/ABS({})", address(row, 4), address(row, 1)));
    }
    let total = format!("{}-SUM({})", address(body + 1, 3), range(plan, keys + 2));
    let checks = check("Check: total less all cells", 3, &total, Amount::ZERO);
    own.rows.insert(body + 2, checks);
    own
}

/// Every limit that presses, with the multiplier that the explained figures use.
fn pressures(allocation: &Allocation) -> Sheet {
    let head = ["Limit", "Kind", "Multiplier", "Largest coefficient", "Pressure", "Authority"];
    let mut rows = vec![head.map(Cell::head).to_vec()];
    for (place, own) in allocation.pressures.iter().enumerate() {
        let origin = &own.origin;
        let reading = allocation
            .readings
            .iter()
            .find(|reading| reading.id == origin.id && reading.member == origin.member);
        let authority = reading.and_then(|reading| reading.authority.clone());
        let row = place + 1;
        let product = format!("{}*{}", address(row, 2), address(row, 3));
        rows.push(vec![
            Cell::text(origin_text(origin)),
            Cell::text(origin.kind.word()),
            Cell::number(own.multiplier.clone(), Shown::Exact),
            Cell::number(own.scale.clone(), Shown::Exact),
            Cell::formula(product, own.normalised(), Shown::Percent),
            Cell::text(authority.unwrap_or_default()),
        ]);
    }
    rows.push(Vec::new());
    rows.push(vec![Cell::text(
        "a line changes by its weight (flexibility x reference) x the sum of coefficient x multiplier",
    )]);
    Sheet { name: PRESSURES.into(), frozen_rows: 1, frozen_columns: 1, rows }
}

/// Every cell as a formula over the pressures.
fn explained(plan: &Plan, allocation: &Allocation) -> Sheet {
    let keys = plan.dimensions().len();
    let first = keys + 3;
    let last = first + allocation.pressures.len();
    let mut head: Vec<Cell> =
        plan.dimensions().iter().map(|dimension| Cell::head(dimension.title())).collect();
    head.extend(["Baseline", "Weight", "Own bound"].map(Cell::head));
    head.extend(allocation.pressures.iter().map(|own| Cell::head(origin_text(&own.origin))));
    head.extend(["Explained", "Published", "Rounding"].map(Cell::head));
    let mut second = vec![Cell::empty(); first];
    second[0] = Cell::text("multiplier").bold();
    for (place, own) in allocation.pressures.iter().enumerate() {
        let source = format!("{PRESSURES}!$C${}", place + 2);
        second.push(Cell::formula(source, own.multiplier.clone(), Shown::Exact));
    }
    let mut rows = vec![head, second];
    for place in 0..plan.cells().len() {
        rows.push(explained_row(
            plan,
            allocation,
            CellId::new(place),
            [keys, first, last],
            rows.len(),
        ));
    }
    let end = rows.len();
    let sum = |column: usize| format!("SUM({}:{})", address(2, column), address(end - 1, column));
    let total = |column: usize| format!("{}+{}-{}", sum(column), sum(column + 2), sum(column + 1));
    rows.push(check(
        "Check: explained and rounding less published",
        last,
        &total(last),
        Amount::ZERO,
    ));
    let frozen_columns = u16::try_from(keys).unwrap_or(0);
    Sheet { name: "Explained".into(), frozen_rows: 2, frozen_columns, rows }
}

fn explained_row(
    plan: &Plan,
    allocation: &Allocation,
    cell: CellId,
    [keys, first, last]: [usize; 3],
    row: usize,
) -> Vec<Cell> {
    let own = plan.cell(cell);
    let ids = plan.dimensions().iter().zip(&own.members);
    let mut cells: Vec<Cell> =
        ids.map(|(axis, member)| Cell::text(axis.member(*member).id.as_str())).collect();
    cells.push(money(own.baseline.clone()));
    cells.push(money(own.weight()));
    cells.push(Cell::number(allocation.own[cell.index()].clone(), Shown::Exact));
    for pressure in &allocation.pressures {
        let found = pressure.cells.binary_search_by_key(&cell, |(known, _)| *known);
        let coefficient = found.map(|place| pressure.cells[place].1.clone());
        cells.push(coefficient.map_or(Cell::empty(), |own| Cell::number(own, Shown::Plain)));
    }
    let pressed = if first == last {
        String::new()
    } else {
        let (from, to) = (letters(first), letters(last - 1));
        format!("SUMPRODUCT(${from}$2:${to}$2,{from}{0}:{to}{0})+", row + 1)
    };
    let [baseline, weight, bound] = [0, 1, 2].map(|more| address(row, keys + more));
    let exact = allocation.exact[cell.index()].clone();
    let published = allocation.amount(plan, cell);
    let rounding = &published - &exact;
    let explained = format!("{baseline}+{weight}*({pressed}{bound})");
    cells.push(Cell::formula(explained, exact, Shown::Money));
    cells.push(money(published));
    let difference = format!("{}-{}", address(row, last + 1), address(row, last));
    cells.push(Cell::formula(difference, rounding, Shown::Money));
    cells
}

/// Where everything comes from.
fn provenance(plan: &Plan, allocation: &Allocation, identity: &Identity) -> Sheet {
    let pair = |name: &str, text: String| vec![Cell::text(name).bold(), Cell::text(text)];
    let mut rows = vec![
        vec![Cell::head("Of"), Cell::head("Is")],
        pair("plan", plan.title().into()),
        pair("scenario", plan.scenario().unwrap_or_default().into()),
        pair("asked for as", identity.scenario.clone()),
        pair("hash of the resolved input", identity.hash.clone()),
        pair("program", concat!("virement ", env!("CARGO_PKG_VERSION")).into()),
        pair("amounts are in", plan.unit()),
        pair("authority", plan.authority().unwrap_or("none stated").into()),
        pair("the figures", provenance_note(plan, allocation)),
    ];
    rows.push(Vec::new());
    let head = ["Stated total", "Amount", "Provenance", "Source"];
    rows.push(head.map(Cell::head).to_vec());
    for control in plan.controls() {
        let of = match control.of {
            ControlOf::Baseline => "baseline",
            ControlOf::Allocation => "allocation",
            ControlOf::Revenue => "revenue",
        };
        rows.push(vec![
            Cell::text(format!("{of} of {}", control.on.text(plan.dimensions()))),
            money(control.equals.clone()),
            Cell::text(control.provenance.word()),
            Cell::text(control.source.clone().unwrap_or_default()),
        ]);
    }
    rows.push(Vec::new());
    rows.push(["Line of revenue or driver", "", "Provenance", "Source"].map(Cell::head).to_vec());
    let lines = plan.revenue().iter().map(|own| (&own.id, own.provenance, &own.source));
    let drivers = plan.drivers().iter().map(|own| (&own.id, own.provenance, &own.source));
    for (id, word, source) in lines.chain(drivers) {
        rows.push(vec![
            Cell::text(id.as_str()),
            Cell::empty(),
            Cell::text(word.word()),
            Cell::text(source.clone().unwrap_or_default()),
        ]);
    }
    Sheet { name: "Provenance".into(), frozen_rows: 1, frozen_columns: 0, rows }
}
