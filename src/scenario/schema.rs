//! The keys that each section of a file may have.

/// The JSON Schema (draft 2020-12) of a plan file, as a JSON value.
pub const PLAN_SCHEMA: &str = include_str!("schema/plan.json");

/// The JSON Schema (draft 2020-12) of a scenario file, as a JSON value.
pub const SCENARIO_SCHEMA: &str = include_str!("schema/scenario.json");

/// A section and its keys.
pub(crate) struct Section {
    /// How messages name one of it, with its article.
    pub(crate) name: &'static str,
    /// The keys it may have.
    pub(crate) keys: &'static [&'static str],
    /// Keys of the language that this version does not support yet.
    pub(crate) later: &'static [&'static str],
}

pub(crate) const PLAN: Section = Section {
    name: "a plan",
    keys: &[
        "format",
        "title",
        "currency",
        "scale",
        "quantum",
        "authority",
        "dimension",
        "cells",
        "control",
        "driver",
        "revenue",
        "balance",
        "limit",
        "stage",
        "fund",
        "measure",
        "attribution",
        "note",
    ],
    later: &[],
};

pub(crate) const SCENARIO: Section = Section {
    name: "a scenario",
    keys: &[
        "format",
        "extends",
        "parent-hash",
        "title",
        "as-of",
        "baseline-from",
        "change",
        "limit",
        "stage",
        "hold",
        "transfer",
        "remark",
        "vary",
        "note",
    ],
    later: &[],
};

/// The sections of a plan, and those of a scenario, that are lists of tables.
pub(crate) const PLAN_LISTS: &[&str] =
    &["dimension", "control", "driver", "revenue", "limit", "stage"];
pub(crate) const SCENARIO_LISTS: &[&str] =
    &["change", "limit", "stage", "hold", "transfer", "remark", "vary"];

pub(crate) const DIMENSION: Section = Section {
    name: "a dimension",
    keys: &["id", "title", "role", "levels", "members", "members-table", "members-sheet"],
    later: &[],
};

pub(crate) const MEMBER: Section =
    Section { name: "a member", keys: &["id", "title", "parent", "tags", "years"], later: &[] };

pub(crate) const CELLS: Section =
    Section { name: "`[cells]`", keys: &["table", "sheet"], later: &[] };

pub(crate) const CONTROL: Section = Section {
    name: "a control",
    keys: &["on", "of", "equals", "provenance", "source", "rounding", "title", "table", "sheet"],
    later: &[],
};

pub(crate) const DRIVER: Section = Section {
    name: "a driver",
    keys: &["id", "title", "value", "unit", "provenance", "source", "plausible", "note"],
    later: &[],
};

pub(crate) const REVENUE: Section = Section {
    name: "a revenue line",
    keys: &[
        "id",
        "title",
        "product",
        "amount",
        "amounts",
        "min",
        "max",
        "prefer",
        "baseline",
        "provenance",
        "source",
        "authority",
        "note",
    ],
    later: &[],
};

pub(crate) const BALANCE: Section =
    Section { name: "`[balance]`", keys: &["each", "spend"], later: &[] };

pub(crate) const LIMIT: Section = Section {
    name: "a limit",
    keys: &[
        "id",
        "title",
        "on",
        "each",
        "min",
        "max",
        "equal",
        "min-share",
        "max-share",
        "equal-share",
        "of",
        "max-cut",
        "max-rise",
        "max-change",
        "max-step-up",
        "max-step-down",
        "max-in",
        "max-out",
        "max-turnover",
        "within",
        "tiers",
        "approval",
        "at-most-ratio",
        "at-least-ratio",
        "to",
        "phase-in",
        "bounds",
        "measure",
        "authority",
        "strength",
        "weight",
        "note",
        "source",
        "provenance",
    ],
    later: &[],
};

pub(crate) const STAGE: Section = Section {
    name: "a stage",
    keys: &[
        "id", "title", "minimise", "maximise", "spread", "on", "limits", "loss", "weights",
        "returns", "each", "of", "targets", "within", "before", "note",
    ],
    later: &[],
};

pub(crate) const TIER: Section =
    Section { name: "a tier", keys: &["up-to", "authority"], later: &[] };

pub(crate) const PHASE_IN: Section =
    Section { name: "`phase-in`", keys: &["to", "over"], later: &[] };

pub(crate) const MEASURE: Section = Section {
    name: "a measure",
    keys: &["id", "title", "unit", "table", "provenance", "source", "note"],
    later: &[],
};

pub(crate) const ATTRIBUTION: Section = Section {
    name: "an attribution",
    keys: &["id", "title", "from", "to", "table", "provenance", "source", "note"],
    later: &[],
};

