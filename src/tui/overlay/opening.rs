//! The path of the rows of a batch: typed, with what lies where it leads.

use super::Overlay;
use crate::tui::keys::{Code, Key};
use crate::tui::message::Command;
use crate::tui::model::Model;
use crate::tui::prompt::Line;

/// Asks for the path of the rows of a batch.
pub(crate) fn open_rows(model: &mut Model) -> Vec<Command> {
    model.overlay = Some(Overlay::Opening { line: Line::default(), found: Vec::new(), at: 0 });
    vec![Command::Look(String::new())]
}

/// Takes in what lies where the path leads, unless more was typed since.
pub(crate) fn looked(model: &mut Model, text: &str, names: Vec<String>) -> Vec<Command> {
    if let Some(Overlay::Opening { line, found, at }) = &mut model.overlay
        && line.text() == text
    {
        (*found, *at) = (names, 0);
    }
    Vec::new()
}

pub(super) fn key(
    model: &mut Model,
    (mut line, found, mut at): (Line, Vec<String>, usize),
    key: Key,
) -> Vec<Command> {
    let mut commands = Vec::new();
    match key.code {
        Code::Esc => return commands,
        Code::Char('c') if key.ctrl => return commands,
        Code::Up => at = at.saturating_sub(1),
        Code::Down => at = (at + 1).min(found.len().saturating_sub(1)),
        Code::Tab => {
            if let Some(chosen) = completed(line.text(), &found, at) {
                line = Line::new(chosen);
                commands.push(Command::Look(line.text().into()));
            }
        }
        Code::Enter => {
            let typed = line.text().trim().trim_end_matches('/').to_string();
            let chosen = found.get(at).map(|name| name.trim_end_matches('/').to_string());
            let name = if typed.is_empty() { chosen } else { Some(typed) };
            let Some(name) = name.filter(|name| !name.is_empty()) else {
                model.warn(
                    "name a folder that `virement batch` has filled, or a file with its rows",
                );
                return commands;
            };
            model.say(format!("reading {}…", crate::units::display_safe(&name)));
            return vec![Command::Rows(name)];
        }
        _ => {
            if line.key(key) {
                commands.push(Command::Look(line.text().into()));
            }
        }
    }
    model.overlay = Some(Overlay::Opening { line, found, at });
    commands
}

/// What Tab makes of what is typed: what all that was found begins with where that is more, else the
/// chosen one.
fn completed(typed: &str, found: &[String], at: usize) -> Option<String> {
    let first = found.first()?;
    let mut shared: &str = first;
    for name in found {
        let ends = shared.char_indices().map(|(end, c)| end + c.len_utf8());
        let end = ends.take_while(|end| shared.get(..*end) == name.get(..*end)).last();
        shared = shared.get(..end.unwrap_or(0)).unwrap_or_default();
    }
    let further = shared.len() > typed.len();
    Some(if further { shared.to_string() } else { found.get(at)?.clone() })
}

#[cfg(test)]
mod tests {
    use super::completed;

    #[test]
    fn tab_goes_as_far_as_all_agree_and_then_takes_the_chosen_one() {
        let found = ["answers/", "answers-2/"].map(String::from);
        assert_eq!(completed("a", &found, 0).as_deref(), Some("answers"));
        assert_eq!(completed("answers", &found, 1).as_deref(), Some("answers-2/"));
        assert_eq!(completed("x", &[], 0), None);
        assert_eq!(completed("é", &["ée".into(), "éa".into()], 1).as_deref(), Some("éa"));
    }
}
