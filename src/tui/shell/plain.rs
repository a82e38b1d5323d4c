//! The line mode: commands in words, answers in lines, no screen. For screen readers, dumb terminals
//! and pipes.

mod words;

use std::io::{BufRead, Write};
use std::sync::Arc;

use super::desk::Papers;
use crate::report::{self, Look, Table};
use crate::scenario::{Amendment, Draft, Hold, Level, Picks};
use crate::session::{self, Desk, Opened};
use crate::tui::advice::{Advice, Asked, Question};
use crate::tui::adviser::{self, advise};
use crate::tui::allocation::update::lump;
use crate::tui::answer::{Answer, Found};
use crate::tui::diff;
use crate::tui::find;
use crate::tui::message::Message;
use crate::tui::overlay::held_lines;
use crate::tui::overlay::whole;
use crate::tui::pivot::{cells_of, single_picks};
use crate::tui::typed;
use crate::tui::worker;
use crate::units::Amount;
use words::{explained, halves, limit, moves};

const HELP: &str = "\
show [DIMENSION …]          the allocation, by these dimensions
hold SLICE = FIGURE         hold a figure: hold sector=ITU-D = 180k; also +5%, -1200, 90% of baseline
floor SLICE = FIGURE        hold it from below; ceiling SLICE = FIGURE from above
release SLICE               release a hold
explain SLICE               why a figure is what it is
why SLICE                   the same at length: what one more costs, what its limits are worth
range SLICE                 which figures it can be held at
repairs, repair NUMBER      what would let limits that clash hold together, and to apply it
limits                      every limit, where it stands and how it presses
bends TARGET = A to B       where the total bends along a value, and what takes over there
rows PATH                   what each figure comes to in the rows of a batch
revenue, linkage, holds     the other tables; holds lists transfers and notes too
note SLICE: TEXT            note something about a slice; without a text the note is taken away
set TARGET = VALUE          change a value of the plan: set driver.contributory-unit.value = 300000
off LIMIT, on LIMIT         switch a limit off and on
move AMOUNT from SLICE to SLICE   a transfer
undo, redo                  without limit
changes                     what differs from the saved file
save [NAME], revert         write the scenario, or go back to what is saved
help, quit                  a slice is sector=ITU-D, category=travel, or members alone: ITU-D travel";

/// What a line asks for.
struct Plain<'a, W: Write> {
    out: W,
    look: Look,
    desk: Desk,
    papers: &'a mut Papers,
    draft: Draft,
    saved: Arc<str>,
    answer: Option<Arc<Answer>>,
}

/// Reads commands until there are no more. A line that fails says why; the next one is read.
///
/// # Errors
///
/// Why the answers cannot be written, in words.
pub fn plain(
    opened: Opened,
    input: impl BufRead,
    out: impl Write,
    look: Look,
) -> Result<(), String> {
    let desk = Desk::new(&opened)?;
    let draft = Draft::new(&opened.text);
    let saved = draft.text().clone();
    let (mut papers, leftover, said) = Papers::new(opened);
    let mut plain = Plain { out, look, desk, papers: &mut papers, draft, saved, answer: None };
    let fault = |error: std::io::Error| format!("the answer cannot be written: {error}");
    let done = plain.serve(input, leftover.as_ref(), said).map_err(fault);
    let unsaved = *plain.saved != **plain.draft.text();
    papers.close(unsaved);
    match done {
        Err(words) if words.contains("Broken pipe") => Ok(()),
        other => other,
    }
}

