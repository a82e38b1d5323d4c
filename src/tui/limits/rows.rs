//! The rows of the limits screen.

use crate::explain;
use crate::plan::{Limit, Measured, Reading, ReadingKind, Sense, Strength};
use crate::tui::answer::{Answer, Clashes};
use crate::units::{Amount, Id, display_safe};

/// A limit for one combination of members, with both its bounds.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of the row")]
#[derive(Debug, Clone)]
pub struct Row {
    /// What kind of rule it is.
    pub kind: ReadingKind,
    /// Its id.
    pub id: String,
    /// The members of `each`, joined by `/`.
    pub member: String,
    /// What it is called, with the titles of its members.
    pub title: String,
    /// The same without the members.
    pub bare: String,
    /// The bounds: plan units or shares.
    pub least: Option<Amount>,
    /// The bounds: plan units or shares.
    pub most: Option<Amount>,
    /// Where the allocation stands, in the unit of the bounds.
    pub level: Amount,
    /// Whether bounds and level are shares.
    pub share: bool,
    /// Whether they are multiples of another level.
    pub ratio: bool,
    /// What is left to the nearer bound, in plan units of the slice.
    pub slack: Amount,
    /// Its pressure, as a relative change.
    pub pressure: Option<Amount>,
    /// Whether it binds.
    pub binds: bool,
    /// Whether it may be missed.
    pub soft: bool,
    /// Who set it.
    pub authority: String,
    /// Whether this scenario has switched it off.
    pub off: bool,
    /// Whether its bound is that of the last of several bodies that approve moves.
    pub tiers: bool,
    /// The bounds that a scenario can change.
    pub sides: Vec<Side>,
}

/// What stands for an authority where none is stated.
const NO_AUTHORITY: &str = "no authority stated";

/// A bound that a scenario can change.
#[derive(Debug, Clone)]
pub struct Side {
    /// Its dotted key.
    pub target: String,
    /// What it is: `ceiling`.
    pub word: &'static str,
    /// Which way it bounds.
    pub sense: Sense,
    /// What the file says.
    pub stated: String,
    /// What that comes to.
    pub bound: Amount,
    /// Whether it is a share.
    pub share: bool,
}

/// The keys of bounds: what they are, which way they bound, and whether files write them in percent.
const KEYS: [(&str, &str, Sense, bool); 16] = [
    ("max", "ceiling", Sense::Ceiling, false),
    ("min", "floor", Sense::Floor, false),
    ("equal", "level", Sense::Equal, false),
    ("max-share", "greatest share", Sense::Ceiling, true),
    ("min-share", "least share", Sense::Floor, true),
    ("equal-share", "share", Sense::Equal, true),
    ("max-cut", "greatest cut", Sense::Floor, true),
    ("max-rise", "greatest rise", Sense::Ceiling, true),
    ("max-change", "greatest change", Sense::Equal, true),
    ("max-step-up", "greatest step up", Sense::Ceiling, true),
    ("max-step-down", "greatest step down", Sense::Floor, true),
    ("max-in", "most that comes in", Sense::Ceiling, false),
    ("max-out", "most that goes out", Sense::Floor, false),
    ("max-turnover", "greatest turnover", Sense::Ceiling, false),
    ("at-most-ratio", "greatest ratio", Sense::Ceiling, false),
    ("at-least-ratio", "least ratio", Sense::Floor, false),
];

impl Row {
    /// Its name in tables and files.
    pub fn tag(&self) -> String {
        if self.member.is_empty() {
            display_safe(&self.id)
        } else {
            display_safe(&format!("{} [{}]", self.id, self.member))
        }
    }

    /// The bound that keys act on: the one that the level is nearer to.
    pub fn side(&self) -> Option<&Side> {
        let near = match (&self.least, &self.most) {
            (Some(least), Some(most)) => {
                if &self.level - least < most - &self.level {
                    Sense::Floor
                } else {
                    Sense::Ceiling
                }
            }
            (Some(_), None) => Sense::Floor,
            _ => Sense::Ceiling,
        };
        let own = self.sides.iter().find(|side| side.sense == near);
        own.or_else(|| self.sides.first())
    }

    /// The bounds that the files state, in words.
    pub fn says(&self) -> String {
        let sides = self.sides.iter().map(|side| format!("{} {}", side.word, side.stated));
        sides.collect::<Vec<_>>().join(", ")
    }

