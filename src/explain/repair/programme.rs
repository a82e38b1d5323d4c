//! The programme of a plan in which stated figures may give way.

use super::knob::Knob;
use crate::formulate::{Column, Curve, Part, Program, Row, Term};
use crate::units::Amount;

/// The programme with a column for each knob after its own, in money; none of them may move yet.
pub(super) fn program(whole: &Program, knobs: &[Knob]) -> Program {
    let mut program = Program { columns: whole.columns.clone(), ..Program::default() };
    let mut eases: Vec<[Vec<Part>; 2]> = vec![[Vec::new(), Vec::new()]; whole.rows.len()];
    let mut bends: Vec<Vec<Part>> = vec![Vec::new(); whole.curved.len()];
    let mut bounds: Vec<Row> = Vec::new();
    for (place, knob) in knobs.iter().enumerate() {
        let column = u32::try_from(whole.columns.len() + place).unwrap_or(u32::MAX);
        let money = knob.money();
        let own = |by: &Amount| Part { coefficient: by / &money, columns: vec![column] };
        program.columns.push(Column::fixed(&Amount::ZERO));
        for ease in &knob.rows {
            let by = if ease.lower { ease.by.clone() } else { -&ease.by };
            eases[ease.row][usize::from(!ease.lower)].push(own(&by));
        }
        for (bend, by) in &knob.curved {
            bends[*bend].push(own(&-by));
        }
        let sign = if knob.up { -&Amount::ONE } else { Amount::ONE };
        for of in &knob.columns {
            bounds.push(moved_bound(&mut program, *of, knob, own(&sign)));
        }
    }
    for (row, [lower, upper]) in whole.rows.iter().zip(eases) {
        program.rows.extend(eased(row, lower, upper));
    }
    program.rows.extend(bounds);
    for (curved, parts) in whole.curved.iter().zip(bends) {
        let mut curved = curved.clone();
        if !parts.is_empty() {
            let line = Term::new(parts, Curve::line(Amount::ONE));
            curved.terms = curved.terms.iter().cloned().chain([line]).collect();
        }
        program.curved.push(curved);
    }
    program
}

/// The bound of a column as a row that the knob eases, and no longer as a bound.
fn moved_bound(program: &mut Program, of: usize, knob: &Knob, eases: Part) -> Row {
    let column = &mut program.columns[of];
    let stated = Some(knob.change.old.clone());
    if knob.up {
        column.upper = None;
    } else {
        column.lower = None;
    }
    let place = u32::try_from(of).unwrap_or(u32::MAX);
    let own = Part { coefficient: Amount::ONE, columns: vec![place] };
    let (lower, upper) = if knob.up { (None, stated) } else { (stated, None) };
    Row { parts: vec![own, eases].into(), own: 1, lower, upper }
}

/// A row with what eases its sides. Two sides that are eased differently are two rows.
fn eased(row: &Row, lower: Vec<Part>, upper: Vec<Part>) -> Vec<Row> {
    let with = |parts: Vec<Part>, lower: Option<Amount>, upper: Option<Amount>| {
        let all = row.parts.iter().cloned().chain(parts).collect();
        Row { parts: all, own: row.own, lower, upper }
    };
    if row.lower == row.upper || (lower.is_empty() && upper.is_empty()) {
        let both = lower.into_iter().chain(upper).collect();
        return vec![with(both, row.lower.clone(), row.upper.clone())];
    }
    let least = row.lower.clone().map(|bound| with(lower, Some(bound), None));
    let most = row.upper.clone().map(|bound| with(upper, None, Some(bound)));
    least.into_iter().chain(most).collect()
}