impl<W: Write> Plain<'_, W> {
    fn serve(
        &mut self,
        input: impl BufRead,
        leftover: Option<&Draft>,
        said: Option<String>,
    ) -> std::io::Result<()> {
        if let Some(words) = said {
            self.say(&words)?;
        }
        if leftover.is_some() {
            self.say("edits were not saved when the program last ended: `recover` or `discard`")?;
        }
        self.solve()?;
        self.say("`help` lists the commands")?;
        for line in input.lines() {
            let line = line?;
            let line = line.trim();
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match word {
                "" => {}
                "quit" | "q" | "exit" => break,
                "recover" | "discard" => {
                    if let (Some(draft), "recover") = (leftover, word) {
                        self.draft = draft.clone();
                        self.papers.note(&self.draft);
                        self.solve()?;
                    }
                    self.papers.discard();
                }
                _ => match self.command(word, rest.trim()) {
                    Ok(lines) if lines.is_empty() => self.solve()?,
                    Ok(lines) => self.say(&lines)?,
                    Err(words) => self.say(&format!("not done: {words}"))?,
                },
            }
        }
        if *self.saved != **self.draft.text() {
            self.say("not saved: the edits are offered at the next start")?;
        }
        Ok(())
    }

    fn say(&mut self, text: &str) -> std::io::Result<()> {
        let text = if self.look.unicode { text.to_string() } else { report::ascii(text) };
        writeln!(self.out, "{}", text.trim_end())?;
        self.out.flush()
    }

    /// Solves the draft, and says what came of it.
    fn solve(&mut self) -> std::io::Result<()> {
        match worker::solve(&mut self.desk, self.draft.text()) {
            Found::Allocated(answer) => {
                let moved = self.answer.as_ref().map(|before| moves(before, &answer));
                let words = format!(
                    "{}; {}",
                    crate::tui::view::balance(&answer),
                    moved.unwrap_or_else(|| answer.plan.title().to_string())
                );
                self.answer = Some(answer);
                self.say(&words)
            }
            Found::Infeasible(clashes) => {
                self.say("these cannot hold together; the figures stay those of the last plan:")?;
                for part in &clashes.parts {
                    self.say(&format!("  {} {} {}", part.name, part.asks, part.authority))?;
                }
                self.say(&clashes.sentences.join("\n"))?;
                self.say("`undo` takes the last edit back; `repairs` lists what would help")
            }
            Found::Refused(lines) => {
                self.say("the scenario cannot be read; `undo` takes the last edit back")?;
                self.say(&lines.join("\n"))
            }
        }
    }

    /// Does a command: lines to say, or none where the draft is to be solved again.
    fn command(&mut self, word: &str, rest: &str) -> Result<String, String> {
        match word {
            "help" => Ok(HELP.into()),
            "undo" if self.draft.undo().is_none() => Err("there is nothing to undo".into()),
            "redo" if self.draft.redo().is_none() => Err("there is nothing to redo".into()),
            "undo" | "redo" => Ok(self.noted()),
            "hold" | "floor" | "ceiling" => self.hold(word, rest),
            "release" => self.release(rest),
            "set" => {
                let (target, value) = halves(rest)?;
                let number = Amount::parse(value).ok().or_else(|| typed::number(value).ok());
                let to = number.map_or_else(|| Level::Words(value.into()), Level::Number);
                self.edit(&Amendment::Set { target: target.into(), to })
            }
            "off" => self.edit(&Amendment::Remove { target: limit(rest)? }),
            "on" => self.edit(&Amendment::Restore { target: limit(rest)? }),
            "move" => self.transfer(rest),
            "note" => {
                let (slice, text) = rest.split_once(':').unwrap_or((rest, ""));
                let (on, text) = (self.slice(slice)?, text.trim().to_string());
                self.edit(&Amendment::Remark { on, text, by: None })
            }
            "changes" => Ok(diff::lines(&self.saved, self.draft.text()).join("\n") + "\n"),
            "revert" => {
                let saved = self.saved.clone();
                self.draft.replace("go back to what is saved".into(), &saved);
                Ok(self.noted())
            }
            "save" => self.save(rest),
            "why" => Ok(self.told(Question::Figure(self.slice(rest)?))),
            "range" => Ok(self.told(Question::Range(self.slice(rest)?))),
            "repairs" => Ok(self.told(Question::Repairs)),
            "repair" => self.repair(rest),
            "bends" => self.bends(rest),
            "rows" => {
                let spreads = session::batch::spreads(std::path::Path::new(rest))?;
                Ok(report::draw(&[report::fan(&spreads)], self.look))
            }
            _ => self.show(word, rest),
        }
    }

    /// What is found for a question, in lines.
    fn told(&mut self, question: Question) -> String {
        let asked = Asked { text: self.draft.text().clone(), question };
        adviser::lines(&advise(&mut self.desk, &asked)).join("\n") + "\n"
    }

    fn bends(&mut self, rest: &str) -> Result<String, String> {
        let sweep = words::walk(rest)?;
        let answer = self.answer()?;
        let all = crate::plan::Slice::all(answer.plan.dimensions().len());
        let totals = vec![("all".into(), answer.plan.select(&all))];
        Ok(self.told(Question::Bends { sweep, totals }))
    }

    fn repair(&mut self, number: &str) -> Result<String, String> {
        let asked = Asked { text: self.draft.text().clone(), question: Question::Repairs };
        let Advice::Repairs(found) = advise(&mut self.desk, &asked) else {
            return Err("there are no repairs".into());
        };
        let place = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let remedy = place.and_then(|place| found.get(place));
        let remedy = remedy.ok_or("there is no such repair; `repairs` lists them")?;
        self.edit(&remedy.edit)
    }

    /// Writes the edit down; nothing is said of it but what the solver answers.
    fn noted(&mut self) -> String {
        self.papers.note(&self.draft);
        String::new()
    }

    fn edit(&mut self, edit: &Amendment) -> Result<String, String> {
        self.draft.edit(edit)?;
        Ok(self.noted())
    }

    fn answer(&self) -> Result<Arc<Answer>, String> {
        self.answer.clone().ok_or_else(|| "there is no allocation yet".into())
    }

    fn slice(&self, text: &str) -> Result<Picks, String> {
        find::picks(&self.answer()?.plan, text)
    }

    fn hold(&mut self, word: &str, rest: &str) -> Result<String, String> {
        let (slice, figure) = rest
            .rsplit_once(" = ")
            .ok_or("write the slice, ` = ` and the figure: hold sector=ITU-D = 180000")?;
        let on = self.slice(slice)?;
        let answer = self.answer()?;
        let now = answer.sum(&cells_of(&answer.plan, &on));
        let quantum = answer.plan.quantum().units();
        let level = Some(match lump(&answer.plan, &cells_of(&answer.plan, &on)) {
            Some(lump) => whole(figure.trim(), &lump, &now, quantum)?,
            None => typed::level(figure, &now, quantum)?,
        });
        let mut hold = Hold { on, ..Hold::default() };
        match word {
            "floor" => hold.at_least = level,
            "ceiling" => hold.at_most = level,
            _ => hold.at = level,
        }
        self.edit(&Amendment::Hold(hold))
    }

    fn release(&mut self, rest: &str) -> Result<String, String> {
        let answer = self.answer()?;
        let plan = &answer.plan;
        let cells = cells_of(plan, &self.slice(rest)?);
        let found = plan.holds().iter().find(|hold| plan.select(&hold.on) == cells);
        let hold = found.ok_or("there is no hold on this very slice; `holds` lists them")?;
        let on = single_picks(plan, &hold.on);
        self.edit(&Amendment::Release { on, id: hold.id.to_string() })
    }

    fn transfer(&mut self, rest: &str) -> Result<String, String> {
        let asked = "write it as: move 500 from sector=GS to sector=ITU-D";
        let (amount, rest) = rest.split_once(" from ").ok_or(asked)?;
        let (from, to) = rest.split_once(" to ").ok_or(asked)?;
        self.edit(&Amendment::Transfer {
            amount: typed::number(amount)?,
            from: self.slice(from)?,
            to: self.slice(to)?,
            reason: None,
            by: None,
        })
    }

    fn save(&mut self, name: &str) -> Result<String, String> {
        let text = self.draft.text().clone();
        let done = if name.is_empty() {
            self.papers.save(&text, &self.saved, false)
        } else {
            self.papers.save_as(name, &text, false)
        };
        match done {
            Message::Saved(saved) => {
                self.saved = saved.text;
                self.desk = Desk::new(&self.papers.opened)?;
                Ok(format!("saved as {}\n", saved.name))
            }
            Message::Clash(_) => {
                Err("the file has changed on disk; save under another name, or start again".into())
            }
            Message::Exists(name) => Err(format!("there is a file `{name}` already")),
            Message::Failed(words) => Err(words),
            _ => Err("it was not saved".into()),
        }
    }

    fn show(&self, word: &str, rest: &str) -> Result<String, String> {
        let answer = self.answer()?;
        let (plan, allocation) = (&answer.plan, &answer.allocation);
        let draw = |table: Table| report::draw(&[table], self.look);
        Ok(match word {
            "show" => {
                let names = rest.split([' ', ',']).filter(|name| !name.is_empty());
                let axes = names.map(|name| {
                    crate::scenario::find_axis(name, plan.dimensions()).ok_or_else(|| {
                        let known = crate::scenario::axis_names(plan.dimensions());
                        format!("there is no dimension `{name}`; there are {}", known.join(", "))
                    })
                });
                let axes = axes.collect::<Result<Vec<_>, String>>()?;
                draw(report::allocation(plan, allocation, &axes))
            }
            "limits" => draw(report::limits(plan, allocation)),
            "revenue" => draw(report::revenue(plan, allocation)),
            "linkage" => draw(report::linkage(plan, allocation)),
            "holds" => {
                let lines = held_lines(&answer).into_iter().map(|(line, _)| line + "\n");
                let text: String = lines.collect();
                if text.is_empty() { "nothing is held, no money is moved\n".into() } else { text }
            }
            "explain" => explained(&answer, &self.slice(rest)?),
            _ => return Err(format!("`{word}` is no command; `help` lists them")),
        })
    }
}
