//! The thread that answers what is asked beside the solving of the draft.

mod prices;
mod remedies;

use std::cell::RefCell;
use std::mem::discriminant;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};

use super::advice::{Advice, Asked, PriceTag, Question, Waterfall};
use super::message::Message;
use super::pivot::slice_of;
use super::sweep::{Bends, Point, Sweep};
use super::worker::Request;
use crate::explain::{self, Bridge, Footing, Freedom, Parted, Repair, StepSize};
use crate::plan::{Plan, Reading, ReadingKind};
use crate::report::sentences;
use crate::scenario::{Draft, Picks, Varied};
use crate::session::{self, Desk, Opened};
use crate::solve::{Allocation, Outcome};
use crate::units::{Amount, CellId, Id, display_safe, grouped};
use prices::tag;
use remedies::{all, in_order, so_far};

/// How many of the limits on a figure are priced.
const PRICED: usize = 4;

/// Answers questions until there is nobody to ask or to answer: the newest of each kind. One that
/// takes long is left once `stop` is set, which the next question takes back.
pub(super) fn serve(
    opened: &Opened,
    requests: &Receiver<Request>,
    answers: &Sender<Message>,
    stop: &Arc<AtomicBool>,
) {
    let Ok(mut desk) = Desk::new(opened) else { return };
    let mut open: Vec<Asked> = Vec::new();
    let mut walked: Option<(Asked, Vec<Point>)> = None;
    let mut priced: Option<(Asked, Vec<PriceTag>)> = None;
    loop {
        let first = if open.is_empty() { requests.recv().ok() } else { requests.try_recv().ok() };
        if first.is_none() && open.is_empty() {
            return;
        }
        for request in first.into_iter().chain(requests.try_iter()) {
            match request {
                Request::Ask(asked) => {
                    let kind = discriminant(&asked.question);
                    open.retain(|own| discriminant(&own.question) != kind);
                    open.push(asked);
                }
                Request::Stop => {
                    open.retain(|own| !matches!(own.question, Question::Sweep(_)));
                }
                Request::Forget => desk.forget(),
                Request::Open(opened) => {
                    if let Ok(next) = Desk::new(&opened) {
                        desk = next;
                    }
                }
                Request::Solve { .. } | Request::Other(_) => {}
            }
        }
        if open.is_empty() {
            continue;
        }
        stop.store(false, Ordering::Relaxed);
        // A walk and a list of prices go on a piece at a time, after everything else.
        let long = |own: &Asked| matches!(own.question, Question::Sweep(_) | Question::Prices);
        let place = open.iter().position(|own| !long(own));
        let asked = open.remove(place.unwrap_or(0));
        let advice = match &asked.question {
            Question::Sweep(sweep) => {
                if walked.as_ref().is_none_or(|(known, _)| *known != asked) {
                    walked = Some((asked.clone(), Vec::new()));
                }
                let Some((_, points)) = &mut walked else { continue };
                if step(&mut desk, &asked.text, sweep, points) {
                    open.push(asked.clone());
                }
                Advice::Points(points.as_slice().into())
            }
            Question::Bends { sweep, totals } => {
                let found = bends(&mut desk, &asked.text, (sweep, totals), stop);
                if stop.load(Ordering::Relaxed) {
                    continue;
                }
                Advice::Bends(found)
            }
            Question::Prices => {
                if priced.as_ref().is_none_or(|(known, _)| *known != asked) {
                    priced = Some((asked.clone(), Vec::new()));
                }
                let Some((_, tags)) = &mut priced else { continue };
                if tag(&mut desk, &asked.text, tags) {
                    open.push(asked.clone());
                }
                Advice::Prices(tags.as_slice().into())
            }
            Question::Repairs => {
                let shown = RefCell::new(Vec::new());
                let tell = |found: &[Repair]| {
                    let found = in_order(&mut shown.borrow_mut(), found);
                    let _ = answers.send(Message::Advised(asked.clone(), so_far(&found)));
                };
                let found = desk.repairs(&asked.text, session::Watch { found: &tell, stop });
                if stop.load(Ordering::Relaxed) {
                    continue;
                }
                all(&in_order(&mut shown.borrow_mut(), &found), &found)
            }
            _ => advise(&mut desk, &asked),
        };
        if answers.send(Message::Advised(asked, advice)).is_err() {
            return;
        }
    }
}

