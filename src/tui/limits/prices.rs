//! What limits are worth, as a column: asked for beside the answer, those first that press hardest.

use super::Row;
use crate::plan::ReadingKind;
use crate::tui::advice::{self, Advice, PriceTag, Question};
use crate::tui::message::Command;
use crate::tui::model::Model;

/// Asks what the limits of the answer on the screen are worth.
pub(in crate::tui) fn ask(model: &mut Model) -> Vec<Command> {
    if model.answer.is_none() || model.solving() {
        return Vec::new();
    }
    let (asked, commands) = advice::ask(model, Question::Prices);
    model.limits.asked = Some(asked);
    commands
}

/// What a limit is worth, where it is known for the answer on the screen.
pub(super) fn tag<'a>(model: &'a Model, row: &Row) -> Option<&'a PriceTag> {
    let asked = model.limits.asked.as_ref().filter(|_| !model.solving())?;
    let Advice::Prices(tags) = model.notebook.find(asked)? else { return None };
    tags.iter().find(|tag| {
        tag.kind == row.kind
            && tag.id == row.id
            && tag.member == row.member
            && tag.share == row.share
    })
}

/// What a hold is worth, in words; nothing where the answer has no price of it. The step that was
/// solved is told on the screen of limits.
pub(in crate::tui) fn hold_price(model: &Model, id: &str) -> Option<String> {
    let answer = model.answer.as_ref().filter(|_| !model.solving())?;
    let mut readings = answer.allocation.readings.iter();
    readings.find(|own| own.kind == ReadingKind::Hold && own.id == *id && answer.binds(own))?;
    let tags = match model.notebook.find(model.limits.asked.as_ref()?) {
        Some(Advice::Prices(tags)) => &**tags,
        _ => &[],
    };
    let tag = tags.iter().find(|tag| tag.kind == ReadingKind::Hold && tag.id == id);
    let words = tag.map_or("price …", |tag| tag.words.as_str());
    Some(words.split(", at a step").next().unwrap_or_default().to_string())
}
