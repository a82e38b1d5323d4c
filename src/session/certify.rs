//! Checks an answer again from files: the plan, a result and a certificate.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value as Json;

use super::Request;
use super::solve::{Refused, Solved, by_cell, resolved};
use crate::certify::{self, Certificate, Refusal};
use crate::report::{self, Basis, BasisFile, CertificateFile, Findings};
use crate::scenario::{Answer, Answers, Files, Resolved, Sources, resolve};
use crate::solve::Outcome;
use crate::units::Money;

/// Why an answer is not certified.
pub enum Uncertified {
    /// The files of the plan have problems.
    Refused(Refused),
    /// A file cannot be read.
    Unread(String),
    /// Something does not agree.
    Refusal(Refusal),
}

/// What was found to be proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// What is proven: `optimal` or `infeasible`.
    pub proof: &'static str,
    /// What was judged, in sentences.
    pub remarks: Vec<String>,
}

/// The largest result or certificate that is read, in bytes.
const MOST_BYTES: u64 = 1 << 30;

fn read(path: &Path) -> Result<Json, Uncertified> {
    let name = path.display();
    let unread = |why: String| Uncertified::Unread(format!("`{name}` cannot be read: {why}"));
    let known = std::fs::metadata(path).map_err(|error| unread(error.to_string()))?;
    if known.len() > MOST_BYTES {
        return Err(unread(format!("it is larger than {MOST_BYTES} bytes")));
    }
    let bytes = std::fs::read(path).map_err(|error| unread(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Uncertified::Refusal(Refusal::File(format!("`{name}` is no JSON: {error}")))
    })
}

/// Checks the result and the certificate at two paths against the plan or scenario asked for.
///
/// # Errors
///
/// Problems of the plan, a file that cannot be read, or the first thing that does not agree.
pub fn certify(
    request: &Request,
    result: &Path,
    certificate: &Path,
) -> Result<Certified, Uncertified> {
    let (result, certificate) = (read(result)?, read(certificate)?);
    judge(request, &result, &certificate)
}

/// The certificate of an answer, with the proofs of those that it builds on.
///
/// A result is sealed with all that it says: `findings` are those that it shows.
///
/// # Errors
///
/// Why there is none.
pub fn certificate(solved: &Solved, findings: Findings<'_>) -> Result<Json, String> {
    let proof = match &solved.outcome {
        Outcome::Optimal(found) => found.proof.as_deref(),
        Outcome::Infeasible(conflict) => conflict.proof.as_deref(),
        Outcome::Unrounded(..) => {
            return Err("no certificate was written: there are no whole figures to certify".into());
        }
        Outcome::Unbounded(_) | Outcome::Stopped(_) => {
            return Err("no certificate was written: nothing was found".into());
        }
    };
    let none = |why: &Refusal| format!("no certificate was written, as none was accepted: {why}");
    let proof = proof.map_err(none)?;
    let mut basis = Vec::new();
    for parent in &solved.parents {
        let Outcome::Optimal(found) = &parent.outcome else { continue };
        if basis.iter().any(|known: &Basis<'_>| known.path == parent.path) {
            continue;
        }
        let Certificate::Optimal(proof) = &**found.proof.as_ref().map_err(none)? else { continue };
        basis.push(Basis {
            path: &parent.path,
            hash: parent.resolved.hash(),
            plan: &parent.resolved.plan,
            proof,
            published: &found.published,
        });
    }
    let (plan, identity) = (&solved.resolved.plan, &solved.identity);
    let result = report::result(plan, &solved.outcome, identity, &[], false, findings);
    Ok(report::certificate(plan, proof, identity, &result, &basis))
}

/// Answers that other scenarios build on, as a certificate states and proves them.
struct Proven<'a> {
    files: &'a dyn Files,
    basis: Vec<BasisFile<'a>>,
    /// The paths that were asked for.
    asked: BTreeSet<String>,
    /// The first thing that did not agree.
    refusal: Option<Refusal>,
}

impl Answers for Proven<'_> {
    fn answer(&mut self, path: &str) -> Result<Answer, String> {
        let found = self.basis.iter().position(|basis| basis.path == path);
        let Some(found) = found else {
            let missing = format!("the certificate has no proof of `{path}`, which this builds on");
            self.refusal.get_or_insert(Refusal::File(missing.clone()));
            return Err(missing);
        };
        let basis = self.basis.remove(found);
        self.asked.insert(path.into());
        let mut sources = Sources::default();
        let resolved =
            resolved(self.files, path, self, &mut sources, resolve).map_err(|problems| {
                problems.first().map(|problem| problem.message.clone()).unwrap_or_default()
            })?;
        let judged = proven(&resolved, &basis);
        self.basis.push(basis);
        let published = judged.map_err(|refusal| {
            let text = format!("`{path}`, which this builds on: {refusal}");
            self.refusal.get_or_insert(Refusal::File(text.clone()));
            text
        })?;
        let quantum = resolved.plan.quantum();
        Ok(by_cell(&resolved.plan, |place| quantum.amount(published[place])))
    }
}

