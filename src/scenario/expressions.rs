//! Reads the bounds that are written in words: `"max(5% of baseline, 1% of total baseline)"`.

use super::problem::Problem;
use super::reader::{share, wrong_kind};
use super::suggest::suggest;
use super::tree::{Datum, Node};
use crate::plan::{Base, Dimension, Expression, Figure, Sign};
use crate::units::Amount;

/// The expression that a node states: a number, or words.
pub(crate) fn expression(
    node: &Node,
    key: &str,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Expression> {
    match &node.datum {
        Datum::Number(number) => Some(Expression::Number(number.clone())),
        Datum::Text(text) => match parse(text, dimensions) {
            Ok(expression) => Some(expression),
            Err(fault) => {
                problems.push(
                    Problem::new(
                        "expression",
                        format!("`{key}` cannot be read: {fault}"),
                        node.place,
                        "this bound",
                    )
                    .help("write a number, \"10% of baseline\", or \"max(500, 5% of total baseline)\""),
                );
                None
            }
        },
        _ => {
            problems.push(wrong_kind(node, key, "a number or an expression in quotes"));
            None
        }
    }
}

/// Reads the text of an expression.
///
/// # Errors
///
/// What cannot be read, in words.
pub(crate) fn parse(text: &str, dimensions: &[Dimension]) -> Result<Expression, String> {
    let mut parser = Parser { rest: text, dimensions, depth: 0 };
    let expression = parser.sum()?;
    parser.skip();
    if parser.rest.is_empty() {
        Ok(expression)
    } else {
        Err(format!("`{}` is left over", parser.rest))
    }
}

/// How deep brackets may nest.
const MOST_DEPTH: usize = 32;

struct Parser<'a> {
    rest: &'a str,
    dimensions: &'a [Dimension],
    depth: usize,
}

impl Parser<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.take(sign) { Ok(()) } else { Err(format!("`{sign}` was expected {}", self.here())) }
    }

    fn here(&self) -> String {
        if self.rest.is_empty() { "at the end".into() } else { format!("at `{}`", self.rest) }
    }

    /// Takes the characters up to the next blank, bracket, comma or operator.
    fn word(&mut self) -> &str {
        self.skip();
        let stop = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '+' | '-' | '=');
        let end = self.rest.find(stop).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn sum(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(format!("brackets nest deeper than {MOST_DEPTH}"));
        }
        let negative = self.take("-");
        let first = self.term()?;
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        let mut terms = vec![(sign, first)];
        loop {
            if self.take("+") {
                terms.push((Sign::Plus, self.term()?));
            } else if self.take("-") {
                terms.push((Sign::Minus, self.term()?));
            } else {
                break;
            }
        }
        self.depth -= 1;
        match terms.as_slice() {
            [(Sign::Plus, only)] => Ok(only.clone()),
            _ => Ok(Expression::Sum(terms)),
        }
    }

    fn term(&mut self) -> Result<Expression, String> {
        let at = self.here();
        let word = self.word().to_string();
        match word.as_str() {
            "" => Err(format!("a number, a percentage, `min` or `max` was expected {at}")),
            "min" | "max" => {
                self.expect("(")?;
                let first = self.sum()?;
                self.expect(",")?;
                let second = self.sum()?;
                self.expect(")")?;
                let pair = Box::new((first, second));
                Ok(if word == "min" { Expression::Min(pair) } else { Expression::Max(pair) })
            }
            _ if word.ends_with('%') => {
                let share = share(&word)?;
                if self.word() != "of" {
                    return Err(format!(
                        "`{word}` of what? a percentage says so, like `{word} of baseline`"
                    ));
                }
                Ok(Expression::PartOf(share, self.base()?))
            }
            _ => Amount::parse(&word)
                .map(Expression::Number)
                .map_err(|fault| format!("`{word}` {fault}")),
        }
    }

    fn base(&mut self) -> Result<Base, String> {
        let mut word = self.word().to_string();
        let total = word == "total";
        if total {
            word = self.word().to_string();
        }
        let figure = match word.as_str() {
            "baseline" => Figure::Baseline,
            "need" => Figure::Need,
            _ => return Err(format!("`{word}` is neither `baseline` nor `need`")),
        };
        let instead = if self.take("(") { Some(self.instead()?) } else { None };
        if total && instead.is_some() {
            return Err("`total` is of the whole plan: it takes no member".into());
        }
        Ok(Base { figure, total, instead })
    }

    fn instead(&mut self) -> Result<(usize, crate::units::MemberId), String> {
        let name = self.word().to_string();
        let known = |d: &&Dimension| *d.id() == *name;
        let Some(place) = self.dimensions.iter().position(|d| known(&d)) else {
            let ids = self.dimensions.iter().map(|d| d.id().as_str());
            let help = suggest(&name, ids).unwrap_or_default();
            return Err(format!("the plan has no dimension `{name}`; {help}"));
        };
        self.expect("=")?;
        let end = self.rest.find(')').ok_or("a bracket is not closed")?;
        let (id, rest) = self.rest.split_at(end);
        let id = id.trim().trim_matches('"').to_string();
        self.rest = rest;
        self.expect(")")?;
        let dimension = &self.dimensions[place];
        let member = dimension.find(&id).ok_or_else(|| {
            let help = suggest(&id, dimension.members().iter().map(|m| m.id.as_str()));
            format!("dimension `{name}` has no member `{id}`; {}", help.unwrap_or_default())
        })?;
        Ok((place, member))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_of_bounds_is_read() {
        let read = |text: &str| parse(text, &[]);
        assert_eq!(read(" 12000.5 "), Ok(Expression::Number(Amount::ratio(24001, 2))));
        let five = Base { figure: Figure::Baseline, total: false, instead: None };
        assert_eq!(read("5% of baseline"), Ok(Expression::PartOf(Amount::ratio(1, 20), five)));
        assert!(matches!(read("max(5% of need, 1% of total baseline)"), Ok(Expression::Max(_))));
        assert!(
            matches!(read("-3 + min(1, 2) - 4"), Ok(Expression::Sum(terms)) if terms.len() == 3)
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let fault = |text: &str| parse(text, &[]).expect_err("no expression");
        assert_eq!(fault("10%"), "`10%` of what? a percentage says so, like `10% of baseline`");
        assert_eq!(fault("10% of turnover"), "`turnover` is neither `baseline` nor `need`");
        assert_eq!(fault("max(1"), "`,` was expected at the end");
        assert_eq!(fault("1 2"), "`2` is left over");
        assert_eq!(fault(&"max(".repeat(99)), "brackets nest deeper than 32");
    }
}
