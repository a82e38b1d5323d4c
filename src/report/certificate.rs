//! Certificates as JSON, `virement/certificate@1`.

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::Identity;
use super::certificate_cases::written;
use crate::certify::{
    self, Certificate, Clash, Lean, Multipliers, Name, Optimal, StageProof, cell_text,
    decision_text, decisions,
};
use crate::plan::{Plan, Sense};
use crate::units::{Amount, Money};

/// The version of the file.
pub(super) const FORMAT: &str = "virement/certificate@1";

/// What is proven where revenue decisions are unknowns of the stages.
const OPEN: &str = "every stage is proven over all amounts that the cells and the revenue decisions may be; the published figures are whole quanta next to the exact ones";
/// What is proven where revenue is given.
const GIVEN: &str = "every stage is proven over all amounts that the cells may be, with revenue as published; the published figures are whole quanta next to the exact ones";
/// What is proven where decisions are shown to stand as near to where they would rather as can be.
const DECIDED: &str = "every revenue decision stands as near to where it would rather as whole quanta allow, in the order of the file; with revenue as published, the cells stand nearest to their baselines; the published figures are whole quanta next to the exact ones";
/// What is proven of a clash.
const CLASH: &str =
    "no amounts of the cells and the revenue decisions satisfy the conditions named";

/// What is proven of a clash that lines of all or nothing are in.
const UNDECIDABLE: &str = "however the lines of all or nothing are decided, no amounts of the cells and the revenue decisions satisfy the conditions named";

/// What a certificate proves, in words.
pub fn scope(plan: &Plan, certificate: &Certificate) -> &'static str {
    match certificate {
        Certificate::Optimal(proof) if proof.open => OPEN,
        Certificate::Optimal(proof)
            if !proof.decisions.is_empty() && certify::is_settled(plan, proof) =>
        {
            DECIDED
        }
        Certificate::Optimal(_) => GIVEN,
        Certificate::Infeasible(_) => CLASH,
        Certificate::Undecidable(_) => UNDECIDABLE,
    }
}

/// The SHA-256 of a JSON value, written without spaces.
pub fn digest(value: &Json) -> String {
    let bytes = Sha256::digest(value.to_string().as_bytes());
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The SHA-256 of a result, without what is only there when it is asked for: `by` and
/// `contributions`.
pub fn result_digest(result: &Json) -> String {
    let mut plain = result.clone();
    if let Json::Object(fields) = &mut plain {
        fields.shift_remove("by");
        if let Some(Json::Array(cells)) = fields.get_mut("allocation") {
            for cell in cells.iter_mut().filter_map(Json::as_object_mut) {
                cell.shift_remove("contributions");
            }
        }
    }
    digest(&plain)
}

/// An answer that a scenario builds on, with its proof.
#[derive(Debug, Clone)]
pub struct Basis<'a> {
    /// The file of the scenario.
    pub path: &'a str,
    /// The hash of its resolved input.
    pub hash: String,
    /// Its effective plan.
    pub plan: &'a Plan,
    /// Its proof.
    pub proof: &'a Optimal,
    /// Its published figures, one a cell.
    pub published: &'a [Money],
}

/// Writes a certificate of `result`, with those of the answers that it builds on. Its last field
/// is the hash of all others.
pub fn certificate(
    plan: &Plan,
    certificate: &Certificate,
    identity: &Identity,
    result: &Json,
    basis: &[Basis],
) -> Json {
    let mut file = Map::new();
    let mut put = |key: &str, value: Json| file.insert(key.into(), value);
    put("format", json!(FORMAT));
    put("scenario", json!(identity.scenario));
    put("input", json!(identity.hash));
    put("result", json!(result_digest(result)));
    put("builds-on", basis.iter().map(self::basis).collect());
    match certificate {
        Certificate::Optimal(proof) => {
            put("claim", json!("optimal"));
            put("scope", json!(scope(plan, certificate)));
            put("proof", optimal(plan, proof));
        }
        Certificate::Infeasible(proof) => {
            put("claim", json!("infeasible"));
            put("scope", json!(scope(plan, certificate)));
            put("proof", clash(proof));
        }
        Certificate::Undecidable(cases) => {
            put("claim", json!("infeasible"));
            put("scope", json!(scope(plan, certificate)));
            put("proof", json!({ "cases": written(plan, cases) }));
        }
    }
    let mut file = Json::Object(file);
    let sum = digest(&file);
    if let Json::Object(fields) = &mut file {
        fields.insert("sha256".into(), json!(sum));
    }
    file
}

/// An exact number: a whole number or a fraction in lowest terms.
fn exact(amount: &Amount) -> Json {
    if amount.is_whole() {
        return json!(amount.numerator().to_string());
    }
    json!(format!("{}/{}", amount.numerator(), amount.denominator()))
}

