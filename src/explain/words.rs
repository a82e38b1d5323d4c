//! Slices, amounts and bounds in the words of a planner.

use crate::plan::{
    Axis, Base, Body, Dimension, Expression, Figure, Group, Level, Limit, MeasureOf, Pick, Plan,
    Rule, Sign, Slice,
};
use crate::units::{Amount, MemberId, grouped};

/// How many members of a dimension are named one by one.
const MOST_NAMED: usize = 4;

/// An amount with its thousands parted, and two decimals where it is not whole.
pub fn amount(value: &Amount) -> String {
    grouped(value, if value.is_whole() { 0 } else { 2 })
}

/// An amount with the unit of the plan.
pub(super) fn money(plan: &Plan, value: &Amount) -> String {
    format!("{} {}", amount(value), plan.unit())
}

/// A share in percent, with as few decimals as say it.
pub fn percent(share: &Amount) -> String {
    let points = share * &Amount::whole(100);
    format!("{} %", grouped(&points, decimals(&points, &[0, 1, 2, 3, 4])))
}

/// The first of `tried` numbers of decimals that says the value exactly; else the last.
pub(super) fn decimals(value: &Amount, tried: &[u32]) -> u32 {
    let exact =
        |places: &u32| Amount::parse(&value.to_decimal(*places)).ok().as_ref() == Some(value);
    tried.iter().copied().find(exact).or(tried.last().copied()).unwrap_or(0)
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A slice by the titles of its members: `ITU-D, Travel on duty, in 2027`.
pub fn slice(plan: &Plan, slice: &Slice) -> String {
    let mut parts = Vec::new();
    let mut time = String::new();
    for (place, dimension) in plan.dimensions().iter().enumerate() {
        let Some(pick) = slice.pick(place) else { continue };
        let words = picked(dimension, pick);
        if words.is_empty() {
            continue;
        }
        if dimension.is_time() {
            time = format!("in {words}");
        } else {
            parts.push(words);
        }
    }
    match (parts.is_empty(), time.is_empty()) {
        (true, true) => "all lines together".into(),
        (true, false) => format!("all lines {time}"),
        (false, true) => parts.join(", "),
        (false, false) => format!("{} {time}", parts.join(", ")),
    }
}

/// Whether a slice in words is several things: `all lines`, or members in a list.
pub(super) fn is_many(plan: &Plan, slice: &Slice) -> bool {
    let places = plan.dimensions().iter().enumerate().filter(|(_, own)| !own.is_time());
    let picks = places.filter_map(|(place, own)| Some((own, slice.pick(place)?)));
    let told = |(own, pick): &(&Dimension, &Pick)| !picked(own, pick).is_empty();
    let listed = |(own, pick): (&Dimension, &Pick)| {
        let leaves: Vec<MemberId> = own.leaves().filter(|leaf| pick.has(*leaf)).collect();
        let mut members = (0..own.members().len()).map(MemberId::new);
        !members.any(|member| own.member(member).leaves() == leaves)
    };
    let told: Vec<(&Dimension, &Pick)> = picks.filter(told).collect();
    told.is_empty() || told.into_iter().any(listed)
}

/// What a pick selects, by titles; nothing where it selects all.
fn picked(dimension: &Dimension, pick: &Pick) -> String {
    let leaves: Vec<MemberId> = dimension.leaves().filter(|leaf| pick.has(*leaf)).collect();
    if leaves.len() == dimension.leaves().count() {
        return String::new();
    }
    let title = |member: &MemberId| dimension.member(*member).title.clone();
    let whole = (0..dimension.members().len()).map(MemberId::new);
    if let Some(member) = whole.into_iter().find(|m| dimension.member(*m).leaves() == leaves) {
        return title(&member);
    }
    if leaves.len() <= MOST_NAMED {
        return listed(&leaves.iter().map(title).collect::<Vec<_>>());
    }
    let left: Vec<MemberId> = dimension.leaves().filter(|leaf| !pick.has(*leaf)).collect();
    if left.len() <= MOST_NAMED {
        return format!("all but {}", listed(&left.iter().map(title).collect::<Vec<_>>()));
    }
    format!("{} of {}", leaves.len(), dimension.title())
}

/// The slice that a rule of a limit is about.
pub(super) fn slice_of(plan: &Plan, limit: &Limit, rule: &Rule) -> Slice {
    let groups = plan.groups(&limit.on, &limit.each);
    let same = |group: &&Group| group.cells == rule.cells;
    if let Some(own) = groups.iter().find(same) {
        return own.slice.clone();
    }
    let within = |group: &Group| match limit.family(&group.key) {
        Some(crate::plan::Family::Movement { within, .. }) => {
            plan.movers(limit, group, *within).into_iter().map(|(_, own)| own).collect()
        }
        _ => in_time(plan, limit, group),
    };
    let finer = groups.iter().flat_map(within).find(|own: &Group| own.cells == rule.cells);
    finer.map_or_else(|| limit.on.clone(), |own| own.slice)
}

fn in_time(plan: &Plan, limit: &Limit, group: &Group) -> Vec<Group> {
    let Some(dimension) = plan.time() else { return Vec::new() };
    let listed = limit.each.iter().find(|axis| axis.dimension == dimension);
    let axis = listed.copied().unwrap_or(Axis { dimension, level: Level::Leaves });
    plan.groups(&group.slice, &[axis])
}

/// An expression in words, with the figures that its percentages are of.
pub(super) fn expression(
    plan: &Plan,
    of: &Expression,
    group: &Group,
    measure: MeasureOf,
) -> String {
    match of {
        Expression::Number(number) => amount(number),
        Expression::PartOf(share, base) => {
            let whole = Expression::PartOf(Amount::ONE, base.clone());
            let value = amount(&whole.value(plan, group, measure));
            format!("{} of {}, {value}", percent(share), base_words(plan, base))
        }
        Expression::Sum(terms) => {
            let mut text = String::new();
            for (sign, term) in terms {
                let word = match (sign, text.is_empty()) {
                    (Sign::Plus, true) => "",
                    (Sign::Plus, false) => "; plus ",
                    (Sign::Minus, true) => "less ",
                    (Sign::Minus, false) => "; less ",
                };
                text += word;
                text += &expression(plan, term, group, measure);
            }
            text
        }
        Expression::Min(pair) => both(plan, "the lesser of", pair, group, measure),
        Expression::Max(pair) => both(plan, "the greater of", pair, group, measure),
    }
}

fn both(
    plan: &Plan,
    word: &str,
    pair: &(Expression, Expression),
    group: &Group,
    measure: MeasureOf,
) -> String {
    let side = |of: &Expression| expression(plan, of, group, measure);
    format!("{word} ({}) and ({})", side(&pair.0), side(&pair.1))
}

fn base_words(plan: &Plan, base: &Base) -> String {
    let figure = match base.figure {
        Figure::Baseline => "baseline",
        Figure::Need => "need",
    };
    match base.instead {
        _ if base.total => format!("the whole plan's {figure}"),
        None => format!("its {figure}"),
        Some((dimension, member)) => {
            format!("the {figure} of {}", plan.dimensions()[dimension].member(member).title)
        }
    }
}

/// The unit that a measure's figures count in.
pub(super) fn unit(plan: &Plan, measure: MeasureOf) -> String {
    match measure {
        MeasureOf::Weighted(place) if plan.measures()[place].unit != "plan" => {
            plan.measures()[place].unit.clone()
        }
        _ => plan.unit(),
    }
}

/// The rule of a limit that a reading is of: the same member, and a body of that kind.
pub(super) fn rule_of(plan: &Plan, limit: &Limit, member: &str, turnover: bool) -> Option<Rule> {
    let fits = |rule: &Rule| {
        rule.member == member && matches!(rule.body, Body::Turnover { .. }) == turnover
    };
    plan.rules(limit).iter().find(|rule| fits(rule)).cloned()
}
