use super::{
    Axis, Bounds, Expression, Family, Form, Group, Level, Limit, MeasureOf, Plan, ShareOf,
};
use crate::units::{Amount, CellId, MemberId};

/// What a limit asks of one combination of members, in numbers.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The members of the combination, joined by `/`.
    pub member: String,
    /// The cells of the slice, ascending.
    pub cells: Vec<CellId>,
    /// What is asked.
    pub body: Body,
}

/// What is asked of a level.
#[derive(Debug, Clone)]
pub enum Body {
    /// It lies between two constants.
    Level {
        /// The level.
        form: Form,
        /// The floor.
        min: Option<Amount>,
        /// The ceiling.
        max: Option<Amount>,
        /// What is taken off level and bounds where they are shown: the baseline, for a move.
        from: Option<Amount>,
    },
    /// It lies between two multiples of another level.
    Share {
        /// The level.
        form: Form,
        /// The other level.
        base: Form,
        /// The least multiple.
        min: Option<Amount>,
        /// The greatest multiple.
        max: Option<Amount>,
        /// How the multiple is shown.
        shown: Multiple,
    },
    /// What an opening reserve has left after withdrawals lies between multiples of a level.
    Reserve {
        /// Where it starts.
        opening: Amount,
        /// The revenue entries that draw on it: the place of the line, and of the entry in it.
        draws: Vec<(usize, usize)>,
        /// The level; nothing where the bounds are amounts.
        base: Option<Form>,
        /// The least multiple of the level, or the least amount.
        min: Option<Amount>,
        /// The greatest.
        max: Option<Amount>,
    },
    /// Half the sum of the absolute net changes is at most a constant.
    Turnover {
        /// What each member is called.
        names: Vec<String>,
        /// The level of each member.
        forms: Vec<Form>,
        /// Where each starts.
        baselines: Vec<Amount>,
        /// The most.
        most: Amount,
    },
}

/// How a multiple of another level is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Multiple {
    /// A share.
    Share,
    /// A ratio.
    Ratio,
    /// A step against it: the multiple less one.
    Step,
}

impl Multiple {
    /// What a reading of it says is bounded.
    pub(super) fn measured(self) -> super::Measured {
        match self {
            Self::Share => super::Measured::Share,
            Self::Ratio => super::Measured::Ratio,
            Self::Step => super::Measured::Step,
        }
    }
}

impl Limit {
    /// What it says of the combination `key`; `None` where its table has no row for it.
    pub fn family(&self, key: &[MemberId]) -> Option<&Family> {
        match &self.bounds {
            Bounds::Same(family) => Some(family),
            Bounds::Table(rows) => rows.get(key),
        }
    }
}

impl Plan {
    /// The rules of a limit, read from its members.
    pub(super) fn read_rules(&self, limit: &Limit) -> Vec<Rule> {
        let mut rules = Vec::new();
        if let Bounds::Same(Family::Reserve { min, max, at, share }) = &limit.bounds {
            let rules = self.reserve((min, max), *at, *share);
            return self.settled_rules(&limit.id, rules);
        }
        for group in self.groups(&limit.on, &limit.each) {
            let Some(family) = limit.family(&group.key) else { continue };
            let member = self.key_text(&limit.each, &group);
            match family {
                Family::Step { down, up } => {
                    self.steps(limit, &group, (down.as_ref(), up.as_ref()), &mut rules);
                }
                Family::Path { targets, over } => {
                    self.path(limit, &group, (targets, over), &mut rules);
                }
                Family::Movement { .. } => self.moves(limit, &group, family, member, &mut rules),
                _ => {
                    let body = self.level_body(limit, &group, family);
                    rules.push(Rule { member, cells: group.cells.clone(), body });
                }
            }
        }
        self.settled_rules(&limit.id, rules)
    }

