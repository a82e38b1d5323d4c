//! The fields of a JSON object, and figures as they are printed.

use serde_json::{Map, Value as Json};

use crate::certify::Refusal;
use crate::units::Amount;

/// An object of a result, with what to call it.
pub(crate) struct Stated<'a> {
    fields: &'a Map<String, Json>,
    pub(crate) what: String,
}

/// A row of a table.
pub(crate) type Row<'a> = Stated<'a>;

fn fault(text: String) -> Refusal {
    Refusal::File(text)
}

/// Whether a number is printed as `exact` is: whole where it is whole, else to six decimals; a
/// share in percent points, to four.
fn agrees(json: &Json, exact: Option<&Amount>, share: bool) -> bool {
    let Some(exact) = exact else { return json.is_null() };
    let Json::Number(number) = json else { return false };
    let (exact, places) = if share { (exact * &Amount::whole(100), 4) } else { (exact.clone(), 6) };
    let printed = if exact.is_whole() {
        exact.numerator().to_string()
    } else {
        let text = exact.to_decimal(places);
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    };
    number.to_string() == printed
}

/// Whether a field is these words.
pub(crate) fn words(stated: &Stated, key: &str, wanted: &str) -> Result<(), Refusal> {
    let found = stated.text(key)?;
    if found == wanted {
        return Ok(());
    }
    let what = format!("`{key}` of {}", stated.what);
    Err(Refusal::Value { what, stated: found.into(), found: wanted.into() })
}

/// Judges a text that may be left out: null or absent where nothing is `wanted`.
pub(crate) fn words_if_any(
    stated: &Stated,
    key: &str,
    wanted: Option<&str>,
) -> Result<(), Refusal> {
    let found = stated.fields.get(key).unwrap_or(&Json::Null);
    let wanted = wanted.map_or(Json::Null, Json::from);
    if *found == wanted {
        return Ok(());
    }
    let what = format!("`{key}` of {}", stated.what);
    let (stated, found) = (found.to_string(), wanted.to_string());
    Err(Refusal::Value { what, stated, found })
}

impl<'a> Stated<'a> {
    pub(crate) fn of(json: &'a Json, what: impl Into<String>) -> Result<Self, Refusal> {
        let what = what.into();
        let fields = json.as_object();
        Ok(Self { fields: fields.ok_or_else(|| fault(format!("{what} is no object")))?, what })
    }

    /// Refuses what is none of these fields.
    pub(crate) fn only(&self, fields: &[&str]) -> Result<(), Refusal> {
        match self.fields.keys().find(|key| !fields.contains(&key.as_str())) {
            Some(key) => Err(fault(format!("{} has `{key}`, which none has", self.what))),
            None => Ok(()),
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }

    pub(crate) fn field(&self, key: &str) -> Result<&'a Json, Refusal> {
        self.fields.get(key).ok_or_else(|| fault(format!("{} has no `{key}`", self.what)))
    }

    pub(crate) fn text(&self, key: &str) -> Result<&'a str, Refusal> {
        let text = self.field(key)?.as_str();
        text.ok_or_else(|| fault(format!("`{key}` of {} is no text", self.what)))
    }

    /// The rows of a table, each called by the table and its place.
    pub(crate) fn rows(&self, key: &str) -> Result<Vec<Self>, Refusal> {
        let list = self.field(key)?.as_array();
        let list = list.ok_or_else(|| fault(format!("`{key}` of {} is no list", self.what)))?;
        let rows = list.iter().enumerate();
        rows.map(|(place, row)| Self::of(row, format!("row {} of {key}", place + 1))).collect()
    }

    pub(crate) fn object(&self, key: &str) -> Result<Self, Refusal> {
        Self::of(self.field(key)?, format!("`{key}` of {}", self.what))
    }

    /// Judges a figure.
    pub(crate) fn figure(
        &self,
        key: &str,
        exact: Option<&Amount>,
        share: bool,
    ) -> Result<(), Refusal> {
        let json = self.field(key)?;
        if agrees(json, exact, share) {
            return Ok(());
        }
        let found = exact.map_or("nothing".into(), |exact| {
            if share { format!("{} %", exact * &Amount::whole(100)) } else { exact.to_string() }
        });
        Err(Refusal::Value {
            what: format!("`{key}` of {}", self.what),
            stated: json.to_string(),
            found,
        })
    }

    /// Judges a mark.
    pub(crate) fn flag(&self, key: &str, wanted: bool) -> Result<(), Refusal> {
        if self.field(key)?.as_bool() == Some(wanted) {
            return Ok(());
        }
        let what = format!("`{key}` of {}", self.what);
        let stated = self.field(key)?.to_string();
        Err(Refusal::Value { what, stated, found: wanted.to_string() })
    }

    /// A number, exactly as it is written.
    pub(crate) fn number(&self, key: &str) -> Result<Amount, Refusal> {
        let json = self.field(key)?;
        let number = if let Json::Number(number) = json {
            Amount::parse(&number.to_string()).ok()
        } else {
            None
        };
        number.ok_or_else(|| fault(format!("`{key}` of {} is no number", self.what)))
    }
}
