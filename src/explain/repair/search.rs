//! Looks for repairs: linear programmes in which stated figures may give way, at a price in money.

use std::collections::BTreeSet;

use super::change::{Change, Figure, Repair, Style};
use super::knob::Knob;
use super::limits::Stated;
use super::money::opened;
use crate::formulate::{Column, Curve, Objective, Part, Program, Row, Term};
use crate::plan::Plan;
use crate::solve::{Conflict, least, nearest_amounts as nearest, open};
use crate::units::Amount;

/// How many programmes are solved at most.
const MOST_PROGRAMMES: usize = 60;

/// Repairs of a conflict, one after the other: the least change of money first, then the least that
/// touches other figures.
///
/// The amounts by which figures move are the unknowns of a small linear programme. Each conflict
/// that is left at some amounts is a straight line in them, which every repair must lie beyond
/// (Benders 1962): it joins the small programme, until the limits hold together.
pub struct Search {
    plan: Plan,
    /// The columns of the plan, and after them one for each knob.
    program: Program,
    /// How many columns are the plan's.
    first: usize,
    knobs: Vec<Knob>,
    lines: Vec<Line>,
    nodes: Vec<Node>,
    /// What was forbidden already.
    tried: BTreeSet<BTreeSet<String>>,
    /// The figures of each repair that was given.
    given: Vec<BTreeSet<String>>,
    solved: usize,
    /// The knobs that are still to be tried one by one, once the search came to no end.
    alone: Option<Vec<usize>>,
}

/// What every repair must do: the sum over knobs is at least a number.
struct Line {
    knobs: Vec<(usize, Amount)>,
    least: Amount,
}

/// The cheapest amounts beyond all lines so far, without the figures that are forbidden.
struct Node {
    cost: Amount,
    forbidden: BTreeSet<String>,
    units: Vec<Amount>,
}

impl Search {
    /// Begins the search. With `all`, standing limits may give way too.
    pub fn new(plan: &Plan, conflict: &Conflict, figures: &[Figure], all: bool) -> Self {
        let lines = Stated::ranges(plan, figures);
        let wide = opened(plan, &lines);
        let formulation = open(&wide);
        let stated = Stated { plan, formulation: &formulation, figures };
        let mut knobs = stated.limits();
        knobs.extend(stated.rows_of_tables());
        knobs.extend(stated.holds());
        knobs.extend(stated.transfers());
        knobs.extend(stated.revenue(&lines));
        knobs.extend(stated.drivers());
        knobs.extend(stated.cells(conflict));
        knobs.extend(stated.spending());
        knobs.retain(|knob| all || !knob.change.standing);
        knobs.sort_by_key(|knob| (knob.change.standing, knob.change.approval.is_some()));
        let whole = formulation.program();
        let mut search = Self {
            plan: plan.clone(),
            program: program(whole, &knobs),
            first: whole.columns.len(),
            nodes: vec![Node {
                cost: Amount::ZERO,
                forbidden: BTreeSet::new(),
                units: vec![Amount::ZERO; knobs.len()],
            }],
            knobs,
            lines: Vec::new(),
            tried: BTreeSet::new(),
            given: Vec::new(),
            solved: 0,
            alone: None,
        };
        search.tried.insert(BTreeSet::new());
        search
    }