    fn level_body(&self, limit: &Limit, group: &Group, family: &Family) -> Body {
        let form = self.form(limit.measure, &group.cells);
        match family {
            Family::Share { min, max, of, ratio } => Body::Share {
                form,
                base: self.form(limit.measure, &self.share_base(of, &limit.each, group)),
                min: min.clone(),
                max: max.clone(),
                shown: if *ratio { Multiple::Ratio } else { Multiple::Share },
            },
            Family::Change { cut, rise } => {
                let (min, max) =
                    self.change_bounds(cut.as_ref(), rise.as_ref(), limit.measure, group);
                Body::Level { form, min, max, from: None }
            }
            Family::Amount { min, max } => {
                let value = |bound: &Expression| bound.value(self, group, limit.measure);
                let (min, max) = (min.as_ref().map(value), max.as_ref().map(value));
                Body::Level { form, min, max, from: None }
            }
            _ => Body::Level { form, min: None, max: None, from: None },
        }
    }

    /// The time axis that `each` lists, or the leaves of the time dimension.
    fn time_axis(&self, limit: &Limit) -> Option<(Axis, bool)> {
        let dimension = self.time()?;
        let listed = limit.each.iter().find(|axis| axis.dimension == dimension);
        let leaves = Axis { dimension, level: Level::Leaves };
        Some((listed.copied().unwrap_or(leaves), listed.is_some()))
    }

    /// The cells of `group` at every member of the time axis, whatever time its slice picks.
    fn through_time(&self, group: &Group, axis: Axis) -> Vec<(MemberId, Group)> {
        let slice = group.slice.with(axis.dimension, None);
        let groups = self.groups(&slice, &[axis]);
        groups.into_iter().map(|group| (group.key[0], group)).collect()
    }

    fn steps(
        &self,
        limit: &Limit,
        group: &Group,
        (down, up): (Option<&Amount>, Option<&Amount>),
        rules: &mut Vec<Rule>,
    ) {
        let Some((axis, listed)) = self.time_axis(limit) else { return };
        let order = self.dimensions()[axis.dimension].at(axis.level);
        let times = self.through_time(group, axis);
        for (member, own) in &times {
            let before = order.iter().position(|m| m == member).and_then(|at| at.checked_sub(1));
            let Some(before) = before.map(|at| order[at]) else { continue };
            let Some((_, earlier)) = times.iter().find(|(m, _)| *m == before) else { continue };
            let cells: Vec<CellId> =
                own.cells.iter().filter(|cell| group.cells.contains(cell)).copied().collect();
            if cells.is_empty() {
                continue;
            }
            rules.push(Rule {
                member: self.timed_text(limit, group, *member, listed),
                body: Body::Share {
                    form: self.form(limit.measure, &cells),
                    base: self.form(limit.measure, &earlier.cells),
                    min: down.map(|down| &Amount::ONE - down),
                    max: up.map(|up| &Amount::ONE + up),
                    shown: Multiple::Step,
                },
                cells,
            });
        }
    }

    /// The reserve at the end of each time member: the driver `reserve`, less what every revenue
    /// decision has drawn by then.
    fn reserve(
        &self,
        (min, max): (&Option<Amount>, &Option<Amount>),
        at: Level,
        share: bool,
    ) -> Vec<Rule> {
        let opening = self.opening_reserve().unwrap_or_default();
        let all = super::Slice::all(self.dimensions().len());
        let body = |draws, cells: &[CellId]| Body::Reserve {
            opening: opening.clone(),
            draws,
            base: share.then(|| Form::sum(cells)),
            min: min.clone(),
            max: max.clone(),
        };
        let Some(time) = self.time() else {
            let cells = self.select(&all);
            let body = body(self.draws(&|_| true), &cells);
            return vec![Rule { member: String::new(), cells, body }];
        };
        let axis = Axis { dimension: time, level: at };
        let dimension = &self.dimensions()[time];
        let rule = |group: Group| {
            let last = dimension.member(group.key[0]).leaves().last().copied();
            let draws = self.draws(&|entry: MemberId| {
                let ends = dimension.member(entry).leaves().last().copied();
                ends.zip(last).is_some_and(|(ends, last)| self.order(ends) <= self.order(last))
            });
            let member = dimension.member(group.key[0]).id.to_string();
            Rule { member, body: body(draws, &group.cells), cells: group.cells }
        };
        self.groups(&all, &[axis]).into_iter().map(rule).collect()
    }

    /// The place of a leaf of the time dimension in time.
    fn order(&self, leaf: MemberId) -> usize {
        let leaves = self.time().map(|time| self.dimensions()[time].at(Level::Leaves));
        leaves.and_then(|leaves| leaves.iter().position(|own| *own == leaf)).unwrap_or(0)
    }

