//! A calibration whose right sides move: amounts and conditions, exact.

use super::line::Line;
use crate::formulate::{Curved, Program, Row, Term};
use crate::solve::curved::Cut;
use crate::solve::exact::Common;
use crate::solve::problem::{ActiveSet, Problem, Side};
use crate::solve::verified::Set;
use crate::units::Amount;

/// The answer of a calibration as a function of the inputs, and where it is one.
pub(super) struct System {
    /// The amount of each column.
    pub(super) amounts: Vec<Line>,
    /// What is at least zero where the working set stays the one that the answer leans on.
    pub(super) conditions: Vec<Line>,
}

/// A programme, and the same with one more of each input.
pub(super) struct Programs<'a> {
    pub(super) base: &'a Program,
    pub(super) moved: Vec<&'a Program>,
}

impl Programs<'_> {
    /// The system with this working set, whose answer at the base is `amounts`; the rows after
    /// those of the programme are `cuts`. `None` where the answer stands at a kink.
    pub(super) fn system(
        &self,
        active: &ActiveSet,
        cuts: &[Cut],
        amounts: &[Amount],
    ) -> Option<System> {
        let straight = self.straight(active, cuts, amounts)?;
        let problem = Problem::<Amount>::new(&straight.program);
        let set = Set::new(&problem, &straight.active)?;
        let y = set.solved(&set.lacks())?;
        let rates: Vec<Vec<Amount>> = (0..self.moved.len())
            .map(|input| set.solved(&straight.changes(set.rows(), input)))
            .collect::<Option<_>>()?;
        let mut conditions = Vec::new();
        let mut tight = vec![false; straight.program.rows.len()];
        for (row, side) in set.rows() {
            tight[*row] = true;
            let own = Line::new(y[*row].clone(), rates.iter().map(|y| y[*row].clone()).collect());
            conditions.extend(pushes(own, *side));
        }
        let found = columns(&problem, &set, (&y, &rates), &mut conditions);
        if found.iter().map(|line| &line.at).ne(amounts.iter()) {
            return None;
        }
        for row in (0..tight.len()).filter(|row| !tight[*row]) {
            conditions.extend(straight.within(row, &found));
        }
        for (place, curved) in self.base.curved.iter().enumerate() {
            self.bent(place, curved, &found, &mut conditions)?;
        }
        Some(System { amounts: found, conditions })
    }

    /// The programme with the supports of its convex rows that the answer leans on as rows.
    fn straight(&self, active: &ActiveSet, cuts: &[Cut], amounts: &[Amount]) -> Option<Straight> {
        let mut rows = self.base.rows.clone();
        let mut shifts: Vec<Vec<(Option<Amount>, Option<Amount>)>> = Vec::new();
        for moved in &self.moved {
            let pairs = self.base.rows.iter().zip(&moved.rows);
            shifts.push(pairs.map(|(a, b)| Some(shift(a, b))).collect::<Option<_>>()?);
        }
        let mut own = ActiveSet { columns: active.columns.clone(), ..ActiveSet::default() };
        for (row, side) in &active.rows {
            let Some(cut) = row.checked_sub(self.base.rows.len()) else {
                own.rows.push((*row, *side));
                continue;
            };
            let cut = cuts.get(cut)?;
            let (of, curved) = (cut.curved, self.base.curved.get(cut.curved)?);
            if curved.value(amounts) != curved.most || curved.cut(amounts) != cut.row {
                return None;
            }
            own.rows.push((rows.len(), *side));
            rows.push(cut.row.clone());
            for (list, moved) in shifts.iter_mut().zip(&self.moved) {
                let more = &moved.curved[of].most - &self.base.curved[of].most;
                list.push((None, Some(more)));
            }
        }
        let columns = self.base.columns.clone();
        Some(Straight {
            program: Program { columns, rows, curved: Vec::new() },
            shifts,
            active: own,
        })
    }

    /// The conditions under which a convex row keeps its pieces and its bound.
    fn bent(
        &self,
        place: usize,
        curved: &Curved,
        amounts: &[Line],
        conditions: &mut Vec<Line>,
    ) -> Option<()> {
        let inputs = self.moved.len();
        let mut value = Line::new(Amount::ZERO, vec![Amount::ZERO; inputs]);
        for term in &*curved.terms {
            let own = piece(term, amounts, inputs, conditions)?;
            value = Line::sum([&value, &own].into_iter(), inputs);
        }
        let most = Line::new(
            curved.most.clone(),
            self.moved.iter().map(|moved| &moved.curved[place].most - &curved.most).collect(),
        );
        conditions.push(Line::sum([&most, &value.negated()].into_iter(), inputs));
        Some(())
    }
}

/// That a multiplier pushes the way that its side lets it; an equality may push either way.
fn pushes(multiplier: Line, side: Side) -> Option<Line> {
    match side {
        Side::Lower => Some(multiplier),
        Side::Upper => Some(multiplier.negated()),
        Side::Equal => None,
    }
}

