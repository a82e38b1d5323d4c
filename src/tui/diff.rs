//! The difference of two texts, line by line.

use crate::units::display_safe;

/// The lines that differ: `- ` before those of `old`, `+ ` before those of `new`, a few equal ones
/// around them.
pub fn lines(old: &str, new: &str) -> Vec<String> {
    if old == new {
        return Vec::new();
    }
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let back = old.iter().rev().zip(new.iter().rev());
    let end = back.take(rest).take_while(|(a, b)| a == b).count();
    let (gone, come) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let mut shown: Vec<String> = Vec::new();
    let around = |line: &&str| format!("  {}", display_safe(line));
    shown.extend(old[start.saturating_sub(2)..start].iter().map(around));
    shown.extend(common(gone, come));
    shown.extend(old[old.len() - end..].iter().take(2).map(around));
    shown
}

/// The longest common run of lines splits what differs in two, again and again.
fn common(gone: &[&str], come: &[&str]) -> Vec<String> {
    const MOST: usize = 2_000;
    let minus = |line: &&str| format!("- {}", display_safe(line));
    let plus = |line: &&str| format!("+ {}", display_safe(line));
    let all = || gone.iter().map(minus).chain(come.iter().map(plus)).collect();
    if gone.is_empty() || come.is_empty() || gone.len() * come.len() > MOST * MOST {
        return all();
    }
    let mut best = (0, 0, 0);
    let mut above = vec![0_usize; come.len() + 1];
    for (a, left) in gone.iter().enumerate() {
        let mut row = vec![0_usize; come.len() + 1];
        for (b, right) in come.iter().enumerate() {
            if left == right && !left.trim().is_empty() {
                row[b + 1] = above[b] + 1;
                if row[b + 1] > best.2 {
                    best = (a + 1 - row[b + 1], b + 1 - row[b + 1], row[b + 1]);
                }
            }
        }
        above = row;
    }
    let (a, b, length) = best;
    if length == 0 {
        return all();
    }
    let mut shown = common(&gone[..a], &come[..b]);
    shown.extend(gone[a..a + length].iter().map(|line| format!("  {}", display_safe(line))));
    shown.extend(common(&gone[a + length..], &come[b + length..]));
    shown
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn only_what_differs_is_marked() {
        let shown = lines("a\nb\nc\nd\ne\nf\n", "a\nb\nx\nd\ny\ne\nf\n");
        assert_eq!(shown, ["  a", "  b", "- c", "+ x", "  d", "+ y", "  e", "  f"]);
        assert!(lines("a\n", "a\n").is_empty());
        assert_eq!(lines("", "a\n"), ["+ a"]);
    }
}
