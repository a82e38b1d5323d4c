//! Writes the programmes of the stages in free MPS, in plan units, always as minimisations.
//!
//! There is no constant on the objective row: a column fixed at 1 carries it. Rows with fractions
//! that no decimal ends are multiplied until they are whole. A line of all or nothing is a column that is 0
//! or 1, by its lump.

use std::collections::HashMap;
use std::fmt::Write;

use num_bigint::BigInt;
use num_integer::Integer;

use crate::formulate::{Linear, LinearRow, Origin};
use crate::plan::{Plan, ReadingKind};
use crate::solve::Allocation;
use crate::units::Amount;

/// A file of a written model: its name, and its text.
pub type ModelFile = (String, String);

/// The programmes of `allocation`, in order: the linear stages, then the calibration.
pub fn models(plan: &Plan, allocation: &Allocation) -> Vec<ModelFile> {
    let columns = column_names(plan, &allocation.decisions);
    let (calibration, squares) = calibration(allocation);
    let linear = allocation.rounds.iter().map(|round| (&round.model, Vec::new()));
    let all = linear.chain(std::iter::once((&calibration, squares)));
    let file = |(name, (linear, squares)): (String, (&Linear, _))| {
        let model = Model { squares, ..Model::new(linear, &columns, &allocation.origins) };
        let mut text = String::new();
        if linear.whole.is_empty() && !plan.lumps().is_empty() {
            text += "* lines of all or nothing stand as they were decided\n";
        }
        text += &model.text(name.trim_end_matches(".mps"));
        (name, text)
    };
    names(allocation).into_iter().zip(all).map(file).collect()
}

/// The names of the files of [`models`]: `01-shortfall.mps`, `02-coverage-01.mps`.
pub fn names(allocation: &Allocation) -> Vec<String> {
    let mut names = Vec::new();
    let mut stage = 0;
    for round in &allocation.rounds {
        stage += usize::from(round.number <= 1);
        let number =
            if round.number == 0 { String::new() } else { format!("-{:02}", round.number) };
        names.push(format!(
            "{stage:02}-{}{number}.mps",
            safe(&round.stage.as_str().replace('/', "_"))
        ));
    }
    names.push(format!("{:02}-change.mps", stage + 1));
    names
}

/// `1/2 sum (x - b)^2 / w` over the face of the stages: its linear part, and its squares.
fn calibration(allocation: &Allocation) -> (Linear, Vec<(usize, Amount)>) {
    let objective = crate::formulate::Objective::Sum([].into());
    let mut linear = Linear::new(&allocation.face, &objective);
    let mut squares = Vec::new();
    let half = Amount::ratio(1, 2);
    for (place, column) in allocation.face.columns.iter().enumerate() {
        if column.weight.is_positive() {
            let slope = &column.baseline / &column.weight;
            linear.columns[place].cost = -&slope;
            linear.constant += &(&(&half * &slope) * &column.baseline);
            squares.push((place, &Amount::ONE / &column.weight));
        }
    }
    (linear, squares)
}

fn column_names(plan: &Plan, decisions: &[(usize, usize)]) -> Vec<String> {
    let name = |cell: &crate::plan::Cell| {
        let members = plan.dimensions().iter().zip(&cell.members);
        let ids: Vec<&str> = members.map(|(axis, m)| axis.member(*m).id.as_str()).collect();
        safe(&format!("cell[{}]", ids.join("/")))
    };
    let decision = |(line, entry): &(usize, usize)| {
        let line = &plan.revenue()[*line];
        safe(&format!("revenue.{}[{}]", line.id, plan.entry_time(&line.entries[*entry])))
    };
    plan.cells().iter().map(name).chain(decisions.iter().map(decision)).collect()
}

/// A name without blanks.
fn safe(name: &str) -> String {
    name.chars().map(|c| if c.is_whitespace() || c.is_control() { '_' } else { c }).collect()
}

struct Model<'a> {
    linear: &'a Linear,
    columns: Vec<String>,
    rows: Vec<String>,
    squares: Vec<(usize, Amount)>,
}

impl<'a> Model<'a> {
    fn new(linear: &'a Linear, cells: &[String], origins: &[Origin]) -> Self {
        let column = |place: usize| match (cells.get(place), linear.whole.contains_key(&place)) {
            (Some(name), true) => name.replacen("cell[", "lump[", 1),
            (Some(name), false) => name.clone(),
            (None, _) => format!("auxiliary[{place}]"),
        };
        let row = |place: usize| match origins.get(place) {
            Some(origin) => row_name(origin),
            None => format!("row[{place}]"),
        };
        Self {
            columns: unlike((0..linear.columns.len()).map(column)),
            rows: unlike((0..linear.rows.len()).map(row)),
            linear,
            squares: Vec::new(),
        }
    }

