//! Draws what lies over a screen.

use ratatui::layout::{Position, Rect};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::plan::Plan;
use crate::tui::advice::{Advice, Asked, Ranged, ranged};
use crate::tui::adviser::range_words;
use crate::tui::allocation::signed;
use crate::tui::answer::{ClashLine, Found};
use crate::tui::canvas::{Canvas, column, cut, wrap};
use crate::tui::keys::keys_text;
use crate::tui::model::{Model, Screen};
use crate::tui::overlay::{
    Ask, Overlay, Prompt, Purpose, Shelf, WELCOME, filtered_actions, held, help_bindings, screen_of,
};
use crate::tui::theme::Role;
use crate::units::{Amount, display_safe, grouped};

/// Draws the overlay, and says where the cursor of what is typed stands.
pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) -> Option<Position> {
    match model.overlay.as_ref()? {
        Overlay::Prompt(prompt) => Some(self::prompt(model, prompt, canvas, area)),
        Overlay::Ask(ask) => {
            self::ask(ask, canvas, area);
            None
        }
        Overlay::Help { at } => {
            let bindings = help_bindings(model);
            let lines = bindings
                .iter()
                .map(|own| format!("{:<18} {}", keys_text(&own.keys), own.binding.action.words()));
            let lines: Vec<String> =
                lines.chain([String::from("0-9                type a figure")]).collect();
            list(canvas, area, "Keys of this screen", &lines, *at, 0);
            None
        }
        Overlay::Palette { line, at } => {
            let found = filtered_actions(model, line.text());
            let lines = found.iter().map(|binding| {
                let other = screen_of(binding.place).filter(|screen| *screen != model.screen);
                let tab = other.and_then(|own| Screen::ALL.iter().position(|tab| *tab == own));
                let there = tab.map_or(String::new(), |at| format!("F{} ", at + 1));
                let keys = format!("{there}{}", keys_text(binding.keys));
                format!("{keys:<18} {}", binding.action.words())
            });
            let inside = list(canvas, area, "Actions", &lines.collect::<Vec<_>>(), *at, 2);
            let width = usize::from(inside.width);
            canvas.text(inside.x, inside.y, width, &format!(": {}", line.text()), Role::Strong);
            Some(Position::new(inside.x + 2 + column(line.column()), inside.y))
        }
        Overlay::Opening { line, found, at } => {
            let lines: Vec<String> = found.iter().map(|name| display_safe(name)).collect();
            let title = "Rows of a batch: a folder, .parquet or .csv (Tab completes)";
            let inside = list(canvas, area, title, &lines, *at, 2);
            let width = usize::from(inside.width);
            let typed = format!("> {}", display_safe(line.text()));
            canvas.text(inside.x, inside.y, width, &typed, Role::Strong);
            Some(Position::new(inside.x + 2 + column(line.column()), inside.y))
        }
        Overlay::Pivot { at } => {
            pivot(model, *at, canvas, area);
            None
        }
        Overlay::Holds { at } => {
            let lines: Vec<String> = held(model).into_iter().map(|(line, _)| line).collect();
            let empty = lines.is_empty();
            let shown =
                if empty { vec!["nothing is held, no money is moved".into()] } else { lines };
            list(
                canvas,
                area,
                "Holds, transfers and notes",
                &shown,
                if empty { usize::MAX } else { *at },
                0,
            );
            None
        }
        Overlay::Movers { at } => {
            movers(model, *at, canvas, area);
            None
        }
        Overlay::Study { title, asked, top } => {
            study(model, (title, asked, *top), canvas, area);
            None
        }
        Overlay::Shelf(shelf) => Some(self::shelf(shelf, canvas, area)),
    }
}

