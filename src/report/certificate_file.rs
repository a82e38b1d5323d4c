//! Reads a certificate from JSON, strictly: nothing unknown, nothing missing, nothing altered.

use num_bigint::BigInt;
use serde_json::{Map, Value as Json};

use super::certificate::{FORMAT, digest};
use super::certificate_cases::read;
use crate::certify::{
    Certificate, Clash, Lean, Multipliers, Name, Optimal, Refusal, StageProof, cell_text,
    decision_text, decisions,
};
use crate::plan::{Plan, Sense};
use crate::units::{Amount, Id, Money};

/// A certificate as its file states it, before its plan is known.
#[derive(Debug, Clone)]
pub struct CertificateFile<'a> {
    /// The name of what was solved.
    pub scenario: &'a str,
    /// What it says that it proves.
    pub scope: &'a str,
    /// The hash of the resolved input.
    pub input: &'a str,
    /// The hash of the result.
    pub result: &'a str,
    /// The answers that it builds on, by the file of each.
    pub basis: Vec<BasisFile<'a>>,
    claim: &'a str,
    proof: &'a Json,
}

/// An answer that a scenario builds on, as a certificate states it.
#[derive(Debug, Clone)]
pub struct BasisFile<'a> {
    /// The file of the scenario.
    pub path: &'a str,
    /// The hash of its resolved input.
    pub hash: &'a str,
    published: &'a [Json],
    proof: &'a Json,
}

pub(super) type Found<T> = Result<T, Refusal>;

pub(super) fn fault(text: &str) -> Refusal {
    Refusal::File(format!("the certificate is not as it was written: {text}"))
}

/// Reads a certificate, whose own hash has to agree.
///
/// # Errors
///
/// What is unknown, missing or altered.
pub fn read_certificate(file: &Json) -> Result<CertificateFile<'_>, Refusal> {
    let keys =
        ["format", "scenario", "input", "result", "builds-on", "claim", "scope", "proof", "sha256"];
    let fields = object(file, "the file", &keys, &[])?;
    if text(fields, "format")? != FORMAT {
        return Err(fault(&format!("its format is not `{FORMAT}`")));
    }
    let mut plain = file.clone();
    if let Json::Object(fields) = &mut plain {
        fields.shift_remove("sha256");
    }
    if text(fields, "sha256")? != digest(&plain) {
        return Err(fault("its own hash does not agree"));
    }
    let basis = list(fields, "builds-on")?.iter().map(|json| {
        let fields = object(json, "a basis", &["scenario", "input", "published", "proof"], &[])?;
        let (path, hash) = (text(fields, "scenario")?, text(fields, "input")?);
        Ok(BasisFile { path, hash, published: list(fields, "published")?, proof: &fields["proof"] })
    });
    Ok(CertificateFile {
        scenario: text(fields, "scenario")?,
        scope: text(fields, "scope")?,
        input: text(fields, "input")?,
        result: text(fields, "result")?,
        basis: basis.collect::<Found<_>>()?,
        claim: text(fields, "claim")?,
        proof: &fields["proof"],
    })
}

impl CertificateFile<'_> {
    /// The proof, which is of `plan`.
    ///
    /// # Errors
    ///
    /// What is unknown or missing.
    pub fn certificate(&self, plan: &Plan) -> Result<Certificate, Refusal> {
        match self.claim {
            "optimal" => Ok(Certificate::Optimal(Box::new(optimal(plan, self.proof)?))),
            "infeasible" if self.proof.get("cases").is_some() => {
                let fields = object(self.proof, "the proof", &["cases"], &[])?;
                let open = !decisions(plan).is_empty();
                Ok(Certificate::Undecidable(read(plan, list(fields, "cases")?, open)?))
            }
            "infeasible" => Ok(Certificate::Infeasible(Box::new(clash(self.proof)?))),
            other => Err(fault(&format!("it claims `{other}`"))),
        }
    }
}

impl BasisFile<'_> {
    /// The proof and the published figures, which are of `plan`.
    ///
    /// # Errors
    ///
    /// What is unknown or missing, or published in parts of a quantum.
    pub fn answer(&self, plan: &Plan) -> Result<(Optimal, Vec<Money>), Refusal> {
        let whole = |amount: Amount| {
            let count = plan.quantum().count(&amount);
            let money = count.is_whole().then(|| Money::from_big(&count.numerator())).flatten();
            money.ok_or_else(|| fault("a published figure is no whole number of quanta"))
        };
        let published = cells(plan, self.published)?.into_iter().map(whole);
        Ok((optimal(plan, self.proof)?, published.collect::<Found<_>>()?))
    }
}

