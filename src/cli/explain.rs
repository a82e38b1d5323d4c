//! `virement explain`: why figures are what they are, in sentences or as JSON.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::args::{Explain, ExplainFormat};
use super::run::{Exit, answer, failed, json, misuse};
use super::screen::Screen;
use crate::explain::{Footing, Freedom, Parted, StepSize, Wished};
use crate::plan::{Axis, Plan, Reading, Slice};
use crate::scenario::{self, Wish, WishLevel, WishWay};
use crate::session::{self, Solved};
use crate::solve::{Allocation, Outcome};
use crate::units::{Amount, CellId};
use crate::{explain as why, report};

/// What is said, and the same for programs.
#[derive(Default)]
struct Said {
    lines: Vec<String>,
    json: Map<String, Value>,
}

impl Said {
    /// Leaves a line between two parts.
    fn part(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
    }
}

/// Explains what was asked about.
pub(super) fn explain(screen: &Screen, asked: &Explain) -> Exit {
    let solved = match answer(screen, asked.scenario.as_deref()) {
        Ok(solved) => solved,
        Err(exit) => return exit,
    };
    match &solved.outcome {
        Outcome::Optimal(_) | Outcome::Unrounded(..) if asked.apply.is_some() => {
            misuse(screen, "--apply: the limits hold together, so there is nothing to repair")
        }
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
            match answered(asked, &solved, found) {
                Ok(said) => print(screen, asked, &solved, said),
                Err(message) => misuse(screen, &message),
            }
        }
        Outcome::Infeasible(conflict) => super::clash::clash(screen, asked, &solved, conflict),
        Outcome::Unbounded(_) | Outcome::Stopped(_) => unanswered(screen, asked, &solved),
    }
}

/// What is said where there is no allocation.
fn unanswered(screen: &Screen, asked: &Explain, solved: &Solved) -> Exit {
    let said =
        Said { lines: report::headline(&solved.resolved.plan, &solved.outcome), ..Said::default() };
    match print(screen, asked, solved, said) {
        Exit::Fine if matches!(solved.outcome, Outcome::Stopped(_)) => Exit::Uncertified,
        Exit::Fine => Exit::Infeasible,
        exit => exit,
    }
}

/// Answers each question that was asked; an overview where none was.
fn answered(asked: &Explain, solved: &Solved, found: &Allocation) -> Result<Said, String> {
    let plan = &solved.resolved.plan;
    let size = step_size(&asked.step)?;
    let loss = asked.loss.as_deref().map(loss_of).transpose()?;
    let mut said = Said::default();
    let again = |_| "the exact answer of the plan could not be found again".to_string();
    let footing = Footing::new(plan, found).map_err(again)?;
    let freedom = Freedom::new(&footing, loss.as_ref()).map_err(again)?;
    cells(&mut said, asked, &footing, &freedom)?;
    limits(&mut said, asked, &footing, &size)?;
    wishes(&mut said, asked, &footing)?;
    if asked.cells.is_empty() && asked.limits.is_empty() && asked.why_not.is_empty() {
        overview(&mut said, asked, &footing, &freedom, &size);
    }
    Ok(said)
}

/// The step that was asked for: `1000`, `2%`.
fn step_size(text: &str) -> Result<StepSize, String> {
    let fault = || format!("--step: `{text}` is no step; write a number, or a percent like 1%");
    let number = scenario::number_of(text.trim().trim_end_matches('%')).ok_or_else(fault)?;
    if !number.is_positive() {
        return Err(format!(
            "--step: `{text}` is not above zero; each bound is moved both ways anyway"
        ));
    }
    Ok(if text.trim().ends_with('%') {
        StepSize::Part(&number / &Amount::whole(100))
    } else {
        StepSize::Units(number)
    })
}

/// The loss that was asked for, as a share: `1%`.
fn loss_of(text: &str) -> Result<Amount, String> {
    let number = text.trim().strip_suffix('%').and_then(scenario::number_of);
    let share = number.map(|number| &number / &Amount::whole(100));
    share.filter(|share| !share.is_negative()).ok_or_else(|| {
        format!("--loss: `{text}` is no loss; write a percent of what each aim reached, like 1%")
    })
}

