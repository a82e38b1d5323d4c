//! Reads `[[vary]]`.

use super::drawn::Draw;
use super::trial::{self, Trial};
use super::{Axis, Design, MOST_SCENARIOS, Varied};
use crate::plan::{Dimension, Severity};
use crate::scenario::change::Effective;
use crate::scenario::dimensions::OpenSheet;
use crate::scenario::origin::show;
use crate::scenario::problem::Problem;
use crate::scenario::reader::{Reader, as_number, wrong_kind};
use crate::scenario::schema;
use crate::scenario::source::{Place, Sources};
use crate::scenario::tree::{Datum, Node, Table};
use crate::units::Amount;

/// What the blocks are read against.
pub(crate) struct Reading<'a, 'o> {
    pub(crate) effective: &'a Effective,
    pub(crate) dimensions: &'a [Dimension],
    pub(crate) open: &'a mut OpenSheet<'o>,
    pub(crate) sources: &'a mut Sources,
    pub(crate) problems: &'a mut Vec<Problem>,
    /// The values that are still to be tried on the whole plan.
    pub(crate) trials: Vec<Trial>,
}

/// A number as a block states it.
pub(super) struct Figure {
    pub(super) value: Amount,
    /// It is a percentage, in percent points.
    pub(super) percent: bool,
}

/// Reads the `[[vary]]` blocks of the file with this root, and gives what is to be tried of them.
pub(crate) fn design(root: &Table, mut reading: Reading<'_, '_>) -> (Design, Vec<Trial>) {
    let mut design = Design::default();
    let mut alone = Vec::new();
    let mut draws = Vec::new();
    for (table, place) in root.items("vary") {
        let reader = Reader::new(table, place, &schema::VARY, reading.problems);
        reading.block(&reader, &mut design, &mut alone, &mut draws);
    }
    if !alone.is_empty() {
        design.axes.push(Axis::Alone(alone));
    }
    if let Some(axis) = reading.together(&design.varied, draws) {
        design.axes.push(axis);
    }
    let count = design.axes.iter().try_fold(1_u64, |all, axis| all.checked_mul(axis.len()));
    if count.is_none_or(|count| count > MOST_SCENARIOS)
        && let Some(node) = root.get("vary")
    {
        let message = format!("these blocks stand for more than {MOST_SCENARIOS} scenarios");
        reading.problems.push(
            Problem::new("many-scenarios", message, node.place, "these blocks")
                .help("take fewer values, or draw a sample"),
        );
        return (Design::default(), Vec::new());
    }
    (design, reading.trials)
}

impl Reading<'_, '_> {
    fn block(
        &mut self,
        reader: &Reader<'_>,
        design: &mut Design,
        alone: &mut Vec<(usize, Vec<Amount>)>,
        draws: &mut Vec<Draw>,
    ) {
        let ways = ["values", "from", "draw", "table"];
        let stated: Vec<&str> =
            ways.into_iter().filter(|key| reader.table.get(key).is_some()).collect();
        let [way] = stated.as_slice() else {
            self.problems.push(
                Problem::new(
                    "vary-how",
                    format!("a block varies in exactly one way, this one in {}", stated.len()),
                    reader.place,
                    "this block",
                )
                .help("write `values`, or `from`, `to` and `steps`, or `draw`, or `table`"),
            );
            return;
        };
        if *way == "table" {
            let Some((varied, rows)) = self.rows(reader) else { return };
            let figures = (design.varied.len()..).take(varied.len()).collect();
            if varied.iter().all(|own| self.is_new(design, own, reader.place)) {
                design.varied.extend(varied);
                design.axes.push(Axis::Listed { figures, rows });
            }
            return;
        }
        let Some((mut varied, target)) = self.target(reader) else { return };
        let figure = design.varied.len();
        let values = if *way == "draw" {
            let Some((drawn, first)) = self.draw(reader, &mut varied) else { return };
            let Some(draw) = self.drawing(reader, figure, drawn) else { return };
            draws.push(draw);
            let place = reader.table.get("draw").map_or(reader.place, |node| node.place);
            let ends = ends(reader);
            if ends.is_empty() { vec![(first, place)] } else { ends }
        } else {
            let Some(values) = self.values(reader, &mut varied) else { return };
            if values.is_empty() {
                return;
            }
            let bare = values.iter().map(|(value, _)| value.clone());
            if self.flag(reader, "one-at-a-time") {
                alone.push((figure, bare.collect()));
            } else {
                let rows = bare.map(|value| vec![value]).collect();
                design.axes.push(Axis::Listed { figures: vec![figure], rows });
            }
            values
        };
        let on = reader.table.get("where");
        if self.tries(&varied, (target, on), &values) {
            self.is_new(design, &varied, target.place);
        }
        design.varied.push(varied);
    }