    /// The cheapest amounts beyond all lines without the forbidden figures; of several, those of
    /// the figures that stand first. Money in many small parts would be no help to anybody.
    fn cheapest(&self, forbidden: BTreeSet<String>) -> Option<Node> {
        let used: BTreeSet<usize> =
            self.lines.iter().flat_map(|line| line.knobs.iter().map(|(knob, _)| *knob)).collect();
        let used: Vec<usize> = used
            .into_iter()
            .filter(|knob| !forbidden.contains(&key(&self.knobs[*knob].change)))
            .collect();
        let place = |knob: &usize| {
            used.binary_search(knob).ok().and_then(|place| u32::try_from(place).ok())
        };
        let part =
            |column: u32, by: &Amount| Part { coefficient: by.clone(), columns: vec![column] };
        let column = |knob: &usize| Column {
            baseline: Amount::ZERO,
            weight: Amount::ONE,
            lower: Some(Amount::ZERO),
            upper: self.knobs[*knob].most.clone(),
        };
        let row = |line: &Line| {
            let own = line.knobs.iter().filter_map(|(knob, by)| Some(part(place(knob)?, by)));
            let parts: Vec<Part> = own.collect();
            Row {
                own: parts.len(),
                parts: parts.into(),
                lower: Some(line.least.clone()),
                upper: None,
            }
        };
        let mut small = Program {
            columns: used.iter().map(column).collect(),
            rows: self.lines.iter().map(row).collect(),
            curved: Vec::new(),
        };
        let costs: Vec<Part> = (0_u32..)
            .zip(&used)
            .map(|(column, knob)| part(column, &self.knobs[*knob].change.worth))
            .collect();
        let sum =
            |parts: Vec<Part>| Objective::Sum([Term::new(parts, Curve::line(Amount::ONE))].into());
        let mut found = least(&small, sum(costs.clone()))?;
        let cost: Amount = costs.iter().map(|part| &part.coefficient * &part.total(&found)).sum();
        if found.iter().filter(|units| units.is_positive()).count() > 1 {
            let ranked = (1_i64..).zip(&costs).map(|(rank, part)| Part {
                coefficient: &part.coefficient * &Amount::whole(rank),
                columns: part.columns.clone(),
            });
            let ranked = sum(ranked.collect());
            let upper = Some(cost.clone());
            small.rows.push(Row { own: costs.len(), parts: costs.into(), lower: None, upper });
            found = least(&small, ranked).unwrap_or(found);
        }
        let mut units = vec![Amount::ZERO; self.knobs.len()];
        for (knob, amount) in used.into_iter().zip(found) {
            units[knob] = amount;
        }
        Some(Node { cost, forbidden, units })
    }

    /// Whether the amounts lie beyond every line that is known.
    fn is_beyond(&self, units: &[Amount]) -> bool {
        self.lines.iter().all(|line| {
            let sum: Amount = line.knobs.iter().map(|(knob, by)| by * &units[*knob]).sum();
            sum >= line.least
        })
    }

    /// The amounts of the plan where the figures move by `units`, or the line that forbids it.
    fn hold(&mut self, units: &[Amount]) -> Result<Vec<Amount>, Line> {
        for (column, amount) in self.program.columns.iter_mut().skip(self.first).zip(units) {
            *column = Column::fixed(amount);
        }
        self.solved += 1;
        nearest(&self.program).map_err(|leans| {
            let knobs = leans.columns.into_iter().filter(|(column, _)| *column >= self.first);
            let knobs: Vec<(usize, Amount)> =
                knobs.map(|(column, by)| (column - self.first, -by)).collect();
            let at: Amount = knobs.iter().map(|(knob, by)| by * &units[*knob]).sum();
            Line { least: &leans.excess + &at, knobs }
        })
    }

    /// A repair by one figure alone, of those that the first line names: the least that it has to move.
    fn alone(&mut self) -> Option<Repair> {
        let first = self.lines.first();
        let named = || first.iter().flat_map(|line| &line.knobs).map(|(knob, _)| *knob);
        let mut left = self.alone.take().unwrap_or_else(|| named().collect());
        while let Some(knob) = left.pop() {
            let mut program = self.program.clone();
            let place = self.first + knob;
            for column in program.columns.iter_mut().skip(self.first) {
                *column = Column::fixed(&Amount::ZERO);
            }
            program.columns[place] = Column {
                baseline: Amount::ZERO,
                weight: Amount::ONE,
                lower: Some(Amount::ZERO),
                upper: self.knobs[knob].most.clone(),
            };
            let column = u32::try_from(place).unwrap_or(u32::MAX);
            let part = Part { coefficient: Amount::ONE, columns: vec![column] };
            let units = Term::new(vec![part], Curve::line(Amount::ONE));
            let Some(amounts) = least(&program, Objective::Sum([units].into())) else { continue };
            let mut units = vec![Amount::ZERO; self.knobs.len()];
            units[knob] = amounts[place].clone();
            self.alone = Some(left);
            return Some(self.repair(&units, &amounts));
        }
        self.alone = Some(left);
        None
    }