/// The published figures of an answer that others build on, where its proof is accepted.
fn proven(resolved: &Resolved, basis: &BasisFile) -> Result<Vec<Money>, Refusal> {
    let plan = &resolved.plan;
    if basis.hash != resolved.hash() {
        return Err(Refusal::File("the certificate is of another input than these files".into()));
    }
    let (proof, published) = basis.answer(plan)?;
    let statement = certify::statement(plan, &proof)?;
    certify::optimal(plan, &statement, &proof)?;
    certify::published(plan, &statement, &proof, &published)?;
    Ok(published)
}

/// Checks a result and a certificate against the plan or scenario asked for. Nothing is solved:
/// answers that the scenario builds on are in the certificate, with their own proofs.
///
/// # Errors
///
/// Problems of the plan, or the first thing that does not agree.
pub fn judge(
    request: &Request,
    result: &Json,
    certificate: &Json,
) -> Result<Certified, Uncertified> {
    let file = report::read_certificate(certificate).map_err(Uncertified::Refusal)?;
    let mut sources = Sources::default();
    let files = &*request.files;
    let mut proven =
        Proven { files, basis: file.basis.clone(), asked: BTreeSet::new(), refusal: None };
    match resolved(files, &request.path, &mut proven, &mut sources, resolve) {
        Ok(_) if proven.asked.len() != proven.basis.len() => {
            let text = "the certificate has a proof that this does not build on, or one twice";
            Err(Uncertified::Refusal(Refusal::File(text.into())))
        }
        Ok(resolved) => answer(&resolved, &file, result).map_err(Uncertified::Refusal),
        Err(problems) => Err(match proven.refusal {
            Some(refusal) => Uncertified::Refusal(refusal),
            None => Uncertified::Refused(Refused { problems, sources }),
        }),
    }
}

fn answer(
    resolved: &Resolved,
    file: &CertificateFile,
    result: &Json,
) -> Result<Certified, Refusal> {
    let plan = &resolved.plan;
    let stated = result.get("hash").and_then(Json::as_str).unwrap_or_default();
    for (what, stated) in [("the certificate", file.input), ("the result", stated)] {
        if stated != resolved.hash() {
            return Err(Refusal::File(format!("{what} is of another input than these files")));
        }
    }
    if file.result != report::result_digest(result) {
        return Err(Refusal::File("the certificate is of another result than this one".into()));
    }
    if result.get("scenario").and_then(Json::as_str) != Some(file.scenario) {
        return Err(Refusal::File("the certificate names another scenario than the result".into()));
    }
    let certificate = file.certificate(plan)?;
    certify::judge(plan, &certificate)?;
    if file.scope != report::scope(plan, &certificate) {
        return Err(Refusal::File("the certificate says that it proves more than it does".into()));
    }
    let published = certify::result(plan, &certificate, result)?;
    let mut remarks = Vec::new();
    let proof = match &certificate {
        Certificate::Optimal(proof) => {
            let linear = proof.stages.len();
            remarks.push(format!(
                "{} cells, {linear} stage bounds and the calibration hold in exact arithmetic",
                proof.exact.len()
            ));
            if !proof.moved.is_empty() {
                remarks.push(format!(
                    "{} of the revenue decisions cannot stand nearer to where they would rather",
                    proof.moved.len()
                ));
            }
            if !proof.cases.is_empty() {
                remarks.push(format!(
                    "{} cases cover every way to decide the lines of all or nothing, and none is better",
                    proof.cases.len()
                ));
            }
            "optimal"
        }
        Certificate::Undecidable(cases) => {
            remarks.push(format!(
                "the conditions clash in each of {} cases that cover every way to decide the lines of all or nothing",
                cases.len()
            ));
            "infeasible"
        }
        Certificate::Infeasible(clash) => {
            remarks.push(format!(
                "{} conditions clash by {}, weighted as the certificate says",
                clash.rows.len() + clash.sums.len(),
                clash.excess
            ));
            "infeasible"
        }
    };
    if let Some(published) = published {
        remarks.push(if published.widened == 0 {
            "every published figure is its exact amount, rounded up or down".into()
        } else {
            format!("published figures lie up to {} quanta beyond that", published.widened)
        });
        remarks.extend(
            published.relaxed.iter().map(|name| format!("{name} is kept to less than a quantum")),
        );
    }
    Ok(Certified { proof, remarks })
}
