//! Keys, and the one table of what they do: handling, footer, help and palette all read it.

use super::action::{Action, Place};

/// A key as it was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// With the control key.
    pub ctrl: bool,
    /// With the alt key.
    pub alt: bool,
}

/// Which key was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character, in the case it was typed.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// An arrow.
    Up,
    /// An arrow.
    Down,
    /// An arrow.
    Left,
    /// An arrow.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// F1 to F12.
    F(u8),
}

impl Key {
    /// The key alone.
    pub const fn new(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// A character.
    pub const fn char(c: char) -> Self {
        Self::new(Code::Char(c))
    }

    /// A character with the control key.
    pub const fn ctrl(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: true, alt: false }
    }

    /// A character with the alt key.
    pub const fn alt(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: false, alt: true }
    }

    /// How help and footer write it.
    pub fn text(self) -> String {
        let name = match self.code {
            Code::Char(' ') => "space".into(),
            Code::Char(c) => c.to_string(),
            Code::Enter => "⏎".into(),
            Code::Esc => "Esc".into(),
            Code::Tab => "Tab".into(),
            Code::BackTab => "Shift-Tab".into(),
            Code::Backspace => "Backspace".into(),
            Code::Delete => "Del".into(),
            Code::Up => "↑".into(),
            Code::Down => "↓".into(),
            Code::Left => "←".into(),
            Code::Right => "→".into(),
            Code::PageUp => "PgUp".into(),
            Code::PageDown => "PgDn".into(),
            Code::Home => "Home".into(),
            Code::End => "End".into(),
            Code::F(n) => format!("F{n}"),
        };
        match (self.ctrl, self.alt) {
            (true, _) => format!("Ctrl-{}", name.to_uppercase()),
            (_, true) => format!("Alt-{name}"),
            _ => name,
        }
    }
}

/// What a key does, and where.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// The keys that do it.
    pub keys: &'static [Key],
    /// What it does.
    pub action: Action,
    /// Where it does it.
    pub place: Place,
    /// The word in the footer; empty where the footer leaves it out.
    pub footer: &'static str,
}

const fn bind(keys: &'static [Key], action: Action, place: Place, footer: &'static str) -> Binding {
    Binding { keys, action, place, footer }
}

const fn k(c: char) -> Key {
    Key::char(c)
}

