//! What edits do, in words.

use super::edit::{Amendment, Hold, Level, Picks};

/// The picks in words: `sector = GS, period = 2012`; `everything` without any.
pub fn slice_words(picks: &Picks) -> String {
    if picks.is_empty() {
        return "everything".into();
    }
    let parts: Vec<String> = picks.iter().map(|(d, m)| format!("{d} = {m}")).collect();
    parts.join(", ")
}

/// Whether words name the slice of some picks, in whatever order.
pub fn names_slice(words: &str, picks: &Picks) -> bool {
    let mut parts: Vec<&str> = words.split(", ").collect();
    let mut own: Vec<String> = picks.iter().map(|(d, m)| format!("{d} = {m}")).collect();
    parts.sort_unstable();
    own.sort_unstable();
    parts == own
}

impl Hold {
    /// Its levels in words: `at least 300 and at most 400`.
    fn levels(&self) -> String {
        let levels = [("at", &self.at), ("at least", &self.at_least), ("at most", &self.at_most)];
        let told = levels.iter().filter_map(|(word, level)| {
            level.as_ref().map(|level| format!("{word} {}", level.words()))
        });
        told.collect::<Vec<_>>().join(" and ")
    }
}

impl Amendment {
    /// What it does, in words: slices and values by their keys.
    pub fn words(&self) -> String {
        self.told(&slice_words, &str::to_string)
    }

    /// What it does, in words; `on` names slices, and `key` what a dotted key stands for.
    pub fn told(&self, on: &dyn Fn(&Picks) -> String, key: &dyn Fn(&str) -> String) -> String {
        match self {
            Self::Hold(hold) => format!("hold {} {}", on(&hold.on), hold.levels()),
            Self::Release { on: slice, .. } => format!("release {}", on(slice)),
            Self::Set { target, to } => format!("set {} to {}", key(target), to.words()),
            Self::Remove { target } => format!("switch {} off", key(target)),
            Self::Restore { target } => format!("put {} back", key(target)),
            Self::Transfer { from, to, amount, .. } => {
                let amount = Level::Number(amount.clone()).words();
                format!("move {amount} from {} to {}", on(from), on(to))
            }
            Self::Unmove { from, to } => {
                format!("take back the move from {} to {}", on(from), on(to))
            }
            Self::Remark { on: slice, text, .. } => {
                let verb = if text.is_empty() { "take the note away from" } else { "note on" };
                format!("{verb} {}", on(slice))
            }
            Self::Repair { name, .. } | Self::Items { name, .. } => name.clone(),
        }
    }
}
