//! One figure from one value to another: where the answer bends, exactly.

use super::Options;
use super::atlas::{Atlas, Place};
use super::below::Below;
use super::binding::binds;
use super::ground::Ground;
use super::layout::{Total, totals};
use crate::plan::{Plan, Slice};
use crate::report::{Stretch, Swept};
use crate::scenario::{Design, Varied};
use crate::solve::{ActiveSet, Frame, Line, Map, Outcome, Point, Standing, solve};
use crate::units::{Amount, CellId};

/// The most stretches that a sweep is cut into.
const MOST: usize = 2000;
/// A stretch shorter than this part of the sweep may be passed over, and then it is looked for.
const FINE: i64 = 1 << 20;
/// How many values are solved where the answer is no piecewise affine function of the figure.
const SAMPLES: i64 = 20;

/// Sweeps the figure that `varied` names over the values from `from` to `to`, for the totals that
/// `by` asks for.
///
/// # Errors
///
/// A file or a figure that cannot be read, or a range that is none.
pub fn sweep(
    name: &str,
    varied: Varied,
    (from, to): (&Amount, &Amount),
    by: &[String],
) -> Result<Swept, String> {
    let (below, resolved) = Below::open(name)?;
    let options = Options { by: by.to_vec(), ..Options::default() };
    let all = Slice::all(resolved.plan.dimensions().len());
    let whole = Total { name: "all".into(), cells: resolved.plan.select(&all) };
    let totals: Vec<Total> =
        std::iter::once(whole).chain(totals(&resolved.plan, &options)?).collect();
    along(below, &resolved.plan, varied, (from, to), totals)
}

/// Sweeps a figure of the file that `below` has, whose plan is `plan`.
pub(in crate::session) fn along(
    below: Below,
    plan: &Plan,
    varied: Varied,
    (from, to): (&Amount, &Amount),
    totals: Vec<Total>,
) -> Result<Swept, String> {
    if from >= to {
        return Err(format!("the range from {from} to {to} is empty; let --from be below --to"));
    }
    let grain = grain(&(&(to - from) / &Amount::whole(FINE)));
    let (design, atlas, start) = (Design::of(varied), Atlas::default(), ActiveSet::default());
    let ends = [vec![from.clone()], vec![to.clone()]];
    let mut walk = Walk { below, design, totals, ground: None, atlas, start, ends, grain };
    let text = walk.design.with(&walk.below.base, &walk.below.title, std::slice::from_ref(from));
    walk.below.resolved(&text)?;
    let (below, design) = (&mut walk.below, &walk.design);
    let mut resolve = |values: &[Amount]| below.with(design, values);
    walk.ground = Ground::new(walk.design.varied(), std::slice::from_ref(from), &mut resolve);
    let found = if walk.ground.is_some() { walk.exactly(from, to) } else { None };
    let exact = found.is_some();
    let stretches = found.unwrap_or_else(|| walk.samples(from, to));
    Ok(Swept {
        target: walk.design.varied().first().map(Varied::name).unwrap_or_default(),
        unit: plan.unit(),
        title: walk.below.title.clone(),
        slices: walk.totals.iter().map(|total| total.name.clone()).collect(),
        exact,
        stretches,
    })
}

/// A sweep while it is made.
struct Walk {
    below: Below,
    design: Design,
    totals: Vec<Total>,
    ground: Option<Ground>,
    atlas: Atlas,
    start: ActiveSet,
    /// The ends of the sweep.
    ends: [Vec<Amount>; 2],
    /// Values are looked at in multiples of this: files state them in few digits.
    grain: Amount,
}

/// A region, and the values of the figure that lie in it.
struct Own {
    at: Amount,
    low: Option<Amount>,
    high: Option<Amount>,
    map: Map,
    /// How far the inputs lie from where the map is read, and how they change with the figure.
    steps: Vec<Amount>,
    rates: Vec<Amount>,
}

/// What was found at a value.
enum At {
    Region(Box<Own>),
    Clash(String),
    /// The answer is at a kink, or moves in another way.
    Unknown,
}

impl Own {
    /// An affine function of the inputs as one of the figure: its value here, and its slope.
    fn along(&self, line: &Line) -> (Amount, Amount) {
        let along = |by: &[Amount]| -> Amount {
            line.rates.iter().zip(by).map(|(rate, by)| rate * by).sum()
        };
        (&line.at + &along(&self.steps), along(&self.rates))
    }

    /// The limits that bind at a value, and the lines that stand at a bound of their own.
    fn binding(&self, at: &Amount) -> Vec<String> {
        let met = self.map.slacks.iter();
        let met = met.filter(|(_, slack)| !self.value(slack, at).is_positive());
        let mut names: Vec<String> = met.filter_map(|(reading, _)| binds(reading)).collect();
        names.extend(self.map.still.iter().cloned());
        names.dedup();
        names
    }

    /// The value of a function at another value of the figure.
    fn value(&self, line: &Line, at: &Amount) -> Amount {
        let (own, slope) = self.along(line);
        &own + &(&slope * &(at - &self.at))
    }
}

