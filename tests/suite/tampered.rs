//! Results and certificates whose rows are taken away, said twice or exchanged, and sealed again by someone who
//! knows how: none is certified.

use serde_json::Value as Json;

use crate::certificates::{answer_of, cases, files, judge, sealed, shipped};

/// Every list of objects in a JSON value, by its pointer, with its length.
fn lists(json: &Json, at: &str, found: &mut Vec<(String, usize)>) {
    match json {
        Json::Array(items) => {
            if items.iter().any(Json::is_object) {
                found.push((at.into(), items.len()));
            }
            for (place, item) in items.iter().enumerate() {
                lists(item, &format!("{at}/{place}"), found);
            }
        }
        Json::Object(map) => {
            for (key, value) in map {
                lists(value, &format!("{at}/{key}"), found);
            }
        }
        _ => {}
    }
}

fn list<'a>(json: &'a mut Json, at: &str) -> &'a mut Vec<Json> {
    json.pointer_mut(at).and_then(Json::as_array_mut).expect("a list")
}

/// What figures and bounds are called in the two files.
const FIGURES: [&str; 9] =
    ["amount", "allocation", "multiplier", "baseline", "level", "bound", "value", "slope", "taken"];

/// The file without a row, with it twice, with its figures and the next row's exchanged, and with its
/// figures negated; each by what was done.
fn forged(file: &Json, at: &str, place: usize) -> Vec<(&'static str, Json)> {
    let mut all = Vec::new();
    let mut change = |what, by: &dyn Fn(&mut Vec<Json>)| {
        let mut other = file.clone();
        by(list(&mut other, at));
        if other != *file {
            all.push((what, other));
        }
    };
    change("dropped", &|rows| {
        rows.remove(place);
    });
    change("doubled", &|rows| rows.insert(place, rows[place].clone()));
    for key in FIGURES {
        change("exchanged", &|rows| {
            let Some(other) = rows.get(place + 1).and_then(|row| row.get(key)).cloned() else {
                return;
            };
            let Some(own) = rows[place].get_mut(key) else { return };
            let own = std::mem::replace(own, other);
            rows[place + 1][key] = own;
        });
        change("negated", &|rows| {
            let Some(own) = rows[place].get_mut(key) else { return };
            let negated = match &*own {
                Json::String(text) => match text.strip_prefix('-') {
                    Some(rest) => rest.into(),
                    None => format!("-{text}").into(),
                },
                Json::Number(number) => number.as_f64().map_or(Json::Null, |own| (-own).into()),
                other => other.clone(),
            };
            if !own.is_null() && *own != 0 && *own != "0" {
                *own = negated;
            }
        });
    }
    all
}

/// Every list of the file, and some rows of each.
fn all_forged(file: &Json) -> Vec<(String, Json)> {
    let mut found = Vec::new();
    lists(file, "", &mut found);
    let mut all = Vec::new();
    for (at, count) in found {
        let every = (count / 2).max(1);
        for place in (0..count).step_by(every) {
            let told = forged(file, &at, place).into_iter();
            all.extend(told.map(|(what, file)| (format!("{at}/{place} {what}"), file)));
        }
    }
    all
}

#[test]
fn a_result_with_rows_dropped_doubled_or_exchanged_is_refused() {
    for (name, case, _) in cases() {
        let (result, certificate) = files(&case);
        let all = all_forged(&result);
        assert!(all.len() >= 6, "{name}: {}", all.len());
        let mut passed = Vec::new();
        for (what, file) in all {
            if judge(&case, &file, &sealed(certificate.clone(), &file)).is_ok() {
                passed.push(what);
            }
        }
        assert!(passed.is_empty(), "{name}: {passed:#?}");
    }
}

#[test]
fn a_certificate_with_rows_dropped_doubled_or_exchanged_is_refused() {
    for (name, case, _) in cases() {
        let (result, certificate) = files(&case);
        let all = all_forged(&certificate);
        assert!(all.len() >= 6, "{name}: {}", all.len());
        let (tried, mut others) = (all.len(), 0);
        for (what, file) in all {
            if judge(&case, &result, &sealed(file.clone(), &result)).is_err() {
                continue;
            }
            // Other multipliers may be another true proof of the same answer, as may a case that decides less.
            let multipliers = ["/multipliers/", "/calibration/", "/pressures/", "/decided/"];
            assert!(multipliers.iter().any(|own| what.contains(own)), "{name}: {what}");
            assert_eq!(answer_of(&file), answer_of(&certificate), "{name}: {what}");
            others += 1;
        }
        assert!(others * 10 < tried, "{name}: {others} of {tried}");
    }
}

