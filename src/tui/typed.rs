//! What a planner types for a figure: `12000`, `12 000`, `12k`, `1.2m`, `+5%`, `-1200`, `=12000`,
//! `90% of baseline`.

use crate::scenario::Level;
use crate::units::Amount;

/// Reads a typed figure, where the figure stands at `now`; changes are rounded to whole quanta of
/// `quantum` plan units.
///
/// # Errors
///
/// What cannot be read, and what to write instead.
pub fn level(text: &str, now: &Amount, quantum: u32) -> Result<Level, String> {
    let text = text.trim().replace('\u{2212}', "-");
    let (absolute, rest) = match text.strip_prefix('=') {
        Some(rest) => (true, rest.trim()),
        None => (false, text.as_str()),
    };
    if rest.is_empty() {
        return Err("type a figure: 12000, 12k, +5%, -1200 or 90% of baseline".into());
    }
    if rest.contains(" of ") || rest.contains('(') {
        return Ok(Level::Words(rest.into()));
    }
    let sign = rest.chars().next().filter(|c| matches!(c, '+' | '-'));
    if let Some(percent) = rest.strip_suffix('%') {
        let Some(sign) = sign.filter(|_| !absolute) else {
            let bare = rest.trim_start_matches(['+', '-']);
            let left = if absolute { "leave the = out, and " } else { "" };
            return Err(format!(
                "{rest} of what? {left}write +{bare}, -{bare} or {bare} of baseline"
            ));
        };
        let share = &number(percent.trim_start_matches(['+', '-']))? / &Amount::whole(100);
        let by = &now.abs() * &share;
        return Ok(moved(now, sign, &by, quantum));
    }
    let digits = rest.trim_start_matches(['+', '-']);
    if let Some(sign) = sign.filter(|_| !absolute) {
        return Ok(moved(now, sign, &number(digits)?, quantum));
    }
    let amount = number(digits)?;
    Ok(Level::Number(if rest.starts_with('-') { -amount } else { amount }))
}

fn moved(now: &Amount, sign: char, by: &Amount, quantum: u32) -> Level {
    let to = if sign == '-' { now - by } else { now + by };
    Level::Number(rounded(&to, quantum))
}

/// Reads a change (`+5%`, `-0.5`) of a number that stands at `now`, exactly.
///
/// # Errors
///
/// What cannot be read, and what to write instead.
pub fn exact(text: &str, now: &Amount) -> Result<Amount, String> {
    let text = text.trim().replace('\u{2212}', "-");
    let rest = text.trim_start_matches(['+', '-']);
    let by = match rest.strip_suffix('%') {
        Some(percent) => &now.abs() * &(&number(percent)? / &Amount::whole(100)),
        None => number(rest)?,
    };
    Ok(if text.starts_with('-') { now - &by } else { now + &by })
}

/// The nearest whole number of quanta.
pub fn rounded(amount: &Amount, quantum: u32) -> Amount {
    let step = Amount::whole(i64::from(quantum));
    let quanta = &(amount / &step) + &Amount::ratio(1, 2);
    &Amount::from(quanta.floor()) * &step
}

/// Reads a number without a sign, with thousands parted by spaces or apostrophes, or with `k` or
/// `m` behind it.
///
/// # Errors
///
/// What cannot be read, and what to write instead.
pub fn number(text: &str) -> Result<Amount, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("type a figure: 12000, 12 000, 12k or 1.2m".into());
    }
    let fault = || format!("`{text}` is no figure; write 12000, 12 000, 12k or 1.2m");
    if text.contains(',') {
        let plain = text.replace(',', "");
        let point = text.replace(',', ".");
        return Err(format!("does `{text}` mean {plain} or {point}? write one of them"));
    }
    let (digits, factor) = match text.chars().last() {
        Some('k' | 'K') => (text.get(..text.len() - 1), 1_000),
        Some('m' | 'M') => (text.get(..text.len() - 1), 1_000_000),
        _ => (Some(text), 1),
    };
    let digits = digits.unwrap_or_default().trim_end();
    let is_gap = |c: char| matches!(c, ' ' | '\'' | '_' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '’');
    let (whole, _) = digits.split_once('.').unwrap_or((digits, ""));
    let groups: Vec<&str> = whole.split(is_gap).collect();
    let tidy = groups.iter().skip(1).all(|group| group.len() == 3);
    let starts = digits.chars().next().is_some_and(|c| c.is_ascii_digit() || c == '.');
    if !tidy || !starts || digits.ends_with('.') && digits.len() == 1 {
        return Err(fault());
    }
    let plain: String = digits.chars().filter(|c| !is_gap(*c)).collect();
    let plain = if plain.starts_with('.') { format!("0{plain}") } else { plain };
    if !plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '/')) {
        return Err(fault());
    }
    let amount = Amount::parse(plain.trim_end_matches('.')).map_err(|_fault| fault())?;
    Ok(&amount * &Amount::whole(factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Result<Level, String> {
        level(text, &Amount::whole(1_001), 1)
    }

    fn at(amount: i64) -> Level {
        Level::Number(Amount::whole(amount))
    }

    #[test]
    fn figures_are_read_as_planners_write_them() {
        for text in
            ["12000", "12 000", "12'000", "=12000", "= 12\u{202f}000", "12k", "12.0k", "0.012m"]
        {
            assert_eq!(whole(text), Ok(at(12_000)), "{text}");
        }
        assert_eq!(whole("1.2m"), Ok(at(1_200_000)));
        assert_eq!(whole("=-5"), Ok(at(-5)));
        assert_eq!(whole("12.5"), Ok(Level::Number(Amount::ratio(25, 2))));
    }

    #[test]
    fn changes_are_from_where_the_figure_stands_to_whole_quanta() {
        assert_eq!(whole("+300"), Ok(at(1_301)));
        assert_eq!(whole("-1 200"), Ok(at(-199)));
        assert_eq!(whole("\u{2212}1"), Ok(at(1_000)));
        // 1 001 less 5 % is 950.95.
        assert_eq!(whole("-5%"), Ok(at(951)));
        assert_eq!(level("+1%", &Amount::whole(1_000), 25), Ok(at(1_000)));
        assert_eq!(whole("+1k"), Ok(at(2_001)));
    }

    #[test]
    fn expressions_are_handed_on() {
        assert_eq!(whole("=90% of baseline"), Ok(Level::Words("90% of baseline".into())));
        assert_eq!(whole("max(1, 2)"), Ok(Level::Words("max(1, 2)".into())));
    }

    #[test]
    fn what_could_mean_two_things_is_asked_about() {
        assert_eq!(whole("12,5"), Err("does `12,5` mean 125 or 12.5? write one of them".into()));
        assert_eq!(whole("5%"), Err("5% of what? write +5%, -5% or 5% of baseline".into()));
        let told = "-5% of what? leave the = out, and write +5%, -5% or 5% of baseline";
        assert_eq!(whole("=-5%"), Err(told.into()));
        assert!(whole("12 00").is_err());
        assert!(whole("abc").is_err());
        assert!(whole("").is_err());
        assert!(whole("+").is_err());
    }
}