/// Who gained and who lost by the last edit.
fn movers(model: &Model, at: usize, canvas: &mut Canvas<'_>, area: Rect) {
    let movers = &model.allocation.movers;
    let widest = movers.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let figures: Vec<String> = movers.iter().map(|(_, change)| signed(change, 0)).collect();
    let right = figures.iter().map(|text| text.width()).max().unwrap_or(0);
    let mut lines: Vec<String> = movers
        .iter()
        .zip(&figures)
        .map(|((name, change), figure)| {
            let sign = if change.is_positive() { "▲" } else { "▼" };
            let pad = " ".repeat(widest + right + 2 - name.width() - figure.width());
            format!("{sign} {name}{pad}{figure}")
        })
        .collect();
    if lines.is_empty() {
        lines.push("nothing moved".into());
    }
    let unit = model.plan().map_or(String::new(), Plan::unit);
    let title = format!("Who gained and who lost by the last edit, {unit}");
    list(canvas, area, &title, &lines, at, 0);
}

/// The plans and scenarios that can be opened, below what is typed.
fn shelf(shelf: &Shelf, canvas: &mut Canvas<'_>, area: Rect) -> Position {
    let words: &[&str] = if shelf.welcome { &WELCOME } else { &[] };
    // Where there is no room for both, the list has it.
    let words = if area.height < 20 { &words[..0] } else { words };
    let found = shelf.found();
    let short = |name: &str| display_safe(name.trim_end_matches(".scenario.toml"));
    let widest = found.iter().map(|(name, _)| short(name).width()).max().unwrap_or(0).min(40);
    let lines = found.iter().map(|(name, title)| {
        let (name, title) = (short(name), display_safe(title));
        format!("{name}{}   {title}", " ".repeat(widest.saturating_sub(name.width())))
    });
    let title = if shelf.welcome { "Welcome to virement" } else { "Open" };
    let above = words.len() + 1;
    let inside = list(canvas, area, title, &lines.collect::<Vec<_>>(), shelf.at, above);
    let width = usize::from(inside.width);
    for (at, line) in words.iter().enumerate() {
        canvas.text(inside.x, inside.y + column(at), width, line, Role::Plain);
    }
    let y = inside.y + column(words.len());
    let typed = display_safe(shelf.line.text());
    let hint = if typed.is_empty() { "type a part of a name, or a path" } else { "" };
    let x = canvas.text(inside.x, y, width, "> ", Role::Strong);
    canvas.text(x, y, width.saturating_sub(2), &typed, Role::Strong);
    canvas.text(x + 1, y, width.saturating_sub(3), hint, Role::Faint);
    Position::new(x + column(shelf.line.column()), y)
}

/// What was asked, and the sentences that answer it.
fn study(
    model: &Model,
    (title, asked, top): (&str, &Asked, usize),
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    let wrapped = studied(model, asked, area.width);
    let inside = centred(canvas, area, &display_safe(title), wrapped.len());
    let (room, width) = (usize::from(inside.height), usize::from(inside.width));
    let top = top.min(wrapped.len().saturating_sub(room));
    for (at, line) in wrapped.iter().skip(top).take(room).enumerate() {
        canvas.text(inside.x, inside.y + column(at), width, line, Role::Plain);
    }
}

/// What was found, in lines that fit a window on a screen of so many columns.
fn studied(model: &Model, asked: &Asked, columns: u16) -> Vec<String> {
    let waiting = vec!["working it out…".to_string()];
    let lines = match model.notebook.find(asked) {
        Some(Advice::Told(lines)) => lines,
        _ => &waiting,
    };
    let width = usize::from(columns.saturating_sub(8).min(92));
    let mut wrapped: Vec<String> = Vec::new();
    for line in lines {
        // What is set in under a sentence stays set in.
        let inset = line.len() - line.trim_start().len();
        let rest = wrap(line.trim_start(), width.saturating_sub(inset));
        wrapped.extend(rest.into_iter().map(|part| format!("{}{part}", " ".repeat(inset))));
    }
    wrapped
}

/// The last line of what was found that the screen can begin with.
pub(in crate::tui) fn last_top(model: &Model, asked: &Asked) -> usize {
    let room = usize::from(model.size.1.saturating_sub(4));
    studied(model, asked, model.size.0).len().saturating_sub(room)
}

/// A window in the middle with room for `count` lines.
fn centred(canvas: &mut Canvas<'_>, area: Rect, title: &str, count: usize) -> Rect {
    window(canvas, area, title, (WIDE, count))
}

