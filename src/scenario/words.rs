//! Slices, amounts and wishes as they are typed on a command line.

use super::suggest::suggest;
use crate::plan::{Dimension, Pick, Slice};
use crate::units::{Amount, MemberId};

/// A wish for the level of a slice: `sector=ITU-T=30000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The slice.
    pub on: Slice,
    /// Which way the level is wished for.
    pub way: WishWay,
    /// The level.
    pub level: WishLevel,
}

/// Which way a level is wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishWay {
    /// Exactly this.
    Exactly,
    /// This or more.
    AtLeast,
    /// This or less.
    AtMost,
}

/// A level as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WishLevel {
    /// So many plan units.
    Amount(Amount),
    /// So many plan units more or less than now.
    Change(Amount),
    /// So much of the baseline more or less than the baseline, as a share.
    OfBaseline(Amount),
}

/// Reads a slice: `sector=ITU-D,priority=applications`, `category=[staff, travel]`.
///
/// A dimension may be named by its id, its title or one of its levels, a member by its id or its
/// title, whatever the case.
///
/// # Errors
///
/// What cannot be read, and what was perhaps meant.
pub fn slice_of(text: &str, dimensions: &[Dimension]) -> Result<Slice, String> {
    let mut slice = Slice::all(dimensions.len());
    for part in outside_brackets(text, ',') {
        if matches!(part.trim(), "" | "all") {
            continue;
        }
        let Some((name, members)) = part.split_once('=') else {
            return Err(format!(
                "`{}` is no part of a slice; write DIMENSION=MEMBER, like {}",
                part.trim(),
                example(dimensions)
            ));
        };
        let place = dimension_of(name.trim(), dimensions)?;
        if slice.pick(place).is_some() {
            return Err(format!(
                "`{}` is named twice; write {}=[one, other] for several members",
                name.trim(),
                dimensions[place].id()
            ));
        }
        slice = slice.with(place, Some(pick_of(members.trim(), &dimensions[place])?));
    }
    Ok(slice)
}

/// Reads a wish: `sector=ITU-T=30000`, `sector=ITU-T>=30k`, `sector=ITU-T=+5%`.
///
/// # Errors
///
/// What cannot be read, and what to write instead.
pub fn wish_of(text: &str, dimensions: &[Dimension]) -> Result<Wish, String> {
    let shape = || {
        format!(
            "`{text}` is no wish; write a slice and a level, like {}=30000 (or =30k, =+5%, >=30000)",
            example(dimensions)
        )
    };
    let (at, sign, way) = [(">=", WishWay::AtLeast), ("<=", WishWay::AtMost)]
        .into_iter()
        .find_map(|(sign, way)| text.rfind(sign).map(|at| (at, sign, way)))
        .or_else(|| text.rfind('=').map(|at| (at, "=", WishWay::Exactly)))
        .ok_or_else(shape)?;
    let (on, level) = (text.get(..at).unwrap_or(""), text.get(at + sign.len()..).unwrap_or(""));
    if !on.contains('=') && !matches!(on.trim(), "" | "all") {
        return Err(shape());
    }
    Ok(Wish { on: slice_of(on, dimensions)?, way, level: level_of(level)? })
}

/// Reads a level: `30000`, `30 000`, `30k`, `1.5M`, `+500`, `-5%`.
///
/// # Errors
///
/// What cannot be read.
pub fn level_of(text: &str) -> Result<WishLevel, String> {
    let typed = text.trim();
    let fault = || {
        format!(
            "`{typed}` is no amount; write 30000, 30k or 1.5M, +500 or -500 for a change, +5% or -5% of the baseline"
        )
    };
    let signed = typed.starts_with(['+', '-', '\u{2212}']);
    let number = number_of(typed.trim_end_matches('%')).ok_or_else(fault)?;
    match (typed.ends_with('%'), signed) {
        (true, true) => Ok(WishLevel::OfBaseline(&number / &Amount::whole(100))),
        (true, false) => Ok(WishLevel::OfBaseline(&(&number / &Amount::whole(100)) - &Amount::ONE)),
        (false, true) => Ok(WishLevel::Change(number)),
        (false, false) => Ok(WishLevel::Amount(number)),
    }
}