/// The price of each limit that was asked for.
fn limits(
    said: &mut Said,
    asked: &Explain,
    footing: &Footing<'_>,
    size: &StepSize,
) -> Result<(), String> {
    let mut list = Vec::new();
    for name in &asked.limits {
        let (id, member) = match name.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
            Some((id, member)) => (id, Some(member)),
            None => (name.as_str(), None),
        };
        let own: Vec<&Reading> = footing.readings.iter().filter(|own| own.id == *id).collect();
        if own.is_empty() {
            let known: BTreeSet<&str> =
                footing.readings.iter().map(|own| own.id.as_str()).collect();
            return Err(format!(
                "--limit: {}; `virement solve --table limits` lists all",
                scenario::unknown("limit", id, known)
            ));
        }
        let known: BTreeSet<&str> = own.iter().map(|own| own.member.as_str()).collect();
        if let Some(member) = member.filter(|member| !known.contains(member)) {
            if known.iter().all(|own| own.is_empty()) {
                return Err(format!("--limit: `{id}` has no members; leave out `[{member}]`"));
            }
            let what = format!("member of `{id}`");
            return Err(format!("--limit: {}", scenario::unknown(&what, member, known)));
        }
        let own = own.into_iter().filter(|own| member.is_none_or(|member| own.member == member));
        let Parted { binding, free, ends } = Parted::new(own);
        said.part();
        for price in session::price_each(footing, &binding, size, true) {
            said.lines.extend(report::sentences::price(footing, &price));
            list.push(report::price_json(footing, &price));
        }
        said.lines.extend(report::sentences::room(footing, &free));
        said.lines.extend(report::sentences::ends(footing, &ends));
    }
    if !asked.limits.is_empty() {
        said.json.insert("prices".into(), Value::Array(list));
    }
    Ok(())
}

/// What pays for each figure that was wished for, or what forbids it.
fn wishes(said: &mut Said, asked: &Explain, footing: &Footing<'_>) -> Result<(), String> {
    let mut list = Vec::new();
    for text in &asked.why_not {
        let wish = scenario::wish_of(text, footing.plan.dimensions())
            .map_err(|fault| format!("--why-not: {fault}"))?;
        let wished = wished(footing, &wish);
        let found = why::why_not(footing, &wished)
            .ok_or_else(|| format!("--why-not: the plan has no line in `{text}`"))?;
        said.part();
        said.lines.extend(report::sentences::why_not(footing, &found));
        list.push(report::why_not_json(footing, &found));
    }
    if !asked.why_not.is_empty() {
        said.json.insert("why-not".into(), Value::Array(list));
    }
    Ok(())
}

/// The wish in plan units.
fn wished(footing: &Footing<'_>, wish: &Wish) -> Wished {
    let plan = footing.plan;
    let cells = plan.select(&wish.on);
    let sum = |of: &dyn Fn(CellId) -> Amount| -> Amount { cells.iter().map(|c| of(*c)).sum() };
    let level = match &wish.level {
        WishLevel::Amount(level) => level.clone(),
        WishLevel::Change(by) => &sum(&|cell| footing.allocation.amount(plan, cell)) + by,
        WishLevel::OfBaseline(share) => {
            let baseline = sum(&|cell| plan.cell(cell).baseline.clone());
            &baseline + &(share * &baseline.abs())
        }
    };
    let (min, max) = match wish.way {
        WishWay::Exactly => (Some(level.clone()), Some(level)),
        WishWay::AtLeast => (Some(level), None),
        WishWay::AtMost => (None, Some(level)),
    };
    Wished { on: wish.on.clone(), min, max }
}

/// How many prices and promises an overview tells.
const MOST_TOLD: usize = 5;

