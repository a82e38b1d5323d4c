//! What a line shows beside the tables of the answer.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::{Plain, words};
use crate::plan::{Axis, Level, Slice};
use crate::report::{Column, RowKind, Table, Unit, Value};
use crate::session;
use crate::tui::advice::{Advice, Asked, Question};
use crate::tui::adviser::advise;
use crate::tui::answer::Answer;
use crate::tui::export;
use crate::tui::message::Message;
use crate::tui::sweep::SIDE;
use crate::tui::worker;
use crate::units::{Amount, CellId, display_safe};

impl<W: Write> Plain<'_, W> {
    /// Where the total bends along a value.
    pub(super) fn bends(&mut self, rest: &str) -> Result<String, String> {
        let sweep = words::walk(rest)?;
        let answer = self.answer()?;
        let all = Slice::all(answer.plan.dimensions().len());
        let totals = vec![("all".into(), answer.plan.select(&all))];
        Ok(self.told(Question::Bends { sweep, totals }))
    }

    /// The total at points along a value, and what binds there.
    pub(super) fn walk(&mut self, rest: &str) -> Result<String, String> {
        let mut sweep = words::walk(rest)?;
        let (Some(from), Some(to)) = (sweep.values.first().cloned(), sweep.values.last().cloned())
        else {
            return Err("there is nothing to walk through".into());
        };
        let step = &(&to - &from) / &Amount::whole(2 * SIDE);
        sweep.values =
            (0..=2 * SIDE).map(|place| &from + &(&step * &Amount::whole(place))).collect();
        let share = sweep.share;
        let asked = Asked { text: self.draft.text().clone(), question: Question::Sweep(sweep) };
        let Advice::Points(points) = advise(&mut self.desk, &asked) else {
            return Err("there is nothing to walk through".into());
        };
        let unit = Unit::Money(self.answer()?.plan.unit());
        let columns = vec![
            Column::figure("value", "Value", Unit::None),
            Column::figure("total", "Total", unit),
            Column::key("binds", "What binds"),
        ];
        let mut table = Table::new("walk", "Along the value", columns);
        let mut points: Vec<_> = points.iter().collect();
        points.sort_by(|a, b| a.value.cmp(&b.value));
        for point in points {
            let at = &point.value * &Amount::whole(if share { 100 } else { 1 });
            let (total, words) = match &point.amounts {
                Some(amounts) => (Value::Number(amounts.iter().sum()), point.binding.join("; ")),
                None => (Value::Empty, "limits clash there".into()),
            };
            table.push(RowKind::Body, vec![Value::Number(at), total, Value::text(words)]);
        }
        Ok(self.draw(table))
    }

    /// What a limit is worth, for each of its members.
    pub(super) fn worth(&mut self, rest: &str) -> Result<String, String> {
        let answer = self.answer()?;
        let id = rest.trim().trim_start_matches("limit.");
        let named = |reading: &&crate::plan::Reading| reading.id.as_str() == id;
        let readings: Vec<_> = answer.allocation.readings.iter().filter(named).collect();
        if readings.is_empty() {
            return Err(format!("there is no limit `{id}`; `limits` lists them"));
        }
        let mut members: Vec<(crate::plan::ReadingKind, String)> = Vec::new();
        for reading in readings {
            let own = (reading.kind, reading.member.clone());
            if !members.contains(&own) {
                members.push(own);
            }
        }
        let told = members
            .into_iter()
            .map(|(kind, member)| self.told(Question::Limit { kind, id: id.into(), member }));
        Ok(told.collect())
    }

    /// Who gained and who lost by the last edit, gains first.
    pub(super) fn moved(&mut self, rest: &str) -> Result<String, String> {
        let answer = self.answer()?;
        let fits = |before: &&Arc<Answer>| before.amounts.len() == answer.amounts.len();
        let before = self.before.clone().filter(|own| fits(&own));
        let before = before.ok_or("nothing was edited yet")?;
        let plan = &answer.plan;
        let mut axes = self.axes(rest)?;
        if axes.is_empty() {
            let all = (0..plan.dimensions().len()).filter(|place| Some(*place) != plan.time());
            axes = all.take(2).map(|dimension| Axis { dimension, level: Level::Leaves }).collect();
        }
        let groups = plan.groups(&Slice::all(plan.dimensions().len()), &axes);
        let change = |cells: &[CellId]| &answer.sum(cells) - &before.sum(cells);
        let changes = groups.iter().map(|own| (plan.key_text(&axes, own), change(&own.cells)));
        let mut moved: Vec<(String, Amount)> =
            changes.filter(|(_, change)| !change.is_zero()).collect();
        if moved.is_empty() {
            return Ok("nothing moved\n".into());
        }
        moved.sort_by(|one, other| other.1.cmp(&one.1));
        let columns = vec![
            Column::key("line", "Line"),
            Column::change("change", "Change", Unit::Money(plan.unit())),
        ];
        let mut table = Table::new("moved", "Moved by the last edit", columns);
        for (name, change) in moved {
            let values = vec![Value::text(display_safe(&name)), Value::Number(change)];
            table.push(RowKind::Body, values);
        }
        Ok(self.draw(table))
    }

    /// Another scenario beside this one, line by line.
    pub(super) fn compare(&mut self, rest: &str) -> Result<String, String> {
        let (path, axes) = rest.split_once(' ').unwrap_or((rest, ""));
        let other = self.other(path)?;
        let answer = self.answer()?;
        if other.amounts.len() != answer.amounts.len() {
            return Err(format!("{path} has other lines than this scenario"));
        }
        let axes = match self.axes(axes)? {
            axes if axes.is_empty() => self.axes(answer.plan.dimensions()[0].id().as_str())?,
            axes => axes,
        };
        let unit = || Unit::Money(answer.plan.unit());
        let columns = vec![
            Column::key("line", "Line"),
            Column::figure("other", path, unit()),
            Column::figure("this", "this", unit()),
            Column::change("difference", "difference", unit()),
        ];
        let mut table = Table::new("compare", "Compared", columns);
        let all = Slice::all(answer.plan.dimensions().len());
        let groups = answer.plan.groups(&all, &axes);
        let lines = groups.iter().map(|group| (answer.plan.key_text(&axes, group), &group.cells));
        let whole = answer.plan.select(&all);
        let mut lines: Vec<(String, &Vec<_>)> = lines.collect();
        lines.push(("Total".into(), &whole));
        let last = lines.len() - 1;
        for (at, (name, cells)) in lines.into_iter().enumerate() {
            let (before, now) = (other.sum(cells), answer.sum(cells));
            let change = &now - &before;
            let kind = if at == last { RowKind::Total } else { RowKind::Body };
            let figures = [before, now, change].map(Value::Number);
            table.push(kind, [vec![Value::text(display_safe(&name))], figures.into()].concat());
        }
        Ok(self.draw(table))
    }

    /// What each change adds from another scenario to this one.
    pub(super) fn bridge(&mut self, path: &str) -> Result<String, String> {
        let path = self.scenario(path)?;
        let question = Question::Bridge { other: path, by: None };
        let asked = Asked { text: self.draft.text().clone(), question };
        let found = match advise(&mut self.desk, &asked) {
            Advice::Bridge(found) => found,
            Advice::Told(lines) => return Err(lines.join(" ")),
            _ => return Err("there is no bridge".into()),
        };
        let unit =
            || Unit::Money(self.answer.as_ref().map_or(String::new(), |own| own.plan.unit()));
        let columns = vec![
            Column::key("change", "Change"),
            Column::change("adds", "Adds", unit()),
            Column::figure("comes", "Comes to", unit()),
        ];
        let mut table = Table::new("bridge", "The bridge", columns);
        let mut at: Amount = found.start.iter().sum();
        let begins = vec![Value::text("begins at"), Value::Empty, Value::Number(at.clone())];
        table.push(RowKind::Body, begins);
        for (words, adds) in &found.steps {
            let adds: Amount = adds.iter().sum();
            at = &at + &adds;
            let row =
                vec![Value::text(words.as_str()), Value::Number(adds), Value::Number(at.clone())];
            table.push(RowKind::Body, row);
        }
        Ok(self.draw(table))
    }

    /// The file of another scenario of the plan's folder; its ending may be left out.
    fn scenario(&self, name: &str) -> Result<String, String> {
        let others = self.desk.others();
        let whole = format!("{}.scenario.toml", name.trim());
        let known = others.iter().find(|own| *own == name.trim() || **own == whole);
        known.cloned().ok_or_else(|| {
            format!(
                "there is no scenario `{}` beside this one; there are {}",
                name.trim(),
                others.join(", ")
            )
        })
    }

    fn other(&mut self, name: &str) -> Result<std::sync::Arc<Answer>, String> {
        let path = self.scenario(name)?;
        match worker::other(&mut self.desk, &path) {
            Message::Compared(_, answer) => Ok(answer),
            Message::Failed(words) => Err(words),
            _ => Err("it cannot be compared".into()),
        }
    }

    /// Writes the table that was shown last to a file.
    pub(super) fn write(&mut self, name: &str) -> Result<String, String> {
        let table = self.table.clone();
        let table = table.ok_or("show a table first: show, limits, revenue, compare …")?;
        let text = export::encoded(table, name)?;
        let path = Path::new(name);
        if path.exists() {
            return Err(format!("there is a file `{name}` already; name another"));
        }
        session::write(path, text.as_bytes())?;
        Ok(format!("written to {name}\n"))
    }
}