/// The amount of each column; that free ones stay within their bounds, and that fixed ones are
/// pushed against theirs, is added to the conditions.
fn columns(
    problem: &Problem<Amount>,
    set: &Set<'_>,
    (y, rates): (&[Amount], &[Vec<Amount>]),
    conditions: &mut Vec<Line>,
) -> Vec<Line> {
    let factor = problem.denominator();
    let common: Vec<Common> = rates.iter().map(|rates| Common::with(rates, &factor)).collect();
    let own = Common::with(y, &factor);
    let (zero, less) = (Amount::ZERO, Amount::whole(-1));
    let line = |start: &Amount, by: &Amount, column: usize| {
        let terms = || problem.column(column);
        let rates = common.iter().map(|common| common.combine(&zero, by, terms()));
        Line::new(own.combine(start, by, terms()), rates.collect())
    };
    let mut found = Vec::with_capacity(problem.columns());
    for column in 0..problem.columns() {
        let weight = &problem.weight[column];
        if set.is_free(column) {
            let own = line(set.rest(column), weight, column);
            conditions.extend(within(&own, &problem.lower[column], &problem.upper[column]));
            found.push(own);
            continue;
        }
        found.push(Line::new(set.rest(column).clone(), vec![Amount::ZERO; rates.len()]));
        let side = set.side(column).filter(|side| problem.moves[column] && *side != Side::Equal);
        if let Some(side) = side {
            let stands = &(problem.bound(column, side) - &problem.baseline[column]) / weight;
            conditions.extend(pushes(line(&stands, &less, column), side));
        }
    }
    found
}

/// The value of a term on the piece that it stands on; `None` where it stands at a kink and moves.
fn piece(term: &Term, amounts: &[Line], inputs: usize, conditions: &mut Vec<Line>) -> Option<Line> {
    let mut form = straight(&term.parts, amounts, inputs);
    for inner in &term.inner {
        let own = piece(inner, amounts, inputs, conditions)?;
        form = Line::sum([&form, &own].into_iter(), inputs);
    }
    let (kinks, slopes) = (term.curve.kinks(), term.curve.slopes());
    let left = kinks.partition_point(|kink| *kink < form.at);
    let right = kinks.partition_point(|kink| *kink <= form.at);
    if left != right && !form.is_constant() {
        return None;
    }
    let less = |kink: &Amount, line: &Line| Line::new(&line.at - kink, line.rates.clone());
    if !form.is_constant() {
        if let Some(kink) = left.checked_sub(1).and_then(|place| kinks.get(place)) {
            conditions.push(less(kink, &form));
        }
        if let Some(kink) = kinks.get(left) {
            conditions.push(less(kink, &form).negated());
        }
    }
    let slope = &slopes[left];
    let rates = form.rates.iter().map(|rate| slope * rate).collect();
    Some(Line::new(term.curve.value(&form.at), rates))
}

/// The value of a linear form.
fn straight(parts: &[crate::formulate::Part], amounts: &[Line], inputs: usize) -> Line {
    let mut sum = Line::new(Amount::ZERO, vec![Amount::ZERO; inputs]);
    for part in parts {
        let columns = part.columns.iter().map(|column| &amounts[*column as usize]);
        let own = Line::sum(columns, inputs);
        sum.at += &(&part.coefficient * &own.at);
        for (rate, more) in sum.rates.iter_mut().zip(&own.rates) {
            *rate += &(&part.coefficient * more);
        }
    }
    sum
}

/// A programme without convex rows, and how its bounds move.
struct Straight {
    program: Program,
    /// For each input, the change of each bound of each row.
    shifts: Vec<Vec<(Option<Amount>, Option<Amount>)>>,
    active: ActiveSet,
}

impl Straight {
    /// How the bounds of the tight rows change with an input.
    fn changes(&self, rows: &[(usize, Side)], input: usize) -> Vec<Amount> {
        let change = |(row, side): &(usize, Side)| {
            let (lower, upper) = &self.shifts[input][*row];
            let own = if *side == Side::Upper { upper } else { lower };
            own.clone().unwrap_or_default()
        };
        rows.iter().map(change).collect()
    }

    /// How far a row lies from its bounds.
    fn within(&self, row: usize, amounts: &[Line]) -> Vec<Line> {
        let own: &Row = &self.program.rows[row];
        let inputs = self.shifts.len();
        let value = straight(&own.parts, amounts, inputs);
        let bound = |at: &Amount, lower: bool| {
            let side = |list: &Vec<(Option<Amount>, Option<Amount>)>| {
                let (low, high) = &list[row];
                (if lower { low } else { high }).clone().unwrap_or_default()
            };
            Line::new(at.clone(), self.shifts.iter().map(side).collect())
        };
        let lower = own.lower.as_ref().map(|at| [value.clone(), bound(at, true).negated()]);
        let upper = own.upper.as_ref().map(|at| [bound(at, false), value.negated()]);
        [lower, upper].into_iter().flatten().map(|two| Line::sum(two.iter(), inputs)).collect()
    }
}

/// How the bounds of a row change.
fn shift(base: &Row, moved: &Row) -> (Option<Amount>, Option<Amount>) {
    let change = |from: &Option<Amount>, to: &Option<Amount>| Some(to.as_ref()? - from.as_ref()?);
    (change(&base.lower, &moved.lower), change(&base.upper, &moved.upper))
}

/// How far a column lies from its bounds.
fn within(own: &Line, lower: &Option<Amount>, upper: &Option<Amount>) -> Vec<Line> {
    let lower = lower.as_ref().map(|lower| Line::new(&own.at - lower, own.rates.clone()));
    let upper = upper.as_ref().map(|upper| Line::new(&own.at - upper, own.rates.clone()).negated());
    [lower, upper].into_iter().flatten().collect()
}
