//! Reads `[[stage]]`.

use super::families::{Context, unknown_word};
use super::measures::{Counted, revenue_lines, slice_rows};
use super::movements::within;
use super::problem::Problem;
use super::reader::{Reader, as_text, with_help, wrong_kind};
use super::schema;
use super::slices::{axes, slice};
use super::source::{Place, Sources};
use super::stage_keys::{idle_keys, loss};
use super::suggest::suggest;
use super::tree::{Datum, Node, Table};
use crate::plan::{Aim, Axis, Limit, MeasureOf, RevenueLine, Slice, Stage, Strength};
use crate::units::Id;

/// What stages are read against.
pub(crate) struct StageReader<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) limits: &'a [Limit],
    pub(crate) lines: &'a [RevenueLine],
    pub(crate) counted: Counted<'a>,
}

const OBJECTIVES: [&str; 8] =
    ["change", "shortfall", "value", "coverage", "turnover", "deviation", "reserve-use", "amount"];

impl StageReader<'_> {
    /// The stages of the plan, in order.
    pub(crate) fn stages(
        &self,
        root: &Table,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Vec<Stage> {
        let mut found: Vec<Stage> = Vec::new();
        let mut last: Option<Place> = None;
        for (table, place) in root.items("stage") {
            let reader = Reader::new(table, place, &schema::STAGE, problems);
            let Some(stage) = self.stage(&reader, sources, problems) else { continue };
            if !stage.is_linear()
                && let Some(earlier) = last.replace(place)
            {
                problems.push(
                    Problem::new("stage-twice", "the pro-rata stage stands twice", place, "again")
                        .also(earlier, "first here")
                        .help("keep one: it is always the last stage"),
                );
            }
            if found.iter().any(|known| known.id == stage.id) {
                problems.push(
                    Problem::new(
                        "id-twice",
                        format!("stage `{}` is stated twice", stage.id),
                        place,
                        "again",
                    )
                    .help("give one of them an `id` of its own"),
                );
                continue;
            }
            let at = position(&reader, &found, problems);
            found.insert(at, stage);
        }
        self.untaken(root, &found, problems);
        found
    }

    /// Every soft limit is taken in by a stage.
    fn untaken(&self, root: &Table, stages: &[Stage], problems: &mut Vec<Problem>) {
        let takes = |stage: &Stage, place: usize| match &stage.aim {
            Aim::Shortfall { limits, .. } => limits.contains(&place),
            _ => false,
        };
        for (place, limit) in self.limits.iter().enumerate() {
            let soft = limit.strength != Strength::Hard;
            if !soft || stages.iter().any(|stage| takes(stage, place)) {
                continue;
            }
            let item = root
                .items("limit")
                .into_iter()
                .find(|(t, _)| t.text("id") == Some(limit.id.as_str()));
            let Some((table, own)) = item else { continue };
            problems.push(
                Problem::new(
                    "soft-untaken",
                    format!("no stage takes in the soft limit `{}`", limit.id),
                    table.get("strength").map_or(own, |node| node.place),
                    "would never be looked at",
                )
                .help("add a stage with `minimise = \"shortfall\"`, or make the limit hard"),
            );
        }
    }

    fn stage(
        &self,
        reader: &Reader<'_>,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Stage> {
        let (key, maximise) = match (reader.table.get("minimise"), reader.table.get("maximise")) {
            (Some(_), None) => ("minimise", false),
            (None, Some(_)) => ("maximise", true),
            (Some(_), Some(_)) => {
                let place = reader.table.key_place("maximise").unwrap_or(reader.place);
                problems.push(
                    Problem::new("objective", "a stage has one objective", place, "and another")
                        .help("make two stages of it; the order is that of the file"),
                );
                return None;
            }
            (None, None) => {
                reader.needed("minimise", problems);
                return None;
            }
        };
        let node = reader.table.get(key)?;
        let aim = self.aim(reader, node, maximise, sources, problems)?;
        idle_keys(reader, &aim, problems)?;
        let loss = loss(reader, problems)?;
        let word = match &node.datum {
            Datum::Text(word) => word.as_str(),
            _ => "measure",
        };
        let id = reader.text("id", problems).unwrap_or(word);
        Some(Stage {
            title: reader.owned("title", problems).unwrap_or_else(|| id.to_string()),
            id: Id::from(id),
            aim,
            loss: loss.filter(|loss| !loss.is_zero()),
        })
    }

    fn aim(
        &self,
        reader: &Reader<'_>,
        node: &Node,
        maximise: bool,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Aim> {
        let word = match &node.datum {
            Datum::Text(word) => word.as_str(),
            _ => "",
        };
        let wanted = match word {
            "value" | "coverage" => Some(true),
            "change" | "shortfall" | "turnover" | "deviation" | "reserve-use" => Some(false),
            _ => None,
        };
        if wanted.is_some_and(|wanted| wanted != maximise) {
            let verb = if maximise { "minimise" } else { "maximise" };
            problems.push(
                Problem::new(
                    "objective",
                    format!("`{word}` is something to {verb}"),
                    node.place,
                    "the other way round",
                )
                .help(format!("write `{verb} = \"{word}\"`")),
            );
            return None;
        }
        match word {
            "change" => self.change(reader, problems),
            "shortfall" => self.shortfall(reader, problems),
            "value" => self.value(reader, sources, problems),
            "coverage" => Some(Aim::Coverage {
                on: self.on(reader, problems)?,
                each: self.each(reader, problems)?,
            }),
            "turnover" => {
                let within = match reader.table.get("within") {
                    None => None,
                    Some(node) => Some(within(node, self.context.dimensions, problems)?),
                };
                Some(Aim::Turnover { on: self.on(reader, problems)?, within })
            }
            "deviation" => self.deviation(reader, sources, problems),
            "reserve-use" => {
                let on = reader.needed("on", problems)?;
                Some(Aim::ReserveUse { lines: self.revenue_of(on, problems)? })
            }
            _ => self.counted_aim(reader, node, maximise, problems),
        }
    }

    /// A measure of a slice, or revenue lines.
    fn counted_aim(
        &self,
        reader: &Reader<'_>,
        node: &Node,
        maximise: bool,
        problems: &mut Vec<Problem>,
    ) -> Option<Aim> {
        let before = problems.len();
        if let Some(measure) = self.counted.read(node, problems) {
            if measure == MeasureOf::Reserve {
                problems.push(of_the_reserve(node));
                return None;
            }
            let Some((on, own)) = of_revenue(reader) else {
                return Some(Aim::Measure { measure, on: self.on(reader, problems)?, maximise });
            };
            if measure != MeasureOf::Amount {
                problems.push(counted_in_revenue(node, own));
                return None;
            }
            return Some(Aim::Revenue { lines: self.revenue_of(on, problems)?, maximise });
        }
        if let Datum::Text(word) = &node.datum {
            problems.truncate(before);
            let measures = self.counted.measures.iter().map(|measure| measure.id.as_str());
            let known: Vec<&str> = OBJECTIVES.into_iter().chain(measures).collect();
            problems.push(unknown_word("objective", word, "objective", node.place, &known));
        }
        None
    }

    pub(crate) fn on(&self, reader: &Reader<'_>, problems: &mut Vec<Problem>) -> Option<Slice> {
        match reader.table.get("on") {
            Some(node) => slice(node, self.context.dimensions, problems),
            None => Some(Slice::all(self.context.dimensions.len())),
        }
    }

    fn each(&self, reader: &Reader<'_>, problems: &mut Vec<Problem>) -> Option<Vec<Axis>> {
        match reader.table.get("each") {
            Some(node) => axes(node, self.context.dimensions, problems),
            None => Some(Vec::new()),
        }
    }

    fn revenue_of(&self, on: &Node, problems: &mut Vec<Problem>) -> Option<Vec<usize>> {
        let node = match &on.datum {
            Datum::Table(table) => table.get("revenue"),
            _ => None,
        };
        let Some(node) = node else {
            problems.push(wrong_kind(on, "on", "revenue lines, like { revenue = [\"E\"] }"));
            return None;
        };
        revenue_lines(node, self.lines, problems)
    }

    fn change(&self, reader: &Reader<'_>, problems: &mut Vec<Problem>) -> Option<Aim> {
        match reader.text("spread", problems) {
            None | Some("pro-rata") => Some(Aim::ProRata),
            Some("few-moves") => Some(Aim::FewMoves { on: self.on(reader, problems)? }),
            Some(other) => {
                let place = reader.table.get("spread").map_or(reader.place, |node| node.place);
                problems.push(unknown_word(
                    "spread",
                    other,
                    "spread",
                    place,
                    &["pro-rata", "few-moves"],
                ));
                None
            }
        }
    }

    fn shortfall(&self, reader: &Reader<'_>, problems: &mut Vec<Problem>) -> Option<Aim> {
        let even = match reader.text("spread", problems) {
            None | Some("pro-rata") => false,
            Some("even") => true,
            Some(other) => {
                let place = reader.table.get("spread").map_or(reader.place, |node| node.place);
                problems.push(unknown_word(
                    "spread",
                    other,
                    "spread",
                    place,
                    &["even", "pro-rata"],
                ));
                return None;
            }
        };
        if let Some(word) = reader.text("of", problems) {
            if word != "need" {
                let place = reader.table.get("of").map_or(reader.place, |node| node.place);
                problems.push(unknown_word("shortfall-of", word, "shortfall", place, &["need"]));
                return None;
            }
            let (on, each) = (self.on(reader, problems)?, self.each(reader, problems)?);
            return Some(Aim::NeedShortfall { on, each, even });
        }
        let soft = |place: &usize| self.limits[*place].strength != Strength::Hard;
        let mut limits: Vec<usize> = match reader.table.get("limits") {
            None => (0..self.limits.len()).filter(soft).collect(),
            Some(node) => self.named(node, problems)?,
        };
        let on = self.on(reader, problems)?;
        limits.retain(|place| self.limits[*place].on.is_within(&on));
        Some(Aim::Shortfall { limits, even })
    }

    fn named(&self, node: &Node, problems: &mut Vec<Problem>) -> Option<Vec<usize>> {
        let Datum::List(nodes) = &node.datum else {
            problems.push(wrong_kind(node, "limits", "a list of ids"));
            return None;
        };
        let mut found = Vec::new();
        for node in nodes {
            let id = as_text(node, "limits", problems)?;
            match self.limits.iter().position(|limit| limit.id == *id) {
                Some(place) if self.limits[place].strength != Strength::Hard => found.push(place),
                Some(_) => problems.push(
                    Problem::new(
                        "not-soft",
                        format!("limit `{id}` is hard: it cannot be missed"),
                        node.place,
                        "this limit",
                    )
                    .help("give it `strength = \"soft\"`, or leave it out"),
                ),
                None => {
                    let message = format!("the plan has no limit `{id}`");
                    let problem = Problem::new("unknown-limit", message, node.place, "unknown");
                    let known = self.limits.iter().map(|limit| limit.id.as_str());
                    problems.push(with_help(problem, suggest(id, known)));
                }
            }
        }
        Some(found)
    }

    fn deviation(
        &self,
        reader: &Reader<'_>,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Aim> {
        let node = reader.needed("targets", problems)?;
        let rows = slice_rows(node, &["amount"], &["amount"], self.context, sources, problems)?;
        let targets = rows.into_iter().filter_map(|row| {
            let amount = row.number(0, problems)?;
            Some((row.slice, amount))
        });
        Some(Aim::Deviation { targets: targets.collect() })
    }
}

/// What `on` states, and where it names revenue lines.
fn of_revenue<'a>(reader: &Reader<'a>) -> Option<(&'a Node, Place)> {
    let on = reader.table.get("on")?;
    let Datum::Table(table) = &on.datum else { return None };
    table.get("revenue").map(|lines| (on, lines.place))
}