/// What moved most and why, what the limits are worth, and what the promises cost.
fn overview(
    said: &mut Said,
    asked: &Explain,
    footing: &Footing<'_>,
    freedom: &Freedom,
    size: &StepSize,
) {
    let plan = footing.plan;
    said.lines.extend(report::sentences::overview(footing));
    let slices = totals(plan);
    let of = (size, asked.every);
    let ((mut prices, left), (promises, promises_left), flexes) =
        session::overview(footing, freedom, &slices, of);
    why::rank_prices(&mut prices);
    let most = if asked.every { usize::MAX } else { MOST_TOLD };
    match asked.format {
        ExplainFormat::Text => {
            said.part();
            said.lines.extend(report::sentences::prices(footing, &prices, most));
            said.lines.extend(report::sentences::unpriced(footing, &left));
            said.part();
            said.lines.extend(report::sentences::promises(footing, &promises, most));
            said.lines.extend(report::sentences::promises_left(promises_left));
            said.part();
            said.lines.extend(report::sentences::flexes(footing, &flexes));
        }
        ExplainFormat::Json => {
            let whole = why::why(plan, footing.allocation, &Slice::all(plan.dimensions().len()));
            let names = left.iter().map(|own| report::reading_json(plan, own)).collect();
            let prices = session::each(&prices, |own| report::price_json(footing, own));
            let promises = session::each(&promises, |own| report::promise_json(footing, own));
            let flexes = session::each(&flexes, |own| report::flex_json(footing, own));
            let lines = whole.iter().map(|line| report::line_json(plan, line)).collect();
            let parts = [
                ("prices", Value::Array(prices)),
                ("unpriced", Value::Array(names)),
                ("promises", Value::Array(promises)),
                ("promises_left", promises_left.into()),
                ("flex", Value::Array(flexes)),
                ("lines", Value::Array(lines)),
            ];
            said.json.extend(parts.map(|(name, part)| (name.to_string(), part)));
        }
    }
}

/// The totals of the members of each dimension that has more than one.
fn totals(plan: &Plan) -> Vec<(Slice, Vec<CellId>)> {
    let many = |axis: &Axis| plan.dimensions()[axis.dimension].leaves().count() > 1;
    let axes = plan.leaf_axes().into_iter().filter(many);
    axes.flat_map(|axis| why::flex_slices(plan, &[axis])).collect()
}

/// Why each slice that was asked for stands where it does.
fn cells(
    said: &mut Said,
    asked: &Explain,
    footing: &Footing<'_>,
    freedom: &Freedom,
) -> Result<(), String> {
    let plan = footing.plan;
    let mut list = Vec::new();
    for text in &asked.cells {
        let slice = scenario::slice_of(text, plan.dimensions())
            .map_err(|fault| format!("--cell: {fault}"))?;
        let own = why::why(plan, footing.allocation, &slice)
            .ok_or_else(|| format!("--cell: the plan has no line in `{text}`"))?;
        let flex = freedom.of(footing, &slice, &own.cells);
        let more = why::one_more(footing, &slice);
        said.part();
        said.lines.extend(report::sentences::line(plan, &own));
        said.lines.push(report::sentences::flex(footing, &flex));
        said.lines.extend(more.iter().map(|more| report::sentences::one_more(footing, more)));
        let mut json = report::line_json(plan, &own);
        if let Value::Object(json) = &mut json {
            json.insert("flex".into(), report::flex_json(footing, &flex));
            let more = more.map(|more| report::why_not_json(footing, &more));
            json.insert("one_more".into(), more.unwrap_or(Value::Null));
        }
        list.push(json);
    }
    if !asked.cells.is_empty() {
        said.json.insert("lines".into(), Value::Array(list));
    }
    Ok(())
}

fn print(screen: &Screen, asked: &Explain, solved: &Solved, said: Said) -> Exit {
    let text = match asked.format {
        ExplainFormat::Text => {
            let look = screen.look(false);
            let weights = report::sentences::weights(&solved.resolved.plan, &said.lines);
            let safe: Vec<String> = said
                .lines
                .iter()
                .chain(&weights)
                .map(|line| crate::units::display_safe(line))
                .collect();
            let text = safe.join("\n") + "\n";
            if look.unicode { text } else { report::ascii(&text) }
        }
        ExplainFormat::Json => {
            let mut whole = report::explanation(&solved.resolved.plan, &solved.identity);
            whole.extend(said.json);
            json(&Value::Object(whole))
        }
    };
    match Screen::print(&text) {
        Ok(()) => Exit::Fine,
        Err(message) => failed(screen, &message),
    }
}