/// The columns of a window, where nothing asks for more.
const WIDE: usize = 96;

/// A window in the middle of an area, for lines of so many columns, and so many of them.
fn window(canvas: &mut Canvas<'_>, area: Rect, title: &str, (wide, count): (usize, usize)) -> Rect {
    let width = area.width.saturating_sub(4).min(column(wide));
    let height = (column(count) + 2).clamp(3, area.height.saturating_sub(2));
    let x = area.x + (area.width - width) / 2;
    let y = area.y + (area.height - height) / 2;
    canvas.window(Rect::new(x, y, width, height), title)
}

/// Draws lines of which one is chosen, below `above` lines that are left free.
fn list(
    canvas: &mut Canvas<'_>,
    area: Rect,
    title: &str,
    lines: &[String],
    chosen: usize,
    above: usize,
) -> Rect {
    let longest = lines.iter().map(|line| line.width() + 4).max().unwrap_or(0);
    let inside = window(canvas, area, title, (longest.max(WIDE), lines.len() + above));
    let room = usize::from(inside.height).saturating_sub(above);
    let top = chosen.min(lines.len().saturating_sub(1)).saturating_sub(room.saturating_sub(1));
    for (at, line) in lines.iter().enumerate().skip(top).take(room) {
        let y = inside.y + column(above + at - top);
        let role = if at == chosen { Role::Chosen } else { Role::Plain };
        let width = usize::from(inside.width);
        if at == chosen {
            canvas.paint(inside.x, y, width, role);
        }
        canvas.text(inside.x, y, width, line, role);
    }
    if room > 0 && lines.len() > room {
        let told = format!(" {}–{} of {} ", top + 1, top + room, lines.len());
        canvas.text(inside.x, inside.bottom(), told.chars().count(), &told, Role::Faint);
    }
    inside
}

fn ask(ask: &Ask, canvas: &mut Canvas<'_>, area: Rect) {
    let lines = ask.lines.len().min(usize::from(area.height).saturating_sub(10));
    let inside = centred(canvas, area, &ask.title, lines + ask.answers.len() + 1);
    let width = usize::from(inside.width);
    for (at, line) in ask.lines.iter().skip(ask.top).take(lines).enumerate() {
        let role = match line.chars().next() {
            Some('+') => Role::Gain,
            Some('-') => Role::Loss,
            _ => Role::Plain,
        };
        canvas.text(inside.x, inside.y + column(at), width, line, role);
    }
    for (at, (key, words, _)) in ask.answers.iter().enumerate() {
        let y = inside.bottom().saturating_sub(column(ask.answers.len() - at));
        let x = canvas.text(inside.x, y, width, &format!("{key}  "), Role::Key);
        canvas.text(x, y, width, words, Role::Plain);
    }
}

fn prompt(model: &Model, prompt: &Prompt, canvas: &mut Canvas<'_>, area: Rect) -> Position {
    let width = area.width.saturating_sub(4).min(96);
    let room = usize::from(width.saturating_sub(4));
    let verdict: Vec<(String, Role)> = verdict(model, prompt)
        .iter()
        .flat_map(|(line, role)| few_lines(line, room, *role))
        .collect();
    let count = prompt.fields.len() + verdict.len();
    let height = column(count) + 2;
    let y = area.bottom().saturating_sub(3 + height);
    let inside =
        canvas.window(Rect::new(area.x + 2, y, width, height), &display_safe(&prompt.title));
    let width = usize::from(inside.width);
    let mut cursor = Position::new(inside.x, inside.y);
    for (at, field) in prompt.fields.iter().enumerate() {
        let y = inside.y + column(at);
        let role = if at == prompt.at { Role::Strong } else { Role::Faint };
        let x = canvas.text(inside.x, y, width, &format!("{:<9}", field.label), role);
        let room = width.saturating_sub(10);
        let skipped = field.line.column().saturating_sub(room.saturating_sub(1));
        let mut left = skipped;
        let is_behind = |c: &char| {
            let before = left > 0;
            left = left.saturating_sub(c.width().unwrap_or(0));
            !before
        };
        let shown: String = field.line.shown().chars().filter(is_behind).collect();
        canvas.text(x, y, room, &shown, Role::Strong);
        if at == prompt.at {
            cursor = Position::new(x + column(field.line.column() - skipped), y);
        }
    }
    for (at, (line, role)) in verdict.iter().enumerate() {
        let y = inside.y + column(prompt.fields.len() + at);
        canvas.text(inside.x, y, width, line, *role);
    }
    cursor
}