    /// The changes of figures by `units`, where the plan has these amounts.
    fn repair(&self, units: &[Amount], amounts: &[Amount]) -> Repair {
        let mut repair = Repair { changes: Vec::new(), exact: Vec::new() };
        let moved = self.knobs.iter().zip(units).filter(|(_, units)| units.is_positive());
        for (knob, units) in moved {
            let (change, exact) = knob.turned(&self.plan, units, amounts);
            let same = |known: &Change| key(known) == key(&change);
            let (new, figure) = (change.new.clone(), exact.clone());
            if let Some(place) = repair.changes.iter().position(same) {
                if merge(&mut repair.changes[place], &change) {
                    repair.exact[place] = exact;
                }
            } else {
                repair.changes.push(change);
                repair.exact.push(exact);
            }
            if let Some(also) = knob.also.clone() {
                repair.changes.push(Change { new, ..also });
                repair.exact.push(figure);
            }
        }
        repair
    }
}

impl Iterator for Search {
    type Item = Repair;

    fn next(&mut self) -> Option<Repair> {
        loop {
            if self.solved >= MOST_PROGRAMMES {
                return if self.given.is_empty() { self.alone() } else { None };
            }
            let all = 0..self.nodes.len();
            let place = all.min_by(|a, b| self.nodes[*a].cost.cmp(&self.nodes[*b].cost))?;
            let node = self.nodes.remove(place);
            if !self.is_beyond(&node.units) {
                self.nodes.extend(self.cheapest(node.forbidden));
                continue;
            }
            let amounts = match self.hold(&node.units) {
                Ok(amounts) => amounts,
                Err(line) => {
                    self.lines.push(line);
                    self.nodes.extend(self.cheapest(node.forbidden));
                    continue;
                }
            };
            let repair = self.repair(&node.units, &amounts);
            let keys: BTreeSet<String> = repair.changes.iter().map(key).collect();
            for own in &keys {
                let mut more = node.forbidden.clone();
                more.insert(own.clone());
                if self.tried.insert(more.clone()) {
                    self.nodes.extend(self.cheapest(more));
                }
            }
            if keys.is_empty() || self.given.iter().any(|known| known.is_subset(&keys)) {
                continue;
            }
            self.given.push(keys);
            return Some(repair);
        }
    }
}

/// The programme with a column for each knob after its own.
fn program(whole: &Program, knobs: &[Knob]) -> Program {
    let mut program = Program { columns: whole.columns.clone(), ..Program::default() };
    let mut eases: Vec<[Vec<Part>; 2]> = vec![[Vec::new(), Vec::new()]; whole.rows.len()];
    let mut bends: Vec<Vec<Part>> = vec![Vec::new(); whole.curved.len()];
    let mut bounds: Vec<Row> = Vec::new();
    for (place, knob) in knobs.iter().enumerate() {
        let column = u32::try_from(whole.columns.len() + place).unwrap_or(u32::MAX);
        let own = |by: &Amount| Part { coefficient: by.clone(), columns: vec![column] };
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

/// What tells one figure from another.
fn key(change: &Change) -> String {
    format!("{} {}", change.path, change.cells.as_deref().unwrap_or_default())
}

/// Two moves of one figure are one, the further of both; what is left unspent adds up. Whether the
/// other was taken.
fn merge(known: &mut Change, other: &Change) -> bool {
    if matches!(known.style, Style::Word(_)) {
        known.new += &other.new;
        return false;
    }
    let further = |change: &Change| (&change.new - &change.old).abs();
    let taken = further(other) > further(known);
    if taken {
        known.new = other.new.clone();
    }
    taken
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
