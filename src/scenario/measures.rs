//! Reads `[[measure]]`, `[[attribution]]` and `[[fund]]`, and tables whose rows are slices.

use super::families::Context;
use super::problem::Problem;
use super::reader::{Reader, as_text, share, with_help, wrong_kind};
use super::schema;
use super::slices::{member, slice};
use super::source::{Place, Sources};
use super::suggest::suggest;
use super::table_file::TableFile;
use super::tree::{Datum, Node, Table, number_problem};
use crate::plan::{Attribution, Fund, Measure, MeasureOf, Pick, RevenueLine, Slice};
use crate::units::{Amount, Id};

/// A row of a table of slices: the slice, the texts of the other columns, and the place of each.
pub(crate) struct SliceRow {
    pub(crate) slice: Slice,
    fields: Vec<Option<(String, Place)>>,
    pub(crate) place: Place,
}

impl SliceRow {
    /// The text of the other column of place `column`, where it is not blank.
    pub(crate) fn text(&self, column: usize) -> Option<(&str, Place)> {
        self.fields[column].as_ref().map(|(text, place)| (text.as_str(), *place))
    }

    /// The number of the other column of place `column`.
    pub(crate) fn number(&self, column: usize, problems: &mut Vec<Problem>) -> Option<Amount> {
        let (text, place) = self.text(column)?;
        match Amount::parse(text) {
            Ok(number) => Some(number),
            Err(fault) => {
                problems.push(number_problem(text, place, fault));
                None
            }
        }
    }
}

/// Reads a table whose columns are dimensions, any of them, and `columns`.
pub(crate) fn slice_rows(
    node: &Node,
    columns: &[&str],
    needed: &[&str],
    context: &Context<'_>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<Vec<SliceRow>> {
    let file = TableFile::named(node, "table", problems)?;
    let sheet = file.open(context.files, context.path, sources, problems)?;
    let ids: Vec<&str> = context.dimensions.iter().map(|d| d.id().as_str()).collect();
    let remarks = ["note", "source", "provenance"];
    let known: Vec<&str> =
        ids.iter().copied().chain(columns.iter().copied()).chain(remarks).collect();
    sheet.check_columns(&known, &[], problems);
    for name in needed {
        sheet.needed(name, problems)?;
    }
    let mut rows = Vec::new();
    for row in 0..sheet.len() {
        let mut own = Slice::all(ids.len());
        let mut whole = true;
        for (place, dimension) in context.dimensions.iter().enumerate() {
            let Some(column) = sheet.column(dimension.id().as_str()) else { continue };
            let text = sheet.field(row, column);
            if text.is_empty() || text == "*" {
                continue;
            }
            let at = sheet.place(row, column, sources);
            match member(text, at, dimension, problems) {
                Some(found) => {
                    own = own.with(place, Some(Pick::new(dimension, &[found], text.into())));
                }
                None => whole = false,
            }
        }
        let field = |name: &&str| {
            let column = sheet.column(name)?;
            let text = sheet.field(row, column);
            (!text.is_empty()).then(|| (text.to_string(), sheet.place(row, column, sources)))
        };
        if whole {
            let fields = columns.iter().map(field).collect();
            rows.push(SliceRow { slice: own, fields, place: sheet.place(row, 0, sources) });
        }
    }
    Some(rows)
}

/// The measures of the plan.
pub(crate) fn measures(
    root: &Table,
    context: &Context<'_>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Vec<Measure> {
    let mut found = Vec::new();
    for (table, place) in root.items("measure") {
        let reader = Reader::new(table, place, &schema::MEASURE, problems);
        found.extend(measure(&reader, context, sources, problems));
    }
    found
}

fn measure(
    reader: &Reader<'_>,
    context: &Context<'_>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<Measure> {
    let id = reader.id(problems)?;
    let unit = reader.needed_text("unit", problems)?.to_string();
    let table = reader.needed("table", problems)?;
    let rows = slice_rows(table, &["weight"], &["weight"], context, sources, problems)?;
    let weights = rows.into_iter().filter_map(|row| {
        let weight = row.number(0, problems)?;
        Some((row.slice, weight))
    });
    Some(Measure {
        rows: weights.collect(),
        title: reader.owned("title", problems).unwrap_or_else(|| id.to_string()),
        unit,
        id,
    })
}

