use super::args::{Args, Command, Format, Solve, TableName, Tui};
use super::clash::mended;
use super::screen::Screen;
use super::{tables, tui};
use crate::explain::{Footing, Price, Repairs, StepSize};
use crate::report::{self, Findings};
use crate::scenario::{Problem, Sources};
use crate::session::{self, Refused, Request, Solved};
use crate::solve::Outcome;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Solved, or nothing wrong found.
    Fine = 0,
    /// A problem in the input.
    Problem = 1,
    /// The command was misused.
    Misuse = 2,
    /// The limits cannot hold together.
    Infeasible = 3,
    /// The answer could not be certified.
    Uncertified = 4,
    /// Reading or writing failed.
    Io = 5,
}

/// Does what was asked for.
pub(crate) fn run(args: &Args) -> Exit {
    let screen = Screen::new(args.ascii);
    if let Some(message) = args.command.as_ref().and_then(super::misnamed::misnamed) {
        return misuse(&screen, &message);
    }
    match &args.command {
        None if tui::possible() => super::tui::tui(&screen, &Tui::default(), true),
        None => {
            screen.say(
                "say what to do: `virement tui` edits the embedded plan on a terminal, `virement solve` allocates it, `virement init DIR` writes it out as files, `virement --help` lists the commands",
            );
            Exit::Misuse
        }
        Some(Command::Tui(asked)) => super::tui::tui(&screen, asked, false),
        Some(Command::Solve(asked)) => solve(&screen, asked),
        Some(Command::Certify { result, certificate, scenario }) => {
            super::certify::certify(&screen, (result, certificate), scenario.as_deref())
        }
        Some(Command::Check { paths }) => super::check::check(&screen, paths),
        Some(Command::Resolve { scenario }) => resolve(&screen, scenario.as_deref()),
        Some(Command::Explain(asked)) => super::explain::explain(&screen, asked),
        Some(Command::Export(asked)) => super::export::export(&screen, asked),
        Some(Command::Report(asked)) => super::export::report(&screen, asked),
        Some(Command::Transfers(asked)) => super::transfers::transfers(&screen, asked),
        Some(Command::Compare(asked)) => super::compare::compare(&screen, asked),
        Some(Command::Batch(asked)) => super::batch::batch(&screen, asked),
        Some(Command::Summarise(asked)) => super::batch::summarise(&screen, asked),
        Some(Command::Sweep(asked)) => super::sweep::sweep(&screen, asked),
        Some(Command::Merge { folders, output }) => super::batch::merge(&screen, folders, output),
        Some(Command::Init { names }) => super::files::init(&screen, names),
        Some(Command::Schema { of, output }) => {
            super::files::schema(&screen, *of, output.as_deref())
        }
        Some(Command::Generate(asked)) => super::files::generate(&screen, asked),
    }
}

/// Finds what a name stands for; says so where it stands for nothing.
pub(super) fn find(screen: &Screen, name: Option<&str>) -> Result<Request, Exit> {
    session::find(name.unwrap_or(session::DEFAULT_PLAN)).map_err(|message| {
        screen.say(&message);
        Exit::Io
    })
}

pub(super) fn refuse(screen: &Screen, refused: &Refused) -> Exit {
    show(screen, &refused.problems, &refused.sources);
    Exit::Problem
}

/// Draws problems, but not the remarks on a plan that only `check` makes.
pub(super) fn show(screen: &Screen, problems: &[Problem], sources: &Sources) {
    let shown: Vec<Problem> =
        problems.iter().filter(|problem| problem.code != "fixed-line").cloned().collect();
    screen.problems(&shown, sources);
}

pub(super) fn answer(screen: &Screen, name: Option<&str>) -> Result<Solved, Exit> {
    let request = find(screen, name)?;
    match session::answer(&request) {
        Ok((solved, sources)) => {
            show(screen, &solved.resolved.warnings, &sources);
            let count = solved.resolved.design.count();
            if count > 1 {
                screen.say(&format!(
                    "the file stands for {count} scenarios, and this is the one as it is without what varies; `virement batch` solves them all"
                ));
            }
            Ok(solved)
        }
        Err(refused) => Err(refuse(screen, &refused)),
    }
}