pub(crate) const FUND: Section = Section {
    name: "a fund",
    keys: &["id", "title", "revenue", "on", "carry", "only", "authority", "source", "note"],
    later: &[],
};

pub(crate) const CHANGE: Section = Section {
    name: "a change",
    keys: &["set", "scale", "remove", "to", "by", "where", "reason"],
    later: &[],
};

pub(crate) const HOLD: Section = Section {
    name: "a hold",
    keys: &[
        "id", "on", "at", "at-least", "at-most", "paid-by", "reason", "by", "until", "table",
        "sheet",
    ],
    later: &[],
};

pub(crate) const TRANSFER: Section =
    Section { name: "a transfer", keys: &["from", "to", "amount", "reason", "by"], later: &[] };

pub(crate) const REMARK: Section =
    Section { name: "a remark", keys: &["on", "text", "by"], later: &[] };

pub(crate) const VARY: Section = Section {
    name: "a block of `vary`",
    keys: &[
        "set",
        "scale",
        "where",
        "values",
        "from",
        "to",
        "steps",
        "one-at-a-time",
        "table",
        "sheet",
        "draw",
        "mean",
        "sd",
        "min",
        "max",
        "mode",
        "sample",
        "weights",
        "decimals",
        "count",
        "seed",
        "sampling",
        "correlation",
        "note",
    ],
    later: &[],
};

/// The sections that are lists of items with ids, and may be the target of a change.
pub(crate) const TARGETS: &[(&str, &Section)] = &[
    ("transfer", &TRANSFER),
    ("driver", &DRIVER),
    ("revenue", &REVENUE),
    ("limit", &LIMIT),
    ("stage", &STAGE),
    ("hold", &HOLD),
    ("fund", &FUND),
    ("measure", &MEASURE),
];

/// All sections that are lists of items, but for the dimensions.
pub(crate) const ITEMS: &[(&str, &Section)] = &[
    ("control", &CONTROL),
    ("driver", &DRIVER),
    ("revenue", &REVENUE),
    ("limit", &LIMIT),
    ("stage", &STAGE),
    ("change", &CHANGE),
    ("hold", &HOLD),
    ("transfer", &TRANSFER),
    ("remark", &REMARK),
    ("vary", &VARY),
];

/// The columns of a cell table beside its dimensions.
pub(crate) const CELL_COLUMNS: &[&str] = &[
    "baseline",
    "need",
    "reference",
    "flexibility",
    "min",
    "max",
    "lump",
    "provenance",
    "source",
    "note",
];

/// Columns of the language that this version does not support yet.
pub(crate) const LATER_CELL_COLUMNS: &[&str] = &["weight"];

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    fn keys(of: &Json) -> Vec<String> {
        let properties = of["properties"].as_object().expect("an object");
        let mut keys: Vec<String> = properties.keys().cloned().collect();
        keys.sort_unstable();
        keys
    }

    /// What the loader knows and what the schemas say are the same keys, section by section.
    #[test]
    fn the_schemas_have_the_keys_of_the_loader() {
        let parse = |text| serde_json::from_str::<Json>(text).expect("a JSON text");
        let (plan, scenario) = (parse(PLAN_SCHEMA), parse(SCENARIO_SCHEMA));
        let sections: [(&str, &Section); 16] = [
            ("dimension", &DIMENSION),
            ("member", &MEMBER),
            ("cells", &CELLS),
            ("control", &CONTROL),
            ("driver", &DRIVER),
            ("revenue", &REVENUE),
            ("balance", &BALANCE),
            ("limit", &LIMIT),
            ("stage", &STAGE),
            ("tier", &TIER),
            ("phase-in", &PHASE_IN),
            ("measure", &MEASURE),
            ("attribution", &ATTRIBUTION),
            ("fund", &FUND),
            ("change", &CHANGE),
            ("hold", &HOLD),
        ];
        let more = [("transfer", &TRANSFER), ("remark", &REMARK), ("vary", &VARY)];
        for (name, section) in sections.into_iter().chain(more) {
            let mut known = section.keys.to_vec();
            known.sort_unstable();
            let schemas = [&plan, &scenario].map(|schema| &schema["$defs"][name]);
            let stated: Vec<&&Json> = schemas.iter().filter(|of| of.is_object()).collect();
            assert!(!stated.is_empty(), "no schema has {name}");
            for own in stated {
                assert_eq!(keys(own), known, "{name}");
                assert_eq!(own["additionalProperties"], Json::Bool(false), "{name}");
            }
        }
        for (schema, section) in [(&plan, &PLAN), (&scenario, &SCENARIO)] {
            let mut known = section.keys.to_vec();
            known.sort_unstable();
            assert_eq!(keys(schema), known);
        }
    }
}
