//! An explanation as JSON, `virement/explanation@1`.

use serde_json::{Map, Value as Json, json};

use super::Identity;
use super::json::number;
use crate::explain::{Source, Stop, Why, named};
use crate::formulate::Origin;
use crate::plan::Plan;
use crate::units::Amount;

/// The head of an explanation: its format, and which scenario it is of. Amounts are in plan units,
/// shares in percent points, as in a result.
pub fn explanation(plan: &Plan, identity: &Identity) -> Map<String, Json> {
    let mut head = Map::new();
    head.insert("format".into(), json!("virement/explanation@1"));
    head.insert("scenario".into(), json!(identity.scenario));
    head.insert("hash".into(), json!(identity.hash));
    head.insert("currency".into(), json!(plan.currency()));
    head.insert("scale".into(), json!(plan.scale()));
    head
}

/// A line as JSON, with what is said of it.
pub fn line_json(plan: &Plan, line: &Why) -> Json {
    let part = |part: &crate::explain::Contribution| {
        json!({
            "by": part.by.text(),
            "of": source(plan, &part.by),
            "authority": part.by.authority(plan),
            "money": number(&part.money),
            "percent": line.share(&part.money).map(|share| percent(&share)),
        })
    };
    let change = line.change();
    let room = &line.room;
    json!({
        "slice": line.slice.text(plan.dimensions()),
        "lines": line.cells.len(),
        "baseline": number(&line.baseline),
        "need": line.need.as_ref().map(number),
        "allocation": number(&line.amount),
        "change": number(&change),
        "change_pct": line.share(&change).map(|share| percent(&share)),
        "contributions": line.parts.iter().map(part).collect::<Vec<_>>(),
        "chosen": line.chosen,
        "stop": stop(plan, &line.stop),
        "room": {
            "held": number(&room.held),
            "kept": number(&room.kept),
            "lumps": number(&room.lumps),
            "fixed": number(&room.fixed),
            "floor": number(&room.floor),
            "ceiling": number(&room.ceiling),
            "free": number(&room.free),
        },
        "sentences": super::sentences::line(plan, line),
    })
}

/// A share in percent points.
pub(super) fn percent(share: &Amount) -> Json {
    number(&(share * &Amount::whole(100)))
}

fn source(plan: &Plan, source: &Source) -> Json {
    match source {
        Source::Row(origin) => limit(plan, origin),
        Source::OwnBounds => json!({ "kind": "own bounds" }),
        Source::Kept => json!({ "kind": "kept" }),
        Source::Lump => json!({ "kind": "all or nothing" }),
        Source::Rounding => json!({ "kind": "rounding" }),
    }
}

/// A limit, hold or stage by name.
pub(super) fn limit(plan: &Plan, origin: &Origin) -> Json {
    let known = named(plan, origin);
    json!({
        "kind": origin.kind.word(),
        "id": origin.id.to_string(),
        "member": origin.member,
        "title": known.title,
        "authority": known.authority,
    })
}

fn stop(plan: &Plan, stop: &Stop) -> Json {
    let (kind, by, alike) = match stop {
        Stop::Fixed => ("fixed", &[][..], None),
        Stop::Kept => ("kept", &[][..], None),
        Stop::Lump => ("all or nothing", &[][..], None),
        Stop::Held { by, .. } => ("held", by.as_slice(), None),
        Stop::Floor => ("floor", &[][..], None),
        Stop::Ceiling => ("ceiling", &[][..], None),
        Stop::Limits(origins) => ("limits", origins.as_slice(), None),
        Stop::Revenue => ("revenue", &[][..], None),
        Stop::Aims(origins) => ("aims", origins.as_slice(), None),
        Stop::ProRata(alike) => ("pro rata", &[][..], Some(alike.len())),
        Stop::Parts(origins) => ("parts", origins.as_slice(), None),
        Stop::Still => ("still", &[][..], None),
    };
    let by: Vec<Json> = by.iter().map(|origin| limit(plan, origin)).collect();
    json!({ "kind": kind, "by": by, "lines_alike": alike })
}