/// The attributions of the plan.
pub(crate) fn attributions(
    root: &Table,
    context: &Context<'_>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Vec<Attribution> {
    let mut found = Vec::new();
    for (table, place) in root.items("attribution") {
        let reader = Reader::new(table, place, &schema::ATTRIBUTION, problems);
        found.extend(attribution(&reader, context, sources, problems));
    }
    found
}

/// The shares of a slice, by place of the target, and where they are stated.
type Shares = (Slice, Vec<(usize, Amount)>, Place);

fn attribution(
    reader: &Reader<'_>,
    context: &Context<'_>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<Attribution> {
    let id = reader.id(problems)?;
    let to = reader.needed_text("to", problems)?.to_string();
    let from = match reader.needed("from", problems)? {
        Node { datum: Datum::Table(table), .. } if table.get("dimension").is_some() => {
            let node = table.get("dimension")?;
            let name = as_text(node, "dimension", problems)?;
            super::slices::dimension(name, node.place, context.dimensions, problems)?;
            Slice::all(context.dimensions.len())
        }
        node => slice(node, context.dimensions, problems)?,
    };
    let table = reader.needed("table", problems)?;
    let columns = [to.as_str(), "share"];
    let listed = slice_rows(table, &columns, &columns, context, sources, problems)?;
    let mut targets: Vec<Id> = Vec::new();
    let mut rows: Vec<Shares> = Vec::new();
    for row in listed {
        let (Some((target, _)), Some((text, at))) = (row.text(0), row.text(1)) else { continue };
        let place = targets.iter().position(|known| *known == *target).unwrap_or_else(|| {
            targets.push(Id::from(target));
            targets.len() - 1
        });
        let part = share(text).or_else(|_| Amount::parse(text).map_err(|fault| fault.to_string()));
        let Ok(part) = part else {
            let fault = crate::units::ParseAmountError::NotANumber;
            problems.push(number_problem(text, at, fault));
            continue;
        };
        match rows.iter_mut().find(|(slice, _, _)| *slice == row.slice) {
            Some((_, shares, _)) => shares.push((place, part)),
            None => rows.push((row.slice, vec![(place, part)], row.place)),
        }
    }
    let rows = whole_rows(rows, targets.len(), context, problems);
    Some(Attribution {
        title: reader.owned("title", problems).unwrap_or_else(|| to.clone()),
        id,
        from,
        to: Id::from(to),
        targets,
        rows,
    })
}

