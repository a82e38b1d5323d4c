//! Which members make rows, columns and filters, and the figures of the grid they make.

use std::collections::BTreeSet;

use crate::plan::{Axis, Dimension, Level, Member, Plan, Slice};
use crate::scenario::Picks;
use crate::units::{Amount, CellId, MemberId};

/// The members that lead to a line: the dimension of each, and the member, outermost first.
pub type Path = Vec<(usize, MemberId)>;

/// What makes rows, columns and filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pivot {
    /// The dimensions of the rows, outermost first.
    pub rows: Vec<usize>,
    /// The dimension of the columns, at one of its levels.
    pub columns: Option<Axis>,
    /// For each dimension, the member that all is filtered to.
    pub filters: Vec<Option<MemberId>>,
    /// The lines that are unfolded.
    pub open: BTreeSet<Path>,
}

/// A line of the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The members that lead to it; none for the total.
    pub path: Path,
    /// How deep it is indented.
    pub depth: usize,
    /// Whether there are lines below it.
    pub folds: bool,
    /// Whether those are shown.
    pub open: bool,
    /// Its name.
    pub name: String,
    /// Its cells under the filters, ascending.
    pub cells: Vec<CellId>,
}

impl Pivot {
    /// The pivot to begin with: the first dimension that is not time makes columns, the other ones
    /// rows, and time is a filter.
    pub fn new(plan: &Plan) -> Self {
        let count = plan.dimensions().len();
        let time = plan.time();
        let mut free: Vec<usize> = (0..count).filter(|place| Some(*place) != time).collect();
        let columns = if free.len() > 1 { Some(free.remove(0)) } else { time };
        let rows = if free.is_empty() { (0..count).take(1).collect() } else { free };
        let columns = columns.filter(|place| !rows.contains(place));
        let axis = |dimension| Axis { dimension, level: Level::Leaves };
        Self { rows, columns: columns.map(axis), filters: vec![None; count], open: BTreeSet::new() }
    }

    /// Whether it can be used on a plan: another plan has other dimensions and members.
    pub fn fits(&self, plan: &Plan) -> bool {
        let count = plan.dimensions().len();
        let known = |(dimension, member): (usize, MemberId)| {
            plan.dimensions().get(dimension).is_some_and(|own| member.index() < own.members().len())
        };
        self.filters.len() == count
            && self.rows.iter().all(|place| *place < count)
            && self.columns.is_none_or(|axis| axis.dimension < count)
            && self.open.iter().flatten().all(|step| known(*step))
            && self.filters.iter().enumerate().all(|(d, m)| m.is_none_or(|m| known((d, m))))
    }

    /// The cells that the filters leave.
    pub fn filtered(&self, plan: &Plan) -> Vec<CellId> {
        let all = Slice::all(plan.dimensions().len());
        let narrowed = self.filters.iter().enumerate().filter_map(|(d, m)| Some((d, (*m)?)));
        let slice = narrowed.fold(all, |slice, (d, m)| plan.narrowed(&slice, d, m));
        plan.select(&slice)
    }

    /// The members of the columns; a last column of totals is always shown beside them.
    pub fn column_members(&self, plan: &Plan) -> Vec<MemberId> {
        self.columns.map_or_else(Vec::new, |axis| plan.dimensions()[axis.dimension].at(axis.level))
    }

    /// The lines that are shown, the total last.
    pub fn lines(&self, plan: &Plan) -> Vec<Line> {
        let mut lines = Vec::new();
        let cells = self.filtered(plan);
        self.fill(plan, &Vec::new(), 0, &cells, &mut lines);
        lines.push(Line {
            path: Vec::new(),
            depth: 0,
            folds: false,
            open: false,
            name: "Total".into(),
            cells,
        });
        lines
    }

    fn fill(
        &self,
        plan: &Plan,
        above: &Path,
        depth: usize,
        cells: &[CellId],
        lines: &mut Vec<Line>,
    ) {
        let steps = self.below(plan, above);
        let shares = shared(plan, cells, &steps);
        for (step, own) in steps.into_iter().zip(shares).filter(|(_, own)| !own.is_empty()) {
            let mut path = above.clone();
            path.push(step);
            let member = plan.dimensions()[step.0].member(step.1);
            let folds = !member.is_leaf() || self.rows.last() != Some(&step.0);
            let open = folds && self.open.contains(&path);
            let name = crate::units::display_safe(&member.title);
            lines.push(Line { path: path.clone(), depth, folds, open, name, cells: own.clone() });
            if open {
                self.fill(plan, &path, depth + 1, &own, lines);
            }
        }
    }

    /// The first line that fits, folded or not; what is below a line follows it.
    pub fn find(&self, plan: &Plan, fits: &dyn Fn(&Member) -> bool) -> Option<Path> {
        self.find_below(plan, &Vec::new(), &self.filtered(plan), fits)
    }

    fn find_below(
        &self,
        plan: &Plan,
        above: &Path,
        cells: &[CellId],
        fits: &dyn Fn(&Member) -> bool,
    ) -> Option<Path> {
        self.below(plan, above).into_iter().find_map(|step| {
            let own = under(plan, cells, step);
            let mut path = above.clone();
            path.push(step);
            match plan.dimensions()[step.0].member(step.1) {
                _ if own.is_empty() => None,
                member if fits(member) => Some(path),
                _ => self.find_below(plan, &path, &own, fits),
            }
        })
    }