fn basis(basis: &Basis) -> Json {
    let quantum = basis.plan.quantum();
    let amounts: Vec<Amount> = basis.published.iter().map(|money| quantum.amount(*money)).collect();
    json!({
        "scenario": basis.path,
        "input": basis.hash,
        "published": cells(basis.plan, &amounts),
        "proof": optimal(basis.plan, basis.proof),
    })
}

fn optimal(plan: &Plan, proof: &Optimal) -> Json {
    let known = decisions(plan);
    let decided = known.iter().zip(&proof.decisions).map(|(decision, amount)| {
        json!({ "decision": decision_text(plan, *decision), "amount": exact(amount) })
    });
    let stages = proof.stages.iter().map(|stage| self::stage(plan, stage, &known));
    let mut fields = json!({
        "revenue": if proof.open { "decided" } else { "published" },
        "decisions": decided.collect::<Vec<_>>(),
        "exact": cells(plan, &proof.exact),
        "stages": stages.collect::<Vec<_>>(),
        "calibration": multipliers(&proof.calibration),
        "pressures": multipliers(&proof.pressures),
    });
    if !proof.moved.is_empty() {
        let moved = proof.moved.iter();
        let moved = moved.map(|(name, own)| json!({ "decision": name, "clash": clash(own) }));
        fields["moved"] = moved.collect();
    }
    if !proof.cases.is_empty() {
        fields["cases"] = written(plan, &proof.cases);
    }
    fields
}

/// One amount a cell, by name; amounts beyond the cells are those of decisions.
pub(super) fn cells(plan: &Plan, amounts: &[Amount]) -> Json {
    let cells = plan.cells().iter().zip(amounts);
    let cells = cells.map(
        |(cell, amount)| json!({ "cell": cell_text(plan, &cell.members), "amount": exact(amount) }),
    );
    cells.collect()
}

pub(super) fn stage(plan: &Plan, proof: &StageProof, known: &[(usize, usize)]) -> Json {
    let mut fields = Map::new();
    fields.insert("stage".into(), json!(proof.stage));
    fields.insert("round".into(), json!(proof.round));
    fields.insert("value".into(), exact(&proof.value));
    fields.insert("own".into(), named(&proof.own));
    fields.insert("multipliers".into(), multipliers(&proof.multipliers));
    if let Some(witness) = &proof.witness {
        fields.insert("witness".into(), cells(plan, witness));
        fields.insert("witness-decisions".into(), decided(plan, known, witness));
    }
    Json::Object(fields)
}

/// Where the decisions stand in `amounts`, which has one for each cell before them; nothing where it
/// has none for them.
pub(super) fn decided(plan: &Plan, known: &[(usize, usize)], amounts: &[Amount]) -> Json {
    let decided = known.iter().zip(amounts.iter().skip(plan.cells().len()));
    let decided = decided.map(|(decision, amount)| {
        json!({ "decision": decision_text(plan, *decision), "amount": exact(amount) })
    });
    decided.collect()
}

fn named(list: &[(String, Amount)]) -> Json {
    list.iter().map(|(of, amount)| json!({ "of": of, "amount": exact(amount) })).collect()
}

fn multipliers(own: &Multipliers) -> Json {
    let stages = own.stages.iter().map(|(stage, lean)| {
        json!({
            "stage": stage,
            "multiplier": exact(&lean.multiplier),
            "slopes": named(&lean.slopes),
        })
    });
    let forms = own.forms.iter().map(|(stage, form, multiplier)| {
        json!({ "stage": stage, "form": form, "multiplier": exact(multiplier) })
    });
    let mut fields = json!({
        "limits": rows(&own.rows),
        "convex": sums(&own.sums),
        "stages": stages.collect::<Vec<_>>(),
        "forms": forms.collect::<Vec<_>>(),
    });
    if !own.bends.is_empty() {
        let bends = own.bends.iter();
        let bends =
            bends.map(|(stage, of, by)| json!({ "stage": stage, "of": of, "amount": exact(by) }));
        fields["bends"] = bends.collect();
    }
    fields
}

fn rows(rows: &[(Name, Sense, Amount)]) -> Json {
    let row = |(name, side, multiplier): &(Name, Sense, Amount)| {
        json!({
            "kind": name.kind,
            "id": name.id.as_str(),
            "member": name.member,
            "sense": side.sign(),
            "multiplier": exact(multiplier),
        })
    };
    rows.iter().map(row).collect()
}

fn sums(sums: &[(Name, Lean)]) -> Json {
    let sum = |(name, lean): &(Name, Lean)| {
        json!({
            "kind": name.kind,
            "id": name.id.as_str(),
            "member": name.member,
            "multiplier": exact(&lean.multiplier),
            "slopes": named(&lean.slopes),
        })
    };
    sums.iter().map(sum).collect()
}

pub(super) fn clash(proof: &Clash) -> Json {
    json!({
        "limits": rows(&proof.rows),
        "convex": sums(&proof.sums),
        "excess": exact(&proof.excess),
    })
}