/// The most lines of one thing that is said of what is typed.
const FEW: usize = 3;

/// The text in lines of at most `width` columns: what has no room in a few of them is cut.
fn few_lines(text: &str, width: usize, role: Role) -> Vec<(String, Role)> {
    let mut lines = wrap(text, width);
    if lines.len() > FEW {
        let rest = lines.split_off(FEW - 1).join(" ");
        lines.push(cut(&rest, width));
    }
    lines.into_iter().map(|line| (line, role)).collect()
}

/// How what is typed is understood, and what would come of it.
fn verdict(model: &Model, prompt: &Prompt) -> Vec<(String, Role)> {
    let mut lines = Vec::new();
    match &prompt.echo {
        Ok(words) if words.is_empty() => {}
        Ok(words) => lines.push((words.clone(), Role::Plain)),
        Err(words) => lines.push((words.clone(), Role::Loss)),
    }
    if let Purpose::Figure { picks, .. } = &prompt.purpose {
        match ranged(model, picks) {
            Ranged::Between(least, most) => {
                let out =
                    prompt.reached().and_then(|(_, level)| out_of_reach(&level, &least, &most));
                lines.push((range_words(&(least, most)), Role::Faint));
                lines.extend(out);
            }
            Ranged::Open => lines.push(("looking for what it can be…".into(), Role::Faint)),
            Ranged::Unknown => {}
        }
    }
    let keeps = match &prompt.purpose {
        Purpose::Figure { .. } => !prompt.text(2).trim().is_empty(),
        purpose => matches!(purpose, Purpose::Transfer { .. }),
    };
    if let Some(parent) = model.draft.parent().filter(|_| keeps) {
        let words = format!("all else keeps what it has in {}", display_safe(&parent));
        lines.push((words, Role::Faint));
    }
    match &model.preview {
        Some(Found::Infeasible(clashes)) => {
            let own = |part: &&ClashLine| !part.name.starts_with("the hold on");
            let mut names: Vec<&str> =
                clashes.parts.iter().filter(own).map(|part| part.name.as_str()).collect();
            if names.is_empty() {
                names.push("the lines themselves may not go that far");
            }
            let text = format!("‼ cannot be: {}", display_safe(&names.join("; ")));
            lines.push((text, Role::Loss));
        }
        Some(Found::Refused(words)) => {
            lines.push((words.first().cloned().unwrap_or_default(), Role::Loss));
        }
        Some(Found::Allocated(_)) => {
            lines.push(("can be done; who gains and who pays stands below".into(), Role::Good));
        }
        None => {}
    }
    lines
}

/// What is said of a figure that cannot be had.
fn out_of_reach(level: &Amount, least: &Amount, most: &Amount) -> Option<(String, Role)> {
    let (end, words) = if level > most {
        (most, "the most")
    } else if level < least {
        (least, "the least")
    } else {
        return None;
    };
    Some((format!("‼ cannot be: {} is {words} it can have", grouped(end, 0)), Role::Loss))
}

fn pivot(model: &Model, at: usize, canvas: &mut Canvas<'_>, area: Rect) {
    let (Some(answer), Some(pivot)) = (&model.answer, &model.allocation.pivot) else { return };
    let lines = crate::tui::allocation::pivot_lines(&answer.plan, pivot);
    let widest = lines.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let lines: Vec<String> = lines
        .into_iter()
        .map(|(name, makes)| {
            let pad = " ".repeat(widest.saturating_sub(name.width()));
            format!("{name}{pad}   {makes}")
        })
        .collect();
    list(canvas, area, "Rows, columns and filters", &lines, at, 0);
}
