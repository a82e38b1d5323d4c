//! Reads blocks of `[[vary]]` that draw.

use super::correlate::cholesky;
use super::distribution::Distribution;
use super::draws::{Drawn, Draws};
use super::listed::whole;
use super::read::{Reading, figure};
use super::{Axis, Varied};
use crate::scenario::problem::Problem;
use crate::scenario::reader::{Reader, as_number, with_help, wrong_kind};
use crate::scenario::source::Place;
use crate::scenario::suggest::suggest;
use crate::scenario::table_file::TableFile;
use crate::scenario::tree::{Datum, Node};
use crate::units::Amount;

/// A block that draws.
pub(super) struct Draw {
    figure: usize,
    drawn: Drawn,
    /// How many draws there are, from which seed, and how they are taken, each with its place.
    count: Option<(i64, Place)>,
    seed: Option<(i64, Place)>,
    latin: Option<(bool, Place)>,
    /// Other targets that it is correlated with.
    with: Vec<(String, f64, Place)>,
    place: Place,
}

impl Reading<'_, '_> {
    /// What a block draws from, and a figure of it to try the target with.
    pub(super) fn draw(
        &mut self,
        reader: &Reader<'_>,
        varied: &mut Varied,
    ) -> Option<(Drawn, Amount)> {
        let decimals = match reader.table.get("decimals") {
            Some(node) => whole(node, 0, 9, "decimals", self.problems)?,
            None => 6,
        };
        let of = self.distribution(reader, varied)?;
        let drawn = Drawn { of, decimals: u32::try_from(decimals).unwrap_or(6) };
        let once = Draws {
            count: 1,
            seed: 0,
            latin: false,
            figures: vec![drawn.clone()],
            triangle: Vec::new(),
        };
        let first = once.at(0).into_iter().next()?;
        Some((drawn, first))
    }

    fn distribution(&mut self, reader: &Reader<'_>, varied: &mut Varied) -> Option<Distribution> {
        let word = reader.text("draw", self.problems)?;
        let mut take = |key: &str, needed: bool| -> Option<Option<f64>> {
            let node = match reader.table.get(key) {
                Some(node) => node,
                None if needed => reader.needed(key, self.problems)?,
                None => return Some(None),
            };
            let found = figure(node, key, self.problems)?;
            let value = self.same(varied, found, node)?.to_f64();
            Some(Some(value))
        };
        let place = reader.table.get("draw").map_or(reader.place, |node| node.place);
        let refused = |what: &str, help: &str| {
            Problem::new("distribution", what.to_string(), place, "this draw").help(help)
        };
        let found = match word {
            "normal" | "log-normal" => {
                let (mean, sd) = (take("mean", true)??, take("sd", true)??);
                let ends = (take("min", false)?, take("max", false)?);
                if sd <= 0.0 || ends.0.zip(ends.1).is_some_and(|(low, high)| low >= high) {
                    Err(refused("nothing can be drawn", "let sd be above 0, and min below max"))
                } else if word == "normal" {
                    Ok(Distribution::Normal { mean, sd, ends })
                } else if mean <= 0.0 || ends.0.is_some_and(|low| low < 0.0) {
                    Err(refused("a log-normal figure is above 0", "let mean be above 0"))
                } else {
                    Ok(Distribution::log_normal(mean, sd, ends))
                }
            }
            "triangular" => {
                let (min, max) = (take("min", true)??, take("max", true)??);
                let mode = take("mode", true)??;
                if min <= mode && mode <= max && min < max {
                    Ok(Distribution::Triangular { min, mode, max })
                } else {
                    Err(refused("the ends are out of order", "let min <= mode <= max"))
                }
            }
            "uniform" => {
                let (min, max) = (take("min", true)??, take("max", true)??);
                let fits = min < max;
                let fault = || refused("the ends are out of order", "let min be below max");
                if fits { Ok(Distribution::Uniform { min, max }) } else { Err(fault()) }
            }
            "empirical" => return self.empirical(reader, varied),
            _ => {
                let words = ["normal", "log-normal", "triangular", "uniform", "empirical"];
                let message = format!("`{word}` is nothing to draw from");
                let problem = Problem::new("distribution", message, place, "unknown");
                Err(with_help(problem, suggest(word, words)))
            }
        };
        found.map_err(|problem| self.problems.push(problem)).ok()
    }