/// What is found for one question.
pub fn advise(desk: &mut Desk, asked: &Asked) -> Advice {
    match &asked.question {
        Question::Range(picks) => Advice::Range(range(desk, &asked.text, picks)),
        Question::Sweep(sweep) => {
            let mut points = Vec::new();
            while step(desk, &asked.text, sweep, &mut points) {}
            Advice::Points(points.into())
        }
        Question::Bends { sweep, totals } => {
            Advice::Bends(bends(desk, &asked.text, (sweep, totals), &Arc::default()))
        }
        Question::Prices => {
            let mut tags = Vec::new();
            while tag(desk, &asked.text, &mut tags) {}
            Advice::Prices(tags.into())
        }
        Question::Bridge { other, by } => match desk.bridge(&asked.text, other, by.as_deref()) {
            Ok(bridge) => Advice::Bridge(Arc::new(waterfall(&bridge))),
            Err(words) => Advice::Told(vec![display_safe(&words)]),
        },
        Question::Repairs => {
            let watch = session::Watch { found: &|_| (), stop: &AtomicBool::new(false) };
            let found = desk.repairs(&asked.text, watch);
            all(&found, &found)
        }
        Question::Figure(picks) => told(desk, &asked.text, |plan, allocation| {
            figure(plan, allocation, picks).unwrap_or_default()
        }),
        Question::Limit { kind, id, member } => told(desk, &asked.text, |plan, allocation| {
            limit(plan, allocation, (*kind, id, member)).unwrap_or_default()
        }),
    }
}

/// The least and the greatest figure of a slice, in whole quanta inside what is exactly possible.
fn range(desk: &mut Desk, text: &str, picks: &Picks) -> Option<(Amount, Amount)> {
    let resolved = desk.resolve(text).ok()?;
    let plan = &resolved.plan;
    let (least, most) = explain::extremes(plan, &slice_of(plan, picks)?)?;
    let quantum = plan.quantum();
    let unit = Amount::whole(i64::from(quantum.units()));
    let least = &Amount::from(quantum.count(&least).ceil()) * &unit;
    let most = &Amount::from(quantum.count(&most).floor()) * &unit;
    (least <= most).then_some((least, most))
}

/// Solves the next point of a walk; whether there are more.
fn step(desk: &mut Desk, text: &str, sweep: &Sweep, points: &mut Vec<Point>) -> bool {
    let Some(place) = sweep.next(points) else { return false };
    let value = sweep.values[place].clone();
    let mut draft = Draft::new(text);
    let found = match draft.edit(&sweep.edit(&value)) {
        Ok(()) => desk.answer(draft.text()).ok(),
        Err(_) => None,
    };
    let mut point = Point { value, amounts: None, binding: Vec::new() };
    if let Some((resolved, Outcome::Optimal(found) | Outcome::Unrounded(found, _))) = found {
        let plan = &resolved.plan;
        let cells = (0..plan.cells().len()).map(CellId::new);
        point.amounts = Some(cells.map(|cell| found.amount(plan, cell)).collect());
        let binding = found.readings.iter().filter(|own| !own.slack.is_positive());
        let title =
            |own: &Reading| display_safe(&explain::title_of(plan, own.kind, &own.id, &own.member));
        point.binding = binding.map(title).collect();
    }
    points.push(point);
    points.len() < sweep.values.len()
}