    fn text(&self, name: &str) -> String {
        let mut text = format!("NAME {}\nROWS\n N objective\n", safe(name));
        for (name, row) in self.rows.iter().zip(&self.linear.rows) {
            let kind = match (&row.lower, &row.upper) {
                (Some(lower), Some(upper)) if lower == upper => 'E',
                (Some(_), _) => 'G',
                (None, Some(_)) => 'L',
                (None, None) => 'N',
            };
            let _ = writeln!(text, " {kind} {name}");
        }
        self.write_columns(&mut text);
        self.write_sides(&mut text);
        self.write_bounds(&mut text);
        if !self.squares.is_empty() {
            text += "QUADOBJ\n";
            for (column, value) in &self.squares {
                let name = &self.columns[*column];
                let _ = writeln!(text, " {name} {name} {}", digits(value));
            }
        }
        text + "ENDATA\n"
    }

    fn write_columns(&self, text: &mut String) {
        let mut entries: Vec<Vec<(usize, Amount)>> = vec![Vec::new(); self.columns.len()];
        for (place, row) in self.linear.rows.iter().enumerate() {
            let factor = factor(row);
            for (column, value) in &*row.terms {
                entries[*column].push((place, value * &factor));
            }
        }
        *text += "COLUMNS\n";
        let columns = self.columns.iter().zip(&self.linear.columns).zip(entries);
        for (place, ((name, column), entries)) in columns.enumerate() {
            let lump = self.linear.whole.get(&place);
            let times = lump.unwrap_or(&Amount::ONE);
            if lump.is_some() {
                let _ = writeln!(text, " lump-{place} 'MARKER' 'INTORG'");
            }
            let _ = writeln!(text, " {name} objective {}", digits(&(&column.cost * times)));
            for (row, value) in entries {
                let _ = writeln!(text, " {name} {} {}", self.rows[row], digits(&(&value * times)));
            }
            if lump.is_some() {
                let _ = writeln!(text, " lump-{place} 'MARKER' 'INTEND'");
            }
        }
        if !self.linear.constant.is_zero() {
            let _ = writeln!(text, " constant objective {}", digits(&self.linear.constant));
        }
    }

    fn write_sides(&self, text: &mut String) {
        *text += "RHS\n";
        let mut ranges = String::new();
        for (name, row) in self.rows.iter().zip(&self.linear.rows) {
            let factor = factor(row);
            let side = row.lower.as_ref().or(row.upper.as_ref());
            if let Some(side) = side.filter(|side| !side.is_zero()) {
                let _ = writeln!(text, " rhs {name} {}", digits(&(side * &factor)));
            }
            if let (Some(lower), Some(upper)) = (&row.lower, &row.upper)
                && lower != upper
            {
                let width = &(upper - lower) * &factor;
                let _ = writeln!(ranges, " range {name} {}", digits(&width));
            }
        }
        if !ranges.is_empty() {
            *text += "RANGES\n";
            *text += &ranges;
        }
    }

    fn write_bounds(&self, text: &mut String) {
        *text += "BOUNDS\n";
        for (place, (name, column)) in self.columns.iter().zip(&self.linear.columns).enumerate() {
            if self.linear.whole.contains_key(&place) {
                let _ = writeln!(text, " UP bound {name} 1");
                continue;
            }
            match (&column.lower, &column.upper) {
                (None, None) => {
                    let _ = writeln!(text, " FR bound {name}");
                }
                (Some(lower), Some(upper)) if lower == upper => {
                    let _ = writeln!(text, " FX bound {name} {}", digits(lower));
                }
                (lower, upper) => {
                    match lower {
                        Some(lower) if lower.is_zero() && upper.is_none() => {}
                        Some(lower) => {
                            let _ = writeln!(text, " LO bound {name} {}", digits(lower));
                        }
                        None => {
                            let _ = writeln!(text, " MI bound {name}");
                        }
                    }
                    if let Some(upper) = upper {
                        let _ = writeln!(text, " UP bound {name} {}", digits(upper));
                    }
                }
            }
        }
        if !self.linear.constant.is_zero() {
            *text += " FX bound constant 1\n";
        }
    }
}

/// The least number that makes the coefficients of a row whole, where one has no decimal end.
fn factor(row: &LinearRow) -> Amount {
    let values = row.terms.iter().map(|(_, value)| value);
    if values.clone().chain(&row.lower).chain(&row.upper).all(ends) {
        return Amount::ONE;
    }
    let all = values.chain(&row.lower).chain(&row.upper);
    all.fold(BigInt::from(1), |common, value| common.lcm(&value.denominator())).into()
}

/// Whether a number has an end as a decimal of few digits.
fn ends(value: &Amount) -> bool {
    !value.to_string().contains('/')
}

/// The number as digits; one without an end to twenty places.
fn digits(value: &Amount) -> String {
    if ends(value) {
        return value.to_string();
    }
    value.to_decimal(20).trim_end_matches('0').to_string()
}

fn row_name(origin: &Origin) -> String {
    let kind = match origin.kind {
        ReadingKind::Balance | ReadingKind::Transfer => "",
        ReadingKind::Limit => "limit.",
        ReadingKind::Hold => "hold.",
        ReadingKind::Stage => "stage.",
    };
    safe(&format!("{kind}{}", crate::explain::origin_text(origin)))
}

/// Names that stand twice are numbered.
fn unlike(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let number = |name: String| {
        let count = seen.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { name } else { format!("{name}.{count}") }
    };
    names.map(number).collect()
}