/// Reads a number with blanks between thousands and `k` or `M` behind it.
pub fn number_of(text: &str) -> Option<Amount> {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{202f}' | '\u{a0}' | '_');
    let plain: String = text
        .chars()
        .filter(|c| !blank(*c))
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .collect();
    let (digits, unit) = match plain.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1_000),
        None => match plain.strip_suffix(['m', 'M']) {
            Some(digits) => (digits, 1_000_000),
            None => (plain.as_str(), 1),
        },
    };
    Amount::parse(digits).ok().map(|number| &number * &Amount::whole(unit))
}

fn example(dimensions: &[Dimension]) -> String {
    let member = |axis: &Dimension| axis.leaves().next().map(|leaf| axis.member(leaf).id.clone());
    let many = dimensions.iter().find(|axis| axis.leaves().count() > 1 && !axis.is_time());
    many.or(dimensions.first())
        .and_then(|axis| Some(format!("{}={}", axis.id(), member(axis)?)))
        .unwrap_or_default()
}

/// The parts between `separator`, not counting those inside square brackets.
fn outside_brackets(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_i32;
    for c in text.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            c if c == separator && depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

fn alike(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn dimension_of(name: &str, dimensions: &[Dimension]) -> Result<usize, String> {
    let own = dimensions.iter().position(|axis| alike(axis.id().as_str(), name));
    let level =
        || dimensions.iter().position(|axis| axis.levels().iter().any(|l| alike(l.as_str(), name)));
    let title = || dimensions.iter().position(|axis| alike(axis.title(), name));
    own.or_else(level).or_else(title).ok_or_else(|| {
        let known = dimensions
            .iter()
            .flat_map(|axis| std::iter::once(axis.id()).chain(axis.levels()))
            .map(crate::units::Id::as_str);
        with_hint(format!("the plan has no dimension `{name}`"), suggest(name, known))
    })
}

fn with_hint(message: String, hint: Option<String>) -> String {
    match hint {
        Some(hint) => format!("{message}; {hint}"),
        None => message,
    }
}

fn pick_of(text: &str, axis: &Dimension) -> Result<Pick, String> {
    let Some(list) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        let member = member_of(text, axis)?;
        return Ok(Pick::new(axis, &[member], axis.member(member).id.to_string()));
    };
    let members: Vec<MemberId> =
        list.split(',').map(|name| member_of(name.trim(), axis)).collect::<Result<_, _>>()?;
    let ids: Vec<&str> = members.iter().map(|m| axis.member(*m).id.as_str()).collect();
    Ok(Pick::new(axis, &members, format!("[{}]", ids.join(", "))))
}

fn member_of(name: &str, axis: &Dimension) -> Result<MemberId, String> {
    let name = name.trim_matches('"');
    let by = |test: &dyn Fn(&crate::plan::Member) -> bool| {
        axis.members().iter().position(test).map(MemberId::new)
    };
    axis.find(name)
        .or_else(|| by(&|member| alike(member.id.as_str(), name)))
        .or_else(|| by(&|member| alike(&member.title, name)))
        .ok_or_else(|| {
            let known = axis.members().iter().map(|member| member.id.as_str());
            with_hint(
                format!("dimension `{}` has no member `{name}`", axis.id()),
                suggest(name, known),
            )
        })
}

/// "there is no limit `x`; did you mean `y`?"
pub fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    with_hint(format!("there is no {what} `{name}`"), suggest(name, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        let amount = |text: &str| match level_of(text) {
            Ok(WishLevel::Amount(amount)) => amount.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(
            ["30000", "30 000", "30\u{202f}000", "30k", "1.5M", "30_000"].map(amount),
            ["30000", "30000", "30000", "30000", "1500000", "30000"]
        );
        assert_eq!(level_of("+5%"), Ok(WishLevel::OfBaseline(Amount::ratio(1, 20))));
        assert_eq!(level_of("95%"), Ok(WishLevel::OfBaseline(Amount::ratio(-1, 20))));
        assert_eq!(level_of("\u{2212}2 000"), Ok(WishLevel::Change(Amount::whole(-2_000))));
        assert!(level_of("lots").is_err_and(|fault| fault.contains("is no amount")));
    }
}