/// The shares of each slice as a list over all targets; they add up to one.
fn whole_rows(
    rows: Vec<Shares>,
    targets: usize,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<(Slice, Vec<Amount>)> {
    let mut whole = Vec::new();
    for (slice, shares, place) in rows {
        let sum: Amount = shares.iter().map(|(_, share)| share).sum();
        if sum != Amount::ONE {
            let what = slice.text(context.dimensions);
            problems.push(
                Problem::new(
                    "shares",
                    format!("the shares of {what} add up to {sum}, and not to 1"),
                    place,
                    "these shares",
                )
                .help("write exact fractions, like 1/3, so that each row's shares make a whole"),
            );
        }
        let mut all = vec![Amount::ZERO; targets];
        for (place, share) in shares {
            all[place] += &share;
        }
        whole.push((slice, all));
    }
    whole
}

/// The funds of the plan.
pub(crate) fn funds(
    root: &Table,
    lines: &[RevenueLine],
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Fund> {
    let mut found = Vec::new();
    for (table, place) in root.items("fund") {
        let reader = Reader::new(table, place, &schema::FUND, problems);
        found.extend(fund(&reader, lines, context, problems));
    }
    found
}

fn fund(
    reader: &Reader<'_>,
    lines: &[RevenueLine],
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Fund> {
    let id = reader.id(problems)?;
    let node = reader.needed("revenue", problems)?;
    let revenue = revenue_lines(node, lines, problems)?;
    let on = slice(reader.needed("on", problems)?, context.dimensions, problems)?;
    if let Some(word) = reader.text("carry", problems)
        && word != "none"
    {
        let place = reader.table.get("carry").map_or(reader.place, |node| node.place);
        problems.push(
            Problem::new("carry", format!("a fund cannot carry `{word}`"), place, "unknown")
                .help("write `carry = \"none\"`: a fund is spent within its balance period"),
        );
    }
    let only = match reader.table.get("only") {
        None => false,
        Some(Node { datum: Datum::Flag(flag), .. }) => *flag,
        Some(node) => {
            problems.push(wrong_kind(node, "only", "true or false"));
            false
        }
    };
    Some(Fund {
        title: reader.owned("title", problems).unwrap_or_else(|| id.to_string()),
        authority: reader.owned("authority", problems),
        id,
        revenue,
        on,
        only,
    })
}

/// The places of the revenue lines that a node names: one id, or a list.
pub(crate) fn revenue_lines(
    node: &Node,
    lines: &[RevenueLine],
    problems: &mut Vec<Problem>,
) -> Option<Vec<usize>> {
    let nodes = match &node.datum {
        Datum::List(nodes) => nodes.iter().collect(),
        _ => vec![node],
    };
    let mut found = Vec::new();
    for node in nodes {
        let id = as_text(node, "revenue", problems)?;
        let Some(place) = lines.iter().position(|line| line.id == *id) else {
            let problem = Problem::new(
                "unknown-revenue",
                format!("the plan has no revenue line `{id}`"),
                node.place,
                "unknown",
            );
            let known = lines.iter().map(|line| line.id.as_str());
            problems.push(with_help(problem, suggest(id, known)));
            return None;
        };
        found.push(place);
    }
    Some(found)
}

/// What can be counted in a plan.
#[derive(Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) measures: &'a [Measure],
    pub(crate) attributions: &'a [Attribution],
}

impl Counted<'_> {
    /// The measure that a node names: `amount`, `reserve`, a measure's id, or a member of an
    /// attribution as `{ goal = "x" }` or `"goal.x"`.
    pub(crate) fn read(&self, node: &Node, problems: &mut Vec<Problem>) -> Option<MeasureOf> {
        if let Datum::Table(table) = &node.datum
            && let [(name, entry)] = table.entries.iter().collect::<Vec<_>>().as_slice()
        {
            let target = as_text(&entry.node, name, problems)?;
            return self.attributed(name, target).or_else(|| {
                problems.push(self.unknown(&format!("{name}.{target}"), node.place));
                None
            });
        }
        let word = as_text(node, "measure", problems)?;
        let weighted = || self.measures.iter().position(|measure| measure.id == *word);
        let attributed = || {
            let (name, target) = word.split_once(['.', '='])?;
            self.attributed(name.trim(), target.trim())
        };
        let found = match word {
            "amount" => Some(MeasureOf::Amount),
            "reserve" => Some(MeasureOf::Reserve),
            _ => weighted().map(MeasureOf::Weighted).or_else(attributed),
        };
        if found.is_none() {
            problems.push(self.unknown(word, node.place));
        }
        found
    }

    fn attributed(&self, name: &str, target: &str) -> Option<MeasureOf> {
        let named = |own: &&Attribution| own.id == *name || own.to == *name;
        let place = self.attributions.iter().position(|own| named(&own))?;
        let target = self.attributions[place].targets.iter().position(|own| *own == *target)?;
        Some(MeasureOf::Attributed(place, target))
    }

    fn unknown(&self, word: &str, place: Place) -> Problem {
        let problem = Problem::new(
            "unknown-measure",
            format!("the plan has no measure `{word}`"),
            place,
            "unknown",
        );
        let mut known = vec!["amount".to_string(), "reserve".to_string()];
        known.extend(self.measures.iter().map(|measure| measure.id.to_string()));
        for own in self.attributions {
            known.extend(own.targets.iter().map(|target| format!("{}.{target}", own.id)));
        }
        with_help(problem, suggest(word, known.iter().map(String::as_str)))
    }
}