fn solve(screen: &Screen, asked: &Solve) -> Exit {
    let solved = match answer(screen, asked.scenario.as_deref()) {
        Ok(solved) => solved,
        Err(exit) => return exit,
    };
    let plan = &solved.resolved.plan;
    let by = match tables::axes(plan, &asked.by) {
        Ok(by) => by,
        Err(message) => return misuse(screen, &message),
    };
    let wants = asked.format != Format::Csv
        || asked.tables.contains(&TableName::Repairs)
        || asked.certificate.is_some();
    let mended =
        if wants { mended(asked.scenario.as_deref(), &solved) } else { Repairs::default() };
    let prices = if asked.prices { priced(&solved) } else { Vec::new() };
    let findings = Findings { prices: &prices, mended: &mended, stuck: mended.stuck.as_deref() };
    let text = match (asked.format, &solved.outcome) {
        (Format::Table, outcome) => {
            let look = screen.look(asked.output.is_some());
            tables::screen(plan, outcome, &asked.tables, &by, findings, look)
        }
        (Format::Json, outcome) => {
            let (identity, with) = (&solved.identity, asked.contributions);
            json(&report::result(plan, outcome, identity, &by, with, findings))
        }
        (Format::Md, outcome) => {
            report::markdown::encode(&tables::asked(plan, outcome, &asked.tables, &by, findings))
        }
        (Format::Csv, outcome) => {
            let found = tables::asked(plan, outcome, &asked.tables, &by, findings);
            let [table] = found.as_slice() else {
                return misuse(screen, "--format csv takes one --table");
            };
            match report::csv::encode(table) {
                Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                Err(error) => return failed(screen, &error.to_string()),
            }
        }
    };
    if let Err(message) = write_models(asked, &solved) {
        return failed(screen, &message);
    }
    if let Some(path) = &asked.certificate
        && let Err(message) = super::certify::write(screen, path, &solved, findings)
    {
        return failed(screen, &message);
    }
    let written = match &asked.output {
        Some(path) => session::write(path, text.as_bytes()),
        None => Screen::print(&text),
    };
    match written {
        Ok(()) => ending(screen, &solved, asked.format != Format::Table || asked.output.is_some()),
        Err(message) => failed(screen, &message),
    }
}

/// What every limit that binds is worth, by the usual step.
fn priced(solved: &Solved) -> Vec<Price> {
    let (Outcome::Optimal(found) | Outcome::Unrounded(found, _)) = &solved.outcome else {
        return Vec::new();
    };
    let footing = Footing::new(&solved.resolved.plan, found);
    footing.map(|footing| session::prices(&footing, &StepSize::default(), true)).unwrap_or_default()
}

/// Writes the programmes of the stages, where a folder for them was named.
fn write_models(asked: &Solve, solved: &Solved) -> Result<(), String> {
    let Some(folder) = &asked.write_model else { return Ok(()) };
    let (Outcome::Optimal(found) | Outcome::Unrounded(found, _)) = &solved.outcome else {
        return Ok(());
    };
    std::fs::create_dir_all(folder)
        .map_err(|error| format!("`{}` cannot be made: {error}", folder.display()))?;
    for (name, text) in report::mps::models(&solved.resolved.plan, found) {
        session::write(&folder.join(name), text.as_bytes())?;
    }
    Ok(())
}

pub(super) fn misuse(screen: &Screen, message: &str) -> Exit {
    screen.say(message);
    Exit::Misuse
}

pub(super) fn failed(screen: &Screen, message: &str) -> Exit {
    screen.say(message);
    Exit::Io
}

pub(super) fn json(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

/// The exit code of an answer; `aloud` says on standard error what its text does not.
pub(super) fn ending(screen: &Screen, solved: &Solved, aloud: bool) -> Exit {
    let status = report::status(&solved.resolved.plan, &solved.outcome);
    match (status.status, status.proof) {
        ("infeasible", "infeasible") => {
            if aloud {
                screen.say("infeasible: these limits cannot hold together");
            }
            Exit::Infeasible
        }
        ("optimal", "optimal") => Exit::Fine,
        (found, "feasible") => {
            screen.say(&format!(
                "{found}, and every limit holds on the published figures, but not proven: {}",
                report::unproven(&solved.outcome)
            ));
            Exit::Uncertified
        }
        ("infeasible", _) => {
            let why = report::unproven(&solved.outcome);
            screen.say(&format!("infeasible, but not proven: {why}"));
            Exit::Uncertified
        }
        ("unbounded" | "stopped", _) => {
            screen.say("there is no answer to certify");
            Exit::Uncertified
        }
        _ => {
            screen.say("the answer could not be certified on whole figures");
            Exit::Uncertified
        }
    }
}

fn resolve(screen: &Screen, name: Option<&str>) -> Exit {
    let request = match find(screen, name) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    match session::open(&request) {
        Err(refused) => refuse(screen, &refused),
        Ok((resolved, sources)) => {
            show(screen, &resolved.warnings, &sources);
            let mut text = format!("# hash {}\n", resolved.hash());
            for stated in resolved.values() {
                let line = format!("{} = {}", stated.path, stated.value);
                text += &crate::units::display_safe(&format!(
                    "{line:<60}  # {}",
                    sources.line(stated.place)
                ));
                text.push('\n');
            }
            match Screen::print(&text) {
                Ok(()) => Exit::Fine,
                Err(message) => failed(screen, &message),
            }
        }
    }
}