    /// The figures of `sample`, each with its weight: a list, or a table with the columns `value`
    /// and, where they differ, `weight`.
    fn empirical(&mut self, reader: &Reader<'_>, varied: &mut Varied) -> Option<Distribution> {
        let node = reader.needed("sample", self.problems)?;
        let (figures, weights) = match &node.datum {
            Datum::List(nodes) => {
                let weights = match reader.table.get("weights").map(|node| (&node.datum, node)) {
                    Some((Datum::List(weights), _)) => weights.clone(),
                    Some((_, node)) => {
                        self.problems.push(wrong_kind(node, "weights", "a list of numbers"));
                        return None;
                    }
                    None => Vec::new(),
                };
                (nodes.clone(), weights)
            }
            _ => self.sample(node)?,
        };
        let mut parts = Vec::new();
        for node in &weights {
            parts.push(as_number(node, "weights", self.problems)?.to_f64());
        }
        if weights.is_empty() {
            parts = vec![1.0; figures.len()];
        }
        let sum: f64 = parts.iter().sum();
        let fits = parts.len() == figures.len() && sum > 0.0 && parts.iter().all(|w| *w >= 0.0);
        if !fits {
            let message = "the sample has no weights that fit it";
            self.problems.push(
                Problem::new("distribution", message, node.place, "this sample")
                    .help("give each figure of `sample` one weight, at least 0 and not all 0"),
            );
            return None;
        }
        let (mut found, mut below) = (Vec::new(), 0.0);
        for (node, weight) in figures.iter().zip(parts) {
            below += weight / sum;
            let read = figure(node, "sample", self.problems)?;
            found.push((self.same(varied, read, node)?.to_f64(), below));
        }
        Some(Distribution::Empirical(found))
    }

    /// The figures and weights of a table.
    fn sample(&mut self, node: &Node) -> Option<(Vec<Node>, Vec<Node>)> {
        let file = TableFile::named(node, "sample", self.problems)?;
        let sheet = (self.open)(file, self.sources, self.problems)?;
        sheet.check_columns(&["value", "weight"], &[], self.problems);
        let value = sheet.needed("value", self.problems)?;
        let fields = |column: usize| -> Vec<Node> {
            (0..sheet.len()).map(|row| self.field(&sheet, row, column)).collect()
        };
        let weights = sheet.column("weight").map(fields).unwrap_or_default();
        Some((fields(value), weights))
    }

    /// How a block draws.
    pub(super) fn drawing(
        &mut self,
        reader: &Reader<'_>,
        figure: usize,
        drawn: Drawn,
    ) -> Option<Draw> {
        let number = |key: &str, least: i64, problems: &mut Vec<Problem>| {
            let node = reader.table.get(key)?;
            Some((whole(node, least, i64::MAX >> 1, key, problems)?, node.place))
        };
        let count = number("count", 1, self.problems);
        let seed = number("seed", 0, self.problems);
        let latin = match reader.table.get("sampling") {
            Some(node) => match reader.text("sampling", self.problems)? {
                "random" => Some((false, node.place)),
                "latin-hypercube" => Some((true, node.place)),
                word => {
                    let message = format!("`{word}` is no way to sample");
                    let problem = Problem::new("sampling", message, node.place, "unknown");
                    let help = suggest(word, ["random", "latin-hypercube"]);
                    self.problems.push(with_help(problem, help));
                    return None;
                }
            },
            None => None,
        };
        let mut with = Vec::new();
        if let Some(node) = reader.table.get("correlation") {
            let Datum::Table(table) = &node.datum else {
                let wanted = "a table, like { \"driver.other.value\" = 0.5 }";
                self.problems.push(wrong_kind(node, "correlation", wanted));
                return None;
            };
            for (other, entry) in &table.entries {
                let found = crate::scenario::reader::as_number(&entry.node, other, self.problems)?;
                with.push((other.clone(), found.to_f64(), entry.key));
            }
        }
        Some(Draw { figure, drawn, count, seed, latin, with, place: reader.place })
    }

