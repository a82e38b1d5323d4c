//! The line mode: commands in words, answers in lines, no screen. For screen readers, dumb terminals
//! and pipes.

mod edits;
mod views;
mod words;

use std::io::{BufRead, Write};
use std::sync::Arc;

use super::desk::Papers;
use crate::plan::Axis;
use crate::report::{self, Look, Table};
use crate::scenario::{Amendment, Draft, Picks};
use crate::session::{self, Desk, Opened};
use crate::tui::advice::{Advice, Asked, Question};
use crate::tui::adviser::{self, advise};
use crate::tui::answer::{Answer, Found};
use crate::tui::diff;
use crate::tui::find;
use crate::tui::message::Message;
use crate::tui::overlay::held_lines;
use crate::tui::worker;
use words::{explained, moves};

/// What a line asks for.
struct Plain<'a, W: Write> {
    out: W,
    look: Look,
    desk: Desk,
    papers: &'a mut Papers,
    draft: Draft,
    saved: Arc<str>,
    answer: Option<Arc<Answer>>,
    /// The answer before the last edit.
    before: Option<Arc<Answer>>,
    /// The table that was shown last.
    table: Option<Table>,
    /// The repairs that were asked for last.
    repairs: Option<(Asked, Advice)>,
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
    let (answer, before, table, repairs) = (None, None, None, None);
    let papers_of = &mut papers;
    let mut plain =
        Plain { out, look, desk, papers: papers_of, draft, saved, answer, before, table, repairs };
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
            self.watch()?;
            let line = line.trim();
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match word {
                "" => {}
                "quit" | "q" | "exit" => break,
                "undo" | "redo" => self.step(word == "undo")?,
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

    /// Undoes or redoes an edit, and names it.
    fn step(&mut self, back: bool) -> std::io::Result<()> {
        let (name, did, word) = if back {
            (self.draft.undo(), "undid", "undo")
        } else {
            (self.draft.redo(), "redid", "redo")
        };
        let Some(name) = name.map(String::from) else {
            return self.say(&format!("not done: there is nothing to {word}"));
        };
        self.papers.note(&self.draft);
        self.say(&format!("{did}: {name}"))?;
        self.solve()
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
                self.before = self.answer.replace(answer);
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
            "help" => Ok(words::HELP.into()),
            "hold" | "floor" | "ceiling" => self.hold(word, rest),
            "release" => self.release(rest),
            "set" | "off" | "on" | "reset" => self.set(word, rest),
            "limit" => self.limit(rest),
            "move" => self.transfer(rest),
            "note" => self.note(rest),
            "edit" => self.by_hand(),
            "reload" => Ok(self.reload()),
            "changes" if *self.saved == **self.draft.text() => {
                Ok("nothing differs from what is saved\n".into())
            }
            "changes" => Ok(diff::lines(&self.saved, self.draft.text()).join("\n") + "\n"),
            "revert" => {
                let saved = self.saved.clone();
                self.draft.replace("go back to what is saved".into(), &saved);
                Ok(self.noted())
            }
            "save" | "save!" => self.save(rest, word == "save!"),
            "write" => self.write(rest),
            "why" => Ok(self.told(Question::Figure(self.slice(rest)?))),
            "worth" => self.worth(rest),
            "range" => Ok(self.told(Question::Range(self.slice(rest)?))),
            "repairs" => Ok(self.told(Question::Repairs)),
            "repair" => self.repair(rest),
            "bends" => self.bends(rest),
            "walk" => self.walk(rest),
            "moved" => self.moved(rest),
            "compare" => self.compare(rest),
            "bridge" => self.bridge(rest),
            "rows" => {
                let spreads = session::batch::spreads(std::path::Path::new(rest))?;
                Ok(self.draw(report::fan(&spreads)))
            }
            _ => self.show(word, rest),
        }
    }

    /// What is found for a question, in lines.
    fn told(&mut self, question: Question) -> String {
        adviser::lines(&self.found(question)).join("\n") + "\n"
    }

    /// What is found for a question; repairs are looked for once.
    fn found(&mut self, question: Question) -> Advice {
        let asked = Asked { text: self.draft.text().clone(), question };
        if let Some((_, known)) = self.repairs.as_ref().filter(|(own, _)| *own == asked) {
            return known.clone();
        }
        let found = advise(&mut self.desk, &asked);
        if asked.question == Question::Repairs {
            self.repairs = Some((asked, found.clone()));
        }
        found
    }

    fn repair(&mut self, number: &str) -> Result<String, String> {
        let Advice::Repairs { found, .. } = self.found(Question::Repairs) else {
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

    fn save(&mut self, name: &str, over: bool) -> Result<String, String> {
        let text = self.draft.text().clone();
        let done = if name.is_empty() {
            self.papers.save(&text, &self.saved, over)
        } else {
            self.papers.save_as(name, &text, over)
        };
        match done {
            Message::Saved(saved) => {
                self.saved = saved.text;
                self.desk = Desk::new(&self.papers.opened)?;
                Ok(format!("saved as {}\n", saved.name))
            }
            Message::Clash(_) => {
                Err("the file has changed on disk; `reload` reads it, `save!` writes over it"
                    .into())
            }
            Message::Exists(name) => {
                Err(format!("there is a file `{name}` already; `save! {name}` writes over it"))
            }
            Message::Failed(words) => Err(words),
            _ => Err("it was not saved".into()),
        }
    }

    fn show(&mut self, word: &str, rest: &str) -> Result<String, String> {
        let answer = self.answer()?;
        let (plan, allocation) = (&answer.plan, &answer.allocation);
        Ok(match word {
            "show" => {
                let axes = self.axes(rest)?;
                self.draw(report::allocation(plan, allocation, &axes))
            }
            "transfers" => {
                let axes = self.axes(rest)?;
                let schedule = crate::explain::transfers(plan, allocation, &axes, &[]);
                self.draw(report::transfers(plan, allocation, &axes, &schedule))
            }
            "limits" => self.draw(report::limits(plan, allocation)),
            "revenue" => self.draw(report::revenue(plan, allocation)),
            "linkage" => self.draw(report::linkage(plan, allocation)),
            "scenarios" => self.desk.others().join("\n") + "\n",
            "holds" => {
                let lines = held_lines(&answer).into_iter().map(|(line, _)| line + "\n");
                let text: String = lines.collect();
                if text.is_empty() { "nothing is held, no money is moved\n".into() } else { text }
            }
            "explain" => explained(&answer, &self.slice(rest)?),
            _ => return Err(format!("`{word}` is no command; `help` lists them")),
        })
    }

    /// The dimensions that are named, at their levels.
    fn axes(&self, rest: &str) -> Result<Vec<Axis>, String> {
        let answer = self.answer()?;
        let dimensions = answer.plan.dimensions();
        let names = rest.split([' ', ',']).filter(|name| !name.is_empty());
        let axes = names.map(|name| {
            crate::scenario::find_axis(name, dimensions).ok_or_else(|| {
                let known = crate::scenario::axis_names(dimensions);
                format!("there is no dimension `{name}`; there are {}", known.join(", "))
            })
        });
        axes.collect()
    }

    /// A table in lines; `write` puts the last one into a file.
    fn draw(&mut self, table: Table) -> String {
        let tables = [table];
        let text = report::draw(&tables, self.look);
        let [table] = tables;
        self.table = Some(table);
        text
    }
}