/// A reserve follows from what revenue decisions draw: it has no cells of its own.
fn of_the_reserve(node: &Node) -> Problem {
    Problem::new(
        "objective",
        "`reserve` is what revenue decisions leave, and no objective of its own",
        node.place,
        "has no cells",
    )
    .help(
        "write `minimise = \"reserve-use\"` with `on = { revenue = [...] }`: the less is drawn, \
         the more is left",
    )
}

/// A measure counts cells, and revenue lines have none.
fn counted_in_revenue(node: &Node, lines: Place) -> Problem {
    let what = "a measure counts cells, and revenue lines have none";
    Problem::new("objective", what, node.place, "counts cells")
        .also(lines, "revenue lines")
        .help("write `\"amount\"`, or name cells in `on`")
}

/// Where a stage stands among those before it: at the end, or before the one that it names.
fn position(reader: &Reader<'_>, found: &[Stage], problems: &mut Vec<Problem>) -> usize {
    let Some(id) = reader.text("before", problems) else { return found.len() };
    if let Some(place) = found.iter().position(|known| known.id == *id) {
        return place;
    }
    let place = reader.table.get("before").map_or(reader.place, |node| node.place);
    let problem =
        Problem::new("unknown-stage", format!("there is no stage `{id}` so far"), place, "unknown");
    let known = suggest(id, found.iter().map(|known| known.id.as_str()));
    let help = known.unwrap_or_else(|| "name a stage that is stated above this one".into());
    problems.push(problem.help(help));
    found.len()
}
