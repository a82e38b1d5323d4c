use super::Amount;

/// The text with every control character replaced, so that no file can command a terminal.
///
/// Tabs and line ends become spaces; other control characters, and the marks that turn the
/// direction of a line or of what stands beside them, become `U+FFFD`.
pub fn display_safe(text: &str) -> String {
    let turns = |c: char| {
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
            c if c.is_control() || turns(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// The number with `places` decimals and its thousands parted by narrow no-break spaces.
pub fn grouped(value: &Amount, places: u32) -> String {
    let plain = value.to_decimal(places);
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("\u{2212}", digits),
        None => ("", plain.as_str()),
    };
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(w, p)| (w, Some(p)));
    let mut text = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    if let Some(part) = part {
        text.push('.');
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(display_safe("a\u{1b}[2Jb\tc\u{202e}d"), "a\u{fffd}[2Jb c\u{fffd}d");
        assert_eq!(
            display_safe("a\u{200f}b\u{61c}\u{200e}\u{2028}c"),
            "a\u{fffd}b\u{fffd}\u{fffd} c"
        );
    }

    #[test]
    fn thousands_are_parted() {
        assert_eq!(grouped(&Amount::whole(-1_234_567), 0), "\u{2212}1\u{202f}234\u{202f}567");
        assert_eq!(grouped(&Amount::ratio(1_234_565, 100), 1), "12\u{202f}345.7");
        assert_eq!(grouped(&Amount::whole(999), 0), "999");
    }
}