    /// What a change would name to take it out.
    pub fn target(&self) -> Option<String> {
        (self.kind == ReadingKind::Limit).then(|| format!("limit.{}", key(&self.id)))
    }

    /// Why no bound of it can be changed here.
    pub fn why_fixed(&self) -> String {
        match self.kind {
            ReadingKind::Balance => {
                "the balance is the plan's own: change what comes in on the screen of revenue"
                    .into()
            }
            ReadingKind::Hold => "a hold is changed on its figure (F1), or released with H".into(),
            ReadingKind::Transfer => {
                "a transfer is taken back with undo, or in the file (o)".into()
            }
            _ if self.off => "it is switched off; x switches it on".into(),
            _ if self.tiers => {
                format!("the bounds of {} are those of its tiers; o opens the file", self.title)
            }
            _ => format!("the bounds of {} stand in a table; o opens the file", self.title),
        }
    }
}

/// The text with a capital letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// An id as a part of a dotted key.
fn key(id: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if id.chars().all(plain) { id.into() } else { format!("{id:?}") }
}

/// The rows: binding ones first, those that press most at the top; what is switched off last.
pub(super) fn rows(answer: &Answer, removed: &[String]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    // The readings of a limit stand behind one another, and what files say of it is looked up once.
    let mut said: Option<(&Id, Option<Vec<Side>>)> = None;
    for reading in &answer.allocation.readings {
        let of_limit = |row: &&mut Row| row.kind == reading.kind && row.id == reading.id.as_str();
        let same = |row: &&mut Row| {
            row.member == reading.member && row.share == reading.measured.is_share()
        };
        if let Some(row) = rows.iter_mut().rev().take_while(of_limit).find(same) {
            add(row, answer, reading);
        } else {
            let mut row = new(answer, reading);
            if reading.kind == ReadingKind::Limit {
                let known = said.take().filter(|(id, _)| **id == reading.id);
                let known =
                    known.unwrap_or_else(|| (&reading.id, sides(&answer.stated, &reading.id)));
                row.tiers = known.1.is_none();
                row.sides = known.1.clone().unwrap_or_default();
                said = Some(known);
            }
            add(&mut row, answer, reading);
            rows.push(row);
        }
    }
    rows.sort_by(|a, b| {
        let press = |row: &Row| row.pressure.as_ref().map(Amount::abs).unwrap_or_default();
        b.binds.cmp(&a.binds).then_with(|| press(b).cmp(&press(a)))
    });
    rows.extend(switched_off(removed, &answer.gone));
    rows
}

/// The rows of limits that the scenario has taken out, by the titles that they had.
fn switched_off(removed: &[String], gone: &[(String, String)]) -> impl Iterator<Item = Row> {
    let off = removed.iter().filter(|target| target.starts_with("limit."));
    off.map(|target| {
        let id = target.trim_start_matches("limit.").trim_matches(['"', '\'']);
        let had = gone.iter().rev().find(|(own, _)| own == target);
        let title = had.map_or_else(|| format!("`{id}`"), |(_, title)| title.clone());
        Row { off: true, ..bare(id, &title) }
    })
}

/// A limit by its id and its title, without figures.
fn bare(id: &str, title: &str) -> Row {
    Row {
        kind: ReadingKind::Limit,
        id: id.into(),
        member: String::new(),
        title: capital(&display_safe(title)),
        bare: capital(&display_safe(title)),
        least: None,
        most: None,
        level: Amount::ZERO,
        share: false,
        ratio: false,
        slack: Amount::ZERO,
        pressure: None,
        binds: false,
        soft: false,
        authority: String::new(),
        off: false,
        tiers: false,
        sides: Vec::new(),
    }
}

/// The limits of a plan that has no allocation, as they are declared, with the bounds that it states.
pub(super) fn stated(clashes: &Clashes, removed: &[String]) -> Vec<Row> {
    let (plan, values) = (&clashes.plan, &clashes.stated);
    let row = |limit: &Limit| {
        let title = explain::title_of(plan, ReadingKind::Limit, &limit.id, "");
        let authority = limit.authority.as_deref().unwrap_or(NO_AUTHORITY);
        let sides = sides(values, &limit.id);
        Row {
            soft: limit.strength != Strength::Hard,
            authority: display_safe(authority),
            tiers: sides.is_none(),
            sides: sides.unwrap_or_default(),
            ..bare(limit.id.as_str(), &title)
        }
    };
    plan.limits().iter().map(row).chain(switched_off(removed, &clashes.gone)).collect()
}

