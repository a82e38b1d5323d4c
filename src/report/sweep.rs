//! The tables of a sweep.

use super::table::{Column, RowKind, Table, Unit, Value};
use crate::units::Amount;

/// One figure from one value to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swept {
    /// The figure.
    pub target: String,
    /// The plan unit.
    pub unit: String,
    /// What is swept.
    pub title: String,
    /// The totals that are shown: all cells first.
    pub slices: Vec<String>,
    /// Between the ends of each stretch the totals are straight lines, proven; otherwise they are
    /// single values.
    pub exact: bool,
    /// From the least value to the greatest.
    pub stretches: Vec<Stretch>,
}

/// A range of values in which the totals are straight lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The least value.
    pub from: Amount,
    /// The greatest value.
    pub to: Amount,
    /// Each total at the least value, in plan units, and its change for one more of the figure.
    pub values: Vec<(Amount, Amount)>,
    /// What begins to bind at the least value.
    pub begins: Vec<String>,
    /// What ceases to bind there.
    pub ceases: Vec<String>,
    /// What cannot hold together, where there is no answer.
    pub clash: Option<String>,
}

impl Stretch {
    /// A range without an answer.
    pub fn clash(from: &Amount, to: &Amount, names: &str) -> Self {
        Self {
            from: from.clone(),
            to: to.clone(),
            values: Vec::new(),
            begins: Vec::new(),
            ceases: Vec::new(),
            clash: Some(names.into()),
        }
    }

    /// Whether these totals go on as straight lines from where it ends.
    pub fn goes_on(&self, values: &[(Amount, Amount)]) -> bool {
        let width = &self.to - &self.from;
        let pairs = self.values.iter().zip(values);
        self.values.len() == values.len() && { pairs }
            .all(|((at, slope), (next, other))| slope == other && *next == at + &(slope * &width))
    }
}

/// Where the answer bends, and what each total does between: two tables.
pub fn sweep(swept: &Swept) -> Vec<Table> {
    let title = format!("{}: {} from one bend to the next", swept.title, swept.target);
    let mut bends = Table::new(
        "sweep",
        title,
        vec![
            Column::figure("from", "From", Unit::None),
            Column::figure("to", "To", Unit::None),
            Column::figure("allocation", "Allocation there", Unit::Money(swept.unit.clone())),
            Column::change("slope", "For one more", Unit::None),
            Column::note("begins", "Begins to bind"),
            Column::note("ceases", "Ceases to bind"),
            Column::note("clash", "Cannot hold together"),
        ],
    );
    let mut slopes = Table::new(
        "slopes",
        "Totals between the bends",
        vec![
            Column::figure("from", "From", Unit::None),
            Column::figure("to", "To", Unit::None),
            Column::key("slice", "Total"),
            Column::figure("at_from", "At the first", Unit::Money(swept.unit.clone())),
            Column::figure("at_to", "At the last", Unit::Money(swept.unit.clone())),
            Column::change("slope", "For one more", Unit::None),
        ],
    );
    for own in &swept.stretches {
        let ends = [Value::Number(own.from.clone()), Value::Number(own.to.clone())];
        let whole = own.values.first();
        let mut row = ends.to_vec();
        row.push(Value::maybe(whole.map(|(at, _)| at.clone())));
        row.push(Value::maybe(whole.filter(|_| swept.exact).map(|(_, slope)| slope.clone())));
        row.push(Value::text(own.begins.join("; ")));
        row.push(Value::text(own.ceases.join("; ")));
        row.push(Value::maybe_text(own.clash.clone()));
        bends.push(RowKind::Body, row);
        let width = &own.to - &own.from;
        for (name, (at, slope)) in swept.slices.iter().zip(&own.values).skip(1) {
            let mut row = ends.to_vec();
            row.push(Value::text(name.clone()));
            row.push(Value::Number(at.clone()));
            row.push(Value::Number(at + &(slope * &width)));
            row.push(if swept.exact { Value::Number(slope.clone()) } else { Value::Empty });
            slopes.push(RowKind::Body, row);
        }
    }
    bends.notes.push(if swept.exact {
        "between two bends every total is a straight line, shown exactly; revenue is not rounded to quanta here".into()
    } else {
        "the answer is no straight line of this figure between bends: these are single values, each solved".into()
    });
    if slopes.rows.is_empty() { vec![bends] } else { vec![bends, slopes] }
}