    /// The steps that lead on from a line: its member's children, or the next dimension's tops.
    fn below(&self, plan: &Plan, path: &Path) -> Vec<(usize, MemberId)> {
        let tops = |place: usize| -> Vec<(usize, MemberId)> {
            let Some(dimension) = self.rows.get(place) else { return Vec::new() };
            let own = &plan.dimensions()[*dimension];
            children(own, None).into_iter().map(|member| (*dimension, member)).collect()
        };
        let Some((dimension, member)) = path.last() else { return tops(0) };
        let own = &plan.dimensions()[*dimension];
        if !own.member(*member).is_leaf() {
            let below = children(own, Some(*member));
            return below.into_iter().map(|member| (*dimension, member)).collect();
        }
        let place = self.rows.iter().position(|row| row == dimension);
        place.map_or_else(Vec::new, |place| tops(place + 1))
    }

    /// The members that lead to a figure, as a file picks them, in declared order.
    pub fn picks(&self, plan: &Plan, path: &Path, column: Option<MemberId>) -> Picks {
        let mut members: Vec<Option<MemberId>> = self.filters.clone();
        for (dimension, member) in path {
            members[*dimension] = Some(*member);
        }
        if let (Some(axis), Some(member)) = (self.columns, column) {
            members[axis.dimension] = Some(member);
        }
        let picked = plan.dimensions().iter().zip(members);
        picked
            .filter_map(|(dimension, member)| {
                let member = member?;
                Some((dimension.id().to_string(), dimension.member(member).id.to_string()))
            })
            .collect()
    }
}

/// The children of a member, or the members without one above them, in declared order.
fn children(dimension: &Dimension, above: Option<MemberId>) -> Vec<MemberId> {
    let members = (0..dimension.members().len()).map(MemberId::new);
    members.filter(|member| dimension.member(*member).parent == above).collect()
}

/// Which of `cells` lie under each of several members of one dimension, of which none is above another.
fn shared(plan: &Plan, cells: &[CellId], steps: &[(usize, MemberId)]) -> Vec<Vec<CellId>> {
    let mut found = vec![Vec::new(); steps.len()];
    let Some((dimension, _)) = steps.first().copied() else { return found };
    let own = &plan.dimensions()[dimension];
    let mut places = vec![None; own.members().len()];
    for (place, (_, member)) in steps.iter().enumerate() {
        for leaf in own.member(*member).leaves() {
            places[leaf.index()] = Some(place);
        }
    }
    for cell in cells {
        if let Some(place) = places[plan.cell(*cell).members[dimension].index()] {
            found[place].push(*cell);
        }
    }
    found
}

/// Those of `cells` that lie under a member.
pub fn under(plan: &Plan, cells: &[CellId], (dimension, member): (usize, MemberId)) -> Vec<CellId> {
    let leaves = plan.dimensions()[dimension].member(member).leaves();
    let inside = |cell: &&CellId| {
        let own = plan.cell(**cell).members[dimension];
        leaves.binary_search(&own).is_ok()
    };
    cells.iter().filter(inside).copied().collect()
}

/// The slice that picks name; nothing where the plan has no such member.
pub fn slice_of(plan: &Plan, picks: &Picks) -> Option<Slice> {
    picks.iter().try_fold(Slice::all(plan.dimensions().len()), |slice, (dimension, member)| {
        let place = plan.dimensions().iter().position(|own| *own.id() == **dimension)?;
        let member = plan.dimensions()[place].find(member)?;
        Some(plan.narrowed(&slice, place, member))
    })
}

/// The cells of the slice that picks name.
pub fn cells_of(plan: &Plan, picks: &Picks) -> Vec<CellId> {
    slice_of(plan, picks).map_or_else(Vec::new, |slice| plan.select(&slice))
}

/// A slice as picks of one text a dimension: a member's id, or how a file writes several.
pub fn single_picks(plan: &Plan, slice: &Slice) -> Picks {
    let dimensions = plan.dimensions().iter().enumerate();
    let picked = dimensions.filter_map(|(place, dimension)| {
        Some((dimension.id().to_string(), slice.pick(place)?.text().to_string()))
    });
    picked.collect()
}

/// How people name picks: members, outermost first; the whole plan without any.
pub fn title(plan: &Plan, picks: &Picks) -> String {
    let known = |dimension: &str| plan.dimensions().iter().any(|own| *own.id() == *dimension);
    let names = picks.iter().filter(|(dimension, _)| known(dimension));
    let names: Vec<String> = names.map(|(_, name)| crate::units::display_safe(name)).collect();
    if names.is_empty() { "the whole plan".into() } else { names.join(" · ") }
}

/// `part / whole` in percent points, or nothing where the whole is zero.
pub fn percent(part: &Amount, whole: &Amount) -> Option<Amount> {
    (!whole.is_zero()).then(|| &(part / &whole.abs()) * &Amount::whole(100))
}