fn new(answer: &Answer, reading: &Reading) -> Row {
    let called = |member: &str| {
        let title = explain::title_of(&answer.plan, reading.kind, &reading.id, member);
        capital(&display_safe(&title))
    };
    let fallback = match reading.kind {
        ReadingKind::Hold => "planner's hold",
        ReadingKind::Transfer => "transfer of this scenario",
        _ => NO_AUTHORITY,
    };
    Row {
        kind: reading.kind,
        id: reading.id.to_string(),
        member: reading.member.clone(),
        title: called(&reading.member),
        bare: called(""),
        least: None,
        most: None,
        level: reading.level.clone(),
        share: reading.measured.is_share(),
        ratio: reading.measured == Measured::Ratio,
        slack: reading.slack.clone(),
        pressure: None,
        binds: false,
        soft: reading.soft,
        authority: display_safe(reading.authority.as_deref().unwrap_or(fallback)),
        off: false,
        tiers: false,
        sides: Vec::new(),
    }
}

fn add(row: &mut Row, answer: &Answer, reading: &Reading) {
    let bound = Some(reading.bound.clone());
    match reading.sense {
        Sense::Floor => row.least = bound,
        Sense::Ceiling => row.most = bound,
        Sense::Equal => (row.least, row.most) = (bound.clone(), bound),
    }
    let pressure = answer.pressure(reading);
    row.binds |= answer.binds(reading);
    row.pressure = pressure.or_else(|| row.pressure.take());
    if reading.slack < row.slack {
        row.slack = reading.slack.clone();
    }
    for side in &mut row.sides {
        let own = side.sense == reading.sense || reading.sense == Sense::Equal;
        // What a file writes for shares, ratios and cuts is read from the file itself.
        if own && !side.share && side.stated_number().is_none() {
            // What goes out is a level of less than nothing.
            let out = reading.measured == Measured::Move && reading.sense == Sense::Floor;
            side.bound = if out { -&reading.bound } else { reading.bound.clone() };
        }
    }
}

impl Side {
    /// Whether it is a multiple of another level, written as a number.
    pub fn is_ratio(&self) -> bool {
        !self.share && self.target.ends_with("-ratio")
    }

    /// The number that the file states, where it states one.
    fn stated_number(&self) -> Option<Amount> {
        Amount::parse(self.stated.trim_matches('"')).ok()
    }
}

/// The bounds that the files state for a limit. Nothing where it says from which bodies on moves need approval: its
/// bound is that of the last one, and would have to move with it.
fn sides(values: &[(String, String)], id: &Id) -> Option<Vec<Side>> {
    let prefix = format!("limit.{}.", key(id.as_str()));
    let tiers =
        |path: &str| path.strip_prefix(&*prefix).is_some_and(|own| own.starts_with("tiers"));
    if values.iter().any(|(path, _)| tiers(path)) {
        return None;
    }
    let own = |(path, value): &'_ (String, String)| {
        let name = path.strip_prefix(&*prefix)?;
        let place = KEYS.iter().position(|(own, ..)| *own == name)?;
        let stated = value.trim_matches('"').to_string();
        let bound = bound_of(&stated).unwrap_or_default();
        let (_, word, sense, share) = KEYS[place];
        // A ratio may be written either way.
        let share = share || share_of(&stated).is_some();
        Some((place, Side { target: path.clone(), word, sense, stated, bound, share }))
    };
    let mut found: Vec<(usize, Side)> = values.iter().filter_map(own).collect();
    found.sort_by_key(|(place, _)| *place);
    Some(found.into_iter().map(|(_, side)| side).collect())
}

/// A bound as files write it: an amount, or a percentage as a share.
pub(super) fn bound_of(text: &str) -> Option<Amount> {
    share_of(text).or_else(|| Amount::parse(text).ok())
}

/// A percentage as a share.
fn share_of(text: &str) -> Option<Amount> {
    let points = Amount::parse(text.strip_suffix('%')?.trim()).ok()?;
    Some(&points / &Amount::whole(100))
}