    /// The revenue decisions at the time members that `keep` keeps.
    fn draws(&self, keep: &dyn Fn(MemberId) -> bool) -> Vec<(usize, usize)> {
        let lines = self.revenue().iter().enumerate();
        let entries = lines.flat_map(|(line, own)| {
            let entries = own.entries.iter().enumerate();
            entries.map(move |(at, entry)| ((line, at), entry))
        });
        entries
            .filter(|(_, entry)| entry.is_decision() && entry.at.is_none_or(keep))
            .map(|(place, _)| place)
            .collect()
    }

    /// The value of the driver `reserve`, in plan units: where the reserve stands at the beginning.
    pub fn opening_reserve(&self) -> Option<Amount> {
        let driver = self.drivers().iter().find(|driver| driver.id == *"reserve")?;
        let (_, value) = driver.values.first()?;
        let scale = Amount::whole(i64::from(self.scale()));
        Some(if driver.unit == super::DriverUnit::Currency {
            value / &scale
        } else {
            value.clone()
        })
    }

    fn timed_text(&self, limit: &Limit, group: &Group, time: MemberId, listed: bool) -> String {
        let own = self.key_text(&limit.each, group);
        let Some(axis) = self.time().filter(|_| !listed) else { return own };
        let time = &self.dimensions()[axis].member(time).id;
        if own.is_empty() { time.to_string() } else { format!("{own}/{time}") }
    }

    fn path(
        &self,
        limit: &Limit,
        group: &Group,
        (targets, over): (&std::collections::HashMap<Vec<MemberId>, Amount>, &Amount),
        rules: &mut Vec<Rule>,
    ) {
        let Some(target) = targets.get(&group.key) else { return };
        let Some((axis, listed)) = self.time_axis(limit) else { return };
        let order = self.dimensions()[axis.dimension].at(axis.level);
        for own in self.groups(&group.slice, &[axis]) {
            let place = order.iter().position(|member| *member == own.key[0]).unwrap_or(0);
            let part = &Amount::whole(i64::try_from(place + 1).unwrap_or(i64::MAX)) / over;
            let form = self.form(limit.measure, &own.cells);
            let start = self.baseline_of(&form);
            let level = &start + &(&part.min(Amount::ONE) * &(target - &start));
            rules.push(Rule {
                member: self.timed_text(limit, group, own.key[0], listed),
                body: Body::Level { form, min: Some(level.clone()), max: Some(level), from: None },
                cells: own.cells,
            });
        }
    }

    /// The baseline of a form.
    pub fn baseline_of(&self, form: &Form) -> Amount {
        let part = |(coefficient, cells): &(Amount, Vec<CellId>)| {
            let sum: Amount = cells.iter().map(|cell| &self.cell(*cell).baseline).sum();
            coefficient * &sum
        };
        form.parts.iter().map(part).sum()
    }

    /// The cells that a share limit's share is taken of, for one group.
    pub fn share_base(&self, of: &ShareOf, each: &[Axis], group: &Group) -> Vec<CellId> {
        let all = super::Slice::all(self.dimensions().len());
        let slice = match of {
            ShareOf::SameTime => match self.time() {
                Some(time) => all.with(time, group.slice.pick(time).cloned()),
                None => all,
            },
            ShareOf::Slice { slice, whole } => {
                let mut base = slice.clone();
                for (axis, member) in each.iter().zip(&group.key) {
                    let free = base.pick(axis.dimension).is_none();
                    if free && !whole.contains(&axis.dimension) {
                        base = self.narrowed(&base, axis.dimension, *member);
                    }
                }
                base
            }
        };
        self.select(&slice)
    }

    /// The floor and ceiling that a change limit sets on a measure of a group.
    pub fn change_bounds(
        &self,
        cut: Option<&Amount>,
        rise: Option<&Amount>,
        measure: MeasureOf,
        group: &Group,
    ) -> (Option<Amount>, Option<Amount>) {
        let baseline = self.baseline_of(&self.form(measure, &group.cells));
        let size = baseline.abs();
        (cut.map(|cut| &baseline - &(cut * &size)), rise.map(|rise| &baseline + &(rise * &size)))
    }
}
