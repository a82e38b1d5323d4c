use serde_json::{Map, Value as Json, json};

use super::args::{Compare, Compared, Format};
use super::run::{Exit, find, misuse, refuse, show};
use super::screen::Screen;
use super::tables::MANY_CELLS;
use super::transfers::{in_format, out};
use crate::explain::Bridge;
use crate::plan::{Axis, Plan};
use crate::report::{self, Side, Table};
use crate::scenario::Sources;
use crate::session::{self, Request, Solved};

/// The word for the plan before anything is allocated.
const BASELINE: &str = "baseline";
/// How many inputs are shown on a screen.
const MOST_INPUTS: usize = 30;

/// One of the scenarios, with its files.
struct Own {
    request: Request,
    solved: Solved,
    sources: Sources,
}

impl Own {
    /// Whether a parent has changed since it was frozen.
    fn stale(&self) -> bool {
        let mut warnings = self.solved.resolved.warnings.iter();
        warnings.any(|problem| problem.code == "stale-parent")
    }
}

/// Compares scenarios and prints the tables.
pub(super) fn compare(screen: &Screen, asked: &Compare) -> Exit {
    let from_baseline = asked.scenarios.first().is_some_and(|name| name == BASELINE)
        && session::find(BASELINE).is_err();
    let mut own = Vec::new();
    for name in asked.scenarios.iter().skip(usize::from(from_baseline)) {
        match solved(screen, name) {
            Ok(found) => own.push(found),
            Err(exit) => return exit,
        }
    }
    let comparison = match Comparison::new(asked, &own, from_baseline) {
        Ok(comparison) => comparison,
        Err(message) => return misuse(screen, &message),
    };
    let text = match comparison.text(screen) {
        Ok(text) => text,
        Err(message) => {
            screen.say(&message);
            let exit = ending(screen, &own);
            return if exit == Exit::Fine { Exit::Misuse } else { exit };
        }
    };
    out(screen, &text, asked.output.as_deref(), || ending(screen, &own))
}

fn solved(screen: &Screen, name: &str) -> Result<Own, Exit> {
    let request = find(screen, Some(name))?;
    match session::answer(&request) {
        Ok((solved, sources)) => {
            show(screen, &solved.resolved.warnings, &sources);
            Ok(Own { request, solved, sources })
        }
        Err(refused) => Err(refuse(screen, &refused)),
    }
}

/// The worst of the scenarios decides how the command ends.
fn ending(screen: &Screen, own: &[Own]) -> Exit {
    let mut exit = Exit::Fine;
    for own in own {
        let plan = &own.solved.resolved.plan;
        let status = report::status(plan, &own.solved.outcome);
        let next = match (status.status, status.proof) {
            ("infeasible", _) => Exit::Infeasible,
            ("optimal", "feasible" | "optimal") => Exit::Fine,
            _ => Exit::Uncertified,
        };
        if next != Exit::Fine {
            screen.say(&format!("{}: {}", own.request.name, status.status));
        }
        if exit == Exit::Fine {
            exit = next;
        }
    }
    exit
}

/// What is compared, and how it was asked for.
struct Comparison<'a> {
    asked: &'a Compare,
    own: &'a [Own],
    sides: Vec<Side<'a>>,
    plan: &'a Plan,
    from_baseline: bool,
    /// The axes of `--by`, in each plan.
    axes: Vec<Vec<Axis>>,
}

impl<'a> Comparison<'a> {
    fn new(asked: &'a Compare, own: &'a [Own], from_baseline: bool) -> Result<Self, String> {
        let Some(first) = own.first() else {
            return Err("name a scenario to compare the baseline with".into());
        };
        let plan = &first.solved.resolved.plan;
        super::tables::axes(plan, &asked.by)?;
        let mut sides = Vec::new();
        if from_baseline {
            sides.push(Side { name: BASELINE.into(), plan, outcome: None });
        }
        for own in own {
            session::comparable(plan, &own.solved.resolved.plan)?;
            sides.push(Side {
                name: own.request.name.clone(),
                plan: &own.solved.resolved.plan,
                outcome: Some(&own.solved.outcome),
            });
        }
        let axes = sides.iter().map(|side| session::axes(side.plan, &asked.by));
        let axes = axes.collect::<Result<_, _>>().map_err(|message| format!("--by: {message}"))?;
        Ok(Self { asked, own, sides, plan, from_baseline, axes })
    }