/// The fields of an object: all of `keys`, some of `maybe`, and no other.
pub(super) fn object<'a>(
    json: &'a Json,
    what: &str,
    keys: &[&str],
    maybe: &[&str],
) -> Found<&'a Map<String, Json>> {
    let fields = json.as_object().ok_or_else(|| fault(&format!("{what} is no object")))?;
    if let Some(missing) = keys.iter().find(|key| !fields.contains_key(**key)) {
        return Err(fault(&format!("{what} has no `{missing}`")));
    }
    let known = |key: &&String| keys.contains(&key.as_str()) || maybe.contains(&key.as_str());
    match fields.keys().find(|key| !known(key)) {
        Some(other) => Err(fault(&format!("{what} has an unknown `{other}`"))),
        None => Ok(fields),
    }
}

pub(super) fn text<'a>(fields: &'a Map<String, Json>, key: &str) -> Found<&'a str> {
    let value = fields.get(key).and_then(Json::as_str);
    value.ok_or_else(|| fault(&format!("`{key}` is no text")))
}

pub(super) fn list<'a>(fields: &'a Map<String, Json>, key: &str) -> Found<&'a Vec<Json>> {
    let value = fields.get(key).and_then(Json::as_array);
    value.ok_or_else(|| fault(&format!("`{key}` is no list")))
}