/// Two lines exchange a whole figure in the result and in the certificate alike, so that every total stands; and a
/// limit is told with another bound, its level and what is left of it moved along.
#[test]
fn figures_that_agree_with_one_another_and_not_with_the_files_are_refused() {
    for (name, case, _) in cases() {
        let (result, certificate) = files(&case);
        let exact = certificate.pointer("/proof/exact").and_then(Json::as_array);
        let mut passed = Vec::new();
        for place in 0..exact.map_or(0, |rows| rows.len().saturating_sub(1)) {
            let (mut told, mut proof) = (result.clone(), certificate.clone());
            exchange(list(&mut told, "/allocation"), place, "allocation");
            exchange(list(&mut proof, "/proof/exact"), place, "amount");
            let other = told["allocation"] != result["allocation"];
            if other && judge(&case, &told, &sealed(proof, &told)).is_ok() {
                passed.push(format!("lines {place}"));
            }
        }
        let limits = result["limits"].as_array().map_or(0, Vec::len);
        for place in 0..limits {
            let mut told = result.clone();
            let row = &mut told["limits"][place];
            for key in ["bound", "level"] {
                row[key] = row[key].as_f64().map_or(Json::Null, |own| (own + 1.0).into());
            }
            let judged = judge(&case, &told, &sealed(certificate.clone(), &told));
            if !row_is_empty(&result["limits"][place]) && judged.is_ok() {
                passed.push(format!("limit {place}"));
            }
        }
        assert!(passed.is_empty(), "{name}: {passed:?}");
    }
}

/// Words that a result takes from the files are read again there: who set a limit, what it measures, what
/// revenue is called, and how a figure came to be known.
#[test]
fn words_of_the_files_that_are_altered_are_refused() {
    for (name, case, _) in cases() {
        let (result, certificate) = files(&case);
        let words = [
            ("limits", "authority"),
            ("limits", "measure"),
            ("allocation", "provenance"),
            ("revenue", "title"),
            ("revenue", "provenance"),
            ("conflict", "authority"),
        ];
        for (table, key) in words {
            for place in 0..result[table].as_array().map_or(0, Vec::len) {
                let own_bound = table == "conflict" && result[table][place]["kind"] == "cell";
                if result[table][place]["id"].is_null() && table != "allocation" || own_bound {
                    continue;
                }
                let mut told = result.clone();
                told[table][place][key] = "confirmed by the Council".into();
                let judged = judge(&case, &told, &sealed(certificate.clone(), &told));
                assert!(judged.is_err(), "{name}: {key} of {table} {place}");
            }
        }
    }
}

fn exchange(rows: &mut [Json], place: usize, key: &str) {
    let (own, next) = (rows[place][key].clone(), rows[place + 1][key].clone());
    rows[place][key] = next;
    rows[place + 1][key] = own;
}

fn row_is_empty(row: &Json) -> bool {
    row["bound"].is_null() && row["level"].is_null()
}

/// A result without a table that its plan has, with bounds where a limit has none, or with a field of its own, sealed
/// again: none is certified.
#[test]
fn what_a_result_may_not_leave_out_or_add_is_refused() {
    let case = shipped("itu-2024-2027");
    let (result, certificate) = files(&case);
    let moved = result["limits"].as_array().expect("a list");
    let moved =
        moved.iter().position(|row| row["bound"].is_null()).expect("a move without a bound");
    let refused = |what: &str, file: &Json| {
        let judged = judge(&case, file, &sealed(certificate.clone(), file));
        assert!(judged.is_err(), "{what} passed");
    };
    for (key, value) in [("linkage", Json::Array(Vec::new())), ("extra", 1.into())] {
        let mut file = result.clone();
        file[key] = value;
        refused(key, &file);
    }
    for (key, value) in [("bound", Json::from(1)), ("slack", 1.into()), ("sense", "<=".into())] {
        let mut file = result.clone();
        file["limits"][moved][key] = value;
        refused(key, &file);
    }
}