/// Where totals bend along a value.
fn bends(
    desk: &mut Desk,
    text: &str,
    (sweep, totals): (&Sweep, &[(String, Vec<CellId>)]),
    stop: &Arc<AtomicBool>,
) -> Result<Arc<Bends>, String> {
    let ends = sweep.ends().ok_or("there is nothing to walk through")?;
    let plan = desk.resolve(text).map_err(|_refused| "the scenario cannot be read")?.plan;
    let varied = Varied::new(&sweep.target, sweep.share);
    let swept = desk.sweep(text, varied, (&ends.0, &ends.1), totals, stop)?;
    let stretches = swept.stretches.into_iter().map(|mut own| {
        for names in [&mut own.begins, &mut own.ceases] {
            for name in names.iter_mut() {
                *name = called(&plan, name);
            }
        }
        own.clash = own.clash.map(|names| {
            let names = names.split("; ").map(|name| called(&plan, name));
            names.collect::<Vec<_>>().join("; ")
        });
        sweep.inward(own)
    });
    Ok(Arc::new(Bends { exact: swept.exact, stretches: stretches.collect() }))
}

/// What `id[member]` is called for people.
fn called(plan: &Plan, name: &str) -> String {
    let (id, member) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((id, member)) => (id, member),
        None => (name, ""),
    };
    let limit = plan.limits().iter().map(|own| &own.id);
    let limits = limit.chain(plan.funds().iter().map(|own| &own.id));
    let limits = limits.map(|own| (ReadingKind::Limit, own));
    if id == "balance" {
        let balance = crate::units::Id::from(id);
        return display_safe(&explain::title_of(plan, ReadingKind::Balance, &balance, member));
    }
    let holds = plan.holds().iter().map(|own| (ReadingKind::Hold, &own.id));
    let stages = plan.stages().iter().map(|own| (ReadingKind::Stage, &own.id));
    let mut all = limits.chain(holds).chain(stages);
    let known = all.find(|(_, own)| own.as_str() == id);
    display_safe(
        &known.map_or_else(
            || name.to_string(),
            |(kind, own)| explain::title_of(plan, kind, own, member),
        ),
    )
}

/// A bridge as a waterfall of published amounts.
fn waterfall(bridge: &Bridge) -> Waterfall {
    let name = |ids: &Vec<Id>| {
        let ids: Vec<&str> = ids.iter().map(Id::as_str).collect();
        display_safe(&ids.join(" / "))
    };
    let start = |ids: &Vec<Id>| bridge.start.lines.get(ids).map(|(_, amount)| amount.clone());
    Waterfall {
        lines: bridge.lines.iter().map(name).collect(),
        start: bridge.lines.iter().map(|ids| start(ids).unwrap_or_default()).collect(),
        steps: bridge
            .steps
            .iter()
            .map(|step| {
                let adds = step.adds.lines.iter().map(|(_, amount)| amount.clone());
                (super::compare::words(&step.changes), adds.collect())
            })
            .collect(),
    }
}

/// Sentences about an answer.
fn told(desk: &mut Desk, text: &str, tell: impl Fn(&Plan, &Allocation) -> Vec<String>) -> Advice {
    let lines = match desk.answer(text) {
        Ok((resolved, Outcome::Optimal(found) | Outcome::Unrounded(found, _))) => {
            tell(&resolved.plan, &found)
        }
        _ => vec!["There is no allocation to explain.".into()],
    };
    Advice::Told(lines.iter().map(|line| display_safe(line)).collect())
}

/// Why a figure stands where it does, how far it could lie elsewhere, what one more would cost, and
/// what the limits on it are worth.
fn figure(plan: &Plan, allocation: &Allocation, picks: &Picks) -> Option<Vec<String>> {
    let slice = slice_of(plan, picks)?;
    let why = explain::why(plan, allocation, &slice)?;
    let mut lines = sentences::line(plan, &why);
    let Ok(footing) = Footing::new(plan, allocation) else { return Some(lines) };
    if let Ok(freedom) = Freedom::new(&footing, None) {
        let cells = plan.select(&slice);
        lines.push(sentences::flex(&footing, &freedom.of(&footing, &slice, &cells)));
    }
    if let Some(more) = explain::one_more(&footing, &slice) {
        lines.push(sentences::one_more(&footing, &more));
    }
    let adds = |reading: &Reading| {
        let own = why.parts.iter().filter(|part| {
            matches!(&part.by, explain::Source::Row(origin)
                if (origin.kind, &origin.id, &origin.member)
                    == (reading.kind, &reading.id, &reading.member))
        });
        own.map(|part| part.money.abs()).max()
    };
    // Those that add most to it come first: they are why it stands there.
    let mut bounds: Vec<(Amount, &Reading)> =
        footing.binding().filter_map(|reading| Some((adds(reading)?, reading))).collect();
    bounds.sort_by(|one, other| other.0.cmp(&one.0));
    let bounds: Vec<&Reading> = bounds.into_iter().take(PRICED).map(|(_, own)| own).collect();
    if !bounds.is_empty() {
        lines.push(String::new());
        lines.push("What the limits on it are worth:".into());
        let prices = session::price_each(&footing, &bounds, &StepSize::default(), false);
        lines.extend(prices.iter().map(|price| sentences::price_line(&footing, price)));
    }
    Some(lines)
}

