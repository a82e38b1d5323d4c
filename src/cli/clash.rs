//! `virement explain` on a scenario whose limits clash: the conflict, its repairs, and the scenario
//! that holds one of them.

use serde_json::{Map, Value, json};

use super::args::{Explain, ExplainFormat};
use super::run::{Exit, failed, find, misuse};
use super::screen::Screen;
use crate::explain::{self as why, Repair, Repairs};
use crate::report;
use crate::session::{self, Solved};
use crate::solve::{Conflict, Outcome};

/// Tells the conflict and the repairs, or writes the one that was asked for.
pub(super) fn clash(
    screen: &Screen,
    asked: &Explain,
    solved: &Solved,
    conflict: &Conflict,
) -> Exit {
    let request = match find(screen, asked.scenario.as_deref()) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    let repairs = session::repairs(&request, solved, asked.all);
    if !(asked.cells.is_empty() && asked.limits.is_empty() && asked.why_not.is_empty()) {
        screen.say("--cell, --limit and --why-not ask about an allocation; there is none here");
    }
    let Some(number) = asked.apply else {
        return told(screen, asked, solved, conflict, &repairs);
    };
    let Some(output) = &asked.output else {
        return misuse(screen, "--apply needs -o FILE.scenario.toml, the scenario to write");
    };
    let repair = number.checked_sub(1).and_then(|place| repairs.get(place));
    let Some(repair) = repair else {
        let count = repairs.len();
        let message = match count {
            0 => "--apply: there is no repair to apply; --all offers standing limits too".into(),
            1 => format!("--apply: there is no repair {number}; there is one"),
            _ => format!("--apply: there is no repair {number}; there are {count}"),
        };
        return misuse(screen, &message);
    };
    match session::apply(&request, solved, repair, output) {
        Ok(remark) => {
            screen.say(&format!("wrote {}", output.display()));
            if let Some(remark) = remark {
                screen.say(&remark);
            }
            Exit::Fine
        }
        Err(message) => failed(screen, &message),
    }
}

fn told(
    screen: &Screen,
    asked: &Explain,
    solved: &Solved,
    conflict: &Conflict,
    repairs: &Repairs,
) -> Exit {
    let plan = &solved.resolved.plan;
    let text = match asked.format {
        ExplainFormat::Text => {
            let mut lines = report::headline(plan, &solved.outcome);
            lines.push(String::new());
            lines.extend(why::tell(plan, conflict).sentences);
            lines.push(String::new());
            lines.extend(report::told(plan, conflict).into_iter().map(|line| format!("  {line}")));
            lines.push(String::new());
            lines.extend(report::repairs_told(
                plan,
                (repairs, repairs.stuck.as_deref()),
                asked.all,
            ));
            let safe: Vec<String> =
                lines.iter().map(|line| crate::units::display_safe(line)).collect();
            let text = safe.join("\n") + "\n";
            if screen.look(false).unicode { text } else { report::ascii(&text) }
        }
        ExplainFormat::Json => format!("{:#}\n", as_json(solved, conflict, repairs)),
    };
    match Screen::print(&text) {
        Ok(()) => Exit::Infeasible,
        Err(message) => failed(screen, &message),
    }
}

/// The explanation for programs.
fn as_json(solved: &Solved, conflict: &Conflict, repairs: &[Repair]) -> Value {
    let plan = &solved.resolved.plan;
    let mut whole = Map::new();
    whole.insert("format".into(), json!("virement/explanation@1"));
    whole.insert("scenario".into(), json!(solved.identity.scenario));
    whole.insert("hash".into(), json!(solved.identity.hash));
    whole.insert("currency".into(), json!(plan.currency()));
    whole.insert("scale".into(), json!(plan.scale()));
    whole.insert("status".into(), json!("infeasible"));
    let told = why::tell(plan, conflict);
    whole.insert("sentences".into(), json!(told.sentences));
    whole.insert("statements".into(), json!(report::told(plan, conflict)));
    whole.insert("conflict".into(), report::json::rows(&report::conflict(plan, conflict)));
    whole.insert("repairs".into(), report::json::rows(&report::repairs(plan, repairs)));
    Value::Object(whole)
}

/// The repairs of an infeasible answer; none where there is one.
pub(super) fn mended(name: Option<&str>, solved: &Solved) -> Repairs {
    if !matches!(solved.outcome, Outcome::Infeasible(_)) {
        return Repairs::default();
    }
    session::find(name.unwrap_or(session::DEFAULT_PLAN))
        .map(|request| session::repairs(&request, solved, false))
        .unwrap_or_default()
}