    fn flag(&mut self, reader: &Reader<'_>, key: &str) -> bool {
        match reader.table.get(key).map(|node| (&node.datum, node)) {
            Some((Datum::Flag(flag), _)) => *flag,
            Some((_, node)) => {
                self.problems.push(wrong_kind(node, key, "true or false"));
                false
            }
            None => false,
        }
    }

    /// What a block varies, and where it says so.
    fn target<'n>(&mut self, reader: &Reader<'n>) -> Option<(Varied, &'n Node)> {
        let verbs: Vec<&str> =
            ["set", "scale"].into_iter().filter(|key| reader.table.get(key).is_some()).collect();
        let [verb] = verbs.as_slice() else {
            let problem =
                Problem::new("vary-what", "a block varies one target", reader.place, "this block");
            self.problems.push(problem.help("write `set` or `scale` with the target that varies"));
            return None;
        };
        let text = reader.text(verb, self.problems)?;
        let node = reader.table.get(verb)?;
        let on = reader.table.get("where").map(show);
        let scaled = *verb == "scale";
        Some((Varied { target: text.into(), scaled, percent: scaled, on }, node))
    }

    /// Whether no other block varies the same.
    fn is_new(&mut self, design: &Design, varied: &Varied, place: Place) -> bool {
        let twice = design.varied.iter().any(|known| known.name() == varied.name());
        if twice {
            let message = format!("`{}` varies twice", varied.target);
            self.problems.push(
                Problem::new("vary-twice", message, place, "varies in an earlier block too")
                    .help("let one block vary it"),
            );
        }
        !twice
    }

    /// Whether a change of the target to the first of `values` can be made; its problems are told.
    /// Then all of them are to be tried on the whole plan.
    pub(super) fn tries(
        &mut self,
        varied: &Varied,
        (target, on): (&Node, Option<&Node>),
        values: &[(Amount, Place)],
    ) -> bool {
        let Some(first) = values.first() else { return false };
        let first = Trial::new(varied, (target, on), first);
        let before = self.problems.len();
        let mut tried = self.effective.clone();
        tried.change(&first.change, target.place, self.dimensions, self.problems);
        let told = self.problems.get(before..).unwrap_or_default();
        if told.iter().any(|problem| problem.severity == Severity::Error) {
            return false;
        }
        let chosen = trial::chosen(values);
        self.trials.extend(chosen.map(|value| Trial::new(varied, (target, on), value)));
        true
    }

    /// The value, where it is stated in the way that the others of the target are.
    pub(super) fn same(
        &mut self,
        varied: &mut Varied,
        figure: Figure,
        node: &Node,
    ) -> Option<Amount> {
        if varied.scaled && !figure.percent {
            let digits = figure.value.to_string();
            self.problems.push(
                Problem::new("share", "what scales is a percentage", node.place, "this number")
                    .help(format!("write \"{digits}%\"")),
            );
            return None;
        }
        varied.percent |= figure.percent;
        if varied.percent && !figure.percent {
            self.problems.push(
                Problem::new(
                    "percent-mixed",
                    "some values are percentages",
                    node.place,
                    "not this",
                )
                .help("write all of them with %, or none"),
            );
            return None;
        }
        Some(figure.value)
    }
}

/// Where a draw is cut off, with the places.
fn ends(reader: &Reader<'_>) -> Vec<(Amount, Place)> {
    let ends = ["min", "max"].into_iter().filter_map(|key| {
        let node = reader.table.get(key)?;
        Some((figure(node, key, &mut Vec::new())?.value, node.place))
    });
    ends.collect()
}

/// The node as a number, or as a percentage in quotes.
pub(super) fn figure(node: &Node, key: &str, problems: &mut Vec<Problem>) -> Option<Figure> {
    let Datum::Text(text) = &node.datum else {
        return as_number(node, key, problems).map(|value| Figure { value, percent: false });
    };
    let Some(points) = text.trim().strip_suffix('%') else {
        return as_number(node, key, problems).map(|value| Figure { value, percent: false });
    };
    let points = Node { datum: Datum::Text(points.trim().into()), place: node.place };
    as_number(&points, key, problems).map(|value| Figure { value, percent: true })
}
