//! The view as text: for the clipboard, and for a file.

use super::allocation::shown_text;
use super::message::Command;
use super::model::{Model, Screen, Waiting};
use crate::report;
use crate::report::{Column, RowKind, Table, Unit, Value};
use crate::units::Amount;

/// The name that is suggested for a file.
pub(super) fn suggestion(model: &Model) -> &'static str {
    match model.screen {
        Screen::Allocation => "allocation.csv",
        Screen::Limits => "limits.csv",
        Screen::Revenue => "revenue.csv",
        Screen::Transfers => "transfers.csv",
        Screen::Compare => "compare.csv",
        Screen::Explore => "explore.csv",
        Screen::Linkage => "linkage.csv",
    }
}

/// The chosen figure, in plain digits.
pub(super) fn figure(model: &Model) -> String {
    match model.screen {
        Screen::Allocation => {
            let chosen = model.allocation.chosen();
            chosen.map_or(String::new(), |figure| plain(&figure.amount))
        }
        Screen::Limits => {
            let row = model.limits.rows.get(model.limits.row);
            row.map_or(String::new(), |row| plain(&row.level))
        }
        Screen::Revenue => {
            let row = model.revenue.rows.get(model.revenue.row);
            row.map_or(String::new(), |row| row.shown.replace('\u{202f}', ""))
        }
        Screen::Transfers | Screen::Compare | Screen::Explore | Screen::Linkage => text(model),
    }
}

/// The chosen line, with tabs between its fields; the whole view where no line is chosen.
pub(super) fn line(model: &Model) -> String {
    let fields = match model.screen {
        Screen::Allocation => {
            let table = table(model);
            let row = table.as_ref().and_then(|table| table.rows.get(model.allocation.row));
            row.map(|row| row.values.iter().map(field).collect())
        }
        Screen::Limits => model.limits.rows.get(model.limits.row).map(|row| {
            let bound = |bound: &Option<Amount>| bound.as_ref().map_or(String::new(), plain);
            let (least, most) = (bound(&row.least), bound(&row.most));
            vec![row.title.clone(), least, most, plain(&row.level), row.authority.clone()]
        }),
        Screen::Revenue => model.revenue.rows.get(model.revenue.row).map(|row| {
            let texts = [&row.title, &row.period, &row.baseline, &row.shown, &row.unit];
            texts.map(Clone::clone).to_vec()
        }),
        Screen::Transfers => model.transfers.line(),
        Screen::Linkage => model.linkage.line(),
        Screen::Compare | Screen::Explore => None,
    };
    let digits = |text: &String| text.replace('\u{2212}', "-").replace(['\u{202f}', '\t'], "");
    let joined = |fields: Vec<String>| fields.iter().map(digits).collect::<Vec<_>>().join("\t");
    fields.map_or_else(|| text(model), joined)
}

fn plain(amount: &Amount) -> String {
    if amount.is_whole() { amount.numerator().to_string() } else { amount.to_decimal(6) }
}

/// Whether the screen shows amounts whose whole figures are still being found.
pub(super) fn waits(model: &Model) -> bool {
    model.screen == Screen::Allocation && model.calibrated.is_some()
}

/// Puts the view on the clipboard, once it has whole figures.
pub(super) fn copy(model: &mut Model) -> Vec<Command> {
    if waits(model) {
        return wait(model, Waiting::Copy);
    }
    vec![Command::Copy(text(model))]
}

/// Writes the view to a file, once it has whole figures.
pub(super) fn write(model: &mut Model, name: String) -> Vec<Command> {
    if waits(model) {
        return wait(model, Waiting::Export(name));
    }
    match view(model, &name) {
        Ok(text) => vec![Command::Export { name, text }],
        Err(words) => {
            model.warn(words);
            Vec::new()
        }
    }
}

fn wait(model: &mut Model, what: Waiting) -> Vec<Command> {
    model.waiting = Some(what);
    model.say("whole figures are still being found: it is done when they are there");
    Vec::new()
}

/// Does what has waited for whole figures.
pub(super) fn waited(model: &mut Model) -> Vec<Command> {
    let screen = std::mem::replace(&mut model.screen, Screen::Allocation);
    let commands = match model.waiting.take() {
        None => Vec::new(),
        Some(Waiting::Copy) => copy(model),
        Some(Waiting::Export(name)) => write(model, name),
    };
    model.screen = screen;
    commands
}