    fn text(&self, screen: &Screen) -> Result<String, String> {
        let asked = self.asked;
        if asked.format == Format::Json {
            return self.json();
        }
        let csv = asked.format == Format::Csv;
        let names = match asked.tables.as_slice() {
            [] if csv => vec![Compared::Compare],
            [] => self.all(),
            names => names.to_vec(),
        };
        if csv && names.len() > 1 {
            return Err("--format csv takes one --table".into());
        }
        let mut tables = Vec::new();
        for name in names {
            tables.extend(self.tables(name, csv || !asked.tables.is_empty())?);
        }
        if asked.tables.is_empty() && !csv {
            tables.retain(|table| table.id == "scenarios" || !table.rows.is_empty());
            if self.same() {
                tables.truncate(1);
                tables[0].notes.push("the scenarios are the same: nothing differs".into());
            }
        }
        in_format(screen, asked.format, &tables, asked.output.is_some())
    }

    /// Whether all scenarios have the same effective plan.
    fn same(&self) -> bool {
        let hash = |own: &Own| own.solved.resolved.hash();
        !self.from_baseline && self.own.iter().all(|own| hash(own) == hash(&self.own[0]))
    }

    /// The tables that fit: a bridge joins the first scenario and another, where both have an answer.
    fn all(&self) -> Vec<Compared> {
        let mut all = vec![Compared::Scenarios, Compared::Inputs];
        let answered = self.sides.iter().filter(|side| side.has_figures()).count();
        if answered > 1 {
            all.extend([Compared::Compare, Compared::Limits, Compared::Revenue, Compared::Stages]);
        }
        if answered > 1 && self.sides.first().is_some_and(Side::has_figures) {
            all.push(Compared::Bridge);
        }
        all
    }

    fn tables(&self, name: Compared, whole: bool) -> Result<Vec<Table>, String> {
        Ok(vec![match name {
            Compared::Scenarios => self.scenarios(),
            Compared::Inputs => self.inputs(whole),
            Compared::Compare => return Ok(self.compared(whole)),
            Compared::Limits => self.limits(),
            Compared::Revenue => report::compare_revenue(&self.sides),
            Compared::Stages if self.people() => report::compare_stages_told(&self.sides),
            Compared::Stages => report::compare_stages(&self.sides),
            Compared::Bridge => return self.bridges(),
        }])
    }

    /// The lines that differ: by dimension where there are many and nothing else was asked for.
    fn compared(&self, whole: bool) -> Vec<Table> {
        if !self.asked.by.is_empty() {
            return vec![report::compare(&self.sides, &self.axes)];
        }
        if whole || self.plan.cells().len() <= MANY_CELLS {
            let leaves: Vec<_> = self.sides.iter().map(|side| side.plan.leaf_axes()).collect();
            return vec![report::compare(&self.sides, &leaves)];
        }
        let mut tables = Vec::new();
        for axis in self.plan.leaf_axes() {
            let dimension = &self.plan.dimensions()[axis.dimension];
            if dimension.leaves().count() > 1 {
                let mut table = report::compare(&self.sides, &vec![vec![axis]; self.sides.len()]);
                table.title = format!("Lines that differ, by {}", dimension.title());
                tables.push(table);
            }
        }
        tables
    }

