//! What a line changes.

use std::io::Write;

use super::Plain;
use super::words::{Details, halves, limit};
use crate::scenario::{Amendment, Hold, Level};
use crate::tui::allocation::update::lump;
use crate::tui::message::Message;
use crate::tui::overlay::{bound, whole};
use crate::tui::pivot::{cells_of, single_picks};
use crate::tui::typed;
use crate::units::Amount;

impl<W: Write> Plain<'_, W> {
    /// Holds a slice, at a figure, from below or from above.
    pub(super) fn hold(&mut self, word: &str, rest: &str) -> Result<String, String> {
        let (rest, details) = Details::of(rest)?;
        let (slice, figure) = rest
            .rsplit_once(" = ")
            .ok_or("write the slice, ` = ` and the figure: hold sector=ITU-D = 180000")?;
        let on = self.slice(slice)?;
        let answer = self.answer()?;
        let cells = cells_of(&answer.plan, &on);
        if cells.is_empty() {
            return Err("the plan has no such line: there is nothing to hold".into());
        }
        let now = answer.sum(&cells);
        let quantum = answer.plan.quantum().units();
        let level = Some(match lump(&answer.plan, &cells) {
            Some(lump) => whole(figure.trim(), &lump, &now, quantum)?,
            None => typed::level(figure, &now, quantum)?,
        });
        let paid_by = details.paid_by.map(|payer| self.slice(payer)).transpose()?;
        let text = |text: Option<&str>| text.map(String::from);
        let mut hold = Hold {
            on,
            paid_by,
            reason: text(details.why),
            by: text(details.by),
            until: text(details.until),
            ..Hold::default()
        };
        match word {
            "floor" => hold.at_least = level,
            "ceiling" => hold.at_most = level,
            _ => hold.at = level,
        }
        self.edit(&Amendment::Hold(hold))
    }

    /// Releases the hold on a slice.
    pub(super) fn release(&mut self, rest: &str) -> Result<String, String> {
        let answer = self.answer()?;
        let plan = &answer.plan;
        let cells = cells_of(plan, &self.slice(rest)?);
        let found = plan.holds().iter().find(|hold| plan.select(&hold.on) == cells);
        let hold = found.ok_or("there is no hold on this very slice; `holds` lists them")?;
        let on = single_picks(plan, &hold.on);
        self.edit(&Amendment::Release { on, id: hold.id.to_string() })
    }

    /// Moves money between two slices.
    pub(super) fn transfer(&mut self, rest: &str) -> Result<String, String> {
        let (rest, details) = Details::of(rest)?;
        let asked = "write it as: move 500 from sector=GS to sector=ITU-D";
        let (amount, rest) = rest.split_once(" from ").ok_or(asked)?;
        let (from, to) = rest.split_once(" to ").ok_or(asked)?;
        self.edit(&Amendment::Transfer {
            amount: typed::number(amount)?,
            from: self.slice(from)?,
            to: self.slice(to)?,
            reason: details.why.map(String::from),
            by: details.by.map(String::from),
        })
    }

    /// Changes a value of the plan, takes a limit out, or puts either back.
    pub(super) fn set(&mut self, word: &str, rest: &str) -> Result<String, String> {
        self.edit(&match word {
            "off" => {
                let target = limit(rest)?;
                let id = target.trim_start_matches("limit.").trim_matches('"');
                if !self.answer()?.plan.limits().iter().any(|own| own.id.as_str() == id) {
                    return Err(format!("there is no limit `{id}`; `limits` lists them"));
                }
                Amendment::Remove { target }
            }
            "on" => Amendment::Restore { target: limit(rest)? },
            "reset" => Amendment::Restore { target: rest.into() },
            _ => {
                let (target, value) = halves(rest)?;
                // As files write it.
                let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                let value = quoted.unwrap_or(value);
                let number = Amount::parse(value).ok().or_else(|| typed::number(value).ok());
                let to = number.map_or_else(|| Level::Words(value.into()), Level::Number);
                Amendment::Set { target: target.into(), to }
            }
        })
    }

    /// Adds a ceiling or a floor.
    pub(super) fn limit(&mut self, rest: &str) -> Result<String, String> {
        let (rest, details) = Details::of(rest)?;
        let asked = "write it as: limit my-cap: sector=ITU-D <= 180000";
        let (name, rest) = rest.split_once(':').ok_or(asked)?;
        let at = rest.find(['<', '>', '≤', '≥']).ok_or(asked)?;
        let (slice, level) = rest.split_at_checked(at).ok_or(asked)?;
        let picks = self.slice(slice.trim())?;
        let by = details.by.map(String::from);
        self.edit(&bound(&picks, level.trim(), name.trim(), by)?)
    }

    /// Notes something about a slice; nothing takes the note away.
    pub(super) fn note(&mut self, rest: &str) -> Result<String, String> {
        let (slice, text) = rest.split_once(':').unwrap_or((rest, ""));
        let (text, details) = Details::of(text)?;
        let (on, text) = (self.slice(slice)?, text.trim().to_string());
        self.edit(&Amendment::Remark { on, text, by: details.by.map(String::from) })
    }

    /// Lends the terminal to the planner's editor.
    pub(super) fn by_hand(&mut self) -> Result<String, String> {
        let text = crate::tui::shell::edited(self.draft.text())?;
        if text == **self.draft.text() {
            return Ok("the editor changed nothing\n".into());
        }
        self.draft.replace("edit the file by hand".into(), &text);
        Ok(self.noted())
    }

    /// Reads every file again; the edits of one's own stay in the history.
    pub(super) fn reload(&mut self) -> String {
        self.desk.forget();
        self.repairs = None;
        let now = self.papers.on_disk();
        if let Some(text) = now.filter(|text| **text != **self.draft.text()) {
            self.saved = text.clone();
            self.draft.replace("read the file again".into(), &text);
        }
        self.noted()
    }

    /// Says where the scenario's file has changed on disk; without edits of one's own it is read again.
    pub(super) fn watch(&mut self) -> std::io::Result<()> {
        let Some(Message::Changed(text)) = self.papers.changed() else { return Ok(()) };
        if text == self.saved {
            return Ok(());
        }
        if *self.saved == **self.draft.text() {
            self.say("the file has changed on disk: it is read again")?;
            self.saved = text.clone();
            self.draft.replace("read the file again: it has changed on disk".into(), &text);
            self.papers.note(&self.draft);
            return self.solve();
        }
        self.say(
            "the file has changed on disk, and there are edits of your own: `reload` reads it, `save!` writes over it",
        )
    }
}