/// A field as spreadsheets take it.
fn field(value: &Value) -> String {
    match value {
        Value::Text(text) => text.replace('\t', " "),
        Value::Number(number) | Value::Share(number) => plain(number),
        Value::Flag(flag) => flag.to_string(),
        Value::Empty => String::new(),
    }
}

/// The view as lines of fields with tabs between, as spreadsheets take it.
pub(super) fn text(model: &Model) -> String {
    let Some(table) = table(model) else { return String::new() };
    let heads: Vec<String> = table.columns.iter().map(|column| column.title.clone()).collect();
    let rows =
        table.rows.iter().map(|row| row.values.iter().map(field).collect::<Vec<_>>().join("\t"));
    std::iter::once(heads.join("\t")).chain(rows).collect::<Vec<_>>().join("\n") + "\n"
}

/// The view as a file; the ending of its name gives the format.
fn view(model: &Model, name: &str) -> Result<String, String> {
    encoded(table(model).ok_or("there is nothing to write yet")?, name)
}

/// A table as a file; the ending of its name gives the format.
///
/// # Errors
///
/// What ending to write instead, or why it cannot be written.
pub(super) fn encoded(table: Table, name: &str) -> Result<String, String> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    match ending.as_deref() {
        Some("csv") => report::csv::encode(&table)
            .map_err(|error| error.to_string())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        Some("md") => Ok(report::markdown::encode(&[table])),
        Some("txt") => {
            let look = report::Look { width: 160, unicode: true, bold: false };
            Ok(report::draw(&[table], look))
        }
        _ => Err("the file's ending gives the format: .csv, .md or .txt".into()),
    }
}

fn table(model: &Model) -> Option<Table> {
    let answer = model.answer.as_ref()?;
    Some(match model.screen {
        Screen::Allocation => grid(model),
        Screen::Transfers => super::transfers::table(model)?,
        Screen::Compare => super::compare::table(model)?,
        Screen::Limits => report::limits(&answer.plan, &answer.allocation),
        Screen::Revenue => report::revenue(&answer.plan, &answer.allocation),
        Screen::Explore => super::explore::table(model)?,
        Screen::Linkage => report::linkage(&answer.plan, &answer.allocation),
    })
}

/// The grid as it is shown.
fn grid(model: &Model) -> Table {
    let (screen, Some(answer)) = (&model.allocation, &model.answer) else {
        return Table::new("view", "View", Vec::new());
    };
    let unit = || Unit::Money(answer.plan.unit());
    let axis = screen.pivot.as_ref().and_then(|pivot| pivot.columns);
    let mut columns = vec![Column::key("line", "Line")];
    columns.extend(screen.grid.columns.iter().map(|member| match (member, axis) {
        (Some(member), Some(axis)) => {
            let own = answer.plan.dimensions()[axis.dimension].member(*member);
            Column::figure(own.id.as_str(), own.id.as_str(), Unit::None)
        }
        _ => Column::figure("total", "Total", Unit::None),
    }));
    columns.push(Column::figure("baseline", "Baseline", unit()));
    columns.push(Column::change("change", "Change", unit()));
    let mut table = Table::new("view", format!("{} by line", screen.shown.word()), columns);
    for (line, figures) in screen.grid.lines.iter().zip(&screen.grid.figures) {
        let mut values = vec![Value::text(format!("{}{}", "  ".repeat(line.depth), line.name))];
        values.extend(figures.iter().map(|figure| {
            if figure.cells.is_empty() {
                return Value::Empty;
            }
            let text =
                shown_text(screen.shown, figure).replace('\u{2212}', "-").replace('\u{202f}', "");
            Amount::parse(&text).map_or(Value::Empty, Value::Number)
        }));
        if let Some(total) = figures.last() {
            values.push(Value::Number(total.baseline.clone()));
            values.push(Value::Number(&total.amount - &total.baseline));
        }
        let kind = if line.path.is_empty() { RowKind::Total } else { RowKind::Body };
        table.push(kind, values);
    }
    table
}