/// Every key of the program.
pub const BINDINGS: &[Binding] = {
    use Action as A;
    use Code::{BackTab, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up};
    use Place as P;
    &[
        bind(&[Key::new(Enter), k('=')], A::Type, P::Allocation, "type a figure"),
        bind(&[k('+')], A::NudgeUp, P::Allocation, "+/- nudge"),
        bind(&[k('-')], A::NudgeDown, P::Allocation, ""),
        bind(&[k('r')], A::Release, P::Allocation, "release"),
        bind(&[k('h')], A::HoldHere, P::Allocation, "hold"),
        bind(&[k('f')], A::HoldFloor, P::Allocation, ""),
        bind(&[k('c')], A::HoldCeiling, P::Allocation, ""),
        bind(&[k('w')], A::Why, P::Allocation, "why, cost"),
        bind(&[k('m')], A::Move, P::Allocation, "move money"),
        bind(&[k('N')], A::Note, P::Allocation, ""),
        bind(&[k('H')], A::Holds, P::Anywhere, ""),
        bind(&[k('g')], A::Movers, P::Anywhere, ""),
        bind(&[k(' ')], A::Fold, P::Allocation, "fold"),
        bind(&[k('p')], A::Pivot, P::Allocation, "pivot"),
        bind(&[k('x')], A::Swap, P::Allocation, ""),
        bind(&[k('.')], A::FilterNext, P::Allocation, ""),
        bind(&[k(',')], A::FilterBack, P::Allocation, ""),
        bind(&[k('v')], A::Show, P::Allocation, "figures"),
        bind(&[k('d')], A::Against, P::Allocation, "against"),
        bind(&[k('s')], A::Sort, P::Allocation, ""),
        bind(&[k('F')], A::Filter, P::Allocation, ""),
        bind(&[k('e')], A::Panel, P::Allocation, "explain"),
        bind(&[Key::new(Enter), k('=')], A::Type, P::Limits, "edit the bound"),
        bind(&[k('x')], A::Switch, P::Limits, "switch off/on"),
        bind(&[k('n')], A::NewLimit, P::Limits, "new"),
        bind(&[k('w')], A::Why, P::Limits, "what it is worth"),
        bind(&[Key::new(Enter), k('=')], A::Type, P::Revenue, "edit the driver"),
        bind(&[k('r')], A::Release, P::Revenue, "put back"),
        bind(&[k('.')], A::FilterNext, P::Transfers, "only the next member"),
        bind(&[k(',')], A::FilterBack, P::Transfers, ""),
        bind(&[Key::new(Enter)], A::Type, P::Compare, "compare with it alone"),
        bind(&[k(' ')], A::Beside, P::Compare, "beside"),
        bind(&[k('b')], A::Bridge, P::Compare, "bridge"),
        bind(&[Key::new(Enter)], A::TakePoint, P::Explore, "take the point"),
        bind(&[k('+')], A::Wider, P::Explore, "wider"),
        bind(&[k('b')], A::NextBend, P::Explore, "next bend"),
        bind(&[k('v')], A::Show, P::Explore, "amounts or %"),
        bind(&[k('B')], A::OpenBatch, P::Anywhere, ""),
        bind(&[k(' ')], A::Attributed, P::Linkage, "before/after"),
        bind(&[Key::new(Enter)], A::Accept, P::Trouble, "take the nearest"),
        // Letters, and no digits: those begin a figure, which may be typed while a clash turns up.
        bind(&[k('a')], A::FirstRepair, P::Trouble, "apply a repair"),
        bind(&[k('b')], A::SecondRepair, P::Trouble, ""),
        bind(&[k('c')], A::ThirdRepair, P::Trouble, ""),
        bind(&[k('d')], A::FourthRepair, P::Trouble, ""),
        bind(&[Key::new(Esc)], A::Cancel, P::Trouble, "take the edit back"),
        bind(&[Key::new(Enter)], A::Accept, P::OutOfReach, "take the nearest"),
        bind(&[Key::new(Esc)], A::Cancel, P::OutOfReach, "take the edit back"),
        bind(&[Key::new(Up)], A::Up, P::Anywhere, ""),
        bind(&[Key::new(Down)], A::Down, P::Anywhere, ""),
        bind(&[Key::new(Left)], A::Left, P::Anywhere, ""),
        bind(&[Key::new(Right)], A::Right, P::Anywhere, ""),
        bind(&[Key::new(PageUp)], A::PageUp, P::Anywhere, ""),
        bind(&[Key::new(PageDown)], A::PageDown, P::Anywhere, ""),
        bind(&[Key::new(Home)], A::First, P::Anywhere, ""),
        bind(&[Key::new(End)], A::Last, P::Anywhere, ""),
        bind(&[k('/')], A::Find, P::Anywhere, ""),
        bind(&[k('u'), Key::ctrl('z')], A::Undo, P::Anywhere, "undo"),
        bind(&[Key::ctrl('r'), Key::ctrl('y')], A::Redo, P::Anywhere, ""),
        bind(&[Key::ctrl('s')], A::Save, P::Anywhere, "save"),
        bind(&[k('S')], A::SaveAs, P::Anywhere, ""),
        bind(&[k('R')], A::Revert, P::Anywhere, ""),
        bind(&[k('y')], A::Copy, P::Anywhere, ""),
        bind(&[k('l')], A::CopyLine, P::Anywhere, ""),
        bind(&[k('Y')], A::CopyView, P::Anywhere, ""),
        bind(&[k('E')], A::Export, P::Anywhere, ""),
        bind(&[k('O')], A::Open, P::Anywhere, ""),
        bind(&[k('o')], A::Editor, P::Anywhere, ""),
        bind(&[k('T')], A::Theme, P::Anywhere, ""),
        bind(&[Key::new(Tab)], A::NextScreen, P::Anywhere, "next screen"),
        bind(&[Key::new(BackTab)], A::LastScreen, P::Anywhere, ""),
        bind(&[Key::new(F(1)), Key::alt('1')], A::Allocation, P::Anywhere, ""),
        bind(&[Key::new(F(2)), Key::alt('2')], A::Limits, P::Anywhere, ""),
        bind(&[Key::new(F(3)), Key::alt('3')], A::Revenue, P::Anywhere, ""),
        bind(&[Key::new(F(4)), Key::alt('4')], A::Transfers, P::Anywhere, ""),
        bind(&[Key::new(F(5)), Key::alt('5')], A::Compare, P::Anywhere, ""),
        bind(&[Key::new(F(6)), Key::alt('6')], A::Explore, P::Anywhere, ""),
        bind(&[Key::new(F(7)), Key::alt('7')], A::Linkage, P::Anywhere, ""),
        bind(&[k('?')], A::Help, P::Anywhere, "all keys"),
        bind(&[k(':')], A::Palette, P::Anywhere, ""),
        bind(&[Key::ctrl('l')], A::Redraw, P::Anywhere, ""),
        bind(&[Key::ctrl('t')], A::Suspend, P::Anywhere, ""),
        bind(&[Key::new(Esc)], A::Cancel, P::Anywhere, ""),
        bind(&[k('q'), Key::ctrl('q'), Key::ctrl('c')], A::Quit, P::Anywhere, "quit"),
    ]
};

/// What a key does at a place: the place's own binding, or the one that holds anywhere.
pub fn lookup(key: Key, places: &[Place]) -> Option<Action> {
    let at = |place: Place| {
        let own = |b: &&Binding| b.place == place && b.keys.contains(&key);
        BINDINGS.iter().find(own).map(|binding| binding.action)
    };
    places.iter().copied().chain([Place::Anywhere]).find_map(at)
}

/// A binding and those of its keys that no nearer place has taken.
#[derive(Debug, Clone)]
pub struct Usable {
    /// What they do.
    pub binding: &'static Binding,
    /// The keys.
    pub keys: Vec<Key>,
}

/// The bindings that can be used at some places, their own first.
pub fn usable(places: &[Place]) -> Vec<Usable> {
    let mut found: Vec<Usable> = Vec::new();
    for place in places.iter().copied().chain([Place::Anywhere]) {
        for binding in BINDINGS.iter().filter(|binding| binding.place == place) {
            let taken = |key: &Key| found.iter().any(|known| known.keys.contains(key));
            let keys: Vec<Key> = binding.keys.iter().copied().filter(|key| !taken(key)).collect();
            if !keys.is_empty() {
                found.push(Usable { binding, keys });
            }
        }
    }
    found
}

/// Keys, as help writes them.
pub fn keys_text(keys: &[Key]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| key.text()).collect();
    keys.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things_at_one_place() {
        for (at, one) in BINDINGS.iter().enumerate() {
            for other in &BINDINGS[at + 1..] {
                let shared = one.keys.iter().any(|key| other.keys.contains(key));
                assert!(one.place != other.place || !shared, "{:?} {:?}", one.action, other.action);
            }
        }
    }

    #[test]
    fn digits_are_left_for_figures() {
        for digit in '0'..='9' {
            let own = |binding: &&Binding| binding.keys.contains(&Key::char(digit));
            assert!(BINDINGS.iter().find(own).is_none(), "{digit}");
        }
    }
}