impl Walk {
    fn plan(&mut self, at: &Amount) -> Option<Plan> {
        self.below.with(&self.design, std::slice::from_ref(at))
    }

    /// The region of a value.
    fn at(&mut self, at: &Amount) -> At {
        let Some(ground) = &self.ground else { return At::Unknown };
        let preferred = ground.decisions.preferred();
        let open = ground.is_open();
        let inputs = |at: &Amount| {
            let inputs = ground.exact(std::slice::from_ref(at));
            Point::new(if open { inputs } else { ground.standing(inputs, &preferred) })
        };
        let (point, next) = (inputs(at), inputs(&(at + &Amount::ONE)));
        if let Some(place) = self.atlas.find(open, &point) {
            return own(at, &place, (&point, &next)).map_or(At::Unknown, At::Region);
        }
        let (below, design) = (&mut self.below, &self.design);
        let values = std::slice::from_ref(at);
        let Some(plan) = below.with(design, values) else { return At::Unknown };
        let standing = if open { Standing::Open } else { Standing::At(preferred) };
        let mut resolve = |values: &[Amount]| below.with(design, values);
        let place = self.atlas.keep(open, (&self.start, &point), |known| {
            let kinds = ground.kinds(values, open, &mut resolve)?;
            let ranges = ground.ranges(&self.ends, open);
            Frame::find(&plan, (&kinds, &point, &ranges), &standing, &self.start, known)
        });
        if let Some(place) = place {
            return own(at, &place, (&point, &next)).map_or(At::Unknown, At::Region);
        }
        match solve(&plan, &self.start) {
            Outcome::Infeasible(conflict) => {
                let names = conflict
                    .parts
                    .iter()
                    .map(|part| super::layout::label(part.origin.id.as_str(), &part.origin.member));
                At::Clash(names.collect::<Vec<_>>().join("; "))
            }
            _ => At::Unknown,
        }
    }

    /// Every stretch, from one end to the other; `None` where there is a value whose answer is no
    /// affine function of the figure near it.
    fn exactly(&mut self, from: &Amount, to: &Amount) -> Option<Vec<Stretch>> {
        let mut found: Vec<(Own, Amount, Amount)> = Vec::new();
        let mut clash: Option<(Amount, String)> = None;
        let mut stretches = Vec::new();
        let mut at = from.clone();
        while at < *to {
            let probe = self.after(&at).min(to.clone());
            match self.near(&probe)? {
                At::Region(own) => {
                    if let Some((since, names)) = clash.take() {
                        let until = own.low.clone().unwrap_or_else(|| at.clone());
                        stretches.push(Stretch::clash(&since, &until, &names));
                        at = until;
                    }
                    let gap = own.low.clone().filter(|low| *low > at);
                    if let Some(low) = gap {
                        self.between(&at, &low, &mut found, 0)?;
                    }
                    let high = own.high.clone().filter(|high| high < to).unwrap_or(to.clone());
                    found.push((*own, at.clone(), high.clone()));
                    at = high;
                }
                At::Clash(names) => {
                    clash.get_or_insert((at.clone(), names));
                    at = self.end_of_clash(&probe, to)?;
                }
                At::Unknown => return None,
            }
            if found.len() > MOST {
                return None;
            }
        }
        if let Some((since, names)) = clash {
            stretches.push(Stretch::clash(&since, to, &names));
        }
        found.sort_by(|a, b| a.1.cmp(&b.1));
        stretches.extend(self.told(found));
        stretches.sort_by(|a, b| a.from.cmp(&b.from));
        Some(stretches)
    }

    /// The next value after `at` that is looked at.
    fn after(&self, at: &Amount) -> Amount {
        let grains = Amount::from((at / &self.grain).floor());
        &(&grains + &Amount::ONE) * &self.grain
    }

    /// The region of a value, or of one a hair away where that one is at a kink.
    fn near(&mut self, at: &Amount) -> Option<At> {
        for part in [0, 3, -5, 17] {
            match self.at(&(at + &(&self.grain * &Amount::whole(part)))) {
                At::Unknown => {}
                known => return Some(known),
            }
        }
        None
    }

    /// The stretches between two values that no region reaches yet.
    fn between(
        &mut self,
        from: &Amount,
        to: &Amount,
        found: &mut Vec<(Own, Amount, Amount)>,
        depth: usize,
    ) -> Option<()> {
        if from >= to {
            return Some(());
        }
        if depth > 40 || found.len() > MOST {
            return None;
        }
        let half = self.after(&(&(from + to) / &Amount::whole(2)));
        let At::Region(own) = self.near(&half)? else { return None };
        let low = own.low.clone().filter(|low| low > from).unwrap_or(from.clone());
        let high = own.high.clone().filter(|high| high < to).unwrap_or(to.clone());
        if low >= high {
            return None;
        }
        self.between(from, &low, found, depth + 1)?;
        found.push((*own, low, high.clone()));
        self.between(&high, to, found, depth + 1)
    }