    fn scenarios(&self) -> Table {
        let mut table = report::scenarios(&self.sides);
        for side in self.sides.iter().filter(|side| !side.has_figures()) {
            let name = &side.name;
            table.notes.push(format!(
                "`{name}` has no answer: `virement explain {name}` says why, and what would mend it"
            ));
        }
        for own in self.own.iter().filter(|own| own.stale()) {
            let name = &own.request.name;
            table.notes.push(format!(
                "`{name}` is stale: what it was frozen on has changed since; `virement check {name}` \
                 shows where"
            ));
        }
        table
    }

    /// The limits that begin or cease to bind; beside three scenarios or more there is no room for remarks.
    fn limits(&self) -> Table {
        let mut table = report::compare_limits(&self.sides);
        if self.people() && self.sides.len() > 2 {
            table.drop_column("measure");
            table.drop_column("authority");
        }
        table
    }

    fn inputs(&self, whole: bool) -> Table {
        let sides: Vec<_> =
            self.own.iter().map(|own| (&own.solved.resolved, &own.sources)).collect();
        let mut table = session::inputs(&sides);
        let more = table.rows.len().saturating_sub(MOST_INPUTS);
        if more > 0 && !whole {
            table.rows.truncate(MOST_INPUTS);
            table.notes.push(format!("and {more} more; --table inputs shows all"));
        }
        if self.from_baseline {
            table.notes.push("the baseline has the inputs of the first scenario".into());
        }
        table
    }

    /// Whether people read the tables, and not programs.
    fn people(&self) -> bool {
        matches!(self.asked.format, Format::Table | Format::Md)
    }

    /// The bridges from the first scenario to each of the others: for programs one below the other
    /// in one table, for people in two tables each, that one line holds each change.
    fn bridges(&self) -> Result<Vec<Table>, String> {
        let people = self.people();
        let (mut joined, mut tables, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for place in 1..self.sides.len() {
            match self.bridge(place) {
                Ok((table, bridge)) if people => tables.extend(report::apart(table, &bridge)),
                Ok((table, _)) => joined.push((place + 1, table)),
                Err(why) => missing.push((place, why)),
            }
        }
        tables.extend(report::bridges(joined));
        let Some(last) = tables.last_mut() else {
            let why = missing.into_iter().next().map(|(_, why)| why);
            return Err(why.unwrap_or_else(|| "a bridge joins two scenarios".into()));
        };
        for (place, why) in missing {
            last.notes.push(format!("there is no bridge to `{}`: {why}", self.sides[place].name));
        }
        Ok(tables)
    }

    /// The bridge from the first scenario to another.
    fn bridge(&self, place: usize) -> Result<(Table, Bridge), String> {
        let found = |own: &'a Own| (&own.request, &own.solved);
        let (start, end) = if self.from_baseline {
            (None, found(&self.own[place - 1]))
        } else {
            (Some(found(&self.own[0])), found(&self.own[place]))
        };
        let bridge = session::bridge(start, end, &self.asked.by, self.asked.shapley)?;
        let (first, last) = (&self.sides[0].name, &self.sides[place]);
        let table = report::bridge(last.plan, &self.axes[place], [first, &last.name], &bridge);
        Ok((table, bridge))
    }

    /// The comparison as one JSON object, `virement/comparison@1`.
    fn json(&self) -> Result<String, String> {
        let mut found = Map::new();
        found.insert("format".into(), json!("virement/comparison@1"));
        found.insert("currency".into(), json!(self.plan.currency()));
        found.insert("scale".into(), json!(self.plan.scale()));
        let hashes = self.own.iter().map(|own| json!(own.solved.resolved.hash()));
        found.insert("hashes".into(), Json::Array(hashes.collect()));
        let stale = self.own.iter().filter(|own| own.stale()).map(|own| json!(own.request.name));
        found.insert("stale".into(), Json::Array(stale.collect()));
        let names =
            if self.asked.tables.is_empty() { self.all() } else { self.asked.tables.clone() };
        for name in names {
            for table in self.tables(name, true)? {
                found.insert(table.id.into(), report::json::rows(&table));
            }
        }
        Ok(super::run::json(&Json::Object(found)))
    }
}
