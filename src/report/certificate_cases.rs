//! The cases of lines of all or nothing in a certificate, written and read.

use serde_json::{Value as Json, json};

use super::certificate::{cells, clash, decided, stage};
use super::certificate_file::{self as file, Found};
use crate::certify::{Case, Shown, decisions};
use crate::plan::Plan;

/// Cases as JSON.
pub(super) fn written(plan: &Plan, cases: &[Case]) -> Json {
    cases.iter().map(|case| one(plan, case)).collect()
}

fn one(plan: &Plan, case: &Case) -> Json {
    let chosen = case.decided.iter();
    let chosen = chosen.map(|(cell, taken)| json!({ "cell": cell, "taken": taken }));
    let chosen: Vec<Json> = chosen.collect();
    match &case.shown {
        Shown::Answer => json!({ "decided": chosen, "shown": "answer" }),
        Shown::Clash(proof) => {
            json!({ "decided": chosen, "shown": "clash", "clash": clash(proof) })
        }
        Shown::Behind { amounts, stages } => {
            let known = decisions(plan);
            let bounds = stages.iter().map(|proof| stage(plan, proof, &known));
            json!({
                "decided": chosen,
                "shown": "behind",
                "amounts": cells(plan, amounts),
                "decisions": decided(plan, &known, amounts),
                "stages": bounds.collect::<Vec<_>>(),
            })
        }
    }
}

/// Cases as a certificate states them; revenue decisions are unknowns where they are `open`.
pub(super) fn read(plan: &Plan, list: &[Json], open: bool) -> Found<Vec<Case>> {
    list.iter().map(|json| case(plan, json, open)).collect()
}

fn case(plan: &Plan, json: &Json, open: bool) -> Found<Case> {
    let more = ["clash", "amounts", "decisions", "stages"];
    let fields = file::object(json, "a case", &["decided", "shown"], &more)?;
    let one = |json: &Json| {
        let fields = file::object(json, "a line of all or nothing", &["cell", "taken"], &[])?;
        let taken = fields["taken"].as_bool();
        let taken = taken.ok_or_else(|| file::fault("`taken` is neither true nor false"))?;
        Ok((file::text(fields, "cell")?.to_string(), taken))
    };
    let decided = file::list(fields, "decided")?.iter().map(one).collect::<Found<Vec<_>>>()?;
    let (known, shown) = match file::text(fields, "shown")? {
        "answer" => (2, Shown::Answer),
        "clash" => {
            let proof = fields.get("clash").ok_or_else(|| file::fault("a case has no `clash`"))?;
            (3, Shown::Clash(file::clash(proof)?))
        }
        "behind" => {
            let mut amounts = file::cells(plan, file::list(fields, "amounts")?)?;
            let stated = file::list(fields, "decisions")?;
            if open {
                amounts.extend(file::decided(plan, stated)?);
            } else if !stated.is_empty() {
                return Err(file::fault("a case states decisions that are settled"));
            }
            let stages = file::list(fields, "stages")?.iter();
            let stages = stages.map(|json| file::stage(plan, json, open)).collect::<Found<_>>()?;
            (5, Shown::Behind { amounts, stages })
        }
        other => return Err(file::fault(&format!("a case cannot be shown by `{other}`"))),
    };
    if fields.len() != known {
        return Err(file::fault("a case states more than its kind has"));
    }
    Ok(Case { decided, shown })
}