/// An exact number, as it is written: in lowest terms.
fn exact(fields: &Map<String, Json>, key: &str) -> Found<Amount> {
    let written = text(fields, key)?;
    let (over, under) = written.split_once('/').unwrap_or((written, "1"));
    let number = |digits: &str| -> Option<BigInt> {
        let own = digits.strip_prefix('-').unwrap_or(digits);
        own.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let pair = number(over).zip(number(under).filter(|under| *under > BigInt::from(0)));
    let amount = pair.map(|(over, under)| Amount::quotient(over, under));
    let lowest = amount.filter(|amount| {
        let fraction = format!("{}/{}", amount.numerator(), amount.denominator());
        written == fraction || (amount.is_whole() && written == amount.numerator().to_string())
    });
    lowest.ok_or_else(|| fault(&format!("`{written}` is no number in lowest terms")))
}

fn optimal(plan: &Plan, json: &Json) -> Found<Optimal> {
    let keys = ["revenue", "decisions", "exact", "stages", "calibration", "pressures"];
    let fields = object(json, "the proof", &keys, &["cases", "moved"])?;
    let open = match text(fields, "revenue")? {
        "decided" => true,
        "published" => false,
        other => return Err(fault(&format!("revenue cannot be `{other}`"))),
    };
    let stages = list(fields, "stages")?.iter().map(|json| stage(plan, json, open));
    Ok(Optimal {
        decisions: decided(plan, list(fields, "decisions")?)?,
        open,
        exact: cells(plan, list(fields, "exact")?)?,
        stages: stages.collect::<Found<_>>()?,
        calibration: multipliers(&fields["calibration"])?,
        pressures: multipliers(&fields["pressures"])?,
        moved: match fields.get("moved") {
            Some(_) => list(fields, "moved")?.iter().map(moved).collect::<Found<_>>()?,
            None => Vec::new(),
        },
        cases: match fields.get("cases") {
            Some(_) => read(plan, list(fields, "cases")?, open)?,
            None => Vec::new(),
        },
    })
}

/// What shows that a decision had to move.
fn moved(json: &Json) -> Found<(String, Clash)> {
    let fields = object(json, "a move of a decision", &["decision", "clash"], &[])?;
    Ok((text(fields, "decision")?.to_string(), clash(&fields["clash"])?))
}

/// Amounts that are stated in order, each with its name.
fn in_order(list: &[Json], key: &str, names: Vec<String>) -> Found<Vec<Amount>> {
    if list.len() != names.len() {
        return Err(fault(&format!("it states {} of {} amounts", list.len(), names.len())));
    }
    let amount = |(json, name): (&Json, String)| {
        let fields = object(json, "an amount", &[key, "amount"], &[])?;
        if text(fields, key)? != name {
            return Err(fault(&format!("where `{name}` should stand there is another {key}")));
        }
        exact(fields, "amount")
    };
    list.iter().zip(names).map(amount).collect()
}

pub(super) fn cells(plan: &Plan, list: &[Json]) -> Found<Vec<Amount>> {
    let names = plan.cells().iter().map(|cell| cell_text(plan, &cell.members));
    in_order(list, "cell", names.collect())
}

pub(super) fn decided(plan: &Plan, list: &[Json]) -> Found<Vec<Amount>> {
    let names = decisions(plan).into_iter().map(|decision| decision_text(plan, decision));
    in_order(list, "decision", names.collect())
}

pub(super) fn stage(plan: &Plan, json: &Json, open: bool) -> Found<StageProof> {
    let keys = ["stage", "round", "value", "own", "multipliers"];
    let fields = object(json, "a stage", &keys, &["witness", "witness-decisions"])?;
    let round = fields["round"].as_u64().and_then(|round| usize::try_from(round).ok());
    let witness = if fields.contains_key("witness") {
        let mut amounts = cells(plan, list(fields, "witness")?)?;
        if open {
            amounts.extend(decided(plan, list(fields, "witness-decisions")?)?);
        }
        Some(amounts)
    } else {
        None
    };
    Ok(StageProof {
        stage: text(fields, "stage")?.into(),
        round: round.ok_or_else(|| fault("a round is no whole number"))?,
        value: exact(fields, "value")?,
        own: named(list(fields, "own")?)?,
        multipliers: multipliers(&fields["multipliers"])?,
        witness,
    })
}

fn named(list: &[Json]) -> Found<Vec<(String, Amount)>> {
    let pair = |json: &Json| {
        let fields = object(json, "an entry", &["of", "amount"], &[])?;
        Ok((text(fields, "of")?.to_string(), exact(fields, "amount")?))
    };
    list.iter().map(pair).collect()
}

fn multipliers(json: &Json) -> Found<Multipliers> {
    let keys = ["limits", "convex", "stages", "forms"];
    let fields = object(json, "a list of multipliers", &keys, &["bends"])?;
    let bend = |json: &Json| {
        let fields = object(json, "a bend", &["stage", "of", "amount"], &[])?;
        let names = (text(fields, "stage")?.to_string(), text(fields, "of")?.to_string());
        Ok((names.0, names.1, exact(fields, "amount")?))
    };
    let stage = |json: &Json| {
        let fields = object(json, "a stage", &["stage", "multiplier", "slopes"], &[])?;
        Ok((text(fields, "stage")?.to_string(), lean(fields)?))
    };
    let form = |json: &Json| {
        let fields = object(json, "a form", &["stage", "form", "multiplier"], &[])?;
        let names = (text(fields, "stage")?.to_string(), text(fields, "form")?.to_string());
        Ok((names.0, names.1, exact(fields, "multiplier")?))
    };
    Ok(Multipliers {
        rows: list(fields, "limits")?.iter().map(row).collect::<Found<_>>()?,
        sums: list(fields, "convex")?.iter().map(sum).collect::<Found<_>>()?,
        stages: list(fields, "stages")?.iter().map(stage).collect::<Found<_>>()?,
        forms: list(fields, "forms")?.iter().map(form).collect::<Found<_>>()?,
        bends: match fields.get("bends") {
            Some(_) => list(fields, "bends")?.iter().map(bend).collect::<Found<_>>()?,
            None => Vec::new(),
        },
    })
}

fn lean(fields: &Map<String, Json>) -> Found<Lean> {
    let slopes = named(list(fields, "slopes")?)?;
    Ok(Lean { multiplier: exact(fields, "multiplier")?, slopes })
}

fn name(fields: &Map<String, Json>) -> Found<Name> {
    let kind = text(fields, "kind")?;
    let kinds = ["balance", "limit", "fund", "hold", "transfer"];
    let kind = kinds.into_iter().find(|known| *known == kind);
    Ok(Name {
        kind: kind.ok_or_else(|| fault("a limit is of no known kind"))?,
        id: Id::from(text(fields, "id")?),
        member: text(fields, "member")?.into(),
    })
}

fn row(json: &Json) -> Found<(Name, Sense, Amount)> {
    let fields = object(json, "a limit", &["kind", "id", "member", "sense", "multiplier"], &[])?;
    let sense = match text(fields, "sense")? {
        ">=" => Sense::Floor,
        "<=" => Sense::Ceiling,
        "=" => Sense::Equal,
        other => return Err(fault(&format!("a limit cannot be `{other}`"))),
    };
    Ok((name(fields)?, sense, exact(fields, "multiplier")?))
}

fn sum(json: &Json) -> Found<(Name, Lean)> {
    let fields = object(json, "a limit", &["kind", "id", "member", "multiplier", "slopes"], &[])?;
    Ok((name(fields)?, lean(fields)?))
}

pub(super) fn clash(json: &Json) -> Found<Clash> {
    let fields = object(json, "the proof", &["limits", "convex", "excess"], &[])?;
    Ok(Clash {
        rows: list(fields, "limits")?.iter().map(row).collect::<Found<_>>()?,
        sums: list(fields, "convex")?.iter().map(sum).collect::<Found<_>>()?,
        excess: exact(fields, "excess")?,
    })
}
