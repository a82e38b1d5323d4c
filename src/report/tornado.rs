//! What each figure that varies does alone, and where a total meets an amount.

use super::table::{Column, RowKind, Table, Unit, Value};
use crate::units::{Amount, grouped};

/// What one figure does to a total, all else as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swing {
    /// The figure.
    pub figure: String,
    /// Its low and its high value, as the file states them.
    pub values: (String, String),
    /// The total at both.
    pub ends: (End, End),
}

/// What a total comes to at one end of a swing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Plan units, exactly.
    Amount(Amount),
    /// There is no answer; why.
    None(String),
}

impl End {
    fn amount(&self) -> Option<&Amount> {
        match self {
            Self::Amount(amount) => Some(amount),
            Self::None(_) => None,
        }
    }
}

impl Swing {
    /// How far the ends lie apart; `None` where one has no answer.
    pub fn width(&self) -> Option<Amount> {
        Some((self.ends.1.amount()? - self.ends.0.amount()?).abs())
    }
}

/// The tornado of the total of `slice`, which is `base` as the file has it.
pub fn tornado(unit: &str, slice: Option<&str>, base: &Amount, swings: &[Swing]) -> Table {
    let of = slice.unwrap_or("all cells");
    let money = || Unit::Money(unit.into());
    let mut table = Table::new(
        "tornado",
        format!("What each figure alone does to {of}"),
        vec![
            Column::key("figure", "Figure"),
            Column::note("low", "Low"),
            Column::note("high", "High"),
            Column::figure("at_low", "At the low", money()),
            Column::figure("base", "As it is", money()),
            Column::figure("at_high", "At the high", money()),
            Column::figure("swing", "Swing", money()),
            Column::note("clash", "Cannot hold together"),
        ],
    );
    for own in swings {
        let why = [&own.ends.0, &own.ends.1].into_iter().find_map(|end| match end {
            End::None(why) => Some(why.clone()),
            End::Amount(_) => None,
        });
        table.push(
            RowKind::Body,
            vec![
                Value::text(own.figure.clone()),
                Value::text(own.values.0.clone()),
                Value::text(own.values.1.clone()),
                Value::maybe(own.ends.0.amount().cloned()),
                Value::Number(base.clone()),
                Value::maybe(own.ends.1.amount().cloned()),
                Value::maybe(own.width()),
                Value::maybe_text(why),
            ],
        );
    }
    table.notes.push(
        "low and high are the 10th and 90th percentile of what is drawn, the ends of what is listed; each is solved with all else as the file has it".into(),
    );
    table
}

/// Where a total meets an amount as one figure moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Even {
    /// The figure.
    pub figure: String,
    /// The values that it takes.
    pub range: (Amount, Amount),
    /// The total.
    pub slice: String,
    /// The amount that it is to meet, in plan units.
    pub amount: Amount,
    /// Whether the turns are exact, and not between two samples.
    pub exact: bool,
    /// Where the total begins or ceases to meet the amount, ascending.
    pub turns: Vec<Turn>,
    /// Whether it meets it at the least value.
    pub met_first: bool,
}

/// A value of a figure at which a total begins or ceases to meet an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The value, or the least that it can be.
    pub value: Amount,
    /// The greatest that it can be, where it is not known exactly.
    pub until: Option<Amount>,
    /// The amount is met above it, and not below.
    pub up: bool,
}

/// The break-even values.
pub fn even(unit: &str, found: &[Even]) -> Table {
    let mut table = Table::new(
        "break-even",
        "Where a total meets an amount",
        vec![
            Column::key("figure", "Figure"),
            Column::key("slice", "Total"),
            Column::figure("amount", "Amount", Unit::Money(unit.into())),
            Column::figure("value", "Break-even", Unit::None),
            Column::note("met", "Met"),
        ],
    );
    for own in found {
        let head = [
            Value::text(own.figure.clone()),
            Value::text(own.slice.clone()),
            Value::Number(own.amount.clone()),
        ];
        if own.turns.is_empty() {
            let word = if own.met_first { "at every value" } else { "at no value" };
            let (from, to) = (&own.range.0, &own.range.1);
            let text = format!("{word} from {} to {}", short(from), short(to));
            table.push(RowKind::Body, [&head[..], &[Value::Empty, Value::text(text)]].concat());
        }
        for turn in &own.turns {
            let side = if turn.up { "from there up" } else { "up to there" };
            let (value, text) = match &turn.until {
                None => (Value::Number(turn.value.clone()), side.to_string()),
                Some(until) => {
                    let ends = (short(&turn.value), short(until));
                    (Value::Empty, format!("{side}, a value from {} to {}", ends.0, ends.1))
                }
            };
            table.push(RowKind::Body, [&head[..], &[value, Value::text(text)]].concat());
        }
    }
    table.notes.push(
        "each figure moves alone over the values that it takes in the rows; revenue is not rounded to quanta here".into(),
    );
    if found.iter().any(|own| !own.exact) {
        table.notes.push(
            "where the answer is no straight line of the figure between bends, 21 values are solved".into(),
        );
    }
    table
}

fn short(value: &Amount) -> String {
    let text = grouped(value, if value.is_whole() { 0 } else { 4 });
    if value.is_whole() { text } else { text.trim_end_matches('0').to_string() }
}