    /// The least value after `at` from which on the limits hold together, within a hair; the end
    /// where they do not. What can be met is an interval, because limits are linear.
    fn end_of_clash(&mut self, at: &Amount, to: &Amount) -> Option<Amount> {
        let steps = 64;
        let by = &(to - at) / &Amount::whole(steps);
        let (mut low, mut high) = (at.clone(), None);
        for place in 1..=steps {
            let next = self.after(&(at + &(&by * &Amount::whole(place))));
            if matches!(self.near(&next)?, At::Region(_)) {
                high = Some(next);
                break;
            }
            low = next;
        }
        let Some(mut high) = high else { return Some(to.clone()) };
        for _ in 0..30 {
            let half = self.after(&(&(&low + &high) / &Amount::whole(2)));
            match self.near(&half)? {
                At::Region(own) => {
                    high = own.low.clone().filter(|own| *own > low).unwrap_or(half);
                    if own.low.is_some() {
                        break;
                    }
                }
                _ => low = half,
            }
        }
        Some(high)
    }

    /// The stretches with what begins and ceases to bind at each bend.
    fn told(&self, found: Vec<(Own, Amount, Amount)>) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut before: Option<Vec<String>> = None;
        for (own, from, to) in found {
            let half = &(&from + &to) / &Amount::whole(2);
            let binding = own.binding(&half);
            let lines = self.totals.iter().map(|total| {
                let cells = total.cells.iter().map(|cell| &own.map.cells[cell.index()]);
                Line::sum(cells, own.rates.len())
            });
            let values: Vec<(Amount, Amount)> =
                lines.map(|line| (own.value(&line, &from), own.along(&line).1)).collect();
            let joins = stretches.last().is_some_and(|last: &Stretch| {
                last.to == from && last.goes_on(&values) && before.as_ref() == Some(&binding)
            });
            if joins {
                if let Some(last) = stretches.last_mut() {
                    last.to = to;
                }
                continue;
            }
            let known = before.as_deref().unwrap_or(&binding);
            let less = |a: &[String], b: &[String]| -> Vec<String> {
                a.iter().filter(|name| !b.contains(name)).cloned().collect()
            };
            stretches.push(Stretch {
                begins: less(&binding, known),
                ceases: less(known, &binding),
                from,
                to,
                values,
                clash: None,
            });
            before = Some(binding);
        }
        stretches
    }

    /// What single values lead to, where the answer is no affine function between them.
    fn samples(&mut self, from: &Amount, to: &Amount) -> Vec<Stretch> {
        let step = &(to - from) / &Amount::whole(SAMPLES);
        let mut found = Vec::new();
        for place in 0..=SAMPLES {
            let at = from + &(&step * &Amount::whole(place));
            let Some(plan) = self.plan(&at) else {
                found.push(Stretch::clash(&at, &at, "the plan cannot be read at this value"));
                continue;
            };
            match solve(&plan, &self.start) {
                Outcome::Optimal(own) | Outcome::Unrounded(own, _) => {
                    let sum = |cells: &[CellId]| -> Amount {
                        cells.iter().map(|cell| &own.exact[cell.index()]).sum()
                    };
                    let values = self.totals.iter();
                    let values = values.map(|total| (sum(&total.cells), Amount::ZERO)).collect();
                    let (begins, ceases) = (Vec::new(), Vec::new());
                    let to = at.clone();
                    found.push(Stretch { from: at, to, values, begins, ceases, clash: None });
                    self.start = own.active;
                }
                Outcome::Infeasible(conflict) => {
                    let names = conflict.parts.iter().map(|part| part.origin.id.to_string());
                    found.push(Stretch::clash(&at, &at, &names.collect::<Vec<_>>().join("; ")));
                }
                Outcome::Unbounded(_) | Outcome::Stopped(_) => {
                    found.push(Stretch::clash(&at, &at, "there is no answer at this value"));
                }
            }
        }
        found
    }
}

/// The values of the figure that lie in a region; the inputs stand at a point, and at `next` where
/// the figure is one more.
fn own(at: &Amount, place: &Place, (point, next): (&Point, &Point)) -> Option<Box<Own>> {
    let frame = &place.sheet.frame;
    let map = frame.map(&place.charts[0].patch)?;
    let patches = place.charts.iter().map(|chart| &chart.patch);
    let (low, high) = frame.ends(patches, point, next);
    let less = |a: &Point, b: &Point| -> Vec<Amount> {
        a.inputs().iter().zip(b.inputs()).map(|(a, b)| a - b).collect()
    };
    let value = |end: Amount| at + &end;
    Some(Box::new(Own {
        at: at.clone(),
        low: low.map(value),
        high: high.map(value),
        map,
        steps: less(point, frame.base()),
        rates: less(next, point),
    }))
}

/// The power of ten at or below `step`.
fn grain(step: &Amount) -> Amount {
    let ten = Amount::whole(10);
    let mut grain = Amount::ONE;
    while grain > *step {
        grain = &grain / &ten;
    }
    while &grain * &ten <= *step {
        grain = &grain * &ten;
    }
    grain
}