/// What a limit is worth.
fn limit(
    plan: &Plan,
    allocation: &Allocation,
    (kind, id, member): (ReadingKind, &str, &str),
) -> Option<Vec<String>> {
    let footing = Footing::new(plan, allocation).ok()?;
    let own =
        |reading: &&Reading| reading.kind == kind && reading.id == *id && reading.member == member;
    let Parted { binding, free, ends } = Parted::new(footing.readings.iter().filter(own));
    let mut lines = Vec::new();
    for price in session::price_each(&footing, &binding, &StepSize::default(), true) {
        lines.extend(sentences::price(&footing, &price));
    }
    lines.extend(sentences::room(&footing, &free));
    lines.extend(sentences::ends(&footing, &ends));
    Some(lines)
}

/// What was found, in lines.
pub(super) fn lines(advice: &Advice) -> Vec<String> {
    match advice {
        Advice::Told(lines) => lines.clone(),
        Advice::Bridge(own) => own.steps.iter().map(|(words, _)| words.clone()).collect(),
        Advice::Points(points) => vec![format!("{} points", points.len())],
        Advice::Bends(Err(words)) => vec![words.clone()],
        Advice::Bends(Ok(bends)) => bend_lines(bends),
        Advice::Prices(tags) => {
            tags.iter().map(|tag| format!("{}  {}", tag.rate, tag.words)).collect()
        }
        Advice::Range(Some(range)) => vec![range_words(range)],
        Advice::Range(None) => vec!["no figure can be had: the limits clash without it".into()],
        Advice::Repairs { found, .. } if found.is_empty() => {
            vec!["nothing was found to repair".into()]
        }
        Advice::Repairs { found, stuck, .. } => {
            let told = (1..).zip(found.iter()).flat_map(|(place, remedy)| {
                let cost = grouped(&remedy.cost, u32::from(!remedy.cost.is_whole()));
                let first = format!("{place}  {} ({cost})", remedy.words);
                let needs = remedy.approvals.iter();
                let each = remedy.each.iter().map(|own| format!("     {own}"));
                std::iter::once(first)
                    .chain(each)
                    .chain(needs.map(|body| format!("   needs the approval of: {body}")))
            });
            told.chain(stuck.clone()).collect()
        }
    }
}

/// The bends in words, one a line.
fn bend_lines(bends: &Bends) -> Vec<String> {
    let list = bends.list();
    let line = |own: &super::sweep::Bend| {
        format!("{}  {}", grouped(&own.at, if own.at.is_whole() { 0 } else { 4 }), own.words)
    };
    match (bends.exact, list.is_empty()) {
        (false, _) => {
            vec!["the answer is no straight line of this value: single points only".into()]
        }
        (true, true) => vec!["no total bends: each is one straight line".into()],
        (true, false) => list.iter().map(line).collect(),
    }
}

/// The range in words: `it can be 151 200 … 212 300`.
pub(super) fn range_words((least, most): &(Amount, Amount)) -> String {
    if least == most {
        return format!("it can be {} and nothing else", grouped(least, 0));
    }
    format!("it can be anything from {} to {}", grouped(least, 0), grouped(most, 0))
}