    /// The axis of all draws together.
    pub(super) fn together(&mut self, varied: &[Varied], draws: Vec<Draw>) -> Option<Axis> {
        let first = draws.first()?.place;
        let count = self.agreed(draws.iter().map(|draw| draw.count), "count");
        let Some(count) = count else {
            self.problems.push(
                Problem::new("missing-key", "how many draws?", first, "says no `count`")
                    .help("add `count = 1000` to one of the blocks that draw"),
            );
            return None;
        };
        let seed = self.agreed(draws.iter().map(|draw| draw.seed), "seed").unwrap_or(1);
        let latin = self.agreed(draws.iter().map(|draw| draw.latin), "sampling").unwrap_or(false);
        let triangle = self.triangle(varied, &draws, latin)?;
        let (figures, drawn) = draws.into_iter().map(|draw| (draw.figure, draw.drawn)).unzip();
        let unsigned = |number: i64| u64::try_from(number).unwrap_or(0);
        let draws =
            Draws { count: unsigned(count), seed: unsigned(seed), latin, figures: drawn, triangle };
        Some(Axis::Drawn { figures, draws })
    }

    /// What all blocks that state it agree on.
    fn agreed<T: PartialEq + Copy>(
        &mut self,
        stated: impl Iterator<Item = Option<(T, Place)>>,
        key: &str,
    ) -> Option<T> {
        let mut first: Option<(T, Place)> = None;
        for (value, place) in stated.flatten() {
            match first {
                None => first = Some((value, place)),
                Some((known, at)) if known != value => {
                    let message = format!("figures are drawn together, with one `{key}`");
                    self.problems.push(
                        Problem::new("draws-differ", message, place, "differs")
                            .also(at, "from this one")
                            .help(format!(
                                "state `{key}` in one of the blocks, or the same in all"
                            )),
                    );
                }
                Some(_) => {}
            }
        }
        first.map(|(value, _)| value)
    }

    /// The triangle of the correlations; empty where none is stated.
    fn triangle(
        &mut self,
        varied: &[Varied],
        draws: &[Draw],
        latin: bool,
    ) -> Option<Vec<Vec<f64>>> {
        let Some((_, _, first)) = draws.iter().find_map(|draw| draw.with.first()) else {
            return Some(Vec::new());
        };
        let first = *first;
        if latin {
            let message = "a Latin hypercube is drawn without correlations";
            self.problems.push(
                Problem::new("correlation", message, first, "asks for one")
                    .help("leave it out, or write `sampling = \"random\"`"),
            );
            return None;
        }
        let size = draws.len();
        let mut matrix = vec![vec![0.0; size]; size];
        for (own, row) in matrix.iter_mut().enumerate() {
            row[own] = 1.0;
        }
        for (own, draw) in draws.iter().enumerate() {
            for (name, value, place) in &draw.with {
                let named =
                    |draw: &Draw| varied.get(draw.figure).is_some_and(|v| v.target == *name);
                let other = draws.iter().position(named).filter(|other| *other != own);
                let fits = value.abs() < 1.0;
                let Some(other) = other.filter(|_| fits) else {
                    self.problems.push(correlation(name, fits, *place, varied, draws));
                    return None;
                };
                matrix[own][other] = *value;
                matrix[other][own] = *value;
            }
        }
        let found = cholesky(&matrix);
        if found.is_none() {
            self.problems.push(
                Problem::new(
                    "correlation",
                    "these correlations contradict one another",
                    first,
                    "among these",
                )
                .help("bring them nearer to 0: no figures can follow one another so"),
            );
        }
        found
    }
}

/// What is wrong with a correlation.
fn correlation(name: &str, fits: bool, place: Place, varied: &[Varied], draws: &[Draw]) -> Problem {
    if !fits {
        let message = "a correlation lies between -1 and 1";
        return Problem::new("correlation", message, place, "this one")
            .help("write a number like 0.5; two figures that move as one are one figure");
    }
    let message = format!("no other block draws `{name}`");
    let drawn = draws.iter().filter_map(|draw| varied.get(draw.figure));
    let known: Vec<&str> = drawn.map(|varied| varied.target.as_str()).collect();
    let problem = Problem::new("correlation", message, place, "is correlated with");
    with_help(problem, suggest(name, known))
}
